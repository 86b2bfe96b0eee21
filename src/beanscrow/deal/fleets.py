"""Fleets of chips: each put in service once, then given a new life or impaired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beanscrow.deal import sides, wording
from beanscrow.deal.facts import fact, same_statement
from beanscrow.deal.fleet_terms import Fleet, FleetFact, FleetImpairment, FleetRate
from beanscrow.deal.terms import Role

if TYPE_CHECKING:
    from beanscrow.deal.lines import Ledger, Line


def read_fleets(
    lines: list[Line], role: Role | None, ledger: Ledger
) -> tuple[FleetFact, ...]:
    """Return the fleets of a provider's books, having refused what does not fit.

    Args:
      lines: `fleet`, `fleet-life`, `fleet-rate` and `fleet-impairment`, as read.
      role: Whose books these are; a startup's keep no fleet.
      ledger: Is told what is wrong.
    """
    read: list[tuple[Line, FleetFact]] = []
    for line in lines:
        if not sides.is_for(line, role):
            sides.say_other_side(line, role, ledger)
        else:
            read.append((line, fact(line)))
    fleets: dict[str, Fleet] = {}
    for _, held in read:
        if isinstance(held, Fleet):
            fleets.setdefault(held.name, held)
    refused = {name: it for name, it in fleets.items() if _wrong(it, fleets)[1]}
    seen: dict[object, FleetFact] = {}
    kept: list[FleetFact] = []
    for line, held in read:
        code, words = _wrong(held, fleets)
        if not words and held.name in refused:
            at = wording.where(refused[held.name].at)
            code, words = "E123", f"its fleet at {at} is refused; mend that line"
        first = seen.setdefault(same_statement(held), held)
        if not words and first is not held:
            code = "E126"
            words = f"equal in every value to {wording.where(first.at)}; delete one"
        if words:
            ledger.say(line.at, code, f"{line.directive.name}: {words}")
        elif role == "startup":
            sides.say_ignored(line.at, line.directive, role, ledger)
        else:
            kept.append(held)
    return tuple(kept)


def _wrong(held: FleetFact, fleets: dict[str, Fleet]) -> tuple[str, str]:
    """Return the code and the words for a fleet line that does not fit, else two ""."""
    fleet = fleets.get(held.name)
    if isinstance(held, Fleet):
        if fleet is not held and fleet is not None:
            return "E121", (
                f"a second fleet {wording.quoted(held.name)}; the first stands at "
                f"{wording.where(fleet.at)}: give it another name"
            )
        if held.residual is not None and held.residual.currency != held.cost.currency:
            return "E117", (
                f"residual is {wording.amount(held.residual)}; the cost is in "
                f"{held.cost.currency}"
            )
        if held.residual is not None and held.residual.number > held.cost.number:
            return "E113", (
                f"residual is {wording.amount(held.residual)}, more than the cost of "
                f"{wording.amount(held.cost)}"
            )
        return "", ""
    if fleet is None:
        near = wording.nearest(held.name, fleets)
        hint = f"; did you mean {near}?" if near else ""
        return "E123", (
            f"no fleet {wording.quoted(held.name)}; the ledger has "
            f"{wording.all_of(sorted(fleets))}{hint}"
        )
    if held.date < fleet.in_service:
        return "E124", (
            f"its date {held.date} is before the fleet is in service on {fleet.in_service}"
        )
    if held.date < fleet.date:
        return "E124", f"its date {held.date} is before the fleet is bought on {fleet.date}"
    currencies = _currencies(held)
    if currencies - {fleet.cost.currency}:
        return "E117", (
            f"its amounts are in {wording.all_of(sorted(currencies))}; the cost of "
            f"the fleet is in {fleet.cost.currency}"
        )
    return "", ""


def _currencies(held: FleetFact) -> set[str]:
    """Return the currencies of what a line about a fleet says in money."""
    if isinstance(held, FleetImpairment):
        return {held.fair_value.currency, held.undiscounted.currency}
    if isinstance(held, FleetRate):
        return {money.currency for money in (held.running, held.list_price) if money}
    return set()
