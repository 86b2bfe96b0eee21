"""Everything the checks have to say about one loaded ledger."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from beanscrow.checks.accounts import Chart
from beanscrow.checks.backstops import misbacked
from beanscrow.checks.blended_origins import misattributed
from beanscrow.checks.buybacks import misbought
from beanscrow.checks.changed_methods import not_at_fair_value
from beanscrow.checks.commitments import misreckoned
from beanscrow.checks.corrections import corrected_deals, miscorrected
from beanscrow.checks.day_reached import odd_days
from beanscrow.checks.days_passed import undelivered
from beanscrow.checks.directives import written
from beanscrow.checks.earned_shares import misvested
from beanscrow.checks.equity import misvalued
from beanscrow.checks.escrow_rates import misremeasured
from beanscrow.checks.failures import unlinked
from beanscrow.checks.findings import position_of, problem
from beanscrow.checks.fleets import misdepreciated
from beanscrow.checks.foreign_claims import misclaimed
from beanscrow.checks.group import left_outside, misgained
from beanscrow.checks.interest import misaccrued
from beanscrow.checks.leases import misleased
from beanscrow.checks.listing import nobody_books
from beanscrow.checks.noncash import mismeasured
from beanscrow.checks.onerous import misprovided
from beanscrow.checks.own_credit import miscredited
from beanscrow.checks.purchases import misearned
from beanscrow.checks.reasons import refused_in, stated, unexplained
from beanscrow.checks.recycling import unrecycled
from beanscrow.checks.restated import Ledger
from beanscrow.checks.settled_liabilities import unsettled_part
from beanscrow.checks.sold_grants import missold
from beanscrow.checks.stake_lots import lots_not_there
from beanscrow.checks.training import misplaced_training
from beanscrow.checks.walk import Walk, walk
from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.reader import Reading, read
from beanscrow.deal.terms import Agreement, Books

OPTION = "beanscrow"


class Counts(NamedTuple):
    """How much was looked at, for a receipt.

    Attributes:
      generated: Transactions made by our plugins; I1, I2 and I14 hold of each.
      native: Other transactions.
      directives: Directives of deals; I14 holds of each.
      tranches: I3 to I5 hold of each.
      accounts: Accounts of money whose sign is watched (I4).
    """

    generated: int
    native: int
    directives: int
    deals: int
    tranches: int
    accounts: int


class Examination(NamedTuple):
    """What the checks found, and how much they looked at.

    Attributes:
      days: Findings about the day the books have reached, whether findings were wanted
        or not: they make every figure doubtful.
    """

    problems: list[Problem]
    counts: Counts
    days: list[Problem]


def daybook_in(options: Mapping[str, Any]) -> Any:
    """Return what the booking plugins left in the options map, None where none ran.

    Only its public attributes are used, and only for what has been said already and
    for the terms read; every figure is derived anew.
    """
    return getattr(options.get(OPTION), "daybook", None)


def examine(
    entries: list[Any], options: Mapping[str, Any], *, findings: bool
) -> Examination:
    """Return what is wrong with the booked entries of a ledger.

    Args:
      entries: As booked, in any order; not changed.
      options: The ledger's options map, with the daybook of this load if any.
      findings: Whether findings are wanted too: what follows from the terms is
        left out where only errors are, and costs nothing.
    Returns:
      Errors (invariants that do not hold) and findings, in order of position.
    """
    daybook = daybook_in(options)
    directives = written(entries, options, refused_in(daybook))
    chart = Chart(directives, options)
    seen = walk(entries, directives, chart)
    main = str(options.get("filename"))
    ledger = Ledger(entries, directives, chart, seen.units, main)
    problems = list(seen.problems)
    reading = None
    if daybook is None:
        # No plugin has read the ledger, so what is wrong with a line is said by nobody.
        reading = read(entries, options)
        problems += [p for p in reading.problems if findings or p.level == "error"]
    unbooked = nobody_books(options, directives) if not seen.generated else None
    if unbooked is not None:
        problems.append(unbooked)
    else:
        said = stated(daybook, directives)
        through = directives.books.day("through") if directives.books else None
        problems += unexplained(ledger, said, through)
        problems += _beyond(seen, through)
        problems += _reckoned_again(ledger, said.at)
        problems += miscorrected(ledger, said.at)
        problems += misdepreciated(ledger, said.at)
        problems += misplaced_training(ledger, options)
        problems += lots_not_there(seen.at_cost)
        problems += seen.units.overdue(lambda: directives.reached(entries, main), said.at)
    days = list(odd_days(entries, directives, seen.units, main))
    if findings:
        problems += days
        problems += _judged(daybook, reading, ledger)
    return Examination(
        sorted(problems, key=lambda p: (p.at, p.code, p.message)),
        Counts(
            seen.generated,
            seen.native,
            sum(map(len, directives.named.values())),
            len(directives.deals),
            sum(1 for _ in seen.units),
            seen.metered,
        ),
        days,
    )


def _reckoned_again(ledger: Ledger, said: frozenset[tuple[str, int]]) -> list[Problem]:
    """Return what follows from directives as written, of deals whose lines all stand so.

    Where one was corrected, what it says holds for part of the time only.
    """
    found = [
        *misearned(ledger, said),
        *misreckoned(ledger, said),
        *missold(ledger, said),
        *misattributed(ledger, said),
        *misbacked(ledger, said),
        *misbought(ledger, said),
        *misvested(ledger, said),
        *misremeasured(ledger, said),
        *misclaimed(ledger, said),
        *mismeasured(ledger, said),
        *misaccrued(ledger, said),
        *misleased(ledger, said),
        *misprovided(ledger, said),
        *unlinked(ledger),
        *unrecycled(ledger),
        *miscredited(ledger, said),
        *unsettled_part(ledger, said),
        *misvalued(ledger),
        *not_at_fair_value(ledger),
        *undelivered(ledger),
    ]
    corrected = corrected_deals(ledger)
    return [
        *(problem for problem in found if problem.deal not in corrected),
        *misgained(ledger),
        *left_outside(ledger),
    ]


def _beyond(seen: Walk, through: datetime.date | None) -> list[Problem]:
    if through is None or seen.last is None or seen.last.date <= through:
        return []
    return [
        problem(
            position_of(seen.last),
            "E611",
            f'the entry of {seen.last.date} "{seen.last.narration}" is later than {through}, '
            "the day the books have reached",
            str(seen.last.meta.get("deal") or ""),
        )
    ]


def _judged(daybook: Any, reading: Reading | None, ledger: Ledger) -> list[Problem]:
    # Imported where findings are asked for: a load that wants errors only never waits.
    from beanscrow.checks.judgements import judgements

    books: Books | None
    agreements: Mapping[str, Agreement]
    if reading is not None:
        books, agreements, through = reading.books, reading.agreements, reading.through
    else:
        books, agreements = daybook.books, daybook.agreements
        reached = [schedule.through for schedule in daybook.schedules.values()]
        through = max(reached, default=None)
    return list(judgements(agreements, books, through, ledger))


def fault_of_ours(fault: Exception, options: Mapping[str, Any]) -> Problem:
    """Return the error of checks that stopped because of a fault of their own."""
    return problem(
        Position(str(options.get("filename") or "<ledger>"), 1),
        "E616",
        "the checks could not be completed because of a fault of beanscrow's own "
        f"({type(fault).__name__}: {fault}); please report it",
    )
