"""Entries of goods sold for now: money borrowed or rent, and how it ends, on either side."""

from __future__ import annotations

from decimal import Decimal

from beancount.core.data import Posting

from beanscrow.booking.backstop import Charge
from beanscrow.booking.chart import Chart
from beanscrow.booking.entry import EntryMaker, merged
from beanscrow.booking.narration import amount_of
from beanscrow.deal.terms import Role
from beanscrow.policy.buy_back import (
    BoughtBack,
    BuybackAccrued,
    BuybackEvent,
    HandedBack,
    SoldAtLast,
    SoldForNow,
)


class BuybackBooks:
    """Books the buy-backs of one deal, on either side."""

    def __init__(self, side: Role, chart: Chart, maker: EntryMaker, charge: Charge) -> None:
        self.provider = side == "provider"
        self.chart = chart
        self.maker = maker
        self.charge = charge

    def sold_for_now(self, event: SoldForNow) -> None:
        """Dr receivable / Cr what is owed, rent; the customer's: Dr asset, lease / Cr payable."""
        rent = event.amount - event.owed
        if self.provider:
            postings = self._post(
                ("receivable", event.amount),
                ("buyback-liability", -event.owed),
                ("lease-deferred", -rent),
            )
        else:
            postings = self._post(
                ("buyback-asset", event.owed),
                ("lease-prepaid", rent),
                ("payable", -event.amount),
            )
        amount = amount_of(event.amount, self.maker.currency)
        kind = "let" if rent else "pledged"
        text = f"{event.service} {kind} until bought back, {event.buyback}, {amount}"
        self._add(event, text, postings, event.usage_id)

    def accrued(self, event: BuybackAccrued) -> None:
        """Interest on what is owed, and rent of the days that have passed."""
        if self.provider:
            postings = self._post(
                ("buyback-interest", event.interest),
                ("buyback-liability", -event.interest),
                ("lease-deferred", event.rent),
                ("buyback-rent", -event.rent),
            )
        else:
            postings = self._post(
                ("buyback-asset", event.interest),
                ("buyback-income", -event.interest),
                ("lease-prepaid", -event.rent),
            )
            cost = self.chart("lease-cost", service=event.service)
            postings.append(self.maker.money(cost, event.rent))
        self._add(event, f"Days of {event.buyback} passed", postings)

    def bought_back(self, event: BoughtBack) -> None:
        """Dr what is owed / Cr cash; the customer's: Dr cash / Cr asset."""
        if self.provider:
            lines = ("buyback-liability", event.amount), ("cash", -event.amount)
        else:
            lines = ("cash", event.amount), ("buyback-asset", -event.amount)
        text = f"{event.service} bought back, {event.buyback}"
        self._add(event, text, self._post(*lines))

    def sold_at_last(self, event: SoldAtLast) -> None:
        """Dr what is owed / Cr revenue; the customer's: Dr cost / Cr asset."""
        if self.provider:
            postings = self._post(("buyback-liability", event.amount))
            postings.append(self._revenue(event.service, -event.amount))
        else:
            postings = self.charge(event.service, event.date, event.amount)
            postings += self._post(("buyback-asset", -event.amount))
        self._add(event, f"{event.buyback} lapsed, {event.service} sold", postings)

    def handed_back(self, event: HandedBack) -> None:
        """Dr revenue, and contra revenue above it / Cr cash; the customer's: Dr cash / Cr cost."""
        if self.provider:
            taken_back = min(event.amount, event.sold)
            postings = [self._revenue(event.service, taken_back)]
            postings += self._post(
                ("contra-consideration", event.amount - taken_back),
                ("cash", -event.amount),
            )
        else:
            postings = self.charge(event.service, event.date, -event.amount)
            postings += self._post(("cash", event.amount))
        self._add(event, f"{event.service} handed back, {event.buyback}", postings)

    def _revenue(self, service: str, amount: Decimal) -> Posting:
        return self.maker.money(self.chart("revenue-cash", service=service), amount)

    def _post(self, *lines: tuple[str, Decimal]) -> list[Posting]:
        return [self.maker.money(self.chart(role), amount) for role, amount in lines]

    def _add(
        self, event: BuybackEvent, text: str, postings: list[Posting], apart: str = ""
    ) -> None:
        self.maker.add(event.at, event.date, event.rule, text, merged(postings), "", apart)


BUYBACK_METHODS: dict[type, str] = {
    SoldForNow: "sold_for_now",
    BuybackAccrued: "accrued",
    BoughtBack: "bought_back",
    SoldAtLast: "sold_at_last",
    HandedBack: "handed_back",
}
