"""Rent is its part of the price, in equal days: no entry of it can be another."""

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
APART = [
    case
    for name in ("apart", "together")
    for case in outcomes(OWN / f"lease-{name}.beancount")
    if any("UnearnedRent" in account for _, account, _ in case.sums)
]
TOGETHER = [
    case for case in outcomes(OWN / "lease-together.beancount") if case not in APART
]
CENT = Decimal("0.01")
RENT = "Liabilities:Lease:UnearnedRent:Moon:T1"
SERVICE = "Income:Revenue:Compute:Investee:Credits:Moon"
INCOME = "Income:Lease:Investee:Moon"


@pytest.mark.parametrize("case", APART, ids=lambda case: case.name)
def test_a_cent_of_rent_more_is_seen(case: Outcome) -> None:
    """Of what is told apart at signing, and of what each month earns; or none of it."""
    ledger = load_text(case.text)
    assert examine(ledger.entries, ledger.options, findings=False).problems == []
    entries = [
        entry
        for entry in ledger.entries
        if isinstance(entry, Transaction) and RENT in {p.account for p in entry.postings}
    ]
    assert len(entries) > 1
    for entry in entries:
        postings = []
        for posting in entry.postings:
            assert posting.units is not None and posting.units.number is not None
            change = CENT if posting.account == RENT else Decimal(0)
            if posting.account in (INCOME, "Liabilities:Contract:Credits:Moon:T1"):
                change = -CENT
            amount = Amount(posting.units.number + change, posting.units.currency)
            postings.append(posting._replace(units=amount))
        others = [each for each in ledger.entries if each is not entry]
        changed = [*others, entry._replace(postings=postings)]
        found = examine(changed, ledger.options, findings=False).problems
        assert {problem.code for problem in found} == {"E636"}, entry.narration
        assert examine(others, ledger.options, findings=False).problems


@pytest.mark.parametrize("case", TOGETHER, ids=lambda case: case.name)
def test_what_is_one_line_is_that_of_its_greater_part(case: Outcome) -> None:
    ledger = load_text(case.text)
    assert examine(ledger.entries, ledger.options, findings=False).problems == []
    lines = {SERVICE: INCOME, INCOME: SERVICE}
    (entry,) = [
        entry
        for entry in ledger.entries
        if isinstance(entry, Transaction)
        and lines.keys() & {p.account for p in entry.postings}
    ]
    postings = [p._replace(account=lines.get(p.account, p.account)) for p in entry.postings]
    after = [
        entry._replace(postings=postings) if each is entry else each
        for each in ledger.entries
    ]
    found = examine(after, ledger.options, findings=False).problems
    assert [problem.code for problem in found] == ["E636"]
