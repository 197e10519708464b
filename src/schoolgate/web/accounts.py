"""Whose accounts there are, and how they come about: a person of the school gets one, nobody signs up."""

import base64
import hashlib

import qrcode  # type: ignore[import-untyped]  # it ships no types
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET_ZONE = 4  # modules of white around the code, as ISO/IEC 18004 asks


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-in for people whom the school has entered."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # One message for both, so that nobody learns which addresses have an account.
        "email_password_mismatch": "The email address or the password is not right. Check both and try again.",
        "incorrect_password": "This is not your password. Try again.",
        "enter_current_password": "This is not your present password. Try again.",
        "too_many_login_attempts": (
            "There were too many failed tries. Wait five minutes, then try again. "
            "If you have forgotten your password, ask the school's technician for a new one."
        ),
        "rate_limited": "There were too many tries. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """The office has entered the address, and we send no mail to prove it."""
        return True

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Only somebody who knows the password gets here, so this tells no stranger that the account exists."""
        return render(request, "account/inactive.html", status=403)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """The authenticator app: its secret sealed in the database, its picture part of the page."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": (
            "This code is not right, or has been used already. Wait for the next one, and check the clock of your phone."
        ),
        "cannot_generate_recovery_codes": "Set up an authenticator app first. Recovery codes stand in for it.",
    }

    def get_totp_issuer(self) -> str:
        """What the app shows above the code."""
        return f"Schoolgate {settings.SCHOOL_NAME}".strip()

    def build_totp_svg(self, url: str) -> SafeString:
        """Draw the QR code as a picture inside the page.

        Our pages load no `data:` images, so that nothing injected can; attributes
        carry the colours because our pages allow no inline style either.
        """
        code = qrcode.QRCode(border=QUIET_ZONE)
        code.add_data(url)
        rows = code.get_matrix()
        path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" width="240" height="240" role="img" '
            'aria-label="QR code for your authenticator app" shape-rendering="crispEdges">'
            '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{1}"/></svg>',
            len(rows),
            path,
        )

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database: whoever copies that alone cannot make codes."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    """The box that secrets of second factors lie in. A new secret key of the site closes it for good."""
    digest = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"second factor").digest()
    return Fernet(base64.urlsafe_b64encode(digest))
