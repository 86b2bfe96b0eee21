"""A contract event is booked whole or not at all.

One leg less, and the price of what is left would be another; what is settled on a later
day has to be sound when the event is signed, since by then it can no longer be undone.
"""

from __future__ import annotations

from beanscrow.deal.terms import Agreement
from beanscrow.deal.wording import where
from beanscrow.policy.exact import Precision, exact_money
from beanscrow.policy.measurement import EventLegs
from beanscrow.policy.refusal import Refusal

_LEGS = ("deal-stake", "deal-cash", "deal-grant", "deal-commitment")


def check_all_read(legs: EventLegs, agreement: Agreement) -> None:
    """Make sure that no line of an event was refused by the reader.

    Raises:
      Refusal: One was.
    """
    for refused in agreement.refused:
        if refused.directive in _LEGS and (refused.event or refused.date) == legs.agreed:
            raise Refusal(
                "E212",
                f"the contract event of {legs.date} is not booked, because its "
                f"{refused.directive} at {where(refused.at)} was refused and an event "
                "without one of its legs would be measured wrong; mend that line",
            )


def check_settled_later(legs: EventLegs, terms: Precision) -> None:
    """Make sure of the amounts that are booked after an event is signed.

    Args:
      terms: The books; cash to be ring-fenced in another currency waits for its rate.

    Raises:
      Refusal: What is promised, or is to be ring-fenced, is written finer than the books.
    """
    for promised in legs.commitments:
        if promised.amount.currency == terms.currency:
            exact_money(promised.amount, terms, promised.at)
    for grant in legs.grants:
        if grant.escrow is not None and grant.escrow.currency == terms.currency:
            exact_money(grant.escrow, terms, grant.at)
