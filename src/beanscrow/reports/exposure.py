"""How much a provider stands to lose with each counterparty: what it holds, is owed, and
has promised."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import NamedTuple

from beanscrow.booking.daybook import Daybook
from beanscrow.deal.terms import Agreement
from beanscrow.deal.vendor_terms import Backstop, BackstopCall
from beanscrow.policy.buy_back import SoldForNow
from beanscrow.policy.commitment import Shortfall
from beanscrow.policy.schedule import (
    Billed,
    CashLeg,
    CashMoved,
    ClaimRemeasured,
    Event,
    Paid,
    Schedule,
    Signing,
    in_force,
    terms_in_force,
)
from beanscrow.reports.credits import counterparty, standing_of
from beanscrow.reports.movements import ZERO, carried, even
from beanscrow.reports.stakes import stakes_of
from beanscrow.reports.vendor import vendor_balances


class Exposure(NamedTuple):
    """One deal of a provider as of a day; money in the functional currency.

    total = carrying + receivable + paid ahead + unfunded + backstop + guaranteed.

    Attributes:
      carrying: Carrying amount of the stakes held.
      receivable: Billed, or sold, and not paid by a deal-payment.
      paid_ahead: Paid to the customer and not earned yet: consideration its purchases
        will release, and capacity that can still be used.
      unfunded: Cash promised for stakes and not paid.
      backstop: Capacity that may still have to be bought.
      guaranteed: What the customer owes others and the provider answers for, at most.
    """

    deal: str
    party: str
    as_of: datetime.date
    currency: str
    carrying: Decimal
    receivable: Decimal
    paid_ahead: Decimal
    unfunded: Decimal
    backstop: Decimal
    guaranteed: Decimal
    total: Decimal


def exposures(daybook: Daybook, day: datetime.date | None = None) -> list[Exposure]:
    """Return the exposure of every deal these books keep as the provider, by deal.

    Args:
      day: Last day that counts, inclusive; None for the day the books have reached.
    """
    return [
        _exposure(schedule, daybook.agreements[deal], day)
        for deal, schedule in sorted(daybook.schedules.items())
        if schedule.side == "provider"
    ]


def _exposure(
    schedule: Schedule, agreement: Agreement, day: datetime.date | None
) -> Exposure:
    as_of = min(day, schedule.through) if day else schedule.through
    events = in_force(schedule, as_of)
    terms = terms_in_force(schedule, agreement, as_of)
    figures = even(
        sum((row.carrying for row in stakes_of(schedule, agreement, as_of)), ZERO),
        _receivable(events),
        _paid_ahead(schedule, agreement, as_of),
        _unfunded(events, terms, schedule.currency),
        _left(terms, schedule, "capacity", as_of),
        _left(terms, schedule, "obligations", as_of),
    )
    carrying, receivable, paid_ahead, unfunded, backstop, guaranteed = figures
    return Exposure(
        schedule.deal,
        counterparty(agreement, schedule),
        as_of,
        schedule.currency,
        carrying,
        receivable,
        paid_ahead,
        unfunded,
        backstop,
        guaranteed,
        sum(figures, ZERO),
    )


def _receivable(events: list[Event]) -> Decimal:
    owed = ZERO
    for event in events:
        match event:
            case Billed() | Shortfall() | SoldForNow():
                owed += event.amount
            case Signing():
                owed += sum((leg.receivable for leg in event.credits), ZERO)
            case Paid():
                owed -= event.amount
            case ClaimRemeasured():
                owed += event.change
            case _:
                pass
    return owed


def _paid_ahead(schedule: Schedule, agreement: Agreement, day: datetime.date) -> Decimal:
    """Return what stands as an asset because the customer was paid for what is to come."""
    rows = standing_of(schedule, agreement, day)
    balances = [row.liability for row in rows] + list(carried(schedule, day).values())
    balance = vendor_balances(schedule, day).get("capacity-prepaid", ZERO)
    return balance - sum((amount for amount in balances if amount < 0), ZERO)


def _unfunded(events: list[Event], terms: Agreement, currency: str) -> Decimal:
    """Return cash promised in all, or agreed at events so far, less what was paid."""
    agreed = paid = ZERO
    for event in events:
        if isinstance(event, Signing):
            legs = [leg for leg in event.cash if not leg.escrow]
            agreed += _sum(legs)
            paid += _sum([leg for leg in legs if leg.paid <= event.date])
        elif isinstance(event, CashMoved) and not event.cash.escrow:
            paid += event.cash.amount
    promised = terms.deal.committed
    if promised is not None and promised.currency == currency:
        agreed = max(agreed, promised.number)
    return agreed - paid


def _sum(legs: list[CashLeg]) -> Decimal:
    return sum((leg.amount for leg in legs), ZERO)


def _left(terms: Agreement, schedule: Schedule, covers: str, day: datetime.date) -> Decimal:
    """Return what backstops in force on a day, or later, may still come to."""
    refused = {problem.at for problem in schedule.problems if problem.level == "error"}
    made = {
        fact.backstop: fact
        for fact in terms.facts
        if isinstance(fact, Backstop) and fact.date <= day and fact.at not in refused
    }
    left = ZERO
    for name, fact in made.items():
        if fact.covers != covers or fact.to < day:
            continue
        called = sum(
            (
                call.amount.number
                for call in terms.facts
                if isinstance(call, BackstopCall)
                and call.backstop == name
                and call.date <= day
                and call.at not in refused
            ),
            ZERO,
        )
        left += fact.amount.number - called
    return left
