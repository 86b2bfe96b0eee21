"""The writer: what it writes reads back as it was meant, or is not written."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from beancount.core.amount import Amount
from hypothesis import given
from hypothesis import strategies as st

from beanscrow.usage.text import Directive, Unwritable, check, is_clean, render

DAY = datetime.date(2026, 3, 31)
dates = st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 12, 31))
# 28 digits: Beancount's reader keeps no more of a negative number.
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9),
                      max_value=10**9, places=18)  # fmt: skip
texts = st.text(min_size=1, max_size=40)
commodities = st.from_regex(r"[A-Z][A-Z0-9._-]{0,6}[A-Z0-9]", fullmatch=True)


@given(texts)
def test_any_text_is_written_so_that_it_reads_back_or_is_refused(text: str) -> None:
    directive = Directive(DAY, "moon", Decimal("1.50"), "MOON.CR", {"service": text})
    if not is_clean(text):
        with pytest.raises(Unwritable):
            render(directive)
        return
    check(render(directive), [directive])


@given(st.lists(st.tuples(dates, numbers, commodities, numbers, dates), max_size=5))
def test_numbers_days_and_commodities_read_back(
    rows: list[tuple[datetime.date, Decimal, str, Decimal, datetime.date]],
) -> None:
    directives = [
        Directive(day, "moon", number, commodity,
                  {"from": first, "source-total": Amount(total, commodity),
                   "source-rows": Decimal(7)})
        for day, number, commodity, total, first in rows
    ]  # fmt: skip
    check("".join(map(render, directives)), directives)


@pytest.mark.parametrize(
    "text",
    ["a\nb", "a\rb", "a\tb", "a\x00b", "a\u2028b", "a\u202eb", "a\u200bb", "a\ud800b",
     "e\u0301", "", "x" * 1001],
)  # fmt: skip
def test_characters_nobody_sees_are_not_clean(text: str) -> None:
    assert not is_clean(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"deal": 'moon" 1 USD\n2026-01-01 open Assets:X ; "'},
        {"deal": "Moon"},
        {"commodity": "USD\n2026-01-01 open Assets:X"},
        {"commodity": "E-9"},
        {"commodity": "usd"},
        {"number": Decimal("NaN")},
        {"number": Decimal("Infinity")},
        {"meta": {"Key": "x"}},
        {"meta": {"k: 1\n2026-01-01 open Assets:X\n  k": "x"}},
        {"meta": {"total": Amount(Decimal(1), "a b")}},
    ],
)
def test_a_field_that_is_not_of_its_grammar_is_refused(changes: dict[str, object]) -> None:
    directive = Directive(DAY, "moon", Decimal(1), "MOON.CR", {})._replace(**changes)  # type: ignore[arg-type]
    if changes.get("commodity") == "E-9":
        render(directive)  # a commodity may be called so; a number never ends in it
        return
    with pytest.raises(Unwritable):
        render(directive)


def test_tiny_and_huge_numbers_have_no_exponent() -> None:
    tiny = Directive(DAY, "moon", Decimal("1E-9"), "MOON.CR", {})
    assert " 0.000000001 MOON.CR" in render(tiny)
    huge = Directive(DAY, "moon", Decimal("1E+9"), "MOON.CR", {})
    assert " 1000000000 MOON.CR" in render(huge)


def test_a_number_beancount_would_round_is_not_written() -> None:
    number = Decimal("-10000000000.000000000000000001")
    directive = Directive(DAY, "moon", number, "MOON.CR", {})
    with pytest.raises(Unwritable):
        check(render(directive), [directive])


def test_text_that_says_more_than_it_should_does_not_pass() -> None:
    directive = Directive(DAY, "moon", Decimal(1), "MOON.CR", {"service": "x"})
    text = render(directive)
    for extra in ("2026-01-01 open Assets:X\n", text, "nonsense\n"):
        with pytest.raises(Unwritable):
            check(text + extra, [directive])
    with pytest.raises(Unwritable):
        check(text.replace("1 MOON", "2 MOON"), [directive])
    with pytest.raises(Unwritable):
        check(text.replace('"x"', '"y"'), [directive])
