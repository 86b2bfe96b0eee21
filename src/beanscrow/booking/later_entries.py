"""The provider's entries that an election makes: price set later, interest, and rent."""

from __future__ import annotations

from beanscrow.booking.chart import Chart
from beanscrow.booking.entry import EntryMaker, merged
from beanscrow.booking.narration import amount_of, interest_text, measured_text
from beanscrow.booking.stake_lots import StakeLots
from beanscrow.policy.financing import InterestAccrued
from beanscrow.policy.lease import RentEarned
from beanscrow.policy.noncash import PriceMeasured, StakeReceived


class LaterEntries:
    """Books what time, or the worth of the shares, adds to what a contract event left."""

    def __init__(self, chart: Chart, maker: EntryMaker, stakes: StakeLots) -> None:
        self.chart = chart
        self.maker = maker
        self.stakes = stakes

    def stake_received(self, event: StakeReceived) -> None:
        """Dr stake / Cr what stood for it, and the price that is new; drawn at once."""
        stake, money, chart = event.stake, self.maker.money, self.chart
        postings = self.stakes.arriving(stake)
        postings.append(money(chart("stake-receivable"), -event.provisional))
        for change in event.changes:
            left = change.price - change.recognised - change.breakage
            account = chart("contract-liability", tranche=change.tranche)
            postings.append(money(account, -left))
            postings.append(money(chart("revenue-credits"), -change.recognised))
            postings.append(money(chart("revenue-breakage"), -change.breakage))
        line = "oci" if stake.method == "fvoci" else "fair-value-gain"
        postings.append(money(chart(line), -event.gain))
        text = f"{amount_of(*stake.units)} received, and what they pay for priced by them"
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def price_measured(self, event: PriceMeasured) -> None:
        """Dr what the shares gained until they were worked for / Cr revenue."""
        money = self.maker.money
        postings = [
            money(self.chart("noncash-consideration"), event.amount),
            money(self.chart("revenue-credits", service=event.service), -event.amount),
        ]
        text = measured_text(event)
        self.maker.add(
            event.at, event.date, event.rule, text, postings, event.tranche, event.usage_id
        )

    def interest_accrued(self, event: InterestAccrued) -> None:
        """Dr interest / Cr contract liability: the startup has lent the provider its shares."""
        money = self.maker.money
        postings = [
            money(self.chart("interest-expense"), event.amount),
            money(self.chart("contract-liability", tranche=event.tranche), -event.amount),
        ]
        text = interest_text(event)
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)

    def rent_earned(self, event: RentEarned) -> None:
        """Dr unearned rent / Cr lease income: the days of an operating lease have passed."""
        money = self.maker.money
        postings = [
            money(self.chart("unearned-rent", tranche=event.tranche), event.amount),
            money(self.chart("lease-income"), -event.amount),
        ]
        text = f"Rent within {event.tranche}, to {event.date}"
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)
