"""The provider's entries for a stake: lots at their carrying amount, and what moves it."""

from __future__ import annotations

from decimal import Decimal

from beancount.core.data import Posting

from beanscrow.booking.chart import Chart
from beanscrow.booking.entry import EntryMaker
from beanscrow.policy.schedule import Forfeited, Remeasured, StakeLeg
from beanscrow.policy.stake_entry import StakeEntry


class StakeLots:
    """Books the stakes of one deal; each stands in the account of its method."""

    def __init__(self, chart: Chart, maker: EntryMaker) -> None:
        self.chart = chart
        self.maker = maker

    def arriving(self, stake: StakeLeg) -> list[Posting]:
        """Return the postings of units that come in."""
        account = self._account(stake.method, stake.instrument)
        return self.maker.lots(account, stake.lots, stake.units.currency)

    def handed_back(
        self, event: Forfeited, stake: StakeLeg, commodity: str
    ) -> list[Posting]:
        """Return the postings of shares handed back, and what they bring over their lots.

        What shares at fair value through other comprehensive income bring is never
        income (IFRS 9.B5.7.1).
        """
        account = self._account(stake.method, stake.instrument)
        gain = event.share_value - event.carrying
        gain += sum((amount for _, amount in event.beside), Decimal(0))
        line = "oci" if stake.method == "fvoci" else "realized-gain"
        return [
            *self.maker.lots(account, event.lots_out, commodity, out=True),
            *self.maker.lots(account, event.lots_in, commodity),
            *(self.maker.money(self.chart(role), amount) for role, amount in event.beside),
            self.maker.money(self.chart(line), -gain),
        ]

    def remeasured(self, event: Remeasured) -> None:
        """The lots out at their old carrying amount and in at the new; the change to income."""
        account = self._account(event.method, event.instrument)
        postings = [
            *self.maker.lots(account, event.lots_out, event.stake, out=True),
            *self.maker.lots(account, event.lots_in, event.stake),
            *(self.maker.money(self.chart(role), -part) for role, part in event.beside),
            self.maker.money(self.chart(event.line), -event.rest),
        ]
        text = f"{event.stake} remeasured, {event.note}"
        self.maker.add(event.at, event.date, event.rule, text, postings)

    def stake_entry(self, event: StakeEntry) -> None:
        """Lots out of their account or into another, money, and what is realised."""
        postings: list[Posting] = []
        for moved in event.moved:
            account = self._account(moved.method, moved.instrument)
            postings += self.maker.lots(account, moved.lots, moved.commodity, out=moved.out)
        for role, amount in event.lines:
            postings.append(self.maker.money(self.chart(role), amount))
        self.maker.add(event.at, event.date, event.rule, event.text, postings)

    def _account(self, method: str, instrument: str) -> str:
        return self.chart(f"stake-{method}", instrument=instrument)
