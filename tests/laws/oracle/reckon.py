"""A second way to the books of a deal, from the rules of the ledger language alone.

It shares no line with the engine, and no idea either: facts in the order of their
phases move a few counts of each tranche; what the books must show to date is a
formula over those counts; an entry is what it shows now less what it showed before.
Exact fractions throughout, rounded where the rules say so.  Paragraphs in brackets
are those of docs/ledger-language.md.

Not known here, because the rules leave it open or another test has it: amended
escrow, opening balances.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from tests.laws.directives import Fact, Leg
from tests.laws.facts import (
    Amend,
    Bought,
    Cash,
    Forfeit,
    Grant,
    Milestone,
    Payment,
    Promise,
    PromiseChange,
    PromiseEnd,
    Stake,
    Usage,
    Warrant,
)
from tests.laws.judgements import Dilution, Elimination, Estimate, Result, Sale, Valuation
from tests.laws.lives import Life, Role
from tests.laws.oracle.abroad import PAY, Owed, exchanged
from tests.laws.oracle.accounts import (
    CASH,
    INVESTMENT_DUE,
    INVESTMENT_PAYABLE,
)
from tests.laws.oracle.buying import Buying
from tests.laws.oracle.credits import Credits
from tests.laws.oracle.exact import shares_of
from tests.laws.oracle.holding import Holding
from tests.laws.oracle.influence import Influence
from tests.laws.oracle.journal import ZERO, Journal, Reckoned, Undetermined, of_kind
from tests.laws.oracle.measuring import value

DAY = timedelta(days=1)


def month_ends(first: date, last: date) -> set[date]:
    """Return the last days of the months from one day to another."""
    days = (first + DAY * n for n in range((last - first).days + 1))
    return {day for day in days if (day + DAY).day == 1}


def reckon(life: Life, role: Role) -> Reckoned:
    """Return what the books of one side must show of a life, by (date, account).

    Raises:
      Undetermined: The rules leave a figure open.
    """
    return Oracle(life, role).run()


class Oracle:
    """The days of a life, and the phases of each [2.4]."""

    def __init__(self, life: Life, role: Role) -> None:
        self.life = life
        self.journal = Journal(life, role)
        self.provider = self.journal.provider
        self.holding = Holding(self.journal)
        self.owed = Owed(self.journal)
        self.credits = Credits(self.journal, self.holding, self.owed)
        self.buying = Buying(self.journal, self.owed)
        self.influence = Influence(self.holding)

    def run(self) -> Reckoned:
        """Walk the days in order."""
        facts: dict[date, list[Fact]] = defaultdict(list)
        legs: dict[date, list[Leg]] = defaultdict(list)
        days: set[date] = set()
        self.amended: dict[date, set[str]] = defaultdict(set)
        for fact in self.life.facts:
            facts[fact.on].append(fact)
            if isinstance(fact, Leg):
                legs[fact.event].append(fact)
            if isinstance(fact, Grant | Amend) and fact.expires:
                days.add(fact.expires)
            if isinstance(fact, Grant) and fact.standing:
                days |= month_ends(fact.on, self.life.reaches)
            if self.life.rates:
                days |= month_ends(self.life.first, self.life.reaches)
            if isinstance(fact, Amend):
                self.amended[fact.on - DAY].add(fact.tranche)
            if isinstance(fact, Promise | PromiseChange) and fact.ends:
                days.add(fact.ends)
            if isinstance(fact, Sale) and fact.settles:
                days.add(fact.settles)
        for day in sorted({*days, *facts, *legs, *self.amended}):
            if day > self.life.reaches:
                break
            self.journal.day = day
            self.live(facts[day], legs[day])
        return self.journal.result()

    def live(self, today: list[Fact], legs: list[Leg]) -> None:
        """Go through the phases of a day."""
        for milestone in of_kind(today, Milestone):
            self.buying.settle(milestone)
        self.sign(legs)
        for leg in of_kind(today, Leg):
            self.arrive(leg)
        for warrant in of_kind(today, Warrant):
            self.buying.grant(warrant)
        for amend in of_kind(today, Amend):
            self.credits.amend(amend)
        for change in of_kind(today, PromiseChange):
            self.buying.change(change)
        for estimate in of_kind(today, Estimate):
            self.credits.estimate(estimate)
        if self.life.rates and (self.journal.day + DAY).day == 1:
            self.credits.remeasure()
            self.owed.remeasure()
        self.credits.stand(self.amended[self.journal.day])
        self.credits.use(of_kind(today, Usage))
        self.buying.buy(of_kind(today, Bought))
        for payment in sorted(of_kind(today, Payment), key=lambda it: it.invoice):
            self.pay(payment)
        for result in of_kind(today, Result):
            self.influence.result(result)
        for elimination in of_kind(today, Elimination):
            self.influence.eliminate(elimination)
        for dilution in of_kind(today, Dilution):
            self.influence.dilute(dilution)
        sales = sorted(of_kind(today, Sale), key=lambda sale: -sale.units)
        for sale in sales:
            self.holding.sell(sale)
        for one, other in pairwise(sales):
            if one.units == other.units and len({one, other} & self.journal.refused) == 1:
                raise Undetermined("which of two sales alike is refused")
        self.holding.settle()
        for forfeit in sorted(of_kind(today, Forfeit), key=lambda f: -f.credits):
            self.credits.forfeit(forfeit)
        for end in of_kind(today, PromiseEnd):
            self.buying.give_up(end)
        self.credits.lapse()
        self.buying.end()
        self.owed.close()
        for valuation in of_kind(today, Valuation):
            value(self.holding, valuation, self.influence)

    # --- contract events [2.3] ---------------------------------------------------------

    def sign(self, legs: Iterable[Leg]) -> None:
        """Measure and book one contract event."""
        legs = list(legs)
        if not legs:
            return
        stakes, grants = of_kind(legs, Stake), of_kind(legs, Grant)
        value = sum((Fraction(s.total) for s in stakes), ZERO)
        cash = sum((Fraction(c.amount) for c in of_kind(legs, Cash)), ZERO)
        unpriced = sorted(
            (g for g in grants if g.price is None), key=lambda grant: grant.tranche
        )
        prices = {g.tranche: Fraction(g.price) for g in grants if g.price is not None}
        if len(unpriced) == 1:
            prices[unpriced[0].tranche] = value - cash
        elif unpriced:
            weights = [Fraction(g.credits) * Fraction(g.ssp or 0) for g in unpriced]
            parts = shares_of(value - cash, weights, self.journal.cent)
            prices |= {g.tranche: p for g, p in zip(unpriced, parts, strict=True)}
        # [2.3.5] grants that a stake pays for take all of X
        promises = of_kind(legs, Promise)
        x = ZERO if unpriced or not promises else value - cash
        if self.life.rates:
            x = exchanged(self.journal, x) if x else x
            cash, prices = self.convert(cash, prices)
        self.buying.promise(promises, x)
        for stake in stakes:
            if self.life.carried == "equity-method":
                self.influence.know(stake)
            worth = Fraction(stake.total)
            if self.life.rates:
                worth = exchanged(self.journal, worth)
                if worth != cash + x + sum(prices.values()):
                    raise Undetermined("a cent between what an event is converted to")
            self.holding.sign(stake, worth)
        for leg in of_kind(legs, Cash):
            amount = cash if self.life.rates else Fraction(leg.amount)
            self.wire(leg.on > self.journal.day, amount)
        earned = next((stake for stake in stakes if stake.vesting == "as-drawn"), None)
        for grant in grants:
            self.credits.open(grant, prices[grant.tranche], earned)

    def convert(
        self, cash: Fraction, prices: dict[str, Fraction]
    ) -> tuple[Fraction, dict[str, Fraction]]:
        """Return the cash of an event and its prices in money of the books [2.11]."""
        return exchanged(self.journal, cash), {
            name: exchanged(self.journal, price) for name, price in prices.items()
        }

    def wire(self, later: bool, amount: Fraction) -> None:
        """Book cash for the stake, or the claim to it where it comes later [2.3.2]."""
        if self.provider:
            self.journal.post(INVESTMENT_PAYABLE if later else CASH, -amount)
        else:
            self.journal.post(INVESTMENT_DUE if later else CASH, amount)

    def arrive(self, leg: Leg) -> None:
        """Book a leg that comes after its event, and the credits of a grant [2.3.2]."""
        if isinstance(leg, Grant):
            self.credits.arrive(leg)
        elif leg.on > leg.event:
            if isinstance(leg, Stake):
                self.holding.arrive(leg)
            elif isinstance(leg, Cash):
                self.wire(True, -Fraction(leg.amount))
                self.wire(False, Fraction(leg.amount))

    def pay(self, fact: Payment) -> None:
        """Book money the startup pays for what it was billed."""
        paid = self.owed.pay(Fraction(fact.amount), (PAY, fact.invoice, ""))
        if paid is None:
            self.journal.refused.add(fact)
        else:
            self.journal.post(CASH, paid if self.provider else -paid)
