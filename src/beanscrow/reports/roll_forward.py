"""The roll-forward of the contract liability (the startup's prepaid) by tranche and period.

Opening + additions - recognised - breakage - forfeited + moved = closing
(606-10-50-8; IFRS 15.116).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from beanscrow.booking.daybook import Daybook
from beanscrow.periods import Interval, Period, periods
from beanscrow.policy.schedule import Schedule
from beanscrow.reports.movements import ZERO, Movement, even, movements, promised, until

TOTAL = ""


class RollForward(NamedTuple):
    """The roll-forward of one tranche, or one promise to spend, in one period.

    In the functional currency.

    A balance is positive where compute is owed for what was received; negative
    where consideration was paid to the customer beyond it.

    Attributes:
      deal, tranche: "" in a total.
      period: As people write it ("2024-Q1"); `first` and `last` day inclusive.
      opening: Balance at the start of the first day; that of credits granted before
        these books begin counts as opening in the period they are brought in.
      additions: Price allocated at contract events of the period, and interest on what
        was paid for in advance.
      recognised: Released by draws; negative where refunds took back more.
      breakage: Released by expiry and by expected breakage; negative where a change
        in estimate took back.
      forfeited: Released by credits given up, or by a contract settled because control
        was gained: what is owed since is intra-group.
      moved: Came from other tranches in a blend; negative for what went out.
      from_opening: Part of recognised and breakage that was in the opening balance
        (606-10-50-8(b); IFRS 15.116(b)).
    """

    deal: str
    tranche: str
    period: str
    first: datetime.date
    last: datetime.date
    currency: str
    opening: Decimal
    additions: Decimal
    recognised: Decimal
    breakage: Decimal
    forfeited: Decimal
    moved: Decimal
    closing: Decimal
    from_opening: Decimal


def roll_forward(
    daybook: Daybook,
    interval: Interval = "quarter",
    day: datetime.date | None = None,
) -> list[RollForward]:
    """Return the roll-forward of every tranche that carries a balance.

    Periods without a balance and without a movement are left out.

    Args:
      interval: month, quarter or year of the calendar.
      day: Last day that counts, inclusive; None for all that is booked.
    Returns:
      Rows by period, deal and tranche; in each the parts add up to `closing`, which
      is the next period's `opening` of that tranche.
    """
    rows = [
        row
        for schedule in daybook.schedules.values()
        for row in _of_deal(schedule, interval, day)
    ]
    return sorted(rows, key=lambda row: (row.first, row.deal, row.tranche))


def totals(rows: Iterable[RollForward]) -> list[RollForward]:
    """Return one row a period with the sums over its deals and tranches."""
    sums: dict[datetime.date, RollForward] = {}
    for row in rows:
        found = sums.get(row.first)
        alone = row._replace(deal=TOTAL, tranche=TOTAL)
        sums[row.first] = alone if found is None else _added(found, row)
    return [sums[first] for first in sorted(sums)]


_AMOUNTS = (
    "opening", "additions", "recognised", "breakage", "forfeited", "moved", "closing",
    "from_opening",
)  # fmt: skip


def _added(row: RollForward, other: RollForward) -> RollForward:
    sums = {name: getattr(row, name) + getattr(other, name) for name in _AMOUNTS}
    return row._replace(**sums)


def _of_deal(
    schedule: Schedule, interval: Interval, day: datetime.date | None
) -> Iterable[RollForward]:
    every = [*movements(schedule), *promised(schedule)]
    moves = [move for move in until(every, day) if move.parts]
    if not moves:
        return
    last = min(schedule.through, day) if day else schedule.through
    balances: dict[str, Decimal] = {}
    moves.sort(key=lambda move: move.date)
    taken = 0
    for period in periods(moves[0].date, max(last, moves[-1].date), interval):
        cut = period._replace(last=min(period.last, last))
        start = taken
        while taken < len(moves) and moves[taken].date <= period.last:
            taken += 1
        book = _Book(dict(balances))
        for move in moves[start:taken]:
            book.post(move)
        for tranche in sorted(book.tranches()):
            row = book.row(schedule, tranche, period, cut.last)
            balances[tranche] = row.closing
            if row.opening or row.closing or tranche in book.parts:
                yield row


class _Book:
    """One period of one deal: what opened it, and what moved by cause.

    What is recognised comes out of the opening balance before anything newer, and a
    blend carries what is left of it along.
    """

    def __init__(self, opening: dict[str, Decimal]) -> None:
        self.opening = opening
        self.parts: dict[str, dict[str, Decimal]] = {}
        self._opened = dict(opening)
        self._in_transit = ZERO

    def tranches(self) -> set[str]:
        return set(self.opening) | set(self.parts)

    def post(self, move: Movement) -> None:
        parts = self.parts.setdefault(move.tranche, {})
        for cause, amount in move.parts:
            parts[cause] = parts.get(cause, ZERO) + amount
            if cause == "opening":
                self._bring(move.tranche, amount)
            elif cause == "moved" and move.into is not None:
                left = self._opened.get(move.tranche, ZERO) - self.used(move.tranche)
                self._in_transit = max(ZERO, min(left, -amount))
                self._bring(move.tranche, -self._in_transit)
            elif cause == "moved":
                self._bring(move.tranche, self._in_transit)

    def _bring(self, tranche: str, amount: Decimal) -> None:
        self._opened[tranche] = self._opened.get(tranche, ZERO) + amount

    def used(self, tranche: str) -> Decimal:
        """Return what is recognised of the opening balance so far."""
        parts = self.parts.get(tranche, {})
        recognised = -parts.get("recognised", ZERO) - parts.get("breakage", ZERO)
        return max(ZERO, min(self._opened.get(tranche, ZERO), recognised))

    def row(
        self, schedule: Schedule, tranche: str, period: Period, last: datetime.date
    ) -> RollForward:
        parts = self.parts.get(tranche, {})
        opening = self.opening.get(tranche, ZERO) + parts.get("opening", ZERO)
        additions = parts.get("addition", ZERO)
        recognised = -parts.get("recognised", ZERO)
        breakage = -parts.get("breakage", ZERO)
        forfeited = -parts.get("forfeited", ZERO)
        moved = parts.get("moved", ZERO)
        closing = opening + additions - recognised - breakage - forfeited + moved
        amounts = even(
            opening,
            additions,
            recognised,
            breakage,
            forfeited,
            moved,
            closing,
            self.used(tranche),
        )
        return RollForward(
            schedule.deal,
            tranche,
            period.name,
            period.first,
            last,
            schedule.currency,
            *amounts,
        )
