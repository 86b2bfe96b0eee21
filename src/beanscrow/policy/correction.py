"""A deal accounted for, with what was written wrongly and put right since.

The deal is run as written up to the day before a correction, and once more with the
line as it should have been.  The difference is booked on the day of the correction, so
that no closed period changes; the corrected figures run on from there.  Whether that
may stand, or earlier statements must be restated, is a question of materiality
(250-10-45-23; IAS 8.41, 8.42) and is left to whoever signs them.
"""

from __future__ import annotations

from typing import Any

from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.terms import Agreement, Correct, Usage
from beanscrow.deal.wording import where
from beanscrow.periods import DAY
from beanscrow.policy.life import Life
from beanscrow.policy.paragraphs import rules_of
from beanscrow.policy.schedule import Corrected, Event, Schedule
from beanscrow.policy.terms_of_side import SideTerms


def account_for(agreement: Agreement, terms: SideTerms) -> Schedule:
    """Return what one side books for one deal, up to the day its books have reached."""
    corrections = [fact for fact in agreement.facts if isinstance(fact, Correct)]
    if not corrections:
        life = Life(agreement, terms)
        life.run(terms.through)
        return life.schedule(terms.through)
    return _Corrections(agreement, terms).account_for(
        sorted(corrections, key=lambda it: it.turn)
    )


class _Corrections:
    """One deal, run anew for each of its corrections."""

    def __init__(self, agreement: Agreement, terms: SideTerms) -> None:
        kept = tuple(fact for fact in agreement.facts if not isinstance(fact, Correct))
        self.agreement = agreement._replace(facts=kept)
        self.terms = terms
        self.rule = rules_of(terms.framework, terms.side)["correction"]
        self.events: list[Event] = []
        self.problems: list[Problem] = []
        self.unbooked: dict[tuple[Position, str], None] = {}
        # Lines that stand as they are because a correction of them is refused, and which.
        self.standing: dict[Position, Position] = {}

    def account_for(self, corrections: list[Correct]) -> Schedule:
        """Return the schedule of the deal, a `Corrected` where a line is put right."""
        life = Life(self.agreement, self.terms)
        seen = 0
        reached = f"{self.terms.through}, which these books have reached"
        for correct in corrections:
            if correct.date > self.terms.through:
                self._leave(correct, f"it is dated after {reached}")
                continue
            life.run(correct.date - DAY)
            self.events += life.events[seen:]
            seen = len(life.events)
            better = self._corrected(correct, life)
            if better is not None:
                life = better
                seen = len(life.events)
        life.run(self.terms.through)
        schedule = life.schedule(self.terms.through)
        self._note(schedule.unbooked)
        return schedule._replace(
            events=self.events + life.events[seen:],
            unbooked=[(at, why) for at, why in self.unbooked],
            problems=self.problems + schedule.problems,
        )

    def _corrected(self, correct: Correct, life: Life) -> Life | None:
        """Return the deal as corrected, to the day before; None where nothing comes of it."""
        fact = correct.corrected
        if fact is None:
            self._leave(correct, "the line it corrects is refused")
            return None
        if fact.at in self.standing:
            self._refuse(
                correct,
                f"an earlier correction of the same line ({where(self.standing[fact.at])}) is "
                "refused, and this one goes on from it; mend that first",
            )
            return None
        last = correct.date - DAY
        agreement = _with(self.agreement, fact)
        better = Life(agreement, self.terms)
        better.run(last)
        old = {(problem.at, problem.code) for problem in life.problems}
        new = [it for it in better.problems if (it.at, it.code) not in old]
        if new:
            self.standing[fact.at] = correct.at
            self._refuse(
                correct,
                f"with the {correct.directive} of {correct.of} as corrected, a line booked "
                f"before {correct.date} cannot stand: {_day_of(new[0].at, agreement)}"
                f"{where(new[0].at)}, {new[0].code}: {new[0].message}. Nothing of the "
                "correction is booked; correct that line first",
            )
            return None
        self.agreement = agreement
        before, after = life.schedule(last), better.schedule(last)
        self._note(life.unbooked)
        told = ", ".join(f"{key} {_said(v)}" for key, v in correct.replacements.items())
        self.events.append(
            Corrected(
                correct.at,
                correct.date,
                self.rule,
                correct.directive,
                correct.of,
                told,
                before,
                after,
                agreement,
            )
        )
        return better

    def _refuse(self, correct: Correct, words: str) -> None:
        self.problems.append(Problem(correct.at, "E315", words, correct.deal))

    def _leave(self, correct: Correct, reason: str) -> None:
        self.unbooked[correct.at, reason] = None

    def _note(self, unbooked: list[tuple[Position, str]]) -> None:
        """Keep why a line of one run books nothing: another run may book it."""
        for at, reason in unbooked:
            self.unbooked[at, reason] = None


def _with(agreement: Agreement, corrected: Any) -> Agreement:
    """Return an agreement with one line as corrected in the place of what stands there."""
    facts = tuple(
        corrected if (fact.at, type(fact)) == (corrected.at, type(corrected)) else fact
        for fact in agreement.facts
    )
    return agreement._replace(facts=facts)


def _day_of(at: Position, agreement: Agreement) -> str:
    for fact in agreement.facts:
        if fact.at == at:
            kind = "usage" if isinstance(fact, Usage) else type(fact).__name__.lower()
            return f"the {kind} of {fact.date} at "
    return ""


def _said(value: object) -> str:
    """Return a new value as it was written."""
    if isinstance(value, tuple) and len(value) == 2:
        return f"{value[0]:,f} {value[1]}"
    return str(value)
