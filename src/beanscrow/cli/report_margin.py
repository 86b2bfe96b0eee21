"""beanscrow report fleets, margin: what chips cost, and what their hours and credits bring."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import click

from beanscrow.cli.books import ledger_argument, load
from beanscrow.cli.reporting import (
    currency,
    format_option,
    period_option,
    ties,
    titled,
    until_option,
    utilisation_option,
)
from beanscrow.cli.tables import Column, Section, print_rows, print_table
from beanscrow.periods import Interval
from beanscrow.reports.fleets import FleetStanding, fleets_standing
from beanscrow.reports.gpu_hours import HourMargin, hour_margins
from beanscrow.reports.margin import DealMargin, deal_margins


@click.command("fleets")
@ledger_argument
@utilisation_option
@until_option
@format_option
@click.pass_context
def fleets_command(
    ctx: click.Context,
    ledger: Path,
    utilisation: Decimal | None,
    until: datetime.date | None,
    output: str,
) -> None:
    """Say what chips are carried at, and their depreciation by the hour.

    Example:

    \b
        beanscrow report fleets ledger/provider.beancount --utilisation 0.7
    """
    loaded = load(ledger)
    rows = fleets_standing(loaded.daybook, until, utilisation)
    if output == "table":
        _print_fleets(rows)
    else:
        print_rows(output, FleetStanding._fields, rows)
    ctx.exit(ties(loaded, until, rows))


@click.command("margin")
@ledger_argument
@click.option(
    "--by",
    type=click.Choice(["hour", "deal"]),
    default="hour",
    show_default=True,
    help="By the hour of a chip, or by the credits of a deal.",
)
@period_option("year")
@utilisation_option
@until_option
@format_option
@click.pass_context
def margin_command(
    ctx: click.Context,
    ledger: Path,
    by: str,
    interval: Interval,
    utilisation: Decimal | None,
    until: datetime.date | None,
    output: str,
) -> None:
    """Say what an hour of a chip, or a deal's credits, cost to serve and bring in.

    By the hour: depreciation and running cost against list price and the price of the
    credits an hour is drawn for, also had the useful life not been changed.  By the
    deal: revenue of credits drawn, their cost to serve, and whether those still owed
    cost more than is still to be recognised for them.

    Example:

    \b
        beanscrow report margin ledger/provider.beancount --utilisation 0.7
        beanscrow report margin ledger/provider.beancount --by deal --period quarter
    """
    loaded = load(ledger)
    hours: list[HourMargin] = []
    deals: list[DealMargin] = []
    if by == "hour":
        hours = hour_margins(loaded.daybook, interval, until, utilisation)
        if output == "table":
            _print_hours(hours)
        else:
            print_rows(output, HourMargin._fields, hours)
    else:
        deals = deal_margins(loaded.daybook, interval, until)
        if output == "table":
            _print_deals(deals)
        else:
            print_rows(output, DealMargin._fields, deals)
    ctx.exit(ties(loaded, until, hours if by == "hour" else deals))


MARGIN_REPORTS = (fleets_command, margin_command)


def _print_fleets(rows: list[FleetStanding]) -> None:
    print_table(
        titled("Fleets", rows),
        [
            Column("fleet", "Fleet"),
            Column("cost", "Cost"),
            Column("depreciation", "- Depreciation"),
            Column("impairment", "- Impairment"),
            Column("carrying", "= Carrying amount"),
            Column("of_the_year", "Last 12 months"),
            Column("gpu_hours", "GPU-hours"),
            Column("per_gpu_hour", "Per GPU-hour"),
        ],
        [Section(rows)],
        "last 12 months: depreciation of the months ended in them, also for each GPU-hour "
        "sold",
    )


def _print_hours(rows: list[HourMargin]) -> None:
    print_table(
        f"Margin of a GPU-hour, {currency(rows)}".rstrip(", "),
        [
            Column("period", "Period"),
            Column("fleet", "Fleet"),
            Column("gpu_hours", "GPU-hours"),
            Column("utilisation", "Utilisation"),
            Column("depreciation_per_hour", "Depreciation"),
            Column("running_per_hour", "+ Running"),
            Column("cost_per_hour", "= Cost to serve"),
            Column("list_per_hour", "List"),
            Column("margin_at_list_percent", "Margin %"),
            Column("deal", "Deal"),
            Column("tranche", "Tranche"),
            Column("revenue_per_hour", "Credits bring"),
            Column("margin_percent", "Margin %"),
            Column("loss_per_hour", "Loss"),
            Column("first_life_margin_percent", "First life %"),
        ],
        [Section(rows)],
        "first life: margin on credits had the useful life stayed as first written",
    )


def _print_deals(rows: list[DealMargin]) -> None:
    print_table(
        f"Margin of credits, {currency(rows)}".rstrip(", "),
        [
            Column("period", "Period"),
            Column("deal", "Deal"),
            Column("drawn", "Drawn"),
            Column("revenue", "Revenue"),
            Column("cost", "- Cost to serve"),
            Column("margin", "= Margin"),
            Column("margin_percent", "Margin %"),
            Column("breakage", "Breakage"),
            Column("owed", "Still owed"),
            Column("to_come", "Price to come"),
            Column("cost_to_come", "Cost to come"),
            Column("onerous_loss", "Onerous loss"),
        ],
        [Section(rows)],
        "onerous loss: cost to come of the credits owed, above the price to come",
    )
