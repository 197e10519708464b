"""What people fill in about a concern. Words only: no form here takes a file, and none ever may.

Suspected indecent images must not be uploaded, copied or shown (UKCIS,
*Sharing nudes and semi-nudes*, 2024); a field for files would invite it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from schoolgate.concerns import queries
from schoolgate.concerns.rules import CATEGORIES, NOT_SURE, Decision, Part, Subject
from schoolgate.people.models import Person
from schoolgate.web.forms import DayInput

WORDS = 20_000  # characters; some ten pages


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _people(people: Iterable[Person]) -> list[tuple[str, Any]]:
    """Everybody by name, children and adults apart; empty first."""
    children: list[tuple[str, str]] = []
    adults: list[tuple[str, str]] = []
    for person in people:
        (children if person.year_group else adults).append((str(person.pk), f"{person.family_name}, {person.called}"))
    return [("", "Nobody from the school, or I do not know"), ("Children", children), ("Adults", adults)]


class PersonField(forms.ChoiceField):
    """One person of the school, chosen by name; None when nobody is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)
        self._known: dict[str, Person] = {}

    def offer(self, people: list[Person]) -> None:
        """Say who can be chosen."""
        self._known = {str(person.pk): person for person in people}
        self.choices = _people(people)

    def clean(self, value: Any) -> Person | None:
        return self._known.get(super().clean(value))


class ReportForm(forms.Form):
    """A worry, reported in under a minute. Everything but the words may stay as it is."""

    text = forms.CharField(
        label="What did you see or hear?",
        help_text="The child’s own words as far as you remember them, and when and where. Do not ask the child questions for this.",
        widget=_area(6),
        error_messages={"required": "Enter what you saw or heard"},
        max_length=WORDS,
    )
    about = PersonField(label="Who is it about?", help_text="Start typing the family name.")
    others = forms.CharField(
        label="Who else was there, or knows?", help_text="Names, or a description.", required=False, max_length=200
    )
    subject = forms.ChoiceField(
        label="Who may have done it?",
        help_text="This settles who can read your report.",
        choices=Subject.choices,
        initial=Subject.CHILD,
        widget=forms.RadioSelect,
    )
    category = forms.ChoiceField(label="What kind of worry is it?", choices=list(CATEGORIES.items()), initial=NOT_SURE)
    device_at = forms.CharField(
        label="Where is the device now?",
        help_text="Only for an image: switched off and locked away, and where.",
        required=False,
        max_length=200,
    )

    def __init__(self, *arguments: Any, now: datetime, **named: Any) -> None:
        super().__init__(*arguments, **named)
        about = self.fields["about"]
        assert isinstance(about, PersonField)
        about.offer(queries.nameable(now))


class EntryForm(forms.Form):
    """Words for a concern. `seen` is the last entry that their writer had on the page."""

    text = forms.CharField(
        label="What do you want to record?",
        widget=_area(6),
        error_messages={"required": "Enter what you want to record"},
        max_length=WORDS,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ActionForm(EntryForm):
    """Something that somebody will do by a day."""

    owner = forms.ModelChoiceField(
        label="Who does it?", queryset=Person.objects.none(), error_messages={"required": "Choose who does it"}
    )
    due_on = forms.DateField(label="By when?", widget=DayInput, error_messages={"required": "Enter by when"})

    def __init__(self, *arguments: Any, now: datetime, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["text"].label = "What will be done?"
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = queries.owners(now)


class DecisionForm(EntryForm):
    """What was decided, and why. Not to refer is a decision, and needs its reasons like any other."""

    decision = forms.ChoiceField(
        label="What is decided?",
        choices=Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is decided"},
    )
    reasons = forms.CharField(
        label="Why?",
        widget=_area(4),
        error_messages={"required": "Enter the reasons for the decision"},
        max_length=WORDS,
    )
    field_order = ("decision", "reasons", "text")

    def __init__(self, *arguments: Any, must_refer: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["text"].label = "The decision in your words"
        if must_refer:
            self.fields["decision"].initial = Decision.REFER
            self.fields[
                "decision"
            ].help_text = "It is sexual and a child may be under 13, so “refer” is chosen. Anything else needs a second person who agrees."


class InvolveForm(forms.Form):
    """Somebody else who has a part in it."""

    person = PersonField(label="Who?")
    described = forms.CharField(
        label="Or, for somebody outside school, a name or description", required=False, max_length=200
    )
    part = forms.ChoiceField(
        label="Their part in it", help_text="For this person only.", choices=Part.choices, widget=forms.RadioSelect
    )

    def __init__(self, *arguments: Any, now: datetime, **named: Any) -> None:
        super().__init__(*arguments, **named)
        person = self.fields["person"]
        assert isinstance(person, PersonField)
        person.offer(queries.nameable(now))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("person")) == bool(cleaned.get("described")):
            raise forms.ValidationError("Choose a person of the school, or describe somebody else; not both.")
        return cleaned


class CloseForm(forms.Form):
    """The last words before a concern is closed."""

    text = forms.CharField(label="Anything to add?", required=False, widget=_area(3), max_length=WORDS)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReopenForm(forms.Form):
    """Why a closed concern is opened again."""

    because = forms.CharField(
        label="Why do you open it again?",
        widget=_area(3),
        error_messages={"required": "Enter why you open it again"},
        max_length=WORDS,
    )
