"""The life of a stake: sale and conversion.

What is realised is proceeds less carrying amount.  What fair value changes put
through other comprehensive income is recycled when a debt security is sold or
converted (320-10-40-2), and never for shares (IFRS 9.B5.7.1).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import (
    Convert,
    DealPolicy,
    Fact,
    Money,
    Sale,
    Stake,
)
from beanscrow.money import from_quanta
from beanscrow.policy.conversion import (
    goes_on_at_carrying,
    kind_after,
    method_after,
    without_fair_value,
)
from beanscrow.policy.exact import worth_in_quanta
from beanscrow.policy.influence import METHOD, Influence, Realised
from beanscrow.policy.lots import lots_of
from beanscrow.policy.order import PAYMENT, Act
from beanscrow.policy.rates import agreed_amount, in_the_books
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import StakeLeg
from beanscrow.policy.stake_entry import StakeJournal, lots_moved
from beanscrow.policy.stake_lots import StakeState
from beanscrow.policy.terms_of_side import (
    CONSOLIDATED,
    class_of,
    shares_role,
)

_NO_NUMBER = Decimal(0)
# Where the difference goes when a stake turns into another at fair value.
_EXCHANGE = {
    "afs": "conversion-gain",
    "equity-method": "conversion-gain",
    "fvni": "unrealized-gain",
    "fvtpl": "fair-value-gain",
    "fvoci": "oci",
}


class Settled(NamedTuple):
    """The day the money of a sale comes in, where that is after the sale."""

    at: Position
    date: datetime.date
    sale: Sale


def settlements(facts: Iterable[Fact]) -> Iterator[Act]:
    """Yield the days on which sales are paid for that are settled after their day."""
    for sale in facts:
        if isinstance(sale, Sale) and sale.settles and sale.settles > sale.date:
            key = (sale.settles, PAYMENT, 0, 1, sale.units.currency, "", _NO_NUMBER, "")
            yield key, Settled(sale.at, sale.settles, sale)


class StakeLife:
    """Sells and converts the stakes of one deal."""

    def __init__(
        self,
        policies: tuple[DealPolicy, ...],
        stakes: dict[str, StakeState],
        influence: Influence,
        journal: StakeJournal,
    ) -> None:
        self.policies = policies
        self.terms = journal.terms
        self.stakes = stakes
        self.influence = influence
        self.journal = journal
        self._receivable: dict[Sale, tuple[int, str]] = {}

    # -- sale --------------------------------------------------------------------

    def sell(self, sale: Sale) -> None:
        """Derecognise the units sold, and realise what they bring over their carrying amount.

        Raises:
          Refusal: More units are sold than are held (of the lot named).
        """
        stake = self._holds(sale.units, sale.date, sale.lot)
        gain = "oci" if stake.method == "fvoci" else "realized-gain"
        held = stake.units
        later = sale.settles is not None and sale.settles > sale.date
        net = self._proceeds(sale, later=later) - self._costs(sale)
        out, back, gone = stake.release(sale.units.number, sale.lot)
        realised = self._part_with(sale.date, stake, held)
        if later:
            self._receivable[sale] = net, stake.method
        self.journal.enter(
            sale.at,
            sale.date,
            self.journal.named("sale", stake.method),
            f"{sale.units.number:,f} {sale.units.currency} sold",
            (lots_moved(stake, out, out=True), lots_moved(stake, back, out=False)),
            (
                ("stake-receivable" if later else "cash", net),
                *realised.lines(),
                (gain, gone - net - realised.total),
            ),
            stake,
        )
        self.recycle(sale.at, sale.date, stake, "realized-gain")

    def settle(self, settled: Settled) -> None:
        """Receive the money of a sale that settles after its day."""
        owed = self._receivable.pop(settled.sale, None)
        if owed is not None:
            net, method = owed
            rule = self.journal.named("sale-settled", method)
            text = f"Sale of {settled.sale.units.currency} settled"
            lines = (("cash", net), ("stake-receivable", -net))
            self.journal.enter(settled.at, settled.date, rule, text, (), lines)

    def _proceeds(self, sale: Sale, *, later: bool) -> int:
        stated = sale.proceeds or sale.price
        assert stated is not None, "the reader wants a price or proceeds"
        if later and stated.currency != self.terms.currency:
            raise not_built(f"a sale in {stated.currency} that is paid for after its day")
        if sale.proceeds is not None:
            return agreed_amount(sale.proceeds, sale.date, sale.at, self.terms)
        return self._worth(stated, sale.units.number, sale)

    def _costs(self, sale: Sale) -> int:
        if sale.costs is None:
            return 0
        return agreed_amount(sale.costs, sale.date, sale.at, self.terms)

    def _worth(self, each: Money, units: Decimal, fact: Sale | Convert) -> int:
        """Return units at a price each, in money of the books, rounded once."""
        price = in_the_books(each, fact.date, fact.at, self.terms.rates)
        return worth_in_quanta(price * Fraction(units), self.terms.scale)

    # -- conversion --------------------------------------------------------------

    def convert(self, fact: Convert) -> None:
        """Exchange units for units of another security of the same issuer.

        The provider records the new stake at fair value and the difference in income;
        under the measurement alternative, and where it ends that day because a price is
        readily determinable, without a fair value at carrying amount; so where influence
        goes on, whatever the fair value: the interest is the same.
        The startup turns a liability at fair value, or a class of shares, into shares.

        Raises:
          Refusal: More units are given up than are held, nothing says what they turn into,
        or a fair value is missing.
        """
        old = self._holds(fact.units, fact.date, None)
        known = self.stakes.get(fact.into.currency)
        instrument = kind_after(fact, old, known)
        likeness = Stake(
            fact.at, fact.date, fact.deal, fact.into, fact.date, "", instrument=instrument
        )
        method = method_after(old, known, likeness, self.policies, self.terms.framework)
        if fact.par is not None:  # told before anything has changed
            in_the_books(fact.par, fact.date, fact.at, self.terms.rates)
        fair = self._fair_value(fact)
        goes_on = (old.method, method) == (METHOD, METHOD)
        at_carrying = (
            old.class_ != "liability"
            if self.terms.side == "startup"
            else goes_on_at_carrying(fact, old, method, instrument)
        )
        if fair is None and not at_carrying:
            raise without_fair_value(fact, old, method)
        held = old.units
        out, back, gone = old.release(fact.units.number, None)
        worth = gone if fair is None or goes_on else fair
        realised = Realised() if goes_on else self._part_with(fact.date, old, held)
        if self.terms.side == "startup" and old.class_ != "liability":
            worth = gone  # own equity is exchanged at what it stands at
        leg = StakeLeg(
            at=fact.at,
            arrives=fact.date,
            units=fact.into,
            value=from_quanta(worth, self.terms.scale),
            instrument=instrument,
            method=method,
            class_=class_of(likeness, self.policies, self.terms),
            lots=lots_of(fact.into.number, worth, self.terms.scale, fact.date),
        )
        new = self.stakes.setdefault(fact.into.currency, StakeState(leg, self.terms.scale))
        first = not new.units
        new.acquire(leg)
        if first and method == old.method:
            new.changed = old.changed
        text = (
            f"{fact.units.number:,f} {fact.units.currency} converted into "
            f"{fact.into.number:,f} {fact.into.currency}"
        )
        if self.terms.side == "startup":
            lines = self._issued(fact, old, leg, gone, worth)
            rule = self.journal.named("conversion", old.class_, old.instrument)
            self.journal.enter(fact.at, fact.date, rule, text, (), lines, old, new)
            self.recycle(fact.at, fact.date, old, "conversion-gain")
            return
        moved = (
            lots_moved(old, out, out=True),
            lots_moved(old, back, out=False),
            lots_moved(new, leg.lots, out=False),
        )
        line = _EXCHANGE.get(
            old.method,
            "upward-price-adjustment" if worth > gone else "downward-price-adjustment",
        )
        lines = ((line, gone - worth - realised.total), *realised.lines())
        rule = self.journal.named("conversion", old.method, method)
        self.journal.enter(fact.at, fact.date, rule, text, moved, lines, old, new)
        self.recycle(fact.at, fact.date, old, "conversion-gain")

    def _fair_value(self, fact: Convert) -> int | None:
        if fact.fair_value is None:
            return None
        return self._worth(fact.fair_value, fact.into.number, fact)

    def _issued(
        self, fact: Convert, old: StakeState, leg: StakeLeg, gone: int, worth: int
    ) -> tuple[tuple[str, int], ...]:
        """Return the startup's lines: out of the old class, into the new, par and the rest.

        A last change of fair value of what was a liability is an expense.
        """
        given_up = shares_role(old.class_, old.instrument)
        issued = shares_role(leg.class_, leg.instrument)
        lines = ((given_up, gone), ("fair-value-change", worth - gone))
        if fact.par is None:
            return (*lines, (issued, -worth))
        par = min(worth, self._worth(fact.par, fact.into.number, fact))
        return (*lines, (issued, -par), ("apic", par - worth))

    # -- pieces ------------------------------------------------------------------

    def recycle(
        self, at: Position, date: datetime.date, stake: StakeState, gain: str
    ) -> None:
        """Reclassify to income what waited for the units released last, lot by lot.

        What a startup's own credit had made of what it owed goes to its change of fair
        value (825-10-45-6), and under IFRS stays for good (IFRS 9.B5.7.9).

        Args:
          gain: Role of the account the provider realises it in.
        """
        part, stake.released_oci = stake.released_oci, 0
        if part and self.terms.side == "startup":
            if self.terms.framework == "us-gaap":
                text = f"Own credit of {stake.commodity} reclassified"
                lines = (("aoci-own-credit", -part), ("fair-value-change", part))
                self.journal.enter(at, date, "own-credit-realised", text, (), lines)
        elif part:
            text = f"Accumulated gains of {stake.commodity} reclassified"
            lines = (("aoci-afs", part), (gain, -part))
            self.journal.enter(at, date, "recycle", text, (), lines)

    def _part_with(self, date: datetime.date, stake: StakeState, held: Decimal) -> Realised:
        """Return what stood beside a stake and is realised with units that went.

        Args:
          held: Units before they went.
        """
        if stake.method != METHOD:
            return Realised()
        return self.influence.sell(date, Fraction(stake.units) / Fraction(held))

    def _holds(
        self, units: Money, date: datetime.date, lot: datetime.date | None
    ) -> StakeState:
        stake = self.stakes.get(units.currency)
        held = stake.units_of(lot) if stake is not None else Decimal(0)
        if stake is None or units.number > held:
            of_lot = f" of the lot of {lot}" if lot else ""
            raise Refusal(
                "E407",
                f"{units.number:,f} {units.currency} are given up and {held:,f}{of_lot} are "
                f"held on {date}",
            )
        if stake.method == CONSOLIDATED:
            raise not_built("shares in a subsidiary given up")
        self.influence.check_may_go(stake, self.stakes.values(), units.number)
        return stake
