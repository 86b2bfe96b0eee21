"""What units turn into: what kind of security, how it is carried, and from what amount.

kind       that of the security where the deal knows it, else as the line says; shares
           turn into shares of their kind, while a note, SAFE or warrant may turn into
           anything and so has to say
method     what is held of the new security already, or elected for it; a method that is no
           longer the one of the day of purchase goes with the shares, as influence does
amount     at fair value, the difference in income; at the carrying amount where the method
           goes on, and where a price becomes readily determinable that day, from which
           they are at fair value through net income (321-10-35-1, 35-2)
"""

from __future__ import annotations

from beanscrow.deal.terms import Convert, DealPolicy, Framework, Stake
from beanscrow.policy.carrying_methods import method_of
from beanscrow.policy.influence import METHOD
from beanscrow.policy.refusal import Refusal
from beanscrow.policy.stake_lots import StakeState

_SHARES = ("preferred", "common")
_ALTERNATIVE = "measurement-alternative"
_IN_INCOME = "fvni"
_AT_FAIR_VALUE = ("fvni", "fvtpl", "fvoci", "afs")


def kind_after(fact: Convert, old: StakeState, known: StakeState | None) -> str:
    """Return the kind of security units turn into.

    Args:
      known: The new security, where the deal has or had some of it.

    Raises:
      Refusal: The line contradicts what is known of it, or nothing says what it is.
    """
    stated = fact.instrument
    if known is not None:
        if stated not in (None, known.instrument):
            raise Refusal(
                "E420",
                f"{fact.into.currency} is {known.instrument} in this deal and this line "
                f"says {stated}; one security is of one kind: take `instrument:` out, or "
                "name what comes otherwise",
            )
        return known.instrument
    if stated is not None:
        return stated
    if old.instrument in _SHARES:
        return old.instrument
    raise Refusal(
        "E419",
        f"{fact.units.currency} is a {old.instrument} and turns into {fact.into.currency}, "
        'of which nobody says what it is; write `instrument: "preferred"`, or whatever it '
        "is",
    )


def method_after(
    old: StakeState,
    known: StakeState | None,
    likeness: Stake,
    policies: tuple[DealPolicy, ...],
    framework: Framework,
) -> str:
    """Return how units are carried that come for others.

    Args:
      known: The new security, where the deal has or had some of it.
      likeness: The new units as if they had been bought.
    """
    if known is not None and known.units:
        return known.method
    elected = {policy.stake for policy in policies if policy.method}
    goes_on = old.method == METHOD or (old.changed and likeness.instrument in _SHARES)
    if goes_on and likeness.units.currency not in elected:
        return old.method
    return method_of(likeness, policies, framework)


def goes_on_at_carrying(
    fact: Convert, old: StakeState, method: str, instrument: str
) -> bool:
    """Return whether the provider needs no fair value: what it has goes on as it stands."""
    if old.method == method and method in (_ALTERNATIVE, METHOD):
        return True
    listed_today = old.changed == (fact.date, _ALTERNATIVE)
    unlisted = _ALTERNATIVE if not listed_today else _IN_INCOME
    return method == _IN_INCOME and instrument in _SHARES and old.method == unlisted


def without_fair_value(fact: Convert, old: StakeState, method: str) -> Refusal:
    """Return why a conversion cannot be recorded without a fair value."""
    given_up, comes = fact.units.currency, fact.into.currency
    if old.class_ == "liability" or old.method in _AT_FAIR_VALUE:
        why = f"{given_up} is carried at fair value, so what it turns into is"
    else:
        why = (
            f"{given_up} is carried by the method {old.method} and {comes} by the method "
            f"{method}, so what comes is"
        )
    return Refusal(
        "E405",
        f"{why} recorded at fair value; write `fair-value:` of a unit of {comes}",
    )
