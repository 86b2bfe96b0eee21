"""Usage written in money, and what hangs on it: promises to spend, and warrants."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.laws.facts import (
    Bought,
    Milestone,
    Promise,
    PromiseChange,
    PromiseEnd,
    Warrant,
)
from tests.laws.oracle.abroad import BILL, CREDIT, END, Owed, exchanged
from tests.laws.oracle.accounts import (
    APIC_WARRANTS,
    CASH,
    CONTRA,
    CONTRA_WARRANTS,
    LIABILITY,
    PREPAID,
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
      ends: The last day on which it counts; None once it was given up.
      promised: In all.
      spread: What was not released when its terms last changed, X before they did;
        `since`, what had been spent by then.
    """

    fact: Promise
    carried: Fraction
    ends: date | None
    promised: Fraction
    spread: Fraction
    since: Fraction = ZERO
    spent: Fraction = ZERO
    released: Fraction = ZERO

    def to_date(self, cent: Fraction) -> Fraction:
        """Return what is released by what was spent [2.5.9], changed terms in mind [2.6]."""
        whole = self.promised - self.since
        kept = max(ZERO, min(self.spent - self.since, whole))
        now = rhu(self.spread * kept / whole, cent) if whole else ZERO
        return self.carried - self.spread + now

    def holds(self, day: date) -> bool:
        """Return whether what is bought on a day counts to it."""
        return self.ends is not None and self.fact.starts <= day <= self.ends


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

    def __init__(self, journal: Journal, owed: Owed) -> None:
        self.journal = journal
        self.owed = owed
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
            x_of_it, amount = sign * part, Fraction(fact.amount)
            self.promises.append(Promised(fact, x_of_it, fact.ends, amount, x_of_it))
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
            phase = BILL if amount > 0 else CREDIT
            worth = self.owed.add(amount, (phase, service, fact.import_id))
            if self.journal.provider:
                self.journal.post(revenue(service, "Cash"), -worth)
            else:
                self.journal.post(compute(service), worth)
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
            if not promised.holds(fact.on):
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

    def change(self, fact: PromiseChange) -> None:
        """Spread what a promise still carries over what is still to be spent [2.6]."""
        found = self.bound(fact)
        if found is None:
            return
        amount = found.promised if fact.amount is None else Fraction(fact.amount)
        if fact.amount is not None and amount <= found.spent:
            self.journal.refused.add(fact)
            return
        found.spread, found.since = found.carried - found.released, found.spent
        found.promised = amount
        found.ends = fact.ends or found.ends

    def give_up(self, fact: PromiseEnd) -> None:
        """Book that nobody keeps a promise: what it carries, against what is paid [2.8]."""
        found = self.bound(fact)
        if found is None:
            return
        found.ends = None
        rest, cash = found.carried - found.released, Fraction(fact.cash or 0)
        if cash and self.journal.life.rates:
            # [2.11] money that moves takes the rate of its day
            cash = exchanged(self.journal, cash)
        found.released = found.carried
        self.carry(found, rest)
        if not self.journal.provider:
            lost = "ExpiredCredits" if rest > 0 and not cash else "TerminationLoss"
            self.journal.post(CASH, cash)
            self.journal.post(compute(lost), rest - cash)
            return
        word = "Modification" if cash else "Breakage"
        line = CONTRA if rest < cash else revenue("Compute", word)
        self.journal.post(CASH, -cash)
        self.journal.post(line, cash - rest)

    def bound(self, fact: PromiseChange | PromiseEnd) -> Promised | None:
        """Return the promise a fact is about; a fact about one that is over is refused."""
        for promised in self.promises:
            ends = promised.ends
            if promised.fact.name == fact.name and ends is not None and fact.on <= ends:
                return promised
        self.journal.refused.add(fact)
        return None

    def end(self) -> None:
        """Book what ends today: the shortfall of a promise, and the rest it carries."""
        for promised in self.promises:
            fact = promised.fact
            if promised.ends != self.journal.day:
                continue
            short = max(ZERO, promised.promised - promised.spent)
            if not fact.take_or_pay:
                short = ZERO
            rest = promised.carried - promised.released
            self.carry(promised, rest)
            short = self.owed.add(short, (END, fact.name, ""))
            if self.journal.provider:
                self.journal.post(revenue("Compute", "Breakage"), -short)
                lost = CONTRA if promised.carried < 0 else revenue("Compute", "Breakage")
                self.journal.post(lost, -rest)
            else:
                self.journal.post(compute("Shortfall"), short)
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
