"""Which stake a line is about: the one it names, else the only one held that day.

What was sold, converted or handed back whole is not held any more, and is not meant.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from beanscrow.deal.terms import Convert, Fact, Forfeit, Reclassify, Sale, Stake
from beanscrow.policy.refusal import Refusal
from beanscrow.policy.stake_lots import StakeState


def stake_meant(
    stakes: Mapping[str, StakeState], name: str | None, date: datetime.date, happens: str
) -> StakeState:
    """Return the stake a line of a day is about.

    Args:
      stakes: Every stake the deal has had, by security.
      name: Security the line names, None where it names none.
      happens: What the line does to it ("valued"), for who reads the refusal.

    Raises:
      Refusal: What is named is not held then, or none is named and none or several are.
    """
    held = {commodity: stake for commodity, stake in stakes.items() if stake.units}
    if name is None and len(held) == 1:
        return next(iter(held.values()))
    stake = held.get(name or "")
    if stake is not None:
        return stake
    listed = ", ".join(sorted(held)) or "none"
    if name is None and held:
        raise Refusal(
            "E401",
            f"a stake is {happens} on {date} and several are held: {listed}; write `stake:` "
            "with the one that is meant",
        )
    raise Refusal(
        "E401",
        f"{name or 'a stake'} is {happens} on {date} and is not held then; held: {listed}",
    )


def follows_conversion(fact: Reclassify, facts: Iterable[Fact]) -> bool:
    """Return whether a change of method is of what a conversion of its day brings in first.

    Shares that turn into another class at a flotation are listed as that class, so the
    change names it; there is nothing to change before the conversion.
    """
    if fact.stake is None:
        return False
    first = min(
        (
            (got.date, isinstance(got, Convert))
            for got in facts
            if isinstance(got, Stake | Convert) and _comes_in(got) == fact.stake
        ),
        default=None,
    )
    return first == (fact.date, True)


def held_before(facts: Iterable[Fact], date: datetime.date) -> set[str]:
    """Return the securities held as a day's changes of method act, by what is written."""
    held: dict[str, Decimal] = defaultdict(Decimal)
    for fact in facts:
        if isinstance(fact, Stake) and fact.date <= date:
            held[fact.units.currency] += fact.units.number
        elif isinstance(fact, Convert | Sale | Forfeit) and fact.date < date:
            gone = fact.shares_returned if isinstance(fact, Forfeit) else fact.units
            if gone is not None:
                held[gone.currency] -= gone.number
            if isinstance(fact, Convert):
                held[fact.into.currency] += fact.into.number
    return {security for security, units in held.items() if units > 0}


def _comes_in(fact: Stake | Convert) -> str:
    return fact.units.currency if isinstance(fact, Stake) else fact.into.currency
