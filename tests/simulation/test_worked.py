"""The scenarios of the specimen, worked by hand, for both sides.

The deal: 100,000 shares worth 9.00 each, 900,000.00, for 1,000,000 credits: 0.90 each.
Drawn in `base`: 0.90 x 1,000,000 over 24 months, 37,500.00 a month, 450,000.00 a year.
Storage: 10,000.00 a month, each bill paid after 30 days; so at the end of 2027 eleven are
paid (the bill of 30 November on 30 December), and at the end of 2028 twelve more.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from beanscrow.simulation.comparison import DifferenceRow, difference_rows, scenario_row
from beanscrow.simulation.figures import PeriodRow, period_rows, spans_of
from beanscrow.simulation.reading import read_deal, read_scenarios
from beanscrow.simulation.simulate import Outcome, simulate
from tests.simulation.books import HEAD, SPECIMEN, Texts

# Figures of both sides by year: 2027, then 2028.
Figures = dict[str, tuple[str, str]]

BASE: Figures = {
    # 450,000 credits x 0.90
    "provider_revenue_credits": ("405000.00", "405000.00"),
    # 12 x 10,000.00
    "provider_revenue_cash": ("120000.00", "120000.00"),
    # 100,000 credits lapse on 2028-12-31: x 0.90
    "provider_revenue_breakage": ("0.00", "90000.00"),
    "provider_revenue_other": ("0.00", "0.00"),
    "provider_revenue": ("525000.00", "615000.00"),
    "provider_stake_result": ("0.00", "0.00"),
    # 11 bills, then 12
    "provider_cash_received": ("110000.00", "120000.00"),
    # own escrow is cash still, so only bills count
    "provider_cash_change": ("110000.00", "120000.00"),
    # - 1,000,000 set aside + 450,000 released + 110,000; then + 550,000 + 120,000
    "provider_cash": ("-440000.00", "230000.00"),
    "provider_escrow": ("550000.00", "0.00"),
    # the bill of December
    "provider_receivable": ("10000.00", "10000.00"),
    # 900,000 - 405,000
    "provider_contract_liability": ("495000.00", "0.00"),
    "provider_stake": ("900000.00", "900000.00"),
    # 405,000 + 120,000
    "startup_compute": ("525000.00", "525000.00"),
    "startup_compute_lost": ("0.00", "90000.00"),
    "startup_expense": ("525000.00", "615000.00"),
    "startup_fair_value_change": ("0.00", "0.00"),
    "startup_cash_change": ("-110000.00", "-120000.00"),
    "startup_cash": ("-110000.00", "-230000.00"),
    "startup_prepaid": ("495000.00", "0.00"),
    "startup_payable": ("10000.00", "10000.00"),
    "startup_shares_issued": ("100000", "0"),
    "startup_shares": ("100000", "100000"),
    "startup_shares_amount": ("900000.00", "900000.00"),
    "credits_drawn": ("450000.00", "450000.00"),
    "credits_left": ("550000.00", "0.00"),
    # 450,000 credits of 1.00 buy 180,000 hours at 2.50; 405,000.00 for them
    "gpu_hours": ("180000.00", "180000.00"),
    "price_per_gpu_hour": ("2.250000", "2.250000"),
}
# List prices fall by 0.20 on 2028-01-01; as many hours, so fewer credits and lower bills.
PRICE_CUT: Figures = {
    **BASE,
    # 12 x 37,500 x 0.80 = 360,000 credits x 0.90
    "provider_revenue_credits": ("405000.00", "324000.00"),
    # 12 x 8,000.00
    "provider_revenue_cash": ("120000.00", "96000.00"),
    # 1,000,000 - 450,000 - 360,000 = 190,000 lapse
    "provider_revenue_breakage": ("0.00", "171000.00"),
    "provider_revenue": ("525000.00", "591000.00"),
    # the bill of December 2027, and 11 x 8,000.00
    "provider_cash_received": ("110000.00", "98000.00"),
    "provider_cash_change": ("110000.00", "98000.00"),
    # - 440,000 + 550,000 + 98,000
    "provider_cash": ("-440000.00", "208000.00"),
    "provider_receivable": ("10000.00", "8000.00"),
    # 324,000 + 96,000
    "startup_compute": ("525000.00", "420000.00"),
    "startup_compute_lost": ("0.00", "171000.00"),
    "startup_expense": ("525000.00", "591000.00"),
    "startup_cash_change": ("-110000.00", "-98000.00"),
    "startup_cash": ("-110000.00", "-208000.00"),
    "startup_payable": ("10000.00", "8000.00"),
    "credits_drawn": ("450000.00", "360000.00"),
    # 360,000 / (2.50 x 0.80): as many as before; 324,000.00 / 180,000
    "gpu_hours": ("180000.00", "180000.00"),
    "price_per_gpu_hour": ("2.250000", "1.800000"),
}
# 100,000 shares x (6.00 - 9.00); nothing else moves (606-10-32-23).
DOWN_ROUND: Figures = {
    **BASE,
    "provider_stake_result": ("-300000.00", "0.00"),
    "provider_stake": ("600000.00", "600000.00"),
}
# Failure on 2028-03-31: three months of 2028 are used, and no more.
FAILURE: Figures = {
    **BASE,
    # 3 x 37,500 x 0.90
    "provider_revenue_credits": ("405000.00", "101250.00"),
    "provider_revenue_cash": ("120000.00", "30000.00"),
    # 1,000,000 - 450,000 - 112,500 = 437,500 credits are forfeited: x 0.90
    "provider_revenue_breakage": ("0.00", "393750.00"),
    "provider_revenue": ("525000.00", "525000.00"),
    "provider_stake_result": ("0.00", "-900000.00"),
    # bills of December, January and February; that of March falls due after the failure
    "provider_cash_received": ("110000.00", "30000.00"),
    "provider_cash_change": ("110000.00", "30000.00"),
    # - 440,000 + 550,000 of escrow set free + 30,000
    "provider_cash": ("-440000.00", "140000.00"),
    "provider_stake": ("900000.00", "0.00"),
    # 101,250 + 30,000
    "startup_compute": ("525000.00", "131250.00"),
    "startup_compute_lost": ("0.00", "393750.00"),
    "startup_expense": ("525000.00", "525000.00"),
    "startup_cash_change": ("-110000.00", "-30000.00"),
    "startup_cash": ("-110000.00", "-140000.00"),
    "credits_drawn": ("450000.00", "112500.00"),
    # 112,500 / 2.50
    "gpu_hours": ("180000.00", "45000.00"),
}
# Expected breakage of 100,000 credits: 900,000.00 lie on 900,000 credits, 1.00 each, of
# which 0.10 is breakage (606-10-55-48); the startup knows nothing of it.
EARLY_BREAKAGE: Figures = {
    **BASE,
    "provider_revenue_breakage": ("45000.00", "45000.00"),
    "provider_revenue": ("570000.00", "570000.00"),
    "provider_contract_liability": ("450000.00", "0.00"),
}
WORKED = {
    "base": BASE,
    "price-cut": PRICE_CUT,
    "down-round": DOWN_ROUND,
    "failure": FAILURE,
    "early-breakage": EARLY_BREAKAGE,
    # Under IFRS the stake stands at fair value through profit or loss: the same loss.
    "down-round-ifrs": DOWN_ROUND,
}


def outcome_of(name: str) -> Outcome:
    deal = read_deal(SPECIMEN / "deal.beancount")
    found = simulate(deal, read_scenarios(SPECIMEN / "scenarios.beancount"), name)
    assert isinstance(found, Outcome), found
    return found


def compared(rows: list[PeriodRow], figures: Figures) -> None:
    for field, wanted in figures.items():
        assert tuple(f"{getattr(row, field)}" for row in rows) == wanted, field


@pytest.mark.parametrize("name", WORKED)
def test_a_scenario_of_the_specimen_by_year(name: str) -> None:
    rows = period_rows(outcome_of(name), "year")
    assert [row.period for row in rows] == ["2027", "2028"]
    compared(rows, WORKED[name])


def test_every_scenario_of_the_specimen_is_worked() -> None:
    written = read_scenarios(SPECIMEN / "scenarios.beancount")
    assert list(written.heads) == list(WORKED)
    missing = set(PeriodRow._fields) - set(BASE)
    assert missing == {
        "scenario", "period", "first", "last", "currency", "provider_other_result",
        "provider_stake_oci", "startup_compute_capitalised", "startup_escrow",
    }  # fmt: skip


def test_the_accounts_a_down_round_is_booked_on() -> None:
    """A price adjustment under the alternative; under IFRS 9 a change in fair value."""
    lines = {}
    for name in ("down-round", "down-round-ifrs"):
        booked = [
            posting.account
            for entry in outcome_of(name).provider.entries
            if getattr(entry, "narration", "").startswith("POLAR.A remeasured")
            for posting in entry.postings
            if posting.units.currency == "USD"
        ]
        lines[name] = set(booked)
    assert lines == {
        "down-round": {"Expenses:Investments:DownwardPriceAdjustment:Polar"},
        "down-round-ifrs": {"Income:Investments:FairValue:Polar"},
    }


@pytest.mark.parametrize("side", ["us-gaap", "ifrs"])
def test_a_failure_is_the_same_loss_under_either_framework(side: str, texts: Texts) -> None:
    """Impaired under US GAAP, at a fair value of nothing under IFRS."""
    texts.write(
        f"""
        2027-01-01 custom "scenario" "failure"
          extends: "base"
          provider-framework: "{side}"
          startup-framework: "{side}"
        2027-01-01 custom "scenario-usage" "base" "polar"
          share: 0.90
        2028-03-31 custom "scenario-failure" "failure" "polar"
        """
    )
    rows = period_rows(texts.outcome("failure"), "year")
    compared(
        rows,
        {
            "provider_revenue_credits": ("405000.00", "101250.00"),
            "provider_revenue_breakage": ("0.00", "393750.00"),
            "provider_stake_result": ("0.00", "-900000.00"),
            "provider_stake": ("900000.00", "0.00"),
            "startup_compute_lost": ("0.00", "393750.00"),
            "startup_prepaid": ("495000.00", "0.00"),
            "startup_shares_amount": ("900000.00", "900000.00"),
        },
    )


def test_what_a_scenario_comes_to() -> None:
    row = scenario_row(outcome_of("price-cut"))
    assert f"{row.first} {row.last} {row.extends}" == "2027-01-01 2028-12-31 base"
    assert (row.provider_framework, row.startup_framework) == ("us-gaap", "us-gaap")
    # 900,000.00 / 1,000,000 credits of 1.00; 900,000.00 / 100,000 shares at 12.00
    assert f"{row.price_per_credit} {row.headline_per_credit}" == "0.900000 1.000000"
    assert f"{row.price_per_share} {row.headline_per_share}" == "9.000000 12.000000"
    # (405,000 + 324,000) / 360,000 hours
    assert f"{row.price_per_gpu_hour}" == "2.025000"
    # 525,000 + 591,000 on both sides
    assert (row.revenue, row.expense) == (Decimal("1116000.00"), Decimal("1116000.00"))
    assert f"{row.cash_received}" == "208000.00"
    assert f"{row.difference} {row.unexplained}" == "0.00 0.00"


def parts(rows: list[DifferenceRow]) -> list[tuple[str, str, str]]:
    return [(row.period, row.part, f"{row.amount}") for row in rows]


def test_early_breakage_sets_the_sides_apart_until_the_credits_lapse() -> None:
    """45,000.00 is revenue in 2027 and expense in 2028."""
    outcome = outcome_of("early-breakage")
    assert parts(difference_rows(outcome, spans_of(outcome, "year"))) == [
        ("2027", "revenue", "570000.00"),
        ("2027", "expense", "525000.00"),
        ("2027", "difference", "45000.00"),
        ("2027", "not yet expense, less not yet revenue", "45000.00"),
        ("2027", "unexplained", "0.00"),
        ("2028", "revenue", "570000.00"),
        ("2028", "expense", "615000.00"),
        ("2028", "difference", "-45000.00"),
        ("2028", "not yet expense, less not yet revenue", "-45000.00"),
        ("2028", "unexplained", "0.00"),
    ]


def test_shares_earned_as_drawn_are_measured_by_either_side_for_itself(
    texts: Texts,
) -> None:
    """Provider: 450,000 x 0.90 a year; startup: at 0.95, what the service is worth."""
    texts.write(
        """
        2027-01-01 custom "scenario" "drawn"
          extends: "base"
          startup-framework: "ifrs"
        2027-01-01 custom "scenario-usage" "base" "polar"
          share: 0.90
        2027-01-01 custom "scenario-terms" "drawn" "polar" "deal"
          escrow-owner: "none"
        2027-01-01 custom "scenario-terms" "drawn" "polar" "deal-stake"
          vesting: "as-drawn"
        2027-01-01 custom "scenario-terms" "drawn" "polar" "deal-grant"
          escrow:
        2027-01-01 custom "deal-credit-value" "polar" 0.95 USD
          scenario: "drawn"
        """
    )
    outcome = texts.outcome("drawn")
    compared(
        period_rows(outcome, "year"),
        {
            "provider_revenue_credits": ("405000.00", "405000.00"),
            "provider_stake": ("405000.00", "810000.00"),
            "provider_contract_liability": ("0.00", "0.00"),
            "startup_compute": ("427500.00", "427500.00"),
            # 100,000 x 450,000 / 1,000,000 a year
            "startup_shares": ("45000", "90000"),
            "startup_shares_issued": ("45000", "45000"),
            "startup_shares_amount": ("427500.00", "855000.00"),
        },
    )
    row = scenario_row(outcome)
    assert f"{row.price_per_credit} {row.price_per_share}" == "0.900000 9.000000"
    told = parts(difference_rows(outcome, spans_of(outcome, "year")))
    assert ("2027", "shares measured otherwise", "-22500.00") in told
    assert ("2028", "unexplained", "0.00") in told


@pytest.mark.parametrize(
    ("owner", "residual", "received"),
    [
        ("provider", None, "0.00"),
        ("startup", None, "1000000.00"),
        ("trustee", "startup", "1000000.00"),
        ("trustee", "provider", "0.00"),
    ],
)
def test_whose_the_escrow_is_moves_cash_and_never_revenue(
    owner: str, residual: str | None, received: str, texts: Texts
) -> None:
    """The startup's own million pays for its draws; the provider's comes back to it."""
    texts.write(
        f"""
        2027-01-01 custom "scenario-usage" "base" "polar"
          share: 0.90
        2027-01-01 custom "scenario-terms" "base" "polar" "deal"
          escrow-owner: "{owner}"
          {f'escrow-residual: "{residual}"' if residual else "; no residual"}
        """
    )
    row = scenario_row(texts.outcome())
    assert f"{row.revenue} {row.expense}" == "900000.00 900000.00"
    assert f"{row.cash_received}" == received
    assert f"{row.provider_cash} {row.startup_cash}" == "0.00 0.00"
    assert f"{row.unexplained}" == "0.00"


def test_a_promise_to_spend_with_cash_above_the_shares(texts: Texts) -> None:
    """1,000,000.00 for shares worth 900,000.00: 100,000.00 lessens revenue as it is spent.

    240,000.00 promised, 10,000.00 a month spent: all of it in 24 months.
    """
    deal = """
        2027-01-01 custom "deal" "polar" "Polar AI"
          provider: "North Cloud"
        2027-01-01 custom "deal-stake" "polar" 100000 POLAR.A
          fair-value: 9.00 USD
          fair-value-source: "round-price"
        2027-01-01 custom "deal-cash" "polar" 1000000.00 USD
        2027-01-01 custom "deal-commitment" "polar" 240000.00 USD
          to: 2028-12-31
    """
    usage = """
        2027-01-01 custom "scenario-usage" "base" "polar"
          per-month: 10000.00 USD
          payment-days: 0
    """
    texts.write(usage, deal)
    outcome = texts.outcome()
    compared(
        period_rows(outcome, "year"),
        {
            "provider_revenue_cash": ("120000.00", "120000.00"),
            "provider_revenue_other": ("-50000.00", "-50000.00"),
            "provider_revenue": ("70000.00", "70000.00"),
            "provider_cash_received": ("120000.00", "120000.00"),
            # - 1,000,000 + 120,000, then + 120,000
            "provider_cash": ("-880000.00", "-760000.00"),
            # an asset: consideration paid to the customer
            "provider_contract_liability": ("-50000.00", "0.00"),
            "startup_expense": ("70000.00", "70000.00"),
            "startup_prepaid": ("-50000.00", "0.00"),
            "startup_cash": ("880000.00", "760000.00"),
        },
    )
    row = scenario_row(outcome)
    assert row.price_per_credit is None and row.headline_per_credit is None
    assert f"{row.price_per_share} {row.unexplained}" == "9.000000 0.00"


def test_compute_that_becomes_an_asset_is_told_apart(texts: Texts) -> None:
    texts.write(
        """
        2027-01-01 custom "scenario-usage" "base" "polar"
          share: 0.90
        2027-01-01 custom "deal-charge" "polar" "Compute" Assets:PPE:Model 0.20
        2027-01-01 custom "deal-charge" "polar" "Compute" Expenses:RnD 0.80
        """
    )
    outcome = texts.outcome()
    compared(
        period_rows(outcome, "year"),
        {
            # 405,000.00 x 0.80 and x 0.20
            "startup_compute": ("324000.00", "324000.00"),
            "startup_compute_capitalised": ("81000.00", "81000.00"),
        },
    )
    told = parts(difference_rows(outcome, spans_of(outcome, "year")))
    assert ("2027", "compute the startup carries as an asset", "81000.00") in told


def test_money_from_a_sale_of_the_stake_is_none_of_the_startups(texts: Texts) -> None:
    """50,000 shares carried at 9.00 bring 10.00 each: 50,000.00 of gain."""
    texts.write(
        """
        2028-06-30 custom "deal-sale" "polar" 50000 POLAR.A
          price: 10.00 USD
        """
    )
    outcome = texts.outcome()
    compared(
        period_rows(outcome, "year"),
        {
            "provider_stake_result": ("0.00", "50000.00"),
            "provider_stake": ("900000.00", "450000.00"),
            "provider_cash_received": ("0.00", "0.00"),
            "provider_cash_change": ("0.00", "500000.00"),
        },
    )
    told = parts(difference_rows(outcome, spans_of(outcome, "year")))
    assert [it for it in told if it[1] not in ("revenue", "expense", "difference")] == [
        ("2027", "unexplained", "0.00"),
        ("2028", "unexplained", "0.00"),
    ]


def test_a_mixed_round_has_its_headline_from_cash_and_face(texts: Texts) -> None:
    """(900,000 - 400,000) / 625,000 credits; (400,000 + 625,000) / 100,000 shares."""
    texts.write(
        """
        2027-01-01 custom "scenario-terms" "base" "polar" "deal-stake"
          headline:
        2027-01-01 custom "scenario-terms" "base" "polar" "deal-grant"
          credits: 625000.00 POLAR.CR
        2027-01-01 custom "deal-cash" "polar" 400000.00 USD
        """
    )
    row = scenario_row(texts.outcome())
    assert f"{row.price_per_credit} {row.headline_per_credit}" == "0.800000 1.000000"
    assert f"{row.price_per_share} {row.headline_per_share}" == "9.000000 10.250000"


def test_hours_are_of_the_deals_own_service_and_of_bills_too(texts: Texts) -> None:
    """25,000.00 at 2.50 an hour, and at 2.00 after the cut 20,000.00: 10,000 each.

    Other services buy no hours, and revenue for them is none for an hour.
    """
    texts.write(
        """
        2027-01-01 custom "scenario-usage" "base" "polar"
          usage-2027-01: 25000.00 USD
          usage-2028-01: 25000.00 USD
        2027-01-01 custom "scenario-usage" "base" "polar"
          service: "Storage"
          per-month: 10000.00 POLAR.CR
        2028-01-01 custom "scenario-price-cut" "base" "polar" 0.20
        """,
        head=HEAD + "      gpu-hour: 2.50 USD\n",
    )
    compared(
        period_rows(texts.outcome(), "year"),
        {
            "gpu_hours": ("10000.00", "10000.00"),
            "price_per_gpu_hour": ("2.500000", "2.000000"),
        },
    )


def test_there_are_no_hours_of_credits_without_a_face(texts: Texts) -> None:
    texts.write(
        """
        2027-01-01 custom "scenario-terms" "base" "polar" "deal-grant"
          face:
        2027-01-01 custom "scenario-usage" "base" "polar"
          share: 0.90
        """,
        head=HEAD + "      gpu-hour: 2.50 USD\n",
    )
    row = scenario_row(texts.outcome())
    assert row.price_per_gpu_hour is None and row.headline_per_credit is None
    # The headline of a share is announced; it needs no face.
    assert f"{row.headline_per_share}" == "12.000000"


FOREIGN = """
    2027-01-01 price USD 7.00 CNY
    2027-12-31 price USD 7.50 CNY
    2027-01-01 custom "deal" "polar" "Polar AI"
      provider: "North Cloud"
      escrow-owner: "provider"
    2027-01-01 custom "deal-stake" "polar" 100000 POLAR.A
      fair-value: 9.00 USD
      fair-value-source: "valuation"
      headline: 12.00 USD
    2027-01-01 custom "deal-grant" "polar" 1000000.00 POLAR.CR
      face: 1.00 USD
      escrow: 1000000.00 USD
      expires: 2028-12-31
