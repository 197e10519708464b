"""The `schoolgate` program: finds the command, runs it, and turns errors into words and exit codes."""

import argparse
import errno
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import NoReturn, Protocol

import schoolgate
from schoolgate.cli import commands
from schoolgate.kernel.errors import Malformed, Refused

YES, NO, WRONG = 0, 1, 2
WEB_PACKAGES = frozenset({"django", "allauth", "uvicorn"})  # what `schoolgate[web]` brings and a gate box does not have


class Command(Protocol):
    """What a module in `cli/commands` offers."""

    SUMMARY: str

    def configure(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, arguments: argparse.Namespace) -> int: ...


class Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong the way every command does."""

    def error(self, message: str) -> NoReturn:
        raise SystemExit(_say(message, f"see `{self.prog} --help`", code=WRONG))


def names() -> list[str]:
    """The commands, in alphabetical order."""
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))


def load(name: str) -> Command:
    """Import one command. Python files cannot hold a hyphen, so `-` stands for `_`."""
    module: Command = importlib.import_module(f"{commands.__name__}.{name.replace('-', '_')}")
    return module


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 yes, 1 a clear no, 2 wrong usage or bad input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in {"-h", "--help"}:
        print(_overview())
        return YES if words else WRONG
    if words[0] == "--version":
        print(f"schoolgate {schoolgate.__version__}")
        return YES
    name = words[0]
    if name.replace("-", "_") not in names():
        return _say(f"there is no command `{name}`", "`schoolgate --help` lists them", code=WRONG)
    command = load(name)
    parser = Parser(prog=f"schoolgate {name}", description=command.SUMMARY)
    command.configure(parser)
    try:
        return command.run(parser.parse_args(words[1:]))
    except (Malformed, Refused) as error:
        return tell(error)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in WEB_PACKAGES:
            raise
        return _say(
            f"`schoolgate {name}` needs the part with pages and records, which is not installed here",
            "install it: pip install 'schoolgate[web]'",
            code=WRONG,
        )
    except BrokenPipeError:
        # The reader (`head`, say) has what it wanted; Python must not complain again when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return YES
    except OSError as error:
        # A file that is not there or may not be read, a full disk, a folder in the way: matters of the computer.
        if error.filename is None and error.errno != errno.ENOSPC:
            raise
        where = f"{error.filename}: " if error.filename is not None else ""
        return _say(f"{where}{(error.strerror or 'cannot be read').lower()}", "", code=WRONG)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if type(error).__module__ != "django.db.utils":  # known by its name: Django is not imported for this
            raise
        return _say(
            f"the school's database cannot be used: {error}",
            "bring it up to date with `schoolgate manage migrate`, then ask `schoolgate doctor`",
            code=WRONG,
        )


def tell(error: Malformed | Refused) -> int:
    """Say an error to the person at the terminal and return the exit code that it stands for."""
    return _say(str(error), error.hint, code=WRONG if isinstance(error, Malformed) else NO)


def _overview() -> str:
    rows = [f"  {name.replace('_', '-'):<12} {load(name).SUMMARY}" for name in names()]
    return "\n".join(
        ["A school's online safety policy, running.", "", "usage: schoolgate COMMAND [OPTION ...]", "", *rows, ""]
        + ["`schoolgate COMMAND --help` tells more; docs/reference/commands has a page for each."]
    )


def _say(message: str, hint: str, *, code: int) -> int:
    print(f"error: {message}", file=sys.stderr)
    if hint:
        print(f"hint: {hint}", file=sys.stderr)
    return code
