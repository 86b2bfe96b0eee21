"""What is owed and promised in another currency, as the reports show it in the books'."""

from __future__ import annotations

import datetime
from decimal import Decimal

from beanscrow.checks.examine import examine
from beanscrow.reports.exposure import exposures
from beanscrow.reports.failures import failures
from beanscrow.reports.rpo import remaining_obligations
from tests.reports.books import daybook_of_text
from tests.support.ledgers import load_text

# Of 60.00 dollars promised 20.00 are bought at 7.10 and 5.00 of them paid; 100.00 for
# shares worth 94.00 leave 6.00 paid ahead, 42.00 at the rate of the event.
DEAL = """
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "CNY"
  open-accounts: TRUE
  through: 2024-03-31
2024-01-15 price USD 7.00 CNY
2024-02-10 price USD 7.10 CNY
2024-03-20 price USD 7.30 CNY
2024-01-15 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
2024-01-15 custom "deal-stake" "moon" 47 MOON.A
  fair-value: 2.00 USD
  fair-value-source: "valuation"
2024-01-15 custom "deal-cash" "moon" 100.00 USD
2024-01-15 custom "deal-commitment" "moon" 60.00 USD
  to: 2024-12-31
  shortfall: "take-or-pay"
2024-02-12 custom "deal-usage" "moon" 20.00 USD
2024-02-13 custom "deal-payment" "moon" 5.00 USD
"""


def test_the_rest_of_a_promise_is_shown_at_the_newest_rate() -> None:
    """40.00 x 7.10 on 2024-02-29, x 7.30 on 2024-03-31; what is carried stays: 42.00 x 40/60."""
    daybook = daybook_of_text(DEAL)
    for day, executory in (("2024-02-29", "284.00"), ("2024-03-31", "292.00")):
        (row,) = remaining_obligations(daybook, datetime.date.fromisoformat(day))
        assert row.currency == "CNY"
        assert row.liability == Decimal("-28.00")
        assert row.executory == Decimal(executory)
        assert row.rpo == Decimal(executory) - 28
        assert row.within_12_months == row.rpo


def test_what_is_owed_is_exposed_at_the_rate_it_is_carried_at() -> None:
    """15.00 at 7.10, then at 7.30."""
    daybook = daybook_of_text(DEAL)
    for day, receivable in (("2024-02-29", "106.50"), ("2024-03-31", "109.50")):
        (row,) = exposures(daybook, datetime.date.fromisoformat(day))
        assert row.receivable == Decimal(receivable)
        assert row.paid_ahead == Decimal("28.00")


FAILED = """
2024-03-25 custom "deal-valuation" "moon" 0.00 USD
  kind: "impairment"
  source: "insolvency"
"""
ENDED = """
2024-03-25 custom "deal-commitment-end" "moon"
  commitment: "C1"
  reason: "failure"
"""


def test_a_promise_that_failed_is_left_at_the_newest_rate() -> None:
    """40.00 x 7.30 need not be spent any more; 28.00 at the rate of the event is lost."""
    daybook = daybook_of_text(f"{DEAL}{FAILED}{ENDED}")
    (row,) = failures(daybook)
    assert row.currency == "CNY"
    assert row.unspent == Decimal("292.00")
    assert row.liability_released == row.revenue == Decimal("-28.00")
    assert remaining_obligations(daybook) == []


def test_a_changed_promise_is_shown_for_what_it_is_for_now() -> None:
    """50.00 - 20.00 dollars at 7.30."""
    change = """
2024-03-01 custom "deal-amend" "moon"
  commitment: "C1"
  amount: 50.00 USD
"""
    (row,) = remaining_obligations(daybook_of_text(f"{DEAL}{change}"))
    assert row.liability == Decimal("-28.00")
    assert row.executory == Decimal("219.00")


def test_what_was_billed_to_a_startup_that_failed_is_told_at_its_rate() -> None:
    """40.00 at 7.30; that they are carried at 7.50 later was billed to nobody."""
    text = f"{DEAL}{FAILED}".replace("through: 2024-03-31", "through: 2024-05-31")
    text = text.replace("to: 2024-12-31", "to: 2024-03-25")
    text += """
2024-03-01 custom "deal-payment" "moon" 15.00 USD
2024-04-30 price USD 7.50 CNY
"""
    entries, _, options = load_text(text)[:3]
    problems = examine(entries, options, findings=True).problems
    (found,) = [it for it in problems if it.code == "F651"]
    assert "a shortfall of C1 of 292.00 CNY was billed on 2024-03-25" in found.message
