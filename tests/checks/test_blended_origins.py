"""Revenue of blended credits stands where what paid for them puts it, to the cent."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core.amount import Amount
from beancount.core.data import Transaction

from beanscrow.checks.examine import examine
from tests.cases.expected import Outcome, outcomes
from tests.support.ledgers import load_text

OWN = Path(__file__).parents[1] / "cases" / "own"
CENT = Decimal("0.01")
LINES = "Credits", "Prepaid"


@pytest.mark.parametrize(
    "case", outcomes(OWN / "blend-of-shares-and-money.beancount"), ids=lambda it: it.name
)
def test_a_cent_on_the_other_line_is_seen(case: Outcome) -> None:
    """The entry is in balance, and so are the credits: nothing else would notice."""
    ledger = load_text(case.text)
    assert examine(ledger.entries, ledger.options, findings=False).problems == []
    tried = 0
    for entry in ledger.entries:
        accounts = {p.account for p in getattr(entry, "postings", ())}
        both = [{it for it in accounts if f":Investee:{word}:" in it} for word in LINES]
        if not isinstance(entry, Transaction) or not all(both):
            continue
        tried += 1
        postings = []
        for posting in entry.postings:
            assert posting.units is not None and posting.units.number is not None
            change = Decimal(0)
            if posting.account in both[0]:
                change = CENT
            elif posting.account in both[1]:
                change = -CENT
            amount = Amount(posting.units.number + change, posting.units.currency)
            postings.append(posting._replace(units=amount))
        changed = [
            entry._replace(postings=postings) if each is entry else each
            for each in ledger.entries
        ]
        found = examine(changed, ledger.options, findings=False).problems
        assert [problem.code for problem in found] == ["E638"], entry.narration
    assert tried == 11


def test_hours_given_on_top_of_paid_ones_are_no_gift_to_the_checks() -> None:
    """What is left of an onerous contract is provided for, by both ways alike."""
    (case, _) = outcomes(OWN / "blend-gift.beancount")
    text = case.text.replace('framework: "us-gaap"', 'framework: "ifrs"')
    text += """
2024-10-02 custom "deal-onerous" "moon" 0.70 USD
"""
    ledger = load_text(text)
    assert ledger.messages == []
    provided = [
        posting.units.number
        for entry in ledger.entries
        if isinstance(entry, Transaction) and entry.date.month == 10
        for posting in entry.postings
        if "Onerous" in posting.account and posting.account.startswith("Expenses")
        if posting.units is not None
    ]
    # 500 x 0.70 - 320.00; then 300 x 0.70 - 192.00
    assert provided == [Decimal("30.00"), Decimal("-12.00")]
    assert examine(ledger.entries, ledger.options, findings=False).problems == []
