"""What a side says of its influence over an investee, once of each thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beanscrow.deal import wording
from beanscrow.deal.influence_terms import Basis

if TYPE_CHECKING:
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger


def check_influence(draft: Draft, ledger: Ledger) -> None:
    """Refuse a second component of a basis difference that has the name of another."""
    named: dict[str, Basis] = {}
    for line, basis in draft.of(Basis):
        first = named.setdefault(basis.asset, basis)
        if first is not basis:
            words = (
                f"{wording.quoted(basis.asset)} is a component already, at "
                f"{wording.where(first.at)}; give what a later purchase cost more a name "
                "of its own"
            )
            draft.refuse(ledger, basis, line.directive.name, "E121", words)
