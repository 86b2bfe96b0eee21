"""Shares of a service's cost: each set is the whole."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from beanscrow.deal import wording
from beanscrow.deal.terms import Charge

if TYPE_CHECKING:
    import datetime

    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger, Line


def check_charges(draft: Draft, ledger: Ledger) -> None:
    """Refuse a set of `deal-charge` whose shares do not sum to 1.

    The lines of one date and service form a set; a share left over would be usage that
    is debited nowhere.
    """
    sets: dict[tuple[datetime.date, str], list[tuple[Line, Charge]]] = defaultdict(list)
    for line, charge in draft.of(Charge):
        sets[charge.date, charge.service].append((line, charge))
    for (date, service), lines in sets.items():
        total = sum(charge.share for _, charge in lines)
        if total == 1:
            continue
        for line, charge in lines:
            draft.refuse(
                ledger,
                charge,
                line.directive.name,
                "E132",
                f"the shares of {wording.quoted(service)} from {date} sum to {total}; "
                "they must sum to 1",
            )
