"""What a vendor owes and promises: entries that balance, and are wrong, are told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from beancount.core.amount import Amount

from beanscrow.checks.examine import examine
from tests.cases.ledgers import Case, cases
from tests.checks.test_engine import generated

CASES = [
    case
    for case in cases()
    if case.name.partition(":")[0]
    in (
        "backstop",
        "buy-back",
        "commitment-counts-credits",
        "guarantee",
        "warrants-target-late",
        "warrants-tranches",
    )
    # A customer books nothing of what its vendor guarantees.
    and not case.name.startswith("guarantee: startup")
]


def swapped(entry: Any, first: int, second: int) -> Any:
    """Return an entry in which a cent has gone from one posting to another."""
    postings = list(entry.postings)
    for index, cent in ((first, Decimal("0.01")), (second, Decimal("-0.01"))):
        units = postings[index].units
        changed = Amount(units.number + cent, units.currency)
        postings[index] = postings[index]._replace(units=changed)
    return entry._replace(postings=postings)


def watched(account: str) -> bool:
    """Return whether an account holds a figure that a second way reckons."""
    parts = (
        "Capacity", "Guarantees", "BuyBack", "RightOfUse", "LeaseIncome",
        "WarrantsEarned", "CustomerWarrants", "UpfrontCustomer", "DeferredVendor",
    )  # fmt: skip
    return any(part in account for part in parts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_cent_on_the_wrong_line_is_told(case: Case) -> None:
    """Each pair of lines of which one is reckoned again, whatever else hides it."""
    assert len(CASES) == 18
    entries, _, options = case.load()
    tried = 0
    for entry in generated(entries):
        money = [
            index
            for index, posting in enumerate(entry.postings)
            if posting.cost is None and posting.units.currency == "USD"
        ]
        for first, second in zip(money, money[1:], strict=False):
            accounts = [entry.postings[index].account for index in (first, second)]
            if not any(map(watched, accounts)):
                continue
            tried += 1
            changed = swapped(entry, first, second)
            after = [changed if e is entry else e for e in entries]
            found = examine(after, options, findings=False).problems
            codes = {problem.code for problem in found}
            assert codes & {"E618", "E620", "E624", "E640", "E642", "E643", "E644"}, (
                entry.narration,
                accounts,
            )
            assert "E601" not in codes
    assert tried
