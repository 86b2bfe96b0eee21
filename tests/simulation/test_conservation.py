"""Laws of a simulation, on every worked deal and every specimen there is.

Each is simulated as it stands, with nothing assumed: what is signed, drawn and valued
runs through both parties' books.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from beanscrow.periods import Interval
from beanscrow.reports.tie_out import tie_out
from beanscrow.simulation.comparison import _PARTS, difference_rows
from beanscrow.simulation.figures import PeriodRow, period_rows, spans_of, whole_row
from beanscrow.simulation.headings import HEADINGS
from beanscrow.simulation.reading import read_deal, read_scenarios
from beanscrow.simulation.simulate import Outcome, simulate
from tests.cases.ledgers import TOPS
from tests.house.checkout import ROOT
from tests.simulation.books import SPECIMEN

# What moves; every other figure stands at the end of a period.
FLOWS = (
    "provider_revenue_credits", "provider_revenue_cash", "provider_revenue_breakage",
    "provider_revenue_other", "provider_revenue", "provider_other_result",
    "provider_stake_result", "provider_stake_oci", "provider_cash_received",
    "provider_cash_change", "startup_compute", "startup_compute_lost", "startup_expense",
    "startup_compute_capitalised", "startup_fair_value_change", "startup_cash_change",
    "startup_shares_issued", "credits_drawn",
)  # fmt: skip
STANDS = tuple(
    name
    for name in PeriodRow._fields[5:]
    if name not in (*FLOWS, "gpu_hours", "price_per_gpu_hour")
)
# What one side's ledger knows and the other's cannot: the opening amount of a stake.
ONE_SIDED = {("G16/provider", "moon"): "E214", ("ledger/provider", "01ai"): "E214"}


def names() -> Iterator[tuple[str, str]]:
    for name, path in PATHS.items():
        for deal in read_deal(path).services:
            yield name, deal


PATHS = {
    **{f"{it.parent.name}/{it.stem}": it for it in TOPS},
    **{
        f"ledger/{it.stem}": it
        for it in sorted((ROOT / "ledger").glob("*.beancount"))
        if 'custom "books"' in it.read_text()
    },
}


@cache
def as_it_stands(name: str, deal: str, folder: Path) -> Outcome | str:
    """Return a deal in both parties' books, under the framework of its ledger."""
    text = read_deal(PATHS[name])
    (books,) = text.books.values()
    framework = books.meta["framework"]
    path = folder / "scenarios.beancount"
    path.write_text(
        f'2020-01-01 custom "scenario" "as-it-stands"\n'
        f"  until: 2027-06-15\n"
        f'  provider-framework: "{framework}"\n'
        f'  startup-framework: "{framework}"\n'
        f'  currency: "{books.meta["currency"]}"\n'
        f'  deals: "{deal}"\n'
    )
    found = simulate(text, read_scenarios(path), "as-it-stands")
    return found if isinstance(found, Outcome) else found[0].code


@pytest.fixture(params=sorted({*names()} - {*ONE_SIDED}), ids=" ".join)
def outcome(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Outcome:
    found = as_it_stands(*request.param, tmp_path_factory.getbasetemp())
    assert isinstance(found, Outcome), found
    return found


@pytest.mark.parametrize("one", sorted(ONE_SIDED), ids=" ".join)
def test_what_only_one_side_knows_is_asked_for(
    one: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert as_it_stands(*one, tmp_path_factory.getbasetemp()) == ONE_SIDED[one]


def conserved(outcome: Outcome) -> None:
    """Over the periods, of any length, what moves adds up and what stands arrives."""
    whole = whole_row(outcome)
    intervals: tuple[Interval, ...] = ("month", "quarter", "year")
    for interval in intervals:
        rows = period_rows(outcome, interval)
        assert rows[0].first <= whole.first and rows[-1].last == whole.last
        for field in FLOWS:
            figures = [getattr(row, field) for row in rows]
            wanted = getattr(whole, field)
            if wanted is None:
                assert set(figures) == {None}, field
            else:
                assert sum(figures) == wanted, (field, interval)
        for field in STANDS:
            assert getattr(rows[-1], field) == getattr(whole, field), (field, interval)
        for row in rows:
            assert row.provider_revenue == sum(row[5:9]), row.period
            spent = row.startup_compute + row.startup_compute_lost
            assert row.startup_expense == spent, row.period


def test_sums_over_periods_are_the_whole(outcome: Outcome) -> None:
    conserved(outcome)


def test_every_difference_is_explained(outcome: Outcome) -> None:
    rows = difference_rows(outcome, spans_of(outcome, "quarter"))
    assert rows
    for period in dict.fromkeys(row.period for row in rows):
        parts = {row.part: row.amount for row in rows if row.period == period}
        told = parts.pop("difference")
        assert told == parts.pop("revenue") - parts.pop("expense")
        assert parts.pop("unexplained") == 0
        assert sum(parts.values(), Decimal(0)) == told
        # Money that one of the two pays the other has, and owes what it has not paid.
        assert "money owed and paid" not in parts


def test_the_books_tie_to_the_reports_and_to_each_other(outcome: Outcome) -> None:
    for books in (outcome.provider, outcome.startup):
        assert tie_out(books.entries, books.daybook, books.options) == []
    # By tranche they may differ, where one side elects another order of consumption.
    provider, startup = (
        [sum((each[number] for each in of_side), Decimal(0)) for number in range(4)]
        for of_side in (
            [
                (it.granted, it.drawn, it.expired, it.forfeited)
                for schedule in books.daybook.schedules.values()
                for it in schedule.standing
            ]
            for books in (outcome.provider, outcome.startup)
        )
    )
    assert provider == startup


@pytest.mark.parametrize(
    "name", read_scenarios(SPECIMEN / "scenarios.beancount").heads, ids=str
)
def test_sums_of_scenarios_are_the_whole(name: str) -> None:
    text = read_deal(SPECIMEN / "deal.beancount")
    found = simulate(text, read_scenarios(SPECIMEN / "scenarios.beancount"), name)
    assert isinstance(found, Outcome)
    conserved(found)


def test_no_heading_is_left_out_of_the_explanation_or_counted_twice() -> None:
    revenue = [it for it in HEADINGS["provider"] if it.startswith("revenue_")]
    provider = [it for theirs, _ in _PARTS.values() for it in theirs]
    startup = [it for _, ours in _PARTS.values() for it in ours]
    assert sorted([*provider, *revenue]) == sorted(HEADINGS["provider"])
    expense = ["compute", "compute_lost"]
    assert sorted([*startup, *expense]) == sorted(HEADINGS["startup"])


def test_every_role_that_money_is_booked_in_has_a_heading() -> None:
    from beanscrow.deal.roles import ROLES

    for side, headings in HEADINGS.items():
        known = {role for roles in headings.values() for role in roles}
        fleets = {role for role in ROLES[side] if role.startswith("gpu-")}
        assert known == set(ROLES[side]) - fleets - {"escrow-units"}
