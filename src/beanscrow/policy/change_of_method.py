"""A change of the method a stake is carried by; influence gained, and lost.

gained   the equity method begins that day, at the carrying amount and the cost of what
         was bought (323-10-35-33); a price of that day is observed by the old method
         first (321-10-35-2)
lost     US GAAP: what is left goes on at its carrying amount, and the new method brings
         it to a price of that day (323-10-35-36); IFRS: it is taken at fair value, and
         the difference is in profit or loss (IAS 28.22)
other    the carrying amount moves, and nothing is gained
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from beanscrow.deal.terms import (
    Convert,
    DealPolicy,
    Fact,
    Framework,
    Money,
    Reclassify,
    Stake,
    Valuation,
)
from beanscrow.policy.carrying_methods import method_of, methods_left, why_not_left
from beanscrow.policy.exact import worth_in_quanta
from beanscrow.policy.influence import METHOD, Influence
from beanscrow.policy.meant import follows_conversion, held_before, stake_meant
from beanscrow.policy.order import CONVERTED, INFLUENCE_LOST, acts_of
from beanscrow.policy.rates import in_the_books
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import Event
from beanscrow.policy.stake_entry import StakeJournal, lots_moved
from beanscrow.policy.stake_lots import StakeState, is_subsidiary
from beanscrow.policy.terms_of_side import CONSOLIDATED
from beanscrow.policy.valuation import remeasure


class MethodChanges:
    """Changes the method of the stakes of one deal."""

    def __init__(
        self,
        stakes: dict[str, StakeState],
        influence: Influence,
        journal: StakeJournal,
        emit: Callable[[Event], None],
    ) -> None:
        self.terms = journal.terms
        self.stakes = stakes
        self.influence = influence
        self.journal = journal
        self.emit = emit

    def reclassify(self, fact: Reclassify) -> None:
        """Carry a stake by another method from a day on.

        Raises:
          Refusal: No such stake is held, it is carried so already, the change is of a
            debt security, the method is not left (by the framework, or since control was
            gained), or influence is lost and the fair value of what is left is missing.
        """
        stake = stake_meant(self.stakes, fact.stake, fact.date, "spoken of")
        if stake.method == CONSOLIDATED:
            raise not_built("a change of method of shares in a subsidiary")
        framework = self.terms.framework
        if fact.method not in methods_left(framework, stake.instrument):
            raise Refusal("E220", why_not_left(fact.method, framework, stake.instrument))
        if fact.method == METHOD and is_subsidiary(self.stakes.values()):
            raise Refusal(
                "E220",
                f"{stake.commodity} cannot come under the equity method on {fact.date}: "
                "control was gained, and a subsidiary is consolidated; write a deal-control "
                "with `stake:` for each security held that day",
            )
        if "afs" in (fact.method, stake.method):
            raise not_built(f"a change from {stake.method} to {fact.method}")
        if fact.method == stake.method:
            raise Refusal(
                "E404",
                f"{stake.commodity} is carried by the method {stake.method} already",
            )
        if fact.fair_value is not None:
            in_the_books(fact.fair_value, fact.date, fact.at, self.terms.rates)
        if stake.method == METHOD:
            self._lose_influence(fact, stake)
            return
        if fact.fair_value is not None:
            self._observe(fact, fact.fair_value, stake)
        self._move(fact, stake, "influence" if fact.method == METHOD else "reclassify")

    def _lose_influence(self, fact: Reclassify, stake: StakeState) -> None:
        """End the equity method, and realise what stood beside the stake.

        Nothing is eliminated any more, so the profit deferred beyond zero is realised:
        under IAS 28.22 as part of the carrying amount, which is net of it.
        """
        ifrs = self.terms.framework == "ifrs"
        if fact.fair_value is None and (ifrs or fact.method == "fvni"):
            why = "IAS 28.22" if ifrs else f"`{fact.method}` carries it so"
            raise Refusal(
                "E414",
                f"influence over the investee is lost on {fact.date} and what is left of "
                f"{stake.commodity} is taken at fair value ({why}); write `fair-value:` of "
                "a unit that day",
            )
        self.influence.check_may_go(stake, self.stakes.values(), stake.units)
        realised = self.influence.end()
        lots, gain = stake.lots(), realised.total
        out = lots_moved(stake, lots, out=True)
        if ifrs and fact.fair_value is not None:
            price = in_the_books(fact.fair_value, fact.date, fact.at, self.terms.rates)
            worth = worth_in_quanta(price * Fraction(stake.units), self.terms.scale)
            _, lots, change = stake.carry_at(worth)
            gain += change
        stake.carry_by(fact.method, fact.date)
        moved = (out, lots_moved(stake, lots, out=False))
        lines = (*realised.lines(), ("influence-lost", -gain))
        text = f"Influence lost, {stake.commodity} carried by another method: {fact.reason}"
        self.journal.enter(fact.at, fact.date, "influence-lost", text, moved, lines, stake)
        if not ifrs and fact.fair_value is not None:
            self._observe(fact, fact.fair_value, stake)

    def _move(self, fact: Reclassify, stake: StakeState, rule: str) -> None:
        lots = stake.lots()
        out = lots_moved(stake, lots, out=True)
        stake.carry_by(fact.method, fact.date)
        moved = (out, lots_moved(stake, lots, out=False))
        text = f"{stake.commodity} carried by another method: {fact.reason}"
        self.journal.enter(fact.at, fact.date, rule, text, moved, (), stake)

    def _observe(self, fact: Reclassify, price: Money, stake: StakeState) -> None:
        """Bring a stake to a price observed on the day its method changes."""
        observed = Valuation(
            fact.at, fact.date, fact.deal, price, "observable", fact.reason, stake.commodity
        )
        event = remeasure(
            observed, self.stakes, self.terms, self.journal.rules, self.influence
        )
        if not isinstance(event, str):
            self.emit(event)


def later_on_its_day(
    facts: Iterable[Fact], policies: tuple[DealPolicy, ...], framework: Framework
) -> dict[int, int]:
    """Return the phase of each change of method that follows something of its day.

    One that ends the equity method takes effect after the day's sales, which are what
    most often ends influence; one of a security that a conversion of the day brings in,
    after that conversion.

    Returns:
      Phases by identity of the fact.
    """
    facts = list(facts)
    method: dict[str, str] = {}
    for fact in facts:
        if isinstance(fact, Stake):
            method[fact.units.currency] = method_of(fact, policies, framework)
    changes = [fact for fact in facts if isinstance(fact, Reclassify | Convert)]
    later = {
        id(fact): CONVERTED
        for fact in changes
        if isinstance(fact, Reclassify) and follows_conversion(fact, facts)
    }
    for _, fact in sorted(acts_of(changes, later), key=lambda act: act[0]):
        if isinstance(fact, Convert):
            old = method.get(fact.units.currency, "")
            method.setdefault(fact.into.currency, old)
            continue
        held = held_before(facts, fact.date)
        named = fact.stake or (next(iter(held)) if len(held) == 1 else "")
        if method.get(named) == METHOD and fact.method != METHOD:
            later[id(fact)] = INFLUENCE_LOST
        method[named] = fact.method
    return later
