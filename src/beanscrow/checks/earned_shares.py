"""Shares earned as credits are drawn, reckoned again from the credits the books have drawn.

What is earned follows from the most credits ever drawn: units x drawn / granted, and the
fair value of the stake in the same proportion (718-10-30-2; 606-10-32-21), or under
IFRS the worth of each service on the day it was received (IFRS 2.13), or of the shares
on the day the provider elects (IFRS 15.66).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from beancount.core.data import Transaction

from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure, number_of
from beanscrow.checks.findings import problem
from beanscrow.checks.noncash_days import worth_of
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.purchases import coins
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.money import round_to_quanta

_ZERO = Decimal(0)
_SHARES = 6


class _Draw(NamedTuple):
    """Credits an entry draws (negative: gives back), and the day of the service."""

    date: datetime.date
    credits: Decimal
    served: datetime.date


class _Booked(NamedTuple):
    """What the entries of a tranche draw, and what they book as earned."""

    draws: list[_Draw]
    shares: Decimal
    value: Decimal


def misvested(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the stakes of which more or less is booked as earned than was drawn for.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    written = ledger.written
    for stake in written.standing("deal-stake"):
        if stake.text("vesting") != "as-drawn" or stake.at in said:
            continue
        grant = next(
            (
                each
                for each in written.standing("deal-grant")
                if (each.deal, each.event) == (stake.deal, stake.event)
            ),
            None,
        )
        if grant is None:
            continue
        provider = written.side(stake.deal) == "provider"
        booked = _booked(ledger, grant, provider)
        shares, value = _earned(stake, grant, booked.draws, ledger, provider)
        if not provider:
            shares = booked.shares  # the startup's books do not hold its own shares
        if (booked.shares, booked.value) != (shares, value):
            of = f"{figure(booked.shares)} shares for " if provider else ""
            wanted = f"{figure(shares)} for " if provider else ""
            yield problem(
                stake.at,
                "E626",
                f"{of}{figure(booked.value)} booked as earned; the credits drawn make it "
                f"{wanted}{figure(value)}",
                stake.deal,
            )


def _booked(ledger: Ledger, grant: Directive, provider: bool) -> _Booked:
    key = grant.deal, grant.text("tranche") or "T1"
    draws: list[_Draw] = []
    shares = value = _ZERO
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        if (entry.meta.get("deal"), entry.meta.get("tranche")) != key:
            continue
        source = ledger.written.source(entry)
        if source is None or source.name != "deal-usage":
            continue
        drawn = _drawn(ledger, entry, provider)
        if drawn is not None:
            draws.append(_Draw(entry.date, drawn, source.day("of") or entry.date))
            continue
        for posting in entry.postings:
            number = posting.units.number if posting.units is not None else None
            if not isinstance(number, Decimal):
                continue
            if posting.cost is not None:
                shares += number
            elif provider:
                value -= number
            else:
                value += max(_ZERO, number)
    return _Booked(draws, shares, value)


def _drawn(ledger: Ledger, entry: Any, provider: bool) -> Decimal | None:
    """Return the credits an entry draws, None where it moves no credits."""
    for posting in entry.postings:
        place = ledger.chart(posting.account)
        if place is None or place.leaf != "Drawn" or posting.units is None:
            continue
        number = posting.units.number
        if isinstance(number, Decimal):
            return -number if provider else number
    return None


def _earned(
    stake: Directive, grant: Directive, draws: list[_Draw], ledger: Ledger, provider: bool
) -> tuple[Decimal, Decimal]:
    """Return the shares, and their amount, that the draws of a tranche have earned."""
    units, granted = number_of(stake.amount(1)), number_of(grant.amount(1))
    if not units or not granted:
        return _ZERO, _ZERO
    books = ledger.written.books
    ifrs = books is not None and books.text("framework") == "ifrs"
    at_service = ifrs and not provider
    worth = fair_value(stake, grant, ledger)
    shares_on = worth_of(stake, worth, ledger) if provider else None
    drawn = most = earned = Fraction(0)
    shares = value = _ZERO
    # A day's refunds stand behind its draws.
    for draw in sorted(draws, key=lambda it: (it.date, it.credits < 0)):
        drawn += Fraction(draw.credits)
        if drawn <= most:
            continue
        of_all = shares_on(draw.served) if shares_on is not None else worth
        each = _service(grant.deal, draw.served, ledger) if at_service else of_all / granted
        earned += (drawn - most) * each
        most = drawn
        to_date = round_to_quanta(units * most / granted, _SHARES)
        reached = Decimal(to_date).scaleb(-_SHARES)
        if reached > shares:
            shares, value = reached, coins(earned, ledger)
    return shares, value


def _service(deal: str, served: datetime.date, ledger: Ledger) -> Fraction:
    """Return what a credit's service was worth on a day."""
    found = [
        value
        for value in ledger.written.standing("deal-credit-value")
        if value.deal == deal and value.date <= served
    ]
    newest = max(found, key=lambda it: (it.date, _turn(it)), default=None)
    return number_of(newest.amount(1)) if newest is not None else Fraction(0)


def _turn(value: Directive) -> int:
    sequence = value.entry.meta.get("sequence")
    return int(sequence) if isinstance(sequence, Decimal) else 0


def fair_value(stake: Directive, grant: Directive, ledger: Ledger) -> Fraction:
    """Return the fair value of all shares at inception, rounded to the books' quantum."""
    units = stake.amount(1)
    policies = [
        policy
        for policy in ledger.written.policies.get(stake.deal, ())
        if policy.text("stake") in ("", units.currency if units is not None else "")
    ]
    policies.sort(key=lambda policy: not policy.text("stake"))
    stated = [
        it for it in policies if {"fair-value", "fair-value-total"} & set(it.entry.meta)
    ]
    sources = [it for it in policies if it.text("fair-value-source")]
    source = (sources or [stake])[0].text("fair-value-source")
    said = (stated or [stake])[0].entry.meta
    if source in ("ssp", "face"):
        exact = number_of(grant.entry.meta.get(source)) * number_of(grant.amount(1))
    elif "fair-value-total" in said:
        exact = number_of(said["fair-value-total"])
    else:
        exact = number_of(said.get("fair-value")) * number_of(units)
    return Fraction(coins(exact, ledger))
