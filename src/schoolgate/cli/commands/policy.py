"""Read a policy: find its defects, or propose what each of its sentences promises."""

import argparse
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from schoolgate.cli import output
from schoolgate.drafting import bind, reading
from schoolgate.drafting.bind import Proposal
from schoolgate.drafting.lint import Finding, Severity, lint
from schoolgate.drafting.promises import PROMISES
from schoolgate.drafting.sentences import sentences
from schoolgate.kernel.errors import Malformed

SUMMARY = "find what is wrong with a policy, or what each of its sentences promises"

NARROWEST, WIDEST = 60, 100


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare `policy lint` and `policy adopt`."""
    actions = parser.add_subparsers(dest="action", metavar="lint|adopt", required=True)
    one = actions.add_parser("lint", help="find what is wrong with a policy")
    one.add_argument("file", type=Path, metavar="FILE", help="the policy: txt, md, docx, html or pdf")
    one.add_argument("--today", type=_day, metavar="DATE", help="judge it as on this day (2026-11-21); default today")
    one.add_argument("--strict", action="store_true", help="exit 1 when there are findings")
    output.add_json(one)
    other = actions.add_parser("adopt", help="propose a promise and a binding for each sentence")
    other.add_argument("file", type=Path, metavar="FILE", help="the policy: txt, md, docx, html or pdf")
    output.add_json(other)


def run(arguments: argparse.Namespace) -> int:
    """Read the file and print what was found."""
    if arguments.action == "lint":
        return _lint(arguments)
    return _adopt(arguments)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{text}` is not a date; write it as 2026-11-21") from None


def _lint(arguments: argparse.Namespace) -> int:
    today = arguments.today or date.today()  # noqa: DTZ011 - the day on the wall where the school is
    findings = lint(reading.read(arguments.file), today)
    if arguments.json:
        output.print_json(
            {
                "file": str(arguments.file),
                "today": today.isoformat(),
                "findings": [_as_record(each) for each in findings],
            }
        )
    else:
        _say_findings(arguments.file, today, findings)
    return 1 if findings and arguments.strict else 0


def _as_record(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "line": finding.line,
        "excerpt": finding.excerpt,
        "message": finding.message,
        "fix": finding.fix,
    }


def _say_findings(file: Path, today: date, findings: Sequence[Finding]) -> None:
    if not findings:
        print(f"{file}: nothing found on {today:%-d %B %Y}.")
        return
    counts = [(severity, sum(each.severity is severity for each in findings)) for severity in Severity]
    print(f"{file}: {', '.join(_count(severity, n) for severity, n in counts if n)} on {today:%-d %B %Y}")
    for severity, n in counts:
        if n:
            print(f"\n{_TITLES[severity]}")
        for finding in (each for each in findings if each.severity is severity):
            print(f"\n  line {finding.line}  {finding.rule}")
            print(_wrapped(f"“{finding.excerpt}”", "    "))
            print(_wrapped(finding.message, "    "))
            print(_wrapped(f"Fix: {finding.fix}", "    ", "         "))


_TITLES = {
    Severity.ERROR: "ERRORS: what is wrong",
    Severity.WARNING: "WARNINGS: what misleads",
    Severity.ADVICE: "ADVICE: what would be better",
}


def _count(severity: Severity, n: int) -> str:
    if severity is Severity.ADVICE:
        return f"{n} advice"
    return f"{n} {severity.value}{'' if n == 1 else 's'}"


def _adopt(arguments: argparse.Namespace) -> int:
    document = reading.read(arguments.file)
    proposals = bind.propose(sentences(document))
    if not any(each.normative for each in proposals):
        raise Malformed(
            f"{arguments.file.name}: no sentence in it promises anything",
            "check that this is the policy, and not its cover page or a letter about it",
        )
    if arguments.json:
        output.print_stream(map(_as_line, proposals))
    else:
        _say_proposals(arguments.file, proposals)
    return 0


def _as_line(proposal: Proposal) -> dict[str, object]:
    return {
        "line": proposal.line,
        "sentence": proposal.sentence,
        "normative": proposal.normative,
        "promise": proposal.promise,
        "binding": proposal.binding.value if proposal.binding else None,
        "confidence": proposal.confidence,
    }


def _say_proposals(file: Path, proposals: Sequence[Proposal]) -> None:
    normative = [each for each in proposals if each.normative]
    width = _width(WIDEST + 20)
    print(f"{file}: {len(proposals)} sentences, {len(normative)} of them promise something\n")
    head = f"{'line':>5}  {'promise':<7}  {'binding':<10}  sure  "
    print(f"{head}sentence")
    for each in normative:
        row = f"{each.line:>5}  {each.promise or '?':<7}  {each.binding.value if each.binding else '?':<10}  {each.confidence:>4.0%}  "
        print(
            textwrap.fill(
                each.sentence,
                width,
                initial_indent=row,
                subsequent_indent=" " * len(head),
                max_lines=2,
                placeholder=" …",
            )
        )
    print()
    print(_wrapped(f"Not promised here: {', '.join(_missing(normative)) or 'nothing'}.", ""))
    print(
        _wrapped(
            "These are proposals. Confirm or change each of them on the policy page; “?” means that no promise fits well.",
            "",
        )
    )


def _missing(normative: Iterable[Proposal]) -> list[str]:
    kept = {each.promise for each in normative}
    return [promise for promise in PROMISES if promise not in kept]


def _width(widest: int = WIDEST) -> int:
    columns = shutil.get_terminal_size((widest, 24)).columns if sys.stdout.isatty() else widest
    return max(NARROWEST, min(widest, columns))


def _wrapped(text: str, indent: str, hanging: str | None = None) -> str:
    return textwrap.fill(
        text, _width(), initial_indent=indent, subsequent_indent=hanging if hanging is not None else indent
    )
