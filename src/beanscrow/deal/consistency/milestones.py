"""Milestones: that each is of something that waits for it, and is met once."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from beanscrow.deal import wording
from beanscrow.deal.terms import Cash, Commitment, Correct, Grant, Leg, Milestone, Stake

if TYPE_CHECKING:
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger

_LEGS = ("deal-stake", "deal-cash", "deal-grant", "deal-commitment")


def check_milestones(draft: Draft, ledger: Ledger) -> None:
    """Refuse milestones nothing waits for, met twice, undone, or of something else.

    What hangs on warrants alone is looked at with the stakes.
    """
    legs: dict[str, list[Leg]] = {}
    for _, leg in draft.standing():
        if isinstance(leg, Stake | Cash | Grant | Commitment) and leg.milestone:
            legs.setdefault(leg.milestone, []).append(leg)
    complete = not any(draft.refuses(name) for name in _LEGS)
    met: dict[str, Milestone] = {}
    for line, fact in sorted(draft.of(Milestone), key=lambda it: (it[1].date, it[1].at)):
        waiting = legs.get(fact.name, [])
        first = met.get(fact.name)
        code, words = "", ""
        if not waiting:
            if fact.warrant is None and complete:
                code, words = "E131", _nobody_waits(fact, legs)
        elif first is not None:
            code = "E135"
            words = (
                f'"{fact.name}" was met on {first.date} ({wording.where(first.at)}), and '
                "what waited for it is booked; say what happened since with a line of its "
                "own, as deal-forfeit or deal-correct do"
            )
        elif any(leg.event > fact.date for leg in waiting):
            late = max(leg.event for leg in waiting)
            code, words = "E114", f"its date {fact.date} is before the event of {late}"
        elif fact.met and (words := _over_by_then(fact, waiting, draft)):
            code = "E114"
        else:
            code, words = "E131", _something_else(fact, waiting)
        if words:
            draft.refuse(ledger, fact, line.directive.name, code, words)
        elif fact.met:
            met[fact.name] = fact


def _nobody_waits(fact: Milestone, legs: dict[str, list[Leg]]) -> str:
    near = wording.nearest(fact.name, legs)
    hint = f'; did you mean "{near}"?' if near else ""
    known = wording.all_of(sorted(legs)) if legs else "none"
    return (
        f'no leg waits for "{fact.name}" with milestone:, and it names no warrant; '
        f"milestones waited for: {known}{hint}"
    )


def _over_by_then(fact: Milestone, waiting: list[Leg], draft: Draft) -> str:
    """Return what to say where what is released could not be used any more, else ""."""
    for leg in waiting:
        last = _last_day(leg, draft)
        if last is not None and last < fact.date:
            what, key = (
                (f"tranche {leg.tranche}", "expires")
                if isinstance(leg, Grant)
                else (f"commitment {getattr(leg, 'commitment', '')}", "to")
            )
            return (
                f'"{fact.name}" is met on {fact.date}, and the last day of {what}, which '
                f"waits for it, is {last} ({wording.where(leg.at)}); correct the day or "
                f"`{key}:`, or say `met: FALSE` where it came too late"
            )
    return ""


def _last_day(leg: Leg, draft: Draft) -> datetime.date | None:
    """Return the last day of a leg's term, as corrected; None where it has none."""
    if isinstance(leg, Grant):
        directive, key, last = "deal-grant", "expires", leg.expires
    elif isinstance(leg, Commitment):
        directive, key, last = "deal-commitment", "to", leg.to
    else:
        return None
    for _, correct in draft.of(Correct):
        replaced = correct.replacements.get(key)
        if (
            isinstance(replaced, datetime.date)
            and (correct.directive, correct.of) == (directive, leg.date)
            and correct.tranche in (None, getattr(leg, "tranche", None))
        ):
            last = max(last or replaced, replaced)
    return last


def _something_else(fact: Milestone, waiting: list[Leg]) -> str:
    """Return what to say where a milestone names what does not wait for it, else ""."""
    tranches = {leg.tranche for leg in waiting if isinstance(leg, Grant)}
    units = [leg.units for leg in waiting if isinstance(leg, Stake)]
    if fact.tranche is not None and fact.tranche not in tranches:
        return (
            f'tranche {fact.tranche} does not wait for "{fact.name}"; what does: '
            f"{wording.all_of(sorted(tranches)) if tranches else 'no tranche'}"
        )
    if fact.units is not None and fact.units not in units:
        told = ", ".join(wording.amount(one) for one in units) or "no shares"
        return (
            f'{wording.amount(fact.units)} do not wait for "{fact.name}"; what does: {told}'
        )
    return ""
