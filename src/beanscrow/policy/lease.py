"""A cluster that one customer directs: rent, apart from the service it comes with.

Where a named cluster serves one customer alone, and that customer directs its use, the
contract has a lease in it (842-10-15-3; IFRS 16.9).  The price is then split by
stand-alone prices (842-10-15-31; IFRS 16.17): the credits are the service and are earned
as they are drawn, the rent of an operating lease is straight-line over its term
(842-30-25-11; IFRS 16.81).  US GAAP lets a lessor keep both in one line where their
timing and pattern are the same (842-10-15-42A): then it is all service, or all rent where
the cluster is the greater part (842-10-15-42B).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Fact, Grant, Lease
from beanscrow.money import from_quanta, largest_remainder, round_half_up, to_quanta
from beanscrow.periods import periods
from beanscrow.policy.exact import exact_money
from beanscrow.policy.order import SERVED, Act
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.terms_of_side import SideTerms

if TYPE_CHECKING:
    from beanscrow.policy.measurement import EventLegs
    from beanscrow.policy.schedule import CreditLeg, EscrowMode, Signing

_NO_NUMBER = Decimal(0)


class RentLeg(NamedTuple):
    """What of a grant's price is rent, in an event: received in advance, and not earned.

    Attributes:
      first, last: Term of the lease, inclusive.
    """

    at: Position
    tranche: str
    amount: Decimal
    first: datetime.date
    last: datetime.date


class RentEarned(NamedTuple):
    """Rent of the days that have passed."""

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    amount: Decimal


class RentDay(NamedTuple):
    """A day up to which rent is accounted for."""

    at: Position
    date: datetime.date
    tranche: str


class Leased(NamedTuple):
    """An event with rent told apart, and the tranches that are rent as a whole."""

    signing: Signing
    whole: frozenset[str]


class Rents:
    """The leases of one deal, as far as their rent is earned."""

    def __init__(
        self, terms: SideTerms, rule: str, emit: Callable[[RentEarned], None]
    ) -> None:
        self.terms = terms
        self.rule = rule
        self.emit = emit
        self._legs: dict[str, RentLeg] = {}
        self._earned: dict[str, int] = {}

    def begin(self, legs: Iterable[RentLeg]) -> None:
        """Begin the leases of an event."""
        for leg in legs:
            self._legs[leg.tranche] = leg
            self._earned[leg.tranche] = 0

    def pass_day(self, day: RentDay) -> None:
        """Earn the rent of the days that have passed, rounded once on the sum to date."""
        leg = self._legs.get(day.tranche)
        if leg is None or not leg.first <= day.date <= leg.last:
            return
        amount = to_quanta(leg.amount, self.terms.scale)
        passed, term = (day.date - leg.first).days + 1, (leg.last - leg.first).days + 1
        to_date = round_half_up(amount * passed, term)
        change = to_date - self._earned[day.tranche]
        self._earned[day.tranche] = to_date
        if change:
            earned = from_quanta(change, self.terms.scale)
            self.emit(RentEarned(leg.at, day.date, self.rule, leg.tranche, earned))


def rent_days(facts: Iterable[Fact], through: datetime.date) -> Iterator[Act]:
    """Yield the ends of months, and the last days, of the leases of a deal."""
    facts = list(facts)
    grants = {fact.tranche: fact for fact in facts if isinstance(fact, Grant)}
    for lease in facts:
        if not isinstance(lease, Lease) or lease.kind != "operating":
            continue
        grant = grants.get(lease.tranche)
        first, last = term_of(lease, grant) if grant else (None, None)
        if first is None or last is None:
            continue  # told when the event is signed
        for month in periods(first, min(last, through), "month"):
            day = min(month.last, last)
            if day <= through:
                key = (day, SERVED, 0, 1, lease.tranche, "rent", _NO_NUMBER, "")
                yield key, RentDay(lease.at, day, lease.tranche)


def term_of(lease: Lease, grant: Grant) -> tuple[datetime.date, datetime.date | None]:
    """Return first and last day of a lease: as it says, else those of the grant's use."""
    return lease.from_ or max(grant.effective, grant.date), lease.to or grant.expires


