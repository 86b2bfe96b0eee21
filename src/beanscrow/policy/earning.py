"""Shares earned as credits are drawn: nothing at the event, a part with each draw.

Until compute is delivered there is no right to the shares, so the event books units
only (ASU 2025-07 for the provider; 505-50-S99-1 for the startup).  What has been
earned is a function of the most credits ever drawn; what is given back later does not
take shares back, it is compute owed again for shares already had.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Cash, Commitment, CreditValue, Grant, Stake, Usage
from beanscrow.money import from_quanta, places, round_half_up, to_quanta
from beanscrow.policy.lots import LOT_SCALE, lots_of
from beanscrow.policy.noncash import Worths
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import StakeEarned, StakeLeg
from beanscrow.policy.terms_of_side import SideTerms
from beanscrow.policy.tranche import Movement, Tranche


def is_earned(stakes: Iterable[Stake]) -> bool:
    """Return whether any stake of an event is earned as its credits are drawn."""
    return any(stake.vesting == "as-drawn" for stake in stakes)


def check_shape(
    stakes: tuple[Stake, ...],
    cash: tuple[Cash, ...],
    grants: tuple[Grant, ...],
    commitments: tuple[Commitment, ...],
    customers_escrow: bool,
    terms: SideTerms,
) -> None:
    """Make sure an event has one stake earned by the draws of one grant, and no more.

    Raises:
      Refusal: Something else was agreed with them; whose shares pay for it is not built.
        Or the shares are written finer than parts of them are kept.
    """
    simple = len(stakes) == len(grants) == 1 and not cash and not commitments
    if not simple or any(g.price is not None or g.opening for g in grants):
        raise not_built(
            'an event with `vesting: "as-drawn"` that is more than one stake and one grant '
            "without price"
        )
    if stakes[0].opening or stakes[0].date != stakes[0].event:
        raise not_built("shares earned as drawn that are opening, or issued later")
    if grants[0].modification == "blend":
        raise not_built("a blend into credits that earn shares as they are drawn")
    if customers_escrow:
        raise not_built("shares earned as drawn beside an escrow the startup owns")
    if places(stakes[0].units.number) > LOT_SCALE:
        raise Refusal(
            "E216",
            f"{stakes[0].units.number:f} {stakes[0].units.currency} are earned as credits "
            f"are drawn, by parts of a share kept to {LOT_SCALE} decimals; round them to "
            "those",
            stakes[0].at,
        )
    if terms.line_by_line:
        raise not_built('`rounding: "per-line"` of shares earned as drawn')
    if terms.consumption_order == "pro-rata":
        # A pro-rata day gives quanta back as it goes: most ever drawn would hang on lines.
        raise not_built('`consumption-order: "pro-rata"` of credits that earn shares')


class Earned(NamedTuple):
    """What a draw has earned: shares in quanta of 10^-6, and their amount in quanta."""

    shares: int
    value: int


class EarningTranche(Tranche):
    """A tranche whose price comes in as it is drawn.

    The first n credits ever drawn are worth V(n): linear where the price was set at
    inception, in pieces where each is worth what it was when it was received.  Earned
    to date is V(most ever drawn), used to date V(drawn), each rounded once; between
    them lies the price of credits given back, which are owed again.
    """

    __slots__ = (
        "_ends", "_slopes", "_worths", "booked", "each", "fresh", "most", "shares",
        "to_grant", "used", "value",
    )  # fmt: skip

    def begin(self, price: int, shares: int, credits: int) -> None:
        """Set what all its credits earn.

        Args:
          price: Fair value of all shares at inception, in quanta: what draws are
            ordered by.
          shares: All of them, in quanta of 10^-6.
          credits: All of the grant, in whole quanta.
        """
        self.contract_price = price
        self.shares, self.to_grant = shares, credits
        # Worth of one more quantum of credits, in money quanta.
        self.each = Fraction(price, credits)
        self._ends: list[int] = []
        self._worths: list[Fraction] = []
        self._slopes: list[Fraction] = []
        # Most ever drawn; of it, what has earned whole quanta of shares.
        self.most = self.booked = 0
        self.used = self.value = 0
        self.fresh = Earned(0, 0)

    def draw(self, credits: int) -> Movement:
        """Return what drawing moves of credits given back before; `fresh` is what it earns."""
        self.held -= credits
        self.drawn += credits
        escrow = self._release(credits) if self.escrow_money else 0
        return Movement(self._move(), 0, escrow)

    def draw_lapsed(self, credits: int) -> tuple[int, int, int]:
        """Return what a late row moves between breakage and credits; `fresh` is what it earns."""
        self.expired -= credits
        self.drawn += credits
        price = self._move()
        self.base_recognised -= price
        return price, -price, 0

    def reestimate(self, expected: Fraction, remote: int) -> int:
        """Return zero: shares never earned are no price, so there is no breakage of them."""
        self.expected = expected
        return 0

    def forfeit(self, credits: int) -> tuple[int, int]:
        """Return the price and escrow of credits given up; those never drawn go first."""
        never_drawn = self.held - (self.most - self.drawn)
        owed_again = max(0, credits - never_drawn)
        self.held -= credits
        self.forfeited += credits
        escrow = self._release(credits)
        self.most -= owed_again
        self.booked = min(self.booked, self.most)
        value = self._worth(self.booked)
        price, self.value = self.value - value, value
        self.price_in -= price
        return price, escrow

    def rebase(self) -> None:
        """Leave everything as it is: V needs no new base, an amendment moves no price."""

    def _move(self) -> int:
        """Return the change of use beyond what this draw itself has earned."""
        if self.drawn > self.most:
            self._extend(self.drawn - self.most)
            self.most = self.drawn
        before = self._shares_of(self.booked)
        after = self._shares_of(self.most)
        if after > before:
            self.booked = self.most
        value, used = self._worth(self.booked), self._worth(min(self.drawn, self.booked))
        self.fresh = Earned(max(0, after - before), value - self.value)
        change, self.value, self.used = used - self.used, value, used
        self.price_in += self.fresh.value
        self.base_recognised += change
        return change - self.fresh.value

    def _shares_of(self, credits: int) -> int:
        return round_half_up(self.shares * credits, self.to_grant)

    def _extend(self, credits: int) -> None:
        if not self._slopes or self._slopes[-1] != self.each:
            self._ends.append(self._ends[-1] if self._ends else 0)
            self._worths.append(self._worths[-1] if self._worths else Fraction(0))
            self._slopes.append(self.each)
        self._ends[-1] += credits
        self._worths[-1] += self.each * credits

    def _worth(self, credits: int) -> int:
        """Return V, rounded half up, of the first credits drawn."""
        if not credits:
            return 0
        at = bisect_left(self._ends, credits)
        exact = self._worths[at] - (self._ends[at] - credits) * self._slopes[at]
        return round_half_up(exact.numerator, exact.denominator)


class Earning:
    """The shares of one stake as the draws of one tranche earn them."""

    def __init__(
        self,
        tranche: EarningTranche,
        leg: StakeLeg,
        worth_on: Callable[[datetime.date], Fraction] | None,
        unit_scale: int,
        terms: SideTerms,
        rule: str,
        hold: Callable[[StakeLeg], StakeLeg],
        emit: Callable[[StakeEarned], None],
    ) -> None:
        self.tranche = tranche
        self.leg = leg
        self.worth_on = worth_on
        self.terms = terms
        self.rule = rule
        self._per_quantum = Fraction(10**terms.scale, 10**unit_scale)
        self._hold = hold
        self._emit = emit

    def receive(self, usage: Usage) -> None:
        """Take the worth of a credit on the day of service, where that day decides it."""
        if self.worth_on is not None:
            worth = self.worth_on(usage.of or usage.date)
            self.tranche.each = worth * self._per_quantum

    def earn(self, usage: Usage, number: Decimal) -> None:
        """Take in the shares the draw just made has earned, if it has."""
        shares, value = self.tranche.fresh
        if not shares:
            return
        commodity, scale = self.leg.units.currency, self.terms.scale
        units = _written(shares, places(self.leg.units.number))
        leg = self.leg._replace(
            at=usage.at,
            arrives=usage.date,
            units=self.leg.units._replace(number=units, currency=commodity),
            value=from_quanta(value, scale),
            lots=lots_of(units, value, scale, usage.date),
        )
        self._emit(
            StakeEarned(
                usage.at,
                usage.date,
                self.rule,
                self.tranche.name,
                usage.service,
                usage.import_id or "",
                number,
                self._hold(leg),
            )
        )


def service_values(
    values: list[CreditValue], grant: Grant, terms: SideTerms, at: Position
) -> list[CreditValue]:
    """Return what a credit was worth from which day, for a startup under IFRS; else none.

    Services are measured at their own fair value on the day they are received
    (IFRS 2.10, 2.13); US GAAP measures the shares at their grant date.

    Raises:
      Refusal: No value is in force on the first day the credits can be used.
    """
    if terms.side != "startup" or terms.framework != "ifrs":
        return []
    found = sorted(values, key=lambda it: (it.date, it.sequence, it.rest, it.value.number))
    first = max(grant.effective, grant.date)
    for value in found:
        if value.value.currency != terms.currency:
            raise Refusal(
                "E217",
                f"a credit is valued in {value.value.currency} and the books are kept in "
                f"{terms.currency}",
                value.at,
            )
    if not found or found[0].date > first:
        raise Refusal(
            "E217",
            "shares are earned as credits are drawn, and under IFRS the service is measured "
            f"at its own fair value when it is received (IFRS 2.13); on {first} no "
            f"`deal-credit-value` is in force for {grant.credits.currency}: write one dated "
            "on or before that day",
            at,
        )
    return found


def worth_of_service(
    stake: Stake, grant: Grant, leg: StakeLeg, values: list[CreditValue], worths: Worths
) -> Callable[[datetime.date], Fraction] | None:
    """Return what a credit is worth by the day of its service; None for that of inception.

    It is what the startup says of the service (IFRS 2.13), or, where the provider
    measures shares on receipt or performance, what the shares are worth (IFRS 15.66).
    """
    if values:
        return _of_their_days(values, grant.credits.currency)
    if worths.terms.measured_on == "inception":
        return None
    credits, units = Fraction(grant.credits.number), Fraction(stake.units.number)

    def worth(day: datetime.date) -> Fraction:
        found = worths.newest(stake.units.currency, stake.event, day)
        of_all = units * Fraction(found.price.number) if found else Fraction(leg.value)
        return of_all / credits

    return worth


def _of_their_days(
    values: list[CreditValue], commodity: str
) -> Callable[[datetime.date], Fraction]:
    """Return what a credit is worth by the day of its service, as the startup says it."""
    days = [value.date for value in values]
    numbers = [Fraction(value.value.number) for value in values]

    def worth(day: datetime.date) -> Fraction:
        known = bisect_right(days, day)
        if not known:
            raise Refusal(
                "E217",
                f"service of {day} is measured at its own fair value (IFRS 2.13), and the "
                f"first `deal-credit-value` for {commodity} is of {days[0]}: write one "
                f"dated on or before {day}",
            )
        return numbers[known - 1]

    return worth


def shares_in_quanta(stake: Stake) -> int:
    """Return the units of a stake in quanta of 10^-6."""
    return to_quanta(stake.units.number, LOT_SCALE)


def _written(shares: int, decimals: int) -> Decimal:
    """Return shares without zeros at the end, but with those of the stake."""
    kept = LOT_SCALE
    while kept > decimals and shares % 10 == 0:
        shares //= 10
        kept -= 1
    return from_quanta(shares, kept)
