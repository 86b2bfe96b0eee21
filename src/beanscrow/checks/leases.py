"""Rent, reckoned again: its part of the price, and the days of it that have passed.

Rent is its stand-alone price's part of what an event received for a tranche (842-10-15-31;
IFRS 16.17), earned in equal days (842-30-25-11; IFRS 16.81); where it is one line with the
service (842-10-15-42A) nothing is told apart.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from beancount.core.amount import Amount
from beancount.core.data import Transaction

from beanscrow.checks.accounts import RENT
from beanscrow.checks.case import Case
from beanscrow.checks.directives import Directive, Written
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.purchases import coins
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Commitment, Grant, Lease
from beanscrow.money import largest_remainder, to_quanta
from beanscrow.periods import DAY, month_end

_ZERO = Decimal(0)
_UNEARNED, _INCOME = RENT


def misleased(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the tranches whose rent is not what their lease makes it.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    written = ledger.written
    leases = {
        (lease.deal, lease.word(1)): lease
        for lease in written.standing("deal-lease")
        if written.side(lease.deal) == "provider" and lease.at not in said
    }
    grants = [
        grant
        for grant in written.standing("deal-grant")
        if grant.at not in said and written.side(grant.deal) == "provider"
    ]
    if not leases and not any(ledger.chart.ever(role) for role in RENT):
        return
    for grant in grants:
        name = grant.text("tranche") or "T1"
        received, rent, income, revenue = _booked(grant, name, ledger)
        lease = leases.get((grant.deal, name))
        wanted, earned = _ZERO, _ZERO
        if lease is not None and lease.text("kind") == "operating":
            if _is_together(grant, lease, written):
                wrong = revenue if _mostly_rent(lease) else income
                if wrong:
                    yield _problem(grant, name, "shown on the lesser line", wrong, _ZERO)
                continue
            wanted = _part(lease, received, ledger)
            earned = coins(Fraction(wanted) * _passed(grant, lease, ledger), ledger)
        if rent != wanted:
            yield _problem(grant, name, "received as rent", rent, wanted)
        if income != earned:
            yield _problem(grant, name, "earned as rent", income, earned)


def unanswered(cases: Iterable[Case]) -> Iterator[Problem]:
    """Yield what a dedicated cluster serves, of which nobody says whether it is a lease."""
    for case in cases:
        answered = {lease.tranche for lease in case.facts(Lease)}
        legs: list[Grant | Commitment] = [*case.facts(Grant), *case.facts(Commitment)]
        for fact in legs:
            name = fact.tranche if isinstance(fact, Grant) else fact.commitment
            if fact.dedicated and name not in answered:
                yield problem(
                    fact.at,
                    "F636",
                    f"{name} is served from {fact.dedicated} alone, and nothing says whether "
                    "that is a lease (842-10-15-3; IFRS 16.9); answer with a deal-lease, its "
                    '`kind: "none"` where the provider directs the cluster',
                    case.id,
                )


def _problem(
    grant: Directive, name: str, what: str, found: Decimal, wanted: Decimal
) -> Problem:
    return problem(
        grant.at,
        "E636",
        f"{figure(found)} of {name} is {what}; the lease makes it {figure(wanted)}",
        grant.deal,
    )


def _booked(
    grant: Directive, name: str, ledger: Ledger
) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Return what an event received for a tranche, of it rent, and income and revenue of it."""
    received = rent = income = revenue = _ZERO
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        source = ledger.source(entry)
        if source is None or source.deal != grant.deal:
            continue
        legs = ("deal-stake", "deal-cash")
        signing = source.name in legs and entry.date == source.event == grant.event
        own = entry.meta.get("tranche") == name
        postings: list[Any] = entry.postings
        for posting in postings:
            place, number = ledger.chart(posting.account), posting.units.number
            if place is None:
                continue
            if signing and place.tranche == name:
                if place.role in (_UNEARNED, "contract-liability"):
                    received -= number
                rent -= number if place.role == _UNEARNED else _ZERO
            elif own and place.role == _INCOME:
                income -= number
            elif own and place.role == "revenue-credits":
                revenue -= number
    return received, rent, income, revenue


def _is_together(grant: Directive, lease: Directive, written: Written) -> bool:
    books = written.books
    if books is None or books.text("framework") != "us-gaap":
        return False
    if not written.switched(grant.deal, "lessor-expedient", otherwise=True):
        return False
    first, last = _use(grant)
    term = lease.day("from") or first, lease.day("to") or last
    return grant.text("delivery") == "stand-ready" and term == (first, last)


def _use(grant: Directive) -> tuple[datetime.date, datetime.date | None]:
    return max(grant.day("effective") or grant.date, grant.date), grant.day("expires")


def _price(lease: Directive, key: str) -> Fraction | None:
    amount = lease.entry.meta.get(key)
    if isinstance(amount, Amount) and amount.number is not None:
        return Fraction(amount.number)
    return None


def _mostly_rent(lease: Directive) -> bool:
    rent, service = _price(lease, "lease-price"), _price(lease, "service-price")
    return rent is not None and service is not None and rent > service


def _part(lease: Directive, received: Decimal, ledger: Ledger) -> Decimal:
    weights = [
        _price(lease, key) or Fraction(0) for key in ("lease-price", "service-price")
    ]
    rent, _ = largest_remainder(to_quanta(received, ledger.scale), weights)
    return Decimal(rent).scaleb(-ledger.scale)


def _passed(grant: Directive, lease: Directive, ledger: Ledger) -> Fraction:
    """Return the part of the term that has passed by the last end of a month, or its own."""
    first, last = _use(grant)
    first, last = lease.day("from") or first, lease.day("to") or last
    if last is None:
        return Fraction(0)
    reached = min(last, ledger.reached())
    if reached < last and reached != month_end(reached):
        reached = reached.replace(day=1) - DAY
    return max(Fraction(0), Fraction((reached - first).days + 1, (last - first).days + 1))