"""


def test_a_deal_in_another_currency_that_fails(texts: Texts) -> None:
    """900,000.00 USD at 7.00 are 6,300,000.00 CNY, 6.30 a credit, and stay so.

    The escrow is money: what is left of it at the end of 2027, 550,000.00 USD, gains 0.50.
    """
    texts.write(
        """
        2027-01-01 custom "scenario-usage" "base" "polar"
          share: 0.90
        2028-03-31 custom "scenario-failure" "base" "polar"
        """,
        FOREIGN,
        head=HEAD.replace('"USD"', '"CNY"'),
    )
    outcome = texts.outcome()
    compared(
        period_rows(outcome, "year"),
        {
            # 450,000 and 112,500 credits x 6.30
            "provider_revenue_credits": ("2835000.00", "708750.00"),
            # 437,500 x 6.30
            "provider_revenue_breakage": ("0.00", "2756250.00"),
            "provider_stake_result": ("0.00", "-6300000.00"),
            "startup_compute_lost": ("0.00", "2756250.00"),
        },
    )
    rows = period_rows(outcome, "year")
    # The 37,500.00 USD of December are released at the rate of their day too.
    assert f"{rows[0].provider_other_result}" == "293750.00"
    assert f"{rows[0].provider_escrow}" == "4125000.00"
    row = scenario_row(outcome)
    assert f"{row.price_per_credit}" == "6.300000"
    assert row.headline_per_credit is None and row.headline_per_share is None
    assert f"{row.unexplained}" == "0.00"
