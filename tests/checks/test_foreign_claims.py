"""What is owed in another currency, settled where the engine does not see it."""

from __future__ import annotations

import inspect

import pytest

from beanscrow.checks.examine import examine
from beanscrow.deal.problems import Problem
from tests.support.ledgers import load_text

HEAD = inspect.cleandoc("""
    plugin "beanscrow.plugins.deals"
    2024-01-01 custom "books" "provider"
      framework: "us-gaap"
      currency: "CNY"
      open-accounts: TRUE
    2024-01-10 price USD 7.10 CNY
    2024-01-01 open Assets:Bank
    2024-01-10 custom "deal" "moon" "Moonshot AI"
      provider: "Cloud"
      overage: "bill"
      overage-price: 1.00 USD
    2024-01-12 custom "deal-usage" "moon" 100.00 USD
    """)
BY_HAND = inspect.cleandoc("""
    2024-01-20 * "Moonshot AI" "wire"
      Assets:Bank                     710.00 CNY
      Assets:Receivables:Trade:Moon
    """)


def found_in(text: str) -> list[Problem]:
    """Return everything the checks find in a ledger, but notes."""
    entries, _, options = load_text(text)[:3]
    found = examine(entries, options, findings=True).problems
    return [it for it in found if it.level != "note"]


def test_a_collection_by_hand_goes_on_being_remeasured() -> None:
    (found,) = [it for it in found_in(f"{HEAD}\n{BY_HAND}\n") if it.code == "F648"]
    assert found.deal == "moon"
    assert found.at.lineno == len(HEAD.splitlines()) + 1
    assert '"wire" moves what is owed by hand; it is owed in USD' in found.message


@pytest.mark.parametrize(
    "more",
    ['2024-01-20 custom "deal-payment" "moon" 100.00 USD', BY_HAND.replace("Moon", "Sun")],
    ids=["a payment", "another account"],
)
def test_what_settles_nothing_by_hand_is_passed(more: str) -> None:
    text = f"{HEAD}\n2024-01-01 open Assets:Receivables:Trade:Sun\n{more}\n"
    assert [it.code for it in found_in(text) if it.code == "F648"] == []


def test_in_books_of_one_currency_it_may_be_collected_by_hand() -> None:
    text = f"{HEAD}\n{BY_HAND}\n".replace('currency: "CNY"', 'currency: "USD"')
    text = text.replace("710.00 CNY", "100.00 USD").replace(
        "price USD 7.10 CNY", "price EUR 1.1 USD"
    )
    assert [it.code for it in found_in(text)] == []


def test_a_bill_of_less_than_a_coin_has_no_entry_and_needs_none() -> None:
    text = HEAD.replace('currency: "CNY"', 'currency: "CNY"\n  precision: 1')
    text = text.replace("100.00 USD", "0.05 USD") + "\n"
    assert found_in(text) == []
