"""The provider's entries of a promise to spend: what it carries, and what it falls short."""

from __future__ import annotations

from decimal import Decimal

from beancount.core.data import Posting

from beanscrow.booking.chart import Chart
from beanscrow.booking.entry import EntryMaker, merged
from beanscrow.booking.narration import (
    released_text,
    shortfall_text,
)
from beanscrow.policy.commitment import ConsiderationReleased, Shortfall


class PromiseEntries:
    """Books what promises to spend carry, by the price each had when it was made."""

    def __init__(
        self, chart: Chart, maker: EntryMaker, promises: dict[str, Decimal]
    ) -> None:
        self.chart = chart
        self.maker = maker
        self.promises = promises

    def shortfall(self, event: Shortfall) -> None:
        """Dr receivable / Cr breakage: what was promised and not bought is owed."""
        money = self.maker.money
        postings = [
            money(self.chart("receivable"), event.amount),
            money(self.chart("revenue-breakage"), -event.amount),
        ]
        text = shortfall_text(event)
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def consideration_released(self, event: ConsiderationReleased) -> None:
        """What a promise carries to revenue: for shares, or less what the customer was paid."""
        asset = self.promises[event.commitment] < 0
        role = (
            "contra-consideration"
            if asset
            else "revenue-breakage"
            if event.left_over
            else "revenue-credits"
        )
        postings = [
            self.promised(event.commitment, asset, event.amount),
            self.maker.money(self.chart(role, service=event.service), -event.amount),
        ]
        text = released_text(event)
        self.maker.add(event.at, event.date, event.rule, text, postings, "", event.usage_id)

    def promised(self, commitment: str, asset: bool, amount: Decimal) -> Posting:
        """Return what takes a change of what a promise carries, an asset or a liability."""
        account = (
            self.chart("upfront")
            if asset
            else self.chart("contract-liability", tranche=commitment)
        )
        return self.maker.money(account, amount)
