"""Cash that stands aside for credits, as the provider's books have it."""

from __future__ import annotations

from decimal import Decimal

from beancount.core.data import Posting

from beanscrow.booking.chart import Chart
from beanscrow.booking.entry import EntryMaker
from beanscrow.booking.narration import amount_of
from beanscrow.policy.schedule import EscrowRemeasured, TrancheTerms


class RingFence:
    """Postings of the escrow of one deal, whoever owns it."""

    def __init__(self, chart: Chart, maker: EntryMaker) -> None:
        self.chart = chart
        self.maker = maker

    def set_aside(
        self, terms: TrancheTerms, amount: Decimal, against: str
    ) -> list[Posting]:
        """Return the postings that set cash aside; negative sets it free."""
        if not amount or terms.escrow in ("none", "startup"):
            return []
        role = "escrow-cash" if terms.escrow == "provider" else "escrow-receivable"
        money = self.maker.money
        return [
            money(self.chart(role), amount),
            money(self.chart(against), -amount),
        ]

    def release(self, terms: TrancheTerms, amount: Decimal) -> list[Posting]:
        """Return the postings that set own cash free (230-10-45-4: no cash flow)."""
        if not amount or terms.escrow in ("none", "startup"):
            return []
        role = "escrow-cash" if terms.escrow == "provider" else "escrow-receivable"
        money = self.maker.money
        return [
            money(self.chart("cash"), amount),
            money(self.chart(role), -amount),
        ]

    def remeasured(self, event: EscrowRemeasured) -> None:
        """Own cash in another currency at a new rate; the change is in income."""
        money, chart = self.maker.money, self.chart
        postings = [
            money(chart("escrow-cash"), event.change),
            money(chart("fx-remeasurement"), -event.change),
        ]
        text = (
            f"Escrow of {amount_of(event.held, event.currency)} remeasured, "
            f"{event.before:f} to {event.after:f}"
        )
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)

    def collect(self, terms: TrancheTerms, amount: Decimal) -> list[Posting]:
        """Return the postings that receive the startup's, or its trustee's, cash."""
        if terms.escrow == "startup":
            return [self.maker.money(self.chart("cash"), amount)]
        account = self.chart("contract-liability", tranche=terms.tranche)
        return [*self.release(terms, amount), self.maker.money(account, amount)]
