"""What pays for blended credits, and what a cost that is moved to marketing tells of it."""

from __future__ import annotations

from pathlib import Path

from beanscrow.checks.examine import daybook_in
from beanscrow.reports.credits import credits_standing
from tests.cases.expected import outcomes
from tests.support.ledgers import load_text

OWN = Path(__file__).parents[1] / "cases" / "own"


def kinds(name: str, more: str = "") -> dict[str, str]:
    """Return the kind of each tranche that has taken others over, by deal and tranche."""
    case, *_ = outcomes(OWN / f"{name}.beancount")
    daybook = daybook_in(load_text(case.text + more).options)
    return {
        f"{row.deal} {row.tranche}": row.kind
        for row in credits_standing(daybook)
        if row.moved > 0
    }


def test_a_blend_is_a_gift_where_all_of_it_is() -> None:
    assert kinds("blend-gift") == {"moon B": "credits", "sun G2": "promotional"}


def test_a_blend_of_shares_and_money_is_mixed() -> None:
    found = kinds("blend-of-shares-and-money")
    assert found == dict.fromkeys(("comet B", "moon B", "star B", "sun C"), "mixed")


def test_the_cost_of_credits_somebody_paid_for_is_no_marketing() -> None:
    """Of a gift that blends a gift it is: 30 credits at 0.45, and none of moon's."""
    more = """
2024-01-01 custom "deal-policy" "sun"
  promo-cost: "marketing"
2024-01-01 custom "deal-cost" "sun" 0.45 USD
"""
    case, *_ = outcomes(OWN / "blend-gift.beancount")
    ledger = load_text(case.text + more)
    costs = [
        (entry.meta["deal"], entry.meta["tranche"], str(posting.units.number))
        for entry in ledger.entries
        for posting in getattr(entry, "postings", ())
        if posting.account == "Expenses:Marketing:PromotionalCompute"
    ]
    assert costs == [("sun", "G1", "4.50"), ("sun", "G2", "13.50")]
