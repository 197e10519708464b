"""The forms of agreements and suspensions."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms

from schoolgate.access import queries
from schoolgate.people.models import Person
from schoolgate.web.forms import DayInput


class OwnForm(forms.Form):
    """One's own signature. `version` says which words were on the page."""

    version = forms.UUIDField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label="I have read this, and I agree to it",
        error_messages={"required": "Tick the box to sign, or leave the page if you do not agree"},
    )


class ClassForm(forms.Form):
    """Who of a class signed today, and the word of the teacher who was there."""

    version = forms.UUIDField(widget=forms.HiddenInput)
    signed = forms.MultipleChoiceField(
        label="Who has signed today?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick the children who have signed"},
    )
    witnessed = forms.BooleanField(
        label="I read the agreement with these children, and each of them agreed to it",
        error_messages={"required": "Confirm that you were there"},
    )

    def __init__(self, *arguments: Any, unsigned: Iterable[Person], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["signed"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(person.id), str(person)) for person in unsigned]

    @property
    def chosen(self) -> set[UUID]:
        """The ids of the children who signed, once the form is valid."""
        return {UUID(value) for value in self.cleaned_data["signed"]}


class OnBehalfForm(forms.Form):
    """A parent's signature on paper, entered by a member of staff."""

    version = forms.UUIDField(widget=forms.HiddenInput)
    on_behalf_by = forms.CharField(
        label="Name of the parent or carer who signed",
        max_length=200,
        error_messages={"required": "Enter the name of the parent or carer"},
    )
    relationship = forms.CharField(
        label="Who they are to the child",
        max_length=60,
        help_text="For example “mother”, “foster carer”.",
        error_messages={"required": "Enter who they are to the child"},
    )
    seen = forms.BooleanField(
        label="I have seen this signature", error_messages={"required": "Confirm that you have seen it"}
    )


class SuspendForm(forms.Form):
    """Taking access away for a time."""

    reason = forms.CharField(
        label="Why?",
        help_text="The head and the safeguarding team read it. Write what happened, not what somebody is like.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter why"},
    )
    ends_on = forms.DateField(
        label="From which day may they use it again?",
        required=False,
        help_text="Left empty, it lasts until somebody restores it.",
        widget=DayInput,
        error_messages={"invalid": "Enter a real date"},
    )

    def __init__(self, *arguments: Any, today: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.today = today

    def clean_ends_on(self) -> date | None:
        """Refuse a day that does not lie ahead."""
        day: date | None = self.cleaned_data["ends_on"]
        if day is not None and day <= self.today:
            raise forms.ValidationError("The day must lie ahead")
        return day

    @property
    def ends_at(self) -> datetime | None:
        """The moment it ends, once the form is valid."""
        day = self.cleaned_data["ends_on"]
        return datetime.combine(day, time.min, queries.zone()) if day else None


class BecauseForm(forms.Form):
    """A reason, for what is taken back."""

    because = forms.CharField(
        label="Why?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why"},
    )
