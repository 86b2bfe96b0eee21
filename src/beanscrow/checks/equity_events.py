"""What a stake under the equity method was told, and what was booked of it, in order.

Entries are gathered by the directive they name as their source, and the directives are
put in the order the language gives a day, so that each can be reckoned again from where
the books stood before it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from beancount.core.amount import Amount
from beancount.core.data import Transaction

from beanscrow.checks.accounts import EQUITY_INCOME
from beanscrow.checks.directives import LEGS, Directive
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.reasons import other_side
from beanscrow.checks.restated import Ledger
from beanscrow.money import round_to_quanta

STAKE = "stake-equity-method"
# Accounts whose every amount follows from the directives.
FOLLOWS = (*EQUITY_INCOME, "deferred-profit", "loss-liability")
_PHASES = {
    **dict.fromkeys(LEGS, 0),
    "deal-usage": 1,
    "deal-basis": 2,
    "deal-guarantee": 2,
    "deal-result": 3,
    "deal-elimination": 4,
    "deal-dilution": 5,
    "deal-reclassify": 6,
    "deal-convert": 7,
    "deal-sale": 8,
    "deal-forfeit": 9,
    "deal-valuation": 10,
    "deal-control": 11,
}
# Of these, all that are in effect are looked at, whether they book anything or not.
_SAID = tuple(name for name in _PHASES if name not in ("deal-usage", "deal-grant"))

Booked = dict[tuple[Directive, datetime.date], list[Any]]


class Event(NamedTuple):
    """One directive on one of its days, and what its entries did that day.

    Attributes:
      posted: Debits by role of FOLLOWS, in quanta.
      units: Change of the units under the equity method.
      carrying: Change of their carrying amount, in quanta.
      into: Securities that came in under the equity method.
    """

    date: datetime.date
    directive: Directive
    posted: dict[str, int]
    units: Decimal
    carrying: int
    into: frozenset[str]

    @property
    def name(self) -> str:
        """Type of the directive."""
        return self.directive.name

    def number(self, key: str) -> Fraction | None:
        """Return the number of a key, of money too; None where there is none."""
        value = self.directive.entry.meta.get(key)
        value = value.number if isinstance(value, Amount) else value
        return Fraction(value) if isinstance(value, Decimal) else None

    def amount(self) -> Fraction:
        """Return the number of the amount on the line, or of the share a dilution leaves."""
        values = self.directive.entry.values or []
        if self.name == "deal-dilution" and len(values) > 1:
            share = values[1].value
            return Fraction(share) if isinstance(share, Decimal) else Fraction(0)
        found = self.directive.amount(1)
        return Fraction(found.number) if found and found.number else Fraction(0)


def events_of(deal: str, booked: Booked, ledger: Ledger) -> list[Event]:
    """Return what concerns the stake of a deal, in the order it takes effect.

    Directives that book nothing are among them where they say something.

    Args:
      booked: What was gathered of the deal's entries.
    """
    last = ledger.reached()
    days = set(booked)
    for name in _SAID:
        for directive in ledger.written.standing(name):
            ours = directive.deal == deal and directive.date <= last
            if ours and not other_side(directive, ledger.written):
                days.add((directive, directive.date))
    events = [
        Event(date, directive, *_effects(booked.get((directive, date), []), ledger))
        for directive, date in days
        if directive.name in _PHASES
    ]
    return sorted(events, key=_turn)


def stated_share(directive: Directive) -> Fraction | None:
    """Return the ownership a line states, None where it states none."""
    value = directive.entry.meta.get("ownership")
    return Fraction(value) if isinstance(value, Decimal) else None


def gathered(ledger: Ledger) -> dict[str, Booked]:
    """Return the generated entries that move a stake so carried, or what is beside it.

    By deal, and there by directive and day.
    """
    found: dict[str, Booked] = defaultdict(lambda: defaultdict(list))
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        places = (ledger.chart(posting.account) for posting in entry.postings)
        if not any(place and place.role in (STAKE, *FOLLOWS) for place in places):
            continue
        source = ledger.source(entry)
        if source is not None:
            found[source.deal][source, entry.date].append(entry)
    return found


def _effects(
    entries: list[Any], ledger: Ledger
) -> tuple[dict[str, int], Decimal, int, frozenset[str]]:
    posted: dict[str, int] = defaultdict(int)
    units, carrying = Decimal(0), Fraction(0)
    into: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        for posting in entry.postings:
            place = ledger.chart(posting.account)
            number = posting.units.number
            if place is None:
                continue
            if place.role in FOLLOWS:
                posted[place.role] += round_to_quanta(Fraction(number), ledger.scale)
            elif place.role == STAKE and posting.cost is not None:
                units += number
                carrying += Fraction(number) * Fraction(posting.cost.number)
                into[posting.units.currency] += number
    held = frozenset(commodity for commodity, number in into.items() if number > 0)
    return posted, units, round_to_quanta(carrying, ledger.scale), held


def _turn(event: Event) -> tuple[Any, ...]:
    """Return the order of a day: phase, sequence, name, larger amounts first, the rest."""
    meta = event.directive.entry.meta
    sequence = meta.get("sequence")
    return (
        event.date,
        _PHASES[event.name],
        sequence if isinstance(sequence, Decimal) else Decimal(0),
        event.directive.text("asset"),
        -event.amount(),
        repr([meta.get(key) for key in ("from", "to", "margin", "paid", "ownership")]),
        event.directive.at,
    )
