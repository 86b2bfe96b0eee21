"""Impairments of a stake, and what comes back of them, reckoned a second way."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core.amount import Amount
from beancount.core.data import Posting, Transaction

from beanscrow.checks.examine import examine
from tests.cases.expected import outcomes
from tests.support.ledgers import load_text

STAKE = "Assets:Investments:EquityMethod:Moon"
OWN = Path(__file__).parents[1] / "cases" / "own"
OCI = "Equity:AOCI:AFS:Moon"
LOSS = "Expenses:Investments:Impairment:Moon"


def told(case: str, nth: int | None, amount: str = "0.00", other: str = OCI) -> list[str]:
    """Return the errors when a valuation puts so much more of a fall in income.

    Args:
      other: Account it is taken from; units that stand at their cost are worth less by it.
    """
    ledger = load_text(outcomes(OWN / f"{case}.beancount")[0].text)
    refused = {message[:4] for message in ledger.messages}
    entries = list(ledger.entries)
    if nth is not None:
        marks = [
            at
            for at, entry in enumerate(entries)
            if isinstance(entry, Transaction) and "impairment" in str(entry.narration)
        ]
        entry = entries[marks[nth]]
        more = [
            Posting(account, Amount(number, "USD"), None, None, None, None)
            for account, number in ((LOSS, Decimal(amount)), (other, -Decimal(amount)))
        ]
        postings = [*entry.postings, *more]
        if other == STAKE:
            lot = postings[1]
            cost = lot.cost._replace(number=lot.cost.number - Decimal(amount) / 1000)
            postings = [postings[0], lot._replace(cost=cost), *postings[2:-1]]
        entries[marks[nth]] = entry._replace(postings=postings)
    problems = examine(entries, ledger.options, findings=False).problems
    return [
        problem.code
        for problem in problems
        if problem.level == "error" and problem.code not in refused
    ]


@pytest.mark.parametrize(
    "case",
    [
        "stake-afs-impaired",
        "stake-afs-impaired-lots",
        "stake-afs-impaired-after-purchase",
        "equity-impaired-and-risen",
    ],
)
def test_sound_books_are_left_alone(case: str) -> None:
    assert told(case, None) == []


@pytest.mark.parametrize("amount", ["100.00", "0.02", "-0.02"])
@pytest.mark.parametrize("nth", [0, 1, 2])
def test_a_loss_that_leaves_gains_where_they_wait_is_told(nth: int, amount: str) -> None:
    """As it was booked once: 400.00 of loss, and 100.00 of gains left on a note below cost.

    A part of the note has been sold, which may round by a coin.
    """
    assert told("stake-afs-impaired", nth, amount) == ["E619"]


def test_of_each_acquisition_its_own_gains_go() -> None:
    """25.00 that one lot had fallen before is no gain of the other's."""
    assert told("stake-afs-impaired-lots", 0, "-25.00") == ["E619"]


@pytest.mark.parametrize("amount", ["0.01", "-0.01", "-4000.00"])
def test_a_stake_that_rises_again_rises_as_far_as_it_may(amount: str) -> None:
    """To 5.00 a unit and no coin else, though 4,000.00 more was lost of it."""
    assert told("equity-impaired-and-risen", 1, amount, STAKE)[0] == "E630"
