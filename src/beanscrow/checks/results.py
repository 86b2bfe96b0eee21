"""Results of an investee taken up late, twice, or for days before there was influence."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from itertools import pairwise

from beanscrow.checks.case import Case
from beanscrow.checks.findings import problem
from beanscrow.deal.elections import election
from beanscrow.deal.influence_terms import Result
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Reclassify, Stake
from beanscrow.periods import after_months

_METHOD = "equity-method"


def odd_results(cases: Iterable[Case]) -> Iterator[Problem]:
    """Yield the results whose period, or the day they are taken up, wants a look.

    Args:
      cases: Deals in which the ledger is the provider's.
    """
    for case in cases:
        results = sorted(case.facts(Result), key=lambda it: (it.from_, it.to, it.at))
        yield from _late(results, case)
        yield from _overlapping(results, case)
        yield from _too_early(results, case)


def _late(results: list[Result], case: Case) -> Iterator[Problem]:
    """323-10-35-6, IAS 28.34: the lag is the same from period to period."""
    whole = next((p for p in case.agreement.policies if p.stake is None), None)
    lag = int(election("equity-lag", case.books, whole))
    for result in results:
        due = after_months(result.to, lag)
        if result.date > due:
            yield problem(
                result.at,
                "F630",
                f"the result up to {result.to} is taken up on {result.date}; with a lag of "
                f"{lag} months it was due on {due}, and the lag is the same from period to "
                "period (323-10-35-6; IAS 28.34)",
                case.id,
            )


def _overlapping(results: list[Result], case: Case) -> Iterator[Problem]:
    for before, result in pairwise(results):
        if result.from_ <= before.to:
            yield problem(
                result.at,
                "F631",
                f"the days from {result.from_} to {min(before.to, result.to)} are in the "
                f"result up to {before.to} as well; if this is a correction of it, say so "
                "in a note",
                case.id,
            )


def _too_early(results: list[Result], case: Case) -> Iterator[Problem]:
    """323-10-35-4, IAS 28.32: results count from the day of significant influence."""
    since = _influence_since(case)
    for result in results:
        if since is not None and result.from_ < since:
            yield problem(
                result.at,
                "F631",
                f"the result from {result.from_} reaches back before {since}, the first "
                "day of the equity method; take up the result from that day on",
                case.id,
            )


def _influence_since(case: Case) -> datetime.date | None:
    """Return the first day a stake is carried so; None where it was before these books."""
    gained = [fact.date for fact in case.facts(Reclassify) if fact.method == _METHOD]
    held = case.facts(Stake)
    elected = any(policy.method == _METHOD for policy in case.agreement.policies)
    if elected and any(stake.opening for stake in held):
        return None
    if elected:
        gained += [stake.date for stake in held]
    return min(gained, default=None)
