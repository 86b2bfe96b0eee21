"""A significant financing component: shares paid in advance for compute due on fixed dates.

The startup that pays in shares today for compute of later years lends the provider money:
interest accrues on the contract liability, and revenue is so much larger (606-10-32-15 to
32-20; IFRS 15.60 to 15.65).  The timing must be fixed, by a ramp or by the days of a term:
what the customer may draw when it likes has no such component (606-10-32-17(a)), nor has
what is all due within a year (606-10-32-18).

The price P of a unit when it is due makes what was received the present value of the plan.
At any time the liability is P times the present value of the units not yet delivered, each
discounted from the day it is due, and not at all once that has passed.  So interest is how
the liability grows by a month, revenue how it falls by a delivery; each is rounded on the
liability as it stands, however deliveries are cut up, and with the last unit it is zero.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Commitment, Fact, Grant, Money
from beanscrow.money import round_half_up
from beanscrow.periods import month_end, periods
from beanscrow.policy.order import INTEREST, Act
from beanscrow.policy.refusal import Refusal, not_built

if TYPE_CHECKING:
    from beanscrow.policy.measurement import EventLegs
    from beanscrow.policy.schedule import EscrowMode, Signing
    from beanscrow.policy.terms_of_side import SideTerms

_NO_NUMBER = Decimal(0)
_MONTHS = 12
_LONGEST = 100  # years that interest is computed over


class InterestAccrued(NamedTuple):
    """Interest of a month on what is owed for shares received in advance; positive."""

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    amount: Decimal


class Accrual(NamedTuple):
    """The end of a month in which interest may accrue on a grant or a commitment."""

    at: Position
    date: datetime.date
    leg: Grant | Commitment


class Plan:
    """When the units that were paid for in advance are due, and at what rate."""

    def __init__(
        self, event: datetime.date, due: Mapping[datetime.date, Fraction], rate: Decimal
    ) -> None:
        self.event = event
        days = sorted(due)
        # Month ends from the event to each due date; units due, and due by then.
        self.months = [self.month_of(day) for day in days]
        self.units = [due[day] for day in days]
        self.until = list(accumulate(self.units))
        monthly = Fraction(rate) / _MONTHS
        first = Fraction((month_end(event) - event).days + 1, month_end(event).day)
        self._growth = [Fraction(1), 1 + monthly * first]
        for _ in range(self.months[-1] - 1):
            self._growth.append(self._growth[-1] * (1 + monthly))
        self._known: dict[int, tuple[list[Fraction], list[Fraction]]] = {}

    def month_of(self, day: datetime.date) -> int:
        """Return how many ends of months lie between the event and a day, both counted."""
        start = self.event
        months = (day.year - start.year) * _MONTHS + day.month - start.month
        return months + (day == month_end(day))

    def owed(self, delivered: Fraction, month: int) -> Fraction:
        """Return the present value of the units not yet delivered, of one each.

        Args:
          delivered: Units, of those planned; the earliest due are delivered first.
          month: Ends of months that have passed since the event.
        """
        factors, later = self._at(month)
        slot = bisect_right(self.until, delivered)
        if slot == len(self.until):
            return Fraction(0)
        return (self.until[slot] - delivered) * factors[slot] + later[slot + 1]

    def _at(self, month: int) -> tuple[list[Fraction], list[Fraction]]:
        """Return each slot's discount, and the worth of it and of all after it."""
        if month not in self._known:
            factors = [
                Fraction(1) if due <= month else self._growth[month] / self._growth[due]
                for due in self.months
            ]
            later = [Fraction(0)]
            for units, factor in zip(reversed(self.units), reversed(factors), strict=True):
                later.append(later[-1] + units * factor)
            self._known[month] = factors, later[::-1]
        return self._known[month]


class Financed:
    """What is owed under one plan, in whole quanta of money."""

    __slots__ = ("_delivered", "_month", "_pace", "_price", "plan")

    def __init__(self, plan: Plan, received: int) -> None:
        self.plan = plan
        self._delivered = Fraction(0)
        self._month = 0
        # Units of the plan that one unit delivered stands for.
        self._pace = Fraction(1)
        self._price = Fraction(received) / plan.owed(Fraction(0), 0)

    @property
    def owed(self) -> int:
        """The liability as it stands, rounded once."""
        exact = self._price * self.plan.owed(self._delivered, self._month)
        return round_half_up(exact.numerator, exact.denominator)

    def accrue(self, month_end: datetime.date) -> int:
        """Return the interest of the month that ends."""
        before = self.owed
        self._month = self.plan.month_of(month_end)
        return self.owed - before

    def deliver(self, units: int | Fraction) -> int:
        """Return what delivering units releases; negative units are owed again."""
        before = self.owed
        self._delivered += units * self._pace
        return before - self.owed

    def give_up(self, units: int, left: int) -> int:
        """Return what giving up units releases; the plan of the rest shrinks alike.

        Args:
          left: Units not delivered before.
        """
        before = self.owed
        kept = Fraction(left - units, left)
        self._price *= kept
        if kept:
            self._pace /= kept
        return before - self.owed


def plan_of(leg: Grant | Commitment, rate: Decimal, unit: int) -> Plan | None:
    """Return the plan a leg's terms fix; None where they fix none, or all is due in a year.

    Args:
      rate: Yearly, compounded by the month.
      unit: Quanta that one unit of the leg has.

    Raises:
      Refusal: Its ramp does not rise, or does not say when all of it is due.
    """
    due = _due(leg)
    if due is None or max(due) <= _year_after(leg.event):
        return None
    return Plan(leg.event, {day: units * unit for day, units in due.items()}, rate)


