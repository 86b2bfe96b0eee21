"""Credits given up before they lapse: by termination, claw-back, failure or buy-back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from beanscrow.deal.terms import Forfeit
from beanscrow.money import from_quanta, places, to_quanta, trimmed
from beanscrow.policy.citing import Draws
from beanscrow.policy.exact import worth_in_quanta
from beanscrow.policy.influence import METHOD, Influence, Realised
from beanscrow.policy.rates import agreed_amount, in_the_books
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import Forfeited, Lot
from beanscrow.policy.stake_lots import StakeState
from beanscrow.policy.terms_of_side import CONSOLIDATED, SideTerms
from beanscrow.policy.tranche import Tranche


def forfeit(
    fact: Forfeit,
    tranche: Tranche,
    stakes: dict[str, StakeState],
    influence: Influence,
    terms: SideTerms,
    cited: Draws,
    unit_scale: int,
    due: int,
    deliver: Callable[[], None],
) -> Forfeited:
    """Return what a forfeiture derecognises, and the difference it leaves.

    L is the price not yet recognised of the credits given up; V the value of the
    shares handed back; D = L - V - cash.  The provider has no obligation left, so
    D > 0 is revenue: a modification where something was given back (606-10-25-13),
    breakage where nothing was (606-10-55-48).  D < 0 is consideration payable to
    the customer (606-10-32-25).  The shares leave at their carrying amount.

    Args:
      due: Credits of days that have passed and are not delivered yet, in quanta.
      deliver: Delivers them.
    Raises:
      Refusal: More credits or shares than there are; nothing has changed.
    """
    credits, held = to_quanta(fact.credits.number, unit_scale), tranche.held - due
    if credits > held:
        left = trimmed(from_quanta(held, unit_scale), places(fact.credits.number))
        raise Refusal(
            "E310",
            f"{fact.credits.number:,f} {fact.credits.currency} are forfeited and tranche "
            f"{tranche.name} holds {left:,f} on {fact.date}"
            + (f" (it lapsed on {tranche.expires})" if tranche.lapsed else ""),
        )
    if fact.credits.currency != tranche.commodity:
        raise Refusal(
            "E310",
            f"{fact.credits.currency} are forfeited and tranche {tranche.name} holds "
            f"{tranche.commodity}",
        )
    if tranche.waits:
        raise not_built(
            "credits given up before the right to the shares that pay for them is "
            "unconditional"
        )
    stake = _stake_returned(fact, stakes)
    cash = 0 if fact.cash is None else agreed_amount(fact.cash, fact.date, fact.at, terms)
    value = 0
    lots_out: tuple[Lot, ...] = ()
    lots_in: tuple[Lot, ...] = ()
    carrying, realised = 0, Realised()
    if stake is not None and fact.shares_returned is not None:
        if stake.method == CONSOLIDATED:
            raise not_built("shares in a subsidiary handed back")
        influence.check_may_go(stake, stakes.values(), fact.shares_returned.number)
        value = _value(fact, terms)
        before = stake.units
        lots_out, lots_in, carrying = stake.release(fact.shares_returned.number)
        if stake.method == METHOD:
            realised = influence.hand_back(
                fact.date, Fraction(stake.units) / Fraction(before)
            )
    deliver()
    price, escrow = tranche.forfeit(credits)
    if tranche.escrow_mode in ("startup", "trustee-startup") and tranche.kind == "credits":
        # What the startup's own cash would have paid for is nobody's liability.
        price -= escrow
    difference = price - value - cash
    given_back = bool(value or cash or fact.shares_returned)
    leg = stake.leg if stake is not None else None
    scale = terms.scale
    return Forfeited(
        at=fact.at,
        date=fact.date,
        rule=cited.forfeited(fact, tranche, leg, escrow, difference),
        tranche=tranche.name,
        credits=fact.credits.number,
        price=from_quanta(price, scale),
        escrow=from_quanta(escrow, scale),
        reason=fact.reason,
        shares=fact.shares_returned if stake is not None else None,
        share_value=from_quanta(value, scale),
        carrying=from_quanta(carrying, scale),
        stake=leg,
        lots_out=lots_out,
        lots_in=lots_in,
        cash=from_quanta(cash, scale),
        difference=from_quanta(difference, scale),
        given_back=given_back,
        beside=tuple((role, from_quanta(it, scale)) for role, it in realised.lines()),
    )


def _stake_returned(fact: Forfeit, stakes: dict[str, StakeState]) -> StakeState | None:
    returned = fact.shares_returned
    if returned is None:
        return None
    stake = stakes.get(returned.currency)
    held = stake.units if stake is not None else Decimal(0)
    if stake is None or returned.number > held:
        raise Refusal(
            "E311",
            f"{returned.number:,f} {returned.currency} are handed back and {held:,f} are held "
            f"on {fact.date}",
        )
    return stake


def _value(fact: Forfeit, terms: SideTerms) -> int:
    returned, each = fact.shares_returned, fact.share_value
    assert each is not None and returned is not None, "the reader wants both or neither"
    price = in_the_books(each, fact.date, fact.at, terms.rates)
    return worth_in_quanta(price * Fraction(returned.number), terms.scale)
