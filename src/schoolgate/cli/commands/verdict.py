"""`schoolgate verdict`: what a release says about addresses, without a gate."""

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from schoolgate.cli.output import add_json, input_lines, print_stream
from schoolgate.gate import keys, release
from schoolgate.gate.core.names import canonical
from schoolgate.gate.core.who import Standing
from schoolgate.kernel.errors import Malformed

SUMMARY = "say what a release would do with addresses, and why"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("url", nargs="*", help="an address; then --profile says who asks")
    parser.add_argument(
        "--release", type=Path, required=True, metavar="DIR", help="a release, or the folder that holds `current`"
    )
    parser.add_argument(
        "--keys", type=Path, metavar="DIR", help="folder of the public key (default: beside the releases)"
    )
    parser.add_argument(
        "--stdin", action="store_true", help='read JSON lines {"url","profile","person"?,"at"?,"method"?}'
    )
    parser.add_argument("--profile", default="", help="who asks, for addresses given as arguments")
    parser.add_argument("--at", default="", metavar="TIME", help="the moment, ISO 8601 (default: now)")
    parser.add_argument("--exit-code", action="store_true", help="exit with 1 if any address is blocked")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print one JSON object for each question."""
    if bool(arguments.url) == arguments.stdin:
        raise Malformed("give addresses, or --stdin", "schoolgate verdict --release DIR --profile ks2 example.org")
    if arguments.url and not arguments.profile:
        raise Malformed("say who asks, with --profile", "shelf, ks1, ks2, staff, guest or no-internet")
    folder = release.located(arguments.release)
    opened = release.open(folder, keys.public_key(arguments.keys or folder.parent.parent / "keys"))
    zone = ZoneInfo(opened.rules.time_zone)
    now = _moment(arguments.at, zone) if arguments.at else datetime.now(UTC)
    asks = _stdin() if arguments.stdin else ({"url": url, "profile": arguments.profile} for url in arguments.url)
    answers = _Answers(opened, zone, now)
    print_stream(answers.to(asks))
    return 1 if arguments.exit_code and answers.n_blocked else 0


class _Answers:
    def __init__(self, opened: release.Release, zone: ZoneInfo, now: datetime) -> None:
        self._release = opened
        self._zone = zone
        self._now = now
        self.n_blocked = 0

    def to(self, asks: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for ask in asks:
            answer = self._answer(ask)
            self.n_blocked += answer["outcome"] == "block"
            yield answer

    def _answer(self, ask: dict[str, Any]) -> dict[str, Any]:
        url = ask.get("url")
        try:
            if "error" in ask:
                raise Malformed(ask["error"])
            address = canonical(_text(ask, "url"))
            standing = Standing(_text(ask, "profile"), "asked", "", None, _text(ask, "person", "") or None)
            at = _moment(_text(ask, "at"), self._zone) if ask.get("at") else self._now
            verdict = self._release.verdict(address, standing, at, _text(ask, "method", "GET").upper())
        except Malformed as error:
            # What cannot be understood is not allowed: a gate would block it too.
            return {
                "url": url, "outcome": "block", "tier": "malformed", "rule": "", "categories": [], "because": [],
                "flip": "", "statement": "", "release": self._release.id, "error": str(error),
            }  # fmt: skip
        return {
            "url": url,
            "outcome": verdict.outcome,
            "tier": verdict.tier,
            "rule": verdict.rule,
            "categories": list(verdict.categories),
            "because": [asdict(reason) for reason in verdict.because],
            "flip": verdict.flip,
            "statement": verdict.statement,
            "release": verdict.release,
        }


def _stdin() -> Iterator[dict[str, Any]]:
    for line in input_lines():
        try:
            ask = json.loads(line)
        except (ValueError, RecursionError):
            ask = None
        yield (
            ask
            if isinstance(ask, dict) and "error" not in ask
            else {"url": None, "error": f"not a question: {line[:120]!r}"}
        )


def _text(ask: dict[str, Any], key: str, default: str | None = None) -> str:
    found = ask.get(key, default)
    if not isinstance(found, str):
        raise Malformed(f"`{key}` is missing or is no text", '{"url": "http://example.org/", "profile": "ks2"}')
    return found


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        # A moment without a zone is the school's own time: that is what people mean by "half past ten".
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(zone)
    except (ValueError, OverflowError) as error:  # in the first and the last year not every zone has a time
        raise Malformed(f"not a moment: {text!r}", "like 2026-11-23T10:30") from error
