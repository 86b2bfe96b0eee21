"""What shares that pay for compute are worth on the day the provider measures them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from beanscrow.checks.directives import Directive, Written
from beanscrow.checks.restated import Ledger

SAYS_WORTH = ("observable", "similar", "market", "fair-value")


def measured_on(deal: str, written: Written) -> str:
    """Return the day shares are measured on: "inception" but for a provider under IFRS."""
    books = written.books
    if (
        books is None
        or books.text("framework") != "ifrs"
        or written.side(deal) != "provider"
    ):
        return "inception"
    return written.elected(deal, "noncash-measurement-date", "inception")


def worth_of(
    stake: Directive, inception: Fraction, ledger: Ledger
) -> Callable[[datetime.date], Fraction] | None:
    """Return what a stake's units are worth by day; None where inception decides.

    Args:
      inception: What they were worth then, in money.
    """
    if measured_on(stake.deal, ledger.written) == "inception":
        return None
    return lambda day: worth_on(stake, day, ledger, inception)


def worth_on(
    stake: Directive, day: datetime.date, ledger: Ledger, otherwise: Fraction
) -> Fraction:
    """Return what a stake's units are worth by the newest valuation since its event.

    Args:
      otherwise: What holds where there is none.
    """
    units = stake.amount(1)
    if units is None or units.number is None:
        return otherwise
    found = [
        valuation
        for valuation in ledger.written.standing("deal-valuation")
        if valuation.deal == stake.deal
        and valuation.text("kind") in SAYS_WORTH
        and stake.event <= valuation.date <= day
        and _values(valuation, units.currency, ledger.written)
    ]
    newest = max(found, key=_turn, default=None)
    price = newest.amount(1) if newest is not None else None
    if price is None or price.number is None:
        return otherwise
    return Fraction(price.number) * Fraction(units.number)


def _values(valuation: Directive, commodity: str, written: Written) -> bool:
    if valuation.text("stake"):
        return valuation.text("stake") == commodity
    stakes = [it for it in written.standing("deal-stake") if it.deal == valuation.deal]
    for found in (stakes, [it for it in stakes if it.event <= valuation.date]):
        names = {units.currency for it in found if (units := it.amount(1)) is not None}
        if len(names) == 1:
            return commodity in names
    return False


def _turn(valuation: Directive) -> tuple[datetime.date, Decimal, Decimal]:
    sequence = valuation.entry.meta.get("sequence")
    price = valuation.amount(1)
    number = price.number if price is not None and price.number is not None else Decimal(0)
    return (
        valuation.date,
        sequence if isinstance(sequence, Decimal) else Decimal(0),
        -number,
    )
