"""What a credit and a share cost in a scenario, and what they are said to cost.

They are for reading, rounded half up to six places, and enter no other figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from beanscrow.deal.terms import Cash, Grant, Money, Stake
from beanscrow.money import WIDE
from beanscrow.policy.schedule import Signing, StakeLeg
from beanscrow.simulation.measures import PRICE_SCALE, rounded
from beanscrow.simulation.simulate import Outcome

T = TypeVar("T")


class Prices:
    """Prices of one scenario, as the provider measures them; headlines as announced."""

    def __init__(self, outcome: Outcome) -> None:
        self._currency = outcome.provider.ledger.currency
        self._schedules = outcome.provider.daybook.schedules
        self._agreements = outcome.provider.daybook.agreements

    def price_per_credit(self) -> Decimal | None:
        """Return the transaction price of a credit that shares pay for, None for none.

        (606-10-32-21) Of credits that earn shares it is the worth of those.
        """
        value, credits = Fraction(0), Fraction(0)
        for deal, event in self._signings():
            tranches = self._schedules[deal].tranches
            grants = {it.tranche: it for it in self._facts(Grant, deal)}
            if event.earned is not None:
                value += Fraction(event.earned.value)
                credits += sum(
                    Fraction(it.credits.number)
                    for it in grants.values()
                    if it.event == event.date
                )
            for leg in event.credits:
                bought = grants[leg.tranche].price is not None and not leg.opening
                if tranches[leg.tranche].kind in ("credits", "mixed") and not bought:
                    value += Fraction(leg.price)
                    credits += Fraction(grants[leg.tranche].credits.number)
        return self._each(value, credits, self._commodities(Grant))

    def headline_per_credit(self) -> Decimal | None:
        """Return the face of a credit, the mean where tranches differ; None without one."""
        face = self._face()
        credits = sum(Fraction(it.credits.number) for it in self._facts(Grant))
        return None if face is None else self._each(face, credits, self._commodities(Grant))

    def price_per_share(self) -> Decimal | None:
        """Return the fair value of a share at its event; None for several stakes."""
        legs: list[StakeLeg] = []
        for _, event in self._signings():
            legs += event.stakes
            if event.earned is not None:
                legs.append(event.earned)
        units = sum(Fraction(leg.units.number) for leg in legs)
        value = sum(Fraction(leg.value) for leg in legs)
        return self._each(Fraction(value), units, self._commodities(Stake))

    def headline_per_share(self) -> Decimal | None:
        """Return the announced price of a share; else cash and face of credits for one."""
        stakes = list(self._facts(Stake))
        announced = [_announced(it) for it in stakes]
        units = sum(Fraction(it.units.number) for it in stakes)
        stated = [it for it in announced if it is not None]
        if stakes and len(stated) == len(stakes):
            value = self._sum(stated)
        else:
            face = self._face()
            paid = self._sum([it.amount for it in self._facts(Cash)])
            value = None if face is None or paid is None else face + paid
        return None if value is None else self._each(value, units, self._commodities(Stake))

    def _face(self) -> Fraction | None:
        """Return the face of all credits, None where a grant has none or there is none."""
        faces = [
            None
            if it.face is None
            else Money(WIDE.multiply(it.face.number, it.credits.number), it.face.currency)
            for it in self._facts(Grant)
        ]
        known = [it for it in faces if it is not None]
        return self._sum(known) if faces and len(known) == len(faces) else None

    def _sum(self, amounts: list[Money]) -> Fraction | None:
        """Return amounts together, None where one is in another currency than the books."""
        if any(it.currency != self._currency for it in amounts):
            return None
        return sum((Fraction(it.number) for it in amounts), Fraction(0))

    def _each(
        self, value: Fraction, units: Fraction | int, commodities: set[str]
    ) -> Decimal | None:
        if not units or len(commodities) != 1:
            return None
        return rounded(value / units, PRICE_SCALE)

    def _commodities(self, kind: type[Grant] | type[Stake]) -> set[str]:
        return {
            fact.credits.currency if isinstance(fact, Grant) else fact.units.currency
            for fact in self._facts(kind)
        }

    def _signings(self) -> Iterator[tuple[str, Signing]]:
        for deal, schedule in self._schedules.items():
            for event in schedule.events:
                if isinstance(event, Signing):
                    yield deal, event

    def _facts(self, kind: type[T], deal: str = "") -> Iterator[T]:
        for name, agreement in self._agreements.items():
            if deal in ("", name):
                yield from (it for it in agreement.facts if isinstance(it, kind))


def _announced(stake: Stake) -> Money | None:
    if stake.headline_total is not None:
        return stake.headline_total
    if stake.headline is None:
        return None
    total = WIDE.multiply(stake.headline.number, stake.units.number)
    return Money(total, stake.headline.currency)
