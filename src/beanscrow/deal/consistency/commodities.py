"""Commodities: money of one event in one currency, credits and shares of this deal."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from beanscrow.deal import wording
from beanscrow.deal.consistency.stakes import securities
from beanscrow.deal.terms import Grant, Money, Stake, Warrant
from beanscrow.deal.vocabulary import DIRECTIVES, Directive, Part, field_of

if TYPE_CHECKING:
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger
    from beanscrow.deal.terms import Books

_AMOUNTS: dict[str, tuple[Part, ...]] = {
    name: tuple(p for p in (*directive.positionals, *directive.keys) if p.unit)
    for name, directive in DIRECTIVES.items()
}


class Commodities(NamedTuple):
    """What each commodity of a deal is.

    Attributes:
      money: Currencies of its contract events; of the books where it has none.
      credits: Commodities granted.
      securities: Commodities of its stakes.
      complete: False where a leg was refused, so that one may be missing here.
    """

    money: frozenset[str]
    credits: frozenset[str]
    securities: frozenset[str]
    complete: bool


def check_commodities(draft: Draft, books: Books | None, ledger: Ledger) -> Commodities:
    """Return what the commodities of a deal are, having refused lines that mix them."""
    _check_events(draft, ledger)
    commodities = _commodities(draft, books)
    tranches: dict[str, set[str]] = defaultdict(set)
    for _, grant in draft.of(Grant):
        tranches[grant.tranche].add(grant.credits.currency)
    _check_kinds(draft, commodities, ledger)
    for line, fact in list(draft.standing()):
        words = _misplaced(line.directive, fact, tranches, commodities, books)
        if words:
            draft.refuse(ledger, fact, line.directive.name, "E117", words)
    for line, policy in draft.standing_policies():
        words = _misplaced(line.directive, policy, tranches, commodities, books)
        if words:
            draft.refuse(ledger, policy, line.directive.name, "E117", words)
    return commodities


def _amounts(directive: Directive, fact: Any) -> Iterator[tuple[Part, Money]]:
    for part in _AMOUNTS[directive.name]:
        value = getattr(fact, field_of(part))
        if isinstance(value, Money):
            yield part, value
    for family in directive.families:
        if family.part.unit:
            for money in getattr(fact, family.part.field).values():
                yield family.part, money


def _money(directive: Directive, fact: Any) -> list[str]:
    return [m.currency for part, m in _amounts(directive, fact) if part.unit == "money"]


def _event(fact: Any) -> datetime.date:
    day = getattr(fact, "event", fact.date)
    assert isinstance(day, datetime.date)
    return day


def _check_events(draft: Draft, ledger: Ledger) -> None:
    """Refuse the legs of a contract event that are not in its currency (2.3.3).

    The currency of an event is the one most of its amounts are in, the first by name
    among equals, so that no order of lines decides.
    """
    events: dict[datetime.date, Counter[str]] = defaultdict(Counter)
    legs = [(line, fact) for line, fact in draft.standing() if line.directive.leg]
    for line, fact in legs:
        events[_event(fact)].update(_money(line.directive, fact))
    for line, fact in legs:
        counts = events[_event(fact)]
        if len(counts) < 2:
            continue
        currency = min(counts, key=lambda name: (-counts[name], name))
        others = [c for c in _money(line.directive, fact) if c != currency]
        if others:
            draft.refuse(
                ledger,
                fact,
                line.directive.name,
                "E117",
                f"money in {others[0]}; the contract event of {_event(fact)} is in "
                f"{currency}, and one event has one currency",
            )


def _commodities(draft: Draft, books: Books | None) -> Commodities:
    money: set[str] = set()
    for line, fact in draft.standing():
        if line.directive.leg:
            money.update(_money(line.directive, fact))
    for stated in (draft.deal.committed, draft.deal.overage_price):
        if stated is not None:
            money.add(stated.currency)
    if not money and books is not None:
        money.add(books.currency)
    return Commodities(
        frozenset(money),
        frozenset(grant.credits.currency for _, grant in draft.of(Grant)),
        frozenset(securities(draft)),
        not any(refused.event is not None for refused in draft.refused),
    )


def _check_kinds(draft: Draft, commodities: Commodities, ledger: Ledger) -> None:
    """Refuse credits or securities in a currency the deal counts money in."""
    for line, fact in list(draft.standing()):
        if isinstance(fact, Grant):
            currency = fact.credits.currency
            clash = commodities.money | commodities.securities
            kind = "credits"
        elif isinstance(fact, Stake | Warrant):
            currency = fact.units.currency
            clash = commodities.money
            kind = "securities"
        else:
            continue
        if currency in clash:
            what = "money" if currency in commodities.money else "a security"
            draft.refuse(
                ledger,
                fact,
                line.directive.name,
                "E117",
                f"{currency} is {what} in this deal and cannot be its {kind}; give the "
                f"{kind} a commodity of their own",
            )


def _misplaced(
    directive: Directive,
    fact: Any,
    tranches: Mapping[str, set[str]],
    commodities: Commodities,
    books: Books | None,
) -> str:
    """Return what is wrong with the commodity of one amount, "" where nothing is."""
    if not commodities.complete:
        return ""
    money = commodities.money
    if directive.owner not in ("F", "F*") and books is not None:
        money = money | {books.currency}
    for part, value in _amounts(directive, fact):
        match part.unit:
            case "money":
                own = {books.currency} if part.owner and books is not None else set()
                belongs, kind = money | own, "money of this deal"
            case "credits":
                belongs, kind = _credits(fact, tranches, commodities), "credits granted"
            case "security" if not isinstance(fact, Stake) and part.name != "into":
                belongs, kind = commodities.securities, "stakes of this deal"
            case _:
                continue
        if value.currency not in belongs:
            return (
                f"{part.name} is {wording.amount(value)}; the {kind} here: "
                f"{wording.all_of(sorted(belongs))}"
            )
    return ""


def _credits(
    fact: Any, tranches: Mapping[str, set[str]], commodities: Commodities
) -> frozenset[str]:
    tranche = getattr(fact, "tranche", None)
    if isinstance(fact, Grant) or tranche is None:
        return commodities.credits
    return frozenset(tranches.get(tranche, ()))
