"""Cases of our own, reckoned by hand from the rules and kept as text in `own/`."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core.data import Custom, Transaction

from tests.cases.expected import Outcome, outcomes
from tests.cases.harness import EXACT, Sums, generated, table, unbalanced
from tests.support.ledgers import Ledger, load_text
from tests.support.postings import cost_of, units_of

HERE = Path(__file__).parent
CASES = [
    case for path in sorted((HERE / "own").glob("*.beancount")) for case in outcomes(path)
]

pytestmark = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def booked(ledger: Ledger) -> Sums:
    """Return what each day adds to each account, stakes in units and at cost."""
    sums: Sums = defaultdict(Decimal)
    for entry in generated(ledger.entries):
        for posting in entry.postings:
            (number, commodity), cost = units_of(posting), cost_of(posting)
            key = entry.date, posting.account, commodity
            sums[key] = EXACT.add(sums[key], number)
            if cost is not None:
                key = entry.date, posting.account, f"{cost.currency} at cost"
                sums[key] = EXACT.add(sums[key], EXACT.multiply(number, cost.number))
    return {key: number for key, number in sums.items() if number}


def test_what_is_booked_is_what_was_reckoned(case: Outcome) -> None:
    assert table(booked(load_text(case.text))) == table(case.sums)


def test_errors_are_those_expected_at_their_lines(case: Outcome) -> None:
    ledger = load_text(case.text)
    left = list(zip(ledger.positions, ledger.messages, strict=True))
    for refusal in case.refusals:
        found = next(
            (
                (line, message)
                for line, message in left
                if line in refusal.lines and message.startswith(refusal.code)
            ),
            None,
        )
        assert found, f"{refusal.code} at {sorted(refusal.lines)}; left: {left}"
        assert [word for word in refusal.words if word not in found[1]] == [], found[1]
        left.remove(found)
    assert left == []


def ends_of_failures(entry: Transaction, source: Custom) -> set[str]:
    """Return the links that only a forfeiture and the stake written off with it have."""
    if source.type not in ("deal-forfeit", "deal-commitment-end", "deal-valuation"):
        return set()
    return {
        link
        for link in entry.links
        if re.match(r"(failure|claw-back)-.+-\d{4}-\d\d-", link)
    }


def test_every_transaction_is_exactly_zero_and_says_where_it_comes_from(
    case: Outcome,
) -> None:
    ledger = load_text(case.text)
    assert unbalanced(ledger.entries) == []
    written = {
        (entry.meta["filename"], entry.meta["lineno"]): entry
        for entry in ledger.entries
        if isinstance(entry, Custom)
    }
    for entry in generated(ledger.entries):
        source = written[entry.meta["filename"], entry.meta["lineno"]]
        about = "fleet" if source.type.startswith("fleet") else "deal"
        name = entry.meta[about]
        assert source.values[0].value == name
        assert entry.links - ends_of_failures(entry, source) == {f"{about}-{name}"}
        assert entry.flag == ("!" if source.type == "deal-correct" else "*")
        assert entry.payee
        assert entry.meta["rule"]
        assert entry.meta["booked-by"] in ("escrow", "stakes")
