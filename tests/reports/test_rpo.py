"""What is still owed, and when it is expected, against figures by hand."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from beanscrow.booking.daybook import daybook_of
from beanscrow.reports.rpo import (
    RemainingObligation,
    investee_percent,
    remaining_obligations,
)
from tests.reports.books import daybook_of_text
from tests.support.ledgers import load_path

DEALS = Path(__file__).parents[1] / "cases" / "deals"
HEAD = """
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  through: 2024-04-30
  open-accounts: TRUE
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
"""
STAKE = """
2024-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 9.00 USD
  fair-value-source: "valuation"
"""
ONE = HEAD + STAKE + '2024-01-01 custom "deal-grant" "moon" 1000 MOON.CR\n'
USE = '2024-03-31 custom "deal-usage" "moon" {} MOON.CR\n'


def rows(text: str, day: str | None = None) -> list[RemainingObligation]:
    until = datetime.date.fromisoformat(day) if day else None
    return remaining_obligations(daybook_of_text(text), until)


def bands(row: RemainingObligation) -> tuple[str, ...]:
    """Return the four bands as text."""
    return tuple(
        str(band)
        for band in (
            row.within_12_months,
            row.within_24_months,
            row.within_36_months,
            row.after_36_months,
        )
    )


# -- promises to spend ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("variant", "liability", "rpo"),
    [
        ("V1", "0.00", "58333333.33"),
        ("V2", "-11666666.67", "46666666.66"),
        ("V3", "5833333.33", "64166666.66"),
    ],
)
def test_a_promise_after_its_first_month(variant: str, liability: str, rpo: str) -> None:
    """60m less 1,666,666.67; less 12m - 333,333.33 paid, or with 6m - 166,666.67 owed."""
    ledger = load_path(DEALS / "G05" / f"provider-{variant}.beancount")
    daybook = daybook_of(ledger.options)
    assert daybook is not None
    (row,) = remaining_obligations(daybook, datetime.date(2024, 1, 31))
    assert (str(row.liability), str(row.executory)) == (liability, "58333333.33")
    assert str(row.rpo) == rpo
    assert sum(map(Decimal, bands(row))) == row.rpo


def test_a_ramp_is_bought_evenly_from_month_to_month() -> None:
    """20m by December 2024, 40m by December 2025, 60m by 1 January 2027.

    To 2025-01-31: 18,333,333.33 + 20m x 31/365 = 20,031,963.47; the next twelve months:
    20m x 334/365 + 20m x 31/366 = 19,995,358.93; then 20m x 335/366 = 18,306,010.93.
    """
    ledger = load_path(DEALS / "G05" / "provider-V1.beancount")
    daybook = daybook_of(ledger.options)
    assert daybook is not None
    (row,) = remaining_obligations(daybook, datetime.date(2024, 1, 31))
    assert bands(row) == ("20031963.47", "19995358.93", "18306010.93", "0.00")


CASH = """
2024-01-01 custom "deal-stake" "moon" 10 MOON.A
  fair-value: 10.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-cash" "moon" 100.00 USD
"""


def test_without_a_ramp_a_promise_is_bought_evenly_to_its_end() -> None:
    """On 30 April 2024 four years of 365.25 days are left: 1,461.00 over 1,461 days."""
    promise = '2024-01-01 custom "deal-commitment" "moon" 1461.00 USD\n  to: 2028-04-30\n'
    (row,) = rows(HEAD + CASH + promise)
    assert (row.kind, row.name) == ("commitment", "C1")
    assert bands(row) == ("365.00", "365.00", "365.00", "366.00")


def test_a_promise_that_begins_later_is_not_bought_before() -> None:
    """365 days from 1 May 2025 on."""
    promise = (
        '2024-01-01 custom "deal-commitment" "moon" 365.00 USD\n'
        "  from: 2025-05-01\n  to: 2026-04-30\n"
    )
    (row,) = rows(HEAD + CASH + promise)
    assert bands(row) == ("0.00", "365.00", "0.00", "0.00")


def test_a_purchase_counts_to_the_first_promise_that_holds_its_day() -> None:
    promises = """
2024-01-01 custom "deal-commitment" "moon" 60.00 USD
  to: 2024-12-31
2024-01-01 custom "deal-commitment" "moon" 40.00 USD
  commitment: "C2"
  to: 2025-12-31
