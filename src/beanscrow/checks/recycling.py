"""Other comprehensive income of debt securities: it stays while they do, and no longer.

While every unit is held, what stands in other comprehensive income is the carrying
amount less what was paid, impairments apart; when none is left, nothing stands there
(320-10-35-1(b), 320-10-40-2).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from beanscrow.checks.accounts import AFS_OCI
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)


def unrecycled(ledger: Ledger) -> Iterator[Problem]:
    """Yield the deals whose other comprehensive income does not go with its security."""
    for deal, directive in ledger.written.deals.items():
        if ledger.written.side(deal) != "provider":
            continue
        bought = left = paid = carrying = oci = impaired = _ZERO
        for entry in ledger.made_for(deal, datetime.date.max):
            source = ledger.source(entry)
            came_in = source is not None and source.name in ("deal-stake", "deal-cash")
            for posting in entry.postings:
                place = ledger.chart(posting.account)
                if place is None:
                    continue
                number = posting.units.number
                if place.role == "stake-afs" and posting.cost is not None:
                    left += number
                    carrying += number * posting.cost.number
                    if came_in:
                        bought += number
                        paid += number * posting.cost.number
                elif place.role == AFS_OCI:
                    oci -= number
                elif place.role == "impairment":
                    impaired += number
        wanted = carrying - paid + impaired if left == bought else _ZERO
        if left in (bought, _ZERO) and oci != wanted:
            yield problem(
                directive.at,
                "E619",
                f"{figure(oci)} of gains stand in other comprehensive income and "
                f"{figure(left)} of {figure(bought)} units available for sale are held; "
                f"wanted {figure(wanted)}",
                deal,
            )
