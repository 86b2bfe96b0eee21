"""Credits left over time, and what becomes of them if nothing, or as much, is drawn on."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.deal.terms import Agreement
from beanscrow.periods import DAY
from beanscrow.policy.schedule import Drawn, Lapsed, Schedule, in_force, terms_in_force
from beanscrow.reports.credits import expiry_of, standing_of
from beanscrow.reports.movements import ZERO, movements, until

PACE_DAYS = 90


class Point(NamedTuple):
    """Credits left from the end of a day on, until the next point."""

    date: datetime.date
    left: Decimal


class Lapse(NamedTuple):
    """Credits of a tranche that expired on a day, or will if nothing more is drawn."""

    tranche: str
    date: datetime.date
    credits: Decimal
    booked: bool


class Pace(NamedTuple):
    """How fast credits were drawn over the days before a day, and where that leads.

    Attributes:
      days: Days looked back on, the last one counted.
      drawn: Credits drawn in them, refunds taken off.
      path: Credits left at that pace, oldest expiry first; ends at zero or at the
        last expiry, or is empty where nothing was drawn.
      used_up: Day on which nothing is left at that pace; None where some lapse or
        the pace is zero.
    """

    days: int
    drawn: Decimal
    path: tuple[Point, ...]
    used_up: datetime.date | None


class Line(NamedTuple):
    """One tranche of the chart."""

    tranche: str
    points: tuple[Point, ...]
    expires: datetime.date | None


class BurnDown(NamedTuple):
    """The burn-down of one commodity of credits of one deal.

    Attributes:
      as_of: Last day of what happened; what comes after is forecast.
      lapses: By date: booked ones, then those still to come.
    """

    deal: str
    commodity: str
    as_of: datetime.date
    lines: tuple[Line, ...]
    lapses: tuple[Lapse, ...]
    pace: Pace


def burn_downs(
    schedule: Schedule, agreement: Agreement, day: datetime.date | None = None
) -> list[BurnDown]:
    """Return one burn-down for each commodity of credits granted by a day."""
    as_of = min(day, schedule.through) if day else schedule.through
    agreement = terms_in_force(schedule, agreement, as_of)
    commodities = dict.fromkeys(
        row.commodity for row in standing_of(schedule, agreement, as_of)
    )
    return [_burn_down(schedule, agreement, name, as_of) for name in commodities]


def _burn_down(
    schedule: Schedule, agreement: Agreement, commodity: str, as_of: datetime.date
) -> BurnDown:
    steps: dict[str, dict[datetime.date, Decimal]] = {}
    for move in until(movements(schedule), as_of):
        if schedule.tranches[move.tranche].commodity != commodity:
            continue
        held = move.units.held
        days = steps.setdefault(move.tranche, {})
        days[move.date] = days.get(move.date, ZERO) + held
    lines = tuple(
        Line(name, _running(days), expiry_of(agreement, schedule, name, as_of))
        for name, days in steps.items()
    )
    lapses = [
        Lapse(event.tranche, event.date, event.credits, booked=True)
        for event in in_force(schedule, as_of)
        if isinstance(event, Lapsed) and event.tranche in steps and event.credits
    ]
    for line in lines:
        left = line.points[-1].left if line.points else ZERO
        if line.expires and line.expires >= as_of and left:
            lapses.append(Lapse(line.tranche, line.expires, left, booked=False))
    lapses.sort(key=lambda lapse: (lapse.date, lapse.tranche))
    pace = _pace(schedule, lines, commodity, as_of)
    return BurnDown(schedule.deal, commodity, as_of, lines, tuple(lapses), pace)


def _running(days: dict[datetime.date, Decimal]) -> tuple[Point, ...]:
    left, points = ZERO, []
    for date in sorted(days):
        left += days[date]
        points.append(Point(date, left))
    return tuple(points)


def _pace(
    schedule: Schedule,
    lines: tuple[Line, ...],
    commodity: str,
    as_of: datetime.date,
) -> Pace:
    first = min(line.points[0].date for line in lines)
    days = min(PACE_DAYS, (as_of - first).days + 1)
    since = as_of - (days - 1) * DAY
    drawn = sum(
        (
            event.credits
            for event in in_force(schedule, as_of)
            if isinstance(event, Drawn)
            and since <= event.date
            and schedule.tranches[event.tranche].commodity == commodity
        ),
        ZERO,
    )
    left = {line.tranche: line.points[-1].left for line in lines}
    path, used_up = _path(left, lines, Fraction(drawn) / days, as_of)
    return Pace(days, drawn, path, used_up)


def _path(
    left: dict[str, Decimal],
    lines: tuple[Line, ...],
    daily: Fraction,
    as_of: datetime.date,
) -> tuple[tuple[Point, ...], datetime.date | None]:
    """Return where a daily draw leads, taking what lapses first first."""
    if daily <= 0 or not any(left.values()):
        return (), None
    never = datetime.date.max
    order = sorted(
        (line for line in lines if left[line.tranche]),
        key=lambda line: (line.expires or never, line.tranche),
    )
    held = sum((left[line.tranche] for line in order), ZERO)
    path, day, lapsed = [Point(as_of, held)], as_of, ZERO
    for line in order:
        credits = Fraction(left[line.tranche])
        used_up = _after(day, credits / daily)
        if line.expires is None or (used_up is not None and used_up <= line.expires):
            if used_up is None:
                return tuple(path), None
            day = used_up
            held -= left[line.tranche]
            path.append(Point(day, held))
            continue
        drawn = daily * max(0, (line.expires - day).days)
        rest = _rounded(credits - drawn, left[line.tranche])
        day = max(day, line.expires)
        path.append(Point(day, held - (left[line.tranche] - rest)))
        held -= left[line.tranche]
        lapsed += rest
        path.append(Point(day, held))
    return tuple(path), None if lapsed else day


def _after(day: datetime.date, days: Fraction) -> datetime.date | None:
    """Return the day a number of days later, rounded up; None beyond the calendar."""
    whole = -(-days.numerator // days.denominator)
    try:
        return day + datetime.timedelta(days=whole)
    except OverflowError:
        return None


def _rounded(credits: Fraction, like: Decimal) -> Decimal:
    exponent = like.as_tuple().exponent
    assert isinstance(exponent, int), "credits are finite numbers"
    quantum = Decimal(1).scaleb(exponent)
    return (Decimal(credits.numerator) / Decimal(credits.denominator)).quantize(quantum)
