"""Shares measured on receipt or performance: no figure of them can be another."""

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
CASES = [
    case
    for name in ("noncash-receipt", "noncash-receipt-beside-cash", "noncash-performance")
    for case in outcomes(OWN / f"{name}.beancount")
    if "provider" in case.name and "inception" not in case.name
]
MEASURED = ("received, and what they pay for", "at what the shares are worth")
REVENUE = "Income:Revenue:Compute:Investee:Credits:Moon"
OTHER = (
    "Income:Investments:NonCashConsideration:Moon",
    "Liabilities:Contract:Credits:Moon:T1",
)
CENT = Decimal("0.01")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_cent_more_of_revenue_is_seen(case: Outcome) -> None:
    """Balanced by the account that stands against it, in each entry that measures."""
    ledger = load_text(case.text)
    assert examine(ledger.entries, ledger.options, findings=False).problems == []
    entries = [
        entry
        for entry in ledger.entries
        if isinstance(entry, Transaction)
        and any(words in (entry.narration or "") for words in MEASURED)
    ]
    assert entries
    for entry in entries:
        postings = []
        for posting in entry.postings:
            assert posting.units is not None and posting.units.number is not None
            change = -CENT if posting.account == REVENUE else Decimal(0)
            change = CENT if posting.account in OTHER else change
            amount = Amount(posting.units.number + change, posting.units.currency)
            postings.append(posting._replace(units=amount))
        after = [
            entry._replace(postings=postings) if each is entry else each
            for each in ledger.entries
        ]
        found = examine(after, ledger.options, findings=False).problems
        assert "E637" in {problem.code for problem in found}, entry.narration
        assert "E601" not in {problem.code for problem in found}
        if "received" not in (entry.narration or ""):
            for entries in (
                [each for each in ledger.entries if each is not entry],
                [*ledger.entries, entry],
            ):
                found = examine(entries, ledger.options, findings=False).problems
                assert {problem.code for problem in found} == {"E637"}
