"""What a credit counts for where a promise to spend counts credits as well as money.

Both parties must come to one shortfall, since it is owed in money.  So a credit counts
at a figure both have signed: its face, else the money it was bought for; never at what
the shares paid for it were worth, on which the sides may differ.  A gift counts
nothing, for nothing is spent with it, and so do the days of a service that stands ready,
for nobody draws them.  Credits that others were blended into are no gift, and were not
bought for the price of the new ones alone: they count at their face.  No standard says
so: it is what such a contract means, written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from beanscrow.deal.terms import Commitment, Grant
from beanscrow.policy.refusal import Refusal


def counted_at(grant: Grant, currency: str) -> Fraction | None:
    """Return the money one credit of a grant counts for, 0 for a gift and for a day.

    Args:
      currency: The promise is made in.
    Returns:
      Money for one credit, exact; None where the contract does not say any.
    """
    price, face = grant.price, grant.face
    blended = grant.modification == "blend"
    gift = price is not None and not price.number and not blended
    if gift or grant.delivery == "stand-ready":
        return Fraction(0)
    if face is not None and face.currency == currency:
        return Fraction(face.number)
    sold = price is not None and not grant.opening and not blended
    if sold and price is not None and price.currency == currency:
        return Fraction(price.number) / Fraction(grant.credits.number)
    return None


def check_countable(promises: Iterable[Commitment], grants: Iterable[Grant]) -> None:
    """Make sure that every credit of a deal has a figure it counts for.

    Args:
      promises: Those that are made.
      grants: All of the deal, since any of them may be drawn in a promise's term.

    Raises:
      Refusal: A grant has none.
    """
    counting = next((it for it in promises if it.counts_credits), None)
    if counting is None:
        return
    currency = counting.amount.currency
    for grant in sorted(grants, key=lambda it: it.tranche):
        if counted_at(grant, currency) is None:
            raise Refusal(
                "E320",
                f"{counting.commitment} counts credits as spent, and those of "
                f"{grant.tranche} have no `face:` in {currency} to count at; write what "
                "one credit is worth at list price",
                grant.at,
            )
