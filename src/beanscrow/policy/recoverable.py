"""A stake with significant influence written down to what it is worth, and up again.

down   to the price stated, where it lies below the carrying amount (323-10-35-31, 35-32;
       IAS 28.42)
up     under IFRS only: to the amount recoverable, and no further than the stake would be
       carried at had no loss been recognised (IAS 28.42; IAS 36.114).  Results,
       eliminations and purchases since come on top of either amount; a sale or a deemed
       sale takes its part of the loss as well.
"""

from __future__ import annotations

from collections.abc import Iterable

from beanscrow.deal.terms import Valuation
from beanscrow.money import from_quanta
from beanscrow.policy.influence import METHOD, Influence
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.stake_lots import StakeState
from beanscrow.policy.terms_of_side import SideTerms

REVERSED = "IAS 28.42; IAS 36.114"


def recoverable(
    valuation: Valuation,
    stake: StakeState,
    stakes: Iterable[StakeState],
    worth: int,
    influence: Influence,
    terms: SideTerms,
) -> int:
    """Return what a stake is carried at after a test for impairment, in quanta.

    Args:
      stakes: Every stake of the deal.
      worth: What the units are worth at the price stated.

    Raises:
      Refusal: It would rise, and may not: under US GAAP, beyond what has been lost, or
        while losses or profit stand beyond a carrying amount of zero.
    """
    lost = influence.impaired
    if worth <= stake.carrying:
        if terms.framework == "ifrs":
            influence.impaired += stake.carrying - worth
        return worth
    said = (
        f"an impairment to {valuation.price.number:f} a unit would raise {stake.commodity} "
        f"from {from_quanta(stake.carrying, stake.scale):,f}; "
    )
    if terms.framework != "ifrs":
        raise Refusal(
            "E402",
            f"{said}under US GAAP a loss of value of a stake under the equity method stands "
            "(323-10-35-32), and only the investee's results raise it again",
        )
    if not lost:
        raise Refusal(
            "E402",
            f"{said}no loss is left to be reversed (IAS 28.42; IAS 36.117), and a price "
            'that is only observed is `kind: "observable"`',
        )
    if influence.beside or influence.in_mind:
        raise not_built(
            "the reversal of an impairment while losses or profit stand beyond zero"
        )
    if sum(each.method == METHOD and bool(each.units) for each in stakes) > 1:
        raise not_built("the reversal of an impairment of one of several stakes")
    risen = min(worth, stake.carrying + lost)
    influence.impaired -= risen - stake.carrying
    return risen