2024-02-01 custom "deal-usage" "moon" 25.00 USD
"""
    found = {row.name: str(row.rpo) for row in rows(HEAD + CASH + promises)}
    assert found == {"C1": "35.00", "C2": "40.00"}


def test_a_promise_that_is_over_is_owed_no_longer() -> None:
    promise = """
2024-01-01 custom "deal-commitment" "moon" 60.00 USD
  to: 2024-04-30
  shortfall: "take-or-pay"
"""
    assert [row.name for row in rows(HEAD + CASH + promise, "2024-04-29")] == ["C1"]
    assert rows(HEAD + CASH + promise) == []


def test_a_promise_that_was_changed_is_owed_as_it_stands_on_the_day() -> None:
    """30.00 of 60.00 bought by 31 March; from April on 90.00 are promised, to April 2026."""
    promise = """
2024-01-01 custom "deal-commitment" "moon" 60.00 USD
  to: 2024-12-31
2024-02-01 custom "deal-usage" "moon" 30.00 USD
2024-04-01 custom "deal-amend" "moon"
  commitment: "C1"
  to: 2026-04-30
  amount: 90.00 USD
2024-04-30 custom "deal-usage" "moon" 13.00 USD
"""
    (row,) = rows(HEAD + CASH + promise, "2024-03-31")
    assert (str(row.rpo), bands(row)) == ("30.00", ("30.00", "0.00", "0.00", "0.00"))
    (row,) = rows(HEAD + CASH + promise)
    # 47.00 over 730 days: 365 in each year.
    assert (str(row.rpo), bands(row)) == ("47.00", ("23.50", "23.50", "0.00", "0.00"))


def test_a_promise_that_was_ended_early_is_owed_no_longer() -> None:
    promise = """
2024-01-01 custom "deal-commitment" "moon" 60.00 USD
  to: 2024-12-31
  shortfall: "take-or-pay"
2024-04-15 custom "deal-commitment-end" "moon"
  commitment: "C1"
  reason: "failure"
"""
    assert [row.name for row in rows(HEAD + CASH + promise, "2024-04-14")] == ["C1"]
    assert rows(HEAD + CASH + promise, "2024-04-15") == []
    assert rows(HEAD + CASH + promise) == []


# -- credits -------------------------------------------------------------------------


def test_credits_go_on_being_drawn_as_they_were() -> None:
    """90 in the last 90 days, one a day; 910 left at 0.90: 365, 365 and 180 days."""
    (row,) = rows(ONE + USE.format(90))
    assert (str(row.rpo), row.kind) == ("819.00", "credits")
    assert bands(row) == ("328.50", "328.50", "162.00", "0.00")


def test_what_is_left_on_the_last_day_is_recognised_then() -> None:
    """Two years of one a day, and 180 credits that lapse on 30 April 2026: 162.00."""
    (row,) = rows(ONE + "  expires: 2026-04-30\n" + USE.format(90))
    assert bands(row) == ("328.50", "490.50", "0.00", "0.00")


def test_what_lapses_first_is_drawn_first() -> None:
    """One a day: B (300) to day 300, then A: 65 days of the first year."""
    two = """  tranche: "A"
2024-01-01 custom "deal-grant" "moon" 300 MOON.CR
  tranche: "B"
  price: 600.00 USD
  expires: 2025-12-31
2024-03-31 custom "deal-usage" "moon" 90 MOON.CR
  tranche: "A"
"""
    found = {row.name: bands(row) for row in rows(ONE + two)}
    assert found["B"] == ("600.00", "0.00", "0.00", "0.00")
    # 65 + 365 + 365 days of 910 credits at 0.90, and the rest.
    assert found["A"] == ("58.50", "328.50", "328.50", "103.50")


def test_credits_that_begin_later_are_not_drawn_before() -> None:
    """B can be used from 1 May 2025; until then nothing of it is drawn."""
    two = """  tranche: "A"
2024-03-31 custom "deal-usage" "moon" 1000 MOON.CR
2024-01-01 custom "deal-grant" "moon" 300 MOON.CR
  tranche: "B"
  price: 600.00 USD
  effective: 2025-05-01
