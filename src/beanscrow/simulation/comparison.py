"""Scenarios beside one another, and what sets the two sides of each apart.

What the provider shows as revenue and the startup as expense need not be the same.  The
difference is explained from the other accounts of both: each side's entries balance, so
what is not on the one line is on another.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from beanscrow.periods import Period
from beanscrow.policy.schedule import Schedule
from beanscrow.policy.stake_entry import StakeEntry
from beanscrow.simulation.figures import Sums, whole_row, whole_span
from beanscrow.simulation.headings import CAPITALISED
from beanscrow.simulation.measures import ZERO
from beanscrow.simulation.prices import Prices
from beanscrow.simulation.simulate import Outcome


class ScenarioRow(NamedTuple):
    """What one scenario comes to, from the beginning of its deals to its last day.

    In the functional currency.

    Attributes:
      what: What it supposes.
      price_per_credit: Transaction price of a credit that shares pay for, at its event
        (of one earned as drawn, what its shares are worth); None where there is none, or
        there are several kinds.
      headline_per_credit: Face; None where a grant has none.
      price_per_share: Fair value of a share at its event; None where the deals have
        several stakes.
      headline_per_share: As announced; else cash and face of the credits for a share.
      cash_received: By the provider from the startup.
      stake, contract_liability, prepaid, receivable: On its last day.
      difference: Revenue less the startup's expense.
      unexplained: What of it no other account explains; nothing, ever.
    """

    scenario: str
    what: str
    extends: str
    first: datetime.date
    last: datetime.date
    currency: str
    provider_framework: str
    startup_framework: str
    price_per_credit: Decimal | None
    headline_per_credit: Decimal | None
    price_per_share: Decimal | None
    headline_per_share: Decimal | None
    price_per_gpu_hour: Decimal | None
    credits_drawn: Decimal | None
    credits_left: Decimal | None
    revenue_credits: Decimal
    revenue_cash: Decimal
    revenue_breakage: Decimal
    revenue_other: Decimal
    revenue: Decimal
    other_result: Decimal
    stake_result: Decimal
    stake_oci: Decimal
    cash_received: Decimal
    provider_cash: Decimal
    provider_escrow: Decimal
    receivable: Decimal
    contract_liability: Decimal
    stake: Decimal
    compute: Decimal
    compute_lost: Decimal
    expense: Decimal
    fair_value_change: Decimal
    startup_cash: Decimal
    prepaid: Decimal
    shares: Decimal
    shares_amount: Decimal
    difference: Decimal
    unexplained: Decimal


class DifferenceRow(NamedTuple):
    """One part of what sets a scenario's revenue and expense apart in a period.

    Attributes:
      part: "revenue", "expense" and "difference", then what explains it, in words, and
        last "unexplained".
    """

    scenario: str
    period: str
    first: datetime.date
    last: datetime.date
    currency: str
    part: str
    amount: Decimal


# What is on neither line, by what it says of the difference: the provider's headings,
# then the startup's.  Together with revenue and expense they are all there are.
_PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "compute the startup carries as an asset": ((), (CAPITALISED,)),
    "not yet expense, less not yet revenue": (("contract_liability",), ("prepaid",)),
    "shares measured otherwise": (
        ("stake", "stake_to_come", "stake_result", "stake_oci"),
        ("shares", "shares_to_come", "fair_value_change", "own_credit_oci"),
    ),
    "warrants": (("warrants",), ("warrants",)),
    "opening balances": (("opening",), ("opening",)),
    "owed to third parties": (("third_parties",), ()),
    "buy-backs, backstops and guarantees": (("vendor_promises",), ("vendor_promises",)),
    "results beside revenue": (
        ("other_result", "deferred_profit", "provision"),
        ("other_result",),
    ),
    "money owed and paid": (
        ("cash", "escrow", "trustee", "receivable", "payable", "currency_result"),
        ("cash", "escrow", "receivable", "payable", "currency_result"),
    ),
}
_SHARES, _MONEY = "shares measured otherwise", "money owed and paid"
_REVENUE = ("revenue_credits", "revenue_cash", "revenue_breakage", "revenue_other")
_EXPENSE = ("compute", "compute_lost")


def scenario_row(outcome: Outcome) -> ScenarioRow:
    """Return what a scenario comes to."""
    row = whole_row(outcome)
    parts = {it.part: it.amount for it in difference_rows(outcome, [whole_span(outcome)])}
    plan, prices = outcome.plan, Prices(outcome)
    return ScenarioRow(
        scenario=plan.name,
        what=plan.what,
        extends=plan.extends,
        first=row.first,
        last=row.last,
        currency=row.currency,
        provider_framework=outcome.provider.ledger.framework,
        startup_framework=outcome.startup.ledger.framework,
        price_per_credit=prices.price_per_credit(),
        headline_per_credit=prices.headline_per_credit(),
        price_per_share=prices.price_per_share(),
        headline_per_share=prices.headline_per_share(),
        price_per_gpu_hour=row.price_per_gpu_hour,
        credits_drawn=row.credits_drawn,
        credits_left=row.credits_left,
        revenue_credits=row.provider_revenue_credits,
        revenue_cash=row.provider_revenue_cash,
        revenue_breakage=row.provider_revenue_breakage,
        revenue_other=row.provider_revenue_other,
        revenue=row.provider_revenue,
        other_result=row.provider_other_result,
        stake_result=row.provider_stake_result,
        stake_oci=row.provider_stake_oci,
        cash_received=row.provider_cash_received,
        provider_cash=row.provider_cash,
        provider_escrow=row.provider_escrow,
        receivable=row.provider_receivable,
        contract_liability=row.provider_contract_liability,
        stake=row.provider_stake,
        compute=row.startup_compute,
        compute_lost=row.startup_compute_lost,
        expense=row.startup_expense,
        fair_value_change=row.startup_fair_value_change,
        startup_cash=row.startup_cash,
        prepaid=row.startup_prepaid,
        shares=row.startup_shares,
        shares_amount=row.startup_shares_amount,
        difference=parts["difference"],
        unexplained=parts["unexplained"],
    )


def difference_rows(
    outcome: Outcome, spans: Sequence[tuple[str, Period]]
) -> list[DifferenceRow]:
    """Return revenue less expense of named spans of days, explained to the cent.

    What is nothing in every span is left out.  Money that the provider's sales of its
    stake bring from third parties is shown with the shares.
    """
    ledger = outcome.provider.ledger
    provider = Sums(outcome.provider, ledger.precision)
    startup = Sums(outcome.startup, ledger.precision)
    columns: list[dict[str, Decimal]] = []
    for _, span in spans:
        parts = {
            part: provider.of(span, *theirs) + startup.of(span, *ours)
            for part, (theirs, ours) in _PARTS.items()
        }
        sold = _proceeds(outcome.provider.daybook.schedules.values(), span)
        parts[_SHARES] += sold
        parts[_MONEY] -= sold
        revenue = -provider.of(span, *_REVENUE)
        expense = startup.of(span, *_EXPENSE)
        rest = revenue - expense - sum(parts.values(), ZERO)
        columns.append(
            {
                "revenue": revenue,
                "expense": expense,
                "difference": revenue - expense,
                **parts,
                "unexplained": rest,
            }
        )
    return [
        DifferenceRow(outcome.plan.name, name, *span, ledger.currency, part, column[part])
        for (name, span), column in zip(spans, columns, strict=True)
        for part in column
        if part not in _PARTS or any(other[part] for other in columns)
    ]


def _proceeds(schedules: Iterable[Schedule], span: Period) -> Decimal:
    """Return the money that sales of stakes brought in a span."""
    return sum(
        (
            amount
            for schedule in schedules
            for event in schedule.events
            if isinstance(event, StakeEntry) and span.first <= event.date <= span.last
            for role, amount in event.lines
            if role == "cash"
        ),
        ZERO,
    )
