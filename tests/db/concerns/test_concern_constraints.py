"""Each fact that the concerns rely on is refused by the database itself, in raw form."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from schoolgate.concerns.models import Concern, Entry, Involved


@pytest.fixture
def concern(larks, now):
    return Concern.objects.create(
        ref="7QK-2FD", category="bullying", audience="team", opened_at=now, opened_by=larks.ben
    )


@pytest.fixture
def entry(concern, larks, now):
    Involved.objects.create(concern=concern, person=larks.asha, part="about", at=now, by=larks.ben)
    return Entry.objects.create(concern=concern, kind="summary", text="What happened.", by=larks.ben, at=now)


def refused(constraint, act):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("concern_category_known", {"category": "naughty"}),
        ("concern_audience_known", {"audience": "everyone"}),
    ],
)
def test_a_concern_that_cannot_be_is_refused(concern, constraint, values):
    refused(constraint, lambda: Concern.objects.filter(pk=concern.pk).update(**values))


def test_closing_has_a_name_and_a_time_after_opening(concern, larks, now):
    rows = Concern.objects.filter(pk=concern.pk)
    refused("concern_closed_by_somebody", lambda: rows.update(closed_at=now))
    early = now - timedelta(seconds=1)
    refused("concern_closed_after_opened", lambda: rows.update(closed_at=early, closed_by=larks.carys))


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("concernentry_kind_known", {"kind": "gossip"}),
        ("concernentry_has_words", {"text": ""}),
        ("concernentry_decision_with_reasons", {"kind": "decision", "decision": "refer"}),
        ("concernentry_decision_with_reasons", {"kind": "decision", "reasons": "Because."}),
        ("concernentry_decision_with_reasons", {"kind": "follow-up", "decision": "refer"}),
        ("concernentry_action_owned_and_due", {"kind": "action"}),
        ("concernentry_correction_supersedes", {"kind": "correction"}),
        ("concernentry_agreement_answers", {"kind": "agreement"}),
    ],
)
def test_an_entry_that_cannot_be_is_refused(concern, larks, now, constraint, values):
    whole = {"kind": "summary", "text": "Words.", "by": larks.ben, "at": now} | values
    refused(constraint, lambda: Entry.objects.create(concern=concern, **whole))


def test_somebody_in_a_concern_is_a_person_or_is_described(concern, larks, now):
    for values in ({}, {"person": larks.asha, "described": "a man in a car"}):
        refused(
            "involved_person_or_words",
            lambda values=values: Involved.objects.create(
                concern=concern, part="witness", at=now, by=larks.ben, **values
            ),
        )


@pytest.mark.parametrize("table", ["concerns_entry", "concerns_involved"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET at = at", "DELETE FROM {0}", "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"]
)
def test_what_was_written_and_who_was_named_is_never_changed(entry, table, statement):
    with pytest.raises(IntegrityError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
