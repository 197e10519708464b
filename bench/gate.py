"""Measure the gate beside Debian's Squid: `python -m bench.gate`.

Every case is measured in every round, one after the other, so that whatever
else the machine does falls on all of them alike. Ratios are taken within a
round. Prints a table; `--json` prints everything that was measured.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.processes import Program, free_port
from schoolgate.gate import board, keys
from schoolgate.gate.core.who import Board, Device, Grant
from schoolgate.gate.lists import importing
from schoolgate.gate.release.build import build

HERE = Path(__file__).parent
N_HOSTS = 64
POLICY = """
[school]
name = "Bench"
time_zone = "Europe/London"
[statements]
NET-2 = "Every site is covered by the filter."
[profiles.no-internet]
label = "No internet"
[profiles.ks2]
label = "Years 3 to 6"
default = "allow"
block = ["gambling", "adult.*", "games", "social", "malware", "proxy", "vpn"]
[[help]]
site = "help.test"
title = "a help line"
"""


@dataclass(frozen=True)
class Case:
    """One thing to measure: what is asked, over how many connections, and whether every address is new."""

    program: str
    connections: int
    page: str
    is_new: bool = False

    @property
    def label(self) -> str:
        return f"{self.program}{', every address new' if self.is_new else ''}"


@dataclass(frozen=True)
class Measured:
    """What one run of one case gave."""

    case: Case
    round: int
    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    cpu_us_per_request: float
    memory_mb: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="a run")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="of the gate")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with ut1-*.tar.gz")
    parser.add_argument("--quick", action="store_true", help="32 connections and the small page only")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    for needed in ("wrk", "nginx", "squid"):
        if shutil.which(needed, path=os.environ["PATH"] + ":/usr/sbin") is None:
            print(f"error: {needed} is not installed\nhint: apt-get install wrk nginx squid-openssl", file=sys.stderr)
            return 2
    if os.geteuid() != 0:
        print("error: this measures Squid as Debian runs it, and that needs root to start", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="schoolgate-bench-")))
        folder.chmod(0o777)  # Squid gives up root and still writes its pid and log here
        programs = started(folder, arguments, stack)
        rows = [
            measured(programs, case, number, arguments.seconds)
            for number in range(arguments.rounds)
            for case in cases(arguments.quick, rotated_by=number)
        ]
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows]))
    else:
        print(table(rows))
    return 0


def cases(quick: bool, *, rotated_by: int) -> list[Case]:
    """The cases in the order of one round; each round begins with another program, so that none always comes first."""
    found = []
    for page in ["1k"] if quick else ["1k", "30k"]:
        for connections in [32] if quick else [1, 32, 256]:
            programs = ["gate", "squid", "squid2", "direct"]
            rotated = programs[rotated_by % 4 :] + programs[: rotated_by % 4]
            found += [Case(program, connections, page) for program in rotated]
            if connections == 32 and page == "1k":
                found.append(Case("gate", connections, page, is_new=True))
    return found


def started(folder: Path, arguments: argparse.Namespace, stack: ExitStack) -> dict[str, Program]:
    """Start the origin and the proxies, each with files of its own in *folder*."""
    origin_port, squid_port, squid2_port, gate_port = (free_port() for _ in range(4))
    (folder / "pages").mkdir()
    for name, size in (("1k", 1024), ("30k", 30 * 1024)):
        line = b"<p>The quick brown fox jumps over the lazy dog, again and again.</p>\n"
        (folder / "pages" / f"{name}.html").write_bytes((line * (size // len(line) + 1))[:size])
    (folder / "hosts").write_text("".join(f"127.0.0.1 h{number}.bench.test\n" for number in range(N_HOSTS)))
    (folder / "nginx.conf").write_text((HERE / "nginx.conf").read_text().format(folder=folder, port=origin_port))
    commands = {
        "direct": (["/usr/sbin/nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.err")], origin_port)
    }
    for name, port, workers in (("squid", squid_port, 1), ("squid2", squid2_port, 2)):
        own = folder / name
        own.mkdir()
        own.chmod(0o777)
        shutil.copy(folder / "hosts", own)
        text = (HERE / "squid.conf").read_text().format(folder=own, port=port, workers=workers)
        (own / "squid.conf").write_text(text)
        service = f"bench{os.getpid()}{name}"
        commands[name] = (["/usr/sbin/squid", "--foreground", "-n", service, "-f", str(own / "squid.conf")], port)
    commands["gate"] = (gate_command(folder, arguments, gate_port), gate_port)
    (folder / "gate-hosts").write_text(f"*.bench.test 127.0.0.1:{origin_port}\n")
    programs = {}
    for name, (command, port) in commands.items():
        programs[name] = Program(name, command, port)
        stack.callback(programs[name].stop)
    return programs


def gate_command(folder: Path, arguments: argparse.Namespace, port: int) -> list[str]:
    """Build a release and a board; return the command that runs the gate with them."""
    now = datetime.now(UTC)
    key = keys.create(folder / "keys")
    found = sorted(arguments.data.glob("ut1-*.tar.gz"))
    if found:
        importing.take(found[-1], importing.discovered()["ut1"], folder / "lists", now)
    else:
        made = folder / "made.txt"
        made.write_text("".join(f"n{number}.example\n" for number in range(500_000)))
        importing.take(made, importing.discovered()["domains"], folder / "lists", now, category="gambling")
    (folder / "policy.toml").write_text(POLICY)
    build(folder / "lists", folder / "policy.toml", folder / "releases", key, now)
    grants, devices = {"p": Grant("ks2", None, "signed", "")}, {"127.0.0.1": Device("d", "", "p")}
    board.publish(Board(1, now, grants, devices), folder / "board", key)
    program = "import sys; from schoolgate.cli.main import main; sys.exit(main())"
    return [
        sys.executable, "-c", program, "gate", "--releases", str(folder / "releases"), "--board", str(folder / "board"),
        "--keys", str(folder / "keys"), "--spool", str(folder / "spool"), "--hosts", str(folder / "gate-hosts"),
        "--listen", f"127.0.0.1:{port}", "--workers", str(arguments.workers),
    ]  # fmt: skip


def measured(programs: dict[str, Program], case: Case, number: int, seconds: int) -> Measured:
    """Load one program for *seconds*, after a short run that nobody counts."""
    program = programs[case.program]
    origin_port = programs["direct"].port
    mode = "direct" if case.program == "direct" else "proxy"
    load = [
        "wrk", "-t1", f"-c{case.connections}", "-s", str(HERE / "proxy.lua"), f"http://127.0.0.1:{program.port}/",
        "--", f"/{case.page}.html", mode, str(origin_port), str(N_HOSTS), "new" if case.is_new else "same",
    ]  # fmt: skip
    subprocess.run([*load[:3], "-d1s", *load[3:]], check=True, capture_output=True)
    before = program.cpu_seconds()
    out = subprocess.run([*load[:3], f"-d{seconds}s", *load[3:]], check=True, capture_output=True, text=True).stdout
    used = program.cpu_seconds() - before
    result = json.loads(out.partition("RESULT ")[2])
    return Measured(
        case,
        number,
        result["requests"] / result["seconds"],
        result["p50_ms"],
        result["p99_ms"],
        result["errors"],
        used / max(1, result["requests"]) * 1e6,
        program.memory_mb(),
    )


def table(rows: list[Measured]) -> str:
    """The measurements as a Markdown table: medians with (least to most), and the ratio to Squid within each round."""
    squid = {
        (row.round, row.case.connections, row.case.page): row.per_second for row in rows if row.case.program == "squid"
    }
    lines = [
        "| page | connections | what | requests a second | of Squid | p50 ms | p99 ms | processor µs a request | memory MB | errors |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for case in dict.fromkeys(row.case for row in rows):
        mine = [row for row in rows if row.case == case]
        rates = [row.per_second for row in mine]
        ratios = [row.per_second / squid[row.round, case.connections, case.page] for row in mine]
        cpu = "" if case.program == "direct" else f"{statistics.median(row.cpu_us_per_request for row in mine):.0f}"
        lines.append(
            f"| {case.page} | {case.connections} | {case.label} "
            f"| {statistics.median(rates):,.0f} ({min(rates):,.0f}–{max(rates):,.0f}) "
            f"| {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) "
            f"| {statistics.median(row.p50_ms for row in mine):.1f} | {statistics.median(row.p99_ms for row in mine):.1f} "
            f"| {cpu} | {max(row.memory_mb for row in mine):.0f} | {sum(row.errors for row in mine)} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
