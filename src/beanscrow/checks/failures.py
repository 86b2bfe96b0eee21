"""A deal that failed has two ends, revenue and a stake written off: both, and linked."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from beanscrow.checks.case import Case
from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.failed_promises import still_promised
from beanscrow.checks.findings import problem
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import CommitmentEnding, Forfeit, Valuation

_ZERO = Decimal(0)
_FAILURE, _CLAW_BACK = "failure", "claw-back"


def unlinked(ledger: Ledger) -> Iterator[Problem]:
    """Yield the ends of failures whose entries do not carry one link with the others.

    A deal fails once, until a stake written off is worth something again; then it is not asked
    which end belongs to which.
    """
    for deal, ends in _ends(ledger).items():
        links: dict[Directive, set[str]] = {}
        for entry in ledger.made_for(deal, datetime.date.max):
            source = ledger.source(entry)
            if source in ends:
                prefix = f"{_CLAW_BACK if _claws_back(source) else _FAILURE}-{deal}-"
                own = {link for link in entry.links if link.startswith(prefix)}
                links[source] = links.get(source, own) & own
        failed = {it: own for it, own in links.items() if not _claws_back(it)}
        written_off = {it.name == "deal-valuation" for it in failed}
        both = len(written_off) > 1 and not _recovers(deal, ledger)
        shared = set.intersection(*failed.values()) if failed else set()
        for it, own in links.items():
            if (both and not shared) if it in failed else not own:
                yield problem(
                    it.at,
                    "E646",
                    f"the entry of this {it.name} carries no link by which revenue and the "
                    "stake written off are read together",
                    deal,
                )


def _ends(ledger: Ledger) -> dict[str, list[Directive]]:
    """Return what was given up by failure or claw-back and the write-offs, by deal."""
    ends: dict[str, list[Directive]] = defaultdict(list)
    written = ledger.written
    for it in written.standing("deal-commitment-end"):
        if it.text("reason") == _FAILURE:
            ends[it.deal].append(it)
    for it in written.standing("deal-forfeit"):
        if it.text("reason") == _FAILURE or _claws_back(it):
            ends[it.deal].append(it)
    for it in written.standing("deal-valuation"):
        if _price(it) == 0:
            ends[it.deal].append(it)
    return {deal: its for deal, its in ends.items() if written.side(deal) == "provider"}


def _claws_back(it: Directive) -> bool:
    return it.text("reason") == _CLAW_BACK and "shares-returned" in it.entry.meta


def _recovers(deal: str, ledger: Ledger) -> bool:
    """Return whether the stake of a deal is worth something after it was worth nothing."""
    valued = [it for it in ledger.written.standing("deal-valuation") if it.deal == deal]
    nothing = min((it.date for it in valued if _price(it) == 0), default=None)
    return nothing is not None and any(_price(it) and it.date > nothing for it in valued)


def _price(valuation: Directive) -> Decimal | None:
    price = valuation.amount(1)
    return None if price is None else price.number


def half_failed(cases: Iterable[Case], ledger: Ledger) -> Iterator[Problem]:
    """Yield the failures of which one end stands without the other.

    Credits given up by a failure are revenue while the stake is carried at something
    (321-10-35-3), or the stake is written off while its credits are still owed.
    """
    for case in cases:
        told: set[datetime.date] = set()
        ends: list[tuple[Forfeit | CommitmentEnding, str]] = [
            *((it, "credits are forfeited") for it in case.facts(Forfeit)),
            *((it, f"promise {it.commitment} ends") for it in case.facts(CommitmentEnding)),
        ]
        for end, what in ends:
            if end.reason != _FAILURE or end.date in told:
                continue
            carrying = _carrying(case.id, end.date, ledger)
            if carrying:
                told.add(end.date)
                yield problem(
                    end.at,
                    "F646",
                    f"the {what} by a failure and the stake is carried at "
                    f"{figure(carrying)} {case.books.currency} at the end of "
                    f"{end.date}; write it off on that day or before, with a "
                    'deal-valuation of `kind: "impairment"`, or say why it is worth that',
                    case.id,
                )
        written_off = [it for it in case.facts(Valuation) if not it.price.number]
        recovered = _carrying(case.id, case.through, ledger)
        failed = [end.date for end, _ in ends if end.reason == _FAILURE]
        if written_off and not recovered:
            failed.append(_sunk(case))
        if failed:
            yield from still_promised(case, min(failed), ledger)
        if not written_off or recovered:
            continue
        if owed := _owed(case.id, ledger):
            yield problem(
                written_off[-1].at,
                "F646",
                f"the stake is written off, and {owed} are still owed on {case.through}; "
                'if the startup has failed, write a deal-forfeit with `reason: "failure"`',
                case.id,
            )


def _sunk(case: Case) -> datetime.date:
    """Return the day a stake was written off for good."""
    valued = case.facts(Valuation)
    raised = max((it.date for it in valued if it.price.number), default=datetime.date.min)
    nothing = [it.date for it in valued if not it.price.number]
    return min((day for day in nothing if day >= raised), default=max(nothing))


def _carrying(deal: str, day: datetime.date, ledger: Ledger) -> Decimal:
    """Return what the lots of a deal's stakes cost at the end of a day."""
    total = _ZERO
    for entry in ledger.made_for(deal, day):
        for posting in entry.postings:
            if posting.cost is not None:
                total += posting.units.number * posting.cost.number
    return total


def _owed(deal: str, ledger: Ledger) -> str:
    """Return the credits of a deal that are held at the end of its books, in words."""
    held: dict[str, Decimal] = defaultdict(lambda: _ZERO)
    for tranche in ledger.units:
        if tranche.deal == deal:
            held[tranche.commodity] += tranche.held
    return ", ".join(f"{figure(n)} {name}" for name, n in sorted(held.items()) if n)
