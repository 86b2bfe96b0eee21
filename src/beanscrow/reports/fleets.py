"""What the chips of a provider are carried at on a day, and what an hour of one costs."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from beanscrow.booking.daybook import Daybook
from beanscrow.periods import DAY
from beanscrow.policy.fleet import Bought, Depreciated, FleetSchedule, Impaired
from beanscrow.policy.gpu_hours import gpu_hours
from beanscrow.reports.figures import hourly, rounded
from beanscrow.reports.movements import ZERO, even


class FleetStanding(NamedTuple):
    """One fleet as of a day; money in the functional currency.

    Attributes:
      depreciation, impairment: To date; impairment is net of what was reversed.
      carrying: cost - depreciation - impairment.
      of_the_year: Depreciation of the months in service that ended in the twelve months
        up to the day, booked by then or not.
      gpu_hours: Hours of all its chips in those months that were sold; None where there
        are none, or the ledger does not say how many chips there are.
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
    utilisation: Decimal | None = None,
) -> list[FleetStanding]:
    """Return where every fleet of the books stands, by name.

    Args:
      day: Last day that counts, inclusive; None for the day the books have reached.
      utilisation: Part of the hours that is sold, above 0 and at most 1; None for what
        the rates of the fleet say, and all of them where they say nothing.
    """
    return [
        _standing(fleet, min(day or fleet.through, fleet.through), utilisation)
        for fleet in daybook.fleets
    ]


def _standing(
    fleet: FleetSchedule, day: datetime.date, utilisation: Decimal | None
) -> FleetStanding:
    cost = depreciation = impairment = ZERO
    for event in fleet.events:
        if event.date > day:
            continue
        match event:
            case Bought():
                cost += event.amount
            case Depreciated():
                depreciation += event.amount
            case Impaired():
                impairment += event.amount
    year_before = day - relativedelta(years=1)
    of_the_year = sum(
        (m.depreciation for m in fleet.months if year_before < m.end <= day), ZERO
    )
    hours = gpu_hours(fleet, year_before + DAY, day, utilisation)
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
        None if hours is None else rounded(hours.sold, 1),
        None if hours is None else hourly(hours.depreciation_each),
    )
