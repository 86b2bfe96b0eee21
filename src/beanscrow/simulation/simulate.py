"""One scenario booked for both sides: from its text to two sets of books."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from beancount.core.data import Custom

from beanscrow.deal import wording
from beanscrow.deal.lines import Line
from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.terms import Agreement, Deal
from beanscrow.simulation.engine import Books, Ground, booked, readings
from beanscrow.simulation.ground import ground_of
from beanscrow.simulation.headings import Mixed, posted
from beanscrow.simulation.reading import DealText, services_of
from beanscrow.simulation.scenario import Plan, Written, chain, unknown, whole
from beanscrow.simulation.supposed import course_of, write_failures, write_out
from beanscrow.simulation.usage import Course
from beanscrow.simulation.vocabulary import SIDES
from beanscrow.simulation.written import Writer

_YEARS, _LAST_YEAR = 100, 9900
_DATED = ("scenario-breakage", "scenario-price-cut", "scenario-round", "scenario-failure")


class Outcome(NamedTuple):
    """A scenario, and what it does to both parties' books.

    Attributes:
      ground: What a ledger of either side would hold of it, but for `more`.
      more: What its assumptions were written out as.
      courses: By deal, what happens beside its usage.
    """

    plan: Plan
    ground: Ground
    more: list[Custom]
    courses: dict[str, Course]
    provider: Books
    startup: Books

    @property
    def until(self) -> datetime.date:
        """Last day that is simulated."""
        assert self.plan.until is not None, "a plan without one is refused"
        return self.plan.until

    @property
    def begins(self) -> datetime.date:
        """Day on which the first of its deals begins."""
        return min(it.agreement.deal.date for it in self.courses.values())


def simulate(text: DealText, written: Written, name: str) -> Outcome | list[Problem]:
    """Return what a scenario does to both parties' books.

    Args:
      text: The deals, read without problems.
      written: The scenario file, read without problems.
      name: A scenario of the file, or not.
    Returns:
      Its outcome; or everything that is wrong with it, in order of position.
    """
    if name not in written.heads:
        at = Position(written.files[0] if written.files else text.path, 1)
        return [Problem(at, "E822", f"no scenario {unknown(name, written)}")]
    names = chain(written, name)
    if isinstance(names, Problem):
        return [names]
    services = {**text.services, **services_of(it.entry for it in written.facts)}
    plan = whole(written, names, lambda deal: services.get(deal, ""))
    return _Simulation(text, written, plan).run()


class _Simulation:
    """One scenario on its way to two sets of books."""

    def __init__(self, text: DealText, written: Written, plan: Plan) -> None:
        self.text = text
        self.written = written
        self.plan = plan
        self.writer = Writer(plan.name)
        self.problems: list[Problem] = []

    def run(self) -> Outcome | list[Problem]:
        """Return what it comes to, or what is wrong at the first stage where anything is."""
        plan, writer = self.plan, self.writer
        ground = ground_of(self.text, self.written, plan, self.problems)
        agreements = {} if self.problems else self._agreements(ground)
        if not self.problems:
            self._check_about(agreements)
        if self.problems:
            return self._told()
        courses = {name: course_of(plan, ground, it) for name, it in agreements.items()}
        write_out(plan, courses, writer, self._say)
        if self.problems:
            return self._told()
        write_failures(plan, ground, writer)
        provider = booked(ground, "provider", writer.entries)
        startup = booked(ground, "startup", writer.entries)
        self.problems += [*provider.problems, *startup.problems]
        if not self.problems:
            self._tell_accounts_apart(provider, startup)
        if self.problems:
            return self._told()
        return Outcome(plan, ground, writer.entries, courses, provider, startup)

    def _tell_accounts_apart(self, *books: Books) -> None:
        """Refuse accounts in which what is shown apart stands together."""
        for side in books:
            try:
                for _ in posted(side):
                    pass
            except Mixed as mixed:
                words = (
                    f"scenario {self.plan.name}: in the {side.side}'s books "
                    f"{mixed.account} holds {wording.all_of(mixed.headings)} together, "
                    "which a simulation shows apart; give each an account of its own"
                )
                self.problems.append(Problem(self.plan.at, "E833", words))

    def _told(self) -> list[Problem]:
        """Return the problems at the lines their reader wrote, each kind once a line."""
        first: dict[tuple[Position, str], Problem] = {}
        for problem in self.problems:
            found = self.writer.at_home(problem)
            first.setdefault((found.at, found.code), found)
        return sorted(first.values())

    def _say(self, line: Line, code: str, words: str) -> None:
        told = f"{line.directive.name}: {words} (scenario {self.plan.name})"
        deal = str(line.values.get("deal", ""))
        self.problems.append(Problem(line.at, code, told, deal))

    def _agreements(self, ground: Ground) -> Mapping[str, Agreement]:
        """Return the deals as the provider reads them, having looked at both readings."""
        found = {side: readings(ground, side) for side in SIDES}
        for reading in found.values():
            self.problems += [it for it in reading.problems if it.level == "error"]
        agreements = found["provider"].agreements
        parties = {(it.deal.party, it.deal.provider) for it in agreements.values()}
        if len(parties) > 1:
            words = (
                f"scenario {self.plan.name}: its deals are of "
                f"{wording.all_of(sorted(f'{a} with {b}' for a, b in parties))}, and books "
                "are simulated for two parties; name its deals with deals:"
            )
            self.problems.append(Problem(self.plan.at, "E831", words))
        first = min((it.deal for it in agreements.values()), default=None, key=_begins)
        until = self.plan.until
        if first is not None and until is not None and until < first.date:
            words = (
                f"scenario {self.plan.name}: it ends on {until}, before deal "
                f"{wording.quoted(first.deal)} begins on {first.date}"
            )
            self.problems.append(Problem(self.plan.at, "E826", words))
        elif first is not None and until is not None:
            latest = min(first.date.year + _YEARS, _LAST_YEAR)
            if until.year > latest:
                words = (
                    f"scenario {self.plan.name}: it ends on {until}; a simulation goes no "
                    f"further than {latest}"
                )
                # The books refuse such a last day too, in words about a ledger.
                here = self.plan.at
                self.problems = [it for it in self.problems if it.at != here]
                self.problems.append(Problem(self.plan.at, "E826", words))
        return agreements

    def _check_about(self, agreements: Mapping[str, Agreement]) -> None:
        """Refuse assumptions about deals, or days, that are not there."""
        failures: dict[str, Line] = {}
        for assumption in self.plan.assumptions:
            line, deal = assumption.line, assumption.deal
            agreement = agreements.get(deal)
            if agreement is None:
                near = wording.nearest(deal, agreements)
                hint = f'; did you mean "{near}"?' if near else ""
                there = wording.all_of(agreements)
                self._say(
                    line,
                    "E825",
                    f"no deal {wording.quoted(deal)}; there is {there}{hint}",
                )
                continue
            begins, until = agreement.deal.date, self.plan.until
            assert until is not None, "a plan without one is refused"
            if assumption.kind in _DATED and not begins <= line.date <= until:
                self._say(
                    line,
                    "E826",
                    f"its date is not within {begins}, when the deal begins, and {until}, "
                    "when the simulation ends",
                )
            if assumption.kind == "scenario-failure":
                first = failures.setdefault(deal, line)
                if first is not line:
                    where = wording.where(first.at)
                    self._say(line, "E824", f"the startup fails once; see {where}")
        for assumption in self.plan.assumptions:
            failed = failures.get(assumption.deal)
            line = assumption.line
            dated = assumption.kind in _DATED and assumption.kind != "scenario-failure"
            if failed and dated and line.date > failed.date:
                self._say(
                    line, "E826", f"its date is after {failed.date}, when the startup fails"
                )


def _begins(deal: Deal) -> datetime.date:
    return deal.date
