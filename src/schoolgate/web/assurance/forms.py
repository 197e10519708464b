"""The forms of the policy pages."""

from datetime import date
from typing import Any

from django import forms

from schoolgate.assurance import rules
from schoolgate.assurance.editions import DUTY_EVERY_DAYS, Choice
from schoolgate.assurance.models import Edition, Setting
from schoolgate.assurance.rules import Kind
from schoolgate.drafting import reading
from schoolgate.drafting.document import Document
from schoolgate.drafting.promises import PROMISES
from schoolgate.kernel.errors import Malformed
from schoolgate.web.forms import DayInput

KINDS = [
    (Kind.CONTROL, "A control: Schoolgate checks it by itself"),
    (Kind.DUTY, "A duty: a person does it, and says so here"),
    (Kind.ASPIRATION, "An aim: nothing checks it, and the page says so"),
    (Kind.NOT_APPLICABLE, "It does not apply to us"),
]


class UploadForm(forms.Form):
    """A policy as a file."""

    file = forms.FileField(
        label="Your policy",
        help_text="A text, Markdown, Word (.docx), HTML or PDF file. It stays on this machine.",
        error_messages={"required": "Choose the file of your policy", "empty": "The file is empty"},
    )
    title = forms.CharField(
        label="What to call this edition",
        max_length=200,
        help_text="For example “Online safety policy, autumn 2026”.",
        error_messages={"required": "Enter a title for this edition"},
    )
    setting = forms.ChoiceField(
        label="Who is it for?",
        choices=Setting.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who the policy is for"},
    )
    document: Document

    def clean_file(self) -> Any:
        """Read the policy, or say in its reader's words why it cannot be read."""
        file = self.cleaned_data["file"]
        if file.size > reading.LARGEST_BYTES:
            raise forms.ValidationError(f"The file must be smaller than {reading.LARGEST_BYTES // 1024 // 1024} MB.")
        try:
            self.document = reading.from_bytes(file.read(), file.name)
        except Malformed as error:
            message = str(error)
            raise forms.ValidationError(f"{message}. {error.hint[:1].upper()}{error.hint[1:]}.") from None
        return file


class BindForm(forms.Form):
    """What makes a sentence true."""

    kind = forms.ChoiceField(
        label="What makes it true?",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what makes the sentence true"},
    )
    promise = forms.ChoiceField(
        label="Which promise does it make?",
        required=False,
        help_text="Needed for a control and for a duty.",
    )
    every_days = forms.IntegerField(
        label="For a duty: how often must it be done, in days?",
        required=False,
        min_value=1,
        max_value=1100,
        help_text=f"A term is about 120 days, a year 365. Left empty it is {DUTY_EVERY_DAYS}.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )
    reason = forms.CharField(
        label="Why does it not apply?",
        required=False,
        max_length=2000,
        help_text="Needed where the sentence does not apply. Governors and inspectors read it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["promise"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose a promise"), *((one.id, f"{one.id}: {one.text}") for one in PROMISES.values())]

    def clean(self) -> dict[str, Any]:
        """Ask for what the kind needs, beside the field that lacks it."""
        given: dict[str, Any] = super().clean() or {}
        kind = given.get("kind")
        if kind in {Kind.CONTROL, Kind.DUTY} and not given.get("promise"):
            self.add_error("promise", "Choose the promise that the sentence makes")
        if kind == Kind.NOT_APPLICABLE and not given.get("reason", "").strip():
            self.add_error("reason", "Enter why the sentence does not apply")
        return given

    @property
    def choice(self) -> Choice:
        """What was decided, once the form is valid."""
        given = self.cleaned_data
        kind = Kind(given["kind"])
        return Choice(
            kind=kind,
            promise=given["promise"] if kind in {Kind.CONTROL, Kind.DUTY} else "",
            every_days=given["every_days"],
            reason=given["reason"].strip() if kind is Kind.NOT_APPLICABLE else "",
        )


class ForceForm(forms.Form):
    """The governing body's decision."""

    ratified_on = forms.DateField(
        label="When did the governing body ratify it?",
        widget=DayInput,
        error_messages={"required": "Enter the date of the meeting", "invalid": "Enter a real date"},
    )
    minute = forms.CharField(
        label="Where is it minuted?",
        max_length=200,
        help_text="For example “Full governing body, 9 November 2026, item 7”.",
        error_messages={"required": "Enter where the decision is minuted"},
    )
    review_due_on = forms.DateField(
        label="When is its review due?",
        widget=DayInput,
        error_messages={"required": "Enter the date of the review", "invalid": "Enter a real date"},
    )

    def __init__(self, *arguments: Any, edition: Edition, today: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.edition, self.today = edition, today
        self.fields["review_due_on"].help_text = f"Within {edition.review_every_months} months of that meeting."

    def clean(self) -> dict[str, Any]:
        """Say beside the field which date cannot be."""
        given: dict[str, Any] = super().clean() or {}
        ratified, due = given.get("ratified_on"), given.get("review_due_on")
        if ratified and ratified > self.today:
            self.add_error("ratified_on", "The meeting must be today or in the past")
        elif ratified and due:
            latest = rules.months_later(ratified, self.edition.review_every_months)
            if not ratified < due <= latest:
                self.add_error("review_due_on", f"The review must be after the meeting, and by {latest:%-d %B %Y}")
        return given


class AttestForm(forms.Form):
    """A person's word that a duty is done."""

    summary = forms.CharField(
        label="What was done?",
        max_length=500,
        help_text="One sentence, without names of children.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Enter what was done"},
    )
