"""What shares and credits cost beside what was announced, against figures by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from beanscrow.booking.daybook import daybook_of
from beanscrow.reports.prices import PriceRow, prices
from tests.reports.books import daybook_of_text
from tests.support.ledgers import load_path

DEALS = Path(__file__).parents[1] / "cases" / "deals"
HEAD = """
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  through: 2024-12-31
  open-accounts: TRUE
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
"""
ROUND = """
2024-02-20 custom "deal-stake" "moon" 36000000 MOON.A
  fair-value: 20.00 USD
  fair-value-source: "valuation"
  ownership: 0.36
2024-02-20 custom "deal-cash" "moon" 410000000.00 USD
2024-02-20 custom "deal-grant" "moon" 390000000 MOON.CR
  face: 1.00 USD
2024-01-01 custom "deal-cost" "moon" 0.69 USD
"""


def by_item(text: str) -> dict[str, PriceRow]:
    return {row.item: row for row in prices(daybook_of_text(text))}


def of_case(name: str) -> dict[str, PriceRow]:
    daybook = daybook_of(load_path(DEALS / f"{name}.beancount").options)
    assert daybook is not None
    return {row.item: row for row in prices(daybook)}


def test_a_correction_holds_from_its_own_day() -> None:
    text = (
        HEAD
        + ROUND
        + (
            '2024-05-15 custom "deal-correct" "moon" "deal-grant" 2024-02-20\n'
            "  face: 1.10 USD\n"
        )
    )
    daybook = daybook_of_text(text)
    seen = {
        day: {row.item: row.gap for row in prices(daybook, date(2024, 5, day))}["MOON.A"]
        for day in (14, 15)
    }
    assert seen == {14: Decimal("80000000.00"), 15: Decimal("119000000.00")}


def test_a_mixed_round_against_its_headline() -> None:
    """(410m + 310m) / 36m = 20.00 against 800m / 36m; at cost (410m + 269.1m) / 36m."""
    stake = by_item(HEAD + ROUND)["MOON.A"]
    assert (stake.headline, stake.effective, stake.gap) == (
        Decimal("800000000.00"),
        Decimal("720000000.00"),
        Decimal("80000000.00"),
    )
    assert (stake.headline_each, stake.effective_each, stake.cost_each) == (
        Decimal("22.222222"),
        Decimal("20.000000"),
        Decimal("18.863889"),
    )
    assert stake.gap_percent == Decimal("10.00")
    assert (stake.headline_post_money, stake.effective_post_money) == (
        Decimal("2222222222.22"),
        Decimal("2000000000.00"),
    )


def test_a_credit_against_its_face() -> None:
    """310m / 390m = 0.794872; 80,000,000.00 never become revenue."""
    credits = by_item(HEAD + ROUND)["T1"]
    assert (credits.kind, credits.headline_each, credits.effective_each) == (
        "credits",
        Decimal("1.000000"),
        Decimal("0.794872"),
    )
    assert (credits.gap, credits.gap_percent) == (Decimal("80000000.00"), Decimal("20.51"))


def test_what_the_stake_says_was_announced_goes_before_cash_and_face() -> None:
    each = ROUND.replace("  ownership", "  headline: 25.00 USD\n  ownership")
    assert by_item(HEAD + each)["MOON.A"].headline == Decimal("900000000.00")
    assert of_case("G04/provider-fair-value")["MOON.A"].headline == Decimal("800000000.00")


def test_cash_above_the_worth_of_the_shares_was_not_their_price() -> None:
    """100m paid, 88m of it for 10m shares."""
    stake = of_case("G05/provider-V2")["MOON.A"]
    assert (stake.headline_each, stake.effective_each) == (
        Decimal("10.000000"),
        Decimal("8.800000"),
    )


def test_headlines_in_another_currency_take_the_rate_of_the_event() -> None:
    """Books in yuan, 1,000,000.00 dollars of face at 7.10; 800,000.00 for the shares."""
    rows = of_case("G07/provider")
    assert (rows["T1"].currency, rows["T1"].headline, rows["T1"].effective) == (
        "CNY",
        Decimal("7100000.00"),
        Decimal("5680000.00"),
    )
    assert rows["MOON.A"].gap == Decimal("1420000.00")


def test_without_a_face_nothing_was_announced() -> None:
    rows = by_item(HEAD + ROUND.replace("  face: 1.00 USD\n", ""))
    assert (rows["T1"].headline, rows["T1"].gap, rows["T1"].gap_percent) == (None,) * 3
    assert rows["MOON.A"].headline is None
    assert rows["MOON.A"].effective_each == Decimal("20.000000")


def test_of_two_stakes_of_one_event_neither_has_the_face_alone() -> None:
    second = """
2024-02-20 custom "deal-stake" "moon" 10 MOON.N
  fair-value: 1.00 USD
  fair-value-source: "valuation"
  instrument: "note"
  headline: 2.00 USD
"""
    rows = by_item(HEAD + ROUND + second)
    assert (rows["MOON.A"].headline, rows["MOON.A"].cost_each) == (None, None)
    assert rows["MOON.A"].effective_post_money is None
    assert rows["MOON.N"].headline_each == Decimal("2.000000")


def test_ownership_says_what_the_whole_is_worth_only_of_the_first_stake() -> None:
    more = """
2024-06-01 custom "deal-stake" "moon" 1000000 MOON.A
  fair-value: 20.00 USD
  fair-value-source: "round-price"
  ownership: 0.365
2024-06-01 custom "deal-cash" "moon" 20000000.00 USD
"""
    rows = prices(daybook_of_text(HEAD + ROUND + more))
    assert [row.effective_post_money for row in rows if row.kind == "stake"] == [
        Decimal("2000000000.00"),
        None,
    ]


def test_shares_earned_as_drawn_cost_what_they_were_worth_at_inception() -> None:
    earned = (
        HEAD
        + """
2024-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 9.00 USD
  fair-value-source: "valuation"
  vesting: "as-drawn"
2024-01-01 custom "deal-grant" "moon" 1000 MOON.CR
  face: 1.00 USD
"""
    )
    rows = by_item(earned)
    assert (rows["T1"].effective, rows["T1"].gap) == (Decimal("900.00"), Decimal("100.00"))
    assert rows["MOON.A"].effective_each == Decimal("9.000000")


def test_what_was_held_before_the_books_began_has_no_price() -> None:
    opening = (
        HEAD
        + """
2024-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 9.00 USD
  fair-value-source: "valuation"
  opening: TRUE
2024-01-01 custom "deal-policy" "moon"
  opening-carrying: 900.00 USD
2024-01-01 custom "deal-grant" "moon" 1000 MOON.CR
  price: 500.00 USD
  opening: TRUE
"""
    )
    assert prices(daybook_of_text(opening)) == []
