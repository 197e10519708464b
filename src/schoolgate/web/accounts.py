"""Whose accounts there are, and how they come about: a person of the school gets one, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-in for people whom the school has entered."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # One message for both, so that nobody learns which addresses have an account.
        "email_password_mismatch": "The email address or the password is not right. Check both and try again.",
        "incorrect_password": "This is not your password. Try again.",
        "too_many_login_attempts": (
            "There were too many failed tries. Wait five minutes, then try again. "
            "If you have forgotten your password, ask the school's technician for a new one."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """The office has entered the address, and we send no mail to prove it."""
        return True

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> str:
        return reverse("account_login")
