"""What examples of components show: a form with one field of each kind, empty and with mistakes, and messages."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message

from schoolgate.web.forms import DayInput

CHOICES = [("a", "A picture book"), ("b", "A song")]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(
        label="Name", help_text="As it stands on the card.", error_messages={"required": "Enter the name"}
    )
    words = forms.CharField(label="What happened?", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    choice = forms.ChoiceField(label="Which one?", choices=CHOICES, error_messages={"required": "Choose one"})
    radio = forms.ChoiceField(label="Which of the two?", choices=CHOICES, widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(label="Which of these?", choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(label="Yes, I promise")
    day = forms.DateField(label="By when?", widget=DayInput)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)


def context(example: Mapping[str, Any], kinds: Mapping[str, str], prefix: str) -> dict[str, Any]:
    """Return the parameters of *example* as a template takes them; *prefix* keeps the ids of one page apart."""
    forms_by_name = {
        "empty": SampleForm(prefix=f"{prefix}-empty"),
        "wrong": SampleForm({}, prefix=f"{prefix}-wrong"),
    }
    values: dict[str, Any] = {}
    for name, value in example.items():
        if kinds[name] == "form":
            values[name] = forms_by_name[value]
        elif kinds[name] == "field":
            form, _, field = value.partition(".")
            values[name] = forms_by_name[form][field]
        elif kinds[name] == "messages":
            values[name] = [Message(getattr(constants, one["level"].upper()), one["text"]) for one in value]
        else:
            values[name] = value
    return values
