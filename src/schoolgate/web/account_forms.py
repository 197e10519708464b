"""The forms of django-allauth in our words: a label above each field, and no grey text inside that vanishes."""

from typing import Any, ClassVar

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.cache import cache

APP_CODE = "Code from your app"
CODE_COUNTS_FOR = 3 * 30  # seconds: its own half minute, the one before and the one after
EITHER_CODE = "Code"
EITHER_HINT = "6 digits from your authenticator app, or one of your recovery codes."


class InOurWords(forms.Form):
    """Gives fields the labels and hints of their form, as `words` maps them: name to (label, hint)."""

    words: ClassVar[dict[str, tuple[str, str]]]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, (label, hint) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, hint
            field.widget.attrs.pop("placeholder", None)
            if name == "code":
                field.widget.attrs |= {"class": "govuk-input--width-10", "spellcheck": "false"}


class SignInForm(InOurWords, LoginForm):  # type: ignore[misc]  # allauth ships no types
    """Sign in."""

    words: ClassVar = {"login": ("Email address", ""), "password": ("Password", "")}


class ConfirmForm(InOurWords, ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """Confirm with the password that it is still you."""

    words: ClassVar = {"password": ("Password", "")}


class PasswordForm(InOurWords, ChangePasswordForm):  # type: ignore[misc]  # allauth ships no types
    """Choose a new password."""

    words: ClassVar = {
        "oldpassword": ("Present password", ""),
        "password1": (
            "New password",
            "At least 12 characters. Four words that do not belong together are easy to keep in mind.",
        ),
        "password2": ("New password again", ""),
    }


class ActivateAppForm(InOurWords, ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    """Prove that the app shows right codes."""

    words: ClassVar = {"code": (APP_CODE, "6 digits. A new code comes every 30 seconds.")}


class OnceOnly:
    """Takes each code of an app once, for as long as it would count (RFC 6238, 5.2). Comes before the form it guards."""

    user: Any

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # the form behind us has it
        plain = "".join(filter(str.isalnum, code)).upper()  # spaces and dashes count for nothing
        mark = f"second-factor-used:{self.user.pk}:{plain}"
        if not cache.add(mark, True, CODE_COUNTS_FOR):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(OnceOnly, InOurWords, AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The second step of signing in."""

    words: ClassVar = {"code": (EITHER_CODE, EITHER_HINT)}


class ConfirmCodeForm(OnceOnly, InOurWords, ReauthenticateCodeForm):  # type: ignore[misc]  # allauth ships no types
    """Confirm with a code that it is still you."""

    words: ClassVar = {"code": (EITHER_CODE, EITHER_HINT)}
