"""What all reports have in common: their options, their formats, and that they tie."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from beanscrow.cli.books import Command, Loaded, day_option, warn_of_errors
from beanscrow.reports.tie_out import tie_out

# Reports of what a provider holds and owes: a startup's books have none of it.
_PROVIDERS = ("exposure", "rpo", "margin", "fleets")

format_option = click.option(
    "--format",
    "output",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How to print the rows.",
)
until_option = day_option(
    "--until", help="Last day that counts; the day the books have reached if left out."
)


def part(ctx: click.Context, param: click.Parameter, value: str | None) -> Decimal | None:
    """Return a part of a whole, above 0 and at most 1, written as a decimal."""
    if value is None:
        return None
    try:
        read = Decimal(value)
    except InvalidOperation:
        read = Decimal(0)
    if not (read.is_finite() and 0 < read <= 1):
        raise click.BadParameter(f"{value!r} is no part; wanted above 0 and at most 1")
    return read


utilisation_option = click.option(
    "--utilisation",
    callback=part,
    help="Part of the hours of the chips that is sold; what fleet-rate says if left "
    "out, else all of them.",
)


def period_option(default: str) -> Callable[[Command], Command]:
    """Return the option for the length of a period."""
    return click.option(
        "--period",
        "interval",
        type=click.Choice(["month", "quarter", "year"]),
        default=default,
        show_default=True,
        help="Length of a period.",
    )


def titled(title: str, rows: Sequence[Any]) -> str:
    """Return a title with the day of the rows, where there are any, and their money."""
    return f"{title} on {rows[0].as_of}, money in {currency(rows)}" if rows else title


def currency(rows: Sequence[Any]) -> str:
    """Return the currencies of rows, as a reader lists them."""
    return ", ".join(dict.fromkeys(row.currency for row in rows))


def _explained(
    context: click.Context,
    loaded: Loaded,
    until: datetime.date | None,
    rows: Sequence[Any],
) -> Iterator[str]:
    """Yield why a table has no rows, or that the books have not come as far as asked."""
    schedules = loaded.daybook.schedules.values()
    reached = max((it.through for it in schedules), default=None)
    if rows:
        if until is not None and reached is not None and until > reached:
            yield f"the books have reached {reached}, so {until} shows what is booked by then"
        return
    days = [event.date for schedule in schedules for event in schedule.events]
    by_fleet = context.info_name == "fleets" or context.params.get("by") == "hour"
    if by_fleet and not loaded.daybook.fleets:
        yield "no fleet is written in this ledger, so there is nothing to show"
    elif not days:
        yield "no deal is booked in this ledger, so there is nothing to show"
    elif until is not None and until < min(days):
        yield f"nothing is booked by {until}; the first entry of a deal is of {min(days)}"
    elif context.info_name in _PROVIDERS and all(it.side == "startup" for it in schedules):
        yield "these are a startup's books, and the report is of a provider's"
    elif context.info_name == "failures":
        yield "no credits were forfeited by a failure, so there is nothing to show"
    else:
        yield "nothing in these books is of the kind this report shows"


def ties(loaded: Loaded, until: datetime.date | None, rows: Sequence[Any]) -> int:
    """Return 1 where the books have errors or the report does not tie, and say so.

    Why a table is empty, or of an earlier day than asked for, is said too.
    """
    wrong = warn_of_errors(loaded)
    context = click.get_current_context()
    if context.params.get("output") == "table":
        for line in _explained(context, loaded, until, rows):
            click.echo(f"{loaded.path}: {line}", err=True)
    for found in tie_out(loaded.entries, loaded.daybook, loaded.options, until):
        wrong = True
        click.echo(
            f"{loaded.path}: E802 deal {found.deal}, {found.what}: the report says "
            f"{found.reported:,f} {found.commodity} and the accounts "
            f"{', '.join(found.accounts)} hold {found.booked:,f}, "
            f"{found.booked - found.reported:,f} apart; see beanscrow explain "
            f"{loaded.path} {found.accounts[0]}",
            err=True,
        )
    return int(wrong)
