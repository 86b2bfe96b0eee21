"""The engine and a second, independent reckoning of a life come to the same books."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, reject, settings

from tests.laws.books import LONG, ROLES, STEADY, booked, told
from tests.laws.journal import Reckoned, Undetermined
from tests.laws.lives import Life, Role
from tests.laws.oracle import reckon
from tests.laws.strategy import lives


def reckoned(life: Life, role: Role) -> Reckoned:
    try:
        return reckon(life, role)
    except Undetermined:
        reject()


def agree(life: Life) -> None:
    for role in ROLES:
        theirs = reckoned(life, role)
        ours = booked(life, role)
        assert ours.refused == theirs.refused, (role, ours.ledger.messages)
        assert told(ours.sums) == told(theirs.sums), role


@given(lives())
@settings(STEADY, max_examples=400)
def test_books_are_those_of_the_oracle(life: Life) -> None:
    agree(life)


@pytest.mark.long
@given(lives())
@settings(LONG, max_examples=10_000)
def test_books_are_those_of_the_oracle_at_length(life: Life) -> None:
    agree(life)


def assertions(theirs: Reckoned) -> str:
    """Return stock balance assertions for every account, on the day after each change."""
    lines = ""
    balances: dict[tuple[str, str], Fraction] = {}
    for (day, account, commodity), change in sorted(theirs.sums.items()):
        if commodity.endswith("at cost"):
            continue
        total = balances.get((account, commodity), Fraction()) + change
        balances[account, commodity] = total
        number = Decimal(total.numerator) / Decimal(total.denominator)
        lines += (
            f"{day + timedelta(days=1)} balance {account}  {number:f} ~ 0 {commodity}\n"
        )
    return lines


@given(lives())
@STEADY
def test_stock_balance_assertions_of_the_oracle_hold(life: Life) -> None:
    life = life.but(through=life.reaches)
    for role in ROLES:
        theirs = reckoned(life, role)
        lines = assertions(theirs)
        ours = booked(life, role, lines)
        assert ours.ledger.messages == booked(life, role).ledger.messages
        assert (lines != "") == bool(theirs.sums)
