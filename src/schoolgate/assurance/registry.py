"""Where controls say what they know: one function a fact, found in each app's `controls.py`.

    @control(promise="AUP-1", title="…", every=timedelta(minutes=1), stale_after=timedelta(hours=1))
    def nobody_without_a_signature(now: datetime) -> Finding:
        ...
        return Finding(Status.MET, "All 312 people with access have signed.", rows)

`assurance` imports none of them: `AppConfig.ready` looks for the modules.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from schoolgate.assurance.rules import Status

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a control found out.

    Attributes:
        status: met, at risk, not met, not applicable or unknown.
        summary: one sentence for people. It names nobody.
        rows: the raw facts behind it, all with the same keys.
    """

    status: Status
    summary: str
    rows: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Control:
    """A registered control.

    Attributes:
        source: its stable name, "access.nobody_without_a_signature".
        promise: id of the promise that it knows about.
        title: what it checks, for people.
        every: how often it is to run.
        stale_after: how long its finding may be believed; at least *every*.
        names_people: whether its rows may name somebody: then only the head and the DSL team read them.
        find: the function itself.
    """

    source: str
    promise: str
    title: str
    every: timedelta
    stale_after: timedelta
    names_people: bool
    find: Callable[[datetime], Finding]


_controls: dict[str, Control] = {}


def control(
    *, promise: str, title: str, every: timedelta, stale_after: timedelta, names_people: bool = True
) -> Callable[[Callable[[datetime], Finding]], Callable[[datetime], Finding]]:
    """Register a function as a control of *promise*.

    A promise may have several; a sentence is then as good as the worst of
    them. Rows count as naming people unless the control says that they do not.

    Raises:
        ValueError: if evidence would be stale before the control runs again,
            or two controls have one name.
    """
    if not timedelta(0) < every <= stale_after:
        raise ValueError(f"{title!r} would go stale before it runs again: every={every}, stale_after={stale_after}")

    def register(find: Callable[[datetime], Finding]) -> Callable[[datetime], Finding]:
        area = find.__module__.removeprefix("schoolgate.").removesuffix(".controls")
        source = f"{area}.{find.__name__}"
        if source in _controls:
            raise ValueError(f"there are two controls named {source!r}")
        _controls[source] = Control(source, promise, title, every, stale_after, names_people, find)
        return find

    return register


def controls() -> tuple[Control, ...]:
    """All controls, in the order of their promises."""
    return tuple(sorted(_controls.values(), key=lambda one: (one.promise, one.source)))


def of_promise(promise: str) -> tuple[Control, ...]:
    """The controls that know about one promise."""
    return tuple(one for one in controls() if one.promise == promise)
