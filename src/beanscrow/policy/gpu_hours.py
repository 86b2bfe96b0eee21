"""What an hour of a fleet's chips costs to serve, over whole months in service.

Cost to serve an hour = depreciation / (chips x hours of the calendar x utilisation)
+ power, space, network and staff.  A month in service counts whole, as it does in the
depreciation, so both are of the same days.  Where a rate changes on the way, each hour
sold weighs the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.periods import DAY
from beanscrow.policy.fleet import FleetSchedule, Month
from beanscrow.policy.fleet_rates import RatesInForce, in_force

_HOURS_A_DAY = 24
_ALL = Decimal(1)


class GpuHours(NamedTuple):
    """The hours of a fleet from one day to another, both inclusive, not yet rounded.

    Attributes:
      available: Hours of all its chips; `sold`, those at the utilisation.
      depreciation: Of these months; `first_life`, had the life stayed as first written.
      running: Power, space, network and staff for an hour sold; None where some hour has
        no rate in force.
      list_price: Likewise; `credits`, what an hour is drawn for, by commodity.
    """

    first: datetime.date
    last: datetime.date
    available: Fraction
    sold: Fraction
    depreciation: Decimal
    first_life: Decimal
    running: Fraction | None
    list_price: Fraction | None
    credits: dict[str, Fraction]

    @property
    def utilisation(self) -> Fraction:
        """Part of the hours that is sold."""
        return self.sold / self.available

    @property
    def depreciation_each(self) -> Fraction:
        """Depreciation for each hour sold."""
        return Fraction(self.depreciation) / self.sold

    @property
    def cost(self) -> Fraction | None:
        """Cost to serve an hour; None where nothing says what running it costs."""
        return None if self.running is None else self.depreciation_each + self.running

    @property
    def cost_of_first_life(self) -> Fraction | None:
        """Cost to serve an hour had the life stayed as first written; None likewise."""
        if self.running is None:
            return None
        return Fraction(self.first_life) / self.sold + self.running


class _Stretch(NamedTuple):
    """Days on which the same rates are in force."""

    days: int
    rates: RatesInForce


def gpu_hours(
    fleet: FleetSchedule,
    first: datetime.date,
    last: datetime.date,
    utilisation: Decimal | None = None,
) -> GpuHours | None:
    """Return the hours of the whole months in service that end from one day to another.

    Args:
      first, last: Inclusive.
      utilisation: Part of the hours that is sold; None for what the rates say, and all
        of them where they say nothing.
    Returns:
      None where no month has ended, or the ledger does not say how many chips there are.
    """
    months = [month for month in fleet.months if first <= month.end <= last]
    if not months or not fleet.gpus:
        return None
    begin, end = months[0].end.replace(day=1), months[-1].end
    stretches = list(_stretches(fleet, begin, end))
    sold = [
        Fraction(fleet.gpus) * _HOURS_A_DAY * days
        * Fraction(utilisation or rates.utilisation or _ALL)
        for days, rates in stretches
    ]  # fmt: skip
    stayed = {month.end: month for month in fleet.first_life}
    return GpuHours(
        begin,
        end,
        Fraction(fleet.gpus) * _HOURS_A_DAY * ((end - begin).days + 1),
        sum(sold, Fraction(0)),
        _sum(months),
        _sum(stayed.get(month.end, month) for month in months),
        _average([rates.running for _, rates in stretches], sold),
        _average([rates.list_price for _, rates in stretches], sold),
        {
            commodity: each
            for commodity in stretches[-1].rates.credits
            if (each := _average([r.credits.get(commodity) for _, r in stretches], sold))
        },
    )


def _stretches(
    fleet: FleetSchedule, first: datetime.date, last: datetime.date
) -> Iterator[_Stretch]:
    changes = {rate.date for rate in fleet.rates if first < rate.date <= last}
    starts = [first, *sorted(changes)]
    for start, following in zip(starts, [*starts[1:], last + DAY], strict=True):
        yield _Stretch((following - start).days, in_force(fleet.rates, start))


def _average(values: list[Decimal | None], weights: list[Fraction]) -> Fraction | None:
    total = Fraction(0)
    for value, weight in zip(values, weights, strict=True):
        if value is None:
            return None
        total += Fraction(value) * weight
    return total / sum(weights)


def _sum(months: Iterable[Month]) -> Decimal:
    return sum((month.depreciation for month in months), Decimal(0))