def with_rent(
    legs: EventLegs,
    signing: Signing,
    leases: Iterable[Lease],
    mode: EscrowMode,
    terms: SideTerms,
    *,
    abroad: bool,
) -> Leased:
    """Return an event with the rent of its leases told apart from its services.

    Args:
      abroad: Whether the event is in another currency than the books.

    Raises:
      Refusal: A lease of the event cannot be measured, or is not built.
    """
    grants = {grant.tranche: grant for grant in legs.grants}
    promises = {it.commitment for it in legs.commitments}
    credits = {leg.tranche: leg for leg in signing.credits}
    rents: list[RentLeg] = []
    whole: set[str] = set()
    for lease in leases:
        if lease.kind != "operating" or lease.tranche not in {*grants, *promises}:
            continue
        _check_built(lease, legs, signing, mode, terms, abroad=abroad)
        grant = grants[lease.tranche]
        first, last = _term(lease, grant, legs.date)
        if terms.rent_together and _one_pattern(grant, first, last):
            if _mostly_rent(lease, terms):
                whole.add(lease.tranche)
            continue
        leg = credits[lease.tranche]
        rent, service = _split(lease, leg, terms)
        rents.append(
            RentLeg(lease.at, lease.tranche, from_quanta(rent, terms.scale), first, last)
        )
        left = from_quanta(service, terms.scale)
        credits[lease.tranche] = leg._replace(price=left, liability=left)
    signing = signing._replace(
        credits=tuple(credits[leg.tranche] for leg in signing.credits), rents=tuple(rents)
    )
    return Leased(signing, frozenset(whole))


def refuse_right_of_use(leases: Iterable[Lease]) -> Iterator[tuple[Position, Refusal]]:
    """Yield the leases of a startup's books, which carry no right-of-use asset."""
    for lease in leases:
        if lease.kind != "none":
            yield (
                lease.at,
                not_built(
                    f"a lease of {lease.tranche}: the lessee's right-of-use asset and lease "
                    "liability (842-20-25-1; IFRS 16.22), so all of it is prepaid compute"
                ),
            )


def _check_built(
    lease: Lease,
    legs: EventLegs,
    signing: Signing,
    mode: EscrowMode,
    terms: SideTerms,
    *,
    abroad: bool,
) -> None:
    """Make sure that shares of the event pay for the lease, and nothing moves their price.

    Raises:
      Refusal: Something else does; it is told at the lease.
    """
    grant = next((it for it in legs.grants if it.tranche == lease.tranche), None)
    beside = terms.financing is not None or terms.measured_on != "inception"
    wrong = (
        (grant is None, "a promise to spend"),
        (bool(grant and grant.price is not None), "which is paid for in money"),
        (bool(grant and grant.opening), "which was held before these books begin"),
        (bool(grant and grant.modification == "blend"), "which blends others"),
        (signing.earned is not None, "which earns shares as it is drawn"),
        (mode in ("startup", "trustee-startup"), "whose escrow is the startup's"),
        (abroad, "which is agreed in another currency"),
        (beside, 'beside `sfc: "force"` or another `noncash-measurement-date`'),
    )
    for is_so, words in wrong:
        if is_so:
            refusal = not_built(f"rent within {lease.tranche}, {words}")
            refusal.at = lease.at
            raise refusal


def _term(
    lease: Lease, grant: Grant, event: datetime.date
) -> tuple[datetime.date, datetime.date]:
    first, last = term_of(lease, grant)
    if lease.date > event:
        raise Refusal(
            "E313",
            f"the lease of {lease.tranche} is judged on {lease.date}, and its event is of "
            f"{event}; whether a contract has a lease in it is judged at inception "
            "(842-10-15-2; IFRS 16.9): date it that day",
            lease.at,
        )
    if last is None:
        raise Refusal(
            "E313",
            f"the lease of {lease.tranche} has no last day, and its credits never lapse; "
            "write `to:`",
            lease.at,
        )
    if first < event or last < first:
        raise Refusal(
            "E313",
            f"the lease of {lease.tranche} runs from {first} to {last}, and its event is of "
            f"{event}; write a term that begins with it or later",
            lease.at,
        )
    return first, last


def _one_pattern(grant: Grant, first: datetime.date, last: datetime.date) -> bool:
    """Return whether the service is delivered day by day over the very term of the lease."""
    days = max(grant.effective, grant.date), grant.expires
    return grant.delivery == "stand-ready" and days == (first, last)


def _mostly_rent(lease: Lease, terms: SideTerms) -> bool:
    """Return whether the cluster is the greater part; where nothing says so, it is not."""
    if lease.lease_price is None or lease.service_price is None:
        return False
    rent = exact_money(lease.lease_price, terms, lease.at)
    return rent > exact_money(lease.service_price, terms, lease.at)


def _split(lease: Lease, leg: CreditLeg, terms: SideTerms) -> list[int]:
    """Return rent and service of a grant's price, by their stand-alone prices."""
    if lease.lease_price is None or lease.service_price is None:
        raise Refusal(
            "E313",
            f"rent and service of {lease.tranche} are told apart by stand-alone prices "
            "(842-10-15-31; IFRS 16.17); write `lease-price:` and `service-price:`"
            + (
                "; the expedient of 842-10-15-42A is only for a service that stands ready "
                "for the very term of the lease"
                if terms.rent_together
                else ""
            ),
            lease.at,
        )
    weights = [
        Fraction(exact_money(lease.lease_price, terms, lease.at)),
        Fraction(exact_money(lease.service_price, terms, lease.at)),
    ]
    return largest_remainder(to_quanta(leg.price, terms.scale), weights)
