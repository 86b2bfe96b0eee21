"""The startup fails: what is left of the credits is lost, and the stake with it.

How many credits are left only the engine knows, so it is run up to that day first.
Promises to spend that run on that day end with it: no shortfall is owed by a startup
that is not there.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from beanscrow.deal.lines import Line
from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Agreement, Cash, Commitment, Grant, Stake
from beanscrow.deal.wording import where
from beanscrow.policy.promise_life import PromiseEnded
from beanscrow.policy.schedule import Schedule, in_force, promises_in_force
from beanscrow.simulation.usage import Say
from beanscrow.simulation.written import Writer, money

_NOTHING = Decimal("0.00")


def write_failure(line: Line, standing: Schedule, writer: Writer) -> None:
    """Write out a failure: credits forfeited, promises ended, stakes impaired to nothing.

    Args:
      standing: What the provider has booked by the end of that day.
    """
    deal = standing.deal
    for tranche in standing.standing:
        if tranche.held > 0:
            writer.write(
                line,
                line.date,
                "deal-forfeit",
                deal,
                money(tranche.held, tranche.commodity),
                tranche=tranche.tranche,
                reason="failure",
            )
    ended = {it.commitment for it in in_force(standing) if isinstance(it, PromiseEnded)}
    for promise in promises_in_force(standing, line.date):
        if promise.to >= line.date and promise.commitment not in ended:
            writer.write(
                line,
                line.date,
                "deal-commitment-end",
                deal,
                commitment=promise.commitment,
                reason="failure",
            )
    for stake in standing.stakes:
        if stake.units and stake.carrying:
            writer.write(
                line,
                line.date,
                "deal-valuation",
                deal,
                money(_NOTHING, standing.currency),
                stake=stake.commodity,
                kind="impairment",
                source=f"failure, scenario {writer.scenario}",
                for_="provider",
            )


def refuse_what_goes_on(
    line: Line, agreement: Agreement, until: datetime.date, say: Say
) -> None:
    """Refuse a failure in a deal whose terms would be performed after it all the same.

    No directive ends what is still to be paid for a stake, or an event to come.
    """
    for at, day, what in _to_come(agreement):
        if line.date < day <= until:
            say(
                line,
                "E830",
                f"the deal still has {what} on {day} ({where(at)}), which no directive "
                "ends with the startup; let the simulation end before it, or leave it out",
            )


def _to_come(agreement: Agreement) -> Iterator[tuple[Position, datetime.date, str]]:
    """Yield what is still to be performed: where it stands, its day, and what it is."""
    for fact in agreement.facts:
        match fact:
            case Commitment():
                yield fact.at, fact.date, f"promise {fact.commitment} to make"
            case Cash():
                yield fact.at, fact.date, "cash to pay"
            case Grant():
                yield fact.at, fact.date, "credits to grant"
            case Stake():
                arrives = max(fact.date, fact.unconditional or fact.date)
                yield fact.at, arrives, "shares to issue"
            case _:
                continue
