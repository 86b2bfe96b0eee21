"""What is owed for compute paid in advance, whatever is drawn of it and when."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beanscrow.checks.examine import examine
from beanscrow.money import round_to_quanta
from beanscrow.periods import month_end
from tests.cases.harness import Sums, by_day, generated
from tests.laws.books import STEADY
from tests.support.ledgers import load_text

BOOKS = """plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "{side}"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE
  through: {through}
  sfc: "force"
  sfc-rate: {rate}
{signed} custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
{signed} custom "deal-stake" "moon" 10 MOON.A
  fair-value-total: {worth} USD
  fair-value-source: "valuation"
{signed} custom "deal-grant" "moon" {credits} MOON.CR
  tranche: "T1"
  expires: 2026-03-31
"""
# What is owed, interest, what is delivered, and what lapses; the sign of what is owed.
ACCOUNTS = {
    "provider": ("Liabilities:Contract:", "Expenses:Interest:", "Income:Revenue:", -1),
    "startup": ("Assets:Prepaid:", "Income:Interest:", "Expenses:Compute:", 1),
}
LAST = date(2026, 4, 30)
Act = tuple[int, int]


def text_of(
    side: str, signed: date, ramp: list[int], lines: list[str], **more: object
) -> str:
    """Return books with a ramp of so many credits by June, December, ... from 2024 on."""
    days = ("2024-12", "2025-06", "2025-12", "2026-02")
    so_far, keys = 0, []
    for month, units in zip(days, ramp, strict=True):
        so_far += units
        keys.append(f"  ramp-{month}: {so_far} MOON.CR")
    head = BOOKS.format(side=side, signed=signed, credits=so_far, **more)
    return head + "\n".join([*keys, *lines, ""])


def usage(day: date, credits: int, cut: int = 0) -> list[str]:
    """Return a usage, or the same in two lines."""
    line = '{} custom "deal-usage" "moon" {} MOON.CR\n  import-id: "{}-{}"'
    parts = [credits - cut, cut] if 0 < cut < credits else [credits]
    return [line.format(day, part, day, n) for n, part in enumerate(parts)]


def booked(text: str) -> Sums:
    """Return what a ledger books by day; it has no errors, and its checks find none."""
    ledger = load_text(text)
    assert ledger.messages == []
    assert examine(ledger.entries, ledger.options, findings=False).problems == []
    return by_day(generated(ledger.entries))


@pytest.mark.parametrize("side", ACCOUNTS)
@given(
    ramp=st.lists(st.integers(1, 40), min_size=4, max_size=4),
    signed=st.dates(date(2024, 1, 1), date(2024, 3, 31)),
    rate=st.integers(1, 9999),
    worth=st.integers(100, 10**6),
    acts=st.lists(st.tuples(st.integers(1, 120), st.integers(-30, 60)), max_size=8),
    cut=st.integers(1, 20),
    stop=st.dates(date(2024, 4, 1), LAST),
)
@settings(STEADY, max_examples=40)
def test_what_is_owed_is_the_worth_of_the_plan_that_is_left(
    side: str,
    ramp: list[int],
    signed: date,
    rate: int,
    worth: int,
    acts: list[Act],
    cut: int,
    stop: date,
) -> None:
    day, drawn, whole = signed, 0, sum(ramp)
    plain: list[str] = []
    in_two: list[str] = []
    for wait, wanted in acts:
        day += timedelta(days=wait)
        credits = max(-drawn, min(whole - drawn, wanted))
        if not credits or day > date(2026, 3, 31):
            continue
        drawn += credits
        plain += usage(day, credits)
        in_two += usage(day, credits, cut)
    terms = {"rate": Decimal(rate).scaleb(-4), "worth": Decimal(worth).scaleb(-2)}
    sums = booked(text_of(side, signed, ramp, plain, through=LAST, **terms))
    # However a draw is cut up, and wherever the run stops.
    assert booked(text_of(side, signed, ramp, in_two, through=LAST, **terms)) == sums
    short = booked(text_of(side, signed, ramp, plain, through=stop, **terms))
    assert short == {key: number for key, number in sums.items() if key[0] <= stop}
    owed, interest, use, sign = ACCOUNTS[side]
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for (_, account, _), number in sums.items():
        for prefix in (owed, interest, use):
            if account.startswith(prefix):
                totals[prefix] += number * sign
    # Revenue is what was received and the interest on it, to the cent; nothing is left.
    assert totals[owed] == 0
    assert totals[use] == Decimal(worth).scaleb(-2) - totals[interest]
    assert totals[interest] <= 0


@given(
    ramp=st.lists(st.integers(1, 40), min_size=4, max_size=4),
    rate=st.integers(1, 9999),
    worth=st.integers(100, 10**6),
)
@settings(STEADY, max_examples=20)
def test_by_plan_a_credit_has_one_price_and_repays_what_was_lent(
    ramp: list[int], rate: int, worth: int
) -> None:
    """Discounted at the rate to the day of signing, the revenue is what was received."""
    due = [date(2024, 12, 31), date(2025, 6, 30), date(2025, 12, 31), date(2026, 2, 28)]
    lines = [line for day, n in zip(due, ramp, strict=True) for line in usage(day, n)]
    terms = {"rate": Decimal(rate).scaleb(-4), "worth": Decimal(worth).scaleb(-2)}
    signed = date(2024, 1, 1)
    sums = booked(text_of("provider", signed, ramp, lines, through=LAST, **terms))
    growth = 1 + Fraction(rate, 10**4) / 12
    months = [(d.year - 2024) * 12 + d.month for d in due]
    assert [month_end(d) for d in due] == due
    price = Fraction(worth, 100) / sum(
        (n / growth**m for n, m in zip(ramp, months, strict=True)), Fraction(0)
    )
    account = "Income:Revenue:Compute:Investee:Credits:Moon"
    for day, units in zip(due, ramp, strict=True):
        revenue = -sums[day, account, "USD"]
        exact = Decimal(round_to_quanta(price * units, 2)).scaleb(-2)
        assert abs(revenue - exact) <= Decimal("0.01")
