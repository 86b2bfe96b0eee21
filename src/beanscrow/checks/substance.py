"""Promises to spend that ask for no money, since credits paid for in shares fulfil them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from beanscrow.checks.case import Case
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Commitment, Grant


def asks_for_no_money(case: Case) -> Iterator[Problem]:
    """Yield the commitments that the deal's own credits are enough to fulfil."""
    for fact in case.facts(Commitment):
        if not fact.counts_credits:
            continue
        money = fact.amount.currency
        counted = sum(
            (
                Fraction(grant.credits.number) * Fraction(grant.face.number)
                for grant in case.facts(Grant)
                if grant.price is None
                and grant.delivery == "drawdown"
                and grant.face is not None
                and grant.face.currency == money
            ),
            Fraction(0),
        )
        if counted >= Fraction(fact.amount.number):
            yield problem(
                fact.at,
                "F640",
                f"{fact.commitment} promises {figure(fact.amount.number)} {money} and the "
                "credits paid for in shares count for all of it, so that no money is "
                "promised: leave it out of what is disclosed as a purchase obligation",
                case.id,
            )
