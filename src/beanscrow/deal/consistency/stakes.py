"""Stakes: that each can be valued, and that lines about one say which."""

from __future__ import annotations

import datetime
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from beanscrow.deal import wording
from beanscrow.deal.consistency.warrants import warrants_of
from beanscrow.deal.influence_terms import Control
from beanscrow.deal.terms import (
    Convert,
    DealPolicy,
    Forfeit,
    Reclassify,
    Sale,
    Stake,
    Valuation,
)
from beanscrow.deal.vocabulary import field_of
from beanscrow.deal.vocabulary.parties import BESIDE_ELECTIONS

if TYPE_CHECKING:
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger, Line

RESIDUAL = ("ssp", "face")  # sources that measure the stake by the credits


def check_stakes(draft: Draft, ledger: Ledger) -> None:
    """Refuse stakes without a value, and lines that do not say which stake is meant."""
    policies = [policy for _, policy in draft.standing_policies()]
    for line, stake in draft.of(Stake):
        if not stake.opening and not _valued(stake, policies):
            draft.refuse(
                ledger,
                stake,
                line.directive.name,
                "E111",
                f'fair-value-source "{stake.fair_value_source}" wants fair-value or '
                "fair-value-total beside it; it is missing",
            )
        elif _ignored_value(stake, policies):
            ledger.say(
                stake.at,
                "N102",
                "deal-stake: the fair value written here is not used; the stake is "
                "measured by the credits",
                stake.deal,
            )
    _check_named(draft, ledger)


def _valued(stake: Stake, policies: list[DealPolicy]) -> bool:
    if stake.fair_value_source in RESIDUAL:
        return True
    if stake.fair_value is not None or stake.fair_value_total is not None:
        return True
    return any(
        policy.fair_value is not None
        or policy.fair_value_total is not None
        or policy.fair_value_source in RESIDUAL
        for policy in _about(stake, policies)
    )


def _ignored_value(stake: Stake, policies: list[DealPolicy]) -> bool:
    source = stake.fair_value_source
    written = stake.fair_value is not None or stake.fair_value_total is not None
    for policy in _about(stake, policies):
        source = policy.fair_value_source or source
        written = written or policy.fair_value is not None
        written = written or policy.fair_value_total is not None
    return written and source in RESIDUAL


def _about(stake: Stake, policies: list[DealPolicy]) -> list[DealPolicy]:
    """Return the policies about a stake, that of the whole deal first."""
    about = [p for p in policies if p.stake in (None, stake.units.currency)]
    return sorted(about, key=lambda policy: policy.stake is not None)


def _check_named(draft: Draft, ledger: Ledger) -> None:
    known = securities(draft)
    warrants = warrants_of(draft)
    complete = not draft.refuses("deal-stake") and not draft.refuses("deal-convert")
    for line, policy in draft.standing_policies():
        if complete and policy.stake is not None and policy.stake not in known:
            words = _unknown(policy.stake, known)
            draft.refuse(ledger, policy, line.directive.name, "E131", words)
        elif policy.stake is not None and (keys := _of_the_deal(line, policy)):
            what = "an election" if set(keys) <= _elected(policy) else "it"
            words = (
                f"stake and {wording.all_of(keys)} exclude each other: {what} is of "
                "the whole deal; write it in a deal-policy without stake"
            )
            draft.refuse(ledger, policy, line.directive.name, "E110", words)
    for line, fact in list(draft.standing()):
        name = line.directive.name
        if isinstance(fact, Valuation | Reclassify | Control):
            if isinstance(fact, Valuation) and fact.stake in warrants:
                continue
            if fact.stake is not None:
                if complete and fact.stake not in known:
                    words = _unknown(fact.stake, known)
                    draft.refuse(ledger, fact, name, "E131", words)
            elif isinstance(fact, Valuation) or _is_the_providers(draft, fact):
                held = held_on(draft, fact.date) if len(known) > 1 else known
                if len(held) > 1:
                    words = "stake is missing, and several are held; wanted "
                    words += wording.one_of(sorted(held))
                    draft.refuse(ledger, fact, name, "E129", words)
                elif isinstance(fact, Valuation) and complete and not known:
                    words = "the deal has no stake to value"
                    draft.refuse(ledger, fact, name, "E131", words)


def _is_the_providers(draft: Draft, fact: object) -> bool:
    """Return whether a gain of control is read by whose stakes it is about."""
    return isinstance(fact, Control) and draft.role == "provider"


def _of_the_deal(line: Line, policy: DealPolicy) -> list[str]:
    """Return the keys of a policy that are of no one stake: elections, role, accounts.

    A second policy for another stake could say otherwise, and nothing would tell which
    of the two is meant.
    """
    keys = line.values.keys() & {"role", "credit-measure"}
    keys |= {f"account-{role}" for role in policy.accounts}
    keys |= {f"usage-match-{term}" for term in policy.usage_match}
    return sorted(keys | _elected(policy))


def _elected(policy: DealPolicy) -> set[str]:
    """Return the elections of a policy, and the keys beside them."""
    beside = {part.name: getattr(policy, field_of(part)) for part in BESIDE_ELECTIONS}
    return {*policy.elections, *(name for name, value in beside.items() if value)}


def securities(draft: Draft) -> set[str]:
    """Return the commodities of every stake the deal ever had."""
    issued = {stake.units.currency for _, stake in draft.of(Stake)}
    return issued | {convert.into.currency for _, convert in draft.of(Convert)}


def held_on(draft: Draft, day: datetime.date) -> set[str]:
    """Return the securities of which some units are held at the end of a day."""
    held: dict[str, Decimal] = defaultdict(Decimal)
    for _, stake in draft.of(Stake):
        if stake.date <= day:
            held[stake.units.currency] += stake.units.number
    for _, convert in draft.of(Convert):
        if convert.date <= day:
            held[convert.units.currency] -= convert.units.number
            held[convert.into.currency] += convert.into.number
    for _, sale in draft.of(Sale):
        if sale.date <= day:
            held[sale.units.currency] -= sale.units.number
    for _, forfeit in draft.of(Forfeit):
        if forfeit.date <= day and forfeit.shares_returned is not None:
            held[forfeit.shares_returned.currency] -= forfeit.shares_returned.number
    return {security for security, units in held.items() if units > 0}


def _unknown(security: str, known: set[str]) -> str:
    near = wording.nearest(security, known)
    hint = f"; did you mean {near}?" if near else ""
    return (
        f"the deal has no stake {wording.quoted(security)}; it has "
        f"{wording.all_of(sorted(known))}{hint}"
    )
