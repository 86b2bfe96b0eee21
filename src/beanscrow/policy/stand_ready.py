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
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Amend, Fact, Forfeit, Grant, Usage
from beanscrow.money import WIDE, from_quanta, places, round_half_up
from beanscrow.periods import DAY
from beanscrow.policy.drawdown import Drawdowns
from beanscrow.policy.order import SERVED, Act

_NO_NUMBER = Decimal(0)
_DECIMALS = 9


class Served(NamedTuple):
    """A day up to which a service has stood ready: a month's last, or the term's."""

    at: Position
    date: datetime.date
    grant: Grant


class StandingReady:
    """What the services of one deal that stand ready have delivered so far."""

    def __init__(self, draws: Drawdowns, service: str, rule: str) -> None:
        self.draws = draws
        self.service = service
        self.rule = rule
        self._served: dict[str, datetime.date] = {}

    def serve(self, served: Served) -> None:
        """Deliver the days since the last time: their part of what is left, rounded once.

        The part is days passed over days left of the term, so that an extension or a
        partial forfeiture spreads what is left over what is left of the term.
        """
        grant, day = served.grant, served.date
        tranche = self.draws.tranches.get(grant.tranche)
        if tranche is None or tranche.lapsed or tranche.expires is None:
            return
        last = self._served.get(grant.tranche, tranche.effective - DAY)
        if not last < day <= tranche.expires:
            return
        if day != tranche.expires and (day + DAY).day != 1:
            return  # the term's last day as first agreed, amended since
        passed, term = (day - last).days, (tranche.expires - last).days
        credits = round_half_up(tranche.held * passed, term)
        self._served[grant.tranche] = day
        if not credits:
            return
        usage = Usage(grant.at, day, grant.deal, grant.credits, self.service)
        number = _trimmed(from_quanta(credits, self.draws.unit_scale), grant.credits.number)
        self.draws.draw(usage, tranche, credits, number, self.rule)
        self.draws.forget(tranche.commodity)


def decimals_of_days(facts: Iterable[Fact]) -> int:
    """Return the decimals that parts of a term need: 0 where a day is a unit, else 9.

    A grant of as many units as its term has days is spread exactly.  Any other
    number, and a term that is amended or given up in part, has days that are no
    whole units; nine decimals keep the price of a day right to the cent.
    """
    facts = list(facts)
    changed = {fact.tranche for fact in facts if isinstance(fact, Amend | Forfeit)}
    for grant in facts:
        if isinstance(grant, Grant) and grant.delivery == "stand-ready":
            assert grant.expires is not None, "the reader wants `expires` beside it"
            days = (grant.expires - max(grant.effective, grant.date)).days + 1
            if grant.credits.number != days or grant.tranche in changed:
                return _DECIMALS
    return 0


def _trimmed(number: Decimal, like: Decimal) -> Decimal:
    """Return a number without trailing zeros, but with as many decimals as another."""
    least = places(like)
    while places(number) > least and not number.as_tuple().digits[-1]:
        number = number.quantize(Decimal(1).scaleb(1 - places(number)), context=WIDE)
    return number


def serving_acts(facts: Iterable[Fact], through: datetime.date) -> Iterator[Act]:
    """Return the days on which services that stand ready are accounted for.

    Args:
      through: Last day the books have reached; later days are left to the forecast.
    """
    facts = list(facts)
    for grant in facts:
        if not isinstance(grant, Grant) or grant.delivery != "stand-ready":
            continue
        ends = {grant.expires} | {
            fact.expires
            for fact in facts
            if isinstance(fact, Amend) and fact.tranche == grant.tranche
        }
        known = [end for end in ends if end is not None]
        first = max(grant.effective, grant.date)
        days = {*known, *_month_ends(first, max(known, default=first))}
        for day in sorted(days):
            if first <= day <= through:
                key = (day, SERVED, 0, 1, grant.tranche, "", _NO_NUMBER, "")
                yield key, Served(grant.at, day, grant)


def _month_ends(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    year, month = first.year, first.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        end = datetime.date(year, month, 1) - DAY
        if end > last:
            return
        yield end
