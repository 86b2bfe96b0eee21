"""beanscrow report rpo, prices, failures: what is owed, what it was sold for, what failed."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from beanscrow.cli.books import ledger_argument, load
from beanscrow.cli.reporting import (
    currency,
    format_option,
    ties,
    titled,
    until_option,
)
from beanscrow.cli.tables import Column, Section, print_rows, print_table
from beanscrow.reports.failures import FailureRow, failures
from beanscrow.reports.prices import PriceRow, prices
from beanscrow.reports.rpo import (
    RemainingObligation,
    investee_percent,
    remaining_obligations,
)


@click.command("rpo")
@ledger_argument
@until_option
@format_option
@click.pass_context
def rpo_command(
    ctx: click.Context, ledger: Path, until: datetime.date | None, output: str
) -> None:
    """Say what is still owed in compute, and when it is expected to be revenue.

    Transaction price not yet recognised, promises to spend included, by the twelve
    months it is expected in (606-10-50-13; IFRS 15.120).

    Example:

    \b
        beanscrow report rpo ledger/provider.beancount --until 2024-12-31
    """
    loaded = load(ledger)
    rows = remaining_obligations(loaded.daybook, until)
    if output == "table":
        _print_rpo(rows)
    else:
        print_rows(output, RemainingObligation._fields, rows)
    ctx.exit(ties(loaded, until, rows))


@click.command("prices")
@ledger_argument
@until_option
@format_option
@click.pass_context
def prices_command(
    ctx: click.Context, ledger: Path, until: datetime.date | None, output: str
) -> None:
    """Say what shares and credits really cost, beside what was announced.

    Example:

    \b
        beanscrow report prices ledger/provider.beancount --format csv
    """
    loaded = load(ledger)
    rows = prices(loaded.daybook, until)
    if output == "table":
        _print_prices(rows)
    else:
        print_rows(output, PriceRow._fields, rows)
    ctx.exit(ties(loaded, until, rows))


@click.command("failures")
@ledger_argument
@until_option
@format_option
@click.pass_context
def failures_command(
    ctx: click.Context, ledger: Path, until: datetime.date | None, output: str
) -> None:
    """Show the two ends of each deal that failed: revenue, and the stake written off.

    Shares handed back in a claw-back are shown as well.

    Example:

    \b
        beanscrow report failures ledger/provider.beancount
    """
    loaded = load(ledger)
    rows = failures(loaded.daybook, until)
    if output == "table":
        _print_failures(rows)
    else:
        print_rows(output, FailureRow._fields, rows)
    ctx.exit(ties(loaded, until, rows))


DEAL_REPORTS = (rpo_command, prices_command, failures_command)


def _print_rpo(rows: list[RemainingObligation]) -> None:
    share = investee_percent(rows)
    print_table(
        titled("Remaining performance obligations", rows),
        [
            Column("deal", "Deal"),
            Column("party", "Customer"),
            Column("name", "Tranche"),
            Column("liability", "Liability"),
            Column("executory", "+ Executory"),
            Column("rpo", "= RPO"),
            Column("within_12_months", "0-12 months"),
            Column("within_24_months", "13-24"),
            Column("within_36_months", "25-36"),
            Column("after_36_months", "later"),
            Column("percent", "%"),
        ],
        [Section(rows)],
        f"of investees: {share} %" if share is not None else "",
    )


def _print_prices(rows: list[PriceRow]) -> None:
    print_table(
        f"Prices, {currency(rows)}".rstrip(", "),
        [
            Column("event", "Event"),
            Column("deal", "Deal"),
            Column("item", "Item"),
            Column("units", "Units"),
            Column("headline", "Headline"),
            Column("effective", "- Effective"),
            Column("gap", "= Gap"),
            Column("gap_percent", "Gap %"),
            Column("headline_each", "Headline each"),
            Column("effective_each", "Effective each"),
            Column("cost_each", "At cost each"),
            Column("effective_post_money", "Post-money"),
        ],
        [Section(rows)],
        "at cost: a share at its cash and the cost to serve of its credits",
    )


def _print_failures(rows: list[FailureRow]) -> None:
    print_table(
        f"Failures, {currency(rows)}".rstrip(", "),
        [
            Column("date", "Date"),
            Column("deal", "Deal"),
            Column("party", "Counterparty"),
            Column("reason", "Reason"),
            Column("unspent", "Not spent"),
            Column("liability_released", "Liability released"),
            Column("revenue", "Revenue"),
            Column("stake_written_off", "- Stake written off"),
            Column("net", "= Net"),
            Column("shares_returned", "Shares returned"),
            Column("stake_handed_back", "Carried at"),
            Column("link", "Link"),
        ],
        [Section(rows)],
    )
