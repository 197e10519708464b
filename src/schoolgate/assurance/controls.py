"""What the policy's own paperwork proves: that it is there, in force, and read."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from schoolgate.assurance import queries, rules
from schoolgate.assurance.registry import Finding, control
from schoolgate.assurance.rules import Status
from schoolgate.ledger.models import Entry

# A governing body meets each term; a term is at most sixteen weeks, with the holiday after it.
GOVERNORS_READ_WITHIN = timedelta(days=120)
GOVERNOR_REPORT = "governor report"

HOUR = timedelta(hours=1)
TWO_DAYS = timedelta(days=2)


@control(
    promise="POL-1",
    title="An edition of the policy is in force, and every promise in it is bound to what makes it true",
    every=HOUR,
    stale_after=TWO_DAYS,
    names_people=False,
)
def an_edition_is_in_force(now: datetime) -> Finding:
    """Count the sentences that a person has bound."""
    editions = list(queries.editions_in_force())
    if not editions:
        return Finding(Status.NOT_MET, "No edition of the policy is in force.")
    rows = []
    for edition in editions:
        bound, all_of_them = queries.share_bound([edition])
        rows.append({"edition": edition.title, "bound": bound, "promising": all_of_them})
    bound, all_of_them = queries.share_bound(editions)
    if bound < all_of_them:
        return Finding(
            Status.AT_RISK, f"{bound} of the {all_of_them} sentences that promise something are bound.", rows
        )
    return Finding(
        Status.MET, f"It is in force, and all {all_of_them} sentences that promise something are bound.", rows
    )


@control(
    promise="POL-4",
    title="The governing body has ratified the policy, and its review is not overdue",
    every=HOUR,
    stale_after=TWO_DAYS,
    names_people=False,
)
def ratified_and_reviewed_in_time(now: datetime) -> Finding:
    """Read the dates of the editions in force; the worst of them is the answer."""
    today = localdate(now)
    answers = [
        (rules.review_status(one.review_due_on, one.review_every_months, one.ratified_on, today), one)
        for one in queries.editions_in_force()
    ]
    if not answers:
        return Finding(Status.NOT_MET, "The governing body has ratified no edition of the policy.")
    rows = [
        {
            "edition": one.title,
            "ratified on": one.ratified_on.isoformat() if one.ratified_on else None,
            "minute": one.minute,
            "review due on": one.review_due_on.isoformat() if one.review_due_on else None,
            "every months": one.review_every_months,
        }
        for _, one in answers
    ]
    status, summary = min((answer for answer, _ in answers), key=lambda one: rules.WORST_FIRST.index(one[0]))
    return Finding(status, summary, rows)


@control(
    promise="POL-7",
    title="A governor has read the governors' report this term",
    every=HOUR,
    stale_after=TWO_DAYS,
)
def governors_read_the_report(now: datetime) -> Finding:
    """Look in the ledger for who opened the report."""
    reads = Entry.objects.filter(action=f"read {GOVERNOR_REPORT}", about="governor", at__lte=now).order_by("-at")
    rows = [{"read at": entry.at.isoformat(), "by": str(entry.by)} for entry in reads[:20]]
    last = reads.first()
    if last is None:
        return Finding(Status.NOT_MET, "No governor has read the report yet.")
    if now - last.at > GOVERNORS_READ_WITHIN:
        return Finding(Status.AT_RISK, f"A governor last read the report on {localdate(last.at):%-d %B %Y}.", rows)
    return Finding(Status.MET, f"A governor read the report on {localdate(last.at):%-d %B %Y}.", rows)
