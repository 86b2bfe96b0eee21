"""Usage written in money, and what hangs on it: promises to spend, and warrants."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from tests.laws.facts import Bought, Milestone, Promise, Warrant
from tests.laws.oracle.accounts import (
    APIC_WARRANTS,
    CONTRA,
    CONTRA_WARRANTS,
    LIABILITY,
    PAYABLE,
    PREPAID,
    RECEIVABLE,
    UPFRONT,
    VENDOR,
    WARRANTS_EARNED,
    compute,
    revenue,
)
from tests.laws.oracle.exact import rhu, shares_of
from tests.laws.oracle.journal import ZERO, Journal, Undetermined


@dataclass
class Promised:
    """What a promise to spend carries, and how far it was kept.

    Attributes:
      carried: X of the event, or its share of it: above zero a liability.
    """

    fact: Promise
    carried: Fraction
    spent: Fraction = ZERO
    released: Fraction = ZERO

    def to_date(self, cent: Fraction) -> Fraction:
        """Return what is released by what was spent [2.5.9]."""
        promised = Fraction(self.fact.amount)
        return rhu(self.carried * min(self.spent, promised) / promised, cent)


@dataclass
class Earning:
    """What was bought towards the warrants of one grant.

    Attributes:
      met: What a milestone said of their target, or None.
    """

    fact: Warrant
    bought: Fraction = ZERO
    earned: Fraction = ZERO
    met: bool | None = None
    services: set[str] = field(default_factory=set)

    def to_date(self, cent: Fraction) -> Fraction:
        """Return what is earned by what was bought."""
        expected = Fraction(self.fact.expected) if self.met is None else Fraction(self.met)
        target = Fraction(self.fact.target)
        part = min(self.bought, target) / target
        return rhu(self.fact.units * Fraction(self.fact.worth) * expected * part, cent)


class Buying:
    """What the startup buys for money, and what it gets for that."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.promises: list[Promised] = []
        self.warrants: dict[str, Earning] = {}
        self.bought: dict[str, Fraction] = defaultdict(Fraction)

    def promise(self, facts: list[Promise], x: Fraction) -> None:
        """Carry what the cash of an event was not paid for, or paid too much for [2.3.5]."""
        facts = sorted(facts, key=lambda promise: promise.name)
        weights = [Fraction(promise.amount) for promise in facts]
        sign = -1 if x < 0 else 1
        for fact, part in zip(
            facts, shares_of(abs(x), weights, self.journal.cent), strict=True
        ):
            self.promises.append(Promised(fact, sign * part))
            self.carry(self.promises[-1], -sign * part)

    def carry(self, promised: Promised, change: Fraction) -> None:
        """Book a change of what a promise carries, as the provider's debit."""
        name = promised.fact.name
        if promised.carried < 0:
            account = UPFRONT if self.journal.provider else VENDOR
        else:
            account = LIABILITY + name if self.journal.provider else PREPAID + name
        self.journal.post(account, change if self.journal.provider else -change)

    def buy(self, facts: list[Bought]) -> None:
        """Bill what is bought, and credit what is taken back, in the day's order [2.4]."""

        def order(fact: Bought) -> tuple[object, ...]:
            return fact.amount < 0, fact.service, fact.import_id, -fact.amount

        for fact in sorted(facts, key=order):
            amount, service = Fraction(fact.amount), fact.service
            self.bought[service] += amount
            if self.bought[service] < 0:
                raise Undetermined("a credit note for more than was bought")
            if self.journal.provider:
                self.journal.post(RECEIVABLE, amount)
                self.journal.post(revenue(service, "Cash"), -amount)
            else:
                self.journal.post(compute(service), amount)
                self.journal.post(PAYABLE, -amount)
            self.keep(fact, amount)
            for earning in self.warrants.values():
                if earning.fact.starts <= fact.on:
                    earning.bought += amount
                    earning.services.add(service)
                    if earning.bought < 0:
                        raise Undetermined("a credit note for what counted for no warrant")
                    self.earn(earning, service)

    def keep(self, fact: Bought, amount: Fraction) -> None:
        """Release of the promise that holds the day what its part was kept [2.5.9]."""
        for promised in self.promises:
            if not promised.fact.starts <= fact.on <= promised.fact.ends:
                continue
            promised.spent += amount
            if promised.spent < 0:
                raise Undetermined("a credit note for what counted for no promise")
            to_date = promised.to_date(self.journal.cent)
            change, promised.released = to_date - promised.released, to_date
            self.carry(promised, change)
            if not self.journal.provider:
                self.journal.post(compute(fact.service), change)
            elif promised.carried < 0:
                self.journal.post(CONTRA, -change)
            else:
                self.journal.post(revenue(fact.service, "Credits"), -change)
            return

    def end(self) -> None:
        """Book what ends today: the shortfall of a promise, and the rest it carries."""
        for promised in self.promises:
            fact = promised.fact
            if fact.ends != self.journal.day:
                continue
            short = max(ZERO, Fraction(fact.amount) - promised.spent)
            if not fact.take_or_pay:
                short = ZERO
            rest = promised.carried - promised.released
            self.carry(promised, rest)
            if self.journal.provider:
                self.journal.post(RECEIVABLE, short)
                self.journal.post(revenue("Compute", "Breakage"), -short)
                lost = CONTRA if promised.carried < 0 else revenue("Compute", "Breakage")
                self.journal.post(lost, -rest)
            else:
                self.journal.post(compute("Shortfall"), short)
                self.journal.post(PAYABLE, -short)
                lost = "Compute" if promised.carried < 0 else "ExpiredCredits"
                self.journal.post(compute(lost), rest)

    # --- warrants ---------------------------------------------------------------------

    def grant(self, fact: Warrant) -> None:
        """Take in warrants, of which nothing is booked before something is bought."""
        self.warrants[fact.commodity] = Earning(fact)

    def settle(self, fact: Milestone) -> None:
        """Take back what was earned, or catch up, where a target is settled."""
        earning = self.warrants[fact.warrant]
        earning.met = fact.met
        services = earning.services or {"Compute"}
        if len(services) > 1 and not self.journal.provider:
            raise Undetermined("a milestone of warrants earned by buying two services")
        self.earn(earning, *services)

    def earn(self, earning: Earning, service: str) -> None:
        """Book what has been earned to date, less what was."""
        to_date = earning.to_date(self.journal.cent)
        change, earning.earned = to_date - earning.earned, to_date
        if self.journal.provider:
            self.journal.post(CONTRA_WARRANTS, change)
            self.journal.post(APIC_WARRANTS, -change)
        else:
            self.journal.post(WARRANTS_EARNED, change)
            self.journal.post(compute(service), -change)
