"""Compute owed for shares on fixed dates more than a year ahead: money lent, perhaps.

Credits drawn when the customer likes have no significant financing component
(606-10-32-17(a); IFRS 15.62(a)); what a ramp or the days of a term make due may have one,
but for the expedient of a year (606-10-32-18; IFRS 15.63).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from beancount.core.data import Transaction
from dateutil.relativedelta import relativedelta

from beanscrow.checks.case import Case
from beanscrow.checks.findings import problem
from beanscrow.checks.interest import due_of, name_of
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import Ledger
from beanscrow.deal.elections import election
from beanscrow.deal.problems import Problem

_EXPEDIENT = relativedelta(years=1)


def financed(cases: Iterable[Case], ledger: Ledger) -> Iterator[Problem]:
    """Yield the legs that owe compute on fixed dates more than a year ahead."""
    looked_for = {case.id: case for case in cases if _looked_for(case)}
    found = [
        (leg, last)
        for name in ("deal-grant", "deal-commitment")
        for leg in ledger.written.standing(name)
        if leg.deal in looked_for
        and leg.date <= looked_for[leg.deal].through
        and (last := max(due_of(leg), default=leg.event)) > leg.event + _EXPEDIENT
    ]
    owing = _owing(ledger) if found else set()
    for leg, last in found:
        if (leg.deal, name_of(leg)) in owing:
            yield problem(
                leg.at,
                "F627",
                f"shares paid on {leg.event} for compute that {name_of(leg)} makes due "
                f"until {last}, more than a year later; if the time value is significant "
                '(606-10-32-15), have it computed with `sfc: "force"` and `sfc-rate:`, else '
                'say so with `sfc: "off"` of a deal-policy',
                leg.deal,
            )


def _looked_for(case: Case) -> bool:
    policy = next((it for it in case.agreement.policies if it.stake is None), None)
    return election("sfc", case.books, policy) == "auto"


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
