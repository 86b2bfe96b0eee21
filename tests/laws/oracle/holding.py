"""The shares of a deal: the provider's lots, and what the startup has issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.laws.facts import Stake
from tests.laws.judgements import Sale
from tests.laws.oracle.accounts import (
    AOCI,
    CASH,
    EXTINGUISHMENT,
    FAIR_VALUE_CHANGE,
    OCI,
    OWN_CREDIT,
    REALIZED,
    SHARES_DUE,
    STAKE_RECEIVABLE,
)
from tests.laws.oracle.exact import rhu
from tests.laws.oracle.journal import ZERO, Journal

# The provider's accounts by method, and the startup's by instrument [2.7, 2.9, 4.3].
INVESTMENTS = {
    "measurement-alternative": "Assets:Investments:Equity:MeasurementAlternative:Moon",
    "fvni": "Assets:Investments:Equity:FVNI:Moon",
    "fvtpl": "Assets:Investments:FVTPL:Moon",
    "fvoci": "Assets:Investments:FVOCI:Moon",
    "afs": "Assets:Investments:Debt:AFS:Moon",
    "equity-method": "Assets:Investments:EquityMethod:Moon",
}
DEFAULTS = {
    "preferred": "measurement-alternative",
    "common": "measurement-alternative",
    "note": "afs",
    "safe": "fvni",
}
AT_FAIR_VALUE = ("note", "safe")


@dataclass
class Lot:
    """Units acquired on one day, what they cost, and what they are carried at."""

    acquired: date
    units: Fraction
    cost: Fraction
    carrying: Fraction
    # What of it the startup's own credit made, and waits beside income.
    own: Fraction = ZERO

    def take(self, units: Fraction, cent: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        """Take units out; return what they were carried at, had cost, and own credit.

        A part takes its part of either, rounded; the rest keeps what is left.
        """
        part = units / self.units
        carrying, cost = rhu(self.carrying * part, cent), rhu(self.cost * part, cent)
        own = rhu(self.own * part, cent)
        self.units -= units
        self.carrying -= carrying
        self.cost -= cost
        self.own -= own
        return carrying, cost, own


class Holding:
    """What one side carries the stake at: an asset, or what was issued."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.lots: dict[str, list[Lot]] = {}
        self.instruments: dict[str, str] = {}
        self.worths: dict[Stake, Fraction] = {}
        self.unsettled: list[tuple[date, Fraction]] = []

    def method(self, commodity: str) -> str:
        """Return the method a security is carried by [2.9]."""
        life = self.journal.life
        if life.carried is not None:
            return life.carried
        if life.framework == "ifrs":
            return "fvtpl"
        return DEFAULTS[self.instruments[commodity]]

    # --- what comes in ----------------------------------------------------------------

    def sign(self, stake: Stake, worth: Fraction) -> None:
        """Take in a stake, or the claim to one that comes later [2.3.2].

        Args:
          worth: Its fair value in money of the books.
        """
        self.worths[stake] = worth
        self.instruments[stake.commodity] = stake.instrument
        if stake.vesting == "as-drawn":
            return
        if stake.on > self.journal.day:
            self.due(worth)
        else:
            self.arrived(stake)

    def arrive(self, stake: Stake) -> None:
        """Take in a stake that comes after its event."""
        self.due(-self.worths[stake])
        self.arrived(stake)

    def due(self, amount: Fraction) -> None:
        """Book a claim to shares, or the duty to issue them."""
        if self.journal.provider:
            self.journal.post(STAKE_RECEIVABLE, amount)
        else:
            self.journal.post(SHARES_DUE, -amount)

    def arrived(self, stake: Stake) -> None:
        """Take in the units of a stake."""
        self.add(stake.commodity, Fraction(stake.units), self.worths[stake])

    def add(self, commodity: str, units: Fraction, cost: Fraction) -> None:
        """Add a lot of this day."""
        lot = Lot(self.journal.day, units, cost, cost)
        self.lots.setdefault(commodity, []).append(lot)
        self.book(commodity, units, cost)

    def book(self, commodity: str, units: Fraction, carrying: Fraction) -> None:
        """Book a change of the units, and of what they are carried at."""
        if self.journal.provider:
            account = INVESTMENTS[self.method(commodity)]
            self.journal.hold(account, units, commodity, carrying)
        else:
            self.journal.post(self.issued(commodity), -carrying)

    def issued(self, commodity: str) -> str:
        """Return where the startup shows what it has issued [2.7]."""
        instrument = self.instruments[commodity]
        if instrument in AT_FAIR_VALUE:
            return "Liabilities:ConvertibleNotes:Moon"
        if instrument == "common":
            return "Equity:Common:Moon"
        if self.journal.life.framework == "ifrs":
            return "Equity:Preferred:Moon"
        return "Equity:Mezzanine:Preferred:Moon"

    # --- what goes out ----------------------------------------------------------------

    def held(self, commodity: str | None, lot: date | None = None) -> Fraction:
        """Return the units held of a security, or of one lot; none of no security."""
        return sum((part.units for part in self.of(commodity or "", lot)), ZERO)

    def of(self, commodity: str, lot: date | None) -> list[Lot]:
        """Return the lots of a security with anything left, or the one of a day."""
        return [
            part
            for part in self.lots.get(commodity, ())
            if part.units and lot in (None, part.acquired)
        ]

    def take(
        self, commodity: str, units: Fraction, lot: date | None = None
    ) -> tuple[Fraction, Fraction]:
        """Take units out, the oldest first, or those of one lot [2.9].

        Returns:
          What they were carried at, and what they had cost.
        """
        carrying, cost, wanted, owns = ZERO, ZERO, units, ZERO
        for part in self.of(commodity, lot):
            if taken := min(wanted, part.units):
                worth, paid, own = part.take(taken, self.journal.cent)
                carrying, cost, wanted = carrying + worth, cost + paid, wanted - taken
                owns += own
        assert not wanted, "the caller has seen that so many are held"
        self.book(commodity, -units, -carrying)
        if self.journal.life.framework == "us-gaap":
            self.journal.post(OWN_CREDIT, -owns)
            self.journal.post(FAIR_VALUE_CHANGE, owns)
        return carrying, cost

    def hand_back(self, commodity: str, units: Fraction, worth: Fraction) -> None:
        """Take out units that are handed back, and show what they were worth [2.8]."""
        carrying, cost = self.take(commodity, units)
        if not self.journal.provider:
            owed = self.instruments[commodity] in AT_FAIR_VALUE
            self.journal.post(
                FAIR_VALUE_CHANGE if owed else EXTINGUISHMENT, worth - carrying
            )
        elif self.method(commodity) == "afs":
            self.journal.post(AOCI, carrying - cost)
            self.journal.post(REALIZED, cost - worth)
        else:
            gain = OCI if self.method(commodity) == "fvoci" else REALIZED
            self.journal.post(gain, carrying - worth)

    def sell(self, sale: Sale) -> None:
        """Sell units; the startup is not told."""
        if not self.journal.provider:
            return
        units, method = Fraction(sale.units), self.method(sale.commodity)
        if units > self.held(sale.commodity, sale.lot):
            self.journal.refused.add(sale)
            return
        if sale.proceeds is None:
            brought = Fraction(sale.price or 0) * units
        else:
            brought = Fraction(sale.proceeds)
        brought -= Fraction(sale.costs or 0)
        carrying, cost = self.take(sale.commodity, units, sale.lot)
        if sale.settles is not None and sale.settles > sale.on:
            self.journal.post(STAKE_RECEIVABLE, brought)
            self.unsettled.append((sale.settles, brought))
        else:
            self.journal.post(CASH, brought)
        if method == "afs":
            # Gains that waited in other comprehensive income are recycled.
            self.journal.post(AOCI, carrying - cost)
            self.journal.post(REALIZED, cost - brought)
        else:
            self.journal.post(OCI if method == "fvoci" else REALIZED, carrying - brought)

    def settle(self) -> None:
        """Take in the money of what was sold before and is settled today."""
        for settles, brought in self.unsettled:
            if settles == self.journal.day:
                self.journal.post(STAKE_RECEIVABLE, -brought)
                self.journal.post(CASH, brought)
