"""What a release says about who may reach what: plain values, made by `gate.release`, read by `decide`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from schoolgate.gate.core.names import Address
from schoolgate.gate.core.sites import has_path, host_of, paths

Outcome = Literal["allow", "block"]
ALLOW: Outcome = "allow"
BLOCK: Outcome = "block"

# The tiers in the order in which they settle (design, part 6).
TIERS = ("locked", "standing", "help", "school", "shelf", "technology", "category", "default")

OPEN_KIND = "open"
SHELF_KIND = "shelf"
NO_INTERNET_KIND = "no-internet"


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of the week in the school's own time.

    Attributes:
        name: what the policy calls it: "lessons".
        days: 0 (Monday) to 6.
        start: minutes after midnight; in the window.
        end: minutes after midnight; the first that is no longer in it. More than *start*.
    """

    name: str
    days: frozenset[int]
    start: int
    end: int

    def covers(self, local: datetime) -> bool:
        """Tell whether a moment of the school's time lies in the window."""
        return local.weekday() in self.days and self.start <= local.hour * 60 + local.minute < self.end


@dataclass(frozen=True, slots=True)
class SiteRule:
    """One decision about one site.

    Attributes:
        id: unique in its tier; what verdicts and records name.
        outcome: "allow" or "block".
        site: key as `sites.site` makes it, or "" when it could not be read: then it is about every site.
        profiles: who it is about; empty means everyone.
        persons: ids of persons, if it is about these only; empty means no such limit.
        approver: who decided.
        reason: why, in words for staff.
        expires: aware; from this moment on it does nothing. None while it lasts.
        statement: id of the policy statement that it keeps, or "".
        broken: what could not be understood about it, or "". A broken rule blocks.
    """

    id: str
    outcome: Outcome
    site: str
    profiles: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    approver: str = ""
    reason: str = ""
    expires: datetime | None = None
    statement: str = ""
    broken: str = ""


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """What a profile does about one category.

    Attributes:
        id: "ks2/gambling", and with a time "ks2/games/lessons".
        category: a code of the registry.
        outcome: "allow" or "block".
        window: when it holds; None means always.
        statement: id of the policy statement that it keeps, or "".
        broken: as in `SiteRule`.
    """

    id: str
    category: str
    outcome: Outcome
    window: Window | None = None
    statement: str = ""
    broken: str = ""


@dataclass(frozen=True)
class Profile:
    """What a group may reach.

    Attributes:
        name: "shelf", "ks1", "ks2", "staff", "guest", "no-internet", or the school's own.
        label: what people read: "Years 3 to 6".
        kind: "open" (tiers to the end), "shelf" (nothing but the shelf and the help lane), "no-internet".
        default: what happens to a site that nothing speaks about.
        categories: what it does about categories.
        statement: id of the statement behind its default, or "".
    """

    name: str
    label: str
    kind: str
    default: Outcome
    categories: tuple[CategoryRule, ...] = ()
    statement: str = ""

    @cached_property
    def by_category(self) -> Mapping[str, tuple[CategoryRule, ...]]:
        """The category rules, by code."""
        found: dict[str, tuple[CategoryRule, ...]] = {}
        for rule in self.categories:
            found[rule.category] = (*found.get(rule.category, ()), rule)
        return found


class SiteIndex:
    """Site rules, found by the keys of an address in as few steps as there are names above it."""

    def __init__(self, rules: Iterable[SiteRule]) -> None:
        self._by_key: dict[str, tuple[SiteRule, ...]] = {}
        self._hosts: set[str] = set()
        self._hosts_with_paths: set[str] = set()
        self._everywhere: tuple[SiteRule, ...] = ()
        for rule in rules:
            if not rule.site:
                self._everywhere += (rule,)
                continue
            self._by_key[rule.site] = (*self._by_key.get(rule.site, ()), rule)
            host = host_of(rule.site)
            self._hosts.add(host)
            if has_path(rule.site):
                self._hosts_with_paths.add(host)

    def about(self, address: Address, hosts: Sequence[str]) -> tuple[SiteRule, ...]:
        """The rules about an address, given the names above it (`names.suffixes`)."""
        found = self._everywhere
        if self._hosts.isdisjoint(hosts):  # so it is for nearly every site, and costs one step
            return found
        for host in hosts:
            found += self._by_key.get(host, ())
            if host in self._hosts_with_paths:
                for tail in paths(address):
                    found += self._by_key.get(host + tail, ())
        return found


@dataclass(frozen=True)
class Rules:
    """All that a release decides by, besides the lists.

    Attributes:
        school: its name, for pages.
        time_zone: IANA name; windows are in this time.
        profiles: by name.
        help_lane: sites that anyone with any internet reaches. Rules here can only allow.
        sites: the school's own blocks and allows.
        shelf: what shelf profiles reach. Rules here can only allow.
        services: technology that was assessed ("allow") or not, or refused ("block").
        statements: sentence by statement id.
        tiers: statement id by tier, for what has none of its own.
        release: id of the release, or "".
    """

    school: str
    time_zone: str
    profiles: Mapping[str, Profile]
    help_lane: tuple[SiteRule, ...] = ()
    sites: tuple[SiteRule, ...] = ()
    shelf: tuple[SiteRule, ...] = ()
    services: tuple[SiteRule, ...] = ()
    statements: Mapping[str, str] = field(default_factory=dict)
    tiers: Mapping[str, str] = field(default_factory=dict)
    release: str = ""

    @cached_property
    def help_index(self) -> SiteIndex:
        """The help lane, by site."""
        return SiteIndex(self.help_lane)

    @cached_property
    def site_index(self) -> SiteIndex:
        """The school's rules, by site."""
        return SiteIndex(self.sites)

    @cached_property
    def shelf_index(self) -> SiteIndex:
        """The shelf, by site."""
        return SiteIndex(self.shelf)

    @cached_property
    def service_index(self) -> SiteIndex:
        """Assessed technology, by site."""
        return SiteIndex(self.services)
