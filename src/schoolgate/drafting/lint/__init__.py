"""Find what is wrong with a policy: rules, one file each in `rules`, found by their folder."""

import importlib
import pkgutil
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Protocol

from schoolgate.drafting.document import Document
from schoolgate.drafting.lint import rules
from schoolgate.drafting.lint.case import Case, Finding, Severity

__all__ = ["Case", "Finding", "Rule", "Severity", "lint", "registered"]


class Rule(Protocol):
    """What a module in `rules` offers.

    Attributes:
        ID: stable, words joined by hyphens; the reference page has a section of this name.
        SEVERITY: how much it matters.
        ABOUT: one line for the list of rules.
    """

    ID: str
    SEVERITY: Severity
    ABOUT: str

    def find(self, case: Case) -> Iterable[Finding]: ...


@cache
def registered() -> tuple[Rule, ...]:
    """Every rule, in alphabetical order of its file."""
    names = sorted(module.name for module in pkgutil.iter_modules(rules.__path__))
    return tuple(importlib.import_module(f"{rules.__name__}.{name}") for name in names)


def lint(document: Document, today: date) -> tuple[Finding, ...]:
    """Return what is wrong with *document* on *today*, the worst first, then by line."""
    case = Case.of(document, today)
    found = {finding for rule in registered() for finding in rule.find(case)}
    return tuple(sorted(found, key=lambda each: (each.severity.rank, each.line, each.rule, each.message)))
