"""What the reports say of a startup that becomes a subsidiary."""

from __future__ import annotations

import datetime
from decimal import Decimal

from beanscrow.booking.daybook import Daybook, daybook_of
from beanscrow.reports.credits import credits_standing
from beanscrow.reports.movements import intra_group
from beanscrow.reports.roll_forward import roll_forward
from beanscrow.reports.stakes import stakes_standing
from beanscrow.reports.tie_out import tie_out
from tests.support.ledgers import Ledger, load_text

BOOKS = """
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 100 MOON.CR
2024-03-31 custom "deal-usage" "moon" 40 MOON.CR
2024-06-30 custom "deal-control" "moon"
  fair-value: 1.50 USD
  reason: "60 % of the votes"
2024-07-31 custom "deal-usage" "moon" 10 MOON.CR
"""
CONTROL = datetime.date(2024, 6, 30)


def books() -> tuple[Ledger, Daybook]:
    """Return the ledger, and what its plugins decided."""
    ledger = load_text(BOOKS)
    assert ledger.messages == []
    daybook = daybook_of(ledger.options)
    assert daybook is not None
    return ledger, daybook


def test_nothing_is_a_contract_liability_once_control_is_gained() -> None:
    _, daybook = books()
    before = CONTROL - datetime.timedelta(days=1)
    (row,) = credits_standing(daybook, before)
    assert [row.liability, row.recognised] == [Decimal(60), Decimal(40)]
    (row,) = credits_standing(daybook)
    assert [row.liability, row.recognised, row.price] == [Decimal(n) for n in (0, 40, 40)]
    assert [row.drawn, row.left] == [Decimal(50), Decimal(50)]


def test_a_roll_forward_ends_with_control() -> None:
    _, daybook = books()
    rows = roll_forward(daybook, "month")
    last = rows[-1]
    assert last.period == "2024-06"
    assert [last.forfeited, last.closing] == [Decimal(60), Decimal(0)]


def test_what_is_owed_inside_the_group_goes_on() -> None:
    _, daybook = books()
    schedule = daybook.schedules["moon"]
    assert intra_group(schedule, CONTROL - datetime.timedelta(days=1)) == {}
    assert intra_group(schedule, CONTROL) == {"T1": Decimal("60.00")}
    assert intra_group(schedule) == {"T1": Decimal("50.00")}


def test_the_stake_is_a_subsidiarys() -> None:
    _, daybook = books()
    (row,) = stakes_standing(daybook)
    assert row.method == "consolidated"
    assert [row.units, row.carrying, row.cost] == [Decimal(n) for n in (100, 150, 100)]


def test_the_accounts_tie_to_the_reports_on_every_day() -> None:
    ledger, daybook = books()
    for entry in ledger.entries:
        assert tie_out(ledger.entries, daybook, ledger.options, entry.date) == []
