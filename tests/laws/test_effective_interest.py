"""Growth at one rate, by digits and by whole numbers."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from beanscrow.policy.effective_interest import by_whole_numbers, grown

AMOUNTS = st.integers(1, 10**13)
DAYS = st.integers(1, 370)


@given(AMOUNTS, AMOUNTS, DAYS, st.floats(0, 1))
@example(10000, 12100, 62, 0.5)
def test_digits_and_whole_numbers_agree(
    one: int, other: int, days: int, part: float
) -> None:
    start, end = sorted((one, other))
    passed = int(days * part)
    amount = grown(start, end, passed, days)
    assert amount == by_whole_numbers(start, end, passed, days)
    # (amount - 1/2) ^ days <= start ^ (days - passed) x end ^ passed < (amount + 1/2) ^ days
    exact = 2**days * start ** (days - passed) * end**passed
    assert (2 * amount - 1) ** days <= exact < (2 * amount + 1) ** days


@given(AMOUNTS, AMOUNTS, DAYS)
def test_it_begins_and_ends_where_it_should_and_never_falls(
    one: int, other: int, days: int
) -> None:
    start, end = sorted((one, other))
    assert grown(start, end, 0, days) == start
    assert grown(start, end, days, days) == end
    third, half = grown(start, end, days // 3, days), grown(start, end, days // 2, days)
    assert start <= third <= half <= end


@pytest.mark.parametrize(
    ("start", "end", "middle"),
    [(16, 25, 20), (4, 9, 6), (9, 16, 12), (10000, 12100, 11000)],
)
def test_half_way_is_the_geometric_mean(start: int, end: int, middle: int) -> None:
    assert grown(start, end, 1, 2) == grown(start, end, 31, 62) == middle


@pytest.mark.parametrize(
    ("start", "end", "passed", "days"),
    [(0, 1, 0, 1), (2, 1, 0, 1), (1, 2, 2, 1), (1, 2, -1, 1)],
)
def test_what_does_not_grow_is_the_callers_mistake(
    start: int, end: int, passed: int, days: int
) -> None:
    with pytest.raises(ValueError, match="wanted"):
        grown(start, end, passed, days)
