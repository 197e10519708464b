"""What the commands that other programs call by the thousand may cost."""

import json
import resource
import subprocess
import sys
from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schoolgate.gate import keys
from vector_files import release_of_the_vectors

# Two seconds is what we promise for 10,000 lines after start; start itself may take 0.3.
PROMISED_SECONDS = 2.0
START_SECONDS = 0.3


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("school")
    key: Ed25519PrivateKey = keys.create(folder / "keys")
    release_of_the_vectors(folder, key)
    return folder / "releases"


def processor_seconds(arguments: Sequence[str], data: str) -> tuple[float, list[str]]:
    """Run the program; return the processor time that it took, and its lines."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "schoolgate.cli", *arguments],
        input=data,
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, done.stdout.splitlines()


def asks(n: int) -> str:
    hosts = ("www.games.test", "bigwins-casino.test", "library.test", "unknown.test")
    return "".join(
        json.dumps({"url": f"http://{number}.{hosts[number % 4]}/a/{number}?q=x", "profile": "ks2"}) + "\n"
        for number in range(n)
    )


def test_a_verdict_starts_within_its_time(releases):
    seconds = min(processor_seconds(["verdict", "--release", str(releases), "--stdin"], asks(1))[0] for _ in range(3))
    assert seconds < START_SECONDS


def test_ten_thousand_verdicts_take_less_than_promised(releases):
    seconds, lines = processor_seconds(["verdict", "--release", str(releases), "--stdin"], asks(10_000))
    assert len(lines) == 10_000
    assert seconds < PROMISED_SECONDS + START_SECONDS


def test_ten_thousand_addresses_take_less_than_promised():
    data = "".join(f"HTTP://User@{number}.Example{number % 900}.co.uk./%7E{number}\n" for number in range(10_000))
    seconds, lines = processor_seconds(["url", "--stdin"], data)
    assert json.loads(lines[41])["canonical"] == "http://41.example41.co.uk/~41"
    assert len(lines) == 10_000
    assert seconds < PROMISED_SECONDS + START_SECONDS


@pytest.mark.parametrize("command", ["url", "verdict", "lists", "release"])
def test_the_gates_commands_load_no_django(command):
    program = (
        "import sys; from schoolgate.cli import main; main.load(sys.argv[1]); "
        "import schoolgate.gate.release.build; print(sorted(name for name in sys.modules if name.startswith('django')))"
    )
    done = subprocess.run([sys.executable, "-c", program, command], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
