"""Directives of one deal that say the same thing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from beanscrow.deal import wording
from beanscrow.deal.facts import same_statement

if TYPE_CHECKING:
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger


def check_twins(draft: Draft, ledger: Ledger) -> None:
    """Refuse the second of two directives equal in every value and key.

    Nothing tells whether both are meant; `sequence` or `import-id` can.  Usage is
    looked at with the rest of its checks.
    """
    seen: dict[object, Any] = {}
    for line, fact in list(draft.standing()):
        first = seen.setdefault(same_statement(fact), fact)
        if first is not fact:
            draft.refuse(ledger, fact, line.directive.name, "E126", twin(first.at))
    policies: dict[str | None, Any] = {}
    for line, policy in draft.standing_policies():
        first = policies.setdefault(policy.stake, policy)
        if first is not policy:
            about = f"stake {policy.stake}" if policy.stake else "the whole deal"
            draft.refuse(
                ledger,
                policy,
                line.directive.name,
                "E121",
                f"a second policy for {about}; the first stands at "
                f"{wording.where(first.at)}: put all of it in one",
            )


def twin(first: Any) -> str:
    """Return what to say of a directive that equals the one at a position."""
    return (
        f"equal in every value to {wording.where(first)}; say sequence: or import-id: "
        "if both are meant, else delete one"
    )
