"""Compute owed for shares over a fixed ramp longer than a year: money lent, perhaps.

Credits drawn when the customer likes have no significant financing component
(606-10-32-17(a); IFRS 15.62(a)); amounts due on dates the contract fixes may have one,
but for the expedient of a year (606-10-32-18; IFRS 15.63).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from beancount.core.data import Transaction
from dateutil.relativedelta import relativedelta

from beanscrow.checks.case import Case
from beanscrow.checks.findings import problem
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import Ledger
from beanscrow.deal.elections import election
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Commitment
from beanscrow.periods import month_end

_EXPEDIENT = relativedelta(years=1)


def financed(cases: Iterable[Case], ledger: Ledger) -> Iterator[Problem]:
    """Yield the commitments that owe compute on fixed dates more than a year ahead."""
    ramps = [
        (case, fact, last)
        for case in cases
        if _looked_for(case)
        for fact in case.facts(Commitment)
        if (last := _last_due(fact)) is not None and last > fact.event + _EXPEDIENT
    ]
    if not ramps:
        return
    owing = _owing(ledger)
    for case, fact, last in ramps:
        if (case.id, fact.commitment) in owing:
            yield problem(
                fact.at,
                "F627",
                f"shares paid on {fact.event} for compute that {fact.commitment} makes due "
                f"until {last}, more than a year later; if the time value is significant, "
                "adjust for it natively (606-10-32-15), else say so with "
                '`sfc: "off"` of a deal-policy',
                case.id,
            )


def _looked_for(case: Case) -> bool:
    policy = next((it for it in case.agreement.policies if it.stake is None), None)
    return election("sfc", case.books, policy) == "auto"


def _last_due(fact: Commitment) -> datetime.date | None:
    """Return the last day of the last month an amount is due in, None without a ramp."""
    if not fact.ramp:
        return None
    year, month = max(fact.ramp).split("-")
    return month_end(datetime.date(int(year), int(month), 1))


def _owing(ledger: Ledger) -> set[tuple[str, str]]:
    """Return the deals and names under which a contract liability was booked."""
    return {
        (place.deal, place.tranche)
        for entry in ledger.entries
        if isinstance(entry, Transaction) and BOOKED_BY in entry.meta
        for posting in entry.postings
        if (place := ledger.chart(posting.account)) is not None
        and place.role in ("contract-liability", "intragroup-liability")
    }
