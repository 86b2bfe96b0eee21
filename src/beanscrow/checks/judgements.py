"""What is booked as written and must still be looked at by a person."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from beanscrow.checks.case import Case
from beanscrow.checks.equity import asked
from beanscrow.checks.estimates_left import lost_estimates
from beanscrow.checks.exact import figure
from beanscrow.checks.failures import half_failed
from beanscrow.checks.financing import financed
from beanscrow.checks.findings import problem
from beanscrow.checks.foreign_claims import settled_by_hand
from beanscrow.checks.influence_questions import questions
from beanscrow.checks.leases import unanswered
from beanscrow.checks.onerous import unprovided
from beanscrow.checks.own_credit import untold
from beanscrow.checks.prices import booked_prices
from beanscrow.checks.restated import Ledger
from beanscrow.checks.results import odd_results
from beanscrow.checks.serving_cost import unknown_credits
from beanscrow.checks.stake_marks import unmarked_prices, valued_apart
from beanscrow.checks.stale_worth import stale_worths
from beanscrow.checks.subsidiaries import half_consolidated
from beanscrow.checks.substance import asks_for_no_money
from beanscrow.checks.time_value import undiscounted
from beanscrow.checks.training import charged_training, training_in
from beanscrow.checks.units import Units
from beanscrow.checks.vested_warrants import unvalued
from beanscrow.deal.elections import election
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import (
    Agreement,
    Books,
    Charge,
    Correct,
    DealPolicy,
    Grant,
    Money,
    Stake,
    Usage,
)

IDLE_MONTHS = 36
_ZERO = Decimal(0)
_SEPARATE_PRICE = Decimal("0.05")


def judgements(
    agreements: Mapping[str, Agreement],
    books: Books | None,
    through: datetime.date | None,
    ledger: Ledger,
) -> Iterator[Problem]:
    """Yield the findings that follow from the terms of the deals and what is booked.

    Args:
      agreements: As read, by id.
      through: Last day the books have reached, inclusive.
    """
    if books is None or through is None:
        return
    prices = booked_prices(ledger)
    cases: list[Case] = []
    for name, agreement in agreements.items():
        side = ledger.written.side(name) or books.role
        case = Case(agreement, books, side, through)
        cases.append(case)
        if side == "startup":
            yield from _open_class(case)
            training = training_in(ledger.written, case.id)
            yield from _missing_charge(case, training)
        yield from _separate_prices(case, prices)
        yield from _corrections(case)
        yield from asks_for_no_money(case)
        yield from undiscounted(case)
    yield from _idle(ledger.units, through)
    yield from unvalued(ledger, through)
    providers = [case for case in cases if case.side == "provider"]
    yield from unmarked_prices(providers)
    yield from financed(providers, ledger)
    yield from odd_results(providers)
    yield from asked(ledger)
    yield from questions(providers, ledger)
    yield from lost_estimates(providers)
    yield from half_consolidated(providers, ledger)
    yield from stale_worths(providers, ledger)
    yield from unanswered(cases)
    startups = [case for case in cases if case.side == "startup"]
    yield from charged_training(startups, ledger.written)
    yield from untold(startups)
    yield from half_failed(providers, ledger)
    yield from unprovided(providers, ledger)
    yield from unknown_credits(ledger)
    yield from settled_by_hand(ledger)
    yield from valued_apart(agreements)


def _idle(units: Units, through: datetime.date) -> Iterator[Problem]:
    for tranche in units:
        grant = tranche.grant
        if grant is None or not tranche.held:
            continue
        never = tranche.windows[-1].last == datetime.date.max
        last = tranche.entries[-1].date
        if never and last + relativedelta(months=IDLE_MONTHS) <= through:
            yield problem(
                grant.at,
                "F620",
                f"{figure(tranche.held)} {tranche.commodity} of {tranche.name} never lapse "
                f"and have not moved since {last}; if they will not be drawn, say so with "
                "deal-estimate remote:, or agree an end with deal-amend",
                tranche.deal,
            )


def _corrections(case: Case) -> Iterator[Problem]:
    """250-10-45-23; IAS 8.41: a material error is restated, not corrected where it is found."""
    standard = "IAS 8.41" if case.books.framework == "ifrs" else "250-10-45-23"
    for correct in case.facts(Correct):
        if correct.corrected is not None:
            yield problem(
                correct.at,
                "F628",
                f"the {correct.directive} of {correct.of} is corrected on {correct.date}, in "
                "a later period; judge whether the difference is material, since then the "
                f"earlier statements are restated instead ({standard})",
                case.id,
            )


def _open_class(case: Case) -> Iterator[Problem]:
    """IAS 32.15-27: whether preferred shares are equity must be answered, not assumed."""
    if case.books.framework != "ifrs":
        return
    policies = case.agreement.policies
    elected = "preferred-class" in case.books.elections or any(
        "preferred-class" in policy.elections for policy in policies
    )
    for stake in case.facts(Stake):
        answered = any(
            p.class_ and p.stake in (None, stake.units.currency) for p in policies
        )
        if stake.instrument == "preferred" and not answered and not elected:
            yield problem(
                stake.at,
                "F621",
                f"{stake.units.currency} is booked as equity because nothing says otherwise; "
                "answer IAS 32.15-27 with `class:` of a deal-policy",
                case.id,
            )


def _missing_charge(case: Case, training: frozenset[str]) -> Iterator[Problem]:
    first: dict[str, datetime.date] = {}
    for charge in case.facts(Charge):
        first.setdefault(charge.service, charge.date)
    told: set[str] = set(training)
    for usage in case.facts(Usage):
        since = first.get(usage.service)
        if usage.service in told or (since is not None and since <= usage.date):
            continue
        told.add(usage.service)
        yield problem(
            usage.at,
            "F622",
            f'nothing says who bears "{usage.service}" on {usage.date}, so it stands on the '
            "default account; say it with deal-charge, from that day or before",
            case.id,
        )


def _separate_prices(
    case: Case, prices: Mapping[tuple[str, str], Money]
) -> Iterator[Problem]:
    """606-10-25-12: a separate contract is priced as if it stood alone."""
    grants = case.facts(Grant)
    for grant in grants:
        price = prices.get((case.id, grant.tranche))
        promotional = grant.price is not None and not grant.price.number
        own_cash = case.agreement.deal.escrow_owner == "startup"
        if grant.ssp is None or price is None or promotional or own_cash or grant.opening:
            continue
        if price.currency != grant.ssp.currency or grant.modification == "blend":
            continue
        alone = grant.credits.number * grant.ssp.number
        distance = abs(price.number - alone)
        later = any(other.event < grant.event for other in grants)
        said = (
            f"{grant.tranche} is priced at {figure(price.number)} and "
            f"{figure(grant.credits.number)} credits stand alone for {figure(alone)} "
            f"{price.currency}"
        )
        far = later and distance > alone * _SEPARATE_PRICE
        if far:
            yield problem(
                grant.at,
                "F624",
                f"{said}, more than 5 % apart; a separate contract is priced at stand-alone "
                'selling price (606-10-25-12), else it is `modification: "blend"`',
                case.id,
            )
        gap = _valuation_gap(case)
        percent = figure((gap * 100).normalize())
        if not far and distance > alone * gap:
            yield problem(
                grant.at,
                "F625",
                f"{said}, more than {percent} % apart; look at the fair value of "
                "the stake once more",
                case.id,
            )


def _valuation_gap(case: Case) -> Decimal:
    policy: DealPolicy | None = None
    for found in case.agreement.policies:
        if found.stake is None:
            policy = found
    gap = election("valuation-gap", case.books, policy)
    return gap if isinstance(gap, Decimal) else _ZERO
