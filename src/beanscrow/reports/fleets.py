"""What the chips of a provider are carried at on a day, and what an hour of one costs."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from beanscrow.booking.daybook import Daybook
from beanscrow.money import from_quanta, round_half_up
from beanscrow.policy.fleet import Bought, Depreciated, FleetSchedule, Impaired
from beanscrow.reports.movements import ZERO, even

_HOURLY_PLACES = 4


class FleetStanding(NamedTuple):
    """One fleet as of a day; money in the functional currency.

    Attributes:
      depreciation, impairment: To date; impairment is net of what was reversed.
      carrying: cost - depreciation - impairment.
      of_the_year: Depreciation booked in the twelve months that end on the day.
      gpu_hours: Hours of all its chips in those months that were sold; None where the
        ledger does not say how many chips there are.
      per_gpu_hour: Depreciation for each of them, to four decimals; None likewise.
    """

    fleet: str
    as_of: datetime.date
    currency: str
    cost: Decimal
    depreciation: Decimal
    impairment: Decimal
    carrying: Decimal
    of_the_year: Decimal
    gpu_hours: Decimal | None
    per_gpu_hour: Decimal | None


def fleets_standing(
    daybook: Daybook,
    day: datetime.date | None = None,
    utilisation: Decimal = Decimal(1),
) -> list[FleetStanding]:
    """Return where every fleet of the books stands, by name.

    Args:
      day: Last day that counts, inclusive; None for the day the books have reached.
      utilisation: Part of the hours that is sold, above 0 and at most 1.
    """
    return [
        _standing(fleet, min(day or fleet.through, fleet.through), utilisation)
        for fleet in daybook.fleets
    ]


def _standing(
    fleet: FleetSchedule, day: datetime.date, utilisation: Decimal
) -> FleetStanding:
    year_before = day - relativedelta(years=1)
    cost = depreciation = impairment = of_the_year = ZERO
    for event in fleet.events:
        if event.date > day:
            continue
        match event:
            case Bought():
                cost += event.amount
            case Depreciated():
                depreciation += event.amount
                if event.date > year_before:
                    of_the_year += event.amount
            case Impaired():
                impairment += event.amount
    hours = None
    if fleet.gpus:
        hours = fleet.gpus * (day - year_before).days * 24 * utilisation
    cost, depreciation, impairment, carrying, of_the_year = even(
        cost, depreciation, impairment, cost - depreciation - impairment, of_the_year
    )
    return FleetStanding(
        fleet.fleet,
        day,
        fleet.currency,
        cost,
        depreciation,
        impairment,
        carrying,
        of_the_year,
        hours,
        _each(of_the_year, hours) if hours else None,
    )


def _each(amount: Decimal, hours: Decimal) -> Decimal:
    exact = Fraction(amount) / Fraction(hours) * 10**_HOURLY_PLACES
    return from_quanta(round_half_up(exact.numerator, exact.denominator), _HOURLY_PLACES)
