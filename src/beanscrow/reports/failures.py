"""Both ends of a deal that failed: compute owed no longer, and shares worth nothing.

They fall into two lines, revenue and a loss on an investment; neither is netted, and
neither is read without the other.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import NamedTuple

from beanscrow.booking.daybook import Daybook
from beanscrow.policy.failure import Failure, failures_of
from beanscrow.policy.schedule import Schedule, in_force
from beanscrow.reports.credits import counterparty
from beanscrow.reports.movements import ZERO, even
from beanscrow.reports.obligations import in_books


class FailureRow(NamedTuple):
    """What failed of one deal, or was clawed back on a day; in the functional currency.

    Attributes:
      date: Of the first forfeiture or promise ended; of a write-off alone its own.
      reason: failure, or claw-back (with shares handed back).
      credits: Given up; `liability_released`, the price not yet recognised of them, and
        what promises to spend carried, less consideration paid to the customer.
      unspent: Of promises to spend that ended, what need not be spent any more, at the
        newest rate of that day.
      revenue: What of it is revenue: breakage where nothing was given for it, a
        modification where something was.
      stake_written_off: Loss of the remeasurement that left nothing of the stake.
      shares_returned: Units handed back; `stake_handed_back`, their carrying amount.
      net: revenue - stake_written_off + value of what was handed back less its carrying
        amount; negative for a loss.
      both: Whether both ends stand; `link` is carried by the entries of each.
    """

    deal: str
    party: str
    date: datetime.date
    reason: str
    currency: str
    credits: Decimal
    unspent: Decimal
    liability_released: Decimal
    revenue: Decimal
    stake_written_off: Decimal
    shares_returned: Decimal
    stake_handed_back: Decimal
    net: Decimal
    both: bool
    link: str


def failures(daybook: Daybook, day: datetime.date | None = None) -> list[FailureRow]:
    """Return what failed or was clawed back by a day, by date, deal and reason.

    Args:
      day: Last day that counts, inclusive; None for the day the books have reached.
    """
    rows = [
        _row(schedule, counterparty(daybook.agreements[deal], schedule), failure)
        for deal, schedule in daybook.schedules.items()
        if schedule.side == "provider"
        for failure in failures_of(deal, in_force(schedule, day))
    ]
    return sorted(rows, key=lambda row: (row.date, row.deal, row.reason))


def _row(schedule: Schedule, party: str, failure: Failure) -> FailureRow:
    credits = released = revenue = lost = shares = carrying = gain = unspent = ZERO
    for event in failure.forfeited:
        credits += event.credits
        released += event.price
        # Below zero it is consideration paid to the customer, which reduces revenue.
        revenue += event.difference
        shares += event.shares.number if event.shares else ZERO
        carrying += event.carrying
        gain += event.share_value - event.carrying
    for end in failure.promises:
        unspent += in_books(end.unspent, schedule, end.date)
        released += end.price
        revenue += end.difference
    for loss in failure.written_off:
        lost -= loss.change
    unspent, released, revenue, lost, carrying, net = even(
        unspent, released, revenue, lost, carrying, revenue - lost + gain
    )
    return FailureRow(
        deal=schedule.deal,
        party=party,
        date=failure.date,
        reason=failure.reason,
        currency=schedule.currency,
        credits=credits,
        unspent=unspent,
        liability_released=released,
        revenue=revenue,
        stake_written_off=lost,
        shares_returned=shares,
        stake_handed_back=carrying,
        net=net,
        both=bool(
            (failure.forfeited or failure.promises) and (failure.written_off or shares)
        ),
        link=failure.link,
    )
