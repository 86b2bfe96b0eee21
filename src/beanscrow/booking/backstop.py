"""Entries of a backstop: capacity a vendor buys of its customer, and what it guarantees."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

from beancount.core.data import Posting

from beanscrow.booking.chart import Chart
from beanscrow.booking.entry import EntryMaker, merged
from beanscrow.booking.narration import amount_of
from beanscrow.deal.terms import Role
from beanscrow.policy.backstop import (
    CapacityBought,
    CapacityUsed,
    GuaranteeConsidered,
    Guaranteed,
    GuaranteeReleased,
)

# What takes a cost of a service, or its reduction, in the startup's books.
Charge = Callable[[str, datetime.date, Decimal], list[Posting]]


class BackstopBooks:
    """Books the backstops of one deal, on either side."""

    def __init__(self, side: Role, chart: Chart, maker: EntryMaker, charge: Charge) -> None:
        self.provider = side == "provider"
        self.chart = chart
        self.maker = maker
        self.charge = charge

    def bought(self, event: CapacityBought) -> None:
        """Dr capacity, contra revenue / Cr cash; the customer's: Dr cash / Cr revenue, cost."""
        chart, money = self.chart, self.maker.money
        excess = event.paid - event.worth
        if self.provider:
            role = "capacity-prepaid" if event.term else "capacity-cost"
            postings = [
                money(chart(role), event.worth),
                money(chart("contra-consideration"), excess),
                money(chart("cash"), -event.paid),
            ]
        else:
            role = "capacity-deferred" if event.term else "capacity-revenue"
            postings = [
                money(chart("cash"), event.paid),
                money(chart(role), -event.worth),
                *self.charge(event.service, event.date, -excess),
            ]
        text = f"Capacity bought under {event.backstop}"
        if excess:
            text += f", {amount_of(excess, self.maker.currency)} above its fair value"
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def used(self, event: CapacityUsed) -> None:
        """Dr cost / Cr prepaid capacity; the customer's: Dr deferred / Cr revenue."""
        roles = (
            ("capacity-cost", "capacity-prepaid")
            if self.provider
            else ("capacity-deferred", "capacity-revenue")
        )
        text = f"Capacity used, bought under {event.backstop}"
        self._move(event, text, *roles)

    def guaranteed(self, event: Guaranteed) -> None:
        """Dr what purchases will take up, or revenue at once / Cr guarantee."""
        role = "guarantee-asset" if event.ahead else "contra-consideration"
        self._move(event, f"Guarantee {event.backstop} given", role, "guarantee-liability")

    def considered(self, event: GuaranteeConsidered) -> None:
        """Dr contra revenue / Cr what the guarantee was given for."""
        text = f"Guarantee {event.backstop}, given for purchases"
        self._move(event, text, "contra-consideration", "guarantee-asset")

    def released(self, event: GuaranteeReleased) -> None:
        """Dr guarantee / Cr income: days of the risk have passed."""
        text = f"Guarantee {event.backstop}, days passed"
        self._move(event, text, "guarantee-liability", "guarantee-income")

    def _move(
        self,
        event: CapacityUsed | Guaranteed | GuaranteeConsidered | GuaranteeReleased,
        text: str,
        debit: str,
        credit: str,
    ) -> None:
        money = self.maker.money
        postings = [
            money(self.chart(debit), event.amount),
            money(self.chart(credit), -event.amount),
        ]
        self.maker.add(event.at, event.date, event.rule, text, postings)


BACKSTOP_METHODS: dict[type, str] = {
    CapacityBought: "bought",
    CapacityUsed: "used",
    Guaranteed: "guaranteed",
    GuaranteeConsidered: "considered",
    GuaranteeReleased: "released",
}
