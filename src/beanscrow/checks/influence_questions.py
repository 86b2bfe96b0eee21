"""What a stake under the equity method leaves to be judged: what kind it is, and what is beside it.

The method is for common shares and what is so in substance (323-10-15-13), and losses beyond
them go on against what else is held of the investee (323-10-35-24 to 35-28; IAS 28.38).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from beanscrow.checks.case import Case
from beanscrow.checks.equity import losses_in_mind
from beanscrow.checks.equity_events import STAKE
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.restated import Ledger
from beanscrow.deal.influence_terms import Result
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import DealPolicy, Reclassify, Stake

_METHOD = "equity-method"
_ZERO = Decimal(0)


def questions(cases: Iterable[Case], ledger: Ledger) -> Iterator[Problem]:
    """Yield what nobody has said of the stakes under the equity method.

    Args:
      cases: Deals in which the ledger is the provider's.
    """
    kept = losses_in_mind(ledger)
    for case in cases:
        yield from _in_substance(case)
        yield from _beside(case, kept.get(case.id, _ZERO), ledger)


def _in_substance(case: Case) -> Iterator[Problem]:
    """323-10-15-13: shares are like common ones by subordination, risk, and no redemption."""
    if case.books.framework != "us-gaap":
        return
    stakes: dict[str, Stake] = {}
    for stake in case.facts(Stake):
        stakes.setdefault(stake.units.currency, stake)
    for commodity, stake in stakes.items():
        line = _puts_it_there(case, commodity)
        if stake.instrument != "preferred" or line is None:
            continue
        if not any(key.startswith("note=") for key in line.rest.splitlines()):
            yield problem(
                line.at,
                "F637",
                f"{commodity} is preferred and carried by the equity method, which is for "
                "common shares and those that are so in substance (323-10-15-13); say in a "
                '`note:` of this line why it is, or elect `method: "measurement-alternative"`',
                case.id,
            )


def _puts_it_there(case: Case, commodity: str) -> DealPolicy | Reclassify | None:
    """Return the line by which a security came under the method, where one says so."""
    elected = [
        policy
        for about in (commodity, None)
        for policy in case.agreement.policies
        if policy.stake == about and policy.method
    ]
    if elected and elected[0].method == _METHOD:
        return elected[0]
    changes = [it for it in case.facts(Reclassify) if it.stake in (commodity, None)]
    return next((it for it in changes if it.method == _METHOD), None)


def _beside(case: Case, in_mind: Decimal, ledger: Ledger) -> Iterator[Problem]:
    results = case.facts(Result)
    if not in_mind or not results:
        return
    others = _held_beside(case.id, ledger)
    if others:
        yield problem(
            results[-1].at,
            "F638",
            f"losses of {figure(in_mind)} are kept in mind, and {', '.join(others)} of the "
            "investee are held as well; losses beyond the common shares go on against what "
            "else is held, in the order of its seniority (323-10-35-24 to 35-28; "
            "IAS 28.38): judge it, and book it natively",
            case.id,
        )


def _held_beside(deal: str, ledger: Ledger) -> list[str]:
    """Return the other securities of a deal with their units, as the entries leave them."""
    units: dict[str, Decimal] = defaultdict(lambda: _ZERO)
    for entry in ledger.made_for(deal, datetime.date.max):
        for posting in entry.postings:
            place = ledger.chart(posting.account)
            if posting.cost is not None and (place is None or place.role != STAKE):
                units[posting.units.currency] += posting.units.number
    return [f"{figure(number)} {name}" for name, number in sorted(units.items()) if number]
