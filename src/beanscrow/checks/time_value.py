"""Buy-backs years ahead, whose price is compared with the sale's as if time cost nothing."""

from __future__ import annotations

from collections.abc import Iterator

from dateutil.relativedelta import relativedelta

from beanscrow.checks.case import Case
from beanscrow.checks.findings import problem
from beanscrow.deal.problems import Problem
from beanscrow.deal.vendor_terms import Buyback

_EXPEDIENT = relativedelta(years=1)


def undiscounted(case: Case) -> Iterator[Problem]:
    """Yield the buy-backs of more than a year without a present value (606-10-55-69)."""
    for fact in case.facts(Buyback):
        stands = fact.form == "put" and not fact.incentive
        if stands or fact.present_value or fact.to <= fact.date + _EXPEDIENT:
            continue
        yield problem(
            fact.at,
            "F643",
            f"{fact.buyback} comes back at its price more than a year after the sale, and "
            "whether that is less than was paid is judged without time value; write "
            "`present-value:` (606-10-55-69; IFRS 15.B67)",
            case.id,
        )
