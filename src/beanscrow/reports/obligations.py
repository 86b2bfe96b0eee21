"""What is still owed in compute: transaction price not yet recognised as revenue.

Remaining performance obligations (606-10-50-13; IFRS 15.120) are the price, never the
face, of what has been promised and not delivered: the contract liability, and what no
account holds yet because neither party has performed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.booking.daybook import Daybook
from beanscrow.deal.terms import Agreement, Commitment, Money
from beanscrow.money import places
from beanscrow.policy.schedule import (
    Billed,
    Drawn,
    Forfeited,
    Granted,
    Lapsed,
    Schedule,
    Signing,
    StakeEarned,
    in_force,
    promises_in_force,
)
from beanscrow.reports.credits import CreditsStanding, standing_of
from beanscrow.reports.figures import rounded
from beanscrow.reports.movements import ZERO, carried, even


class Obligation(NamedTuple):
    """One tranche or promise to spend of which something is still to be recognised.

    Attributes:
      name: Of the tranche or commitment.
      kind: As of a tranche ("credits"), or "commitment".
      liability: Contract liability, less consideration paid to the customer.
      executory: Price of what nobody has performed: the rest of a promise to spend,
        shares still to be earned, the startup's own cash that will pay for its draws.
      left: Credits held, or money still to be spent, in the currency it was promised in.
      never: Of the credits, those expected never to be drawn.
      promise: The commitment; None of a tranche.
    """

    deal: str
    name: str
    kind: str
    currency: str
    liability: Decimal
    executory: Decimal
    left: Decimal
    never: Decimal = ZERO
    promise: Commitment | None = None

    @property
    def amount(self) -> Decimal:
        """Transaction price not yet recognised."""
        return self.liability + self.executory


def obligations(daybook: Daybook, day: datetime.date | None = None) -> list[Obligation]:
    """Return what the provider of these books still owes, by deal, tranches first.

    Args:
      day: Last day that counts, inclusive; None for the day the books have reached.
    """
    return [
        row
        for deal, schedule in sorted(daybook.schedules.items())
        if schedule.side == "provider"
        for row in (
            *obligations_of_credits(schedule, daybook.agreements[deal], day),
            *_of_promises(schedule, day),
        )
        if row.liability or row.executory
    ]


def obligations_of_credits(
    schedule: Schedule, agreement: Agreement, day: datetime.date | None = None
) -> Iterator[Obligation]:
    """Yield what is owed under each tranche of one deal, nothing included."""
    unearned = _unearned(schedule, day)
    for row in standing_of(schedule, agreement, day):
        liability, executory = even(
            row.liability, _to_come(row, unearned.get(row.tranche, ZERO))
        )
        yield Obligation(
            schedule.deal,
            row.tranche,
            row.kind,
            schedule.currency,
            liability,
            executory,
            row.left,
            row.expected_breakage,
        )


def _to_come(row: CreditsStanding, unearned: Decimal) -> Decimal:
    if row.kind == "promotional":
        return ZERO
    if row.kind == "earning":
        return unearned
    return row.price - row.recognised - row.liability


def _of_promises(schedule: Schedule, day: datetime.date | None) -> Iterator[Obligation]:
    as_of = min(day, schedule.through) if day else schedule.through
    carries = carried(schedule, as_of)
    for promise, spent in spent_on(schedule, as_of):
        left = ZERO
        if as_of < promise.to:
            left = max(ZERO, promise.amount.number - spent)
        worth = in_books(promise.amount._replace(number=left), schedule, as_of)
        liability, worth = even(carries.get(promise.commitment, ZERO), worth)
        if promise.amount.currency == schedule.currency:
            left = worth
        yield Obligation(
            schedule.deal,
            promise.commitment,
            "commitment",
            schedule.currency,
            liability,
            worth,
            left,
            promise=promise,
        )


def in_books(left: Money, schedule: Schedule, day: datetime.date) -> Decimal:
    """Return what is still to be spent of a promise, in money of the books.

    Nobody has performed, so it is no balance of any rate; of another currency it is shown
    at the newest.
    """
    if left.currency == schedule.currency:
        return left.number
    assert schedule.rates is not None, "a promise in another currency has its rates"
    rate = schedule.rates.newest(left.currency, day)
    exact = Fraction(left.number) * Fraction(rate.number if rate is not None else ZERO)
    return rounded(exact, schedule.scale)


def spent_on(schedule: Schedule, day: datetime.date) -> list[tuple[Commitment, Decimal]]:
    """Return what was bought under each promise to spend by a day, inclusive.

    A purchase counts to the first promise in its currency, begun by then, whose term
    holds its day; what was spent is in that currency.
    """
    promises = promises_in_force(schedule, day)
    spent = [ZERO for _ in promises]
    for event in in_force(schedule, day):
        # What exceeds the credits is billed by the credit, and fulfils no promise.
        if isinstance(event, Billed) and not event.credits:
            amount, currency = event.amount, schedule.currency
            if event.abroad is not None:
                amount, currency = event.abroad.money
            for number, promise in enumerate(promises):
                begun = max(promise.date, promise.from_) <= event.date <= promise.to
                if begun and promise.amount.currency == currency:
                    spent[number] += amount
                    break
    # What was bought under another promise and taken back takes nothing from this one.
    return [(promise, max(it, ZERO)) for promise, it in zip(promises, spent, strict=True)]


def _unearned(schedule: Schedule, day: datetime.date | None) -> dict[str, Decimal]:
    """Return what the shares are worth that draws still have to earn, by tranche.

    Fair value at inception of all of them, less those of credits given up before they
    were drawn, less those earned.
    """
    found: dict[str, Decimal] = {}
    for event in in_force(schedule, day):
        if isinstance(event, Signing) and event.earned is not None:
            tranche = event.credits[0].tranche
            found[tranche] = _still_unearned(schedule, tranche, event.earned.value, day)
    return found


def _still_unearned(
    schedule: Schedule, tranche: str, value: Decimal, day: datetime.date | None
) -> Decimal:
    granted = drawn = most = held = never_to_be = earned = ZERO
    for event in in_force(schedule, day):
        if getattr(event, "tranche", "") != tranche:
            continue
        if isinstance(event, Granted):
            granted, held = event.credits, event.credits
        elif isinstance(event, Drawn):
            drawn += event.credits
            most = max(most, drawn)
            held -= event.credits if event.pool == "Held" else ZERO
        elif isinstance(event, StakeEarned):
            earned += event.stake.value
        elif isinstance(event, Forfeited):
            never_drawn = held - (most - drawn)
            gone = min(event.credits, never_drawn)
            held -= event.credits
            most -= event.credits - gone
            never_to_be += gone
        elif isinstance(event, Lapsed):
            held = ZERO
    if held <= most - drawn or not granted:
        return ZERO
    part = Fraction(value) * Fraction(never_to_be) / Fraction(granted)
    return value - rounded(part, places(value)) - earned
