"""Promises to spend: what they leave to be paid, and what they carry, as was bought.

A take-or-pay promise leaves its shortfall (606-10-55-48).  One signed with more or less
cash than the shares were worth carries the difference (606-10-32-21; 606-10-32-25),
which is released as it is bought.  Of a deal with promises or warrants each purchase
must have been billed, since its other entry would hide that it was not.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from beancount.core.data import Transaction

from beanscrow.checks.accounts import FX, UNITS
from beanscrow.checks.counted_credits import counted_by_deal
from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.foreign_bills import in_the_books, in_whole
from beanscrow.checks.interest import is_financed
from beanscrow.checks.promise_ends import misended
from beanscrow.checks.promised import (
    Term,
    counted,
    name_of,
    released_by_purchases,
    term_of,
)
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.purchases import Purchase, bought_by_deal, spent_in
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.money import largest_remainder, to_quanta

_ZERO = Decimal(0)
_CARRYING = (
    "contract-liability", "upfront", "prepaid", "vendor-consideration",
    "intragroup-liability", "intragroup-upfront",
)  # fmt: skip

_RELEASING = ("deal-commitment", "deal-usage", "deal-commitment-end")

Event = tuple[str, datetime.date]


class _Booked(NamedTuple):
    """What the entries have of promises, and of usage in money.

    Attributes:
      signed: What an event left on promises and credits: positive where compute is
        owed for shares, negative where the customer was paid.
      released: Of what promises carry, by deal, of the same sign.
      billed: By position of the usage; negative for a credit note.
      owed: For a shortfall, by position of the commitment; positive on both sides.
    """

    signed: dict[Event, Decimal]
    released: dict[str, Decimal]
    billed: dict[tuple[str, int], Decimal]
    owed: dict[tuple[str, int], Decimal]


def misreckoned(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the promises, and the purchases under them, that are not booked as written.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    written = ledger.written
    promised = _promised(ledger, said)
    watched = {*promised, *(it.deal for it in written.standing("deal-warrant"))}
    if not watched:
        return
    booked = _sums(ledger, watched)
    yield from _unbilled(ledger, watched, booked, said)
    bought = _bought(ledger, promised, said)
    for deal, commitments in promised.items():
        yield from _misowed(commitments, bought[deal], booked, ledger)
        if any(is_financed(commitment, written) for commitment in commitments):
            continue  # what it carries grows by interest, and is reckoned with it
        carried = _carried(commitments, booked, ledger)
        wanted, ended = _released(commitments, carried, bought[deal], ledger)
        yield from misended(ended, ledger)
        if booked.released[deal] != wanted:
            yield problem(
                commitments[0].at,
                "E624",
                f"{figure(booked.released[deal])} is released of what the promises to spend "
                f"carry; the purchases make it {figure(wanted)}",
                deal,
            )


def _misowed(
    promised: list[Directive], bought: list[Purchase], booked: _Booked, ledger: Ledger
) -> Iterator[Problem]:
    """Yield the commitments whose shortfall is not what was promised and not bought."""
    for commitment, term, short in _shortfalls(promised, bought, ledger):
        wanted = _ZERO
        if short:
            wanted = in_the_books(short, term.currency, term.last, ledger)
        if booked.owed[commitment.at] != wanted:
            yield problem(
                commitment.at,
                "E620",
                f"{figure(booked.owed[commitment.at])} is booked as the shortfall of "
                f"{name_of(commitment)}; the purchases make it "
                f"{figure(wanted)}",
                commitment.deal,
            )


def shortfalls(
    ledger: Ledger, said: frozenset[tuple[str, int]]
) -> Iterator[tuple[Directive, datetime.date, Fraction]]:
    """Yield what promises leave to be paid, and on which day, in their own currency.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    promised = _promised(ledger, said)
    bought = _bought(ledger, promised, said)
    for deal, commitments in promised.items():
        for commitment, term, short in _shortfalls(commitments, bought[deal], ledger):
            if short:
                yield commitment, term.last, short


def _shortfalls(
    promised: list[Directive], bought: list[Purchase], ledger: Ledger
) -> Iterator[tuple[Directive, Term, Fraction]]:
    """Yield what each commitment leaves to be paid by now, 0 where it leaves nothing."""
    last, left = ledger.reached(), bought
    for commitment in promised:
        if commitment.amount(1) is None:
            continue
        term = term_of(commitment, ledger)
        mine, left = counted(commitment, left, term)
        due = commitment.text("shortfall") == "take-or-pay" and term.ending is None
        short = Fraction(0)
        if due and term.last <= last:
            spent = spent_in(mine, term.currency, term.first, term.last)
            # No more than was promised falls short, whatever was taken back.
            short = max(Fraction(0), term.amount - max(Fraction(0), spent))
        yield commitment, term, in_whole(short, term.currency, ledger)


def _promised(
    ledger: Ledger, said: frozenset[tuple[str, int]]
) -> dict[str, list[Directive]]:
    """Return the promises of each deal, in the order purchases count to them."""
    promised: dict[str, list[Directive]] = defaultdict(list)
    for commitment in sorted(ledger.written.standing("deal-commitment"), key=_term):
        if commitment.at not in said:
            promised[commitment.deal].append(commitment)
    return promised


