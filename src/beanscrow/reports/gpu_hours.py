"""What an hour of a chip costs to serve, and what it brings in money and in credits.

Credits of 0.80, of which 2.5 pay for an hour, sell it for 2.00; a customer who pays
with money pays the list price.  What is left of either over the cost to serve is the
margin, and the useful life of the chips moves it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.booking.daybook import Daybook
from beanscrow.periods import DAY, Interval, Period, periods
from beanscrow.policy.fleet import FleetSchedule
from beanscrow.policy.gpu_hours import GpuHours, gpu_hours
from beanscrow.reports.credits import contract_prices, standing_of
from beanscrow.reports.figures import hourly, margin_percent, rounded
from beanscrow.reports.movements import ZERO, even

_NO_COST = Fraction(0)
_PRICE_PLACES = 6


class HourMargin(NamedTuple):
    """An hour of one fleet in one period, sold for the credits of one tranche.

    Without a tranche (both names ""), what the hour brings in money alone.  Amounts for
    an hour are rounded to four decimals, each once; None where the ledger does not say.

    Attributes:
      first, last: Of the whole months counted, inclusive.
      utilisation: Part of the hours that is sold; `gpu_hours`, those sold.
      depreciation: Of the months; `depreciation_per_hour`, for each hour sold.
      running_per_hour: Power, space, network and staff.
      cost_per_hour: Cost to serve, both together.
      margin_at_list_percent: 1 - cost / list price; `opportunity_per_hour`, list price
        less cost: what a customer with money would have left.
      price_per_credit: Transaction price of a credit of the tranche, to six places.
      revenue_per_hour: That price times the credits for an hour.
      margin_percent: 1 - cost / revenue.
      loss_per_hour: Cost above revenue; zero where there is none.
      first_life_cost_per_hour, first_life_margin_percent: Cost and margin had the useful
        life stayed as first written.
    """

    fleet: str
    deal: str
    tranche: str
    period: str
    first: datetime.date
    last: datetime.date
    currency: str
    gpus: Decimal
    utilisation: Decimal
    gpu_hours: Decimal
    depreciation: Decimal
    depreciation_per_hour: Decimal
    running_per_hour: Decimal | None
    cost_per_hour: Decimal | None
    list_per_hour: Decimal | None
    margin_at_list_percent: Decimal | None
    opportunity_per_hour: Decimal | None
    credits_per_hour: Decimal | None
    price_per_credit: Decimal | None
    revenue_per_hour: Decimal | None
    margin_percent: Decimal | None
    loss_per_hour: Decimal | None
    first_life_cost_per_hour: Decimal | None
    first_life_margin_percent: Decimal | None


class _Sold(NamedTuple):
    """A tranche whose credits pay for hours, and the price of one of them."""

    deal: str
    tranche: str
    commodity: str
    price: Fraction


def hour_margins(
    daybook: Daybook,
    interval: Interval = "year",
    day: datetime.date | None = None,
    utilisation: Decimal | None = None,
) -> list[HourMargin]:
    """Return what an hour of each fleet costs and brings, by period, fleet and tranche.

    Args:
      interval: month, quarter or year of the calendar; whole months of it count.
      day: Last day that counts, inclusive; None for the day the books have reached.
      utilisation: Part of the hours that is sold, in place of what the rates say.
    """
    rows = [
        row
        for fleet in daybook.fleets
        for row in _of_fleet(daybook, fleet, interval, day, utilisation)
    ]
    return sorted(rows, key=lambda row: (row.first, row.fleet, row.deal, row.tranche))


def _of_fleet(
    daybook: Daybook,
    fleet: FleetSchedule,
    interval: Interval,
    day: datetime.date | None,
    utilisation: Decimal | None,
) -> Iterator[HourMargin]:
    last = min(day or fleet.through, fleet.through)
    if not fleet.months or fleet.months[0].end > last:
        return
    for period in periods(fleet.months[0].end, last, interval):
        hours = gpu_hours(fleet, period.first, min(period.last, last), utilisation)
        if hours is None:
            continue
        sold: list[_Sold | None] = [*_sold_for(daybook, hours)]
        for each in sold or [None]:
            yield _row(fleet, period, hours, each)


def _sold_for(daybook: Daybook, hours: GpuHours) -> Iterator[_Sold]:
    """Yield the tranches that paid for hours of the months, or could have at their end."""
    for deal, schedule in sorted(daybook.schedules.items()):
        if schedule.side != "provider":
            continue
        agreement = daybook.agreements[deal]
        before = {
            row.tranche: row.drawn
            for row in standing_of(schedule, agreement, hours.first - DAY)
        }
        prices = contract_prices(schedule, hours.last)
        for row in standing_of(schedule, agreement, hours.last):
            price = prices.get(row.tranche)
            pays = row.commodity in hours.credits and row.kind != "promotional"
            in_use = row.left or row.drawn != before.get(row.tranche, ZERO)
            if pays and in_use and price is not None:
                yield _Sold(deal, row.tranche, row.commodity, price)


def _row(
    fleet: FleetSchedule, period: Period, hours: GpuHours, sold: _Sold | None
) -> HourMargin:
    assert fleet.gpus is not None, "hours are of some chips"
    cost, at_list = hours.cost, hours.list_price
    each = price = revenue = None
    if sold is not None:
        each, price = hours.credits[sold.commodity], sold.price
        revenue = each * price
    left = None if cost is None or at_list is None else at_list - cost
    loss = None if cost is None or revenue is None else max(_NO_COST, cost - revenue)
    written, _ = even(hours.depreciation, ZERO)
    return HourMargin(
        fleet=fleet.fleet,
        deal=sold.deal if sold else "",
        tranche=sold.tranche if sold else "",
        period=period.name,
        first=hours.first,
        last=hours.last,
        currency=fleet.currency,
        gpus=fleet.gpus,
        utilisation=rounded(hours.utilisation, 4),
        gpu_hours=rounded(hours.sold, 1),
        depreciation=written,
        depreciation_per_hour=rounded(hours.depreciation_each, 4),
        running_per_hour=hourly(hours.running),
        cost_per_hour=hourly(cost),
        list_per_hour=hourly(at_list),
        margin_at_list_percent=margin_percent(cost, at_list),
        opportunity_per_hour=hourly(left),
        credits_per_hour=None if each is None else rounded(each, _PRICE_PLACES),
        price_per_credit=None if price is None else rounded(price, _PRICE_PLACES),
        revenue_per_hour=hourly(revenue),
        margin_percent=margin_percent(cost, revenue),
        loss_per_hour=hourly(loss),
        first_life_cost_per_hour=hourly(hours.cost_of_first_life),
        first_life_margin_percent=margin_percent(hours.cost_of_first_life, revenue),
    )
