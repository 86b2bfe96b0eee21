"""Another program adds the booked ledgers up to the same trial balance, to the last digit."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import pytest
from beancount.core import convert, realization

from tests.cases.ledgers import TOPS
from tests.support.hledger import Balances, journal_of, trial_balance
from tests.support.ledgers import load_path, load_text

BOOKS = Path(__file__).resolve().parents[2] / "ledger"
SPECIMENS = sorted(BOOKS.glob("*.beancount"))
REDUCED: dict[Literal["units", "cost"], Callable[..., Any]] = {
    "units": convert.get_units,
    "cost": convert.get_cost,
}


def beancounts(entries: list[Any], at: Literal["units", "cost"]) -> Balances:
    """Return Beancount's own trial balance, without zeros."""
    balances: Balances = {}
    for account in realization.iter_children(realization.realize(entries)):
        for position in account.balance.reduce(REDUCED[at]):
            number = position.units.number
            assert isinstance(number, Decimal)
            if number:
                balances[account.account, position.units.currency] = Fraction(number)
    return balances


def name_of(path: Path) -> str:
    """Return the name of a ledger, for the name of its test."""
    return f"{path.parent.name}/{path.stem}"


def test_there_are_specimens_and_worked_deals() -> None:
    assert len(SPECIMENS) > 8
    assert len({path.parent for path in TOPS}) == 16


@pytest.mark.parametrize("path", [*SPECIMENS, *TOPS], ids=name_of)
def test_hledger_comes_to_beancounts_trial_balance(
    path: Path, hledger_program: str, tmp_path: Path
) -> None:
    entries = load_path(path).entries
    journal = tmp_path / "books.journal"
    journal.write_text(journal_of(entries), "utf-8")
    for at in REDUCED:
        theirs = trial_balance(hledger_program, journal, at)
        assert theirs == beancounts(entries, at), at
        assert bool(theirs) is (path.stem != "commodities"), at


def test_a_digit_too_much_is_seen(hledger_program: str, tmp_path: Path) -> None:
    """Neither program rounds what it shows here, nor reads a commodity otherwise."""
    ledger = load_text("""
        2024-01-01 open Assets:Held
        2024-01-01 open Assets:Cash
        2024-01-02 * "Payee; with | signs" "A narration"
          Assets:Held   3 X1.A {0.333333333 USD}
          Assets:Cash  -0.999999999 USD
        2024-01-03 ! "A day of a term"
          Assets:Held   14.254237288 X1.DAY
          Assets:Cash  -14.254237288 X1.DAY
        """)
    assert ledger.messages == []
    journal = tmp_path / "books.journal"
    journal.write_text(journal_of(ledger.entries), "utf-8")
    days = {
        ("Assets:Held", "X1.DAY"): Fraction("14.254237288"),
        ("Assets:Cash", "X1.DAY"): Fraction("-14.254237288"),
        ("Assets:Cash", "USD"): Fraction("-0.999999999"),
    }
    assert trial_balance(hledger_program, journal, "units") == {
        ("Assets:Held", "X1.A"): 3,
        **days,
    }
    assert trial_balance(hledger_program, journal, "cost") == {
        ("Assets:Held", "USD"): Fraction("0.999999999"),
        **days,
    }
