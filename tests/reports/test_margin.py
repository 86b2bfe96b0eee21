"""What an hour of a chip and a deal's credits cost and bring, against figures by hand."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from beanscrow.periods import Interval
from beanscrow.reports.fleets import fleets_standing
from beanscrow.reports.gpu_hours import HourMargin, hour_margins
from beanscrow.reports.margin import DealMargin, deal_margins
from tests.reports.books import daybook_of_text

HEAD = """
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  through: 2026-12-31
  depreciation-period: "year"
  open-accounts: TRUE
"""
DEAL = """
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value-total: {price} USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 1000 MOON.CR
"""
FLEET = """
2024-01-01 custom "fleet" "hgx-1" 300000000.00 USD
  in-service: 2024-01-01
  life-years: 6
  gpus: 8000
2025-01-01 custom "fleet-life" "hgx-1" 5
2025-12-31 custom "fleet-impairment" "hgx-1" 150000000.00 USD
  undiscounted: 170000000.00 USD
"""
RATES = """
2024-01-01 custom "fleet-rate" "hgx-1"
  running: 0.45 USD
  list: 2.50 USD
  utilisation: 0.70
2024-01-01 custom "fleet-rate" "hgx-1"
  credits: 2.5 MOON.CR
"""


def hours(
    text: str,
    period: str = "2025",
    interval: Interval = "year",
    utilisation: Decimal | None = None,
) -> HourMargin:
    """Return the only row of a period."""
    rows = hour_margins(daybook_of_text(text), interval, utilisation=utilisation)
    (row,) = [row for row in rows if row.period == period]
    return row


def deals(text: str, interval: Interval = "year") -> list[DealMargin]:
    return deal_margins(daybook_of_text(text), interval)


# -- by the hour -------------------------------------------------------------------


def test_an_hour_of_2025_to_the_digit() -> None:
    """8,000 x 8,760 x 0.7 = 49,056,000 hours; 62.5m over them is 1.27405, and 0.45 to run.

    1 - 1.72405/2.50, 1 - 1.72405/2.00, and with 50m a year 1 - 1.46924/2.00.
    """
    row = hours(HEAD + DEAL.format(price="800.00") + FLEET + RATES)
    assert row == HourMargin(
        fleet="hgx-1",
        deal="moon",
        tranche="T1",
        period="2025",
        first=datetime.date(2025, 1, 1),
        last=datetime.date(2025, 12, 31),
        currency="USD",
        gpus=Decimal(8000),
        utilisation=Decimal("0.7000"),
        gpu_hours=Decimal("49056000.0"),
        depreciation=Decimal("62500000.00"),
        depreciation_per_hour=Decimal("1.2741"),
        running_per_hour=Decimal("0.4500"),
        cost_per_hour=Decimal("1.7241"),
        list_per_hour=Decimal("2.5000"),
        margin_at_list_percent=Decimal("31.04"),
        opportunity_per_hour=Decimal("0.7759"),
        credits_per_hour=Decimal("2.500000"),
        price_per_credit=Decimal("0.800000"),
        revenue_per_hour=Decimal("2.0000"),
        margin_percent=Decimal("13.80"),
        loss_per_hour=Decimal("0.0000"),
        first_life_cost_per_hour=Decimal("1.4692"),
        first_life_margin_percent=Decimal("26.54"),
    )


def test_credits_at_065_lose_by_the_hour() -> None:
    """1.72405 - 0.65 x 2.5 = 0.09905."""
    row = hours(HEAD + DEAL.format(price="650.00") + FLEET + RATES)
    assert (row.revenue_per_hour, row.loss_per_hour) == (
        Decimal("1.6250"),
        Decimal("0.0991"),
    )


def test_a_leap_year_has_8784_hours() -> None:
    """8,000 x 8,784 x 0.7 = 49,190,400; 50m over them is 1.01646."""
    row = hours(HEAD + DEAL.format(price="800.00") + FLEET + RATES, "2024")
    assert (row.gpu_hours, row.depreciation_per_hour) == (
        Decimal("49190400.0"),
        Decimal("1.0165"),
    )


def test_a_month_counts_its_own_depreciation_though_it_is_booked_in_december() -> None:
    """62.5m / 12 = 5,208,333.33 over 8,000 x 28 x 24 x 0.7 = 3,763,200 hours."""
    text = HEAD + DEAL.format(price="800.00") + FLEET + RATES
    row = hours(text, "2025-02", "month")
    assert (row.gpu_hours, row.depreciation_per_hour) == (
        Decimal("3763200.0"),
        Decimal("1.3840"),
    )


def test_the_utilisation_asked_for_goes_before_the_one_written() -> None:
    """62.5m over 70,080,000 hours is 0.89184."""
    text = HEAD + DEAL.format(price="800.00") + FLEET + RATES
    row = hours(text, utilisation=Decimal(1))
    assert (row.utilisation, row.cost_per_hour) == (Decimal("1.0000"), Decimal("1.3418"))


def test_a_rate_that_changes_on_the_way_weighs_by_the_hours_sold() -> None:
    """181 days at 0.45 and 184 at 0.55: (81.45 + 101.20) / 365 = 0.50041.

    At 0.70 and then 0.50: (126.7 x 0.45 + 92 x 0.55) / 218.7 = 0.49207.
    """
    text = HEAD + DEAL.format(price="800.00") + FLEET + RATES
    dearer = '2025-07-01 custom "fleet-rate" "hgx-1"\n  running: 0.55 USD\n'
    row = hours(text + dearer)
    assert (row.running_per_hour, row.gpu_hours) == (
        Decimal("0.5004"),
        Decimal("49056000.0"),
    )
    row = hours(text + dearer + "  utilisation: 0.50\n")
    assert row.running_per_hour == Decimal("0.4921")


def test_what_nobody_says_is_not_zero() -> None:
    """Without rates: hours and depreciation, all hours sold; no cost to serve, no margin."""
    row = hours(HEAD + DEAL.format(price="800.00") + FLEET)
    assert (row.utilisation, row.depreciation_per_hour) == (
        Decimal("1.0000"),
        Decimal("0.8918"),
    )
    assert (row.deal, row.running_per_hour, row.cost_per_hour) == ("", None, None)
    assert (row.margin_at_list_percent, row.loss_per_hour) == (None, None)


def test_a_rate_that_begins_on_the_way_does_not_reach_back() -> None:
    later = RATES.replace("2024-01-01", "2025-03-01")
    row = hours(HEAD + DEAL.format(price="800.00") + FLEET + later)
    assert (row.running_per_hour, row.cost_per_hour) == (None, None)
    row = hours(HEAD + DEAL.format(price="800.00") + FLEET + later, "2025-Q2", "quarter")
    assert row.running_per_hour == Decimal("0.4500")


def test_each_tranche_brings_its_own_price() -> None:
    """T1 is all drawn before 2025; T2 costs 0.90."""
    more = """  tranche: "T1"
