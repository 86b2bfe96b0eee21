"""The burn-down chart's data: shapes as plain numbers, words already written.

The shapes are for drawing and are floats; every figure a reader sees is text made
from the exact decimal by the ledger's own number format.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from beanscrow.periods import DAY
from beanscrow.reports.burn_down import BurnDown, Line
from beanscrow.reports.movements import ZERO

Write = Callable[[Decimal, str], str]


def chart_data(
    burn: BurnDown,
    write: Write,
    *,
    swatches: dict[str, int],
    since: datetime.date | None = None,
    hide: bool = False,
) -> dict[str, Any]:
    """Return what the page's script draws for one commodity of credits.

    Args:
      write: Writes a number of a commodity as the ledger formats it.
      swatches: Colour of each tranche.
      since: First day shown; the first grant where it is None or earlier.
      hide: Whether to give shapes only, scaled to the highest, and no axis.
    """
    first = min(line.points[0].date for line in burn.lines)
    start = max(first, since) if since else first
    start = min(start, burn.as_of)
    end = _end(burn, start)
    lines = sorted(burn.lines, key=_latest_first)
    dates = _dates(lines, start, burn.as_of)
    peak = max(
        (sum((_left(line, day) for line in lines), ZERO) for day in dates), default=ZERO
    )
    scale = float(peak) if hide and peak else 1.0

    def shape(number: Decimal) -> float:
        return float(number) / scale

    return {
        "commodity": burn.commodity,
        "start": start.isoformat(),
        "asOf": burn.as_of.isoformat(),
        "end": end.isoformat(),
        "dates": [day.isoformat() for day in dates],
        "hide": hide,
        "lines": [
            {
                "tranche": line.tranche,
                "swatch": swatches.get(line.tranche, 1),
                "left": [shape(_left(line, day)) for day in dates],
                "labels": [write(_left(line, day), burn.commodity) for day in dates],
                "expires": line.expires.isoformat() if line.expires else None,
            }
            for line in lines
        ],
        "totals": [
            write(sum((_left(line, day) for line in lines), ZERO), burn.commodity)
            for day in dates
        ],
        "lapses": [
            {
                "tranche": lapse.tranche,
                "date": lapse.date.isoformat(),
                "booked": lapse.booked,
                "label": write(lapse.credits, burn.commodity),
            }
            for lapse in burn.lapses
            if start <= lapse.date <= end
        ],
        "pace": [[p.date.isoformat(), shape(p.left)] for p in burn.pace.path],
        "paceDays": burn.pace.days,
    }


def _latest_first(line: Line) -> tuple[int, str]:
    """Order lines so that what lapses first is drawn on top, where it burns away."""
    day = line.expires.toordinal() if line.expires else datetime.date.max.toordinal()
    return -day, line.tranche


def _dates(
    lines: list[Line], start: datetime.date, as_of: datetime.date
) -> list[datetime.date]:
    days = {point.date for line in lines for point in line.points}
    return sorted({start, as_of, *(day for day in days if start <= day <= as_of)})


def _left(line: Line, day: datetime.date) -> Decimal:
    found = bisect_right(line.points, day, key=lambda point: point.date)
    return line.points[found - 1].left if found else ZERO


def _end(burn: BurnDown, start: datetime.date) -> datetime.date:
    """Return the last day shown: all that lies ahead, but no further than the past.

    A forecast takes as much room as the history it is made from, or as the next
    expiry needs, whichever is more.
    """
    ahead = [lapse.date for lapse in burn.lapses if not lapse.booked]
    path = [point.date for point in burn.pace.path]
    furthest = max([burn.as_of, *ahead, *path])
    room = max((burn.as_of - start).days, 90)
    limit = max(burn.as_of + room * DAY, *(ahead[:1] or [burn.as_of]))
    return min(furthest, limit)
