"""Shares that pay for compute, measured on another day than contract inception.

IFRS 15.66 says fair value and no day (15.67, 15.68 only what is left out of it); US GAAP
fixes inception (606-10-32-21).  Measured on receipt, the price of the credits is what the
shares are worth on the day they come; until then what they were worth at inception stands
for it, and what was drawn before catches up.  Measured on performance, each draw is worth
its part of the shares on the day of its service.

Where cash was paid as well, it bought its part of the shares at the price of inception;
only the rest of them is consideration for compute, so that no price falls below zero.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Fact, Stake, Usage, Valuation
from beanscrow.deal.wording import where
from beanscrow.money import from_quanta, largest_remainder, round_half_up, to_quanta
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.terms_of_side import SideTerms

if TYPE_CHECKING:
    from beanscrow.policy.measurement import EventLegs
    from beanscrow.policy.schedule import EscrowMode, Signing, StakeLeg
    from beanscrow.policy.tranche import Tranche

# An impairment tests a carrying amount; it does not say what shares are worth to buy with.
_SAYS_WORTH = ("observable", "similar", "market", "fair-value")


class PriceChange(NamedTuple):
    """What a new price of one tranche changes; each may fall as well as rise.

    Attributes:
      price: Of the whole tranche.
      recognised, breakage: Of what was drawn, and lapsed, before.
    """

    tranche: str
    price: Decimal
    recognised: Decimal
    breakage: Decimal


class StakeReceived(NamedTuple):
    """Units measured on the day they come, and the price they make.

    Attributes:
      stake: With its value on the day.
      provisional: What stood for it since the contract event.
      changes: By tranche the shares pay for.
      gain: Of the part of the units that cash has bought, either sign.
    """

    at: Position
    date: datetime.date
    rule: str
    stake: StakeLeg
    provisional: Decimal
    changes: tuple[PriceChange, ...]
    gain: Decimal


class PriceMeasured(NamedTuple):
    """A draw measured on the day of its service, beyond what the liability carried for it.

    Attributes:
      amount: Either sign, never zero.
    """

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    service: str
    usage_id: str
    amount: Decimal


class Worths:
    """What a unit of each security is said to be worth, from a day on."""

    def __init__(self, facts: Iterable[Fact], terms: SideTerms) -> None:
        self.terms = terms
        facts = list(facts)
        self._stakes = [fact for fact in facts if isinstance(fact, Stake)]
        self._of: dict[str, list[Valuation]] = {}
        for fact in facts:
            if isinstance(fact, Valuation) and fact.kind in _SAYS_WORTH:
                self._of.setdefault(self.security_of(fact), []).append(fact)
        for found in self._of.values():
            # As they act on a day: by sequence, then the larger first.
            found.sort(key=lambda it: (it.date, it.sequence, -it.price.number, it.rest))

    def security_of(self, valuation: Valuation) -> str:
        """Return what is valued: as it says, else the one security there is by its day."""
        if valuation.stake is not None:
            return valuation.stake
        ever = {stake.units.currency for stake in self._stakes}
        by_then = {it.units.currency for it in self._stakes if it.event <= valuation.date}
        return next((found.pop() for found in (ever, by_then) if len(found) == 1), "")

    def newest(
        self, commodity: str, since: datetime.date, day: datetime.date
    ) -> Valuation | None:
        """Return the valuation in force on a day, from its start on, of those since a day.

        Raises:
          Refusal: It is in another currency than the books.
        """
        known = [it for it in self._of.get(commodity, ()) if since <= it.date <= day]
        if not known:
            return None
        newest = known[-1]
        if newest.price.currency != self.terms.currency:
            raise not_built(
                f"what is measured at the worth of {commodity}, valued in "
                f"{newest.price.currency} at {where(newest.at)} in books kept in "
                f"{self.terms.currency}"
            )
        return newest


def priced_later(
    legs: EventLegs,
    signing: Signing,
    mode: EscrowMode,
    worths: Worths,
    terms: SideTerms,
    *,
    abroad: bool,
) -> NoncashPrice | None:
    """Return the shares of an event that are measured on another day, None without.

    Args:
      abroad: Whether the event is in another currency than the books.

    Raises:
      Refusal: The event has more to it than shares for credits.
    """
    later = any(stake.date > stake.event for stake in legs.stakes)
    prices = {
        leg.tranche: to_quanta(leg.price, terms.scale)
        for grant, leg in zip(legs.grants, signing.credits, strict=True)
        if grant.price is None and not grant.opening
    }
    if (
        terms.measured_on == "inception"
        or (terms.measured_on == "receipt" and not later)
        or signing.earned is not None
        or not (prices or signing.commitments)
    ):
        return None
    _check_measurable(legs, signing, mode, terms, abroad=abroad)
    return NoncashPrice(legs.date, legs.stakes, signing.stakes, prices, worths, terms)


def _check_measurable(
    legs: EventLegs, signing: Signing, mode: EscrowMode, terms: SideTerms, *, abroad: bool
) -> None:
    """Make sure that the shares of an event can be measured on another day.

    Raises:
      Refusal: Something of it has no price of its own to move.
    """
    how = f'`noncash-measurement-date: "{terms.measured_on}"` of '
    if mode in ("startup", "trustee-startup"):
        raise not_built(f"{how}shares beside an escrow that is the startup's")
    if signing.commitments:
        raise not_built(f"{how}shares that pay for a promise to spend")
    if abroad:
        raise not_built(f"{how}shares of an event in another currency")
    if any(stake.opening for stake in legs.stakes):
        raise not_built(f"{how}shares held before these books begin")
    if terms.line_by_line:
        raise not_built(f'{how}shares beside `rounding: "per-line"`')
    if terms.measured_on == "receipt":
        return
    if terms.proportional:
        raise not_built(f"{how}shares beside proportional breakage")
    if any(grant.delivery == "stand-ready" for grant in legs.grants):
        raise not_built(f"{how}shares for a service that stands ready")
    if any(grant.modification == "blend" for grant in legs.grants):
        raise not_built(f"{how}shares for credits that blend others")


class NoncashPrice:
    """The shares of one contract event, as the price of the credits they pay for."""

    def __init__(
        self,
        date: datetime.date,
        stakes: Sequence[Stake],
        legs: Sequence[StakeLeg],
        prices: dict[str, int],
        worths: Worths,
        terms: SideTerms,
    ) -> None:
        self.date = date
        self.worths = worths
        self.terms = terms
        # Whole quanta: what the units of each leg stand for now, and at inception.
        self.standing = {
            stake: to_quanta(leg.value, terms.scale)
            for stake, leg in zip(stakes, legs, strict=True)
        }
        self.prices = dict(prices)
        total = sum(self.standing.values())
        # The part of the shares that is no purchase for cash, and each tranche's of it.
        self.part = Fraction(sum(prices.values()), total)
        self.shares = {name: Fraction(price, total) for name, price in prices.items()}

    def on(self, tranche: str, day: datetime.date) -> Fraction:
        """Return the price of all credits of a tranche by the worth of a day, in quanta."""
        worth = Fraction(0)
        for stake, standing in self.standing.items():
            found = self.worths.newest(stake.units.currency, self.date, day)
            worth += standing if found is None else self._of_all(stake, found)
        return self.shares[tranche] * worth

    def receive(
        self, stake: Stake, tranches: Sequence[Tranche]
    ) -> tuple[int, int, tuple[PriceChange, ...]]:
        """Return what units are worth on the day they come, and reprice the credits by it.

        Args:
          tranches: Those the shares pay for, by name.
        Returns:
          Their worth; the gain on the part that cash has bought, both in whole quanta;
          and what changes of each tranche.

        Raises:
          Refusal: Nothing says what they are worth on that day, or a tranche is no
            longer what was granted.
        """
        for tranche in tranches:
            if not tranche.runs_as_granted:
                raise not_built(
                    f"shares received for credits of {tranche.name}, which were amended, "
                    "blended or forfeited before the shares that pay for them came"
                )
        found = self.worths.newest(stake.units.currency, stake.date, stake.date)
        if found is None:
            raise Refusal(
                "E221",
                f"{stake.units.number:,f} {stake.units.currency} are received on "
                f"{stake.date} and measured then (IFRS 15.66), and nothing says what they "
                "are worth: write a `deal-valuation` of that day, its kind any but "
                "impairment",
                stake.at,
            )
        exact = self._of_all(stake, found)
        worth = round_half_up(exact.numerator, exact.denominator)
        change = worth - self.standing[stake]
        priced = self.part * change
        into_price = round_half_up(priced.numerator, priced.denominator)
        self.standing[stake] = worth
        before = dict(self.prices)
        after = self._shared(into_price)
        changes = tuple(
            self._repriced(tranche, after[tranche.name] - before[tranche.name])
            for tranche in tranches
        )
        return worth, change - into_price, changes

    def _repriced(self, tranche: Tranche, change: int) -> PriceChange:
        moved = tranche.reprice(change)
        scale = self.terms.scale
        return PriceChange(
            tranche.name,
            from_quanta(change, scale),
            from_quanta(moved.price, scale),
            from_quanta(moved.breakage, scale),
        )

    def _shared(self, change: int) -> dict[str, int]:
        """Return the prices after a change, in the proportion they had at inception."""
        total = sum(self.prices.values()) + change
        names = sorted(self.prices)
        parts = largest_remainder(total, [self.shares[name] for name in names])
        self.prices = dict(zip(names, parts, strict=True))
        return self.prices

    def _of_all(self, stake: Stake, valuation: Valuation) -> Fraction:
        each = Fraction(valuation.price.number) * Fraction(stake.units.number)
        return each * Fraction(10**self.terms.scale)


class MeasuredDraws:
    """The draws of one tranche, each worth its part of the shares on its own day.

    What is given back is the newest, as the price to date is walked back; what the
    liability carries for a draw is the tranche's affair, and here only the difference.
    """

    def __init__(
        self,
        tranche: Tranche,
        granted: int,
        price: NoncashPrice,
        rule: str,
        emit: Callable[[PriceMeasured], None],
    ) -> None:
        self.tranche = tranche
        self.granted = granted
        self.price = price
        self.rule = rule
        self.emit = emit
        self._slices: list[tuple[int, Fraction]] = []
        self._worth = Fraction(0)
        self._carried = self._difference = 0

    def deliver(self, usage: Usage, credits: int, carried: int) -> None:
        """Measure what a draw has delivered; negative credits take back.

        Args:
          credits: Whole quanta.
          carried: What the liability carried for them, in whole quanta.
        """
        if credits > 0:
            day = usage.of or usage.date
            each = self.price.on(self.tranche.name, day) / self.granted
            self._slices.append((credits, each))
            self._worth += credits * each
        else:
            self._take_back(-credits)
        self._carried += carried
        to_date = round_half_up(self._worth.numerator, self._worth.denominator)
        change = to_date - self._carried - self._difference
        if not change:
            return
        self._difference += change
        self.tranche.reprice_drawn(change)
        self.emit(
            PriceMeasured(
                usage.at,
                usage.date,
                self.rule,
                self.tranche.name,
                usage.service,
                usage.import_id or "",
                from_quanta(change, self.price.terms.scale),
            )
        )

    def _take_back(self, credits: int) -> None:
        while credits:
            taken, each = self._slices.pop()
            part = min(credits, taken)
            if part < taken:
                self._slices.append((taken - part, each))
            self._worth -= part * each
            credits -= part
