"""Reading a table of people. All or nothing: the first fault refuses the whole file, and names its line."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from schoolgate.kernel.errors import Malformed
from schoolgate.people.rules import STAFF_ROLES, Role, YearGroup

REQUIRED = ("external_id", "given_name", "family_name", "roles", "starts_on")
OPTIONAL = ("preferred_name", "born_on", "year_group", "class", "email", "ends_on")
MOST_BYTES = 10 * 1024 * 1024  # a school of 600 needs 60 KB
MOST_ROWS = 20_000
ACCOUNT_ROLES = STAFF_ROLES | {Role.GOVERNOR}

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
_CLASS = re.compile(r"(N1|N2|R|[1-6])-([a-z0-9]+)")
_EXTERNAL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")


@dataclass(frozen=True, slots=True)
class Row:
    """One person as the table gives them, checked.

    Attributes:
        line: in the file, from 1.
        classes: codes such as "4-oak", of which somebody is a pupil or a teacher.
        email: of a sign-in, for staff and governors; lower case, or "".
    """

    line: int
    external_id: str
    given_name: str
    family_name: str
    preferred_name: str
    born_on: date | None
    year_group: str
    classes: frozenset[str]
    roles: frozenset[Role]
    email: str
    starts_on: date
    ends_on: date | None


def read_csv(path: Path) -> tuple[Row, ...]:
    """Read a table of people in UTF-8, with or without a byte-order mark.

    Raises:
        Malformed: at the first fault, with its line.
    """
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        _check_header(reader, path.name)
        rows = tuple(_rows(reader, path.name))
    except csv.Error as error:
        raise Malformed(f"line {reader.line_num} of {path.name} is not CSV: {error}") from None
    if not rows:
        raise Malformed(f"{path.name} names the columns and nobody below them")
    _check_once(rows, path.name)
    return rows


def class_name(code: str) -> str:
    """Return what people call a class: "Oak (Year 4)" for "4-oak"."""
    year, _, name = code.partition("-")
    return f"{name.title()} ({YearGroup(year).label})"


def _text(path: Path) -> str:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise Malformed(
            f"{path.name} has {size / 1024 / 1024:.0f} MB, too much for a table of people",
            f"it may have {MOST_BYTES // 1024 // 1024} MB; is it the right file?",
        )
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise Malformed(f"{path.name} is in UTF-16, or not a table at all", "save it as `CSV UTF-8`")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Malformed(f"line {line} of {path.name} is not text in UTF-8", "save it as `CSV UTF-8`") from None


def _check_header(reader: "csv.DictReader[str]", file: str) -> None:
    names = [name.strip() for name in reader.fieldnames or ()]
    unknown = [name for name in names if name not in (*REQUIRED, *OPTIONAL)]
    missing = [name for name in REQUIRED if name not in names]
    wanted = f"needed: {', '.join(REQUIRED)}; allowed: {', '.join(OPTIONAL)}"
    if unknown:
        raise Malformed(f"line 1 of {file} names an unknown column `{unknown[0][:60]}`", wanted)
    if missing:
        raise Malformed(f"line 1 of {file} lacks the column `{missing[0]}`", wanted)
    if len(set(names)) != len(names):
        raise Malformed(f"line 1 of {file} names a column twice", wanted)
    reader.fieldnames = names


def _rows(reader: "csv.DictReader[str]", file: str) -> Iterator[Row]:
    for number, cells in enumerate(reader, start=1):
        where = f"line {reader.line_num} of {file}"
        if number > MOST_ROWS:
            raise Malformed(f"{where}: more than {MOST_ROWS} people in one school", "is it the right file?")
        if None in cells or None in cells.values():
            raise Malformed(f"{where} does not have as many cells as there are columns")
        yield _row({name: cell.strip() for name, cell in cells.items()}, reader.line_num, where)


def _row(cells: dict[str, str], line: int, where: str) -> Row:
    if not _EXTERNAL_ID.fullmatch(cells["external_id"]):
        raise Malformed(
            f"{where}: `{cells['external_id'][:80]}` is no id", "use letters, digits, dot, hyphen, at most 64"
        )
    roles = frozenset(_role(word, where) for word in _words(cells["roles"]))
    if not roles:
        raise Malformed(f"{where}: nobody is here without a role", f"use one of {', '.join(Role.values)}")
    year_group = cells.get("year_group", "")
    if year_group and year_group not in YearGroup.values:
        raise Malformed(f"{where}: there is no year `{year_group[:20]}`", f"use one of {', '.join(YearGroup.values)}")
    if Role.PUPIL in roles and not year_group:
        raise Malformed(f"{where}: a pupil needs a year_group", f"use one of {', '.join(YearGroup.values)}")
    if Role.PUPIL in roles and len(roles) > 1:
        raise Malformed(f"{where}: a pupil holds no other role")
    email = cells.get("email", "").lower()
    if email and not _EMAIL.fullmatch(email):
        raise Malformed(f"{where}: `{email[:80]}` is no e-mail address")
    if email and not roles & ACCOUNT_ROLES:
        raise Malformed(f"{where}: only staff and governors sign in with an e-mail address", "leave the cell empty")
    starts_on = _date(cells["starts_on"], "starts_on", where)
    ends_on = _date(cells["ends_on"], "ends_on", where) if cells.get("ends_on") else None
    if ends_on is not None and ends_on < starts_on:
        raise Malformed(f"{where}: ends_on {ends_on} lies before starts_on {starts_on}")
    return Row(
        line=line,
        external_id=cells["external_id"],
        given_name=_name(cells["given_name"], "given_name", where),
        family_name=_name(cells["family_name"], "family_name", where),
        preferred_name=_name(cells["preferred_name"], "preferred_name", where) if cells.get("preferred_name") else "",
        born_on=_date(cells["born_on"], "born_on", where) if cells.get("born_on") else None,
        year_group=year_group,
        classes=frozenset(_class(word, where) for word in _words(cells.get("class", ""))),
        roles=roles,
        email=email,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _check_once(rows: tuple[Row, ...], file: str) -> None:
    ids: dict[str, int] = {}
    emails: dict[str, int] = {}
    for row in rows:
        for value, seen, what in ((row.external_id, ids, "id"), (row.email, emails, "e-mail address")):
            if value and value in seen:
                raise Malformed(f"line {row.line} of {file}: the {what} `{value}` stands in line {seen[value]} already")
            seen[value] = row.line


def _words(cell: str) -> list[str]:
    return [word.strip() for word in cell.split(";") if word.strip()]


def _role(word: str, where: str) -> Role:
    try:
        return Role(word.lower())
    except ValueError:
        raise Malformed(f"{where}: there is no role `{word[:40]}`", f"use one of {', '.join(Role.values)}") from None


def _class(word: str, where: str) -> str:
    if not _CLASS.fullmatch(word):
        raise Malformed(f"{where}: `{word[:40]}` is no class", "write the year and the name: 4-oak, R-acorn, N2-robins")
    return word


def _date(cell: str, column: str, where: str) -> date:
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        raise Malformed(f"{where}: {column} `{cell[:40]}` is no date", "write it as 2018-03-09") from None
    if len(cell) != 10 or not 1900 <= day.year <= 2100:
        raise Malformed(f"{where}: {column} `{cell[:40]}` is no date of anybody here", "write it as 2018-03-09")
    return day


def _name(cell: str, column: str, where: str) -> str:
    """Return a name. Letters of any script; no digits, no signs that a spreadsheet would run as a formula."""
    name = unicodedata.normalize("NFC", cell)
    fits = all(unicodedata.category(sign)[0] in "LM" or sign in " -'’.,()" for sign in name)
    if not name or len(name) > 100 or not fits or not unicodedata.category(name[0]).startswith("L"):
        raise Malformed(
            f"{where}: {column} `{name[:60]}` is no name", "a name begins with a letter and holds no digits"
        )
    return name
