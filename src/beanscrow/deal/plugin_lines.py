"""The plugin lines of a ledger: which of ours it lists, in what order, and where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from beanscrow.deal.problems import Position

PREFIX = "beanscrow.plugins."
ESCROW = f"{PREFIX}escrow"
STAKES = f"{PREFIX}stakes"
CHECKS = f"{PREFIX}checks"
DEALS = f"{PREFIX}deals"
_STEPS = {
    ESCROW: ("escrow",),
    STAKES: ("stakes",),
    CHECKS: ("checks",),
    DEALS: ("escrow", "stakes", "checks"),
}


def steps(options: Mapping[str, Any]) -> list[str]:
    """Return what our plugins do, in the order a ledger lists them."""
    return [
        step for name, _ in options.get("plugin") or () for step in _STEPS.get(name, ())
    ]


def listed_at(options: Mapping[str, Any], *names: str) -> Position:
    """Return the line of the last plugin line that names one of these modules.

    The options map does not keep the lines, so the ledger's text is asked; where
    there is no file the ledger's first line is named.
    """
    filename = str(options.get("filename") or "<ledger>")
    lineno = 1
    try:
        with open(filename, encoding="utf-8") as file:
            text = file.read()
    except (OSError, ValueError):
        return Position(filename, lineno)
    wanted = "|".join(re.escape(name) for name in names)
    for match in re.finditer(rf'^[ \t]*plugin[ \t]+"(?:{wanted})"', text, re.MULTILINE):
        lineno = text.count("\n", 0, match.end()) + 1
    return Position(filename, lineno)
