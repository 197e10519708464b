"""The two forms of the children's own pages."""

from django import forms


class CardForm(forms.Form):
    """Who is there: the code of a class card."""

    code = forms.CharField(
        label="What is on your card?",
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "portal__code",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": "Type what is on your card"},
    )


class PromiseForm(forms.Form):
    """The child's promise, and the grown-up who was there."""

    version = forms.UUIDField(widget=forms.HiddenInput)
    promised = forms.BooleanField(label="Yes, I promise", error_messages={"required": "Tick the box when you promise"})
    email = forms.EmailField(
        label="Your e-mail address at school",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "A grown-up of the school enters their e-mail address"},
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "A grown-up of the school enters their password"},
    )
