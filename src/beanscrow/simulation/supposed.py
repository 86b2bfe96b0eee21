"""What a scenario supposes, written out as the directives of a ledger."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from beanscrow.deal.lines import Line
from beanscrow.deal.terms import Agreement
from beanscrow.money import places
from beanscrow.simulation.engine import Ground, schedules
from beanscrow.simulation.failure import refuse_what_goes_on, write_failure
from beanscrow.simulation.scenario import Plan
from beanscrow.simulation.usage import Course, PriceCut, Say, write_usage
from beanscrow.simulation.written import Writer, money

_CENT = Decimal("0.01")


def course_of(plan: Plan, ground: Ground, agreement: Agreement) -> Course:
    """Return what happens to one deal of a scenario beside its usage."""
    assert plan.until is not None, "a plan without a horizon is refused"
    deal = agreement.deal.deal
    failed = [it.line.date for it in plan.of("scenario-failure") if it.deal == deal]
    cuts = sorted(
        PriceCut(
            it.line.date,
            Fraction(it.line.values["cut"]),
            it.line.values.get("draws") == "fewer",
        )
        for it in plan.of("scenario-price-cut")
        if it.deal == deal
    )
    precision = ground.books["provider"].meta.get("precision", _CENT)
    return Course(
        agreement,
        plan.until,
        failed[0] if failed else None,
        tuple(cuts),
        places(precision.normalize()),
    )


def write_out(plan: Plan, courses: Mapping[str, Course], writer: Writer, say: Say) -> None:
    """Write out every assumption but a failure, which waits for what these bring about."""
    for assumption in plan.assumptions:
        line, course = assumption.line, courses[assumption.deal]
        match assumption.kind:
            case "scenario-usage":
                write_usage(line, course, writer, say)
            case "scenario-breakage":
                _write_breakage(line, course, writer)
            case "scenario-round":
                _write_round(line, writer)
            case "scenario-failure":
                refuse_what_goes_on(line, course.agreement, course.until, say)
            case _:
                pass  # a price cut acts on usage, terms on the line that they change


def write_failures(plan: Plan, ground: Ground, writer: Writer) -> None:
    """Write out the failures of a scenario, each from what is booked by its day."""
    for assumption in plan.of("scenario-failure"):
        line = assumption.line
        so_far = schedules(ground, "provider", writer.entries, line.date)
        write_failure(line, so_far[assumption.deal], writer)


def _write_breakage(line: Line, course: Course, writer: Writer) -> None:
    """Write out an estimate for the tranche it names, or each that is there by then."""
    there = [it.tranche for it in course.grants if it.date <= line.date]
    named = line.values.get("tranche")
    wanted: list[str | None] = [named] if named else [*sorted(there)]
    for tranche in wanted or [None]:
        writer.write(
            line,
            line.date,
            "deal-estimate",
            line.values["deal"],
            tranche=tranche,
            breakage=line.values["breakage"],
        )


def _write_round(line: Line, writer: Writer) -> None:
    writer.write(
        line,
        line.date,
        "deal-valuation",
        line.values["deal"],
        money(*line.values["price"]),
        stake=line.values.get("stake"),
        kind=line.values.get("kind", "observable"),
        source=f"scenario {writer.scenario}",
    )
