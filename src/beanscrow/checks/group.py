"""Control gained, a second time: what the stake stands at, and what no customer owes.

What was held before the day is worth its fair value that day, what was bought on it stands
at cost, and what the settlement of the contract cost is taken off both (805-10-25-10,
805-10-55-21; IFRS 3.42, 3.B52).  From then on nothing is owed to, or earned from, a customer
of that deal (810-10-45-1; IFRS 10.B86).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from beancount.core.amount import Amount

from beanscrow.checks.accounts import CUSTOMERS
from beanscrow.checks.directives import LEGS, Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem, problem_at
from beanscrow.checks.purchases import coins
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem

_OWED = ("contract-liability", "upfront")
_STAKE = "stake-consolidated"
_ZERO = Decimal(0)


def misgained(ledger: Ledger) -> Iterator[Problem]:
    """Yield the gains of control whose stake is not booked as their directives make it.

    Where what was bought, or the gain of control, was corrected, more than they say counts.
    """
    corrected = {
        it.deal
        for it in ledger.written.standing("deal-correct")
        if it.word(1) == "deal-control" or it.word(1) in LEGS
    }
    for deal, controls in _gained(ledger).items():
        if deal in corrected:
            continue
        entries = list(ledger.made_for(deal, datetime.date.max))
        yield from _stakes(controls, entries, ledger)


def left_outside(ledger: Ledger) -> Iterator[Problem]:
    """Yield what goes on, or is left, in a customer's accounts after control was gained.

    A correction may still move what a customer brought in before.
    """
    for deal, controls in _gained(ledger).items():
        day = min(control.date for control in controls)
        entries = list(ledger.made_for(deal, datetime.date.max))
        yield from _customers(controls[0], day, entries, ledger)


def _gained(ledger: Ledger) -> dict[str, list[Directive]]:
    gained: dict[str, list[Directive]] = defaultdict(list)
    for control in ledger.written.standing("deal-control"):
        ours = ledger.written.side(control.deal) == "provider"
        if ours and control.date <= ledger.reached():
            gained[control.deal].append(control)
    return gained


def _stakes(
    controls: list[Directive], entries: list[Any], ledger: Ledger
) -> Iterator[Problem]:
    for control in controls:
        for commodity in _about(control, entries):
            lots = _Lots(control.date, commodity)
            for entry in entries:
                if entry.date <= control.date:
                    lots.take(entry, ledger)
            wanted = coins(lots.worth(control), ledger)
            booked = coins(lots.inside, ledger)
            if lots.elsewhere or booked != wanted:
                yield problem(
                    control.at,
                    "E633",
                    f"{figure(lots.old + lots.new)} {commodity} stand at {figure(booked)} as "
                    f"a subsidiary's on {control.date}; the directives make it "
                    f"{figure(wanted)}",
                    control.deal,
                )


class _Lots:
    """Units of one security by the day control is gained, and what they stand at."""

    def __init__(self, day: datetime.date, commodity: str) -> None:
        self.day = day
        self.commodity = commodity
        self.old = self.new = _ZERO
        # What the units bought that day came in at; what all stand at, and where.
        self.paid = self.inside = Fraction(0)
        self.elsewhere: Decimal = _ZERO

    def take(self, entry: Any, ledger: Ledger) -> None:
        """Take in the lots an entry moves."""
        source = ledger.source(entry)
        for posting in entry.postings:
            if posting.cost is None or posting.units.currency != self.commodity:
                continue
            number = posting.units.number
            weight = Fraction(number) * Fraction(posting.cost.number)
            new = posting.cost.date >= self.day
            self.old += _ZERO if new else number
            self.new += number if new else _ZERO
            if new and source is not None and source.name in (*LEGS, "deal-usage"):
                self.paid += weight
            place = ledger.chart(posting.account)
            if place is not None and place.role == _STAKE:
                self.inside += weight
            else:
                self.elsewhere += number

    def worth(self, control: Directive) -> Fraction:
        """Return fair value of the old units and cost of the new, less the settlement."""
        meta = control.entry.meta
        price, worse, most = (
            _number(meta.get(key)) for key in ("fair-value", "off-market", "settlement")
        )
        loss = worse or Fraction(0)
        if most is not None:
            loss = max(-most, min(loss, most))
        return (price or Fraction(0)) * Fraction(self.old) + self.paid - loss


def _customers(
    control: Directive, day: datetime.date, entries: list[Any], ledger: Ledger
) -> Iterator[Problem]:
    """Yield what is owed to, or earned from, a customer after the day."""
    inside = ledger.chart.stands_as(control.deal, "revenue-intragroup")
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        source = ledger.source(entry)
        puts_right = source is not None and source.name == "deal-correct"
        sold_since = entry.date > day and not puts_right
        for posting in entry.postings:
            place = ledger.chart(posting.account)
            if place is None or place.deal != control.deal:
                continue
            if place.role in _OWED and inside not in CUSTOMERS:
                owed[posting.account] += posting.units.number
            elif place.role in CUSTOMERS and sold_since and place.role != inside:
                yield problem_at(
                    entry,
                    "E633",
                    f'"{entry.narration}" of {entry.date} posts to {posting.account}; '
                    f"control was gained on {day}, and what is sold since is intra-group",
                    control.deal,
                )
                return
    for account, balance in owed.items():
        if balance:
            yield problem(
                control.at,
                "E633",
                f"{figure(balance)} stand on {account}, and control was gained on {day}: "
                "what is owed since is intra-group",
                control.deal,
            )


def _about(control: Directive, entries: list[Any]) -> list[str]:
    """Return the securities a line is about: the one it names, else all of the deal."""
    if control.text("stake"):
        return [control.text("stake")]
    return sorted(
        {
            posting.units.currency
            for entry in entries
            for posting in entry.postings
            if posting.cost is not None and entry.date <= control.date
        }
    )


def _number(value: Any) -> Fraction | None:
    number = value.number if isinstance(value, Amount) else None
    return Fraction(number) if isinstance(number, Decimal) else None
