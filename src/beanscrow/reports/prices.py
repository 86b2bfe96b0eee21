"""What was paid for shares and credits against what was announced.

A share costs the cash and the price of the credits given for it; the headline counts
credits at their face.  The gap between face and price is revenue that never appears.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.booking.daybook import Daybook
from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Agreement, Grant, Money, Stake
from beanscrow.money import places
from beanscrow.policy.noncash import PriceMeasured, StakeReceived
from beanscrow.policy.schedule import (
    ConsiderationAdded,
    Event,
    Schedule,
    Signing,
    StakeLeg,
    in_force,
    terms_in_force,
)
from beanscrow.policy.serving_cost import cost_in_force
from beanscrow.reports.credits import counterparty
from beanscrow.reports.figures import margin_percent, rounded
from beanscrow.reports.margin import costs_of
from beanscrow.reports.movements import ZERO

_PLACES = 6


class PriceRow(NamedTuple):
    """One stake, or one tranche of credits, of one contract event.

    In the functional currency, headlines in another at the rate of the event; None
    where the ledger does not say.  Prices of one are written to six places.

    Attributes:
      item: Commodity of the stake, or name of the tranche; `kind`, stake or credits.
      headline: Announced in all: what the stake says, else cash and credits at face; of
        credits, their face.
      effective: What it costs: cash and the price of the credits; of credits, their
        price.
      gap: headline - effective; `gap_percent`, of the headline.
      cost_each: A share at cash and what the credits cost to serve.
      headline_post_money, effective_post_money: Over the ownership bought, of a deal's
        first stake.
    """

    deal: str
    party: str
    event: datetime.date
    item: str
    kind: str
    currency: str
    units: Decimal
    headline: Decimal | None
    effective: Decimal
    gap: Decimal | None
    gap_percent: Decimal | None
    headline_each: Decimal | None
    effective_each: Decimal
    cost_each: Decimal | None
    headline_post_money: Decimal | None
    effective_post_money: Decimal | None


def prices(daybook: Daybook, day: datetime.date | None = None) -> list[PriceRow]:
    """Return what each stake and each tranche of credits cost, by deal and event.

    What was held before the books begin has no event that could be measured.

    Args:
      day: Last day that counts, inclusive; None for the day the books have reached.
    """
    return [
        row
        for deal, schedule in sorted(daybook.schedules.items())
        for row in _of_deal(schedule, daybook.agreements[deal], day)
    ]


def _of_deal(
    schedule: Schedule, agreement: Agreement, day: datetime.date | None
) -> Iterator[PriceRow]:
    as_of = min(day or schedule.through, schedule.through)
    party, written = counterparty(agreement, schedule), agreement
    agreement = terms_in_force(schedule, agreement, as_of)
    facts = {fact.at: fact for fact in agreement.facts}
    first = True
    events = in_force(schedule, as_of)
    later = _Later.of(events)
    for event in events:
        if isinstance(event, ConsiderationAdded):
            # Its shares pay for credits that have their row already.
            rate, shares = event.rate, event.stakes
            event = Signing(event.at, event.date, event.rule, shares, (), (), rate=rate)
        if not isinstance(event, Signing):
            continue
        cost = _cost(event, written, as_of)
        signed = _Signed(event, schedule, party, facts, cost, later)
        yield from signed.stakes(first=first)
        yield from signed.credits()
        first = first and not signed.legs


class _Later(NamedTuple):
    """What events after the contract event make of its prices.

    Attributes:
      credits: Added to the price of a tranche; what time adds as interest is no price.
      stakes: Added to the cost of a stake, by where it is written.
    """

    credits: dict[str, Decimal]
    stakes: dict[Position, Decimal]

    @classmethod
    def of(cls, events: Iterable[Event]) -> _Later:
        found = cls({}, {})
        for event in events:
            match event:
                case StakeReceived():
                    changes = [(it.tranche, it.price) for it in event.changes]
                    at = event.stake.at
                    found.stakes[at] = sum((price for _, price in changes), ZERO)
                case ConsiderationAdded():
                    changes = [(it.tranche, it.price) for it in event.parts]
                case PriceMeasured():
                    changes = [(event.tranche, event.amount)]
                case _:
                    continue
            for tranche, price in changes:
                found.credits[tranche] = found.credits.get(tranche, ZERO) + price
        return found


class _Signed:
    """One contract event as measured, beside what was written of its legs."""

    def __init__(
        self,
        event: Signing,
        schedule: Schedule,
        party: str,
        facts: Mapping[Position, object],
        cost: Fraction | None,
        later: _Later,
    ) -> None:
        self.later = later
        self.event = event
        self.schedule = schedule
        self.party = party
        to_come = (it for it in (event.earned, event.waiting) if it is not None)
        self.legs: tuple[StakeLeg, ...] = (*event.stakes, *to_come)
        self.grants = {
            leg.tranche: grant
            for leg in event.credits
            if isinstance(grant := facts.get(leg.at), Grant) and not leg.opening
        }
        self.facts = facts
        self.cost = cost
        self.cash = sum((leg.amount for leg in event.cash if not leg.escrow), ZERO)
        self.scale = max(
            (places(leg.value) for leg in self.legs),
            default=max((places(leg.price) for leg in event.credits), default=2),
        )

    def stakes(self, *, first: bool) -> Iterator[PriceRow]:
        """Yield what each stake cost; of the deal's first, what it makes the whole worth."""
        for leg in self.legs:
            fact = self.facts.get(leg.at)
            if isinstance(fact, Stake) and not leg.opening:
                alone = first and len(self.legs) == 1
                yield self._row(
                    leg.units.currency,
                    "stake",
                    leg.units.number,
                    self._headline_of(fact),
                    leg.value + self.later.stakes.get(leg.at, ZERO),
                    self._at_cost(leg),
                    fact.ownership if alone else None,
                )

    def credits(self) -> Iterator[PriceRow]:
        """Yield what the credits of each grant cost."""
        for leg in self.event.credits:
            grant = self.grants.get(leg.tranche)
            if grant is None:
                continue
            price = leg.price if self.event.earned is None else self.event.earned.value
            price += self.later.credits.get(leg.tranche, ZERO)
            face = self._face([grant])
            number = grant.credits.number
            yield self._row(leg.tranche, "credits", number, face, price)

    def _headline_of(self, stake: Stake) -> Fraction | None:
        if stake.headline_total is not None:
            return self._in_books(stake.headline_total)
        if stake.headline is not None:
            return self._in_books(stake.headline) * Fraction(stake.units.number)
        if len(self.legs) > 1:
            return None
        paid = self._paid_in_shares()
        if not paid and not self.cash:
            return None
        face = self._face(paid)
        return None if face is None else Fraction(self.cash) + face

    def _paid_in_shares(self) -> list[Grant]:
        return [grant for grant in self.grants.values() if grant.price is None]

    def _face(self, grants: Iterable[Grant]) -> Fraction | None:
        """Return the face of all credits of some grants, None where one has none."""
        total = Fraction(0)
        for grant in grants:
            if grant.face is None:
                return None
            total += self._in_books(grant.face) * Fraction(grant.credits.number)
        return total

    def _at_cost(self, leg: StakeLeg) -> Fraction | None:
        """Return a share at cash and what the credits given for it cost to serve."""
        grants = self._paid_in_shares()
        if self.cost is None or len(self.legs) > 1 or not grants:
            return None
        credits = sum((Fraction(grant.credits.number) for grant in grants), Fraction(0))
        return (Fraction(self.cash) + credits * self.cost) / Fraction(leg.units.number)

    def _in_books(self, money: Money) -> Fraction:
        abroad = money.currency != self.schedule.currency
        rate = Fraction(self.event.rate) if abroad else Fraction(1)
        return Fraction(money.number) * rate

    def _row(
        self,
        item: str,
        kind: str,
        units: Decimal,
        headline: Fraction | None,
        effective: Decimal,
        cost_each: Fraction | None = None,
        ownership: Decimal | None = None,
    ) -> PriceRow:
        announced = None if headline is None else rounded(headline, self.scale)
        return PriceRow(
            deal=self.schedule.deal,
            party=self.party,
            event=self.event.date,
            item=item,
            kind=kind,
            currency=self.schedule.currency,
            units=units,
            headline=announced,
            effective=effective,
            gap=None if announced is None else announced - effective,
            gap_percent=margin_percent(Fraction(effective), headline),
            headline_each=_each(headline, units),
            effective_each=rounded(Fraction(effective) / Fraction(units), _PLACES),
            cost_each=None if cost_each is None else rounded(cost_each, _PLACES),
            headline_post_money=self._post_money(headline, ownership),
            effective_post_money=self._post_money(Fraction(effective), ownership),
        )

    def _post_money(
        self, amount: Fraction | None, ownership: Decimal | None
    ) -> Decimal | None:
        if amount is None or not ownership:
            return None
        return rounded(amount / Fraction(ownership), self.scale)


def _each(amount: Fraction | None, units: Decimal) -> Decimal | None:
    return None if amount is None else rounded(amount / Fraction(units), _PLACES)


def _cost(event: Signing, agreement: Agreement, day: datetime.date) -> Fraction | None:
    """Return what a credit cost to serve on the day of an event, None where none says."""
    cost = cost_in_force(costs_of(agreement, day), event.date, agreement.deal.service)
    return None if cost is None else Fraction(cost.number)
