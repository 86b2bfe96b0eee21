"""Which of our plugins a ledger lists, and whether the checks come last among them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from beanscrow.checks.directives import Written
from beanscrow.checks.findings import problem
from beanscrow.checks.reasons import TERMS_ALONE
from beanscrow.deal.problems import Position, Problem

PLUGINS = "beanscrow.plugins."
CHECKS = f"{PLUGINS}checks"
_STEPS = {
    f"{PLUGINS}escrow": ("escrow",),
    f"{PLUGINS}stakes": ("stakes",),
    CHECKS: ("checks",),
    f"{PLUGINS}deals": ("escrow", "stakes", "checks"),
}


def steps(options: Mapping[str, Any]) -> list[str]:
    """Return what our plugins do in the order a ledger lists them."""
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


def too_early(options: Mapping[str, Any], ran: Collection[str]) -> Problem | None:
    """Return the error of checks listed before what they check, None where they are not.

    Args:
      ran: The plugins that have booked in this load ("escrow", "stakes").
    """
    listed = steps(options)
    later = [
        f"{PLUGINS}{step}"
        for step in ("escrow", "stakes")
        if step in listed and step not in ran
    ]
    if not later:
        return None
    return problem(
        listed_at(options, CHECKS),
        "E612",
        f"{CHECKS} stands before {' and '.join(later)}, which book what it checks; list it "
        f"after, or list {PLUGINS}deals alone",
    )


def twice(options: Mapping[str, Any]) -> Problem:
    """Return the error of checks that have run in this load already."""
    return problem(
        listed_at(options, CHECKS, f"{PLUGINS}deals"),
        "E613",
        f"{CHECKS} is listed twice, alone or within {PLUGINS}deals; list it once",
    )


def nobody_books(options: Mapping[str, Any], written: Written) -> Problem | None:
    """Return the error of directives in a ledger that lists no plugin to book them."""
    if "escrow" in steps(options):
        return None
    facts = [d.at for d in written.all() if d.name not in TERMS_ALONE]
    if not facts:
        return None
    return problem(
        min(facts),
        "E614",
        f"{len(facts)} directives of deals, this the first, are booked by no plugin; add "
        f'`plugin "{PLUGINS}deals"` to the ledger itself (a plugin line in an included '
        "file has no effect)",
    )
