"""Interest on compute paid for in advance: no entry of it can be another, or be missing."""

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
    for name in ("ramp", "promise", "stand-ready")
    for case in outcomes(OWN / f"financing-{name}.beancount")
]
CENT = Decimal("0.01")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_cent_more_or_an_entry_less_is_seen(case: Outcome) -> None:
    ledger = load_text(case.text)
    assert examine(ledger.entries, ledger.options, findings=False).problems == []
    entries = [
        entry
        for entry in ledger.entries
        if isinstance(entry, Transaction)
        and (entry.narration or "").startswith("Interest of ")
    ]
    assert len(entries) > 12
    for entry in entries:
        debit, credit = entry.postings
        assert debit.units is not None and debit.units.number is not None
        assert credit.units is not None and credit.units.number is not None
        more = [
            debit._replace(units=Amount(debit.units.number + CENT, "USD")),
            credit._replace(units=Amount(credit.units.number - CENT, "USD")),
        ]
        others = [each for each in ledger.entries if each is not entry]
        for instead in ([entry._replace(postings=more)], [], [entry, entry]):
            found = examine([*others, *instead], ledger.options, findings=False).problems
            assert {problem.code for problem in found} == {"E635"}, entry.narration
