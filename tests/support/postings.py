"""Postings of a booked ledger, with nothing left to be filled in."""

from __future__ import annotations

from decimal import Decimal

from beancount.core.data import Posting
from beancount.core.position import Cost


def units_of(posting: Posting) -> tuple[Decimal, str]:
    """Return the number and commodity of a posting, which booking has completed."""
    units = posting.units
    assert units is not None and isinstance(units.number, Decimal)
    return units.number, units.currency


def cost_of(posting: Posting) -> Cost | None:
    """Return the cost of a posting's lot, or None where it holds none."""
    assert posting.cost is None or isinstance(posting.cost, Cost)
    return posting.cost
