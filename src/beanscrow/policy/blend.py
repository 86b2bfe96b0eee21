"""Whether what is left of earlier tranches may be blended into a new grant, and what is."""

from __future__ import annotations

from typing import NamedTuple

from beanscrow.deal.terms import Grant
from beanscrow.policy.drawdown import Drawdowns
from beanscrow.policy.financed_tranche import FinancedTranche
from beanscrow.policy.measurement import STARTUPS_CASH
from beanscrow.policy.origins import Origins
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import EscrowMode, TrancheKind
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
        drawable = old is not None and old.came and not old.lapsed
        if old is None or not drawable or old.commodity != grant.credits.currency:
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


class TakenOver(NamedTuple):
    """What a grant blends, before it does, and what its credits are paid for with then.

    Attributes:
      kind: Of the new tranche, with what it takes over.
      origins: Where both shares and money paid for it.
    """

    tranches: list[Tranche]
    kind: TrancheKind
    origins: Origins | None


def taken_over(grant: Grant, price: int, draws: Drawdowns) -> TakenOver:
    """Return what a grant takes over; nothing of one that blends no others.

    Credits without a price of their own that take over credits with one are not free:
    they are more of what was paid for, at a lower price each (606-10-25-13(a)).

    Args:
      price: Transaction price of the grant by itself, in whole quanta.
    """
    names = grant.blends if grant.modification == "blend" else ()
    old = [draws.tranches[name] for name in names]
    own = kind_of(grant)
    kinds: set[TrancheKind] = {own, *(it.kind for it in old if it.held)}
    kinds.discard("promotional")
    kind: TrancheKind = "promotional"
    if len(kinds) == 1:
        kind = kinds.pop()
    elif kinds:
        kind = "mixed"
    origins = None
    if kind == "mixed":
        money = price if own == "prepaid" else 0
        money += sum(_paid_in_money(it) for it in old)
        origins = Origins(price + sum(it.unrecognised for it in old), money)
    return TakenOver(old, kind, origins)


def kind_of(grant: Grant) -> TrancheKind:
    """Return what pays for the credits of a grant by itself: shares, money, or nothing."""
    if grant.price is None or grant.opening:
        return "credits"
    return "prepaid" if grant.price.number else "promotional"


def _paid_in_money(tranche: Tranche) -> int:
    """Return what money paid of a tranche's price that is not recognised yet."""
    left = tranche.unrecognised
    if tranche.origins is not None:
        return tranche.origins.left(left)
    return left if tranche.kind == "prepaid" else 0