2024-06-01 custom "deal-usage" "moon" 1000 MOON.CR
2025-03-01 custom "deal-stake" "moon" 10 MOON.A
  fair-value-total: 90.00 USD
  fair-value-source: "valuation"
2025-03-01 custom "deal-grant" "moon" 100 MOON.CR
  tranche: "T2"
2025-03-01 custom "deal-grant" "moon" 100 MOON.CR
  tranche: "GIFT"
  price: 0.00 USD
"""
    text = HEAD + DEAL.format(price="800.00") + more + FLEET + RATES
    assert hours(text, "2024").tranche == "T1"
    row = hours(text, "2025")
    assert (row.tranche, row.revenue_per_hour) == ("T2", Decimal("2.2500"))


def test_a_fleet_half_a_year_old_has_half_a_year_of_hours() -> None:
    """In service from 15 November: two whole months, 61 days x 24 x 10; 200.00 over them."""
    young = HEAD.replace("2026-12-31", "2024-12-31") + (
        '2024-11-15 custom "fleet" "new" 1200.00 USD\n'
        "  in-service: 2024-11-15\n  life-years: 1\n  gpus: 10\n"
    )
    (fleet,) = fleets_standing(daybook_of_text(young))
    assert (fleet.of_the_year, fleet.gpu_hours, fleet.per_gpu_hour) == (
        Decimal("200.00"),
        Decimal("14640.0"),
        Decimal("0.0137"),
    )
    assert hours(young, "2024").gpu_hours == fleet.gpu_hours


def test_a_fleet_without_a_number_of_chips_has_no_hours() -> None:
    text = HEAD + FLEET.replace("  gpus: 8000\n", "")
    assert hour_margins(daybook_of_text(text)) == []


# -- by the deal -------------------------------------------------------------------

ROUND = """
2024-02-20 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-02-20 custom "deal-stake" "moon" 36000000 MOON.A
  fair-value: 20.00 USD
  fair-value-source: "valuation"
