"""Credits left over time, and where the pace leads."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from beanscrow.booking.daybook import daybook_of
from beanscrow.reports.burn_down import BurnDown, burn_downs
from beanscrow.reports.credits import credits_standing
from tests.support.ledgers import Ledger, load_text

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
2024-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 9.00 USD
  fair-value-source: "valuation"
"""
ONE = HEAD + '2024-01-01 custom "deal-grant" "moon" 1000 MOON.CR\n'
TWO = (
    ONE.replace("1000", "400")
    + '  tranche: "A"\n  expires: 2024-02-29\n  ssp: 1.00 USD\n'
    + '2024-01-01 custom "deal-grant" "moon" 600 MOON.CR\n'
    + '  tranche: "B"\n  expires: 2024-12-31\n  ssp: 1.00 USD\n'
)


def usage(day: str, credits: int) -> str:
    return f'{day} custom "deal-usage" "moon" {credits} MOON.CR\n'


def ledger_of(text: str) -> Ledger:
    ledger = load_text(text)
    assert ledger.messages == []
    return ledger


def burn_down(text: str, day: str | None = None) -> BurnDown:
    daybook = daybook_of(ledger_of(text).options)
    assert daybook is not None
    until = datetime.date.fromisoformat(day) if day else None
    (found,) = burn_downs(daybook.schedules["moon"], daybook.agreements["moon"], until)
    return found


def points(found: BurnDown) -> dict[str, list[tuple[str, Decimal]]]:
    return {
        line.tranche: [(point.date.isoformat(), point.left) for point in line.points]
        for line in found.lines
    }


def path(found: BurnDown) -> list[tuple[str, Decimal]]:
    return [(point.date.isoformat(), point.left) for point in found.pace.path]


def test_each_day_has_what_is_left_at_its_end() -> None:
    text = ONE + usage("2024-01-31", 100) + usage("2024-01-31", 50) + usage("2024-02-29", 1)
    assert points(burn_down(text)) == {
        "T1": [
            ("2024-01-01", Decimal(1000)),
            ("2024-01-31", Decimal(850)),
            ("2024-02-29", Decimal(849)),
        ]
    }


def test_what_lapses_is_told_as_it_was_and_as_it_would_be() -> None:
    text = TWO + usage("2024-01-31", 100)
    ahead = [
        ("A", datetime.date(2024, 2, 29), Decimal(300), False),
        ("B", datetime.date(2024, 12, 31), Decimal(600), False),
    ]
    assert list(burn_down(text, "2024-02-01").lapses) == ahead
    gone = ("A", datetime.date(2024, 2, 29), Decimal(300), True)
    assert list(burn_down(text).lapses) == [gone, ahead[1]]


def test_the_pace_is_of_the_last_90_days_and_ends_when_nothing_is_left() -> None:
    """90 days to 30 April begin on 1 February: 180 drawn, 2 a day, 720 left, 360 days."""
    text = ONE + usage("2024-01-31", 100) + usage("2024-03-31", 180)
    pace = burn_down(text).pace
    assert (pace.days, pace.drawn) == (90, Decimal(180))
    assert path(burn_down(text)) == [
        ("2024-04-30", Decimal(720)),
        ("2025-04-25", Decimal(0)),
    ]
    assert pace.used_up == datetime.date(2025, 4, 25)


def test_a_young_deal_has_a_pace_of_its_own_days() -> None:
    """Ten days, 100 drawn: 10 a day, 900 left, 90 days from 10 January."""
    pace = burn_down(ONE + usage("2024-01-10", 100), "2024-01-10").pace
    assert (pace.days, pace.drawn) == (10, Decimal(100))
    assert pace.used_up == datetime.date(2024, 4, 9)


def test_at_the_pace_what_lapses_first_is_drawn_first_and_the_rest_of_it_lost() -> None:
    """By 9 February 40 days and 80 drawn, 2 a day: 20 days take 40 of A, 300 all of B."""
    found = burn_down(TWO + usage("2024-02-09", 80), "2024-02-09")
    assert found.pace.days == 40
    assert path(found) == [
        ("2024-02-09", Decimal(920)),
        ("2024-02-29", Decimal(880)),
        ("2024-02-29", Decimal(600)),
        ("2024-12-25", Decimal(0)),
    ]
    assert found.pace.used_up is None


def test_a_refund_slows_the_pace() -> None:
    text = ONE + usage("2024-03-01", 180) + usage("2024-04-01", -90)
    assert burn_down(text).pace.drawn == Decimal(90)


@pytest.mark.parametrize("text", [ONE, ONE + usage("2024-01-02", 1000)])
def test_nothing_drawn_or_nothing_left_leads_nowhere(text: str) -> None:
    pace = burn_down(text).pace
    assert (pace.path, pace.used_up) == ((), None)


def test_the_last_day_is_the_one_agreed_by_then() -> None:
    amended = TWO + (
        '2024-02-15 custom "deal-amend" "moon"\n  tranche: "A"\n  expires: 2024-06-30\n'
    )
    daybook = daybook_of(ledger_of(amended).options)
    assert daybook is not None
    for day, expires in (("2024-02-14", "2024-02-29"), ("2024-02-15", "2024-06-30")):
        rows = credits_standing(daybook, datetime.date.fromisoformat(day))
        assert rows[0].expires == datetime.date.fromisoformat(expires)
