"""A startup's own credit, reckoned a second way from its valuations and conversions."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core.amount import Amount
from beancount.core.data import Posting, Transaction

from beanscrow.checks.examine import examine
from tests.cases.expected import outcomes
from tests.checks.found import STARTUP, codes
from tests.support.ledgers import load_text

CASE = Path(__file__).parents[1] / "cases" / "own" / "own-credit.beancount"
SIDES = {outcome.name.partition(": ")[2]: outcome.text for outcome in outcomes(CASE)}
US, IFRS = "startup", 'startup with framework: "ifrs"'
WAITS = "Equity:AOCI:OwnCredit:Moon"
OWED = "Liabilities:ConvertibleNotes:Moon"
# What is said of the entry that takes own credit to income.
REALISED = "Own credit of MOON.N reclassified"


def told(
    text: str, spoilt: str = "", by: str = "0.00", *, gone: bool = False, of: str = WAITS
) -> list[str]:
    """Return the errors where an entry moves so much more of an account, or is gone."""
    ledger = load_text(text)
    refused = {message[:4] for message in ledger.messages}
    entries = []
    found = 0
    for entry in ledger.entries:
        if isinstance(entry, Transaction) and spoilt and spoilt in str(entry.narration):
            found += 1
            if gone:
                continue
            more = [
                Posting(account, Amount(number, "USD"), None, None, None, None)
                for account, number in (
                    (of, Decimal(by)),
                    ("Expenses:FairValueChange:Moon", -Decimal(by)),
                )
            ]
            entry = entry._replace(postings=[*entry.postings, *more])
        entries.append(entry)
    assert found or not spoilt
    problems = examine(entries, ledger.options, findings=False).problems
    return [p.code for p in problems if p.level == "error" and p.code not in refused]


@pytest.mark.parametrize("side", sorted(SIDES))
def test_the_case_is_sound(side: str) -> None:
    assert told(SIDES[side]) == []


@pytest.mark.parametrize(
    ("side", "spoilt", "by"),
    [
        (US, "fair-value, 7.00 a unit", "0.01"),
        (US, "fair-value, 7.00 a unit", "-0.01"),
        (IFRS, "fair-value, 9.00 a unit", "0.01"),
        # The last of it takes all with it, so nothing may round.
        (US, REALISED, "0.02"),
        # Under IFRS nothing is ever taken to income.
        (IFRS, "converted", "150.00"),
    ],
)
def test_more_or_less_than_is_said_is_told(side: str, spoilt: str, by: str) -> None:
    assert told(SIDES[side], spoilt, by) == ["E647"]


def test_what_is_never_reclassified_is_told() -> None:
    assert told(SIDES[US], REALISED, gone=True) == ["E647"]


@pytest.mark.parametrize("side", [US, IFRS])
def test_a_liability_that_does_not_go_with_its_units_is_told(side: str) -> None:
    assert "E648" in told(SIDES[side], "40 MOON.N converted", gone=True)
    assert told(SIDES[side], "40 MOON.N converted", "0.02", of=OWED) == ["E648"]
    # The last units take all that is left, to the cent.
    assert told(SIDES[side], "60 MOON.N converted", "0.01", of=OWED) == ["E648"]


def test_a_liability_that_turns_into_another_is_not_looked_at() -> None:
    text = SIDES[US].replace(
        '2024-01-01 custom "deal-cash"',
        '2024-01-01 custom "deal-policy" "moon"\n'
        '  stake: "MOON.B"\n  class: "liability"\n'
        '2024-01-01 custom "deal-cash"',
    )
    assert told(text) == []


def test_of_several_purchases_the_oldest_go_first() -> None:
    """Each has its part by units, and a part of one may round by a cent."""
    text = SIDES[US].replace(
        '2024-01-01 custom "deal-cash"',
        '2024-06-01 custom "deal-stake" "moon" 11 MOON.N\n'
        '  fair-value: 10.00 USD\n  fair-value-source: "round-price"\n'
        '  instrument: "note"\n'
        '2024-06-01 custom "deal-cash" "moon" 110.00 USD\n'
        '2024-01-01 custom "deal-cash"',
    )
    assert told(text) == []
    assert told(text, "fair-value, 7.00 a unit", "1.00") == ["E647"]


def test_own_credit_abroad_takes_the_rate_of_its_day() -> None:
    text = SIDES[IFRS].partition("2025-06-30")[0]
    text = text.replace(" USD\n", " EUR\n").replace('"note"', '"safe"')
    prices = "2024-01-01 price EUR 1.10 USD\n2024-12-30 price EUR 0.80 USD\n"
    ledger = load_text(text + prices)
    assert not ledger.messages
    assert told(text + prices) == []
    assert told(text + prices, "fair-value, 7.00 EUR a unit", "0.01") == ["E647"]
    waits = [
        posting.units
        for entry in ledger.entries
        if isinstance(entry, Transaction)
        for posting in entry.postings
        if posting.account == WAITS
    ]
    assert waits == [Amount(Decimal("-256.00"), "USD")]
    assert "E218" in load_text(text + prices.partition("2024-12-30")[0]).messages[0]


NOTE = """
2020-01-01 custom "deal-stake" "moon" 100 MOON.N
  fair-value: 1.00 USD
  fair-value-source: "round-price"
  instrument: "note"
2020-01-01 custom "deal-cash" "moon" 100.00 USD
2020-12-31 custom "deal-valuation" "moon" 0.90 USD
  kind: "fair-value"
  source: "appraisal"
"""


def test_own_credit_that_is_not_said_under_ifrs() -> None:
    text = STARTUP.replace("us-gaap", "ifrs") + NOTE
    assert codes(text) == ["F644"]
    assert codes(text + "  own-credit: 0.00 USD\n") == []
    assert codes(text.replace('"ifrs"', '"us-gaap"')) == []
    assert codes(text.replace('"startup"', '"provider"')) == []
