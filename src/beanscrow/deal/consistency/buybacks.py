"""Buy-backs: that each has a name and a sale of its own, and that what is exercised is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beanscrow.deal import wording
from beanscrow.deal.terms import Grant, Usage
from beanscrow.deal.vendor_terms import Buyback, BuybackExercise

if TYPE_CHECKING:
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger
    from beanscrow.deal.problems import Position

LONGEST = 100  # years from a sale to the day it is bought back


def check_buybacks(draft: Draft, ledger: Ledger) -> None:
    """Refuse buy-backs of no sale or of several, and what exercises none of them."""
    made: dict[str, Buyback] = {}
    sold: dict[Position, Buyback] = {}
    for line, buyback in draft.of(Buyback):
        name = line.directive.name
        first = made.setdefault(buyback.buyback, buyback)
        if first is not buyback:
            words = (
                f'"{buyback.buyback}" already names the buy-back of '
                f"{wording.where(first.at)}; choose another name with buyback:"
            )
            draft.refuse(ledger, buyback, name, "E121", words)
            continue
        if buyback.to.year - buyback.date.year > LONGEST:
            words = (
                f"to is {buyback.to}, more than {LONGEST} years after its own date, and "
                "what is owed grows day by day to it; wanted the day the contract names"
            )
            draft.refuse(ledger, buyback, name, "E113", words)
            continue
        sales = _sales(draft, buyback)
        if len(sales) != 1:
            if draft.refuses("deal-usage") and not sales:
                continue  # its sale may be the one that was refused
            code = "E129" if sales else "E131"
            draft.refuse(ledger, buyback, name, code, _which(buyback, len(sales)))
            continue
        other = sold.setdefault(sales[0].at, buyback)
        if other is not buyback:
            words = (
                f"its sale has the buy-back of {wording.where(other.at)} already; one sale "
                "has one"
            )
            draft.refuse(ledger, buyback, name, "E121", words)
    if draft.refuses("deal-buyback"):
        return
    for line, exercise in draft.of(BuybackExercise):
        if exercise.buyback not in made:
            words = (
                f"the deal has no buy-back {wording.quoted(exercise.buyback)}; it has "
                f"{wording.all_of(sorted(made))}"
            )
            draft.refuse(ledger, exercise, line.directive.name, "E131", words)


def _sales(draft: Draft, buyback: Buyback) -> list[Usage]:
    """Return the usage in money of a buy-back's day that it can be of."""
    credits = {grant.credits.currency for _, grant in draft.of(Grant)}
    return [
        usage
        for usage in draft.standing_usages()
        if usage.date == buyback.date
        and usage.quantity.number > 0
        and usage.quantity.currency not in credits
        and buyback.of in (None, usage.import_id)
    ]


def _which(buyback: Buyback, found: int) -> str:
    if found:
        return (
            f"of is missing, and {found} sales stand on {buyback.date}; wanted the "
            "import-id of one"
        )
    named = f" with import-id {wording.quoted(buyback.of)}" if buyback.of else ""
    return (
        f"no sale in money{named} stands on {buyback.date}; a buy-back is agreed with its "
        "sale, and has its date"
    )
