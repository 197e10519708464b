"""Passwords that the command line gives, and that nobody chose."""

import secrets

from django.contrib.auth.models import User

from schoolgate.kernel import speakable

PARTS = 3  # of six letters, nearly five bits each: about 88 bits


def give_password(user: User) -> str:
    """Set a new random password for *user* and return it: it is known nowhere else."""
    password = "-".join(speakable.reference(secrets.choice) for _ in range(PARTS))
    user.set_password(password)
    user.save(update_fields=["password"])
    return password
