"""What credits drawn brought in, what they cost to serve, and what those left will cost.

Revenue of credits less their cost to serve (`deal-cost` of the day) is the margin on
credit revenue.  Where the credits still owed cost more than the price still to be
recognised for them, the rest of the contract is a loss (IAS 37.66 to 37.69; US GAAP has
no general rule).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.booking.daybook import Daybook
from beanscrow.deal.terms import Agreement, Correct, Cost, Grant
from beanscrow.money import places
from beanscrow.periods import Interval, Period, periods
from beanscrow.policy.agency import ThirdPartyOwed
from beanscrow.policy.lease import RentEarned
from beanscrow.policy.noncash import PriceMeasured, StakeReceived
from beanscrow.policy.schedule import (
    ConsiderationAdded,
    ControlGained,
    Corrected,
    Drawn,
    Event,
    Forfeited,
    Lapsed,
    PromotionServed,
    Reestimated,
    Schedule,
    StakeEarned,
)
from beanscrow.policy.serving_cost import cost_in_force
from beanscrow.reports.credits import counterparty
from beanscrow.reports.figures import margin_percent, rounded
from beanscrow.reports.movements import ZERO, even
from beanscrow.reports.obligations import obligations_of_credits

_NOTHING = Fraction(0)


class DealMargin(NamedTuple):
    """The credits of one deal in one period; money in the functional currency.

    Attributes:
      drawn: Credits drawn, refunds taken off; of all commodities together.
      revenue: Recognised for them, less what is a third party's; no breakage.
      cost: Cost to serve them; None where some of them have no cost in force.  What an
        election moved to marketing is no cost of revenue.
      margin: revenue - cost; `margin_percent` of revenue.
      breakage: Revenue of credits never drawn, which cost nothing.
      owed: Credits left on the last day, less those expected never to be drawn.
      to_come: Price still to be recognised for credits.
      cost_to_come: Cost to serve the credits owed, at the cost in force on the last day.
      onerous_loss: Cost to come above the price to come, contract by contract; what is
        granted by one event is one contract.  Zero where none loses.
    """

    deal: str
    party: str
    period: str
    first: datetime.date
    last: datetime.date
    currency: str
    drawn: Decimal
    revenue: Decimal
    cost: Decimal | None
    margin: Decimal | None
    margin_percent: Decimal | None
    breakage: Decimal
    owed: Decimal
    to_come: Decimal
    cost_to_come: Decimal | None
    onerous_loss: Decimal | None


class Taking(NamedTuple):
    """What one event brings in for credits, and what serving them costs.

    Attributes:
      cost: None where no cost is in force.
    """

    date: datetime.date
    drawn: Decimal = ZERO
    revenue: Decimal = ZERO
    cost: Fraction | None = _NOTHING
    breakage: Decimal = ZERO


def deal_margins(
    daybook: Daybook,
    interval: Interval = "year",
    day: datetime.date | None = None,
) -> list[DealMargin]:
    """Return the margin on the credits of every deal this ledger provides, by period.

    Args:
      interval: month, quarter or year of the calendar.
      day: Last day that counts, inclusive; None for the day the books have reached.
    """
    rows = [
        row
        for deal, schedule in daybook.schedules.items()
        if schedule.side == "provider" and schedule.tranches
        for row in _of_deal(daybook, deal, interval, day)
    ]
    return sorted(rows, key=lambda row: (row.first, row.deal))


def takings(schedule: Schedule, costs: Iterable[Cost]) -> Iterator[Taking]:
    """Yield what a deal's credits bring in and cost, in the order it happens.

    What a correction changes of earlier days is of its own day.  From the day control
    of the startup is gained nothing comes in: what is served then is inside the group,
    and only what a customer had brought in before may still be put right.
    """
    costs = list(costs)
    inside = False
    for event in schedule.events:
        if isinstance(event, Corrected):
            for sign, side in ((-1, event.before), (1, event.after)):
                for each in takings(side, costs):
                    yield _signed(each, sign, event.date)
            inside = any(isinstance(it, ControlGained) for it in event.after.events)
        elif isinstance(event, ControlGained):
            inside = True
        elif not inside and (found := _taken(event, costs)) is not None:
            yield found


def costs_of(agreement: Agreement, day: datetime.date) -> list[Cost]:
    """Return the costs of a credit, as corrected by a day, inclusive."""
    costs = {fact.at: fact for fact in agreement.facts if isinstance(fact, Cost)}
    corrections = [f for f in agreement.facts if isinstance(f, Correct) and f.date <= day]
    for correct in sorted(corrections, key=lambda it: (it.date, it.sequence, it.at)):
        if isinstance(correct.corrected, Cost):
            costs[correct.corrected.at] = correct.corrected
    return list(costs.values())


def _signed(taking: Taking, sign: int, date: datetime.date) -> Taking:
    return Taking(
        date,
        sign * taking.drawn,
        sign * taking.revenue,
        None if taking.cost is None else sign * taking.cost,
        sign * taking.breakage,
    )


def _taken(event: Event, costs: list[Cost]) -> Taking | None:
    match event:
        case Drawn():
            each = cost_in_force(costs, event.date, event.service)
            cost = None if each is None else Fraction(event.credits) * Fraction(each.number)
            return Taking(event.date, event.credits, event.price, cost, event.breakage)
        case StakeEarned():
            return Taking(event.date, revenue=event.stake.value)
        case StakeReceived():
            revenue = sum((change.recognised for change in event.changes), ZERO)
            never = sum((change.breakage for change in event.changes), ZERO)
            return Taking(event.date, revenue=revenue, breakage=never)
        case ConsiderationAdded():
            revenue = sum((part.used for part in event.parts), ZERO)
            never = sum((part.breakage for part in event.parts), ZERO)
            return Taking(event.date, revenue=revenue, breakage=never)
        case PriceMeasured() | RentEarned():
            return Taking(event.date, revenue=event.amount)
        case ThirdPartyOwed():
            return Taking(event.date, revenue=-event.amount)
        case PromotionServed():
            return Taking(event.date, cost=-Fraction(event.cost))
        case Lapsed():
            return Taking(event.date, breakage=event.price)
        case Reestimated():
            return Taking(event.date, breakage=event.breakage)
        case Forfeited() if event.difference > 0 and not event.given_back:
            return Taking(event.date, breakage=event.difference)
        case _:
            return None


class _ToDate(NamedTuple):
    """Takings from the first day on, so that each period is a difference of two sums.

    Attributes:
      cost: Exact; `unknown` counts the draws without a cost in force.
    """

    drawn: Decimal = ZERO
    revenue: Decimal = ZERO
    breakage: Decimal = ZERO
    cost: Fraction = _NOTHING
    unknown: int = 0

    def plus(self, taking: Taking) -> _ToDate:
        return _ToDate(
            self.drawn + taking.drawn,
            self.revenue + taking.revenue,
            self.breakage + taking.breakage,
            self.cost + (taking.cost or _NOTHING),
            self.unknown + (taking.cost is None),
        )


def _of_deal(
    daybook: Daybook, deal: str, interval: Interval, day: datetime.date | None
) -> Iterator[DealMargin]:
    schedule, agreement = daybook.schedules[deal], daybook.agreements[deal]
    end = min(day or schedule.through, schedule.through)
    costs = costs_of(agreement, end)
    taken = sorted(
        (each for each in takings(schedule, costs) if each.date <= end),
        key=lambda each: each.date,
    )
    first = min((event.date for event in schedule.events), default=end)
    after = _ToDate()
    at = 0
    for period in periods(first, end, interval):
        before = after
        while at < len(taken) and taken[at].date <= period.last:
            after = after.plus(taken[at])
            at += 1
        last = min(period.last, end)
        row = _row(daybook, deal, costs, period._replace(last=last), before, after)
        if any((row.drawn, row.revenue, row.breakage, row.owed, row.to_come)):
            yield row._replace(period=period.name)


def _row(
    daybook: Daybook,
    deal: str,
    costs: list[Cost],
    span: Period,
    before: _ToDate,
    after: _ToDate,
) -> DealMargin:
    schedule, agreement = daybook.schedules[deal], daybook.agreements[deal]
    scale = _scale(daybook)
    ahead = _ahead(schedule, agreement, costs, span.last, scale)
    drawn, owed = even(after.drawn - before.drawn, ahead.owed)
    revenue, breakage, cost, to_come = even(
        after.revenue - before.revenue,
        after.breakage - before.breakage,
        rounded(after.cost, scale) - rounded(before.cost, scale),
        ahead.to_come,
    )
    known = after.unknown == before.unknown
    return DealMargin(
        deal=deal,
        party=counterparty(agreement, schedule),
        period=span.name,
        first=span.first,
        last=span.last,
        currency=schedule.currency,
        drawn=drawn,
        revenue=revenue,
        cost=cost if known else None,
        margin=revenue - cost if known else None,
        margin_percent=margin_percent(Fraction(cost), Fraction(revenue)) if known else None,
        breakage=breakage,
        owed=owed,
        to_come=to_come,
        cost_to_come=ahead.cost,
        onerous_loss=ahead.loss,
    )


class _Ahead(NamedTuple):
    """What is still owed of a deal's credits on a day, and what it will cost."""

    owed: Decimal
    to_come: Decimal
    cost: Decimal | None
    loss: Decimal | None


