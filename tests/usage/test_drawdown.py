"""Credits: rounded together, once."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from beanscrow.money import round_to_quanta
from beanscrow.usage.drawdown import round_together

amounts = st.lists(
    st.fractions(min_value=-1000, max_value=1000, max_denominator=10**6), max_size=30
)


@given(amounts, st.integers(0, 6))
def test_parts_add_up_to_their_exact_sum_rounded_once(
    exact: list[Fraction], scale: int
) -> None:
    parts = round_together(exact, scale)
    assert sum(parts) == round_to_quanta(sum(exact, Fraction(0)), scale)
    for part, amount in zip(parts, exact, strict=True):
        assert abs(part - amount * 10**scale) < 1


@given(amounts)
def test_whole_amounts_stay_as_they_are(exact: list[Fraction]) -> None:
    whole = [Fraction(round(amount)) for amount in exact]
    assert round_together(whole, 0) == whole


def test_equal_remainders_go_to_the_earlier_part() -> None:
    third = Fraction(1, 3)
    assert round_together([third, third, third], 2) == [34, 33, 33]
    assert round_together([-third, -third, -third], 2) == [-33, -33, -34]
