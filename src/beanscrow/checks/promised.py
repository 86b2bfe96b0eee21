"""How long promises to spend bind, and for how much: as signed, changed and ended.

A deal-amend changes a promise from its day on, a deal-commitment-end ends it; both are
read off the directives, and only those the books have reached.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beancount.core.amount import Amount

from beanscrow.checks.directives import Directive
from beanscrow.checks.purchases import Purchase, coins, spent_in
from beanscrow.checks.restated import Ledger
from beanscrow.periods import DAY


class Stretch(NamedTuple):
    """The days on which a promise has the same terms; both inclusive.

    Attributes:
      amount: Promised in all, with what was spent before.
    """

    first: datetime.date
    last: datetime.date
    amount: Fraction


class Term(NamedTuple):
    """A promise to spend as its directives leave it on the last day of the books.

    Attributes:
      stretches: In order, one at least.
      ending: The directive that ended it before its last day, None where none did.
    """

    currency: str
    stretches: tuple[Stretch, ...]
    ending: Directive | None

    @property
    def first(self) -> datetime.date:
        """First day that counts."""
        return self.stretches[0].first

    @property
    def last(self) -> datetime.date:
        """Last day that counts, that of an early end included."""
        return self.stretches[-1].last

    @property
    def amount(self) -> Fraction:
        """Promised in all."""
        return self.stretches[-1].amount


def name_of(commitment: Directive) -> str:
    """Return what a promise is called."""
    return commitment.text("commitment") or "C1"


def term_of(commitment: Directive, ledger: Ledger) -> Term:
    """Return how long a promise binds, and for how much, stretch by stretch."""
    amount = commitment.amount(1)
    promised = Fraction(amount.number) if amount and amount.number else Fraction(1)
    first = commitment.day("from") or commitment.date
    last = commitment.day("to") or datetime.date.max
    stretches = [Stretch(first, last, promised)]
    for change in _about(commitment, "deal-amend", ledger):
        now, new = stretches[-1], change.entry.meta.get("amount")
        if isinstance(new, Amount) and new.number is not None:
            promised = Fraction(new.number)
        day = change.day("to") or now.last
        stretches[-1] = now._replace(last=change.date - DAY)
        stretches.append(Stretch(change.date, day, promised))
    ending = next(_about(commitment, "deal-commitment-end", ledger), None)
    if ending is not None:
        stretches[-1] = stretches[-1]._replace(last=ending.date)
    return Term(amount.currency if amount else "", tuple(stretches), ending)


def _about(commitment: Directive, name: str, ledger: Ledger) -> Iterator[Directive]:
    """Yield the directives of a type about a promise that the books have reached, in order."""
    last = ledger.reached()
    found = [
        it
        for it in ledger.written.standing(name)
        if it.deal == commitment.deal
        and it.text("commitment") == name_of(commitment)
        and it.date <= last
    ]
    yield from sorted(found, key=_turn)


def _turn(directive: Directive) -> tuple[datetime.date, Decimal, Fraction]:
    meta = directive.entry.meta
    sequence, amount = meta.get("sequence"), meta.get("amount")
    size = amount.number if isinstance(amount, Amount) and amount.number else Decimal(0)
    turn = sequence if isinstance(sequence, Decimal) else Decimal(0)
    return directive.date, turn, -Fraction(size)


def released_by_purchases(
    term: Term, carried: Decimal, bought: list[Purchase], ledger: Ledger
) -> Decimal:
    """Return what purchases have released of what a promise carries, at its end or today.

    Each stretch spreads what the ones before it left over what was left to be spent:
    left x min(bought, to be spent) / to be spent, rounded once.

    Args:
      carried: At the contract event, of either sign.
      bought: Purchases that count to it.
    """
    reached, left, before = ledger.reached(), carried, Fraction(0)
    for stretch in term.stretches:
        spent = spent_in(bought, term.currency, stretch.first, min(stretch.last, reached))
        still = stretch.amount - before
        part = max(Fraction(0), min(Fraction(1), spent / still)) if left and still else 0
        left -= coins(Fraction(abs(left)) * part, ledger).copy_sign(left)
        before += spent
    return carried - left


def counted(
    commitment: Directive,
    left: list[Purchase],
    term: Term,
) -> tuple[list[Purchase], list[Purchase]]:
    """Return the purchases that count to a commitment, and those left for the next.

    A purchase counts to the first commitment in its currency whose term holds its day;
    credits drawn, to the first that counts them.
    """
    credits = commitment.entry.meta.get("counts-credits") is True
    mine: list[Purchase] = []
    others: list[Purchase] = []
    for each in left:
        counts = credits if each.drawn else each.currency == term.currency
        its = term.first <= each.date <= term.last and counts
        (mine if its else others).append(each)
    return mine, others