"""
    (row,) = rows(ONE + two)
    assert bands(row) == ("0.00", "600.00", "0.00", "0.00")


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("", ("0.00", "0.00", "0.00", "900.00")),
        ("  expires: 2025-04-30\n", ("900.00", "0.00", "0.00", "0.00")),
        ("  expires: 2025-05-01\n", ("0.00", "900.00", "0.00", "0.00")),
    ],
)
def test_credits_nobody_draws_wait_for_their_last_day(
    term: str, expected: tuple[str, ...]
) -> None:
    (row,) = rows(ONE + term)
    assert bands(row) == expected


def test_a_service_that_stands_ready_goes_by_its_days() -> None:
    """1,096 days from 2024 to 2026 for 1,096.00; 121 are over, 610 in the last bands."""
    ready = """
2024-01-01 custom "deal-stake" "moon" 1096 MOON.A
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 1096 MOON.DAY
  delivery: "stand-ready"
  expires: 2026-12-31
"""
    (row,) = rows(HEAD + ready)
    assert bands(row) == ("365.00", "365.00", "245.00", "0.00")


def test_shares_still_to_be_earned_are_part_of_it() -> None:
    """900.00 less 81.00 earned by 90 of 1,000 credits; no account holds the rest."""
    earned = ONE.replace(
        "  fair-value-source", '  vesting: "as-drawn"\n  fair-value-source'
    )
    (row,) = rows(earned + USE.format(90))
    assert (row.kind, str(row.liability), str(row.executory)) == (
        "earning",
        "0.00",
        "819.00",
    )
    # Given back, 10 credits are owed again for shares that were earned.
    back = '2024-04-01 custom "deal-usage" "moon" -10 MOON.CR\n'
    (row,) = rows(earned + USE.format(90) + back)
    assert (str(row.liability), str(row.executory)) == ("9.00", "819.00")
    given_up = (
        '2024-04-02 custom "deal-forfeit" "moon" 110 MOON.CR\n'
        '  tranche: "T1"\n  reason: "termination"\n'
    )
    (row,) = rows(earned + USE.format(90) + given_up)
    assert (str(row.liability), str(row.executory)) == ("0.00", "720.00")


def test_the_startups_own_cash_will_pay_for_draws_too() -> None:
    """Shares of 900.00 for credits and 600.00 in escrow: 300.00 owed now, 900.00 in all."""
    own = ONE.replace('escrow-owner: "none"', 'escrow-owner: "startup"')
    (row,) = rows(own + "  escrow: 600.00 USD\n")
    assert (str(row.liability), str(row.executory)) == ("300.00", "600.00")


def test_gifts_and_the_face_of_credits_are_no_part_of_it() -> None:
    gift = ONE.replace(STAKE, "") + "  price: 0.00 USD\n  face: 1.00 USD\n"
    assert rows(gift) == []


# -- of whom -------------------------------------------------------------------------


def test_the_share_of_investees() -> None:
    """900.00 of Moonshot's, of whom shares are held, and 300.00 of a customer's."""
    customer = """
2024-01-01 custom "deal" "sun" "Sunbird"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-grant" "sun" 100 SUN.CR
  price: 300.00 USD
"""
    found = rows(ONE + customer)
    assert [(row.deal, row.investee, str(row.percent)) for row in found] == [
        ("moon", True, "75.00"),
        ("sun", False, "25.00"),
    ]
    assert str(investee_percent(found)) == "75.00"
    sold = """
2024-04-01 custom "deal-sale" "moon" 100 MOON.A
  price: 9.00 USD
"""
    assert str(investee_percent(rows(ONE + customer + sold))) == "0.00"
    assert investee_percent([]) is None


def test_shares_held_under_another_deal_of_the_party_make_it_an_investee() -> None:
    other = """
2024-01-01 custom "deal" "moon-2" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-grant" "moon-2" 100 MOON.BCR
  price: 300.00 USD
"""
    assert [row.investee for row in rows(ONE + other)] == [True, True]


def test_the_startup_owes_no_compute() -> None:
    assert rows(ONE.replace('"books" "provider"', '"books" "startup"')) == []


def test_what_was_put_right_later_was_owed_as_written_before() -> None:
    text = (
        ONE
        + USE.format(90)
        + (
            '2024-04-15 custom "deal-correct" "moon" "deal-usage" 2024-03-31\n'
            "  amount: 40 MOON.CR\n"
        )
    )
    assert [str(row.rpo) for row in rows(text, "2024-04-14")] == ["819.00"]
    assert [str(row.rpo) for row in rows(text)] == ["864.00"]
