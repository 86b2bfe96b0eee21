"""Ledgers whose generated entries are written by hand, so that no engine is needed.

A generated transaction names its directive by label: `lineno: @grant` in the
transaction, `; @grant` at the end of the directive's line.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import NamedTuple

from beancount import loader

from beanscrow.checks.examine import Counts, examine
from beanscrow.deal.problems import Problem

_LABEL = re.compile(r"; (@[\w-]+)$")

PREAMBLE = """\
plugin "beancount.plugins.auto_accounts"
plugin "beanscrow.plugins.checks"
"""


class Examined(NamedTuple):
    """A ledger and what the checks say of it.

    Attributes:
      errors: Messages of Beancount and of the checks plugin.
      labels: Line of each label.
    """

    errors: list[str]
    problems: list[Problem]
    counts: Counts
    labels: dict[str, int]

    @property
    def codes(self) -> list[str]:
        """Codes of everything found, in order of line."""
        return [found.code for found in self.problems]

    def told(self, code: str) -> Problem:
        """Return the only problem of a code."""
        (found,) = [found for found in self.problems if found.code == code]
        return found


def resolve(text: str) -> tuple[str, dict[str, int]]:
    """Return a ledger's text with its labels as line numbers, and where they stand."""
    lines = (PREAMBLE + inspect.cleandoc(text)).splitlines()
    labels = {}
    for number, line in enumerate(lines, 1):
        match = _LABEL.search(line)
        if match:
            labels[match[1]] = number
    resolved = [
        re.sub(r"lineno: (@[\w-]+)", lambda match: f"lineno: {labels[match[1]]}", line)
        for line in lines
    ]
    return "\n".join(resolved) + "\n", labels


def examined(text: str) -> Examined:
    """Return what Beancount, the checks plugin and the checks say of a ledger."""
    resolved, labels = resolve(text)
    entries, errors, options = loader.load_string(resolved)
    found = examine(entries, options, findings=True)
    return Examined([e.message for e in errors], found.problems, found.counts, labels)


def changed(text: str, changes: Mapping[str, str]) -> str:
    """Return a text with parts replaced, each of which must stand in it exactly once."""
    for old in changes:
        assert text.count(old) == 1, f"{text.count(old)} times in the ledger: {old}"
    parts = re.compile("|".join(re.escape(old) for old in changes))
    return parts.sub(lambda match: changes[match[0]], text)
