"""Is a school's set-up safe to run? `schoolgate manage check` says what is not, and what to do.

docs/reference/checks.md lists every check; a test compares the two.
"""

import ipaddress
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

LEAST_SECRET = 32  # characters; what `schoolgate up` makes has 64
BUILT = ("schoolgate.css", "schoolgate.js", "mark.svg")  # what every page asks for
# The numbers that a page shows when a child is in danger, by setting.
PHONES = {
    "SAFEGUARDING_PHONE": "the safeguarding lead",
    "SOCIAL_CARE_PHONE": "the local authority's social care",
    "CHAIR_PHONE": "the chair of governors",
}
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def register() -> None:
    """Have Django run our checks with its own."""
    for check in CHECKS:
        checks.register(check)


def secret_key(**_: Any) -> Iterator[CheckMessage]:
    """The key that signs sessions is there and cannot be guessed."""
    hint = "`schoolgate up` makes one in keys/web.secret; or set SCHOOLGATE_SECRET_KEY to 64 random characters."
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django does not hand out an empty one
        key = ""
    if not key:
        yield Error("There is no secret key: nobody could sign in.", hint, id="schoolgate.E001")
    elif len(key) < LEAST_SECRET:
        said = f"The secret key has {len(key)} characters; fewer than {LEAST_SECRET} can be guessed."
        yield Error(said, hint, id="schoolgate.E002")


def data_folder(**_: Any) -> Iterator[CheckMessage]:
    """The school's folder can be written by us, and read by nobody else.

    The folder itself may be listed: what lies in it keeps the others out.
    """
    folder: Path = settings.DATA_DIR
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        hint = "Set SCHOOLGATE_DIR to a folder that this account may write to."
        yield Error(f"{there} cannot be written: nothing could be recorded.", hint, id="schoolgate.E003")
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    for path in (database, settings.KEYS_DIR):
        if _is_open_to_others(path):
            hint = f"Run `chmod go= {path}`."
            yield Error(f"Others on this machine can read {path}.", hint, id="schoolgate.E004")


def key_files(**_: Any) -> Iterator[CheckMessage]:
    """No key can be read by anybody else."""
    if not settings.KEYS_DIR.is_dir():
        return
    for path in sorted(settings.KEYS_DIR.rglob("*")):
        if path.suffix in {".key", ".secret"} and _is_open_to_others(path):
            hint = f"Run `chmod 600 {path}`. If anybody may have copied it, make a new one."
            yield Error(f"Others on this machine can read the key {path}.", hint, id="schoolgate.E005")


def site_address(**_: Any) -> Iterator[CheckMessage]:
    """People reach the site at an address that is one, and nobody on the way can read along."""
    hint = "Set SCHOOLGATE_ADDRESS to what people type, such as https://gate.example.org"
    scheme, host = settings.SITE_ADDRESS.partition(":")[0], _host_of(settings.SITE_ADDRESS)
    if scheme not in {"http", "https"} or not host:
        said = f"The site's address must begin with https:// or http://, not {settings.SITE_ADDRESS!r}."
        yield Error(said, hint, id="schoolgate.E006")
    elif scheme == "http" and not _is_loopback(host):
        said = f"{settings.SITE_ADDRESS} is not encrypted: passwords and cases cross the network for all to read."
        yield checks.Warning(said, "Put a certificate in front of it, and use https://", id="schoolgate.W001")


def hosts(**_: Any) -> Iterator[CheckMessage]:
    """The site answers to its own names, and to no other."""
    if not settings.ALLOWED_HOSTS:
        hint = "Set SCHOOLGATE_HOSTS to the names that people type, separated by commas."
        yield Error("There is no host name that the site answers to.", hint, id="schoolgate.E007")
    elif "*" in settings.ALLOWED_HOSTS:
        hint = "Set SCHOOLGATE_HOSTS to the names that people type, separated by commas."
        yield Error("The site answers to every host name, a forged one too.", hint, id="schoolgate.E008")
    elif (host := _host_of(settings.SITE_ADDRESS)) and not validate_host(host, settings.ALLOWED_HOSTS):
        said = f"The site does not answer at its own address: {host} is not among its hosts."
        yield Error(said, f"Add {host} to SCHOOLGATE_HOSTS.", id="schoolgate.E011")


def time_zone(**_: Any) -> Iterator[CheckMessage]:
    """The school's day begins at a known hour."""
    try:
        ZoneInfo(settings.TIME_ZONE)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        hint = "Set SCHOOLGATE_TIME_ZONE to a name such as Europe/London."
        yield Error(f"There is no time zone {settings.TIME_ZONE!r}.", hint, id="schoolgate.E009")


def static_files(**_: Any) -> Iterator[CheckMessage]:
    """Styles and scripts have been built."""
    missing = [
        name for name in BUILT if not any((Path(folder) / name).is_file() for folder in settings.STATICFILES_DIRS)
    ]
    if missing:
        hint = "Run `make setup`, or install Schoolgate from a package, which brings them along."
        yield Error(f"Not built: {', '.join(missing)}. Pages would have no style.", hint, id="schoolgate.E010")


def phone_numbers(**_: Any) -> Iterator[CheckMessage]:
    """The numbers to call when a child is in danger are known."""
    missing = [name for name in PHONES if not getattr(settings, name)]
    if missing:
        said = (
            f"There is no number for {', '.join(PHONES[name] for name in missing)}: in danger, people must look for it."
        )
        hint = f"Set {', '.join(f'SCHOOLGATE_{name}' for name in missing)}."
        yield checks.Warning(said, hint, id="schoolgate.W002")


CHECKS = (secret_key, data_folder, key_files, site_address, hosts, time_zone, static_files, phone_numbers)


def _host_of(address: str) -> str:
    """The host in an address, in brackets when it is IPv6, as browsers send it; "" when there is none."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return f"[{host}]" if ":" in host else host


def _is_open_to_others(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & OTHERS)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
