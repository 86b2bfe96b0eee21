"""Estimates of breakage that a change of the contract takes with it, or that are one alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from beanscrow.checks.case import Case
from beanscrow.checks.findings import problem
from beanscrow.deal.elections import election
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Amend, Estimate, Grant


def lost_estimates(cases: Iterable[Case]) -> Iterator[Problem]:
    """Yield the blends that leave an estimate behind, and amendments of an estimate alone.

    Args:
      cases: Deals in which the ledger is the provider's.
    """
    for case in cases:
        policy = next((p for p in case.agreement.policies if p.stake is None), None)
        if election("breakage-method", case.books, policy) == "proportional":
            yield from _amended_alone(case)
            yield from _left_behind(case)


def _amended_alone(case: Case) -> Iterator[Problem]:
    """606-10-25-10, 606-10-32-43: what both parties have not agreed is no modification."""
    for amend in case.facts(Amend):
        terms = (amend.expires, amend.effective, amend.priority, amend.escrow)
        if amend.breakage is not None and not any(it is not None for it in terms):
            yield problem(
                amend.at,
                "F639",
                f"this line changes nothing of {amend.tranche} but its estimate, and takes it "
                "prospectively; an estimate changed by itself is a catch-up (606-10-32-43): "
                "write it as a deal-estimate, or say what of the contract was changed",
                case.id,
            )


def _left_behind(case: Case) -> Iterator[Problem]:
    """A blended tranche starts without an estimate, whatever its parts were expected to lose."""
    judged: list[Estimate | Amend] = [*case.facts(Estimate), *case.facts(Amend)]
    for grant in case.facts(Grant):
        before = {
            it.tranche  # which every line names, once a deal has two
            for it in judged
            if it.date <= grant.date and it.breakage is not None
        }
        known = {
            it.tranche for it in judged if it.date >= grant.date and it.breakage is not None
        }
        old = [name for name in grant.blends if name in before]
        if old and grant.tranche not in known:
            yield problem(
                grant.at,
                "F642",
                f"breakage of {', '.join(old)} was estimated, and none of {grant.tranche} is, "
                "into which the credits went; write a deal-estimate of it from this day, "
                "`breakage: 0.00` where all will be drawn (606-10-55-48)",
                case.id,
            )