def _bought(
    ledger: Ledger,
    promised: dict[str, list[Directive]],
    said: frozenset[tuple[str, int]],
) -> dict[str, list[Purchase]]:
    """Return what was bought of each deal, credits drawn included where they count."""
    bought = bought_by_deal(ledger)
    for deal, drawn in counted_by_deal(ledger, promised, said).items():
        bought[deal] += drawn
    return bought


def _carried(
    commitments: list[Directive], booked: _Booked, ledger: Ledger
) -> dict[tuple[str, int], int]:
    """Return what each promise carries, in quanta, by its position.

    Credits of its event that nothing else pays for take all of it.
    """
    events: dict[Event, list[Directive]] = defaultdict(list)
    for commitment in commitments:
        events[commitment.deal, commitment.event].append(commitment)
    unpriced = {
        (grant.deal, grant.event)
        for grant in ledger.written.standing("deal-grant")
        if grant.entry.meta.get("price") is None
    }
    carried: dict[tuple[str, int], int] = {}
    for event, found in events.items():
        total = _ZERO if event in unpriced else booked.signed[event]
        found.sort(key=name_of)
        weights = [_promise(it) for it in found]
        parts = largest_remainder(to_quanta(total, ledger.scale), weights)
        carried |= {it.at: part for it, part in zip(found, parts, strict=True)}
    return carried


def _released(
    commitments: list[Directive],
    carried: dict[tuple[str, int], int],
    bought: list[Purchase],
    ledger: Ledger,
) -> tuple[Decimal, dict[tuple[str, int], Decimal]]:
    """Return what is released of all promises, and what the early ends of some left of them.

    After the last day of a promise all of it is released; what an early end left stands by
    the position of the directive that ended it.
    """
    last, wanted, left = ledger.reached(), _ZERO, bought
    ended: dict[tuple[str, int], Decimal] = {}
    for commitment in commitments:
        term = term_of(commitment, ledger)
        mine, left = counted(commitment, left, term)
        each = Decimal(carried[commitment.at]).scaleb(-ledger.scale)
        by_purchases = released_by_purchases(term, each, mine, ledger)
        if term.ending is not None:
            ended[term.ending.at] = each - by_purchases
        wanted += each if term.last <= last else by_purchases
    return wanted, ended


def _term(commitment: Directive) -> tuple[datetime.date, datetime.date, str]:
    """Return the first and last day of a commitment as signed, and its name."""
    return (
        commitment.day("from") or commitment.date,
        commitment.day("to") or datetime.date.max,
        name_of(commitment),
    )


def _promise(commitment: Directive) -> Fraction:
    amount = commitment.amount(1)
    return Fraction(amount.number) if amount and amount.number else Fraction(1)


def _unbilled(
    ledger: Ledger,
    watched: set[str],
    booked: _Booked,
    said: frozenset[tuple[str, int]],
) -> Iterator[Problem]:
    last = ledger.reached()
    for usage in ledger.written.standing("deal-usage"):
        if usage.deal not in watched or usage.at in said or usage.date > last:
            continue
        amount = _money_of(usage, ledger)
        if amount is not None and booked.billed[usage.at] != amount:
            yield problem(
                usage.at,
                "E623",
                f"{figure(booked.billed[usage.at])} is billed for this usage, and "
                f"{figure(amount)} is written",
                usage.deal,
            )


def _money_of(usage: Directive, ledger: Ledger) -> Decimal | None:
    """Return what a usage in money is written with, None for one in credits."""
    amount, books = usage.amount(1), ledger.written.books
    if amount is None or books is None or amount.currency != books.text("currency"):
        return None
    return amount.number


def _sums(ledger: Ledger, watched: set[str]) -> _Booked:
    booked = _Booked(*(defaultdict(Decimal) for _ in _Booked._fields))
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        source = ledger.source(entry)
        if source is None or source.deal not in watched:
            continue
        postings: list[Any] = entry.postings
        signing = source.name in ("deal-stake", "deal-cash") and entry.date == source.event
        places = [ledger.chart(posting.account) for posting in postings]
        if any(place is not None and place.role == FX for place in places):
            continue  # nobody billed what a new rate changes
        # A draw moves credits beside what is carried for them; a release moves none.
        moves = any(place is not None and place.role == UNITS for place in places)
        releases = source.name in _RELEASING and not moves
        for posting, place in zip(postings, places, strict=True):
            number = posting.units.number if posting.units is not None else None
            if place is None or not isinstance(number, Decimal):
                continue
            debit = number if place.side == "startup" else -number
            if place.role in _CARRYING:
                if signing:
                    booked.signed[source.deal, source.event] += debit
                elif releases:
                    booked.released[source.deal] -= debit
            elif place.role in ("receivable", "payable"):
                if signing:
                    # Credits of the event that money pays for: no promise carries them.
                    booked.signed[source.deal, source.event] += debit
                    continue
                asked = booked.owed if source.name == "deal-commitment" else booked.billed
                asked[source.at] -= debit
    return booked
