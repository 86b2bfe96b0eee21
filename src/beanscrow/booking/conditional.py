"""The provider's entries of shares that pay for credits later than they are drawn."""

from __future__ import annotations

from beancount.core.data import Posting

from beanscrow.booking.chart import Chart
from beanscrow.booking.entry import EntryMaker, merged
from beanscrow.booking.narration import added_text, amount_of
from beanscrow.booking.stake_lots import StakeLots
from beanscrow.policy.schedule import ConsiderationAdded, RightUnconditional


class ConditionalEntries:
    """Books shares whose condition is met, and shares that are a security from a day on."""

    def __init__(self, chart: Chart, maker: EntryMaker, stakes: StakeLots) -> None:
        self.chart = chart
        self.maker = maker
        self.stakes = stakes

    def consideration_added(self, event: ConsiderationAdded) -> None:
        """Dr stake / Cr revenue of credits gone already, contract liability for the rest."""
        chart, money = self.chart, self.maker.money
        postings: list[Posting] = []
        for stake in event.stakes:
            postings += self.stakes.arriving(stake)
        for part in event.parts:
            owed = part.price - part.used - part.breakage
            liability = chart("contract-liability", tranche=part.tranche)
            postings.append(money(liability, -owed))
            postings.append(money(chart("revenue-credits"), -part.used))
            postings.append(money(chart("revenue-breakage"), -part.breakage))
        text = added_text(event)
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def right_unconditional(self, event: RightUnconditional) -> None:
        """Dr stake / Cr contract asset for what was delivered, contract liability for the rest."""
        chart, money = self.chart, self.maker.money
        postings = self.stakes.arriving(event.stake)
        for part in event.parts:
            liability = chart("contract-liability", tranche=part.tranche)
            postings.append(money(chart("contract-asset"), -part.used))
            postings.append(money(liability, part.used - part.price))
        text = f"Right to {amount_of(*event.stake.units)} unconditional"
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))
