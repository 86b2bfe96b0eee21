"""A stake as lots whose cost is its carrying amount, exact in at most two of them."""

from __future__ import annotations

import datetime
from decimal import Decimal

from beanscrow.money import from_quanta, places, to_quanta
from beanscrow.policy.schedule import Lot

LOT_SCALE = 6


def lots_of(
    units: Decimal, value: int, scale: int, acquired: datetime.date
) -> tuple[Lot, ...]:
    """Return a stake as at most two lots whose costs add up to its value exactly.

    Where the value does not divide by the units, the unit costs lie one quantum
    (1E-6, or finer in books that are kept finer) apart, shared by largest remainder, the
    dearer lot first.

    Args:
      units: Positive.
      value: Carrying amount in quanta of 10^-scale, not negative.
    """
    unit_scale = places(units)
    count = to_quanta(units, unit_scale)
    # Worth of all units at one cost quantum each, so that both sides are whole.
    cost_scale = max(LOT_SCALE, scale - unit_scale)
    weight = value * 10 ** (cost_scale + unit_scale - scale)
    cost, dearer = divmod(weight, count)
    if not dearer:
        return (Lot(units, _shortest(cost, cost_scale, scale), acquired),)
    return (
        Lot(from_quanta(dearer, unit_scale), from_quanta(cost + 1, cost_scale), acquired),
        Lot(
            from_quanta(count - dearer, unit_scale), from_quanta(cost, cost_scale), acquired
        ),
    )


def _shortest(cost: int, written: int, scale: int) -> Decimal:
    """Return a unit cost without zeros at its end, but with those of the currency."""
    while written > scale and cost % 10 == 0:
        cost //= 10
        written -= 1
    return from_quanta(cost, written)
