"""A school's gate policy (TOML) compiled to rules. Strict: a word it does not know is refused, never ignored."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schoolgate.gate.core.categories import CATEGORIES, is_locked
from schoolgate.gate.core.names import is_public_suffix
from schoolgate.gate.core.rules import (
    ALLOW,
    BLOCK,
    NO_INTERNET_KIND,
    OPEN_KIND,
    SHELF_KIND,
    TIERS,
    CategoryRule,
    Outcome,
    Profile,
    Rules,
    SiteRule,
    Window,
)
from schoolgate.gate.core.sites import host_of, site
from schoolgate.gate.core.who import NO_INTERNET, SHELF
from schoolgate.kernel.errors import Malformed

_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_KINDS = (OPEN_KIND, SHELF_KIND, NO_INTERNET_KIND)
# Profiles that the board of standing may hand out by itself; their kind is no school's choice.
_FIXED_KINDS = {NO_INTERNET: NO_INTERNET_KIND, SHELF: SHELF_KIND}


def read(path: Path) -> Rules:
    """Read the policy at *path*. Raises Malformed as `compiled` does."""
    return compiled(path.read_bytes(), path.name)


def compiled(data: bytes, name: str) -> Rules:
    """Compile a policy.

    Raises:
        Malformed: if it is not TOML, uses a word that we do not know, names
            a profile, category or statement that does not exist, or would
            open what is locked. The message says where.
    """
    try:
        record = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"{name} is not TOML: {error}") from error
    return _Compiler(record, name).rules()


class _Compiler:
    def __init__(self, record: Mapping[str, Any], name: str) -> None:
        self._name = name
        self._record = record
        known = {"school", "statements", "tiers", "times", "profiles", "help", "rules", "shelf", "services"}
        self._only(record, known, "the policy")
        self._statements: dict[str, str] = {}
        self._windows: dict[str, Window] = {}
        self._profiles: frozenset[str] = frozenset()
        self._zone = ZoneInfo("UTC")

    def rules(self) -> Rules:
        school = self._table(self._record, "school", "the policy")
        self._only(school, {"name", "time_zone"}, "[school]")
        zone = self._text(school, "time_zone", "[school]")
        try:
            self._zone = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise self._wrong("[school]", f"there is no time zone {zone!r}", 'like "Europe/London"') from error
        self._statements = {
            ref: self._text(self._record["statements"], ref, "[statements]")
            for ref in self._table(self._record, "statements", "the policy")
        }
        tiers = self._record.get("tiers", {})
        self._only(tiers, set(TIERS), "[tiers]")
        times = self._record.get("times", {})
        if not isinstance(times, dict):
            raise self._wrong("[times]", "a table is expected")
        self._windows = {name: self._window(name, entry) for name, entry in times.items()}
        profiles = self._table(self._record, "profiles", "the policy")
        self._profiles = frozenset(profiles)
        if NO_INTERNET not in profiles:
            raise self._wrong("[profiles]", f"there is no profile {NO_INTERNET!r}", "everyone who may not is given it")
        return Rules(
            school=self._text(school, "name", "[school]"),
            time_zone=zone,
            profiles={name: self._profile(name, entry) for name, entry in profiles.items()},
            help_lane=self._unique(self._items("help", "H", ALLOW)),
            sites=self._unique(self._school_rule(entry, number) for number, entry in self._numbered("rules")),
            shelf=self._unique(self._items("shelf", "S", ALLOW)),
            services=self._unique(self._service(entry, number) for number, entry in self._numbered("services")),
            statements=self._statements,
            tiers={tier: self._statement(tiers, "[tiers]", tier) for tier in tiers},
        )

    def _profile(self, name: str, record: Mapping[str, Any]) -> Profile:
        where = f"[profiles.{name}]"
        self._only(record, {"label", "kind", "default", "block", "allow", "timed", "statement"}, where)
        kind = record.get("kind", _FIXED_KINDS.get(name, OPEN_KIND))
        if kind not in _KINDS or kind != _FIXED_KINDS.get(name, kind):
            raise self._wrong(where, f"kind {kind!r} is not possible here", f"one of {', '.join(_KINDS)}")
        default = self._outcome(record.get("default", BLOCK), where)
        statement = self._statement(record, where)
        rules = [*self._categories(name, record, None, statement, where)]
        for entry in self._listed(record, "timed", where):
            self._only(entry, {"block", "allow", "during", "statement"}, f"{where} timed")
            window = self._windows.get(self._text(entry, "during", f"{where} timed"))
            if window is None:
                raise self._wrong(where, f"there are no [times.{entry['during']}]")
            rules += self._categories(name, entry, window, self._statement(entry, where) or statement, where)
        if kind != OPEN_KIND and rules:
            raise self._wrong(where, f"a profile of kind {kind} reaches no category", "remove its block and allow")
        return Profile(name, self._text(record, "label", where), kind, default, tuple(rules), statement)

    def _categories(
        self, profile: str, record: Mapping[str, Any], window: Window | None, statement: str, where: str
    ) -> Iterable[CategoryRule]:
        for outcome in (BLOCK, ALLOW):
            for code in self._codes(self._words(record, outcome, where), where):
                if is_locked(code) and outcome == ALLOW:
                    raise self._wrong(where, f"nothing opens {code!r}", "illegal content stays blocked for everyone")
                name = f"{profile}/{code}" + (f"/{window.name}" if window else "")
                yield CategoryRule(name, code, outcome, window, statement)

    def _codes(self, patterns: Iterable[str], where: str) -> Iterable[str]:
        for pattern in patterns:
            stem = pattern.removesuffix(".*")
            codes = [
                code for code in CATEGORIES if code == pattern or (stem != pattern and code.startswith(f"{stem}."))
            ]
            if stem != pattern and stem in CATEGORIES:
                codes.append(stem)
            if not codes:
                raise self._wrong(where, f"there is no category {pattern!r}", "`schoolgate lists categories` has them")
            yield from codes

    def _window(self, name: str, record: Mapping[str, Any]) -> Window:
        where = f"[times.{name}]"
        self._only(record, {"days", "from", "to"}, where)
        days = self._words(record, "days", where)
        if not days or not set(days) <= set(_DAYS):
            raise self._wrong(where, f"days {days!r} are not days", f"some of {' '.join(_DAYS)}")
        start, end = (self._minutes(self._text(record, key, where), where) for key in ("from", "to"))
        if start >= end:
            raise self._wrong(where, "it ends before it begins", "past midnight is two times")
        return Window(name, frozenset(_DAYS[day] for day in days), start, end)

    def _minutes(self, text: str, where: str) -> int:
        if text == "24:00":
            return 24 * 60
        try:
            moment = time.fromisoformat(text)
        except ValueError as error:
            raise self._wrong(where, f"{text!r} is not a time of day", 'like "15:15"') from error
        return moment.hour * 60 + moment.minute

    def _items(self, key: str, letter: str, outcome: Outcome) -> Iterable[SiteRule]:
        for number, entry in self._numbered(key):
            where = f"[[{key}]] {number}"
            self._only(entry, {"id", "site", "title", "approver", "expires", "statement"}, where)
            yield SiteRule(
                id=self._text({"id": f"{letter}-{number}"} | dict(entry), "id", where),
                outcome=outcome,
                site=self._site(entry, where, outcome),
                approver=self._text(entry, "approver", where) if "approver" in entry else "",
                reason=self._text(entry, "title", where),
                expires=self._expires(entry, where),
                statement=self._statement(entry, where),
            )

    def _school_rule(self, record: Mapping[str, Any], number: int) -> SiteRule:
        where = f"[[rules]] {record.get('id', number) if isinstance(record, dict) else number}"
        self._only(
            record, {"id", ALLOW, BLOCK, "profiles", "persons", "approver", "reason", "expires", "statement"}, where
        )
        if (ALLOW in record) == (BLOCK in record):
            raise self._wrong(where, "a rule has either `allow` or `block`")
        outcome = ALLOW if ALLOW in record else BLOCK
        profiles = self._whom(record, "profiles", where)
        unknown = profiles - self._profiles
        if unknown:
            raise self._wrong(where, f"there is no profile {sorted(unknown)[0]!r}")
        return SiteRule(
            id=self._text({"id": f"R-{number}"} | dict(record), "id", where),
            outcome=outcome,
            site=self._site({"site": record[outcome]}, where, outcome),
            profiles=profiles,
            persons=self._whom(record, "persons", where),
            approver=self._text(record, "approver", where),
            reason=self._text(record, "reason", where),
            expires=self._expires(record, where),
            statement=self._statement(record, where),
        )

    def _service(self, record: Mapping[str, Any], number: int) -> SiteRule:
        where = f"[[services]] {number}"
        self._only(record, {"id", "site", "title", "status", "profiles", "statement"}, where)
        status = self._text(record, "status", where)
        if status not in {"accepted", "refused", "not-assessed"}:
            raise self._wrong(where, f"status {status!r}", "accepted, refused or not-assessed")
        profiles = self._whom(record, "profiles", where)
        unknown = profiles - self._profiles
        if unknown:
            raise self._wrong(where, f"there is no profile {sorted(unknown)[0]!r}")
        return SiteRule(
            id=self._text({"id": f"T-{number}"} | dict(record), "id", where),
            outcome=ALLOW if status == "accepted" else BLOCK,
            site=self._site(record, where, BLOCK),
            profiles=profiles,
            reason=f"{self._text(record, 'title', where)}: {status}",
            statement=self._statement(record, where),
        )

    def _numbered(self, key: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
        entries = self._record.get(key, [])
        if not isinstance(entries, list):
            raise self._wrong(f"[{key}]", "a list of tables is expected", f"write [[{key}]]")
        return enumerate(entries, start=1)

    def _unique(self, rules: Iterable[SiteRule]) -> tuple[SiteRule, ...]:
        found = tuple(rules)
        seen: set[str] = set()
        for rule in found:
            if rule.id in seen:
                raise self._wrong(rule.id, "two rules have this id")
            seen.add(rule.id)
        return found

    def _site(self, record: Mapping[str, Any], where: str, outcome: Outcome) -> str:
        text = self._text(record, "site", where)
        try:
            found = site(text)
        except Malformed as error:
            raise self._wrong(where, str(error), 'like "example.org" or "example.org/page"') from error
        if outcome == ALLOW and is_public_suffix(host_of(found)):
            raise self._wrong(where, f"{text!r} would open every site below it", "name the sites that are meant")
        return found

    def _expires(self, record: Mapping[str, Any], where: str) -> datetime | None:
        found = record.get("expires")
        if found is None:
            return None
        if isinstance(found, datetime):
            return found if found.tzinfo else found.replace(tzinfo=self._zone)
        if isinstance(found, date):
            # People mean "up to and including": the rule ends when that day does.
            return datetime.combine(found + timedelta(days=1), time(0), self._zone)
        raise self._wrong(where, f"expires {found!r} is not a date", "like 2027-07-21, without quotation marks")

    def _statement(self, record: Mapping[str, Any], where: str, key: str = "statement") -> str:
        found = record.get(key, "")
        if not isinstance(found, str) or (found and found not in self._statements):
            raise self._wrong(where, f"there is no statement {found!r}", "write its sentence under [statements]")
        return found

    def _outcome(self, found: object, where: str) -> Outcome:
        if found == ALLOW:
            return ALLOW
        if found == BLOCK:
            return BLOCK
        raise self._wrong(where, f"{found!r} is neither allow nor block")

    def _table(self, record: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
        found = record.get(key)
        if not isinstance(found, dict) or not found:
            raise self._wrong(where, f"[{key}] is missing")
        return found

    def _whom(self, record: Mapping[str, Any], key: str, where: str) -> frozenset[str]:
        found = frozenset(self._words(record, key, where))
        if key in record and not found:
            # Whoever took the last name out did not mean everybody.
            raise self._wrong(where, f"`{key}` is empty", "leave it out for a rule that holds for everyone")
        return found

    def _words(self, record: Mapping[str, Any], key: str, where: str) -> list[str]:
        found = self._listed(record, key, where)
        if not all(isinstance(word, str) and word for word in found):
            raise self._wrong(where, f"`{key}` holds something that is no text")
        return found

    def _listed(self, record: Mapping[str, Any], key: str, where: str) -> list[Any]:
        found = record.get(key, [])
        if not isinstance(found, list):
            # A word alone would be read letter by letter: a rule for the persons b, e and n holds for nobody.
            raise self._wrong(where, f"`{key}` is {found!r}, where a list is expected", f"write {key} = [...]")
        return found

    def _text(self, record: Mapping[str, Any], key: str, where: str) -> str:
        found = record.get(key)
        if not isinstance(found, str) or not found.strip():
            raise self._wrong(where, f"`{key}` is missing or is no text")
        return found

    def _only(self, record: Mapping[str, Any], known: set[str], where: str) -> None:
        if not isinstance(record, dict):
            raise self._wrong(where, "a table is expected")
        for key in record:
            if key not in known:
                raise self._wrong(where, f"`{key}` means nothing here", f"known are: {', '.join(sorted(known))}")

    def _wrong(self, where: str, message: str, hint: str = "") -> Malformed:
        return Malformed(f"{self._name}, {where}: {message}", hint)
