"""A fault of our own, told at the line of the deal or fleet it keeps from being booked."""

from __future__ import annotations

import traceback

from beanscrow.deal.problems import Position, Problem


def fault(at: Position, what: str, deal: str = "") -> Problem:
    """Return the report of the exception being handled: its place, and no traceback.

    Args:
      what: What is not booked because of it.
      deal: Whose it is; empty for a fleet, or the whole ledger.
    """
    last = traceback.format_exc().strip().splitlines()
    frames = [line.strip() for line in last if line.strip().startswith("File")]
    place = frames[-1].partition(", ")[2] if frames else ""
    return Problem(
        at,
        "E599",
        f"{what} could not be booked because of a fault of beanscrow's own "
        f"({last[-1]}; {place}); please report it with this line",
        deal,
    )
