"""What a startup owes at fair value, and the part of it that goes with units.

Units that are converted or handed back take their part of what the liability stands at that day
(405-20-40-1; IFRS 9.3.3.1).  Looked at are deals that owe one such security, which none
of its conversions turns into another: the account tells several not apart.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from beanscrow.checks.accounts import AT_FAIR_VALUE
from beanscrow.checks.directives import LEGS, Directive
from beanscrow.checks.exact import figure, number_of
from beanscrow.checks.findings import problem
from beanscrow.checks.issued_lots import IssuedLots, leaving
from beanscrow.checks.purchases import coins
from beanscrow.checks.restated import Ledger, class_of
from beanscrow.deal.problems import Problem

_OWED = "liability"
_LEG = "leg"
_LEAVING = ("deal-convert", "deal-forfeit")


def unsettled_part(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the lines that take another part of a liability than their units are.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    by_deal: dict[str, list[Directive]] = defaultdict(list)
    last = ledger.reached()
    written = ledger.written
    for it in (*written.standing("deal-convert"), *written.standing("deal-forfeit")):
        mine = written.side(it.deal) == "startup" and it.at not in said
        if mine and it.date <= last and leaving(it) is not None:
            by_deal[it.deal].append(it)
    for deal, lines in by_deal.items():
        owed = _Liability(deal, ledger, said)
        if owed.commodity and not any(_into(it) == owed.commodity for it in lines):
            yield from owed.compared([it for it in lines if _from(it) == owed.commodity])


class _Liability:
    """The liability of one deal: its security, by acquisition, and entries on its account.

    Attributes:
      commodity: The one security it is for, "" where it is for several, or none.
    """

    def __init__(self, deal: str, ledger: Ledger, said: frozenset[tuple[str, int]]) -> None:
        self.deal = deal
        self.ledger = ledger
        self.stakes = [
            it
            for it in ledger.written.standing("deal-stake")
            if it.deal == deal and it.at not in said
        ]
        # By day and what kind of line they come from: what is owed more, or less.
        self.moved: dict[tuple[datetime.date, str], Fraction] = defaultdict(Fraction)
        for entry in ledger.made_for(deal, datetime.date.max):
            source = ledger.source(entry)
            for posting in entry.postings:
                place = ledger.chart(posting.account)
                if place is not None and place.role in AT_FAIR_VALUE:
                    name = source.name if source is not None else ""
                    kind = _LEG if name in LEGS else name
                    self.moved[entry.date, kind] -= Fraction(posting.units.number)
        bought = {_from(it) for it in self.stakes}
        alone = len(bought) == 1 and not self._turns_into_a_liability()
        alone = alone and all(it.text("vesting") != "as-drawn" for it in self.stakes)
        self.commodity = bought.pop() if alone and self.moved else ""

    def _turns_into_a_liability(self) -> bool:
        """Return whether a conversion brings in another security owed at fair value."""
        written = self.ledger.written
        for it in written.standing("deal-convert"):
            # What the line does not say is told by what is given up, a share.
            kind = it.text("instrument") or "common"
            if (
                it.deal == self.deal
                and class_of(_into(it), kind, it.deal, written) == _OWED
            ):
                return True
        return False

    def compared(self, lines: list[Directive]) -> Iterator[Problem]:
        """Yield the first day whose lines do not take the part of their units.

        The oldest units go first, each at what it stands at; a valuation brings all of
        them to one price.
        """
        coin = Fraction(1, 10**self.ledger.scale)
        lots = IssuedLots()
        days = {day for day, _ in self.moved} | {it.due for it in (*self.stakes, *lines)}
        for day in sorted(days):
            came = sum((_units(it) for it in self.stakes if it.due == day), Fraction(0))
            if came:
                lots.comes(came, self.moved.get((day, _LEG), Fraction(0)))
            mine = [it for it in lines if it.date == day]
            if mine:
                parts = (self.moved.get((day, name), Fraction(0)) for name in _LEAVING)
                took = -sum(parts, Fraction(0))
                wanted = sum((lots.goes(_units(it)) for it in mine), Fraction(0))
                # The last units take all that is left, to the coin.
                if abs(took - wanted) > (lots.roundings if lots.units else 0) * coin:
                    yield self._told(mine[0], took, wanted)
                    return
            if (day, "deal-valuation") in self.moved:
                lots.comes_to_one_price(self.moved[day, "deal-valuation"])

    def _told(self, line: Directive, took: Fraction, wanted: Fraction) -> Problem:
        return problem(
            line.at,
            "E648",
            f"{figure(coins(took, self.ledger))} of what is owed for {self.commodity} goes "
            f"with what is given up on {line.date}; its units stand at "
            f"{figure(coins(wanted, self.ledger))}",
            self.deal,
        )


def _from(directive: Directive) -> str:
    amount = leaving(directive)
    return amount.currency if amount else ""


def _into(directive: Directive) -> str:
    return getattr(directive.entry.meta.get("into"), "currency", "")


def _units(directive: Directive) -> Fraction:
    return number_of(leaving(directive))
