"""Assumed usage, written out as usage: one directive for each month, or part of one.

Days on which credits begin or lapse, a list price falls or the startup fails are cuts: no
usage straddles one (2.5.2 of the ledger language).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from beanscrow.deal import wording
from beanscrow.deal.lines import Line
from beanscrow.deal.terms import (
    Agreement,
    Amend,
    Commitment,
    CommitmentEnding,
    Grant,
    Money,
)
from beanscrow.money import from_quanta, places
from beanscrow.periods import DAY
from beanscrow.simulation import curve
from beanscrow.simulation.written import Writer, money
from beanscrow.usage.deals import boundaries
from beanscrow.usage.windows import Calendar

Say = Callable[[Line, str, str], None]
_MEASURES = ("total", "share", "per-month")
_MOST = 10**24  # quanta; beyond it digits would be lost on the way


class PriceCut(NamedTuple):
    """A fall of list prices from a day on; `fewer`, that credits drawn fall with it."""

    date: datetime.date
    cut: Fraction
    fewer: bool


class Course(NamedTuple):
    """What happens to one deal beside its usage.

    Attributes:
      until: Last day that is simulated.
      failed: Day the startup fails, the last on which it uses anything; None if it
        does not.
      cuts: In order of date.
      scale: Decimals of money.
    """

    agreement: Agreement
    until: datetime.date
    failed: datetime.date | None
    cuts: tuple[PriceCut, ...]
    scale: int

    @property
    def grants(self) -> list[Grant]:
        """Its grants of credits that are drawn."""
        return [
            it
            for it in self.agreement.facts
            if isinstance(it, Grant) and it.delivery == "drawdown"
        ]


class _Wanted(NamedTuple):
    """A usage line with what it leaves out put in."""

    line: Line
    commodity: str
    scale: int
    first: datetime.date
    last: datetime.date
    is_money: bool


def write_usage(line: Line, course: Course, writer: Writer, say: Say) -> None:
    """Write out one assumption of usage, and its payments where it has any.

    Args:
      say: Is told what is wrong with the line; nothing is written of it then.
    """
    wanted = _wanted(line, course, say)
    if wanted is None:
        return
    found = curve.pieces(wanted.first, wanted.last, _window(course))
    exact = _exact(wanted, course, found)
    scaled = [
        amount * _left(course.cuts, piece, wanted.is_money) * 10**wanted.scale
        for piece, amount in zip(found, exact, strict=True)
    ]
    kept = [
        (piece, amount)
        for piece, amount in zip(found, scaled, strict=True)
        if course.failed is None or piece.first <= course.failed
    ]
    if any(amount > _MOST for _, amount in kept):
        say(line, "E827", "it comes to more than any deal can hold; correct the growth")
        return
    quanta = curve.rounded([amount for _, amount in kept])
    for (piece, _), number in zip(kept, quanta, strict=True):
        if number:
            quantity = from_quanta(number, wanted.scale)
            _write(wanted, piece, quantity, course, writer)


def _write(
    wanted: _Wanted,
    piece: curve.Piece,
    quantity: Decimal,
    course: Course,
    writer: Writer,
) -> None:
    line, deal = wanted.line, course.agreement.deal.deal
    amount = money(quantity, wanted.commodity)
    writer.write(
        line,
        piece.last,
        "deal-usage",
        deal,
        amount,
        service=line.values.get("service"),
        from_=piece.first,
    )
    days = line.values.get("payment-days")
    if days is None:
        return
    end = min(course.until, course.failed or course.until)
    if days <= (end - piece.last).days:
        writer.write(line, piece.last + days * DAY, "deal-payment", deal, amount)


def _wanted(line: Line, course: Course, say: Say) -> _Wanted | None:
    values = line.values
    months: Mapping[str, Money] = line.gathered.get("months", {})
    stated = [key for key in _MEASURES if key in values] + (
        ["usage-YYYY-MM"] * bool(months)
    )
    if len(stated) != 1:
        found = wording.all_of(stated)
        say(line, "E827", f"wanted one of total, share, per-month or months, found {found}")
        return None
    bent = values.get("curve", "even") != "even"
    if (bent and "growth" in values) or (
        (bent and stated[0] not in ("total", "share"))
        or ("growth" in values and stated[0] == "usage-YYYY-MM")
    ):
        say(
            line,
            "E827",
            "a curve shapes a total or a share, and growth these or per-month, one of the "
            "two; months are stated as they are",
        )
        return None
    if values.get("growth", Decimal(0)) <= -1:
        say(line, "E827", f"growth is {values['growth']:f}; it must be more than -1")
        return None
    commodity = _commodity(line, months, course, say)
    if commodity is None:
        return None
    grants = [it for it in course.grants if it.credits.currency == commodity]
    if not grants and stated[0] == "share":
        say(line, "E827", "a share is of credits granted, and the deal grants none")
        return None
    if grants and "payment-days" in values:
        say(line, "E827", "payment-days belongs to usage in money; credits are not billed")
        return None
    return _dated(line, commodity, months, course, grants, say)


def _commodity(
    line: Line, months: Mapping[str, Money], course: Course, say: Say
) -> str | None:
    """Return what is used: credits, or money."""
    stated = [*months.values()]
    stated += [line.values[key] for key in ("total", "per-month") if key in line.values]
    found = sorted({it.currency for it in stated})
    if not found:
        found = sorted({it.credits.currency for it in course.grants})
    if len(found) > 1:
        say(
            line,
            "E827",
            f"{wording.all_of(found)} in one line; write a line for each, with its total",
        )
        return None
    return found[0] if found else ""


def _dated(
    line: Line,
    commodity: str,
    months: Mapping[str, Money],
    course: Course,
    grants: list[Grant],
    say: Say,
) -> _Wanted | None:
    first = line.values.get("from", line.date)
    last = line.values.get("to") or min(course.until, _lapse(course, grants))
    deal, until = course.agreement.deal, course.until
    if first < deal.date or last > until or (course.failed and first > course.failed):
        end = min(until, course.failed or until)
        say(
            line,
            "E826",
            f"usage from {first} to {last} is not within {deal.date}, when the deal "
            f"begins, and {end}, when {'the startup fails' if end != until else 'it ends'}",
        )
        return None
    if first > last:
        say(line, "E826", f"usage from {first}, and its last day is {last}: no day is left")
        return None
    outside = [
        name for name in sorted(months) if not f"{first:%Y-%m}" <= name <= f"{last:%Y-%m}"
    ]
    if outside:
        say(
            line,
            "E826",
            f"{wording.all_of(f'usage-{name}' for name in outside)} is outside {first} to "
            f"{last}, the days that usage lies on",
        )
        return None
    written = [*months.values()]
    written += [line.values[key] for key in ("total", "per-month") if key in line.values]
    finest = [places(it.number) for it in written]
    if grants:
        finest += [places(it.credits.number) for it in grants]
    else:
        finest.append(course.scale)
    return _Wanted(line, commodity, max(finest), first, last, not grants)


def _lapse(course: Course, grants: list[Grant]) -> datetime.date:
    """Return the last day on which any of some grants can be drawn, as amended."""
    ends: dict[str, datetime.date] = {}
    for grant in grants:
        ends[grant.tranche] = grant.expires or datetime.date.max
    for fact in sorted(_of(course, Amend), key=lambda it: it.date):
        if fact.expires and fact.tranche in ends:
            ends[fact.tranche] = fact.expires
    return max(ends.values(), default=datetime.date.max)


def _window(course: Course) -> curve.Window:
    deal = course.agreement.deal
    commitments, amends = _of(course, Commitment), _of(course, Amend)
    endings = _of(course, CommitmentEnding)
    days = set(boundaries(course.grants, commitments, amends, endings)) | {
        it.date for it in course.cuts
    }
    if course.failed is not None:
        days.add(course.failed + DAY)
    return Calendar(ZoneInfo(deal.timezone), tuple(sorted(days))).window


def _exact(wanted: _Wanted, course: Course, found: list[curve.Piece]) -> list[Fraction]:
    """Return what falls to each piece, before list prices fall."""
    line, values = wanted.line, wanted.line.values
    months = line.gathered.get("months", {})
    if months:
        start = wanted.first.replace(day=1)
        stated = {
            _months_between(start, name): Fraction(amount.number)
            for name, amount in months.items()
        }
        return curve.of_months(stated, found)
    growth = Fraction(values.get("growth", 0))
    weights = curve.shaped(values.get("curve", "even"), found[-1].month + 1, growth)
    if "per-month" in values:
        each = Fraction(values["per-month"].number)
        return [each * weights[piece.month] * piece.part for piece in found]
    if "total" in values:
        return curve.of_a_whole(Fraction(values["total"].number), found, weights)
    granted = sum(
        (
            Fraction(it.credits.number)
            for it in course.grants
            if it.credits.currency == wanted.commodity
        ),
        Fraction(0),
    )
    return curve.of_a_whole(granted * Fraction(values["share"]), found, weights)


def _left(cuts: tuple[PriceCut, ...], piece: curve.Piece, is_money: bool) -> Fraction:
    """Return the part of a quantity that is left after the cuts in force."""
    left = Fraction(1)
    for it in cuts:
        if it.date <= piece.first and (is_money or it.fewer):
            left *= 1 - it.cut
    return left


def _months_between(start: datetime.date, month: str) -> int:
    year, number = int(month[:4]), int(month[5:])
    return (year - start.year) * 12 + number - start.month


def _of(course: Course, kind: type[Any]) -> list[Any]:
    return [it for it in course.agreement.facts if isinstance(it, kind)]
