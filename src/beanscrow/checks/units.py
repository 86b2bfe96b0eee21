"""I3 to I5 of all tranches: what one moves out another moves in, and what ends is gone."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Iterator
from decimal import Decimal
from typing import Any

from beanscrow.checks.accounts import Place
from beanscrow.checks.columns import Column
from beanscrow.checks.directives import Directive, Written
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem, problem_at
from beanscrow.checks.tranche import Tranche, Window
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)
_FIRST_DAY = datetime.date.min
_LAST_DAY = datetime.date.max


class Units:
    """All tranches of a ledger, made as their accounts are met."""

    def __init__(self, written: Written) -> None:
        self._written = written
        self._tranches: dict[tuple[str, str], Tranche] = {}
        self._grants: dict[tuple[str, str], list[Directive]] = {}
        self._changes: dict[tuple[str, str], list[Directive]] = {}
        self.commodities: set[str] = set()
        for grant in written.standing("deal-grant"):
            key = grant.deal, grant.text("tranche") or "T1"
            self._grants.setdefault(key, []).append(grant)
            amount = grant.amount(1)
            if amount is not None:
                self.commodities.add(amount.currency)
        for amend in written.standing("deal-amend"):
            self._changes.setdefault((amend.deal, amend.text("tranche")), []).append(amend)
        for correct in written.standing("deal-correct"):
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

    def left(self, usage: Directive) -> bool:
        """Return whether credits a usage could have drawn are held after its day.

        A day on which credits come back is not told apart: then nothing is left.
        """
        amount = usage.amount(1)
        served = usage.day("of") or usage.date
        for tranche in self:
            same = amount is not None and tranche.commodity == amount.currency
            if tranche.deal == usage.deal and same and tranche.open_on(usage.date, served):
                held, back = tranche.after(usage.date)
                if held > 0 and not back:
                    return True
        return False

    def overdue(
        self, reached: Callable[[], datetime.date | None], said: Container[Any]
    ) -> Iterator[Problem]:
        """Yield the errors of credits that are held and should be no more.

        Args:
          reached: Gives the last day the books have reached, inclusive.
          said: Positions of which it has been said that they are not booked.
        """
        into: dict[tuple[str, str], Directive] = {}
        for blend in self._written.standing("deal-grant"):
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
            if "Moved" in tranche.columns:
                moves.setdefault((tranche.deal, tranche.commodity), []).extend(
                    (entry.date, number, entry)
                    for leaf, number, entry in tranche.moves()
                    if leaf == "Moved"
                )
        for (deal, commodity), changes in moves.items():
            yield from _unmatched(deal, commodity, changes)


def _windows(grants: list[Directive], changes: list[Directive]) -> list[Window]:
    if not grants:
        return []
    grant = grants[0]
    # Whatever day is stated, none are drawn for a service of before they were granted.
    first = max(grant.day("effective") or grant.due, grant.due)
    windows = [Window(_FIRST_DAY, first, grant.day("expires") or _LAST_DAY)]
    for change in sorted(changes, key=lambda directive: directive.date):
        before = windows[-1]
        first = max(change.day("effective") or before.first, grant.due)
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
