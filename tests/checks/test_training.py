"""Compute that trains is capitalised where that is elected: no entry may say otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from beancount.core.data import Transaction

from beanscrow.checks.examine import examine
from tests.cases.expected import outcomes
from tests.support.ledgers import load_text

PATH = Path(__file__).parents[1] / "cases" / "own" / "training-capitalised.beancount"
MODEL = "Assets:Intangible:ModelDevelopment:Moon"
TRAINING = "Expenses:Compute:Training:Moon"
INFERENCE = "Expenses:Compute:Inference:Moon"


@pytest.mark.parametrize(("account", "instead"), [(MODEL, TRAINING), (INFERENCE, MODEL)])
def test_no_entry_may_stand_where_the_election_does_not_have_it(
    account: str, instead: str
) -> None:
    """Either way round, in each entry that has the account."""
    ledger = load_text(outcomes(PATH)[0].text)
    assert examine(ledger.entries, ledger.options, findings=False).problems == []
    entries = [
        entry
        for entry in ledger.entries
        if isinstance(entry, Transaction) and account in {p.account for p in entry.postings}
    ]
    assert entries
    for entry in entries:
        postings = [
            p._replace(account=instead) if p.account == account else p
            for p in entry.postings
        ]
        changed = entry._replace(postings=postings)
        after = [changed if each is entry else each for each in ledger.entries]
        found = examine(after, ledger.options, findings=False).problems
        assert [problem.code for problem in found] == ["E634"], entry.narration
