"""Whether what is left of earlier tranches may be blended into a new grant."""

from __future__ import annotations

from beanscrow.deal.terms import Grant
from beanscrow.policy.drawdown import Drawdowns
from beanscrow.policy.financed_tranche import FinancedTranche
from beanscrow.policy.measurement import STARTUPS_CASH
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import EscrowMode
from beanscrow.policy.terms_of_side import SideTerms
from beanscrow.policy.tranche import Tranche


def check_blend(grant: Grant, draws: Drawdowns, mode: EscrowMode, terms: SideTerms) -> None:
    """Make sure that a grant that blends others can take over what is left of them.

    Raises:
      Refusal: One of them cannot be drawn that day, would be extended silently, or has a
        price that is more than a number.
    """
    if grant.modification != "blend":
        return
    if mode in STARTUPS_CASH:
        raise not_built("a blend of credits whose escrow is the startup's")
    if grant.date != grant.event:
        raise Refusal(
            "E211",
            f"grant {grant.tranche} blends credits of {', '.join(grant.blends)} and is dated "
            f"{grant.date}, not the day of its event {grant.event}; a blend takes place on "
            "the day it is agreed",
            grant.at,
        )
    for name in grant.blends:
        old = draws.tranches.get(name)
        if old is None or old.commodity != grant.credits.currency or old.lapsed:
            raise Refusal(
                "E211",
                f"grant {grant.tranche} blends {name}, which is no tranche of "
                f"{grant.credits.currency} that can be drawn on {grant.date}; tranches: "
                f"{', '.join(sorted(draws.tranches)) or 'none'}",
                grant.at,
            )
        abroad = grant.escrow and grant.escrow.currency != terms.currency
        if old.foreign or abroad:
            raise not_built("a blend of credits whose escrow is in another currency")
        _check_price(old, draws)
        if old.expires != grant.expires:
            raise Refusal(
                "E210",
                f"grant {grant.tranche} expires {grant.expires or 'never'} and blends {name}, "
                f"which expires {old.expires or 'never'}; amend {name} to the same day first, "
                "so that no credits are extended silently",
                grant.at,
            )


def _check_price(old: Tranche, draws: Drawdowns) -> None:
    """Make sure that the price of a tranche is a number that can move to another."""
    if old.name in draws.measured:
        raise not_built("a blend of credits that are measured as they are drawn")
    if old.waits:
        raise not_built("a blend of credits whose shares are no security yet")
    if old.leased:
        raise not_built(f"a blend of {old.name}, which has a lease in it")
    if isinstance(old, FinancedTranche):
        raise not_built("a blend of credits with a financing component")
    if old.kind == "earning":
        raise not_built("a blend of credits that earn shares as they are drawn")
