"""How assumed usage lies over the months, worked by hand."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanscrow.periods import DAY, month_end
from beanscrow.simulation import curve
from tests.simulation.books import DEAL, Texts, usages


def head(until: str) -> str:
    return f"""
        2027-01-01 custom "scenario" "base"
          until: {until}
          currency: "USD"
          provider-framework: "us-gaap"
          startup-framework: "us-gaap"
    """


def quantities(texts: Texts) -> list[str]:
    return [f"{number}" for _, number, _ in usages(texts.outcome())]


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        # 1000.00 / 3 = 333.33..: to date 333.33, 666.67, 1000.00
        ('curve: "even"', ["333.33", "333.34", "333.33"]),
        # 3, 2 and 1 sixths: to date 500.00, 833.33, 1000.00
        ('curve: "front-loaded"', ["500.00", "333.33", "166.67"]),
        # 1, 2 and 3 sixths: to date 166.67, 500.00, 1000.00
        ('curve: "back-loaded"', ["166.67", "333.33", "500.00"]),
        # 1, 1.1 and 1.21 of 3.31: to date 302.11, 634.44, 1000.00
        ("growth: 0.10", ["302.11", "332.33", "365.56"]),
        # 1, 0.5 and 0.25 of 1.75: to date 571.43, 857.14, 1000.00
        ("growth: -0.50", ["571.43", "285.71", "142.86"]),
    ],
)
def test_a_total_over_three_months(shape: str, wanted: list[str], texts: Texts) -> None:
    texts.write(
        f"""
        2027-01-01 custom "scenario-usage" "base" "polar"
          total: 1000.00 POLAR.CR
          to: 2027-03-31
          {shape}
        """,
        head=head("2027-12-31"),
    )
    assert quantities(texts) == wanted


def test_an_amount_a_month_grows(texts: Texts) -> None:
    """100.00, 110.00, 121.00."""
    texts.write(
        """
        2027-01-01 custom "scenario-usage" "base" "polar"
          per-month: 100.00 POLAR.CR
          growth: 0.10
        """,
        head=head("2027-03-31"),
    )
    assert quantities(texts) == ["100.00", "110.00", "121.00"]


def test_a_month_that_is_not_whole_counts_by_its_days(texts: Texts) -> None:
    """From 17 January: 15 of 31 days; until 14 February: 14 of 28."""
    texts.write(
        """
        2027-01-17 custom "scenario-usage" "base" "polar"
          per-month: 310.00 POLAR.CR
          to: 2027-02-14
        """,
        head=head("2027-12-31"),
    )
    assert usages(texts.outcome()) == [
        ("2027-01-31", Decimal("150.00"), "POLAR.CR"),
        ("2027-02-14", Decimal("155.00"), "POLAR.CR"),
    ]


def test_months_one_by_one(texts: Texts) -> None:
    """The day of the line is in March, and only from there is used; none in April."""
    texts.write(
        """
        2027-03-11 custom "scenario-usage" "base" "polar"
          usage-2027-03: 300.00 POLAR.CR
          usage-2027-05: 500.00 POLAR.CR
        """,
        head=head("2027-12-31"),
    )
    assert usages(texts.outcome()) == [
        ("2027-03-31", Decimal("300.00"), "POLAR.CR"),
        ("2027-05-31", Decimal("500.00"), "POLAR.CR"),
    ]


def test_usage_ends_with_the_credits_unless_it_says_otherwise(texts: Texts) -> None:
    """They lapse on 2028-12-31, two years before the horizon: 24 months."""
    texts.write(
        """
        2027-01-01 custom "scenario-usage" "base" "polar"
          share: 1
        """,
        head=head("2030-12-31"),
    )
    found = usages(texts.outcome())
    assert len(found) == 24
    assert found[-1][0] == "2028-12-31"
    assert sum(number for _, number, _ in found) == Decimal("1000000.00")


def test_an_amendment_of_the_last_day_is_followed(texts: Texts) -> None:
    """1,000,000.00 from July 2028 to the new last day, in June 2029: 12 months."""
    texts.write(
        """
        2028-07-01 custom "scenario-usage" "base" "polar"
          share: 1
        2028-03-01 custom "deal-amend" "polar"
          tranche: "T1"
          expires: 2029-06-30
        """,
        head=head("2030-12-31"),
    )
    found = usages(texts.outcome())
    assert (len(found), found[-1][0]) == (12, "2029-06-30")


TWO_TRANCHES = """
    2027-01-01 custom "deal" "polar" "Polar AI"
      provider: "North Cloud"
      escrow-owner: "none"
    2027-01-01 custom "deal-stake" "polar" 100000 POLAR.A
      fair-value: 9.00 USD
      fair-value-source: "valuation"
    2027-01-01 custom "deal-grant" "polar" 600 POLAR.CR
      tranche: "T1"
      face: 1.00 USD
      expires: 2027-02-14
    2027-01-01 custom "deal-grant" "polar" 400 POLAR.CR
      tranche: "T2"
      face: 1.00 USD
      effective: 2027-02-15
      expires: 2027-03-31
