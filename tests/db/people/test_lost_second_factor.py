"""What the technician does for somebody who lost their telephone."""

import argparse

from allauth.mfa.models import Authenticator

from schoolgate.cli.commands.people import _password
from schoolgate.ledger.models import Entry


def test_a_lost_second_factor_goes_with_the_old_password_and_the_ledger_says_so(larks, capsys):
    Authenticator.objects.create(user=larks.ben.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    Authenticator.objects.create(user=larks.carys.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    _password(argparse.Namespace(email="ben@larkfield.test", second_factor_lost=True, json=True))
    assert [one.user for one in Authenticator.objects.all()] == [larks.carys.user]
    assert Entry.objects.latest("seq").said == {"second_factor_removed": True}
    assert "password" in capsys.readouterr().out
