"""Addresses of signing in and out: the pages of django-allauth that a school needs, and no others.

Signing up, changing one's address and resetting a password by mail are not
here: accounts come from the school, and there is no mail to be had without a
mail server.

What makes an account weaker, or another's, is one transaction with its entry
in the ledger (`account_record`).
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as app
from django.db import transaction
from django.urls import path
from django.views.decorators.http import require_POST

from schoolgate.web.permissions import public, signed_in

urlpatterns = [
    path("sign-in/", public(account.login), name="account_login"),
    path("sign-in/code/", public(second_factor.authenticate), name="mfa_authenticate"),
    path("sign-out/", public(require_POST(account.logout)), name="account_logout"),
    path("confirm/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("confirm/code/", signed_in(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("password/", signed_in(transaction.atomic(account.password_change)), name="account_change_password"),
    path("second-factor/", signed_in(second_factor.index), name="mfa_index"),
    path("second-factor/app/", signed_in(app.activate_totp), name="mfa_activate_totp"),
    path("second-factor/app/remove/", signed_in(transaction.atomic(app.deactivate_totp)), name="mfa_deactivate_totp"),
    path("second-factor/codes/", signed_in(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", signed_in(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
]
