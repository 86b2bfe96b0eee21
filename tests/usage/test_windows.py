"""Windows: which days a charge belongs to, and what is drawn on them."""

from __future__ import annotations

import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanscrow.periods import DAY
from beanscrow.usage.windows import Calendar, Span, bill_month, cuts, overlaps
from tests.usage.exports import (
    at,
    buckets,
    codes,
    deal,
    directives,
    row,
    run,
    write_csv,
    written,
)

ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")
days = st.dates(datetime.date(2024, 1, 1), datetime.date(2026, 12, 31))


@given(st.sampled_from(ZONES), st.lists(days, max_size=5, unique=True), days)
def test_windows_hold_their_day_and_follow_one_another(
    zone: str, boundaries: list[datetime.date], day: datetime.date
) -> None:
    calendar = Calendar(ZoneInfo(zone), tuple(sorted(boundaries)))
    window = calendar.window(day)
    assert window.first <= day <= window.last
    assert window.first.month == window.last.month
    assert not any(window.first < b <= window.last for b in boundaries)
    following = calendar.window(window.last + DAY)
    assert following.first == window.last + DAY
    assert following.first.day == 1 or following.first in boundaries


@given(st.sampled_from(ZONES), st.lists(days, max_size=4, unique=True),
       st.datetimes(datetime.datetime(2025, 1, 1), datetime.datetime(2025, 12, 30)))  # fmt: skip
def test_between_two_cuts_lies_one_window_of_every_deal(
    zone: str, boundaries: list[datetime.date], moment: datetime.datetime
) -> None:
    calendar = Calendar(ZoneInfo(zone), tuple(sorted(boundaries)))
    other = Calendar(ZoneInfo("Asia/Tokyo"), (datetime.date(2025, 6, 17),))
    span = Span(datetime.datetime(2025, 1, 1), datetime.datetime(2026, 1, 1))
    found = cuts([calendar, other], span)
    index = sum(cut <= moment for cut in found.instants)
    between = found.span(index)
    assert between is not None
    last = between.end - datetime.timedelta(microseconds=1)
    for each in (calendar, other):
        assert each.window(each.day(between.start)) == each.window(each.day(moment))
        assert each.window(each.day(last)) == each.window(each.day(moment))


def test_a_bill_is_called_by_its_month_wherever_the_month_begins() -> None:
    assert bill_month(datetime.datetime(2026, 3, 1)) == datetime.date(2026, 3, 1)
    beijing = datetime.datetime(2026, 2, 28, 16)
    assert bill_month(beijing) == datetime.date(2026, 3, 1)


def test_overlaps_add_up_to_the_span() -> None:
    span = Span(datetime.datetime(2026, 3, 1), datetime.datetime(2026, 3, 4, 12))
    starts = [span.start, datetime.datetime(2026, 3, 2), datetime.datetime(2026, 3, 4)]
    assert [part / 3_600_000_000 for part in overlaps(span, starts)] == [24, 48, 12]


@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", "2026-03-31"), ("Asia/Shanghai", "2026-04-01")]
)
def test_the_last_hours_of_a_month_belong_to_a_day_of_the_deals_zone(
    tmp_path: Path, zone: str, day: str
) -> None:
    rows = [at("2026-03-31T20:00:00Z", "2026-03-31T21:00:00Z", "1.00")]
    run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=[deal(zone=zone)])
    assert directives(tmp_path) == [(day, "1.00 MOON.CR")]
    assert list(written(tmp_path)) == ["moon-2026-03.beancount"]


def test_usage_is_cut_at_a_day_on_which_the_terms_change(tmp_path: Path) -> None:
    more = '2026-02-01 custom "deal-grant" "moon" 5000 MOON.CR\n  tranche: "T2"\n' \
           "  face: 1.00 USD\n  price: 0.00 USD\n  effective: 2026-03-12"  # fmt: skip
    rows = [
        at("2026-03-11T23:00:00Z", "2026-03-12T00:00:00Z", "1.00"),
        at("2026-03-12T00:00:00Z", "2026-03-12T01:00:00Z", "2.00"),
        at("2026-03-20T00:00:00Z", "2026-03-20T01:00:00Z", "4.00"),
    ]
    text = deal(expires="2026-03-15", more=more)
    assert codes(run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=[text])) == []
    assert directives(tmp_path) == [
        ("2026-03-11", "1.00 MOON.CR"),
        ("2026-03-15", "2.00 MOON.CR"),
        ("2026-03-20", "4.00 MOON.CR"),
    ]
    text = written(tmp_path)["moon-2026-03.beancount"]
    assert [line for line in text.splitlines() if "from:" in line] == [
        "  from: 2026-03-01",
        "  from: 2026-03-12",
        "  from: 2026-03-16",
    ]