def plans_of(
    legs: EventLegs,
    signing: Signing,
    mode: EscrowMode,
    terms: SideTerms,
    unit_scale: int,
    *,
    abroad: bool,
) -> dict[str, Plan]:
    """Return the plans of what shares of an event pay for, by tranche or commitment.

    Raises:
      Refusal: A ramp is no plan, or the event has more to it than shares in advance.
    """
    if terms.financing is None or signing.earned is not None:
        return {}
    carrying = {leg.commitment for leg in signing.commitments if leg.price > 0}
    found: dict[str, Plan | None] = {
        grant.tranche: plan_of(grant, terms.financing, 10**unit_scale)
        for grant in legs.grants
    }
    found |= {
        it.commitment: plan_of(it, terms.financing, 10**terms.scale)
        for it in legs.commitments
        if it.commitment in carrying
    }
    plans = {name: plan for name, plan in found.items() if plan is not None}
    if plans:
        _check_computable(legs, mode, terms, abroad=abroad)
    return plans


def _check_computable(
    legs: EventLegs, mode: EscrowMode, terms: SideTerms, *, abroad: bool
) -> None:
    """Make sure that the shares are paid in advance, and nothing else moves their price.

    Raises:
      Refusal: It is not built beside something of the event.
    """
    what = '`sfc: "force"` of '
    if mode in ("startup", "trustee-startup"):
        raise not_built(f"{what}credits whose escrow is the startup's")
    if abroad:
        raise not_built(f"{what}an event in another currency")
    if any(stake.date > stake.event for stake in legs.stakes):
        raise not_built(f"{what}compute whose shares come later")
    if any(grant.modification == "blend" for grant in legs.grants):
        raise not_built(f"{what}credits that blend others")
    if terms.line_by_line:
        raise not_built(f'{what}credits under `rounding: "per-line"`')
    if terms.proportional:
        raise not_built(f"{what}credits with proportional breakage")
    if terms.measured_on != "inception":
        raise not_built(f"{what}shares that are not measured at inception")


def has_component(facts: Iterable[Fact]) -> bool:
    """Return whether any leg fixes a timing of more than a year; a ramp that is no plan does."""
    for fact in facts:
        if isinstance(fact, Grant | Commitment):
            try:
                due = _due(fact)
            except Refusal:
                return True
            if due is not None and max(due) > _year_after(fact.event):
                return True
    return False


def accruals(facts: Iterable[Fact], through: datetime.date) -> Iterator[Act]:
    """Yield the ends of months in which interest may accrue, for each leg with a plan."""
    for fact in facts:
        if not isinstance(fact, Grant | Commitment):
            continue
        try:
            due = _due(fact)
        except Refusal:
            continue  # told when its event is signed
        if due is None:
            continue
        for month in periods(fact.event, min(max(due), through), "month"):
            if month.last <= through:
                name = fact.tranche if isinstance(fact, Grant) else fact.commitment
                key = (month.last, INTEREST, 0, 1, name, "", _NO_NUMBER, "")
                yield key, Accrual(fact.at, month.last, fact)


def _due(leg: Grant | Commitment) -> dict[datetime.date, Fraction] | None:
    """Return the units due on which days, None where nothing fixes them."""
    if isinstance(leg, Commitment):
        return _ramp(leg, leg.amount.number, leg.ramp, leg.to) if leg.ramp else None
    if leg.price is not None or leg.opening:
        return None
    if leg.delivery == "stand-ready":
        assert leg.expires is not None, "the reader wants `expires` beside it"
        first = max(leg.effective, leg.date)
        _check_not_for_ever(leg, leg.expires)
        each = Fraction(leg.credits.number) / ((leg.expires - first).days + 1)
        return {
            month.last: each
            * ((min(month.last, leg.expires) - max(month.first, first)).days + 1)
            for month in periods(first, leg.expires, "month")
        }
    return _ramp(leg, leg.credits.number, leg.ramp, leg.expires) if leg.ramp else None


def _ramp(
    leg: Grant | Commitment,
    whole: Decimal,
    ramp: Mapping[str, Money],
    last: datetime.date | None,
) -> dict[datetime.date, Fraction]:
    """Return what a ramp, which counts up, makes due month by month; the rest at the end."""
    due: dict[datetime.date, Fraction] = {}
    so_far = Decimal(0)
    for month in sorted(ramp):
        year, number = month.split("-")
        day = month_end(datetime.date(int(year), int(number), 1))
        amount = ramp[month].number
        if amount <= so_far or amount > whole or day < leg.event:
            raise Refusal(
                "E222",
                f"`ramp-{month}:` says {amount:,f} of {whole:,f} are due by {day}, after "
                f"{so_far:,f} before it and an event of {leg.event}; a ramp counts up from "
                "the event to the whole",
                leg.at,
            )
        due[day] = Fraction(amount - so_far)
        so_far = amount
    if so_far < whole:
        if last is None:
            raise Refusal(
                "E222",
                f"the ramp makes {so_far:,f} of {whole:,f} due, and nothing says when the "
                "rest is; write its last month, or `expires:`",
                leg.at,
            )
        end = max(month_end(last), *due)
        due[end] = due.get(end, Fraction(0)) + Fraction(whole - so_far)
    _check_not_for_ever(leg, max(due))
    return due


def _check_not_for_ever(leg: Grant | Commitment, last: datetime.date) -> None:
    """Refuse a day that is no term but a way to write never, before months are counted to it."""
    if last.year - leg.event.year > _LONGEST:
        raise Refusal(
            "E222",
            f"interest would run to {last}, more than {_LONGEST} years after the event of "
            f"{leg.event}; write the last day on which the contract makes the rest due",
            leg.at,
        )


def _year_after(day: datetime.date) -> datetime.date:
    """Return the last day that is no more than a year after one."""
    if day.year == datetime.MAXYEAR:
        return datetime.date.max
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
