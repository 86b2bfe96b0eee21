"""One load of a ledger: terms read, each deal accounted for, kept for whoever asks next.

The plugins, in whatever number they are listed, share one daybook a load; it is
made by the first that runs and made anew if the directives have changed since.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from beancount.core.data import Custom, Price

from beanscrow.booking.daybook import OPTION, Daybook, Holder
from beanscrow.booking.fault import fault
from beanscrow.deal.elections import election
from beanscrow.deal.fleet_terms import Fleet, FleetFact
from beanscrow.deal.influence_terms import (
    Basis,
    Control,
    Dilution,
    Elimination,
    Guarantee,
    Result,
)
from beanscrow.deal.plugin_lines import DEALS, ESCROW, STAKES, steps
from beanscrow.deal.problems import Problem
from beanscrow.deal.reader import Reading, read
from beanscrow.deal.terms import (
    Agreement,
    Books,
    Convert,
    Reclassify,
    Role,
    Sale,
    Valuation,
)
from beanscrow.money import places
from beanscrow.policy.correction import account_for
from beanscrow.policy.elected import unsettled, whole_policy
from beanscrow.policy.fleet import FleetSchedule, FleetTerms, fleets_of
from beanscrow.policy.rates import Rate
from beanscrow.policy.schedule import Schedule
from beanscrow.policy.terms_of_side import SideTerms, resolve

# How beancount.plugins.implicit_prices marks what it made of a transaction.
_IMPLIED = "__implicit_prices__"
_STAKE_FACTS = (
    Valuation, Sale, Reclassify, Convert, Result, Basis, Guarantee, Elimination,
    Dilution, Control,
)  # fmt: skip


class Loaded(NamedTuple):
    """A load as the plugins see it."""

    entries: list[Any]
    daybook: Daybook
    terms: dict[str, SideTerms]


class _Memory(Holder):
    """The holder of a load in progress: beside the daybook, what the plugins need."""

    def __init__(self, loaded: Loaded, customs: list[Any]) -> None:
        super().__init__(loaded.daybook, customs, set())
        self.loaded = loaded


def side_of(books: Books, agreement: Agreement) -> Role:
    """Return the side a ledger keeps of one deal: its usual role, or the exception."""
    whole = whole_policy(agreement.policies)
    return (whole and whole.role) or books.role


def load(entries: list[Any], options_map: dict[str, Any]) -> Loaded:
    """Return what a ledger says of its deals, each accounted for, made once a load.

    Args:
      entries: As Beancount hands them to a plugin; not changed.
      options_map: Receives the daybook.
    """
    customs = [entry for entry in entries if type(entry) is Custom]
    held = options_map.get(OPTION)
    if isinstance(held, _Memory) and _same(held.customs, customs):
        return held.loaded
    reading = read(entries, options_map)
    agreements = dict(reading.agreements)
    schedules: dict[str, Schedule] = {}
    terms: dict[str, SideTerms] = {}
    problems = list(reading.problems)
    if reading.books is not None and reading.through is not None:
        rates = _rates(entries, reading.books.currency)
        for name, agreement in reading.agreements.items():
            try:
                settled = _terms(reading.books, agreement, reading.through, rates)
                bookable = _without_unlisted(agreement, options_map, problems)
                schedule = account_for(bookable, settled)
            except Exception:  # one deal's fault never drags down another
                problems.append(fault(agreement.deal.at, f"deal {name}", name))
                del agreements[name]
                continue
            terms[name] = settled
            schedules[name] = schedule
            problems += schedule.problems
        problems += unsettled(
            reading.books,
            ((it, terms[name].side) for name, it in agreements.items()),
        )
    fleets = _fleets(reading, problems)
    problems += [problem for fleet in fleets for problem in fleet.problems]
    daybook = Daybook(reading.books, agreements, schedules, problems, tuple(fleets))
    loaded = Loaded(reading.entries, daybook, terms)
    remembered = [entry for entry in reading.entries if type(entry) is Custom]
    options_map[OPTION] = _Memory(loaded, remembered)
    return loaded


def holder_of(options_map: dict[str, Any]) -> Holder | None:
    """Return what the first plugin of this load left behind, or None."""
    held = options_map.get(OPTION)
    return held if isinstance(held, Holder) else None


def _same(before: Sequence[Any], now: Sequence[Any]) -> bool:
    return len(before) == len(now) and all(
        old is new for old, new in zip(before, now, strict=True)
    )


def _rates(entries: list[Any], functional: str) -> list[Rate]:
    """Return the rates of exchange written in the ledger, not those a plugin implied."""
    return [
        Rate(entry.date, entry.currency, entry.amount.number)
        for entry in entries
        if type(entry) is Price
        and entry.amount.number is not None
        and entry.amount.currency == functional
        and _IMPLIED not in entry.meta
    ]


def _terms(
    books: Books, agreement: Agreement, through: datetime.date, rates: list[Rate]
) -> SideTerms:
    return resolve(
        books,
        agreement.deal,
        agreement.policies,
        side=side_of(books, agreement),
        scale=_scale(books),
        through=through,
        rates=rates,
    )


def _without_unlisted(
    agreement: Agreement, options_map: dict[str, Any], problems: list[Problem]
) -> Agreement:
    """Return an agreement without the facts of a plugin the ledger does not list."""
    listed = steps(options_map)
    if not listed or "stakes" in listed:
        return agreement
    left = []
    for fact in agreement.facts:
        if isinstance(fact, _STAKE_FACTS):
            directive = f"deal-{type(fact).__name__.lower()}"
            problems.append(
                Problem(
                    fact.at,
                    "E406",
                    f"{directive} is booked by {STAKES}, which this ledger does not list; add "
                    f'`plugin "{STAKES}"` after {ESCROW}, or list {DEALS} alone',
                    agreement.deal.deal,
                )
            )
        else:
            left.append(fact)
    return agreement._replace(facts=tuple(left))


def _fleets(reading: Reading, problems: list[Problem]) -> list[FleetSchedule]:
    books, through = reading.books, reading.through
    if books is None or through is None or not reading.fleets:
        return []
    yearly = election("depreciation-period", books) == "year"
    scale = _scale(books)
    terms = FleetTerms(books.framework, books.currency, scale, through, yearly)
    by_name: dict[str, list[FleetFact]] = {}
    for fact in reading.fleets:
        by_name.setdefault(fact.name, []).append(fact)
    found: list[FleetSchedule] = []
    for name, facts in sorted(by_name.items()):
        try:
            found += fleets_of(facts, terms)
        except Exception:  # one fleet's fault drags down neither deals nor fleets
            at = next((it.at for it in facts if isinstance(it, Fleet)), facts[0].at)
            problems.append(fault(at, f"fleet {name}"))
    return found


def _scale(books: Books) -> int:
    """Return the decimals of the functional currency."""
    return places(books.precision.normalize() if books.precision else Decimal("0.01"))
