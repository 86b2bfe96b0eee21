"""Corrections: that each means one earlier directive, and what it makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from beanscrow.deal import wording
from beanscrow.deal.correction import applied, disagreement
from beanscrow.deal.terms import Correct, Grant, Money
from beanscrow.deal.vocabulary import TERMS

if TYPE_CHECKING:
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger
    from beanscrow.deal.problems import Position


def check_corrections(draft: Draft, ledger: Ledger) -> None:
    """Refuse what corrects no directive, or several, or makes nonsense of it.

    What is left says what its directive should have been; corrections of one directive
    compose, in the order of their days.
    """
    corrected: dict[Position, Any] = {}
    facts: dict[int, Correct] = {}
    for line, correct in sorted(draft.of(Correct), key=lambda it: it[1].turn):
        targets = _targets(draft, correct)
        if len(targets) == 1:
            target = targets[0]
            before = corrected.get(target.at, target)
            after = applied(before, correct.directive, correct.replacements)
            words = (
                _wrong_commodity(correct, target)
                or disagreement(after, correct.directive)
                or _nobodys_escrow(after, draft)
            )
            if words:
                draft.refuse(ledger, correct, line.directive.name, "E117", words)
                continue
            corrected[target.at] = after
            facts[id(correct)] = correct._replace(corrected=after)
            continue
        if not targets and draft.refuses(correct.directive):
            continue  # the one it means may be the one that was refused
        meant = f"{correct.directive} of {correct.of}"
        words = (
            f"the deal has {len(targets)} directives {meant}; pick one by tranche: or "
            "import-id:"
            if targets
            else f"the deal has no {meant} to correct"
        )
        draft.refuse(ledger, correct, line.directive.name, "E131", words)
    draft.facts = [(line, facts.get(id(fact), fact)) for line, fact in draft.facts]


def _nobodys_escrow(after: Any, draft: Draft) -> str:
    escrow = after.escrow if isinstance(after, Grant) else None
    if escrow is None or not escrow.number or draft.deal.escrow_owner != "none":
        return ""
    return 'the corrected grant has an escrow, and the deal says escrow-owner: "none"'


def _targets(draft: Draft, correct: Correct) -> list[Any]:
    term: type[Any] = TERMS[correct.directive]
    found: list[Any] = [fact for _, fact in draft.of(term)]
    if correct.directive == "deal-usage":
        found = list(draft.standing_usages())
    return [
        fact
        for fact in found
        if fact.date == correct.of
        and (correct.tranche is None or getattr(fact, "tranche", None) == correct.tranche)
        and (
            correct.import_id is None
            or getattr(fact, "import_id", None) == correct.import_id
        )
    ]


def _wrong_commodity(correct: Correct, target: Any) -> str:
    own = next((v for v in target[3:] if isinstance(v, Money)), None)
    for key, value in correct.replacements.items():
        if not isinstance(value, Money):
            continue
        if key in ("units", "amount"):
            old = own
        else:
            old = getattr(target, key.replace("-", "_"), None)
        if isinstance(old, Money) and old.currency != value.currency:
            return (
                f"{key} is {wording.amount(value)}; it replaces an amount of {old.currency}"
            )
    return ""