def test_usage_on_days_no_grant_covers_is_a_finding_and_not_written(
    tmp_path: Path,
) -> None:
    rows = [
        at("2026-03-15T23:00:00Z", "2026-03-16T00:00:00Z", "1.00"),
        at("2026-03-16T00:00:00Z", "2026-03-16T01:00:00Z", "2.00"),
    ]
    text = deal(expires="2026-03-15")
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=[text])
    assert buckets(outcome) == {"drawn": 1, "out_of_window": 1}
    assert codes(outcome) == ["F702"]
    assert directives(tmp_path) == [("2026-03-15", "1.00 MOON.CR")]


def test_an_amended_expiry_counts_from_the_day_of_the_amendment(tmp_path: Path) -> None:
    more = '2026-03-10 custom "deal-amend" "moon"\n  tranche: "T1"\n' \
           "  expires: 2026-03-20"  # fmt: skip
    rows = [
        at(f"2026-03-{d}T00:00:00Z", f"2026-03-{d}T01:00:00Z") for d in ("04", "07", "19")
    ]
    text = deal(expires="2026-03-05", more=more)
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=[text])
    assert buckets(outcome) == {"drawn": 2, "out_of_window": 1}
    assert [day for day, _ in directives(tmp_path)] == ["2026-03-05", "2026-03-19"]


def test_a_charge_over_several_windows_is_shared_by_time_to_the_last_digit(
    tmp_path: Path,
) -> None:
    rows = [at("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "10.000000000000000001")] * 3
    text = deal(expires="2026-03-10")
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=[text])
    found = {line.bucket: line for line in outcome.intake.tally.lines()}
    drawn, stray = found["drawn"], found["out_of_window"]
    assert (drawn.rows, stray.rows) == (3, 0)
    (total,) = outcome.intake.tally.totals()
    assert drawn.costs["ListCost"] + stray.costs["ListCost"] == total.costs["ListCost"]
    assert directives(tmp_path) == [("2026-03-10", "9.68 MOON.CR")]  # 30 x 10 / 31


def test_a_charge_of_an_earlier_month_is_late_and_says_of_when(tmp_path: Path) -> None:
    rows = [
        row("5.00"),
        at(
            "2026-01-20T00:00:00Z",
            "2026-01-20T01:00:00Z",
            "-2.00",
            ChargeClass="Correction",
        ),
        at("2025-06-01T00:00:00Z", "2025-06-01T01:00:00Z", "1.00"),
    ]
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", rows))
    assert buckets(outcome) == {"drawn": 2, "out_of_window": 1}
    text = written(tmp_path)["moon-2026-03.beancount"]
    assert directives(tmp_path) == [
        ("2026-03-10", "5.00 MOON.CR"),
        ("2026-03-10", "-2.00 MOON.CR"),
    ]
    assert "  from: 2026-01-01\n  of: 2026-01-31\n" in text
    assert '/Compute/2026-01-01/late"' in text
    assert run(tmp_path, tmp_path / "a.csv").changes == []


def test_charges_far_outside_the_first_rows_are_found_as_well(tmp_path: Path) -> None:
    rows = [row("1.00")] * 2100
    rows.append(at("2027-03-01T00:00:00Z", "2027-03-01T01:00:00Z", "0.50"))
    run(tmp_path, write_csv(tmp_path / "a.csv", rows))
    assert directives(tmp_path) == [
        ("2026-03-31", "2100.00 MOON.CR"),
        ("2027-03-01", "0.50 MOON.CR"),
    ]


def test_a_charge_without_length_counts_on_its_day(tmp_path: Path) -> None:
    rows = [at("2026-03-12T00:00:00Z", "2026-03-12T00:00:00Z", "1.00"), row("1.00")]
    run(tmp_path, write_csv(tmp_path / "a.csv", rows))
    assert [number for _, number in directives(tmp_path)] == ["2.00 MOON.CR"]
