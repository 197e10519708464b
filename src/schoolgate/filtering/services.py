"""Asking for a site, answering, and giving the gate a new release."""

import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.timezone import get_default_timezone, localdate

from schoolgate.access.services.board import gate_keys
from schoolgate.assurance.queries import sentences_in_force
from schoolgate.filtering import queries, rules
from schoolgate.filtering.compile import Opening, with_openings
from schoolgate.filtering.models import Publication, SchoolRule, SiteRequest
from schoolgate.filtering.rules import Audience
from schoolgate.gate import keys
from schoolgate.gate.core import names
from schoolgate.gate.core.categories import is_locked
from schoolgate.gate.release.build import build
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.ledger import services as ledger
from schoolgate.people.models import Person
from schoolgate.people.queries import roles_of
from schoolgate.people.rules import STAFF_ROLES, Role

log = structlog.get_logger()

# Who may open a site to children, and who may open one to staff.
OPEN_TO_PUPILS = frozenset({Role.HEAD, Role.DSL})
OPEN_TO_STAFF = OPEN_TO_PUPILS | {Role.TECHNICIAN}


class Locked(Refused):
    """The site is on a list of illegal content: nothing opens it."""


class AlreadyAnswered(Refused):
    """Somebody else answered first."""


def ask(url: str, *, audience: Audience, reason: str, until_on: date, by: Person, now: datetime) -> SiteRequest:
    """Ask for a site that the gate blocks.

    Raises:
        Malformed: if *url* is no address.
        Locked: if nothing may open it. The attempt is recorded.
        Refused: if *by* is not staff, the reason is empty, the day is past,
            or it is no site but a part of the web.
    """
    if not roles_of(by, localdate(now)) & STAFF_ROLES:
        raise Refused("Only staff can ask for a site.", "A pupil asks the teacher.")
    if not reason.strip():
        raise Refused("Say what the site is for.", "For example the lesson, and what the class will do there.")
    if until_on < localdate(now):
        raise Refused("The last day is in the past.", "Choose today or a later day.")
    explained = queries.explained(url, by, now)
    _refuse_locked(explained.verdict.categories, by, now)
    _refuse_part_of_the_web(explained.address.host)
    with transaction.atomic():
        request = SiteRequest.objects.create(
            url=explained.address.text,
            host=explained.address.host,
            person=by,
            audience=audience,
            reason=reason.strip(),
            until_on=until_on,
            asked_at=now,
            blocked_because=list(explained.words.lines),
        )
        ledger.record("asked for site", by=by, about=f"request:{request.pk}", at=now, said={"audience": audience})
    return request


@transaction.atomic
def decline(request_id: UUID, *, reason: str, by: Person, now: datetime) -> None:
    """Say no, and why.

    Raises:
        AlreadyAnswered: if somebody else was first. Nothing is changed.
        Refused: if *by* may not answer, or gives no reason.
    """
    if not roles_of(by, localdate(now)) & OPEN_TO_STAFF:
        raise Refused("You cannot answer requests.", "The head, the safeguarding lead and the technician can.")
    _answer(request_id, "declined", reason, by, now)
    ledger.record("declined site", by=by, about=f"request:{request_id}", at=now, said={})


def allow(request_id: UUID, *, reason: str, by: Person, now: datetime) -> SchoolRule:
    """Open a site as it was asked for, and tell the gate once this is committed.

    What children reach needs two people: who asked, and the head or the
    safeguarding lead, who is somebody else.

    Raises:
        Locked: if it is on a list of illegal content. The attempt is recorded.
        AlreadyAnswered: if somebody else was first. Nothing is changed.
        Refused: if *by* may not open it, or gives no reason.
    """
    request = queries.request_with(request_id)
    audience = Audience(request.audience)
    _refuse_wrong_approver(request, audience, by, now)
    _refuse_part_of_the_web(request.host)
    in_force = queries.current_release()
    _refuse_locked((match.category for match in in_force.matches(names.canonical(request.url))), by, now)
    missing = sorted(set(audience.profiles) - in_force.rules.profiles.keys())
    if missing:
        raise Refused(f"The gate has no profile “{missing[0]}”.", "Ask for it for somebody else.")
    last_day = rules.last_day_allowed(request.until_on, localdate(now))
    if last_day < localdate(now):
        raise Refused("The time that was asked for is over.", "Decline it; it can be asked for again.")
    with transaction.atomic():
        _answer(request_id, "allowed", reason, by, now)
        rule = SchoolRule.objects.create(
            code=f"SR-{SchoolRule.objects.count() + 1}",
            request=request,
            host=request.host,
            audience=audience,
            requested_by=request.person,
            approved_by=by,
            reason=request.reason,
            starts_at=now,
            expires_at=datetime.combine(last_day + timedelta(days=1), time.min, get_default_timezone()),
        )
        ledger.record(
            "opened site",
            by=by,
            about=f"rule:{rule.code}",
            at=now,
            said={"audience": audience, "until": last_day.isoformat(), "asked_by": str(request.person_id)},
        )
        transaction.on_commit(partial(publish_release, now, by))
    return rule


