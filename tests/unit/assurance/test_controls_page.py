"""The page of controls lists what is registered, and nothing else."""

import re
from datetime import timedelta
from pathlib import Path

from schoolgate.assurance import registry
from schoolgate.drafting.promises import PROMISES

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "controls.md"
UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


def length(words: str) -> timedelta:
    count, unit = words.split()
    return int(count) * UNITS[unit.removesuffix("s")]


def test_every_control_stands_on_the_page_as_it_is():
    rows = re.findall(r"(?m)^\| `([a-z_.]+)` \| ([A-Z]+-\d+) \| (.+?) \| (.+?) \| (.+?) \|$", PAGE.read_text())
    listed = {
        (source, promise, title, length(every), length(believed)) for source, promise, title, every, believed in rows
    }
    assert listed == {(one.source, one.promise, one.title, one.every, one.stale_after) for one in registry.controls()}


def test_every_control_is_about_a_promise_that_exists():
    assert {one.promise for one in registry.controls()} <= set(PROMISES)