2024-02-20 custom "deal-cash" "moon" 410000000.00 USD
2024-02-20 custom "deal-grant" "moon" 390000000 MOON.CR
2024-04-30 custom "deal-usage" "moon" 32500000 MOON.CR
"""
COST = '2024-02-20 custom "deal-cost" "moon" {} USD\n'
YEAR = HEAD.replace("2026-12-31", "2024-12-31")


def test_revenue_of_credits_less_what_they_cost_to_serve() -> None:
    """32.5m x 0.69 = 22,425,000.00; 357.5m x 0.69 = 246,675,000.00 against 284,166,666.67."""
    (row,) = deals(YEAR + ROUND + COST.format("0.69"))
    assert (row.drawn, row.revenue, row.cost) == (
        Decimal(32500000),
        Decimal("25833333.33"),
        Decimal("22425000.00"),
    )
    assert (row.margin, row.margin_percent) == (Decimal("3408333.33"), Decimal("13.19"))
    assert (row.owed, row.to_come) == (Decimal(357500000), Decimal("284166666.67"))
    assert (row.cost_to_come, row.onerous_loss) == (
        Decimal("246675000.00"),
        Decimal("0.00"),
    )


def test_credits_still_owed_may_cost_more_than_is_to_come() -> None:
    """357.5m x 0.80 = 286,000,000.00, 1,833,333.33 above the price to come."""
    (row,) = deals(YEAR + ROUND + COST.format("0.80"))
    assert row.onerous_loss == Decimal("1833333.33")


def test_contracts_lose_one_by_one() -> None:
    """T1 1.00 and T2 0.50 a credit; at 0.60, T2 loses 10.00 and T1 makes up for nothing."""
    two = """
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-grant" "moon" 100 MOON.CR
  tranche: "T1"
  price: 100.00 USD
2024-02-01 custom "deal-grant" "moon" 100 MOON.CR
  tranche: "T2"
  price: 50.00 USD
2024-01-01 custom "deal-cost" "moon" 0.60 USD
"""
    (row,) = deals(YEAR + two)
    assert (row.to_come, row.cost_to_come, row.onerous_loss) == (
        Decimal("150.00"),
        Decimal("120.00"),
        Decimal("10.00"),
    )


def test_costs_of_months_are_differences_of_one_sum() -> None:
    """0.335 a credit: to date 0.34, 0.67 and 1.01."""
    uses = "".join(
        f'2024-0{month}-15 custom "deal-usage" "moon" 1 MOON.CR\n' for month in (4, 5, 6)
    )
    text = YEAR + DEAL.format(price="1000.00") + uses
    text += '2024-01-01 custom "deal-cost" "moon" 0.335 USD\n'
    costs = {row.period: row.cost for row in deals(text, "month")}
    assert [costs[month] for month in ("2024-03", "2024-04", "2024-05", "2024-06")] == [
        Decimal("0.00"),
        Decimal("0.34"),
        Decimal("0.33"),
        Decimal("0.34"),
    ]
    (year,) = deals(text)
    assert year.cost == Decimal("1.01")


def test_draws_without_a_cost_have_no_margin() -> None:
    uses = """
