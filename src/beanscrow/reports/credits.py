"""Where each tranche of credits stands on a day: in credits, and in money."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.booking.daybook import Daybook
from beanscrow.deal.terms import Agreement, Amend, Grant
from beanscrow.policy.schedule import (
    Reestimated,
    Schedule,
    Signing,
    in_force,
    terms_in_force,
)
from beanscrow.reports.movements import ZERO, Movement, Units, even, movements, until

PRICE_QUANTUM = Decimal("0.000001")


class CreditsStanding(NamedTuple):
    """One tranche as of a day; money in the functional currency.

    granted + moved = drawn + expired + forfeited + left.

    Attributes:
      party: The counterparty of these books.
      commodity: Of the credits ("MOON.CR").
      kind: credits (paid for with a stake), prepaid (with money), mixed (a blend of
        both), promotional, or earning (paid for with shares earned as they are drawn).
      moved: Credits that came from other tranches, negative for what went out.
      expires: Last day the credits left may be drawn, as amended by then; None where
        they never lapse.
      price: Transaction price allocated, what moved or was forfeited counted.
      recognised: Price recognised to date, breakage included.
      liability: Contract liability (the startup's prepaid), net of consideration
        payable to the customer.
      price_per_credit: Price of one credit at its contract event, to six places; of
        credits that earn shares, what those drawn have earned.  None where no credit
        was granted or moved in, or none that earns was drawn.
      escrow: Cash still ring-fenced for the credits.
      expected_breakage: Of the credits left, those that the provider's estimate of
        that day says will never be drawn; under the remote method it recognises
        nothing and is disclosed here.
    """

    deal: str
    party: str
    tranche: str
    kind: str
    as_of: datetime.date
    commodity: str
    granted: Decimal
    drawn: Decimal
    expired: Decimal
    forfeited: Decimal
    moved: Decimal
    left: Decimal
    expires: datetime.date | None
    currency: str
    price: Decimal
    recognised: Decimal
    liability: Decimal
    price_per_credit: Decimal | None
    escrow: Decimal
    expected_breakage: Decimal


def credits_standing(
    daybook: Daybook, day: datetime.date | None = None
) -> list[CreditsStanding]:
    """Return every tranche granted by a day, by deal and tranche.

    Args:
      day: Last day that counts, inclusive; None for all that is booked.
    """
    return [
        row
        for deal in sorted(daybook.schedules)
        for row in standing_of(daybook.schedules[deal], daybook.agreements[deal], day)
    ]


def standing_of(
    schedule: Schedule, agreement: Agreement, day: datetime.date | None = None
) -> list[CreditsStanding]:
    """Return the tranches of one deal as of a day, in the order they were granted."""
    by_tranche: dict[str, list[Movement]] = {}
    corrected = schedule._replace(events=in_force(schedule, day))
    for move in until(movements(corrected), day):
        by_tranche.setdefault(move.tranche, []).append(move)
    as_of = min(day, schedule.through) if day else schedule.through
    agreement = terms_in_force(schedule, agreement, as_of)
    return [
        _standing(schedule, agreement, tranche, moves, as_of)
        for tranche, moves in by_tranche.items()
    ]


def expiry_of(
    agreement: Agreement, schedule: Schedule, tranche: str, day: datetime.date
) -> datetime.date | None:
    """Return a tranche's last day, as agreed and amended up to a day, inclusive.

    An amendment that was refused has changed nothing.
    """
    refused = {problem.at for problem in schedule.problems}
    expires = None
    amendments = []
    for fact in agreement.facts:
        if isinstance(fact, Grant) and fact.tranche == tranche:
            expires = fact.expires
        elif (
            isinstance(fact, Amend)
            and fact.tranche == tranche
            and fact.expires
            and fact.at not in refused
        ):
            amendments.append((fact.date, fact.sequence, fact.expires))
    for date, _, amended in sorted(amendments):
        if date <= day:
            expires = amended
    return expires


def counterparty(agreement: Agreement, schedule: Schedule) -> str:
    """Return the other party's name, as these books name it."""
    deal = agreement.deal
    return deal.name if schedule.side == "provider" else deal.provider


def _standing(
    schedule: Schedule,
    agreement: Agreement,
    tranche: str,
    moves: Iterable[Movement],
    as_of: datetime.date,
) -> CreditsStanding:
    units = Units()
    price = recognised = liability = escrow = first_price = ZERO
    first_credits = ZERO
    for move in moves:
        units = units.plus(move.units)
        price += move.price
        recognised += move.recognised
        liability += move.liability
        escrow += move.escrow
        if move.price > 0 and not move.later:
            first_price += move.price
        first_credits += move.units.granted + max(ZERO, move.units.moved)
    # The newest estimate; only the provider's schedule has any.
    expected = ZERO
    for event in in_force(schedule, as_of):
        if isinstance(event, Reestimated) and event.tranche == tranche:
            expected = event.expected
    units = Units(*even(*units))
    price, recognised, liability, escrow = even(price, recognised, liability, escrow)
    terms = schedule.tranches[tranche]
    priced = (first_price, first_credits)
    if terms.kind == "earning":
        priced = (recognised, units.drawn)
    return CreditsStanding(
        deal=schedule.deal,
        party=counterparty(agreement, schedule),
        tranche=tranche,
        kind=terms.kind,
        as_of=as_of,
        commodity=terms.commodity,
        granted=units.granted,
        drawn=units.drawn,
        expired=units.expired,
        forfeited=units.forfeited,
        moved=units.moved,
        left=units.held,
        expires=expiry_of(agreement, schedule, tranche, as_of),
        currency=schedule.currency,
        price=price,
        recognised=recognised,
        liability=liability,
        price_per_credit=per_credit(*priced),
        escrow=escrow,
        expected_breakage=min(units.held, even(units.held, expected)[1]),
    )


def contract_prices(
    schedule: Schedule, day: datetime.date | None = None
) -> dict[str, Fraction]:
    """Return the price of one credit at its contract event, exact, by tranche.

    Of credits that earn shares it is what all the shares were worth at inception.
    Tranches of which no credit was granted or moved in by the day have none.
    """
    events = in_force(schedule, day)
    prices: dict[str, Decimal] = {}
    credits: dict[str, Decimal] = {}
    for move in until(movements(schedule._replace(events=events)), day):
        if move.price > 0 and schedule.tranches[move.tranche].kind != "earning":
            prices[move.tranche] = prices.get(move.tranche, ZERO) + move.price
        came = move.units.granted + max(ZERO, move.units.moved)
        credits[move.tranche] = credits.get(move.tranche, ZERO) + came
    for event in events:
        if isinstance(event, Signing) and event.earned is not None:
            prices[event.credits[0].tranche] = event.earned.value
    return {
        tranche: Fraction(prices.get(tranche, ZERO)) / Fraction(number)
        for tranche, number in credits.items()
        if number
    }


def per_credit(price: Decimal, credits: Decimal) -> Decimal | None:
    """Return the price of one credit, rounded half up to six places, for reading only."""
    if not credits:
        return None
    return (price / credits).quantize(PRICE_QUANTUM, ROUND_HALF_UP)
