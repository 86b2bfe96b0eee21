"""Shares earned as credits are drawn: no entry of them can be taken away or doubled."""

from __future__ import annotations

from pathlib import Path

import pytest
from beancount.core.data import Transaction

from beanscrow.checks.examine import examine
from tests.cases.expected import Outcome, outcomes
from tests.support.ledgers import load_text

CASES = outcomes(Path(__file__).parents[1] / "cases" / "own" / "vesting-as-drawn.beancount")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_entry_of_shares_earned_is_wanted_once(case: Outcome) -> None:
    ledger = load_text(case.text)
    assert examine(ledger.entries, ledger.options, findings=False).problems == []
    earned = [
        entry
        for entry in ledger.entries
        if isinstance(entry, Transaction) and "earned by" in (entry.narration or "")
    ]
    assert len(earned) == 3
    for entry in earned:
        rest = [each for each in ledger.entries if each is not entry]
        for entries in (rest, [*ledger.entries, entry]):
            problems = examine(entries, ledger.options, findings=False).problems
            assert "E626" in {problem.code for problem in problems}, entry.narration