def _ahead(
    schedule: Schedule,
    agreement: Agreement,
    costs: list[Cost],
    day: datetime.date,
    scale: int,
) -> _Ahead:
    agreed = {f.tranche: f.event for f in agreement.facts if isinstance(f, Grant)}
    owed: dict[datetime.date, Decimal] = {}
    to_come: dict[datetime.date, Decimal] = {}
    for each in obligations_of_credits(schedule, agreement, day):
        if each.kind != "promotional":
            event = agreed[each.name]
            owed[event] = owed.get(event, ZERO) + each.left - each.never
            to_come[event] = to_come.get(event, ZERO) + each.amount
    credits, price = sum(owed.values(), ZERO), sum(to_come.values(), ZERO)
    known = cost_in_force(costs, day, agreement.deal.service)
    if known is None:
        return _Ahead(credits, price, None, None)
    per_credit = Fraction(known.number)
    losses = (
        max(_NOTHING, per_credit * Fraction(number) - Fraction(to_come[event]))
        for event, number in owed.items()
    )
    return _Ahead(
        credits,
        price,
        rounded(per_credit * Fraction(credits), scale),
        rounded(sum(losses, _NOTHING), scale),
    )


def _scale(daybook: Daybook) -> int:
    """Return the decimals of the functional currency."""
    assert daybook.books is not None, "there are schedules of some books only"
    return places(daybook.books.precision.normalize())
