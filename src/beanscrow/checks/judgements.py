"""What is booked as written and must still be looked at by a person."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeVar

from dateutil.relativedelta import relativedelta

from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.prices import booked_prices
from beanscrow.checks.restated import Ledger
from beanscrow.checks.units import Units
from beanscrow.deal.elections import election
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import (
    Agreement,
    Books,
    Charge,
    Convert,
    DealPolicy,
    Grant,
    Money,
    Role,
    Sale,
    Stake,
    Usage,
    Valuation,
)

IDLE_MONTHS = 36
_ZERO = Decimal(0)
_SEPARATE_PRICE = Decimal("0.05")
_Fact = TypeVar("_Fact")


class Case(NamedTuple):
    """One deal of a ledger: its terms, and whose books are kept of it."""

    agreement: Agreement
    books: Books
    side: Role
    through: datetime.date

    def facts(self, kind: type[_Fact]) -> list[_Fact]:
        """Return the facts of one type that the books have reached, by date."""
        found = [
            fact
            for fact in self.agreement.facts
            if isinstance(fact, kind) and fact.date <= self.through
        ]
        return sorted(found, key=lambda fact: (fact.date, fact.at))  # type: ignore[attr-defined]

    @property
    def id(self) -> str:
        """Id of the deal."""
        return self.agreement.deal.deal


def judgements(
    agreements: Mapping[str, Agreement],
    books: Books | None,
    through: datetime.date | None,
    ledger: Ledger,
    units: Units,
) -> Iterator[Problem]:
    """Yield the findings that follow from the terms of the deals and what is booked.

    Args:
      agreements: As read, by id.
      through: Last day the books have reached, inclusive.
      units: The tranches as the entries left them.
    """
    if books is None or through is None:
        return
    prices = booked_prices(ledger)
    for name, agreement in agreements.items():
        side = ledger.written.side(name) or books.role
        case = Case(agreement, books, side, through)
        if side == "provider":
            yield from _unmarked_prices(case)
        else:
            yield from _open_class(case)
            yield from _missing_charge(case)
        yield from _separate_prices(case, prices)
    yield from _idle(units, through)
    yield from _valued_apart(agreements)


def _idle(units: Units, through: datetime.date) -> Iterator[Problem]:
    for tranche in units:
        grant = tranche.grant
        if grant is None or not tranche.held:
            continue
        never = tranche.windows[-1].last == datetime.date.max
        last = tranche.last_moved
        if never and last + relativedelta(months=IDLE_MONTHS) <= through:
            yield problem(
                grant.at,
                "F620",
                f"{figure(tranche.held)} {tranche.commodity} of {tranche.name} never lapse "
                f"and have not moved since {last}; if they will not be drawn, say so with "
                "deal-estimate remote:, or agree an end with deal-amend",
                tranche.deal,
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


def _missing_charge(case: Case) -> Iterator[Problem]:
    first: dict[str, datetime.date] = {}
    for charge in case.facts(Charge):
        first.setdefault(charge.service, charge.date)
    told: set[str] = set()
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


def _unmarked_prices(case: Case) -> Iterator[Problem]:
    """A price of our own making is an observable price too (321-10-35-2)."""
    marks = {(v.date, _stake_of(v, case)): v.price for v in case.facts(Valuation)}
    known: dict[str, Money] = {}
    deeds: list[Stake | Sale | Convert | Valuation]
    deeds = [
        *case.facts(Stake),
        *case.facts(Sale),
        *case.facts(Convert),
        *case.facts(Valuation),
    ]
    bought: set[str] = set()
    for deed in sorted(deeds, key=lambda deed: (deed.date, deed.at)):
        if isinstance(deed, Valuation):
            known[_stake_of(deed, case)] = deed.price
            continue
        commodity = deed.units.currency
        price, what = _price(deed)
        first = isinstance(deed, Stake) and commodity not in bought
        bought.add(commodity)
        unchanged = price is not None and price == known.get(commodity)
        if price is not None and isinstance(deed, Stake):
            known[commodity] = price
        if first or unchanged or not _alternative(commodity, case):
            continue
        if (deed.date, commodity) not in marks:
            at = f" at {figure(price.number)} {price.currency} a unit" if price else ""
            yield problem(
                deed.at,
                "F623",
                f"{what} of {commodity} on {deed.date}{at} is itself an observable price of "
                "the units held (321-10-35-2); write a deal-valuation on that day",
                case.id,
            )


def _stake_of(valuation: Valuation, case: Case) -> str:
    if valuation.stake:
        return valuation.stake
    held = {stake.units.currency for stake in case.facts(Stake)}
    return held.pop() if len(held) == 1 else ""


def _price(deed: Stake | Sale | Convert) -> tuple[Money | None, str]:
    """Return the price a unit, where it is exact, and what the deed is called."""
    if isinstance(deed, Convert):
        return None, "a conversion"
    if isinstance(deed, Sale):
        each, total, what = deed.price, deed.proceeds, "a sale"
    else:
        each, total, what = deed.fair_value, deed.fair_value_total, "a further purchase"
    if each is None and total is not None and deed.units.number:
        each = Money(total.number / deed.units.number, total.currency)
    return each, what


def _alternative(commodity: str, case: Case) -> bool:
    """Return whether a stake is carried under the measurement alternative."""
    for about in (commodity, None):
        for policy in case.agreement.policies:
            if policy.method and policy.stake == about:
                return policy.method == "measurement-alternative"
    if case.books.framework != "us-gaap":
        return False
    return any(
        stake.units.currency == commodity and stake.instrument in ("preferred", "common")
        for stake in case.facts(Stake)
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


def _valued_apart(agreements: Mapping[str, Agreement]) -> Iterator[Problem]:
    """One security held through two deals has one price a day."""
    held: dict[str, set[str]] = {}
    valued: dict[tuple[str, datetime.date], dict[str, Valuation]] = {}
    for name, agreement in agreements.items():
        stakes = {f.units.currency for f in agreement.facts if isinstance(f, Stake)}
        for commodity in stakes:
            held.setdefault(commodity, set()).add(name)
        for fact in agreement.facts:
            if isinstance(fact, Valuation):
                commodity = fact.stake or (min(stakes) if len(stakes) == 1 else "")
                valued.setdefault((commodity, fact.date), {})[name] = fact
    for (commodity, day), by_deal in valued.items():
        holders = held.get(commodity, set())
        since = {
            f.deal
            for name in holders
            for f in agreements[name].facts
            if isinstance(f, Stake) and f.units.currency == commodity and f.date <= day
        }
        missing = sorted(since - by_deal.keys())
        if missing:
            name, valuation = min(by_deal.items())
            yield problem(
                valuation.at,
                "F626",
                f"{commodity} is valued on {day} in {name} and not in {', '.join(missing)}; "
                "one security has one price a day",
                name,
            )
