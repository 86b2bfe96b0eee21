"""beanscrow simulate: what a deal would do to both parties' books, before it is signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from beanscrow.checks.rows import shown
from beanscrow.cli.books import Refused
from beanscrow.cli.init import require_empty, writing_to
from beanscrow.cli.scenarios import TABLES
from beanscrow.cli.tables import print_rows
from beanscrow.deal.problems import Problem
from beanscrow.periods import Interval
from beanscrow.simulation.comparison import (
    DifferenceRow,
    ScenarioRow,
    difference_rows,
    scenario_row,
)
from beanscrow.simulation.figures import PeriodRow, period_rows, spans_of
from beanscrow.simulation.ledgers import write_ledgers
from beanscrow.simulation.picture import FORMATS, NotDrawn, draw
from beanscrow.simulation.reading import DealText, read_deal, read_scenarios
from beanscrow.simulation.scenario import Written
from beanscrow.simulation.simulate import Outcome
from beanscrow.simulation.simulate import simulate as simulate_one

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("deal", type=_FILE)
@click.argument("scenarios", type=_FILE)
@click.option(
    "--scenario",
    "names",
    multiple=True,
    metavar="NAME",
    help="A scenario of the file; may be repeated.  All of them if left out.",
)
@click.option(
    "--period",
    "interval",
    type=click.Choice(["month", "quarter", "year"]),
    default="year",
    show_default=True,
    help="Length of a period.",
)
@click.option(
    "--show",
    type=click.Choice(["scenarios", "books", "differences"]),
    multiple=True,
    help="Scenarios side by side, both parties' books by period, or what sets the two "
    "apart; may be repeated.  All three as tables if left out, books otherwise.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How to print the rows.",
)
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw the scenarios into FILE.svg or FILE.png.",
    metavar="FILE",
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write both parties' ledgers of each scenario to DIR, which must be empty or not "
    "there yet.",
    metavar="DIR",
)
def simulate(
    deal: Path,
    scenarios: Path,
    names: tuple[str, ...],
    interval: Interval,
    show: tuple[str, ...],
    output: str,
    picture: Path | None,
    into: Path | None,
) -> None:
    """Say what a deal would do to both parties' books, before it is signed.

    DEAL is a ledger or a file of facts; SCENARIOS says what may become of it.  Each
    scenario is written out as ordinary directives and booked for the provider and for
    the startup as a ledger would book it.  Neither file is changed.

    Example:

    \b
        beanscrow simulate deal.beancount scenarios.beancount
        beanscrow simulate deal.beancount scenarios.beancount --period quarter --format csv
        beanscrow simulate deal.beancount scenarios.beancount --picture scenarios.svg
    """
    if picture is not None and picture.suffix not in FORMATS:
        raise Refused(
            f"E832 {picture} is no picture; end its name in {' or '.join(FORMATS)}"
        )
    if into is not None:
        require_empty(into)
    if output != "table" and len(show) > 1:
        raise Refused(f"--format {output} prints rows of one kind; name one with --show")
    outcomes = _outcomes(read_deal(deal), read_scenarios(scenarios), names)
    wanted = show or (
        ("scenarios", "books", "differences") if output == "table" else ("books",)
    )
    for kind in dict.fromkeys(wanted):
        if output == "table":
            TABLES[kind](outcomes, interval)
        else:
            print_rows(output, _FIELDS[kind], _rows(kind, outcomes, interval))
    if picture is not None:
        try:
            draw(outcomes, picture)
        except NotDrawn as reason:
            raise Refused(f"E832 {reason}") from None
    if into is not None:
        with writing_to(into):
            write_ledgers(outcomes, into)


def _outcomes(text: DealText, written: Written, names: Sequence[str]) -> list[Outcome]:
    """Return the scenarios asked for; end with what is wrong where anything is."""
    problems = [*text.problems, *written.problems]
    if problems:
        _end(problems)
    for name in names:
        if name not in written.heads:
            there = ", ".join(written.heads)
            raise Refused(f"E822 no scenario {name!r}; the file has {there}")
    outcomes: list[Outcome] = []
    for name in dict.fromkeys(names or written.heads):
        found = simulate_one(text, written, name)
        if isinstance(found, list):
            problems += found
        else:
            outcomes.append(found)
    if problems:
        _end(problems)
    return outcomes


def _end(problems: Iterable[Problem]) -> None:
    """Print what is wrong, each thing once, and end."""
    for problem in dict.fromkeys(sorted(problems)):
        at = problem.at
        place = f"{shown(at.filename)}:{at.lineno}: " if at.filename else ""
        click.echo(f"{place}{problem.code} {problem.message}", err=True)
    raise SystemExit(1)


def _rows(kind: str, outcomes: Iterable[Outcome], interval: Interval) -> list[Any]:
    rows: list[Any] = []
    for outcome in outcomes:
        if kind == "scenarios":
            rows.append(scenario_row(outcome))
        elif kind == "books":
            rows += period_rows(outcome, interval)
        else:
            rows += difference_rows(outcome, spans_of(outcome, interval))
    return rows


_FIELDS = {
    "scenarios": ScenarioRow._fields,
    "books": PeriodRow._fields,
    "differences": DifferenceRow._fields,
}
