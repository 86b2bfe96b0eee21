"""Warrants of a vendor: that lines about them name warrants, and a tranche, there are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from beanscrow.deal import wording
from beanscrow.deal.terms import Milestone, Valuation, Warrant

if TYPE_CHECKING:
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger


def check_warrants(draft: Draft, ledger: Ledger) -> None:
    """Refuse milestones and valuations of warrants, or tranches of them, there are not."""
    if draft.refuses("deal-warrant"):
        return
    tranches: dict[str, set[str]] = defaultdict(set)
    for _, warrant in draft.of(Warrant):
        tranches[warrant.units.currency].add(warrant.tranche or "")
    for line, fact in list(draft.standing()):
        if isinstance(fact, Milestone):
            name = fact.warrant
            if name is None:
                continue  # what hangs on it is no warrant
        elif isinstance(fact, Valuation):
            name = fact.stake if fact.stake in tranches else None
            if name is None and fact.tranche is None:
                continue
        else:
            continue
        words = _wrong(name, fact.tranche, tranches)
        if words:
            draft.refuse(ledger, fact, line.directive.name, "E131", words)


def warrants_of(draft: Draft) -> set[str]:
    """Return the commodities of every warrant the deal's vendor granted."""
    return {warrant.units.currency for _, warrant in draft.of(Warrant)}


def _wrong(name: str | None, tranche: str | None, tranches: dict[str, set[str]]) -> str:
    """Return what is wrong with the warrants, or the tranche of them, that a line names."""
    if name is None:
        return (
            f"tranche {wording.quoted(tranche or '')} is one of warrants; say which with "
            f"stake: {wording.one_of(sorted(tranches) or ['none'], quote=False)}"
        )
    if name not in tranches:
        return (
            f"the deal has no warrant {wording.quoted(name)}; it has "
            f"{wording.all_of(sorted(tranches))}"
        )
    if tranche is not None and tranche not in tranches[name]:
        known = sorted(tranches[name] - {""})
        return (
            f"{name} has no tranche {wording.quoted(tranche)}; it has "
            f"{wording.all_of(known)}"
        )
    return ""
