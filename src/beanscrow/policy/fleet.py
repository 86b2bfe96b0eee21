"""A fleet of chips: bought, depreciated by the month, given a new life, impaired.

Straight-line over the useful life (360-10-35-4; IAS 16.50), rounded once on the sum to
date.  Every calendar month counts whole, that of the first day in service included.  A
new life, which counts from the first day in service, spreads what is left from the month
it is dated in (250-10-45-17; IAS 8.38).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.deal.fleet_terms import (
    Fleet,
    FleetFact,
    FleetImpairment,
    FleetLife,
    FleetRate,
)
from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.terms import Framework, Money
from beanscrow.money import from_quanta, round_half_up
from beanscrow.periods import DAY, month_end
from beanscrow.policy.exact import exact_money
from beanscrow.policy.fleet_rates import rates_in_order
from beanscrow.policy.refusal import Refusal

_RULES: dict[Framework, dict[str, str]] = {
    "us-gaap": {
        "bought": "360-10-30-1",
        "depreciation": "360-10-35-4",
        "life": "250-10-45-17",
        "new-basis": "360-10-35-20",
        "impairment": "360-10-35-17",
    },
    "ifrs": {
        "bought": "IAS 16.15",
        "depreciation": "IAS 16.50",
        "life": "IAS 16.51; IAS 8.38",
        "new-basis": "IAS 36.63",
        "impairment": "IAS 36.59",
        "reversal": "IAS 36.114",
        "reversed-basis": "IAS 36.121",
    },
}


class FleetTerms(NamedTuple):
    """How these books keep their fleets.

    Attributes:
      scale: Decimals of the functional currency.
      through: Last day booked, inclusive.
      yearly: Whether depreciation is booked once a year.
    """

    framework: Framework
    currency: str
    scale: int
    through: datetime.date
    yearly: bool


class Bought(NamedTuple):
    """Chips bought at their cost (positive)."""

    at: Position
    date: datetime.date
    rule: str
    amount: Decimal


class Depreciated(NamedTuple):
    """Depreciation of the months since the entry before, up to `date` (positive)."""

    at: Position
    date: datetime.date
    rule: str
    amount: Decimal


class Impaired(NamedTuple):
    """A fleet written down to what it is worth; negative where a loss is reversed."""

    at: Position
    date: datetime.date
    rule: str
    amount: Decimal


FleetEvent = Bought | Depreciated | Impaired


class Month(NamedTuple):
    """A calendar month in service, by its last day, and what it costs in depreciation."""

    end: datetime.date
    depreciation: Decimal


class FleetSchedule(NamedTuple):
    """Everything booked for one fleet, in order, and what is not with the reason.

    Attributes:
      gpus: Number of chips, if it is written.
      yearly: Whether depreciation is booked in December only, and with impairments.
      months: Every month in service that has ended, and its depreciation.
      first_life: The same had the life stayed as first written; empty where it has.
      rates: What an hour costs and brings, by date; each key holds until the next.
    """

    fleet: str
    currency: str
    through: datetime.date
    gpus: Decimal | None
    events: tuple[FleetEvent, ...]
    unbooked: tuple[tuple[Position, str], ...]
    problems: tuple[Problem, ...]
    yearly: bool = False
    months: tuple[Month, ...] = ()
    first_life: tuple[Month, ...] = ()
    rates: tuple[FleetRate, ...] = ()


class _Track:
    """A carrying amount falling to its residual over what is left of a life, in quanta."""

    def __init__(self, carrying: int, residual: int, months: Fraction) -> None:
        self.residual = residual
        self.spread(carrying, months)

    def spread(self, carrying: int, months: Fraction) -> None:
        """Spread a carrying amount over the months that are left, at least one."""
        self.base = carrying
        self.left = max(Fraction(1), months)
        self.gone = 0

    @property
    def carrying(self) -> int:
        """What the fleet is carried at."""
        worth = max(0, self.base - self.residual)
        part = min(Fraction(1), Fraction(self.gone) / self.left)
        exact = worth * part
        return self.base - round_half_up(exact.numerator, exact.denominator)

    @property
    def remaining(self) -> Fraction:
        """Months that are left of the life."""
        return self.left - self.gone


def fleets_of(facts: Iterable[FleetFact], terms: FleetTerms) -> list[FleetSchedule]:
    """Return what is booked for each fleet of a provider, by name.

    Args:
      facts: In any order; each life, rate and impairment has its fleet among them.
    """
    by_name: dict[str, list[FleetFact]] = {}
    for fact in facts:
        by_name.setdefault(fact.name, []).append(fact)
    return [_schedule_of(found, terms) for _, found in sorted(by_name.items())]


def _schedule_of(facts: list[FleetFact], terms: FleetTerms) -> FleetSchedule:
    schedule = _FleetLife(facts, terms).schedule()
    rates = [fact for fact in facts if isinstance(fact, FleetRate)]
    kept, problems = rates_in_order(rates)
    after = [(rate.at, _later(terms)) for rate in kept if rate.date > terms.through]
    first_life: tuple[Month, ...] = ()
    if any(isinstance(f, FleetLife) and f.date <= terms.through for f in facts):
        unchanged = [fact for fact in facts if not isinstance(fact, FleetLife)]
        first_life = _FleetLife(unchanged, terms).schedule().months
    return schedule._replace(
        unbooked=(*schedule.unbooked, *after),
        problems=(*schedule.problems, *problems),
        first_life=first_life,
        rates=tuple(rate for rate in kept if rate.date <= terms.through),
    )


class _FleetLife:
    """One fleet as far as the books have reached."""

    def __init__(self, facts: Sequence[FleetFact], terms: FleetTerms) -> None:
        self.fleet = next(fact for fact in facts if isinstance(fact, Fleet))
        self.changes = sorted(
            (fact for fact in facts if isinstance(fact, FleetLife | FleetImpairment)),
            key=_turn,
        )
        self.terms = terms
        self.rules = _RULES[terms.framework]
        self.events: list[FleetEvent] = []
        self.months: list[Month] = []
        self.unbooked: list[tuple[Position, str]] = []
        self.problems: list[Problem] = []
        self._pending = 0
        self._source: tuple[Position, str] = (self.fleet.at, self.rules["depreciation"])

    def schedule(self) -> FleetSchedule:
        fleet, terms = self.fleet, self.terms
        try:
            cost, residual = self._exact(fleet, fleet.cost), 0
            if fleet.residual is not None:
                residual = self._exact(fleet, fleet.residual)
        except Refusal as refusal:
            self._say(fleet, refusal)
        else:
            if fleet.date > terms.through:
                self._wait(fleet)
            else:
                self._run(cost, residual)
        return FleetSchedule(
            fleet.name,
            terms.currency,
            terms.through,
            fleet.gpus,
            tuple(self.events),
            tuple(self.unbooked),
            tuple(self.problems),
            terms.yearly,
            tuple(self.months),
        )

    def _wait(self, fact: FleetFact) -> None:
        self.unbooked.append((fact.at, _later(self.terms)))

    def _exact(self, fact: FleetFact, money: Money) -> int:
        return exact_money(money, self.terms, fact.at)

    def _say(self, fact: FleetFact, refusal: Refusal) -> None:
        self.problems.append(Problem(fact.at, refusal.code, refusal.message))

    def _run(self, cost: int, residual: int) -> None:
        fleet = self.fleet
        months = Fraction(fleet.life_years) * 12
        self.own = _Track(cost, residual, months)
        # Carried had no loss been recognised: a reversal goes no further (IAS 36.117).
        self.unimpaired = _Track(cost, residual, months)
        self._emit(Bought, fleet.at, fleet.date, self.rules["bought"], cost)
        changes = list(self.changes)
        for end in _month_ends(fleet.in_service, self.terms.through):
            while (
                changes
                and changes[0].date <= end
                and _before_month_is_over(changes[0], end)
            ):
                self._change(changes.pop(0))
            self._depreciate(end)
        for change in changes:
            if change.date <= self.terms.through:
                self._change(change)
            else:
                self._wait(change)

    def _depreciate(self, end: datetime.date) -> None:
        before = self.own.carrying
        self.own.gone += 1
        self.unimpaired.gone += 1
        falls = before - self.own.carrying
        self.months.append(Month(end, from_quanta(falls, self.terms.scale)))
        self._pending += falls
        due = not self.terms.yearly or end.month == 12
        if due and end >= self.fleet.date:
            self._flush(end)

    def _flush(self, day: datetime.date) -> None:
        at, rule = self._source
        if self._pending:
            self._emit(Depreciated, at, day, rule, self._pending)
        self._pending = 0

    def _change(self, fact: FleetLife | FleetImpairment) -> None:
        if isinstance(fact, FleetLife):
            elapsed = _months_before(self.fleet, fact.date)
            for track in (self.own, self.unimpaired):
                track.spread(track.carrying, Fraction(fact.years) * 12 - elapsed)
            self._source = (self.fleet.at, self.rules["life"])
            return
        try:
            worth = self._exact(fact, fact.fair_value)
            undiscounted = self._exact(fact, fact.undiscounted)
        except Refusal as refusal:
            self._say(fact, refusal)
        else:
            self._impair(fact, worth, undiscounted)

    def _impair(self, fact: FleetImpairment, worth: int, undiscounted: int) -> None:
        carrying = self.own.carrying
        if self.terms.framework == "ifrs":
            worth = min(worth, max(carrying, self.unimpaired.carrying))
        elif undiscounted >= carrying:
            self.unbooked.append(
                (
                    fact.at,
                    "the undiscounted cash flows recover the carrying amount of "
                    f"{from_quanta(carrying, self.terms.scale):,f} (360-10-35-17)",
                )
            )
            return
        elif worth > carrying:
            worth = carrying
        if worth == carrying:
            self.unbooked.append((fact.at, "the fleet is worth what it is carried at"))
            return
        self._flush(fact.date)
        falls = worth < carrying
        rule = self.rules["impairment" if falls else "reversal"]
        self._emit(Impaired, fact.at, fact.date, rule, carrying - worth)
        # What it is carried at now is what the rest of its life bears.
        basis = self.rules["new-basis" if falls else "reversed-basis"]
        self._source = (self.fleet.at, basis)
        self.own.spread(worth, self.own.remaining)

    def _emit(
        self,
        kind: type[Bought | Depreciated | Impaired],
        at: Position,
        date: datetime.date,
        rule: str,
        amount: int,
    ) -> None:
        self.events.append(kind(at, date, rule, from_quanta(amount, self.terms.scale)))


def _later(terms: FleetTerms) -> str:
    return f"it is dated after {terms.through}, which these books have reached"


def _turn(fact: FleetLife | FleetImpairment) -> tuple[datetime.date, int, Decimal]:
    """Return the order of changes: by day, lives first, the larger figure first."""
    if isinstance(fact, FleetImpairment):
        return fact.date, 1, -fact.fair_value.number
    return fact.date, 0, -fact.years


def _before_month_is_over(fact: FleetLife | FleetImpairment, end: datetime.date) -> bool:
    """Return whether a change holds for the month that ends: a new life, or an earlier loss."""
    return isinstance(fact, FleetLife) or fact.date < end


def _months_before(fleet: Fleet, day: datetime.date) -> int:
    """Return the months in service before the month of a day."""
    first = fleet.in_service
    return (day.year - first.year) * 12 + day.month - first.month


def _month_ends(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    end = month_end(first)
    while end <= last:
        yield end
        if end == datetime.date.max:
            return
        end = month_end(end + DAY)
