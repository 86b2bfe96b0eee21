"""Warrants a customer has wholly earned, and still carries as they were granted."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from beanscrow.checks.findings import problem
from beanscrow.checks.purchases import bought_by_deal, vested
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem


def unvalued(ledger: Ledger, through: datetime.date) -> Iterator[Problem]:
    """Yield the warrants that have vested and that no valuation has been made of since.

    From then on they are an investment (815-10-35-1; IFRS 9.5.7.1), whose fair value
    the ledger must say.

    Args:
      through: Last day the books have reached, inclusive.
    """
    written = ledger.written
    warrants = [
        it
        for it in written.standing("deal-warrant")
        if written.side(it.deal) == "startup" and it.date <= through
    ]
    if not warrants:
        return
    bought = bought_by_deal(ledger)
    for warrant in warrants:
        units, tranche = warrant.amount(1), warrant.text("tranche")
        if units is None or not vested(warrant, bought[warrant.deal], ledger, through):
            continue
        valued = any(
            (it.deal, it.text("stake")) == (warrant.deal, units.currency)
            and it.text("tranche") in ("", tranche)
            and it.date <= through
            and vested(warrant, bought[warrant.deal], ledger, it.date)
            for it in written.standing("deal-valuation")
        )
        if not valued:
            name = f"{units.currency} {tranche}" if tranche else units.currency
            yield problem(
                warrant.at,
                "F641",
                f"{name} have vested and are carried at the fair value of the day they were "
                "granted; they are an investment now: write a deal-valuation of them",
                warrant.deal,
            )
