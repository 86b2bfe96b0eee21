"""Backstops: that each has a name of its own, and that what is called is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beanscrow.deal import wording
from beanscrow.deal.vendor_terms import Backstop, BackstopCall

if TYPE_CHECKING:
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger


def check_backstops(draft: Draft, ledger: Ledger) -> None:
    """Refuse a second backstop of one name, and calls of one there is not."""
    made: dict[str, Backstop] = {}
    for line, backstop in draft.of(Backstop):
        first = made.setdefault(backstop.backstop, backstop)
        if first is not backstop:
            words = (
                f'"{backstop.backstop}" already names the backstop of '
                f"{wording.where(first.at)}; choose another name with backstop:"
            )
            draft.refuse(ledger, backstop, line.directive.name, "E121", words)
    if draft.refuses("deal-backstop"):
        return
    for line, call in draft.of(BackstopCall):
        if call.backstop not in made:
            words = (
                f"the deal has no backstop {wording.quoted(call.backstop)}; it has "
                f"{wording.all_of(sorted(made))}"
            )
            draft.refuse(ledger, call, line.directive.name, "E131", words)
