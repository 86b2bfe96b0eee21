"""Whether the checks come last among our plugins, and somebody books what they check."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from beanscrow.checks.directives import Written
from beanscrow.checks.findings import problem
from beanscrow.checks.reasons import TERMS_ALONE
from beanscrow.deal.plugin_lines import CHECKS, DEALS, PREFIX, listed_at, steps
from beanscrow.deal.problems import Position, Problem


def too_early(options: Mapping[str, Any], ran: Collection[str]) -> Problem | None:
    """Return the error of checks listed before what they check, None where they are not.

    Args:
      ran: The plugins that have booked in this load ("escrow", "stakes").
    """
    listed = steps(options)
    later = [
        f"{PREFIX}{step}"
        for step in ("escrow", "stakes")
        if step in listed and step not in ran
    ]
    if not later:
        return None
    return problem(
        listed_at(options, CHECKS),
        "E612",
        f"{CHECKS} stands before {' and '.join(later)}, which book what it checks; list it "
        f"after, or list {DEALS} alone",
    )


def twice(options: Mapping[str, Any]) -> Problem:
    """Return the error of checks that have run in this load already."""
    return problem(
        listed_at(options, CHECKS, DEALS),
        "E613",
        f"{CHECKS} is listed twice, alone or within {DEALS}; list it once",
    )


def nothing_written(ledger: str) -> Problem:
    """Return the finding that a ledger holds nothing, so nothing is checked.

    An empty file is sound to Beancount; silence would be taken for a check of the books.
    """
    return problem(
        Position(ledger, 1),
        "F653",
        "nothing stands in this ledger, so nothing was checked; look whether it is the right "
        "file, and whole",
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
        f'`plugin "{DEALS}"` to the ledger itself (a plugin line in an included '
        "file has no effect)",
    )
