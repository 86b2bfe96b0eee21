"""Draws measured by shares whose worth was last looked at more than a quarter before."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from dateutil.relativedelta import relativedelta

from beanscrow.checks.case import Case
from beanscrow.checks.findings import problem
from beanscrow.checks.noncash_days import SAYS_WORTH, measured_on
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Grant, Stake, Usage, Valuation

_FRESH = relativedelta(months=3)


def stale_worths(cases: Iterable[Case], ledger: Ledger) -> Iterator[Problem]:
    """Yield the first draw after each quarter in which nobody looked at the shares."""
    for case in cases:
        how = measured_on(case.id, ledger.written)
        stakes = [
            stake
            for stake in case.facts(Stake)
            if how == "performance" or (how == "receipt" and stake.vesting == "as-drawn")
        ]
        if not stakes:
            continue
        looked = sorted(
            {stake.event for stake in stakes}
            | {it.date for it in case.facts(Valuation) if it.kind in SAYS_WORTH}
        )
        yield from _stale(case, looked, {g.credits.currency for g in case.facts(Grant)})


def _stale(case: Case, looked: list[datetime.date], credits: set[str]) -> Iterator[Problem]:
    told: set[datetime.date] = set()
    for usage in case.facts(Usage):
        served = usage.of or usage.date
        last = max((day for day in looked if day <= served), default=None)
        drawn = usage.quantity.currency in credits and usage.quantity.number > 0
        if last is None or not drawn or last in told or served <= last + _FRESH:
            continue
        told.add(last)
        yield problem(
            usage.at,
            "F635",
            f"delivered on {served} and measured by what the shares were worth on {last}, "
            "more than three months before; write a `deal-valuation` nearer to the day",
            case.id,
        )
