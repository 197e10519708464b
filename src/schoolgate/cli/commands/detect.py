"""`schoolgate detect`: what texts may mean, and how urgent that is."""

import argparse
import json
import sys
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from schoolgate.kernel.errors import Malformed

SUMMARY = "grade texts: JSON lines in, JSON lines out"

# What a person wrote longer ago weighs next to nothing in any category.
REMEMBERED = timedelta(days=28)
REMEMBERED_LINES = 500


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "--stdin", action="store_true", required=True, help='read lines such as {"text": "...", "kind": "search"}'
    )
    parser.add_argument(
        "--session", action="store_true", help="lines carry `person` and `at`; the person's earlier lines count"
    )
    parser.add_argument("--json", action="store_true", help="JSON lines; the command writes nothing else")


def run(arguments: argparse.Namespace) -> int:
    """Answer line by line. A bad line is answered with its error, and the exit code is 2 at the end."""
    from schoolgate.watch import detect, grade

    past: dict[str, list[grade.Past]] = defaultdict(list)
    n_bad = 0
    for number, raw in enumerate(sys.stdin.buffer, start=1):
        if not raw.strip():
            continue
        try:
            line = _read(raw)
            text = line["text"]
            detection = detect.detect(text, line["kind"], line.get("age"))
            if arguments.session:
                person, at = _who_and_when(line)
                mine = past[person]
                if mine and at < mine[-1].at:
                    raise Malformed(
                        f"`at` goes back: {line['at']!r} follows {mine[-1].at.isoformat()!r} of the same person"
                    )
                mine[:] = [one for one in mine if at - one.at <= REMEMBERED][-REMEMBERED_LINES:]
                alone, detection = detection, grade.with_session(detection, at, mine, text)
                mine.append(grade.Past(at, text, alone))
            answer = _answer(detection)
        except Malformed as error:
            n_bad += 1
            answer = {"error": f"line {number}: {error}"}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    if n_bad:
        print(f"error: {n_bad} line{'s' if n_bad > 1 else ''} could not be read", file=sys.stderr)
        print("hint: the answer to each bad line says what is wrong", file=sys.stderr)
        return 2
    return 0


def _answer(detection: Any) -> dict[str, Any]:
    return {
        "category": detection.category,
        "grade": detection.grade,
        "confidence": detection.confidence,
        "because": [{"span": list(one.span), "rule": one.rule} for one in detection.because],
        "help_seeking": detection.help_seeking,
    }


def _read(raw: bytes) -> dict[str, Any]:
    from schoolgate.watch.detect import KINDS

    try:
        line = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not a line of JSON: {raw[:80].decode(errors='replace')!r}") from error
    if not isinstance(line, dict) or not isinstance(line.get("text"), str):
        raise Malformed('a line must be an object with a `text`, such as {"text": "...", "kind": "search"}')
    if not isinstance(line.get("kind"), str) or line["kind"] not in KINDS:
        raise Malformed(f"`kind` must be one of {', '.join(KINDS)}, got {line.get('kind')!r}")
    age = line.get("age")
    if age is not None and (isinstance(age, bool) or not isinstance(age, int) or not 0 <= age <= 130):
        raise Malformed(f"`age` must be whole years, got {age!r}")
    return line


def _who_and_when(line: dict[str, Any]) -> tuple[str, datetime]:
    person, at = line.get("person"), line.get("at")
    if not isinstance(person, str) or not person:
        raise Malformed("with --session a line must say its `person`")
    try:
        when = datetime.fromisoformat(at)  # type: ignore[arg-type]  # what is no text is refused right here
    except (TypeError, ValueError) as error:
        raise Malformed(f"`at` must be a date and time such as 2026-03-02T09:30:00+00:00, got {at!r}") from error
    if when.tzinfo is None:
        raise Malformed(f"`at` must carry its time zone, got {at!r}")
    return person, when
