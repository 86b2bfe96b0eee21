"""What one side has elected for one deal, resolved once: deal-policy, else books, else default.

The elections and their defaults are those of docs/ledger-language.md.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from beanscrow.deal.elections import about, election
from beanscrow.deal.terms import Books, Deal, DealPolicy, Framework, Role, Stake
from beanscrow.policy.elected import in_force, stated, whole_policy
from beanscrow.policy.rates import Rate, Rates

# Never elected: how a stake is carried once control is gained.
CONSOLIDATED = "consolidated"


class SideTerms(NamedTuple):
    """The side of a deal this ledger keeps, and how it has elected to account.

    Attributes:
      currency: Functional currency; `scale` its decimals.
      consumption_order: The contract's order, else the elected one.
      proportional: Whether expected breakage is recognised as rights are exercised
        (606-10-55-48), rather than when the rest becomes remote.
      termination_income: Whether a termination's gain is other income.
      promotion_to_marketing: Whether promotional compute is a marketing cost.
      preferred_class: Where the startup shows preferred shares.
      elimination: "proportionate", "full" or "none", of profit on supplies to an
        investee under the equity method; `elimination_in_revenue`, where it is shown.
      rates: Of exchange, into `currency`.
      equity_lag: Months from the end of an investee's period to the day its result is
        taken up.
      losses_to_commitment: Whether cash still promised lets losses go below zero.
      line_by_line: Whether each draw is rounded by itself, not the total to date.
      training: Services whose cost is a model in the making, not an expense.
      measured_on: Day on which shares that pay for compute are measured: "inception",
        "receipt" or "performance"; inception under US GAAP (606-10-32-21).
      rent_together: Whether rent is one line with a service of its pattern, by the
        practical expedient (842-10-15-42A).
      financing: Yearly rate of interest on compute paid for in advance; None where no
        financing component is computed.
    """

    side: Role
    framework: Framework
    currency: str
    scale: int
    through: datetime.date
    consumption_order: str
    proportional: bool
    termination_income: bool
    promotion_to_marketing: bool
    preferred_class: str
    line_by_line: bool
    elimination: str
    elimination_in_revenue: bool
    rates: Rates
    equity_lag: int = 0
    losses_to_commitment: bool = True
    training: frozenset[str] = frozenset()
    measured_on: str = "inception"
    financing: Decimal | None = None
    rent_together: bool = False


def resolve(
    books: Books,
    deal: Deal,
    policies: Iterable[DealPolicy],
    *,
    side: Role,
    scale: int,
    through: datetime.date,
    rates: Iterable[Rate] = (),
) -> SideTerms:
    """Return the elections in force for one deal in one ledger."""
    policies = list(policies)
    whole = whole_policy(policies)

    def elected(key: str) -> str:
        return in_force(key, books, whole, side)

    capitalised = side == "startup" and elected("training-compute") == "capitalise"

    return SideTerms(
        side=side,
        framework=books.framework,
        currency=books.currency,
        scale=scale,
        through=through,
        consumption_order=deal.consumption_order or elected("consumption-order"),
        proportional=side == "provider" and elected("breakage-method") == "proportional",
        termination_income=elected("termination-difference") == "other-income",
        promotion_to_marketing=elected("promo-cost") == "marketing",
        preferred_class=elected("preferred-class"),
        line_by_line=elected("rounding") == "per-line",
        elimination=elected("equity-method-elim"),
        elimination_in_revenue=elected("elim-presentation") == "revenue-cost",
        rates=Rates(books.currency, rates),
        equity_lag=int(election("equity-lag", books, whole)),
        losses_to_commitment=elected("loss-limit") == "committed",
        training=frozenset(
            stated("training_services", books, policies) if capitalised else ()
        ),
        measured_on=(
            elected("noncash-measurement-date") if side == "provider" else "inception"
        ),
        rent_together=side == "provider" and elected("lessor-expedient") == "TRUE",
        financing=(
            stated("sfc_rate", books, policies) if elected("sfc") == "force" else None
        ),
    )


def policy_for(
    stake: Stake, policies: Iterable[DealPolicy], only: bool
) -> DealPolicy | None:
    """Return the judgements about one stake: its own, else those for the whole deal.

    Args:
      only: Whether it is the deal's only stake; then what the deal's policy says
        of fair value is said of it.
    """
    found = next(iter(about(stake.units.currency, policies)), None)
    return found if only or (found is not None and found.stake is not None) else None


def class_of(stake: Stake, policies: tuple[DealPolicy, ...], terms: SideTerms) -> str:
    """Return how the startup classifies what it issued: mezzanine, equity or liability.

    US GAAP: redeemable preferred is temporary equity (480-10-S99-3A); a note or
    SAFE is a liability at fair value.  IFRS: IAS 32.15-27 must be answered for
    preferred; equity is the answer taken where the ledger gives none.
    """
    for policy in about(stake.units.currency, policies):
        if policy.class_:
            return policy.class_
    if stake.instrument in ("note", "safe"):
        return "liability"
    return terms.preferred_class if stake.instrument == "preferred" else "equity"


def shares_role(class_: str, instrument: str) -> str:
    """Return the role of the startup's account for what it issued.

    Args:
      class_: How it is classified: "mezzanine", "equity" or "liability".
      instrument: Kind of security ("preferred").
    """
    if class_ == "liability":
        return "notes" if instrument in ("note", "safe") else "preferred-liability"
    if class_ == "mezzanine":
        return "shares-mezzanine"
    return "shares-preferred" if instrument == "preferred" else "shares-common"
