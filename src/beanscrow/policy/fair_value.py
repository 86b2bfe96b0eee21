"""What the stakes of an event are worth at contract inception (606-10-32-21; IFRS 15.66).

A valuation first; where there is none, the stand-alone selling price of the
credits (606-10-32-22); their face, which is a headline, only with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from beanscrow.deal.elections import about
from beanscrow.deal.terms import DealPolicy, Grant, Stake
from beanscrow.money import from_quanta, round_to_quanta
from beanscrow.policy.carrying_methods import method_of
from beanscrow.policy.exact import exact_money, worth_in_quanta
from beanscrow.policy.lots import lots_of
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import StakeLeg
from beanscrow.policy.terms_of_side import (
    SideTerms,
    class_of,
    policy_for,
)

_BY_PRICE = ("ssp", "face")


def measured_stakes(
    stakes: Sequence[Stake],
    policies: tuple[DealPolicy, ...],
    terms: SideTerms,
    unpriced: Sequence[Grant],
    cash: int,
    only_stake: bool,
) -> list[tuple[StakeLeg, int]]:
    """Return each stake with its fair value in quanta, the fallback measured last."""
    worths: dict[Stake, int] = {}
    fallback: list[tuple[Stake, str]] = []
    for stake in stakes:
        policy = policy_for(stake, policies, only_stake)
        source = _source(stake, policy)
        if stake.opening:
            worths[stake] = _opening_carrying(stake, policies, terms)
        elif source in _BY_PRICE:
            override = policy.override if policy else None
            if source == "face" and not override:
                raise Refusal(
                    "E208",
                    f"{stake.units.currency} is measured at the face of the credits, which "
                    "is their headline and not their fair value (606-10-32-21); use "
                    '`fair-value-source: "ssp"`, or say why in `override:` of the deal\'s '
                    "deal-policy",
                    stake.at,
                )
            fallback.append((stake, source))
        else:
            worths[stake] = _fair_value(stake, policy, terms)
    if len(fallback) > 1:
        raise Refusal(
            "E207",
            "two stakes of one event take their value from the credits "
            f"({' and '.join(s.units.currency for s, _ in fallback)}); one equation gives "
            "one unknown: give the others a fair value",
            fallback[1][0].at,
        )
    for stake, source in fallback:
        others = sum(w for s, w in worths.items() if not s.opening)
        worths[stake] = cash + _value_of_credits(stake, source, unpriced, terms) - others
        if worths[stake] <= 0:
            raise Refusal(
                "E209",
                f"{stake.units.currency} would be worth nothing: the other stakes are worth "
                "the cash and the credits already",
                stake.at,
            )
    return [
        (_stake_leg(stake, worths[stake], policies, terms), worths[stake])
        for stake in stakes
    ]


def by_price_of_credits(
    stakes: Sequence[Stake], policies: tuple[DealPolicy, ...], only_stake: bool
) -> bool:
    """Return whether a stake has no fair value of its own (606-10-32-22; IFRS 15.67)."""
    return any(
        _source(stake, policy_for(stake, policies, only_stake)) in _BY_PRICE
        for stake in stakes
        if not stake.opening
    )


def _source(stake: Stake, policy: DealPolicy | None) -> str:
    return (policy and policy.fair_value_source) or stake.fair_value_source


def _stake_leg(
    stake: Stake, worth: int, policies: tuple[DealPolicy, ...], terms: SideTerms
) -> StakeLeg:
    method = method_of(stake, policies, terms.framework)
    class_ = class_of(stake, policies, terms)
    return StakeLeg(
        at=stake.at,
        arrives=stake.date,
        units=stake.units,
        value=from_quanta(worth, terms.scale),
        instrument=stake.instrument,
        method=method,
        class_=class_,
        lots=lots_of(stake.units.number, worth, terms.scale, stake.event),
        opening=stake.opening,
        waits=from_quanta(
            _opening_oci(stake, method, class_, policies, terms), terms.scale
        ),
    )


def _opening_oci(
    stake: Stake,
    method: str,
    class_: str,
    policies: tuple[DealPolicy, ...],
    terms: SideTerms,
) -> int:
    """Return what of an opening stake waits in other comprehensive income, in quanta."""
    stated = [it.opening_oci for it in about(stake.units.currency, policies)]
    amount = next((it for it in stated if it is not None), None)
    if not stake.opening or amount is None:
        return 0
    kept = method == "afs" if terms.side == "provider" else class_ == "liability"
    if not kept:
        raise Refusal(
            "E214",
            f"`opening-oci:` is stated, and nothing of {stake.units.currency} waits to be "
            "reclassified: that is so of a note available for sale, and of what a startup "
            "owes at fair value; take it out",
            stake.at,
        )
    return exact_money(amount, terms, stake.at)


def _opening_carrying(
    stake: Stake, policies: tuple[DealPolicy, ...], terms: SideTerms
) -> int:
    for policy in about(stake.units.currency, policies):
        if policy.opening_carrying:
            return exact_money(policy.opening_carrying, terms, policy.at)
    raise Refusal(
        "E214",
        f"opening stake {stake.units.currency} has no carrying amount; write "
        "`opening-carrying:` in a deal-policy of this ledger",
        stake.at,
    )


def _fair_value(stake: Stake, policy: DealPolicy | None, terms: SideTerms) -> int:
    total = policy.fair_value_total if policy else None
    each = policy.fair_value if policy else None
    if total is None and each is None:
        total, each = stake.fair_value_total, stake.fair_value
    stated = total or each
    if stated is not None and stated.currency != terms.currency:
        raise not_built(
            f"a fair value in {stated.currency} of a stake whose event is in {terms.currency}"
        )
    if total is not None:
        return round_to_quanta(Fraction(total.number), terms.scale)
    if each is None:
        raise Refusal(
            "E209",
            f"{stake.units.currency} has no fair value; write `fair-value:` per unit or "
            "`fair-value-total:`, or take it from the credits with "
            '`fair-value-source: "ssp"`',
            stake.at,
        )
    exact = Fraction(each.number) * Fraction(stake.units.number)
    return worth_in_quanta(exact, terms.scale, stake.at)


def _value_of_credits(
    stake: Stake, source: str, unpriced: Sequence[Grant], terms: SideTerms
) -> int:
    """Return what the credits of an event are worth at their ssp or face, rounded once."""
    if not unpriced:
        raise Refusal(
            "E209",
            f"{stake.units.currency} takes its value from the credits and its event grants "
            "none; give it a fair value, or give the grant's `event:` this date",
            stake.at,
        )
    worth = Fraction(0)
    for grant in unpriced:
        each = grant.ssp if source == "ssp" else grant.face
        if each is None:
            raise Refusal(
                "E209",
                f"{stake.units.currency} takes its value from the credits, and grant "
                f"{grant.tranche} has no `{source}:`",
                grant.at,
            )
        worth += Fraction(each.number) * Fraction(grant.credits.number)
    return worth_in_quanta(worth, terms.scale, stake.at)
