"""Whether the lines of one deal agree with each other.

Each module asks one question of a `Draft` and refuses the lines that do not fit; a
line of this deal never refuses one of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from beanscrow.deal.consistency.backstops import check_backstops
from beanscrow.deal.consistency.buybacks import check_buybacks
from beanscrow.deal.consistency.charges import check_charges
from beanscrow.deal.consistency.commodities import check_commodities
from beanscrow.deal.consistency.corrections import check_corrections
from beanscrow.deal.consistency.influence import check_influence
from beanscrow.deal.consistency.milestones import check_milestones
from beanscrow.deal.consistency.stakes import check_stakes
from beanscrow.deal.consistency.tranches import check_tranches
from beanscrow.deal.consistency.twins import check_twins
from beanscrow.deal.consistency.usage import check_usage
from beanscrow.deal.consistency.warrants import check_warrants

if TYPE_CHECKING:
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger
    from beanscrow.deal.terms import Books


def check(draft: Draft, books: Books | None, ledger: Ledger) -> None:
    """Refuse what does not agree with the rest of a deal.

    Args:
      draft: The deal as read; what is refused is dropped from it.
      books: The ledger's books, None where they could not be read.
      ledger: Is told what is wrong.
    """
    check_twins(draft, ledger)
    check_tranches(draft, ledger)
    check_stakes(draft, ledger)
    check_milestones(draft, ledger)
    check_influence(draft, ledger)
    check_warrants(draft, ledger)
    check_backstops(draft, ledger)
    commodities = check_commodities(draft, books, ledger)
    check_charges(draft, ledger)
    check_usage(draft, commodities, ledger)
    check_buybacks(draft, ledger)
    check_corrections(draft, ledger)


__all__ = ["check"]
