"""What the books of a scenario stand on: whose they are, and the facts of its deals."""

from __future__ import annotations

from typing import Any

from beancount.core.amount import Amount
from beancount.core.data import Custom

from beanscrow.deal import wording
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Role
from beanscrow.simulation.engine import Ground, books_line
from beanscrow.simulation.reading import DealText
from beanscrow.simulation.scenario import Plan, Written, prices_of
from beanscrow.simulation.terms import with_terms
from beanscrow.simulation.vocabulary import SIDES
from beanscrow.simulation.written import deal_of

_OURS = ("through", "open-accounts")


def ground_of(
    text: DealText, written: Written, plan: Plan, problems: list[Problem]
) -> Ground:
    """Return what both sides' books stand on.

    Args:
      problems: Is given what is wrong; then nothing can be booked on it.
    """
    facts = [*_customs(text, plan, problems), *text.prices, *prices_of(plan.facts)]
    files = tuple(sorted({*text.options["include"], *written.files}))
    books = _books(text, plan, problems)
    _priced_alike(plan, books, facts, problems)
    return Ground(books, facts, files, text.options)


def _priced_alike(
    plan: Plan, books: dict[Role, Custom], facts: list[Any], problems: list[Problem]
) -> None:
    """Refuse a list price no usage could be measured by: it is of another currency."""
    faces = [it.meta.get("face") for it in facts if getattr(it, "type", "") == "deal-grant"]
    known = {it.currency for it in faces if isinstance(it, Amount)}
    known |= {str(line.meta.get("currency")) for line in books.values()}
    if plan.gpu_hour is not None and plan.gpu_hour.currency not in known:
        words = (
            f"scenario {plan.name}: gpu-hour is in {plan.gpu_hour.currency}; wanted a price "
            f"in the money of the books or of the credits' face, {wording.all_of(sorted(known))}"
        )
        problems.append(Problem(plan.at, "E117", words))


def _books(text: DealText, plan: Plan, problems: list[Problem]) -> dict[Role, Custom]:
    """Return whose books they are, for either side: the file's own, then the scenario's."""
    said = _Head(plan, problems)
    if plan.until is None:
        said.missing("until", "the last day that is simulated")
    books: dict[Role, Custom] = {}
    for side in SIDES:
        own = text.books.get(side)
        keys: dict[str, Any] = {"filename": plan.at.filename, "lineno": plan.at.lineno}
        if own is not None:
            keys.update({k: v for k, v in own.meta.items() if k not in _OURS})
        keys.update(plan.books[side])
        if plan.currency is not None:
            keys["currency"] = plan.currency
        if "currency" not in keys:
            said.missing("currency", "what both sides keep their books in")
        if "framework" not in keys:
            said.missing(f"{side}-framework", f"which framework the {side}'s books follow")
        books[side] = books_line(side, plan.date, {**keys, "through": plan.until})
    currencies = {str(line.meta.get("currency")) for line in books.values()}
    if len(currencies) > 1:
        said.wrong(f"its sides keep their books in {wording.all_of(sorted(currencies))}")
    return books


class _Head:
    """Says what is wrong with the line of a scenario, each thing once."""

    def __init__(self, plan: Plan, problems: list[Problem]) -> None:
        self._plan = plan
        self._problems = problems

    def missing(self, key: str, what: str) -> None:
        self.wrong(f"{key} is missing; say {what}")

    def wrong(self, words: str) -> None:
        told = f"scenario {self._plan.name}: {words}"
        problem = Problem(self._plan.at, "E828", told)
        if problem not in self._problems:
            self._problems.append(problem)


def _customs(text: DealText, plan: Plan, problems: list[Problem]) -> list[Custom]:
    """Return the directives of its deals, with the terms it supposes."""
    role = next(iter(text.books)) if len(text.books) == 1 else None
    customs = [_own_side(it, role) for it in text.customs]
    customs += [_own_side(it, None) for it in plan.facts if isinstance(it, Custom)]
    known = {deal_of(it) for it in customs if it.type == "deal"}
    for name in plan.deals:
        if name not in known:
            near = wording.nearest(name, known)
            hint = f'; did you mean "{near}"?' if near else ""
            words = (
                f"scenario {plan.name}: no deal {wording.quoted(name)}; there is "
                f"{wording.all_of(sorted(known))}{hint}"
            )
            problems.append(Problem(plan.at, "E825", words))
    if plan.deals:
        others = known - set(plan.deals)
        customs = [it for it in customs if deal_of(it) not in others]
    return with_terms(customs, plan.of("scenario-terms"), problems)


def _own_side(entry: Custom, role: str | None) -> Custom:
    """Return a judgement kept to the side whose ledger it stands in.

    A `deal-policy` of one side's ledger is that side's; `role` says that the ledger
    takes the other side in this deal, and both are booked here.
    """
    if entry.type != "deal-policy":
        return entry
    side = entry.meta.get("role", role)
    if side not in SIDES:
        return entry
    meta = {key: value for key, value in entry.meta.items() if key != "role"}
    return entry._replace(meta={"for": side, **meta})
