"""Shares that pay for credits and are no security yet: conditional, or unconditional later.

Consideration that hangs on a milestone is left out of the price until it is met, and
then allocated as the price was at inception (606-10-32-43; IFRS 15.88).  Where the right
waits for a day alone, what is delivered until then is a contract asset (606-10-45-3;
IFRS 15.107), and the shares are a security from that day on (ASU 2025-07).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Agreement, Fact, Grant, Stake
from beanscrow.money import from_quanta
from beanscrow.policy.citing import EventRules
from beanscrow.policy.drawdown import Drawdowns
from beanscrow.policy.fair_value import measured_stakes
from beanscrow.policy.foreign_event import (
    check_convertible,
    currency_of,
    shares_converted,
)
from beanscrow.policy.measurement import STARTUPS_CASH, EventLegs, split_price
from beanscrow.policy.order import EVENT, Act
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import (
    ConsiderationAdded,
    EscrowMode,
    Event,
    PriceAdded,
    RightUnconditional,
    StakeLeg,
)
from beanscrow.policy.terms_of_side import SideTerms

_NO_NUMBER = Decimal(0)


class Unconditional(NamedTuple):
    """The first day the right to a stake's units is unconditional."""

    at: Position
    date: datetime.date
    stake: Stake


def unconditional_days(facts: Iterable[Fact]) -> Iterator[Act]:
    """Yield the days from which shares are a security that were none at signing."""
    for stake in facts:
        day = stake.unconditional if isinstance(stake, Stake) else None
        if isinstance(stake, Stake) and day is not None and day > stake.date:
            key = (day, EVENT, -(2**31), 1, stake.units.currency, "", _NO_NUMBER, "")
            yield key, Unconditional(stake.at, day, stake)


class ConditionalShares:
    """The shares of one deal that its credits are paid with later than they are drawn."""

    def __init__(
        self,
        agreement: Agreement,
        terms: SideTerms,
        rules: dict[str, str],
        draws: Drawdowns,
        mode: EscrowMode,
        hold: Callable[[StakeLeg], StakeLeg],
        emit: Callable[[Event], None],
        *,
        only_stake: bool,
    ) -> None:
        self.agreement = agreement
        self.terms = terms
        self.rules = rules
        self.draws = draws
        self.mode: EscrowMode = mode
        self.emit = emit
        self._hold = hold
        self._only_stake = only_stake
        self._waiting: dict[Stake, StakeLeg] = {}

    def add(self, legs: EventLegs) -> None:
        """Take in shares whose condition is met as more price of credits granted before.

        Raises:
          Refusal: Their own event is not booked, or a tranche of it has since been
            changed, so that what is left of the price runs on another base.
        """
        currency, rate = currency_of(legs, self.terms), None
        if currency == self.terms.currency:
            stakes = self._measured(legs, self.terms)
        else:
            check_convertible(legs, currency, self.mode)
            rate = self.terms.rates.on(currency, legs.date, legs.stakes[0].at)
            stakes = shares_converted(
                legs, rate, lambda terms: self._measured(legs, terms), self.terms
            )
        found = [self.draws.tranches.get(name) for name in legs.adds_to]
        tranches = [tranche for tranche in found if tranche is not None]
        if len(tranches) < len(found):
            raise Refusal(
                "E212",
                f"these shares pay for {', '.join(legs.adds_to)}, and the contract event of "
                f"{legs.agreed} that grants them is not booked; mend that first",
            )
        if self.terms.line_by_line or self.mode in STARTUPS_CASH:
            raise not_built(
                'more price of credits with `rounding: "per-line"`, or whose escrow is '
                "the startup's"
            )
        if any(
            t.kind != "credits" or not t.runs_as_granted or t.moved_in or t.waits
            for t in tranches
        ):
            raise not_built("more price of credits that were amended, blended or forfeited")
        grants = [
            fact
            for fact in self.agreement.facts
            if isinstance(fact, Grant) and fact.tranche in legs.adds_to
        ]
        grants.sort(key=lambda grant: grant.tranche)
        prices = split_price(grants, sum(worth for _, worth in stakes))
        parts = []
        scale = self.terms.scale
        for tranche, price in zip(tranches, prices, strict=True):
            used, breakage, _ = tranche.reprice(price)
            self.draws.forget(tranche.commodity)
            parts.append(
                PriceAdded(
                    tranche.name,
                    from_quanta(price, scale),
                    from_quanta(used, scale),
                    from_quanta(breakage, scale),
                )
            )
        held = tuple(self._hold(leg) for leg, _ in stakes)
        self.emit(
            ConsiderationAdded(
                legs.stakes[0].at,
                legs.date,
                self.rules["more-price"],
                held,
                tuple(parts),
                Decimal(1) if rate is None else rate.number,
            )
        )

    def _measured(self, legs: EventLegs, terms: SideTerms) -> list[tuple[StakeLeg, int]]:
        policies = self.agreement.policies
        return measured_stakes(legs.stakes, policies, terms, (), 0, self._only_stake)

    def wait(self, legs: EventLegs, leg: StakeLeg) -> None:
        """Let the credits of an event be paid for by shares that are no security yet."""
        for grant in legs.grants:
            tranche = self.draws.tranches[grant.tranche]
            tranche.waits = True
            tranche.unconditional = legs.stakes[0].unconditional
            tranche.paid_by = leg
        self._waiting[legs.stakes[0]] = leg

    def becomes_unconditional(self, act: Unconditional) -> None:
        """Hold shares whose right is unconditional from this day on (ASU 2025-07).

        What was delivered for them has been a contract asset; the rest is owed now.
        """
        leg = self._waiting.pop(act.stake, None)
        if leg is None:
            return
        scale = self.terms.scale
        parts = []
        for tranche in self.draws.tranches.values():
            if tranche.paid_by is leg:
                tranche.waits = False
                parts.append(
                    PriceAdded(
                        tranche.name,
                        from_quanta(tranche.price_in, scale),
                        from_quanta(tranche.recognised, scale),
                        from_quanta(0, scale),
                    )
                )
        lots = tuple(lot._replace(acquired=act.date) for lot in leg.lots)
        held = self._hold(leg._replace(arrives=act.date, lots=lots))
        rule = EventRules(self.rules, self.terms.side == "startup").earned(held)
        self.emit(RightUnconditional(act.at, act.date, rule, held, tuple(parts)))
