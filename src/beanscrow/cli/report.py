"""beanscrow report: the tables people ask for."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from beanscrow.cli.books import Loaded, ledger_argument, load
from beanscrow.cli.report_deals import DEAL_REPORTS
from beanscrow.cli.report_margin import MARGIN_REPORTS
from beanscrow.cli.reporting import (
    currency,
    format_option,
    period_option,
    ties,
    titled,
    until_option,
)
from beanscrow.cli.tables import Column, Section, print_rows, print_table
from beanscrow.periods import Interval
from beanscrow.reports.credits import CreditsStanding, credits_standing
from beanscrow.reports.exposure import Exposure, exposures
from beanscrow.reports.roll_forward import RollForward, roll_forward, totals
from beanscrow.reports.stakes import StakeStandingRow, stakes_standing


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def report() -> None:
    """Print a report of a ledger's deals.

    Every report is tied to the balances of the booked accounts.  Where it does not
    tie, standard error says which accounts and by how much, and the exit code is 1.

    Example:

    \b
        beanscrow report credits ledger/provider.beancount --until 2024-12-31
    """


for _command in (*MARGIN_REPORTS, *DEAL_REPORTS):
    report.add_command(_command)


@report.command("roll-forward")
@ledger_argument
@period_option("quarter")
@until_option
@format_option
@click.pass_context
def roll_forward_command(
    ctx: click.Context,
    ledger: Path,
    interval: Interval,
    until: datetime.date | None,
    output: str,
) -> None:
    """Roll the contract liability forward, by deal, tranche and period.

    Opening + additions - recognised - breakage - forfeited + moved = closing
    (606-10-50-8; IFRS 15.116).  In a startup's books it is the prepaid compute.

    Example:

    \b
        beanscrow report roll-forward ledger/provider.beancount --period year
    """
    loaded = load(ledger)
    rows = roll_forward(loaded.daybook, interval, until)
    if output == "table":
        _print_roll_forward(loaded, rows)
    else:
        print_rows(output, RollForward._fields, rows)
    ctx.exit(ties(loaded, until, rows))


@report.command("credits")
@ledger_argument
@until_option
@format_option
@click.pass_context
def credits_command(
    ctx: click.Context, ledger: Path, until: datetime.date | None, output: str
) -> None:
    """Say where every tranche of credits stands, in credits and in money.

    Granted + moved = drawn + expired + forfeited + left.

    Example:

    \b
        beanscrow report credits ledger/provider.beancount --format csv
    """
    loaded = load(ledger)
    rows = credits_standing(loaded.daybook, until)
    if output == "table":
        _print_credits(loaded, rows)
    else:
        print_rows(output, CreditsStanding._fields, rows)
    ctx.exit(ties(loaded, until, rows))


@report.command("stakes")
@ledger_argument
@until_option
@format_option
@click.pass_context
def stakes_command(
    ctx: click.Context, ledger: Path, until: datetime.date | None, output: str
) -> None:
    """Say what is held of each startup: units, cost, carrying amount.

    In a startup's books: what it issued.

    Example:

    \b
        beanscrow report stakes ledger/provider.beancount --format json
    """
    loaded = load(ledger)
    rows = stakes_standing(loaded.daybook, until)
    if output == "table":
        _print_stakes(rows)
    else:
        print_rows(output, StakeStandingRow._fields, rows)
    ctx.exit(ties(loaded, until, rows))


@report.command("exposure")
@ledger_argument
@until_option
@format_option
@click.pass_context
def exposure_command(
    ctx: click.Context, ledger: Path, until: datetime.date | None, output: str
) -> None:
    """Say what could be lost with each counterparty, on the books and off them.

    Carrying amount + receivable + paid ahead + unfunded + backstop + guaranteed.

    Example:

    \b
        beanscrow report exposure ledger/nvidia.beancount
    """
    loaded = load(ledger)
    rows = exposures(loaded.daybook, until)
    if output == "table":
        _print_exposure(rows)
    else:
        print_rows(output, Exposure._fields, rows)
    ctx.exit(ties(loaded, until, rows))


def _print_roll_forward(loaded: Loaded, rows: list[RollForward]) -> None:
    sums = {total.first: total._replace(deal="Total") for total in totals(rows)}
    sections = [
        Section([row for row in rows if row.first == first], total)
        for first, total in sums.items()
    ]
    balance = "Prepaid compute" if _startup(loaded) else "Contract liability"
    print_table(
        f"{balance}, {currency(rows)}".rstrip(", "),
        [
            Column("period", "Period"),
            Column("deal", "Deal"),
            Column("tranche", "Tranche"),
            Column("opening", "Opening"),
            Column("additions", "+ Additions"),
            Column("recognised", "- Recognised"),
            Column("breakage", "- Breakage"),
            Column("forfeited", "- Forfeited"),
            Column("moved", "+ Moved"),
            Column("closing", "= Closing"),
            Column("from_opening", "of opening"),
        ],
        sections,
        "of opening: part of recognised and breakage that was in the opening balance",
    )


def _print_credits(loaded: Loaded, rows: list[CreditsStanding]) -> None:
    balance = "Prepaid" if _startup(loaded) else "Liability"
    estimated = any(row.expected_breakage for row in rows)
    expected = [Column("expected_breakage", "Never drawn")] if estimated else []
    print_table(
        titled("Credits", rows),
        [
            Column("deal", "Deal"),
            Column("tranche", "Tranche"),
            Column("commodity", "Credits"),
            Column("granted", "Granted"),
            Column("drawn", "- Drawn"),
            Column("expired", "- Lapsed"),
            Column("forfeited", "- Forfeited"),
            Column("moved", "+ Moved"),
            Column("left", "= Left"),
            Column("expires", "Expires"),
            Column("price", "Price"),
            Column("recognised", "Recognised"),
            Column("liability", balance),
            Column("price_per_credit", "Per credit"),
            Column("escrow", "Escrow"),
            *expected,
        ],
        [Section([row for row in rows if row.deal == deal]) for deal in _deals(rows)],
    )


def _print_stakes(rows: list[StakeStandingRow]) -> None:
    print_table(
        titled("Stakes", rows),
        [
            Column("deal", "Deal"),
            Column("party", "Counterparty"),
            Column("commodity", "Stake"),
            Column("instrument", "Instrument"),
            Column("method", "Carried as"),
            Column("units", "Units"),
            Column("cost", "Cost"),
            Column("carrying", "Carrying amount"),
        ],
        [Section(rows)],
    )


def _print_exposure(rows: list[Exposure]) -> None:
    title = f"Exposure on {rows[0].as_of}, in {currency(rows)}" if rows else "Exposure"
    print_table(
        title,
        [
            Column("deal", "Deal"),
            Column("party", "Counterparty"),
            Column("carrying", "Stakes"),
            Column("receivable", "+ Receivable"),
            Column("paid_ahead", "+ Paid ahead"),
            Column("unfunded", "+ Unfunded"),
            Column("backstop", "+ Backstop"),
            Column("guaranteed", "+ Guaranteed"),
            Column("total", "= Exposure"),
        ],
        [Section(rows)],
        "unfunded, backstop, guaranteed: promised, and not on the balance sheet",
    )


def _deals(rows: Sequence[Any]) -> list[str]:
    return list(dict.fromkeys(row.deal for row in rows))


def _startup(loaded: Loaded) -> bool:
    sides = {schedule.side for schedule in loaded.daybook.schedules.values()}
    return sides == {"startup"}
