"""What a startup owes at fair value, and the part of it that goes with units.

Units that are converted or handed back take their part of what the liability stands at that day
(405-20-40-1; IFRS 9.3.3.1).  Looked at are deals that owe one such security, which none
of its conversions turns into another: the account tells several not apart.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from beancount.core.amount import Amount

from beanscrow.checks.accounts import AT_FAIR_VALUE
from beanscrow.checks.directives import LEGS, Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.purchases import coins
from beanscrow.checks.restated import Ledger, class_of
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)
_OWED = "liability"


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
    """The liability of one deal: its security, units by day, and entries on its account."""

    def __init__(self, deal: str, ledger: Ledger, said: frozenset[tuple[str, int]]) -> None:
        self.deal = deal
        self.ledger = ledger
        self.stakes = [
            it
            for it in ledger.written.standing("deal-stake")
            if it.deal == deal and it.at not in said
        ]
        self.entries: list[tuple[datetime.date, Directive | None, Decimal]] = []
        for entry in ledger.made_for(deal, datetime.date.max):
            moved = _ZERO
            touched = False
            for posting in entry.postings:
                place = ledger.chart(posting.account)
                if place is not None and place.role in AT_FAIR_VALUE:
                    moved -= posting.units.number
                    touched = True
            if not touched:
                continue
            source = ledger.source(entry)
            self.entries.append((entry.date, source, moved))
        bought = {_from(it) for it in self.stakes}
        alone = len(bought) == 1 and not self._turns_into_a_liability()
        alone = alone and all(it.text("vesting") != "as-drawn" for it in self.stakes)
        self.commodity = bought.pop() if alone and self.entries else ""

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

    def compared(self, conversions: list[Directive]) -> Iterator[Problem]:
        """Yield the first day whose lines do not take the part of their units."""
        gone = Fraction(0)
        coin = Fraction(1, 10**self.ledger.scale)
        for day in sorted({it.date for it in conversions}):
            lines = [it for it in conversions if it.date == day]
            held = self._held(day) - gone
            units = sum((_units(it) for it in lines), Fraction(0))
            stood = sum((moved for moved in self._before(day)), _ZERO)
            took = -sum(
                (m for on, it, m in self.entries if on == day and it in lines), _ZERO
            )
            wanted = Fraction(stood) * units / held if held else Fraction(0)
            gone += units
            rounds = 0 if held == units else len(self.stakes) * len(lines)
            if abs(Fraction(took) - wanted) > rounds * coin:
                yield problem(
                    lines[0].at,
                    "E648",
                    f"{figure(took)} of what is owed for {self.commodity} goes with what is "
                    f"given up on {day}; of {figure(stood)} its units are "
                    f"{figure(coins(wanted, self.ledger))}",
                    self.deal,
                )
                return

    def _held(self, day: datetime.date) -> Fraction:
        return sum((_units(it) for it in self.stakes if it.due <= day), Fraction(0))

    def _before(self, day: datetime.date) -> Iterator[Decimal]:
        """Yield what moved the liability before a day's conversions: its legs come first."""
        for on, source, moved in self.entries:
            leg = source is not None and source.name in LEGS
            if on < day or (on == day and leg):
                yield moved


def leaving(directive: Directive) -> Amount | None:
    """Return the units a conversion gives up, or a forfeiture hands back; else those come."""
    if directive.name != "deal-forfeit":
        return directive.amount(1)
    returned = directive.entry.meta.get("shares-returned")
    return returned if isinstance(returned, Amount) else None


def _from(directive: Directive) -> str:
    amount = leaving(directive)
    return amount.currency if amount else ""


def _into(directive: Directive) -> str:
    return getattr(directive.entry.meta.get("into"), "currency", "")


def _units(directive: Directive) -> Fraction:
    amount = leaving(directive)
    return Fraction(amount.number or 0) if amount else Fraction(0)