@transaction.atomic
def end_rule(code: str, *, by: Person, now: datetime) -> None:
    """Close again what was opened, before its time.

    Raises:
        Refused: if *by* may not, or it is closed already.
    """
    if not roles_of(by, localdate(now)) & OPEN_TO_STAFF:
        raise Refused("You cannot close it.", "The head, the safeguarding lead and the technician can.")
    changed = SchoolRule.objects.filter(code=code, ended_at=None, expires_at__gt=now).update(ended_at=now, ended_by=by)
    if changed != 1:
        raise Refused("It is closed already.")
    ledger.record("closed site", by=by, about=f"rule:{code}", at=now, said={})
    transaction.on_commit(partial(publish_release, now, by))


def publish_release(now: datetime, by: Person | None = None) -> Publication:
    """Compile the gate's policy with the school's live openings, and put the release in force in one step.

    Never raises for what is wrong with policy or lists: the release before
    stays in force, and the publication says why.

    Args:
        now: aware.
        by: whose act it follows from; None when nobody's.
    """
    # The list of public suffixes grows. An opening that has become one is closed, and keeps no other change back.
    live = [one for one in queries.live_rules(now) if not names.is_public_suffix(one.host)]
    openings = [
        Opening(one.code, one.host, Audience(one.audience).profiles, str(one.approved_by), one.reason, one.expires_at)
        for one in live
    ]
    try:
        policy = with_openings(settings.GATE_POLICY_FILE.read_text("utf-8"), openings)
        with tempfile.TemporaryDirectory(prefix="schoolgate-") as folder:
            file = Path(folder) / settings.GATE_POLICY_FILE.name
            file.write_text(policy, "utf-8")
            key = keys.private_key(gate_keys())
            built = build(
                settings.LISTS_DIR,
                file,
                settings.RELEASES_DIR,
                key,
                now.astimezone(UTC),
                sentences=sentences_in_force(),
            )
            release = built.release.id
            why_not = ""
    except (Malformed, Refused) as error:
        release, why_not = "", f"{error}{f' ({error.hint})' if error.hint else ''}"
    except (OSError, UnicodeDecodeError) as error:
        log.error("a release could not be built", error=type(error).__name__)
        release, why_not = "", f"a file could not be read or written ({type(error).__name__})"
    with transaction.atomic():
        ledger.record(
            "published release" if release else "release not published",
            by=by,
            about=f"release:{release}",
            at=now,
            said={"school_rules": len(live)},
        )
        return Publication.objects.create(at=now, release=release, why_not=why_not, n_school_rules=len(live))


def _answer(request_id: UUID, status: str, reason: str, by: Person, now: datetime) -> None:
    if not reason.strip():
        raise Refused("Say why.", "The person who asked reads it.")
    changed = SiteRequest.objects.filter(pk=request_id, status="open").update(
        status=status, answered_at=now, answered_by=by, answer=reason.strip()
    )
    if changed != 1:
        raise AlreadyAnswered("This request has been answered already.")


def _refuse_wrong_approver(request: SiteRequest, audience: Audience, by: Person, now: datetime) -> None:
    roles = roles_of(by, localdate(now))
    if not audience.is_children:
        if not roles & OPEN_TO_STAFF:
            raise Refused("You cannot open sites.", "The head, the safeguarding lead and the technician can.")
        return
    if not roles & OPEN_TO_PUPILS:
        raise Refused("You cannot open sites to children.", "The head and the safeguarding lead can.")
    if request.person_id == by.pk:
        raise Refused(
            "What children reach needs two people, and you asked for it.", "Ask the head or the safeguarding lead."
        )


def _refuse_part_of_the_web(host: str) -> None:
    """Refuse what the gate's policy could not carry: no release could be built while such a rule holds."""
    if names.is_public_suffix(host):
        raise Refused(
            f"“{host}” is not one site: it would open every site below it.", "Ask for the site that you need."
        )


def _refuse_locked(categories: Iterable[str], by: Person, now: datetime) -> None:
    """Refuse what nothing opens, and keep a record of the attempt."""
    if not any(is_locked(category) for category in categories):
        return
    with transaction.atomic():
        ledger.record("tried to open locked site", by=by, about="locked", at=now, said={})
    raise Locked(
        "This site is on a list of illegal content. Nobody can open it.",
        "If you came across it, tell the safeguarding lead; do not look at it again.",
    )
