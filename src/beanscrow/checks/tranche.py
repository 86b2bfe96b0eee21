"""I3 to I5 of one tranche: its credits add up, none is owed twice, none drawn out of time.

Granted = Held + Drawn + Expired + Forfeited + Moved at every date; no state of the
credits below zero after any event of any day, so that drawn is never more than
granted and moved in; nothing drawn before the tranche may be used or after it has
lapsed.

The columns of a tranche are summed in the order of the entries, which only raises
suspicion.  A tranche under suspicion is gone through event by event, in the order the
language gives a day, and only that second look accuses.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from beanscrow.checks.accounts import LEAVES, Place
from beanscrow.checks.columns import Column
from beanscrow.checks.directives import Directive, Written
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem_at
from beanscrow.checks.order import Event, judged
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)
_FIRST_DAY = datetime.date.min
_LAST_DAY = datetime.date.max


class Window(NamedTuple):
    """Days a tranche may be drawn on, inclusive; in force from `since` on."""

    since: datetime.date
    first: datetime.date
    last: datetime.date


class Tranche:
    """Credits of one tranche, as its accounts hold them.

    Attributes:
      grant: Directive that grants it, None where no directive does.
      windows: When it may be drawn, by the day each comes into force.
      columns: Its accounts, by the state of credits they hold.
      entries: Those that move its credits, in the order of the ledger.
      suspect: Whether it must be gone through event by event; set by whoever sees
        an entry that does not move credits from one state of it to another.
    """

    def __init__(
        self, place: Place, grants: list[Directive], windows: list[Window]
    ) -> None:
        amount = grants[0].amount(1) if grants else None
        self.deal = place.deal
        self.name = place.tranche
        self.provider = place.side == "provider"
        self.commodity = amount.currency if amount else ""
        self.grant = grants[0] if grants else None
        self.windows = windows
        self.columns: dict[str, Column] = {}
        self.entries: list[Any] = []
        self.suspect = False
        self._days: dict[datetime.date, tuple[Decimal, bool]] = {}
        self._dates: list[datetime.date] = []

    def column(self, account: str, place: Place) -> Column:
        """Return the column of one of its accounts, made when it is first met."""
        positive = self.provider is (place.leaf == "Granted")
        # Credits nobody granted have no commodity to compare with: all are strange.
        currency = self.commodity or "?"
        column = Column(account, place, positive, currency, self)
        self.columns[place.leaf] = column
        return column

    @property
    def held(self) -> Decimal:
        """Credits that may still be drawn."""
        column = self.columns.get("Held")
        return column.balance() if column else _ZERO

    def moves(self) -> Iterator[tuple[str, Decimal, Any]]:
        """Yield state, number and entry of each posting of its credits.

        The number is in the sense of the state: more held, more drawn is positive.
        """
        by_account = {column.account: column for column in self.columns.values()}
        for entry in self.entries:
            for posting in entry.postings:
                column = by_account.get(posting.account)
                number = getattr(posting.units, "number", None)
                if column is None or not isinstance(number, Decimal):
                    continue
                if posting.units.currency == self.commodity:
                    yield column.leaf, column.own(number), entry

    def after(self, day: datetime.date) -> tuple[Decimal, bool]:
        """Return what is held after a day, and whether credits came back on it.

        To be asked once all entries are in: the days are added up the first time.
        """
        if not self._days:
            held = _ZERO
            for leaf, number, entry in self.moves():
                if leaf == "Held":
                    held += number
                back = leaf == "Drawn" and number < 0
                before = self._days.get(entry.date, (_ZERO, False))
                self._days[entry.date] = held, before[1] or back
            self._dates = list(self._days)
        at = bisect_right(self._dates, day)
        if not at:
            return _ZERO, False
        held, back = self._days[self._dates[at - 1]]
        return held, back and self._dates[at - 1] == day

    def needs_second_look(self) -> bool:
        """Return whether any sum in the order of the entries looks wrong."""
        if self.suspect:
            return True
        refunds = False
        for leaf, column in self.columns.items():
            if leaf == "Drawn":
                refunds = column.ever_less()
                if not refunds:
                    continue  # draws alone never make it negative
            if leaf != "Moved" and column.ever_wrong():
                return True
        return refunds and self._draws_on_days_of_refunds()

    def _draws_on_days_of_refunds(self) -> bool:
        """Return whether a refund may stand before a draw it must not pay for."""
        drawn = [(n, e) for leaf, n, e in self.moves() if leaf == "Drawn"]
        days = {entry.date for number, entry in drawn if number < 0}
        return any(entry.date in days for number, entry in drawn if number > 0)

    def ends(self, blended: Directive | None) -> tuple[datetime.date, str] | None:
        """Return the day from which nothing may be held, and why; None where it never ends.

        Args:
          blended: Grant these credits have moved into, if any.
        """
        if blended is not None:
            into = blended.text("tranche")
            return blended.date, f"were blended into {into} on {blended.date}"
        if self.windows and self.windows[-1].last < _LAST_DAY:
            return self.windows[-1].last, f"lapsed on {self.windows[-1].last}"
        return None

    def draws(self) -> Iterator[Any]:
        """Yield the entries that draw credits, unless all days are within its one window."""
        if len(self.windows) == 1 and self.entries:
            window = self.windows[0]
            first, last = self.entries[0].date, self.entries[-1].date
            if window.first <= first and last <= window.last:
                return
        yield from (e for leaf, n, e in self.moves() if leaf == "Drawn" and n > 0)

    def examine(self, events: Iterable[Event]) -> Iterator[Problem]:
        """Yield what is wrong with a suspected tranche, each kind of wrong once."""
        held = dict.fromkeys(LEAVES, _ZERO)
        accused: set[str] = set()
        day: datetime.date | None = None
        last: Any = None
        for event, stands in judged(events):
            if day is not None and event.date != day:
                yield from self._gap(held, day, last, accused)
            day, last = event.date, event.entry
            for leaf, change in event.changes.items():
                held[leaf] += change
            for leaf, credits in held.items() if stands else ():
                if credits < 0 and leaf != "Moved" and leaf not in accused:
                    accused.add(leaf)
                    yield self._negative(leaf, held, event.entry)
        if day is not None:
            yield from self._gap(held, day, last, accused)

    def _gap(
        self, held: dict[str, Decimal], day: datetime.date, entry: Any, accused: set[str]
    ) -> Iterator[Problem]:
        gap = 2 * held["Granted"] - sum(held.values())
        if gap and "" not in accused:
            accused.add("")
            yield problem_at(
                entry,
                "E603",
                f"the credits of {self.name} do not add up on {day}: {_told(held)}; "
                f"{figure(gap)} {self.commodity} are nowhere",
                self.deal,
            )

    def _negative(self, leaf: str, held: dict[str, Decimal], entry: Any) -> Problem:
        return problem_at(
            entry,
            "E604",
            f"{leaf} of {self.name} is {figure(held[leaf])} {self.commodity} after "
            f'"{entry.narration}" on {entry.date}: {_told(held)}',
            self.deal,
        )

    def out_of_time(self, written: Written) -> Iterator[Problem]:
        """Yield the draws on days the tranche may not be drawn (I5).

        A late row counts for the day of its `of:`; a correction books a difference
        on its own day and is no draw.
        """
        for entry in self.draws():
            directive = written.source(entry)
            if directive is not None and directive.name == "deal-correct":
                continue
            served = (directive.day("of") if directive else None) or entry.date
            if not self.windows or self.open_on(entry.date, served):
                continue
            window = list(self._in_force(entry.date, served))[-1]
            why = (
                f"lapsed on {window.last}"
                if served > window.last
                else f"is not usable before {window.first}"
            )
            yield problem_at(
                entry,
                "E605",
                f"{self.name} is drawn on {served} and {why}; a row of an earlier day says "
                "so with `of:`",
                self.deal,
            )

    def open_on(self, booked: datetime.date, served: datetime.date) -> bool:
        """Return whether it may be drawn for a day of service, booked on another."""
        return any(w.first <= served <= w.last for w in self._in_force(booked, served))

    def _in_force(self, *days: datetime.date) -> Iterator[Window]:
        for day in days:
            found = [window for window in self.windows if window.since <= day]
            yield from found[-1:] or self.windows[:1]


def _told(held: dict[str, Decimal]) -> str:
    return ", ".join(
        f"{leaf.lower()} {figure(credits)}" for leaf, credits in held.items() if credits
    )
