"""The forms about sites."""

from datetime import date
from typing import Any

from django import forms

from schoolgate.filtering.models import AUDIENCES
from schoolgate.filtering.rules import end_of_term
from schoolgate.gate.core import names
from schoolgate.kernel.errors import Malformed
from schoolgate.web.forms import DayInput


class AskForm(forms.Form):
    """What somebody needs, for whom, and until when."""

    url = forms.CharField(
        label="Which site?",
        max_length=2000,
        help_text="Its address, like www.example.org/rivers",
        error_messages={"required": "Enter the address of the site"},
    )
    audience = forms.ChoiceField(
        label="Who needs it?",
        choices=AUDIENCES,
        widget=forms.RadioSelect,
        help_text="The gate knows key stages, not single classes.",
        error_messages={"required": "Choose who needs it"},
    )
    reason = forms.CharField(
        label="What is it for?",
        max_length=1000,
        help_text="The lesson, and what the class will do there. Do not name children.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter what the site is for"},
    )
    until_on = forms.DateField(
        label="Until when?",
        widget=DayInput,
        error_messages={"required": "Enter the last day", "invalid": "Enter a real date"},
    )

    def __init__(self, *arguments: Any, today: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.today = today
        self.fields["until_on"].help_text = f"It closes by itself, on {end_of_term(today):%-d %B %Y} at the latest."

    def clean_url(self) -> str:
        """Say what is wrong with an address, if it is none."""
        try:
            names.canonical(self.cleaned_data["url"])
        except Malformed as error:
            raise forms.ValidationError(f"Enter the address of a site: {error}") from None
        text: str = self.cleaned_data["url"]
        return text

    def clean_until_on(self) -> date:
        """Refuse a day that is past."""
        until: date = self.cleaned_data["until_on"]
        if until < self.today:
            raise forms.ValidationError("The last day must be today or later")
        return until


class AnswerForm(forms.Form):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label="Your answer",
        choices=[("allow", "Open the site"), ("decline", "Do not open it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an answer"},
    )
    reason = forms.CharField(
        label="Why?",
        max_length=1000,
        help_text="The person who asked reads it.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why"},
    )
