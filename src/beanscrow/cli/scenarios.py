"""The tables of a simulation: scenarios side by side, books by period, differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import click

from beanscrow.cli.tables import Column, Section, print_table
from beanscrow.periods import Interval
from beanscrow.simulation.comparison import difference_rows, scenario_row
from beanscrow.simulation.figures import period_rows, spans_of, whole_row, whole_span
from beanscrow.simulation.simulate import Outcome

_TOTAL = "Total"

_COMPARED: dict[str, tuple[tuple[str, str], ...]] = {
    "The deal": (
        ("price_per_credit", "Price of a credit"),
        ("headline_per_credit", "  its face"),
        ("price_per_share", "Price of a share"),
        ("headline_per_share", "  its headline"),
        ("price_per_gpu_hour", "Price of a GPU-hour"),
        ("credits_drawn", "Credits drawn"),
        ("credits_left", "Credits left"),
    ),
    "The provider": (
        ("revenue_credits", "Revenue for credits"),
        ("revenue_cash", "+ Revenue for money"),
        ("revenue_breakage", "+ Breakage"),
        ("revenue_other", "+ Other revenue"),
        ("revenue", "= Revenue"),
        ("other_result", "Other result"),
        ("stake_result", "Result of the stake"),
        ("stake_oci", "  in other comprehensive income"),
        ("cash_received", "Cash from the startup"),
        ("provider_cash", "Cash"),
        ("provider_escrow", "Escrow"),
        ("receivable", "Receivable"),
        ("contract_liability", "Contract liability"),
        ("stake", "Stake"),
    ),
    "The startup": (
        ("compute", "Compute used"),
        ("compute_lost", "+ Compute lost"),
        ("expense", "= Expense"),
        ("fair_value_change", "Change in fair value"),
        ("startup_cash", "Cash"),
        ("prepaid", "Prepaid compute"),
        ("shares", "Shares issued"),
        ("shares_amount", "  standing at"),
    ),
    "Between the two": (
        ("difference", "Revenue less expense"),
        ("unexplained", "  unexplained"),
    ),
}
_ALWAYS = ("revenue", "expense", "difference", "unexplained")

_PROVIDER = (
    Column("provider_revenue_credits", "Credits"),
    Column("provider_revenue_cash", "+ Money"),
    Column("provider_revenue_breakage", "+ Breakage"),
    Column("provider_revenue_other", "+ Other"),
    Column("provider_revenue", "= Revenue"),
    Column("provider_other_result", "Other result"),
    Column("provider_stake_result", "Of the stake"),
    Column("provider_stake_oci", "In OCI"),
    Column("provider_cash_received", "From startup"),
    Column("provider_cash", "Cash"),
    Column("provider_escrow", "Escrow"),
    Column("provider_receivable", "Receivable"),
    Column("provider_contract_liability", "Contract liability"),
    Column("provider_stake", "Stake"),
    Column("price_per_gpu_hour", "A GPU-hour"),
)
_STARTUP = (
    Column("startup_compute", "Compute"),
    Column("startup_compute_lost", "+ Lost"),
    Column("startup_expense", "= Expense"),
    Column("startup_compute_capitalised", "Capitalised"),
    Column("startup_fair_value_change", "Fair value"),
    Column("startup_cash", "Cash"),
    Column("startup_escrow", "Escrow"),
    Column("startup_prepaid", "Prepaid"),
    Column("startup_payable", "Payable"),
    Column("startup_shares", "Shares issued"),
    Column("startup_shares_amount", "Standing at"),
    Column("credits_drawn", "Credits drawn"),
    Column("credits_left", "Credits left"),
)


def print_comparison(outcomes: Sequence[Outcome], _interval: Interval) -> None:
    """Print one column for each scenario, over the whole of it."""
    rows = [scenario_row(outcome) for outcome in outcomes]
    sections = []
    for heading, lines in _COMPARED.items():
        shown = []
        for field, text in lines:
            figures = [getattr(row, field) for row in rows]
            if any(figures) or (field in _ALWAYS and figures):
                cells = {f"of_{n}": figure for n, figure in enumerate(figures)}
                shown.append(SimpleNamespace(text=text, **cells))
        sections.append(Section(shown, heading=heading))
    days = dict.fromkeys(f"{row.first} to {row.last}" for row in rows)
    currencies = dict.fromkeys(row.currency for row in rows)
    _print(
        f"Scenarios, {' and '.join(days)}, {' and '.join(currencies)}",
        [
            Column("text", ""),
            *(Column(f"of_{n}", row.scenario) for n, row in enumerate(rows)),
        ],
        sections,
    )
    click.echo()
    for row in rows:
        frameworks = dict.fromkeys((row.provider_framework, row.startup_framework))
        about = f": {row.what}" if row.what else ""
        click.echo(f"{row.scenario}{about} ({' and '.join(frameworks)})")


def print_books(outcomes: Sequence[Outcome], interval: Interval) -> None:
    """Print both parties' books of each scenario, a row a period."""
    click.echo()
    for outcome in outcomes:
        rows = period_rows(outcome, interval)
        total = whole_row(outcome)._replace(period=_TOTAL)
        deals = outcome.provider.daybook.agreements.values()
        names = {
            "provider": " and ".join(dict.fromkeys(it.deal.provider for it in deals)),
            "startup": " and ".join(dict.fromkeys(it.deal.party for it in deals)),
        }
        for books, columns in ((outcome.provider, _PROVIDER), (outcome.startup, _STARTUP)):
            _print(
                f"{outcome.plan.name}: the books of {names[books.side]}, "
                f"{total.currency}, {books.ledger.framework}",
                [Column("period", "Period"), *_filled(columns, rows)],
                [Section(rows, total)],
            )


def print_differences(outcomes: Sequence[Outcome], interval: Interval) -> None:
    """Print what sets revenue and expense of each scenario apart, a column a period."""
    for outcome in outcomes:
        spans = [*spans_of(outcome, interval), (_TOTAL, whole_span(outcome)[1])]
        rows = difference_rows(outcome, spans)
        parts = dict.fromkeys(row.part for row in rows)
        if not any(row.amount for row in rows if row.part in ("difference", "unexplained")):
            same = "revenue and expense are the same in every period"
            click.echo(f"{outcome.plan.name}: {same}")
            continue
        amounts = {(row.part, row.period): row.amount for row in rows}
        lines = [
            SimpleNamespace(
                text=f"  {part}" if index > 2 else part,
                **{f"of_{n}": amounts[part, name] for n, (name, _) in enumerate(spans)},
            )
            for index, part in enumerate(parts)
        ]
        _print(
            f"{outcome.plan.name}: revenue less expense, {rows[0].currency}",
            [Column("text", ""), *(Column(f"of_{n}", it[0]) for n, it in enumerate(spans))],
            [Section(lines)],
        )


def _print(title: str, columns: Sequence[Column], sections: Sequence[Section]) -> None:
    """Print a table below its title, which may be wider than it."""
    click.echo(title)
    print_table("", columns, sections)


def _filled(columns: Sequence[Column], rows: Sequence[Any]) -> list[Column]:
    """Return the columns in which anything stands."""
    return [it for it in columns if any(getattr(row, it.field) for row in rows)]


TABLES: dict[str, Callable[[Sequence[Outcome], Interval], None]] = {
    "scenarios": print_comparison,
    "books": print_books,
    "differences": print_differences,
}
