"""What people fill in about an alert."""

from django import forms

from schoolgate.monitoring.rules import Status

DECISIONS = [
    (Status.WATCHING.value, "Keep watch: nothing more now"),
    (Status.REAL.value, "Real, and dealt with without a concern"),
    (Status.FALSE.value, "False alarm"),
]


class DecideForm(forms.Form):
    """What is decided about an alert. Opening a concern has a button of its own."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you decide"},
    )
    because = forms.CharField(
        label="Why?",
        help_text="One sentence is enough. Needed for a false alarm, and for what was dealt with.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.ChoiceField(choices=[(one.value, one.value) for one in Status], widget=forms.HiddenInput)
