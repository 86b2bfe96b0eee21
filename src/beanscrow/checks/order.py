"""The order of events within one day, read off the entries themselves.

Beancount sorts the entries of a day by line number over all files, and files and
lines never decide in the language.  What an entry does to the credits says which
phase of the day it belongs to: contract events, amendments, usage, refunds,
forfeitures, expiries.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

_ZERO = Decimal(0)

GRANT, MOVE, AMEND, DRAW, REFUND, FORFEIT, EXPIRY, NATIVE_OUT = range(8)
_BY_SOURCE = {
    "deal-amend": AMEND,
    "deal-usage": DRAW,
    "deal-forfeit": FORFEIT,
    "deal-commitment-end": FORFEIT,
}


class Event(NamedTuple):
    """One entry and what it does to the accounts looked at.

    Attributes:
      phase: Where in its day it stands; see `phase_of`.
      row: Where it stands among the ledger's entries; settles what is left open.
      changes: By account or state, positive for more.
      back: Whether it gives back what was drawn earlier in its day: the share of a
        tranche in a day's draws can fall as they grow (2.5.1).
    """

    date: datetime.date
    phase: int
    row: int
    entry: Any
    changes: Mapping[str, Decimal]
    back: bool = False


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return events as they happen: by day, then phase of the day."""
    return sorted(events, key=lambda event: event[:3])


def judged(events: Iterable[Event]) -> Iterator[tuple[Event, bool]]:
    """Yield events as they happen, and whether what stands after each was ever so.

    Where a draw gives back what another took, entries do not say which came first;
    then the draws of the day count as one.
    """
    for _, same in groupby(in_order(events), key=lambda event: event[:2]):
        group = list(same)
        together = any(event.back for event in group)
        for event in group:
            yield event, not together or event is group[-1]


def phase_of(
    credits: Mapping[str, Decimal],
    source: str = "",
    *,
    native_out: bool = False,
    draws: bool = False,
) -> int:
    """Return the phase of the day an entry belongs to.

    Args:
      credits: What it does to each state of the credits, positive for more.
      source: Type of the directive it comes from; decides where no credits move.
      native_out: Whether it is the user's own and takes money out of escrow; then
        it comes last, since nothing says when it happened.
      draws: Whether it comes from usage that draws, of which a part may give back.
    """
    if native_out:
        return NATIVE_OUT
    drawn = credits.get("Drawn", _ZERO)
    if credits.get("Granted"):
        return GRANT
    if credits.get("Moved"):
        return MOVE
    if drawn:
        return DRAW if drawn > 0 or draws else REFUND
    if credits.get("Forfeited"):
        return FORFEIT
    if credits.get("Expired"):
        return EXPIRY
    return _BY_SOURCE.get(source, GRANT)
