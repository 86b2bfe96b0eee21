"""Losses on contracts provided for, reckoned again from the booked credits and liability.

At the end of each day the provision is the unavoidable cost of the credits owed above
the price still to be recognised for them (IAS 37.66 to 37.69); none is left when they
are gone.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from beanscrow.checks.case import Case
from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.purchases import coins
from beanscrow.checks.restated import Ledger
from beanscrow.checks.serving_cost import served_at
from beanscrow.checks.still_owed import StillOwed
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Onerous, Stake

_ZERO = Decimal(0)
_OWN_ESCROW = "startup"


def misprovided(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the deals whose provision is not what their directives and entries make it.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    judged: dict[str, list[Directive]] = defaultdict(list)
    for it in ledger.written.standing("deal-onerous"):
        own = ledger.written.side(it.deal) == "provider" and it.text("for") != "startup"
        if own and it.at not in said:
            judged[it.deal].append(it)
    last = ledger.reached()
    for deal, lines in judged.items():
        owed = StillOwed(ledger, deal)
        if owed.mixed:
            continue
        booked = _booked(ledger, deal)
        lines.sort(key=lambda it: it.date)
        days = {*owed.days(), *booked, *(it.date for it in lines)}
        for day in sorted(it for it in days if lines[0].date <= it <= last):
            wanted = _provision(lines, owed, day, ledger)
            found = sum((n for date, n in booked.items() if date <= day), _ZERO)
            if found != wanted:
                yield problem(
                    lines[0].at,
                    "E645",
                    f"{figure(found)} is provided on {day} for the loss on credits owed; what "
                    f"is booked of them makes it {figure(wanted)}",
                    deal,
                )
                break


def _provision(
    lines: list[Directive], owed: StillOwed, day: datetime.date, ledger: Ledger
) -> Decimal:
    """Return what the newest judgements of a day provide for, each rounded once."""
    newest = {it.text("tranche"): it for it in lines if it.date <= day}
    total = _ZERO
    for tranche, it in newest.items():
        contracts = [owed.alone(tranche, day)] if tranche else list(owed.on(day))
        cost = it.amount(1)
        each = Fraction(cost.number) if cost and cost.number else Fraction(0)
        total += coins(sum((c.loss(each) for c in contracts), Fraction(0)), ledger)
    return total


def _booked(ledger: Ledger, deal: str) -> Mapping[datetime.date, Decimal]:
    """Return what each day adds to the provision of a deal, positive."""
    sums: dict[datetime.date, Decimal] = defaultdict(lambda: _ZERO)
    for entry in ledger.made_for(deal, datetime.date.max):
        source = ledger.source(entry)
        if source is None or source.name != "deal-onerous":
            continue
        postings: list[Any] = entry.postings
        for posting in postings:
            place = ledger.chart(posting.account)
            if place is not None and place.role == "onerous-provision":
                sums[entry.date] -= posting.units.number
    return sums


def unprovided(cases: Iterable[Case], ledger: Ledger) -> Iterator[Problem]:
    """Yield the contracts that cost more than they bring in, and nobody has judged.

    US GAAP has no general rule for them, so only books under IFRS are looked at; a deal
    with a deal-onerous has been judged.
    """
    for case in cases:
        owner = case.agreement.deal.escrow_owner
        residual = case.agreement.deal.escrow_residual
        if case.books.framework != "ifrs" or _OWN_ESCROW in (owner, residual):
            continue
        if case.facts(Onerous):
            continue
        owed = StillOwed(ledger, case.id)
        for contract in () if owed.mixed else owed.on(case.through):
            grant = owed.grants[contract.tranches[0]]
            amount = grant.amount(1)
            if amount is None or _earned(case, contract.event):
                continue
            served = served_at(case, amount.currency, ledger)
            if served is None or not (loss := contract.loss(served.per_credit)):
                continue
            yield problem(
                grant.at,
                "F645",
                f"{_plain(contract.owed)} {amount.currency} of "
                f"{', '.join(contract.tranches)} are still owed on {case.through}, cost "
                f"{served.told} to serve and have {_plain(contract.price)} "
                f"{case.books.currency} of their price to come: a loss of "
                f"{figure(coins(loss, ledger))}{served.by_hour(contract)}; judge which of "
                "the cost is unavoidable and provide for it with deal-onerous (IAS 37.66)",
                case.id,
            )


def _earned(case: Case, event: datetime.date) -> bool:
    """Return whether the credits of an event earn shares as they are drawn."""
    return any(
        stake.event == event and stake.vesting == "as-drawn" for stake in case.facts(Stake)
    )


def _plain(number: Fraction) -> str:
    return f"{(Decimal(number.numerator) / Decimal(number.denominator)).normalize():f}"
