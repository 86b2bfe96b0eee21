"""Corrections: that each means one earlier directive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from beanscrow.deal import wording
from beanscrow.deal.terms import Correct, Money
from beanscrow.deal.vocabulary import TERMS

if TYPE_CHECKING:
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger


def check_corrections(draft: Draft, ledger: Ledger) -> None:
    """Refuse a correction of no directive, of several, or in another commodity."""
    for line, correct in draft.of(Correct):
        targets = _targets(draft, correct)
        if len(targets) == 1:
            words = _wrong_commodity(correct, targets[0])
            if words:
                draft.refuse(ledger, correct, line.directive.name, "E117", words)
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


def _targets(draft: Draft, correct: Correct) -> list[Any]:
    term: type[Any] = TERMS[correct.directive]
    found: list[Any] = [fact for _, fact in draft.of(term)]
    if correct.directive == "deal-usage":
        found = list(draft.standing_usages())
    return [
        fact
        for fact in found
        if fact.date == correct.of
        and (correct.tranche is None or fact.tranche == correct.tranche)
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
