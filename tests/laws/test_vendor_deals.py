"""Laws of a vendor's promises: a day's books are the same however far, or in what order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cases.expected import Outcome, outcomes
from tests.cases.test_own import booked
from tests.support.ledgers import load_text

OWN = Path(__file__).parents[1] / "cases" / "own"
NAMES = (
    "backstop",
    "buy-back",
    "commitment-counts-credits",
    "commitment-counts-which",
    "guarantee",
    "warrants-target-late",
    "warrants-tranches",
)
CASES = [
    case
    for name in NAMES
    for case in outcomes(OWN / f"{name}.beancount")
    if "framework" not in case.name
]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
_THROUGH = re.compile(r"  through: (\S+)")


@every_case
def test_books_to_a_day_are_the_first_part_of_books_to_a_later_one(case: Outcome) -> None:
    """What is dated after a day changes nothing before it."""
    whole = booked(load_text(case.text))
    for day in sorted({day for day, _, _ in whole}):
        part = booked(load_text(_THROUGH.sub(f"  through: {day}", case.text)))
        assert part == {key: number for key, number in whole.items() if key[0] <= day}


@every_case
def test_the_order_of_lines_means_nothing(case: Outcome) -> None:
    """Directives written in the opposite order come to the same books."""
    head, *blocks = re.split(r"(?m)^(?=\d{4}-\d\d-\d\d custom)", case.text)
    turned = head + "".join(reversed(blocks))
    assert booked(load_text(turned)) == booked(load_text(case.text))
