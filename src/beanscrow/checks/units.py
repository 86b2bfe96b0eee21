"""I3 to I5: the credits of each tranche add up, none is owed twice, none drawn out of time.

Granted = Held + Drawn + Expired + Forfeited + Moved for each tranche, at every
date; no state of a tranche below zero after any event of any day, so that drawn is
never more than granted and moved in; nothing drawn before the tranche may be used
or after it has lapsed; what one tranche moves out another moves in.

The columns of a tranche are summed in the order of the entries, which only raises
suspicion.  A tranche under suspicion is gone through event by event, in the order the
language gives a day, and only that second look accuses.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from beanscrow.checks.accounts import LEAVES, Place
from beanscrow.checks.columns import Column
from beanscrow.checks.directives import Directive, Written
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem, problem_at
from beanscrow.checks.order import Event, in_order
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
        self.suspect = False

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

    @property
    def last_moved(self) -> datetime.date:
        """Day of the last entry."""
        days = [
            column.entries[-1].date for column in self.columns.values() if column.entries
        ]
        return max(days, default=_FIRST_DAY)

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
        drawn = self.columns["Drawn"]
        days = {e.date for n, e in _pairs(drawn) if drawn.own(n) < 0}
        return any(e.date in days for n, e in _pairs(drawn) if drawn.own(n) > 0)

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
        """Yield the entries that draw credits on a day no single window allows."""
        drawn = self.columns.get("Drawn")
        if drawn is None or not drawn.entries:
            return
        if len(self.windows) == 1:
            window = self.windows[0]
            first, last = drawn.entries[0].date, drawn.entries[-1].date
            if window.first <= first and last <= window.last:
                return
        yield from (entry for number, entry in _pairs(drawn) if drawn.own(number) > 0)

    def examine(self, events: Iterable[Event]) -> Iterator[Problem]:
        """Yield what is wrong with a suspected tranche, each kind of wrong once."""
        held = dict.fromkeys(LEAVES, _ZERO)
        accused: set[str] = set()
        day: datetime.date | None = None
        last: Any = None
        for event in in_order(events):
            if day is not None and event.date != day:
                yield from self._gap(held, day, last, accused)
            day, last = event.date, event.entry
            for leaf, change in event.changes.items():
                held[leaf] += change
            for leaf, credits in held.items():
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
                f"the credits of {self.name} do not add up on {day}: {self._told(held)}; "
                f"{figure(gap)} {self.commodity} are nowhere",
                self.deal,
            )

    def _negative(self, leaf: str, held: dict[str, Decimal], entry: Any) -> Problem:
        return problem_at(
            entry,
            "E604",
            f"{leaf} of {self.name} is {figure(held[leaf])} {self.commodity} after "
            f'"{entry.narration}" on {entry.date}: {self._told(held)}',
            self.deal,
        )

    def _told(self, held: dict[str, Decimal]) -> str:
        return ", ".join(
            f"{leaf.lower()} {figure(credits)}" for leaf, credits in held.items() if credits
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
            windows = list(self._in_force(entry.date, served))
            if not windows or any(w.first <= served <= w.last for w in windows):
                continue
            window = windows[-1]
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

    def _in_force(self, *days: datetime.date) -> Iterator[Window]:
        for day in days:
            found = [window for window in self.windows if window.since <= day]
            yield from found[-1:] or self.windows[:1]


def _pairs(column: Column) -> Iterator[tuple[Decimal, Any]]:
    return zip(column.numbers, column.entries, strict=True)


class Units:
    """All tranches of a ledger, made as their accounts are met."""

    def __init__(self, written: Written) -> None:
        self._written = written
        self._tranches: dict[tuple[str, str], Tranche] = {}
        self._grants: dict[tuple[str, str], list[Directive]] = {}
        self._changes: dict[tuple[str, str], list[Directive]] = {}
        self.commodities: set[str] = set()
        for grant in written.of("deal-grant"):
            key = grant.deal, grant.text("tranche") or "T1"
            self._grants.setdefault(key, []).append(grant)
            amount = grant.amount(1)
            if amount is not None:
                self.commodities.add(amount.currency)
        for amend in written.of("deal-amend"):
            self._changes.setdefault((amend.deal, amend.text("tranche")), []).append(amend)
        for correct in written.of("deal-correct"):
            if correct.word(1) == "deal-grant":
                key = correct.deal, correct.text("tranche") or "T1"
                self._changes.setdefault(key, []).append(correct)

    def column(self, account: str, place: Place) -> Column:
        """Return the column of one account of units."""
        key = place.deal, place.tranche
        tranche = self._tranches.get(key)
        if tranche is None:
            grants = self._grants.get(key, [])
            tranche = Tranche(place, grants, _windows(grants, self._changes.get(key, [])))
            self._tranches[key] = tranche
        return tranche.column(account, place)

    def __iter__(self) -> Iterator[Tranche]:
        return iter(self._tranches.values())

    def overdue(
        self, reached: Callable[[], datetime.date | None], said: Container[Any]
    ) -> Iterator[Problem]:
        """Yield the errors of credits that are held and should be no more.

        Args:
          reached: Gives the last day the books have reached, inclusive.
          said: Positions of which it has been said that they are not booked.
        """
        into: dict[tuple[str, str], Directive] = {}
        for blend in self._written.of("deal-grant"):
            if blend.at not in said:
                for name in blend.text("blends").split(","):
                    into[blend.deal, name.strip()] = blend
        ending = [(t, t.ends(into.get((t.deal, t.name)))) for t in self]
        ending = [(t, end) for t, end in ending if end and t.held > 0]
        last = reached() if ending else None
        for tranche, end in ending:
            grant = tranche.grant
            if last is None or end is None or end[0] > last or grant is None:
                continue
            if grant.at not in said:
                yield problem(
                    grant.at,
                    "E617",
                    f"{figure(tranche.held)} {tranche.commodity} of {tranche.name} {end[1]} "
                    "and are still held",
                    tranche.deal,
                )

    def problems(self) -> Iterator[Problem]:
        """Yield what needs no second look: strange commodities, times, and moves."""
        moves: dict[tuple[str, str], list[tuple[datetime.date, Decimal, Any]]] = {}
        for tranche in self:
            yield from _strangers(tranche)
            yield from tranche.out_of_time(self._written)
            moved = tranche.columns.get("Moved")
            if moved is not None:
                moves.setdefault((tranche.deal, tranche.commodity), []).extend(
                    (entry.date, moved.own(number), entry)
                    for number, entry in _pairs(moved)
                )
        for (deal, commodity), changes in moves.items():
            yield from _unmatched(deal, commodity, changes)


def _windows(grants: list[Directive], changes: list[Directive]) -> list[Window]:
    if not grants:
        return []
    grant = grants[0]
    first = grant.day("effective") or grant.date
    windows = [Window(_FIRST_DAY, first, grant.day("expires") or _LAST_DAY)]
    for change in sorted(changes, key=lambda directive: directive.date):
        before = windows[-1]
        first = change.day("effective") or before.first
        last = change.day("expires") or before.last
        if (first, last) != (before.first, before.last):
            windows.append(Window(change.date, first, last))
    return windows


def _strangers(tranche: Tranche) -> Iterator[Problem]:
    strangers = [e for column in tranche.columns.values() for e in column.strangers]
    if not strangers:
        return
    entry = min(strangers, key=lambda entry: entry.date)
    if tranche.grant is None:
        yield problem_at(
            entry,
            "E608",
            f"the entry moves credits of {tranche.name or 'a tranche'}, which no deal-grant "
            f"of {tranche.deal} grants",
            tranche.deal,
        )
        return
    yield problem_at(
        entry,
        "E603",
        f"the accounts of {tranche.name} hold {tranche.commodity} and nothing else; "
        f'"{entry.narration}" of {entry.date} posts another commodity',
        tranche.deal,
    )


def _unmatched(
    deal: str, commodity: str, moves: list[tuple[datetime.date, Decimal, Any]]
) -> Iterator[Problem]:
    moves.sort(key=lambda move: move[0])
    total = _ZERO
    for index, (date, credits, entry) in enumerate(moves):
        total += credits
        ends = index + 1 == len(moves) or moves[index + 1][0] != date
        if ends and total:
            yield problem_at(
                entry,
                "E606",
                f"{figure(abs(total))} {commodity} have moved "
                + ("out of" if total > 0 else "into")
                + f" a tranche of {deal} by {date} and not "
                + ("into" if total > 0 else "out of")
                + " another",
                deal,
            )
            return


def misbooked(directive: Directive, bills_overage: bool) -> Problem | None:
    """Return the error of a directive whose credits were not booked as written.

    Args:
      directive: A grant, usage or forfeiture that has entries.
      bills_overage: Whether what exceeds the credits left is billed in money, so
        that fewer credits than written may be drawn.
    """
    amount = directive.amount(1)
    if amount is None or amount.number is None:
        return None
    wanted = amount.number
    if directive.units == wanted:
        return None
    if bills_overage and directive.name == "deal-usage":
        low, high = sorted((_ZERO, wanted))
        if low <= directive.units <= high:
            return None
    return problem(
        directive.at,
        "E610",
        f"{figure(wanted)} {amount.currency} are written and {figure(directive.units)} are "
        f"booked as {directive.leaf.lower()}",
        directive.deal,
    )
