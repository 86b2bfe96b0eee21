"""The engine and a second, independent reckoning of the same life come to the same books."""

from __future__ import annotations

import pytest
from hypothesis import given, reject, settings

from tests.laws.books import booked, told
from tests.laws.lives import Life
from tests.laws.oracle import Undetermined, reckon
from tests.laws.strategy import lives


def agree(life: Life) -> None:
    for role in ("provider", "startup"):
        try:
            theirs = reckon(life, role)
        except Undetermined:
            reject()
        ours = booked(life, role)
        assert ours.refused == theirs.refused, (role, ours.ledger.messages)
        assert told(ours.sums) == told(theirs.sums), role


@given(lives())
@settings(max_examples=150)
def test_books_are_those_of_the_oracle(life: Life) -> None:
    agree(life)


@pytest.mark.long
@given(lives())
@settings(max_examples=5000)
def test_books_are_those_of_the_oracle_at_length(life: Life) -> None:
    agree(life)
