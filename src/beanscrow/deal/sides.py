"""Owners: what this ledger's side reads of a deal, and what it only validates.

One deal file serves both parties' ledgers.  A judgement of the other side is checked
like any line and then left out, with a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from beanscrow.deal.consistency.stakes import held_on
from beanscrow.deal.consistency.warrants import warrants_of
from beanscrow.deal.elections import ELECTIONS, election
from beanscrow.deal.terms import Convert, Correct, DealPolicy, Stake, Valuation
from beanscrow.deal.vocabulary import DIRECTIVES, Directive, field_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger, Line
    from beanscrow.deal.problems import Position
    from beanscrow.deal.terms import Books, Role

SIDES = ("provider", "startup")
_SIDE: dict[str, str] = {"P": "provider", "S": "startup"}
_AT_FAIR_VALUE = ("note", "safe")


def is_for(line: Line, role: Role | None) -> bool:
    """Return whether a line is for a side, by its `for` key."""
    only = line.values.get("for")
    return only is None or role is None or only == role


def say_other_side(line: Line, role: Role | None, ledger: Ledger) -> None:
    """Note a line that its `for` key keeps from these books."""
    ledger.say(
        line.at,
        "N101",
        f'{line.directive.name}: for "{line.values["for"]}" only; not read in the '
        f"{role}'s books",
        line.deal,
    )


def reads(directive: str, role: Role | None) -> bool:
    """Return whether a side reads a directive at all, whatever it says."""
    known = DIRECTIVES.get(directive)
    if known is None or role is None or directive == "deal-valuation":
        return True
    return _SIDE.get(known.owner, role) == role


def keep_own_side(draft: Draft, books: Books | None, ledger: Ledger) -> None:
    """Drop from a deal what its other side judges, with a note for each line."""
    role = draft.role
    if role is None:
        return
    draft.refused = [held for held in draft.refused if reads(held.directive, role)]
    valued = [
        fact
        for _, fact in draft.of(Valuation)
        if _reads_valuation(draft, fact, role, books)
    ]
    for line, fact in list(draft.standing()):
        if isinstance(fact, Valuation):
            kept = any(fact is own for own in valued)
        elif isinstance(fact, Correct) and fact.directive == "deal-valuation":
            kept = any(fact.of == own.date for own in valued)
        elif isinstance(fact, Correct):
            kept = reads(fact.directive, role)
        else:
            kept = reads(line.directive.name, role)
        if not kept:
            draft.drop(fact)
            say_ignored(fact.at, line.directive, role, ledger, fact.deal)
    draft.facts = [(ln, own_keys(ln, f, role, ledger)) for ln, f in draft.standing()]
    draft.policies = [
        (ln, own_elections(own_keys(ln, p, role, ledger), role, ledger))
        for ln, p in draft.standing_policies()
    ]


def own_keys(line: Line, fact: Any, role: Role, ledger: Ledger) -> Any:
    """Return a fact without the keys that only the other side reads."""
    if isinstance(fact, Correct):
        return _own_correction(fact, role)
    for part in line.directive.keys:
        if part.owner and _SIDE[part.owner] != role and part.name in line.values:
            ledger.say(
                line.at,
                "N104",
                f"{line.directive.name}: {part.name} is the {_SIDE[part.owner]}'s "
                f"judgement; not read in the {role}'s books",
                line.deal,
            )
            field = field_of(part)
            fact = fact._replace(**{field: fact._field_defaults.get(field)})
    return fact


def _own_correction(correct: Correct, role: Role) -> Correct:
    """Return a correction without what it replaces of the other side's judgements."""
    fact: Any = correct.corrected
    for part in DIRECTIVES[correct.directive].keys:
        if fact is not None and part.owner and _SIDE[part.owner] != role:
            fact = fact._replace(**{field_of(part): None})
    return correct._replace(corrected=fact)


def own_elections(policy: DealPolicy, role: Role, ledger: Ledger) -> DealPolicy:
    """Return a policy without the elections that are the other side's to make."""
    kept = {}
    for name, choice in policy.elections.items():
        owner = ELECTIONS[name].owner
        if owner and _SIDE[owner] != role:
            _say_others_election(policy.at, "deal-policy", name, owner, ledger, policy.deal)
        else:
            kept[name] = choice
    return policy._replace(elections=kept)


def say_elections_of_nobody(books: Books, drafts: Iterable[Draft], ledger: Ledger) -> None:
    """Note what `books` elects for a side the ledger takes in none of its deals."""
    taken: set[Role | None] = {books.role, *(draft.role for draft in drafts)}
    for name in books.elections:
        owner = ELECTIONS[name].owner
        if owner and _SIDE[owner] not in taken:
            _say_others_election(books.at, "books", name, owner, ledger)
    if books.training_services and "startup" not in taken:
        _say_others_election(books.at, "books", "training-services", "S", ledger)


def _say_others_election(
    at: Position, directive: str, name: str, owner: str, ledger: Ledger, deal: str = ""
) -> None:
    other = _SIDE[owner]
    mine = "startup" if other == "provider" else "provider"
    ledger.say(
        at,
        "N104",
        f"{directive}: {name} is the {other}'s election; not read in the {mine}'s books",
        deal,
    )


def say_ignored(
    at: Position, directive: Directive, role: Role, ledger: Ledger, deal: str = ""
) -> None:
    """Note a directive that is the other side's."""
    other = "startup" if role == "provider" else "provider"
    ledger.say(
        at,
        "N101",
        f"{directive.name}: the {other}'s judgement; not read in the {role}'s books",
        deal,
    )


def _reads_valuation(
    draft: Draft, valuation: Valuation, role: Role, books: Books | None
) -> bool:
    """Return whether a side measures what is valued at fair value.

    Warrants of a vendor are its customer's to value; the vendor never does again.
    """
    if valuation.stake in warrants_of(draft):
        return role == "startup"
    if role == "startup" and valuation.own_credit is not None:
        return True  # its own judgement, which is refused where nothing is owed
    return role == "provider" or (books is not None and _values(draft, valuation, books))


def _values(draft: Draft, valuation: Valuation, books: Books) -> bool:
    """Return whether the startup carries the valued instrument at fair value (2.7)."""
    security = valuation.stake
    if security is None:
        held = held_on(draft, valuation.date)
        security = next(iter(held)) if len(held) == 1 else None
    policies = [policy for _, policy in draft.standing_policies()]
    stated = _class(security, policies)
    if stated is not None:
        return stated == "liability"
    instruments = {stake.units.currency: stake.instrument for _, stake in draft.of(Stake)}
    converted = [convert for _, convert in draft.of(Convert)]
    for convert in sorted(converted, key=lambda it: it.date):
        kind = convert.instrument or instruments.get(convert.units.currency, "common")
        instruments.setdefault(convert.into.currency, kind)
    instrument = instruments.get(security or "")
    if instrument in _AT_FAIR_VALUE:
        return True
    whole = next((p for p in policies if p.stake is None), None)
    return (
        instrument == "preferred"
        and election("preferred-class", books, whole) == "liability"
    )


def _class(security: str | None, policies: list[DealPolicy]) -> str | None:
    """Return the class a policy gives a stake: that of the stake before the deal's."""
    for stake in (security, None):
        for policy in policies:
            if policy.stake == stake and policy.class_ is not None:
                return policy.class_
    return None