"""


def test_a_month_is_cut_where_credits_lapse_and_begin(texts: Texts) -> None:
    """Half of 1000 over 3 months: 166.67 a month; February has 14 days of either tranche."""
    texts.write(
        """
        2027-01-01 custom "scenario-usage" "base" "polar"
          share: 0.50
        """,
        TWO_TRANCHES,
        head=head("2027-03-31"),
    )
    # to date 166.67 -> 167, 250 -> 250, 333.33 -> 333, 500
    assert usages(texts.outcome()) == [
        ("2027-01-31", Decimal(167), "POLAR.CR"),
        ("2027-02-14", Decimal(83), "POLAR.CR"),
        ("2027-02-28", Decimal(83), "POLAR.CR"),
        ("2027-03-31", Decimal(167), "POLAR.CR"),
    ]


def test_a_price_cut_in_a_month_cuts_the_month(texts: Texts) -> None:
    """300.00 in June: 150.00 until the 15th, and 150.00 x 0.80 from the 16th."""
    texts.write(
        """
        2027-06-01 custom "scenario-usage" "base" "polar"
          usage-2027-06: 300.00 USD
          to: 2027-06-30
        2027-06-16 custom "scenario-price-cut" "base" "polar" 0.20
        """,
        head=head("2027-12-31"),
    )
    assert usages(texts.outcome()) == [
        ("2027-06-15", Decimal("150.00"), "USD"),
        ("2027-06-30", Decimal("120.00"), "USD"),
    ]


@pytest.mark.parametrize(("draws", "second"), [("same", "100.00"), ("fewer", "64.00")])
def test_cuts_follow_one_another_and_reach_credits_only_if_said(
    draws: str, second: str, texts: Texts
) -> None:
    """0.80 x 0.80 is left of a list price after two cuts of a fifth."""
    texts.write(
        f"""
        2027-01-01 custom "scenario-usage" "base" "polar"
          usage-2027-01: 100.00 POLAR.CR
          usage-2027-03: 100.00 POLAR.CR
        2027-02-01 custom "scenario-price-cut" "base" "polar" 0.20
          draws: "{draws}"
        2027-03-01 custom "scenario-price-cut" "base" "polar" 0.20
          draws: "{draws}"
        """,
        head=head("2027-12-31"),
    )
    assert quantities(texts) == ["100.00", second]


def payments(texts: Texts) -> list[str]:
    return [
        f"{it.date} {it.values[1].value}"
        for it in texts.outcome().more
        if it.type == "deal-payment"
    ]


def test_bills_are_paid_after_their_days_and_not_beyond_the_horizon(texts: Texts) -> None:
    """45 days after 31 January is 17 March; after 28 February, 14 April, is too late."""
    texts.write(
        """
        2027-01-01 custom "scenario-usage" "base" "polar"
          service: "Storage"
          per-month: 10.00 USD
          payment-days: 45
        """,
        head=head("2027-03-31"),
    )
    assert payments(texts) == ["2027-03-17 10.00 USD"]


def test_several_lines_of_one_service_add_up(texts: Texts) -> None:
    texts.write(
        """
        2027-01-01 custom "scenario-usage" "base" "polar"
          per-month: 100.00 POLAR.CR
        2027-02-01 custom "scenario-usage" "base" "polar"
          per-month: 50.00 POLAR.CR
        """,
        head=head("2027-02-28"),
    )
    assert sorted(usages(texts.outcome())) == [
        ("2027-01-31", Decimal("100.00"), "POLAR.CR"),
        ("2027-02-28", Decimal("50.00"), "POLAR.CR"),
        ("2027-02-28", Decimal("100.00"), "POLAR.CR"),
    ]


def test_nothing_is_a_total_too(texts: Texts) -> None:
    texts.write(
        """
        2027-01-01 custom "scenario-usage" "base" "polar"
          total: 0 POLAR.CR
        """,
        DEAL,
    )
    assert usages(texts.outcome()) == []


# -- laws ----------------------------------------------------------------------------

MONTHS = st.dates(datetime.date(2024, 1, 1), datetime.date(2030, 12, 31))


def calendar(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    return day.replace(day=1), month_end(day)


@given(MONTHS, st.integers(0, 1500), st.integers(0, 10**9), st.data())
def test_pieces_hold_every_day_once_and_add_up_to_the_whole(
    first: datetime.date, days: int, whole: int, data: Any
) -> None:
    last = first + days * DAY
    found = curve.pieces(first, last, calendar)
    assert found[0].first == first and found[-1].last == last
    for before, after in zip(found, found[1:], strict=False):
        assert after.first == before.last + DAY
        assert after.month == before.month + 1
    shape = data.draw(st.sampled_from(["even", "front-loaded", "back-loaded"]))
    weights = curve.shaped(shape, found[-1].month + 1, Fraction(0))
    exact = curve.of_a_whole(Fraction(whole), found, weights)
    assert sum(exact) == whole
    quanta = list(curve.rounded(exact))
    assert sum(quanta) == whole
    assert all(
        abs(number - amount) <= 1 for number, amount in zip(quanta, exact, strict=True)
    )
