"""Services that stand ready: they are used up by the days that pass, not by drawing.

"More traffic for a year" without a guaranteed quantity is a promise to stand
ready, a series of like days (606-10-25-14(b), 606-10-55-184; IFRS 15.22(b),
IFRS 15.B18).  What is granted then measures time: each day of the term takes an
equal part of what is left.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.deal.influence_terms import Control
from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Amend, Fact, Forfeit, Grant, Usage
from beanscrow.money import from_quanta, places, trimmed
from beanscrow.periods import DAY, periods
from beanscrow.policy.drawdown import Drawdowns
from beanscrow.policy.order import SERVED, Act
from beanscrow.policy.tranche import Tranche

_NO_NUMBER = Decimal(0)
_DECIMALS = 9


class Served(NamedTuple):
    """A day up to which a service has stood ready.

    Attributes:
      ends: Whether it counts only if the term ends on it: an end that was agreed once
        and amended since is a day like any other.
    """

    at: Position
    date: datetime.date
    grant: Grant
    ends: bool


class StandingReady:
    """What the services of one deal that stand ready have delivered so far."""

    def __init__(
        self, draws: Drawdowns, facts: Iterable[Fact], service: str, rule: str
    ) -> None:
        self.draws = draws
        self.service = service
        self.rule = rule
        self._grants = {grant.tranche: grant for grant in _standing_ready(facts)}
        self._served: dict[str, datetime.date] = {}

    def serve(self, served: Served) -> None:
        """Deliver the days since the last time: their part of credits and of price.

        The part is days passed over days left of the term, so that an extension or a
        partial forfeiture spreads what is left over what is left of the term.  To date
        each is rounded once; the price does not go by the rounded credits.
        """
        tranche = self.draws.tranches.get(served.grant.tranche)
        if tranche and not (served.ends and served.date != tranche.expires):
            self.deliver(tranche, served.date)

    def due(self, tranche: Tranche, day: datetime.date) -> int:
        """Return the credits of the days up to one that are not delivered yet."""
        part = self._part(tranche, day)
        return tranche.credits_of(part) if part else 0

    def deliver(self, tranche: Tranche, day: datetime.date) -> None:
        """Deliver the days up to one; none of a tranche that does not stand ready."""
        part = self._part(tranche, day)
        if not part:
            return
        credits = tranche.credits_of(part)
        tranche.pass_days(part)
        self._served[tranche.name] = day
        if not credits:
            return
        grant = self._grants[tranche.name]
        usage = Usage(grant.at, day, grant.deal, grant.credits, self.service)
        least = places(grant.credits.number)
        number = trimmed(from_quanta(credits, self.draws.unit_scale), least)
        rule = self.draws.rules["rent"] if tranche.leased == "whole" else self.rule
        self.draws.draw(usage, tranche, credits, number, rule)
        self.draws.forget(tranche.commodity)

    def _part(self, tranche: Tranche, day: datetime.date) -> Fraction | None:
        """Return what part of the days left of a term has passed by the end of a day."""
        if tranche.name not in self._grants or tranche.lapsed or tranche.expires is None:
            return None
        last = self._served.get(tranche.name, tranche.effective - DAY)
        if not last < day <= tranche.expires:
            return None
        return Fraction((day - last).days, (tranche.expires - last).days)


def decimals_of_days(facts: Iterable[Fact]) -> int:
    """Return the decimals that parts of a term need: 0 where a day is a unit, else 9.

    A grant of as many units as its term has days is spread exactly.  Any other number,
    and a term that is changed on its way, has days that are no whole units; they are
    written with nine decimals, and the price of a day does not hang on them.
    """
    facts = list(facts)
    for grant in _standing_ready(facts):
        assert grant.expires is not None, "the reader wants `expires` beside it"
        days = (grant.expires - max(grant.effective, grant.date)).days + 1
        given_up = any(
            isinstance(fact, Forfeit) and fact.tranche == grant.tranche for fact in facts
        )
        if given_up or grant.credits.number != days or any(_last_days(grant, facts)):
            return _DECIMALS
    return 0


def serving_acts(facts: Iterable[Fact], through: datetime.date) -> Iterator[Act]:
    """Yield the days up to which services that stand ready are accounted for.

    They are the last of each month and of the term, the last before the contract
    changes, since a change is prospective (606-10-25-13(a)), and the last before the
    startup is a subsidiary.

    Args:
      through: Last day the books have reached; later days are left to the forecast.
    """
    facts = list(facts)
    for grant in _standing_ready(facts):
        ends = {grant.expires or through} | {
            fact.expires
            for fact in facts
            if isinstance(fact, Amend) and fact.tranche == grant.tranche and fact.expires
        }
        first = max(grant.effective, grant.date)
        parts = {*_last_days(grant, facts)}
        parts |= {fact.date for fact in facts if isinstance(fact, Control)}
        last = min(max(ends), through)
        parts |= {month.last for month in periods(first, last, "month")}
        for day in sorted(parts | ends):
            if first <= day <= through:
                key = (day, SERVED, 0, 1, grant.tranche, "", _NO_NUMBER, "")
                yield key, Served(grant.at, day, grant, day not in parts)


def _standing_ready(facts: Iterable[Fact]) -> Iterator[Grant]:
    for fact in facts:
        if isinstance(fact, Grant) and fact.delivery == "stand-ready":
            yield fact


def _last_days(grant: Grant, facts: Iterable[Fact]) -> Iterator[datetime.date]:
    """Yield the last days on the terms in force, before each change of a tranche.

    An amendment and a blend are in force from the start of their day.  A forfeiture
    takes what its day has left, and delivers the days up to it itself, if it stands.
    """
    for fact in facts:
        if (isinstance(fact, Amend) and fact.tranche == grant.tranche) or (
            isinstance(fact, Grant) and grant.tranche in fact.blends
        ):
            yield fact.date - DAY