2024-01-15 custom "deal-usage" "moon" 1 MOON.CR
2024-02-01 custom "deal-cost" "moon" 0.50 USD
2024-02-15 custom "deal-usage" "moon" 1 MOON.CR
"""
    text = YEAR + DEAL.format(price="1000.00") + uses
    (year,) = deals(text)
    assert (year.revenue, year.cost, year.margin) == (Decimal("2.00"), None, None)
    months = {row.period: row.margin for row in deals(text, "month")}
    assert (months["2024-01"], months["2024-02"]) == (None, Decimal("0.50"))


def test_the_cost_of_a_service_goes_before_the_cost_of_all() -> None:
    uses = """
2024-02-01 custom "deal-cost" "moon" 0.10 USD
  service: "Storage"
2024-02-01 custom "deal-cost" "moon" 0.50 USD
2024-02-15 custom "deal-usage" "moon" 10 MOON.CR
2024-02-15 custom "deal-usage" "moon" 10 MOON.CR
  service: "Storage"
"""
    (row,) = deals(YEAR + DEAL.format(price="1000.00") + uses)
    assert row.cost == Decimal("6.00")


def test_a_cost_put_right_counts_for_every_period() -> None:
    uses = """
2024-01-01 custom "deal-cost" "moon" 0.50 USD
2024-02-15 custom "deal-usage" "moon" 10 MOON.CR
2024-06-30 custom "deal-correct" "moon" "deal-cost" 2024-01-01
  amount: 0.40 USD
"""
    (row,) = deals(YEAR + DEAL.format(price="1000.00") + uses)
    assert row.cost == Decimal("4.00")


def test_usage_put_right_is_of_the_day_it_is_put_right() -> None:
    uses = """
2024-01-01 custom "deal-cost" "moon" 0.50 USD
2024-02-15 custom "deal-usage" "moon" 10 MOON.CR
2024-06-30 custom "deal-correct" "moon" "deal-usage" 2024-02-15
  amount: 8 MOON.CR
"""
    rows = deals(YEAR + DEAL.format(price="1000.00") + uses, "quarter")
    assert [(row.period, row.drawn, row.revenue, row.cost) for row in rows[:2]] == [
        ("2024-Q1", Decimal(10), Decimal("10.00"), Decimal("5.00")),
        ("2024-Q2", Decimal(-2), Decimal("-2.00"), Decimal("-1.00")),
    ]


@pytest.mark.parametrize(
    ("election", "cost"),
    [("marketing", Decimal("0.00")), ("cost-of-revenue", Decimal("18000.00"))],
)
def test_what_is_moved_to_marketing_costs_no_revenue(election: str, cost: Decimal) -> None:
    """40,000 free credits at 0.45."""
    free = f"""
2024-05-01 custom "deal" "free" "Seed Startup"
  provider: "Cloud"
  escrow-owner: "none"
2024-05-01 custom "deal-policy" "free"
  promo-cost: "{election}"
2024-05-01 custom "deal-cost" "free" 0.45 USD
2024-05-01 custom "deal-grant" "free" 100000 FREE.CR
  price: 0.00 USD
2024-05-31 custom "deal-usage" "free" 40000 FREE.CR
"""
    (row,) = deals(YEAR + free)
    assert (row.revenue, row.cost, row.margin_percent) == (Decimal("0.00"), cost, None)
    assert (row.owed, row.to_come, row.onerous_loss) == (
        Decimal(0),
        Decimal("0.00"),
        Decimal("0.00"),
    )


def test_the_startup_has_no_margin_on_what_it_buys() -> None:
    text = (YEAR + ROUND).replace('"books" "provider"', '"books" "startup"')
    assert deals(text) == []
