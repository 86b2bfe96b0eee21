"""A contract event agreed in another currency: measured in it, then converted once.

The price of the credits is what the event says in its own currency, V - C, at the
rate of its day; cash likewise.  The stake is what was given for it, so that no cent
is left between them.  None of it is ever converted again: a contract liability for
services, a prepayment and a stake that is not at fair value are non-monetary
(830-10-45-18; IFRIC 22.8).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from beanscrow.deal.terms import Cash, Commitment, Leg, Money, Stake
from beanscrow.money import from_quanta, largest_remainder, places, to_quanta
from beanscrow.policy.lots import lots_of
from beanscrow.policy.measurement import EventLegs
from beanscrow.policy.rates import Rate, exchanged
from beanscrow.policy.refusal import not_built
from beanscrow.policy.schedule import EscrowMode, Signing, StakeLeg
from beanscrow.policy.terms_of_side import SideTerms

_LEAST_DECIMALS = 2


def currency_of(legs: EventLegs, terms: SideTerms) -> str:
    """Return the one currency an event is agreed in; the books' where it names none.

    Raises:
      Refusal: It is agreed in two, which is not built.
    """
    named = {money.currency for leg in legs.all() for money in _monies(leg) if money}
    if len(named) > 1:
        raise not_built(f"an event in {' and '.join(sorted(named))}")
    return named.pop() if named else terms.currency


def check_convertible(legs: EventLegs, currency: str, mode: EscrowMode) -> None:
    """Make sure an event in another currency is shares, cash of its day and compute.

    Raises:
      Refusal: Something of it would be a monetary item that later rates move.
    """
    if mode not in ("provider", "none"):
        raise not_built(f"an escrow in {currency} that is not the provider's")
    if any(g.price is not None and g.price.number for g in legs.grants):
        raise not_built(f"credits to be paid in {currency}")
    if any(cash.date != cash.event for cash in legs.cash):
        raise not_built(f"cash in {currency} that moves after its event")
    if any(stake.opening for stake in legs.stakes) or any(g.opening for g in legs.grants):
        raise not_built(f"opening balances in {currency}")
    if any(stake.vesting == "as-drawn" for stake in legs.stakes):
        raise not_built(f"shares valued in {currency} that are earned as credits are drawn")
    if any(
        stake.unconditional and stake.unconditional > stake.date for stake in legs.stakes
    ):
        raise not_built(f"shares valued in {currency} whose right is unconditional later")
    if any(stake.instrument == "note" for stake in legs.stakes):
        raise not_built(f"a note in {currency}, which is a monetary item")


def terms_abroad(legs: EventLegs, currency: str, terms: SideTerms) -> SideTerms:
    """Return the terms to measure an event by in its own currency, to its finest amount."""
    decimals = (places(money.number) for money in _totals(legs))
    return terms._replace(currency=currency, scale=max(_LEAST_DECIMALS, *decimals, 0))


def converted(
    signing: Signing,
    rate: Rate,
    abroad: SideTerms,
    terms: SideTerms,
    promised: Sequence[Commitment],
) -> Signing:
    """Return an event measured in its own currency as the books have it.

    Args:
      rate: Of the day of the event.
      abroad: Terms it was measured by; `terms`, those of the books.
      promised: The promises to spend that are part of it.
    Returns:
      The event in money of the books; stakes = cash + credits + promises, to the cent.
    """
    before, after = abroad.scale, terms.scale

    def at_rate(number: Decimal) -> int:
        return exchanged(to_quanta(number, before), before, rate, after)

    cash = [at_rate(leg.amount) for leg in signing.cash]
    prices = [at_rate(leg.price) for leg in signing.credits]
    weights = [Fraction(leg.value) for leg in signing.stakes]
    total = sum(cash) + sum(prices)
    promises: list[int] = []
    if signing.commitments:
        # X is converted once, and shared by what each of them promises.  Without
        # shares it is what the cash comes to.
        price = sum((leg.price for leg in signing.commitments), Decimal(0))
        carried = at_rate(price) if weights else -total
        shares = [Fraction(each.amount.number) for each in promised]
        promises = largest_remainder(carried, shares)
        total += carried
    worths = largest_remainder(total, weights) if weights else []
    return signing._replace(
        rate=rate.number,
        stakes=tuple(
            _worth(leg, worth, after, signing.date)
            for leg, worth in zip(signing.stakes, worths, strict=True)
        ),
        cash=tuple(
            leg._replace(amount=from_quanta(amount, after))
            for leg, amount in zip(signing.cash, cash, strict=True)
        ),
        credits=tuple(
            leg._replace(
                price=from_quanta(price, after),
                liability=from_quanta(price, after) if leg.liability else leg.liability,
            )
            for leg, price in zip(signing.credits, prices, strict=True)
        ),
        commitments=tuple(
            leg._replace(price=from_quanta(price, after))
            for leg, price in zip(signing.commitments, promises, strict=True)
        ),
    )


def shares_converted(
    legs: EventLegs,
    rate: Rate,
    measured: Callable[[SideTerms], list[tuple[StakeLeg, int]]],
    terms: SideTerms,
) -> list[tuple[StakeLeg, int]]:
    """Return shares of another currency, and what they are worth in quanta of the books.

    They pay for something granted before, so that they are all there is to convert: the
    sum once, shared by what each is worth.

    Args:
      rate: Of the day they are released.
      measured: Measures them by the terms given.
      terms: Those of the books.
    """
    abroad = terms_abroad(legs, rate.currency, terms)
    stakes = measured(abroad)
    weights = [Fraction(worth) for _, worth in stakes]
    total = exchanged(sum(worth for _, worth in stakes), abroad.scale, rate, terms.scale)
    return [
        (_worth(leg, worth, terms.scale, legs.date), worth)
        for (leg, _), worth in zip(stakes, largest_remainder(total, weights), strict=True)
    ]


def _worth(leg: StakeLeg, worth: int, scale: int, day: datetime.date) -> StakeLeg:
    return leg._replace(
        value=from_quanta(worth, scale),
        lots=lots_of(leg.units.number, worth, scale, day),
    )


def _monies(leg: Leg) -> tuple[Money | None, ...]:
    if isinstance(leg, Stake):
        return leg.fair_value, leg.fair_value_total
    if isinstance(leg, Cash | Commitment):
        return (leg.amount,)
    return leg.face, leg.ssp, leg.price, leg.escrow


def _totals(legs: EventLegs) -> list[Money]:
    found = [stake.fair_value_total for stake in legs.stakes]
    found += [cash.amount for cash in legs.cash]
    found += [promise.amount for promise in legs.commitments]
    return [money for money in found if money]
