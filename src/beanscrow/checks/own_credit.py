"""A startup's own credit in what it owes at fair value, reckoned again from the directives.

What its valuations put down to its own credit waits in other comprehensive income
(825-10-45-5; IFRS 9.5.7.7).  Under US GAAP it goes to net income with the units that are
converted or handed back, the oldest first (825-10-45-6); under IFRS it stays
(IFRS 9.B5.7.9).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from beancount.core.amount import Amount

from beanscrow.checks.accounts import OWN_CREDIT
from beanscrow.checks.case import Case
from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure, number_of
from beanscrow.checks.findings import problem
from beanscrow.checks.issued_lots import IssuedLots, leaving
from beanscrow.checks.purchases import coins
from beanscrow.checks.restated import Ledger, opening_oci, rate_of
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Stake, Valuation

_ZERO = Decimal(0)
# The order of a day: what comes, turns into shares, goes back, and is valued.
_TURNS = ("deal-stake", "deal-convert", "deal-forfeit", "deal-valuation")


def miscredited(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the deals whose own credit is not what their valuations say of it.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    stated = [
        it
        for it in ledger.written.standing("deal-valuation")
        if isinstance(it.entry.meta.get("own-credit"), Amount) and it.at not in said
    ]
    booked = _booked(ledger)
    last = ledger.reached()
    for deal in sorted({it.deal for it in stated} | booked.keys()):
        if ledger.written.side(deal) != "startup" or _earned(deal, ledger):
            continue
        lots = _reckoned(deal, ledger, last, said).values()
        left = sum((it.amount for it in lots), Fraction(0))
        # The last units take all that is left, to the coin.
        rounded = sum(it.roundings for it in lots if it.units)
        found = booked.get(deal, _ZERO)
        if abs(Fraction(found) - left) > rounded * Fraction(1, 10**ledger.scale):
            yield problem(
                ledger.written.deals[deal].at,
                "E647",
                f"{figure(found)} of the startup's own credit waits in other comprehensive "
                f"income; its valuations, and the units gone, leave {figure(coins(left, ledger))}",
                deal,
            )


def untold(cases: Iterable[Case]) -> Iterator[Problem]:
    """Yield the valuations of what is owed that do not say what own credit made of them.

    IFRS 9.5.7.7: what was designated at fair value shows it in other comprehensive income.

    Args:
      cases: Deals in which the ledger is the startup's.
    """
    for case in cases:
        if case.books.framework != "ifrs":
            continue
        for it in case.facts(Valuation):
            kind = _instrument(case, it)
            if kind in ("note", "safe") and it.own_credit is None:
                yield problem(
                    it.at,
                    "F644",
                    f"what of this change the startup's own credit made is not said; where "
                    f"the {kind} was designated at fair value it is other comprehensive "
                    "income (IFRS 9.5.7.7): write `own-credit:`, 0.00 where it made nothing, "
                    "or where the whole has to be at fair value (IFRS 9.4.2.1)",
                    case.id,
                )


def _instrument(case: Case, valuation: Valuation) -> str:
    """Return the kind of what is valued, "" where it is not told apart."""
    kinds = {it.units.currency: it.instrument for it in case.facts(Stake)}
    named = valuation.stake or (next(iter(kinds)) if len(kinds) == 1 else "")
    return kinds.get(named, "")


def _reckoned(
    deal: str, ledger: Ledger, last: datetime.date, said: frozenset[tuple[str, int]]
) -> dict[str, IssuedLots]:
    """Return what waits by security; the units in it are those issued and not gone."""
    written = ledger.written
    waits: dict[str, IssuedLots] = defaultdict(IssuedLots)
    realised = written.books is not None and written.books.text("framework") == "us-gaap"
    lines = [
        it
        for name in _TURNS
        for it in written.standing(name)
        if it.deal == deal and it.due <= last and it.at not in said
    ]
    for it in sorted(lines, key=_turn):
        amount = leaving(it) if it.name == "deal-forfeit" else it.amount(1)
        if amount is None:
            continue
        units = number_of(amount)
        if it.name == "deal-stake":
            waits[amount.currency].comes(units, _opening(it, amount.currency, ledger))
        elif it.name in ("deal-convert", "deal-forfeit"):
            waits[amount.currency].goes(units, amounts=realised)
            into = it.entry.meta.get("into")
            if isinstance(into, Amount):
                waits[into.currency].comes(number_of(into))
        elif isinstance(own := it.entry.meta.get("own-credit"), Amount):
            rate = rate_of(own.currency, it.date, ledger)
            worth = coins(number_of(own) * Fraction(rate), ledger)
            waits[_valued(it, waits)].spreads(Fraction(worth))
    return waits


def _earned(deal: str, ledger: Ledger) -> bool:
    """Return whether units come draw by draw, so that no line says how many there are."""
    return any(
        it.deal == deal and it.text("vesting") == "as-drawn"
        for it in ledger.written.standing("deal-stake")
    )


def _opening(stake: Directive, commodity: str, ledger: Ledger) -> Fraction:
    """Return what waited of an opening stake before the books begin; nothing of another."""
    if stake.entry.meta.get("opening") is not True:
        return Fraction(0)
    return opening_oci(stake.deal, commodity, ledger.written)


def _turn(it: Directive) -> tuple[datetime.date, int]:
    return it.due, _TURNS.index(it.name)


def _valued(valuation: Directive, waits: dict[str, IssuedLots]) -> str:
    held = [name for name, lots in waits.items() if lots.units]
    return valuation.text("stake") or (held[0] if len(held) == 1 else "")


def _booked(ledger: Ledger) -> dict[str, Decimal]:
    """Return what waits by deal, as the generated entries leave it; negative for gains."""
    found: dict[str, Decimal] = defaultdict(lambda: _ZERO)
    if not ledger.chart.ever(OWN_CREDIT):
        return found
    for deal in ledger.written.deals:
        for entry in ledger.made_for(deal, datetime.date.max):
            for posting in entry.postings:
                place = ledger.chart(posting.account)
                if place is not None and place.role == OWN_CREDIT:
                    found[deal] += posting.units.number
    return found
