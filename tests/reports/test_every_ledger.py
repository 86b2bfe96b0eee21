"""Laws of the reports, on every ledger there is."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from beancount.core.data import Transaction

from beanscrow.periods import Interval
from beanscrow.policy.financing import InterestAccrued
from beanscrow.policy.noncash import PriceMeasured
from beanscrow.policy.schedule import RightUnconditional, in_force
from beanscrow.reports.credits import credits_standing
from beanscrow.reports.margin import deal_margins
from beanscrow.reports.movements import carried, promised
from beanscrow.reports.prices import prices
from beanscrow.reports.roll_forward import roll_forward, totals
from beanscrow.reports.rpo import remaining_obligations
from beanscrow.reports.stakes import stakes_standing
from beanscrow.reports.tie_out import tie_out
from tests.cases.ledgers import Case
from tests.reports.books import LEDGERS, loaded, name

pytestmark = pytest.mark.parametrize("case", LEDGERS, ids=name)
ZERO = Decimal(0)


def days(case: Case) -> list[datetime.date]:
    entries = loaded(case)[0].entries
    return sorted({entry.date for entry in entries if isinstance(entry, Transaction)})


def test_reports_tie_to_the_accounts_on_every_day_something_is_booked(case: Case) -> None:
    ledger, daybook = loaded(case)
    for day in [*days(case), None]:
        assert tie_out(ledger.entries, daybook, ledger.options, day) == [], day


def test_credits_are_where_the_engine_says_they_are(case: Case) -> None:
    _, daybook = loaded(case)
    rows = {(row.deal, row.tranche): row for row in credits_standing(daybook)}
    stood = {
        (deal, standing.tranche): standing
        for deal, schedule in daybook.schedules.items()
        for standing in schedule.standing
    }
    assert rows.keys() == stood.keys()
    for key, row in rows.items():
        there = stood[key]
        assert row.granted == there.granted
        assert row.left == there.held
        assert row.drawn == there.drawn
        assert row.expired == there.expired
        assert row.forfeited == there.forfeited
        assert row.moved == there.moved
        assert row.expires == there.expires
        assert row.price == there.price
        assert row.liability == there.liability
        assert row.escrow == there.escrow
        assert row.expected_breakage == there.expected_breakage


def test_stakes_are_what_the_engine_says_they_are(case: Case) -> None:
    _, daybook = loaded(case)
    rows = [
        (row.deal, row.commodity, row.units, row.cost, row.carrying)
        for row in stakes_standing(daybook)
    ]
    assert rows == [
        (deal, stake.commodity, stake.units, stake.cost, stake.carrying)
        for deal in sorted(daybook.schedules)
        for stake in daybook.schedules[deal].stakes
    ]


@pytest.mark.parametrize("interval", ["month", "quarter", "year"])
def test_a_roll_forward_adds_up_and_hands_on(case: Case, interval: Interval) -> None:
    _, daybook = loaded(case)
    rows = roll_forward(daybook, interval)
    closing: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        released = row.recognised + row.breakage + row.forfeited
        assert row.opening + row.additions - released + row.moved == row.closing
        key = row.deal, row.tranche
        brought_in = key not in closing
        assert brought_in or row.opening == closing[key]
        closing[key] = row.closing
        most = max(ZERO, row.recognised + row.breakage)
        assert ZERO <= row.from_opening <= most
    stood = {
        (row.deal, row.tranche): row.liability
        for row in credits_standing(daybook)
        if row.liability
    }
    for schedule in daybook.schedules.values():
        for move in promised(schedule):
            left = stood.pop((schedule.deal, move.tranche), ZERO) + move.liability
            if left:
                stood[schedule.deal, move.tranche] = left
    assert {key: amount for key, amount in closing.items() if amount} == stood


def test_what_moves_between_tranches_moves_nothing_in_all(case: Case) -> None:
    _, daybook = loaded(case)
    assert all(total.moved == 0 for total in totals(roll_forward(daybook, "month")))
    by_commodity: dict[tuple[str, str], Decimal] = {}
    for row in credits_standing(daybook):
        key = row.deal, row.commodity
        by_commodity[key] = by_commodity.get(key, ZERO) + row.moved
    assert not any(by_commodity.values())


def test_what_is_owed_is_in_one_band_or_another(case: Case) -> None:
    """And its liability is what the tranches and promises to spend carry."""
    _, daybook = loaded(case)
    for day in [*days(case)[::5], None]:
        rows = remaining_obligations(daybook, day)
        for row in rows:
            bands = row.within_12_months + row.within_24_months + row.within_36_months
            assert bands + row.after_36_months == row.rpo == row.liability + row.executory
            assert row.executory >= 0
        provided = {d for d, s in daybook.schedules.items() if s.side == "provider"}
        stood = {
            (row.deal, row.tranche): row.liability
            for row in credits_standing(daybook, day)
            if row.deal in provided and row.liability
        }
        stood |= {
            (deal, name): amount
            for deal in provided
            for name, amount in carried(daybook.schedules[deal], day).items()
            if amount
        }
        assert {(r.deal, r.name): r.liability for r in rows if r.liability} == stood


def test_the_prices_of_credits_are_what_their_events_added(case: Case) -> None:
    """Interest is added too and is no price; what a draw is measured at is no addition."""
    _, daybook = loaded(case)
    added: dict[tuple[str, str], Decimal] = {}
    for row in roll_forward(daybook, "year"):
        key = row.deal, row.tranche
        added[key] = added.get(key, ZERO) + row.additions
    for deal, schedule in daybook.schedules.items():
        for event in in_force(schedule):
            if isinstance(event, InterestAccrued | PriceMeasured):
                key = deal, event.tranche
                sign = -1 if isinstance(event, InterestAccrued) else 1
                added[key] = added.get(key, ZERO) + sign * event.amount
            elif isinstance(event, RightUnconditional) and schedule.side == "startup":
                for part in event.parts:  # paid for in equity as it was received
                    key = deal, part.tranche
                    added[key] = added.get(key, ZERO) + part.used
    for price in prices(daybook):
        if price.kind == "credits":
            terms = daybook.schedules[price.deal].tranches[price.item]
            if terms.kind in ("credits", "prepaid") and "startup" not in terms.escrow:
                of_tranche = price.deal, price.item
                assert added.get(of_tranche, ZERO) == price.effective
        assert price.gap is None or price.gap == (price.headline or ZERO) - price.effective


def test_margins_of_months_make_those_of_years(case: Case) -> None:
    _, daybook = loaded(case)

    def sums(interval: Interval) -> dict[str, tuple[Decimal, ...]]:
        found: dict[str, tuple[Decimal, ...]] = {}
        for row in deal_margins(daybook, interval):
            parts = row.drawn, row.revenue, row.breakage
            known = found.get(row.deal, (ZERO,) * len(parts))
            found[row.deal] = tuple(a + b for a, b in zip(known, parts, strict=True))
        return {deal: parts for deal, parts in found.items() if any(parts)}

    assert sums("month") == sums("quarter") == sums("year")


def test_months_make_quarters_and_quarters_years(case: Case) -> None:
    _, daybook = loaded(case)

    def sums(interval: Interval) -> dict[tuple[str, str], tuple[Decimal, ...]]:
        found: dict[tuple[str, str], tuple[Decimal, ...]] = {}
        for row in roll_forward(daybook, interval):
            parts = row.additions, row.recognised, row.breakage, row.forfeited, row.moved
            known = found.get((row.deal, row.tranche), (ZERO,) * len(parts))
            found[row.deal, row.tranche] = tuple(
                a + b for a, b in zip(known, parts, strict=True)
            )
        return found

    assert sums("month") == sums("quarter") == sums("year")
