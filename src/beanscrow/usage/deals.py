"""What the importer needs to know of a deal, taken from the terms the ledger states."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.terms import (
    Agreement,
    Amend,
    Commitment,
    CommitmentEnding,
    DealPolicy,
    Grant,
    Money,
)
from beanscrow.money import places
from beanscrow.periods import DAY
from beanscrow.usage import focus
from beanscrow.usage.refusal import Refused, problem, refuse
from beanscrow.usage.windows import Calendar

if TYPE_CHECKING:
    from beanscrow.deal.reader import Reading

_DECIDE = (
    "deal-policy", "deal-grant", "deal-amend", "deal-commitment", "deal-commitment-end",
)  # fmt: skip
USUAL_PRIORITY = Decimal(50)
MONEY_SCALE = 2


class Right(NamedTuple):
    """Days on which a grant or a commitment takes usage, each inclusive, from a day on.

    Attributes:
      since: First day these terms hold; the day of an amendment.
      first, last: Days that count; `last` is None where the right never lapses.
    """

    since: datetime.date
    first: datetime.date
    last: datetime.date | None


class Claim(NamedTuple):
    """What a deal takes of a bill, and how that is measured.

    Attributes:
      at: Where the matching terms stand in the ledger.
      match: Matching terms, without the prefix; all must hold, any value of one does.
      priority: Lower is looked at first.
      measure: Billing column that measures drawn credits.
      commodity: The deal's credits, or money where it has only a commitment; "" where
        it has neither.
      face: Money that one credit is worth; None where usage is counted in units, or
        no grant says it.
      scale: Decimals of the commodity that are written.
      rights: By grant or commitment, its terms in order of `since`.
      fault: Why nothing can be reckoned for it; told only when something is to be.
    """

    at: Position
    deal: str
    match: Mapping[str, tuple[str, ...]]
    calendar: Calendar
    priority: Decimal = USUAL_PRIORITY
    measure: str = "ContractedCost"
    commodity: str = ""
    face: Money | None = None
    scale: int = MONEY_SCALE
    rights: tuple[tuple[Right, ...], ...] = ()
    fault: str = ""

    def takes(self, day: datetime.date) -> bool:
        """Return whether usage of a day can be drawn from any grant."""
        for terms in self.rights:
            now = None
            for right in terms:
                if now is None or right.since <= day:
                    now = right
            if now and now.first <= day and (now.last is None or day <= now.last):
                return True
        return False


def load(ledger: Path) -> list[Claim]:
    """Return the deals of a ledger that take part in imports.

    Raises:
      Refused: The ledger does not load as far as its deals, or a line that decides
        what is imported is refused.
    """
    from beancount import loader

    loader.initialize(use_cache=False)
    entries, errors, options = loader.load_file(str(ledger))
    if not entries and errors:
        first = errors[0]
        source = first.source or {}
        line = source.get("lineno", 0)
        raise refuse(ledger, "E716", f"does not load: {first.message}", line=line)
    return read(ledger, entries, options)


def read(ledger: Path, entries: list[Any], options: Mapping[str, Any]) -> list[Claim]:
    """Return the deals of loaded entries that take part in imports.

    Args:
      ledger: Named where something is wrong.
      entries, options: As Beancount's loader leaves them.
    Raises:
      Refused: As `load` does.
    """
    from beanscrow.deal import reader

    reading = reader.read(entries, options)
    _check(ledger, reading)
    found = claims(reading.agreements.values())
    idle = [claim for claim in found if not claim.match]
    if idle:
        words = "deal-policy: usage-match-priority alone matches nothing; add a term"
        raise Refused(*(problem(c.at, "E713", words, deal=c.deal) for c in idle))
    if not found:
        raise refuse(
            ledger,
            "E713",
            "no deal says which rows of a bill are its own; add to a deal-policy such "
            'as usage-match-billing-account: "1234567890123"',
        )
    return found


def claims(agreements: Iterable[Agreement]) -> list[Claim]:
    """Return the claims of deals on bills, in order of deal."""
    found = [
        _claim(agreement, policy)
        for agreement in agreements
        for policy in agreement.policies
        if policy.stake is None and policy.usage_match
    ]
    return sorted(found, key=lambda claim: claim.deal)


def _check(ledger: Path, reading: Reading) -> None:
    """Refuse a ledger whose refused lines would silently change what is matched."""
    refused = {
        line.at
        for agreement in reading.agreements.values()
        for line in agreement.refused
        if line.directive in _DECIDE
    }
    blocking: list[Problem] = []
    for fault in reading.problems:
        unread = fault.deal and fault.deal not in reading.agreements
        if fault.level == "error" and (unread or fault.at in refused):
            words = f"{fault.message} (import waits for this line: {fault.code})"
            blocking.append(problem(fault.at, "E715", words, deal=fault.deal))
    if blocking:
        raise Refused(*blocking)
    if reading.books is None and not reading.agreements:
        raise refuse(ledger, "E716", "has no books and no deal; is it the top file?")


def _claim(agreement: Agreement, policy: DealPolicy) -> Claim:
    deal = agreement.deal
    # What stands ready is used up by time, whatever a bill says.
    grants = [
        fact
        for fact in agreement.facts
        if isinstance(fact, Grant) and fact.delivery == "drawdown"
    ]
    commitments = [fact for fact in agreement.facts if isinstance(fact, Commitment)]
    amends = [fact for fact in agreement.facts if isinstance(fact, Amend)]
    endings = [fact for fact in agreement.facts if isinstance(fact, CommitmentEnding)]
    match = {key: terms for key, terms in policy.usage_match.items() if key != "priority"}
    priority = policy.usage_match.get("priority", (str(USUAL_PRIORITY),))[0]
    claim = Claim(
        policy.at,
        deal.deal,
        match,
        Calendar(ZoneInfo(deal.timezone), boundaries(grants, commitments, amends, endings)),
        Decimal(priority),
        policy.credit_measure,
    )
    if policy.credit_measure not in focus.MEASURES:
        known = ", ".join(focus.MEASURES)
        fault = f"credit-measure is {policy.credit_measure!r}; wanted one of {known}"
        return claim._replace(fault=fault)
    if grants:
        return _with_grants(claim, grants, amends)
    return _with_commitments(claim, commitments, amends, endings)


def _with_grants(claim: Claim, grants: list[Grant], amends: list[Amend]) -> Claim:
    commodities = sorted({grant.credits.currency for grant in grants})
    faces = {grant.face for grant in grants if grant.face is not None}
    claim = claim._replace(
        commodity=commodities[0],
        face=next(iter(faces)) if len(faces) == 1 else None,
        scale=max(places(grant.credits.number) for grant in grants),
        rights=tuple(_rights(grant, amends) for grant in grants),
    )
    if len(commodities) > 1:
        fault = f"it grants {' and '.join(commodities)}; usage cannot tell them apart"
        return claim._replace(fault=fault)
    if claim.measure in focus.QUANTITIES:
        return claim._replace(face=None)
    if len(faces) > 1:
        stated = " and ".join(sorted(f"{face.number:f} {face.currency}" for face in faces))
        return claim._replace(
            fault=f"its grants state {stated} as face; money cannot be made credits"
        )
    if claim.face is not None and not claim.face.number > 0:
        return claim._replace(fault="its grants have a face of zero")
    if claim.face is None and claim.measure in focus.COSTS:
        return claim._replace(
            fault=f"{claim.measure} is money, and no grant says what one "
            f"{claim.commodity} is worth; add face: to the deal-grant"
        )
    return claim


def _with_commitments(
    claim: Claim,
    commitments: list[Commitment],
    amends: list[Amend],
    endings: list[CommitmentEnding],
) -> Claim:
    if not commitments:
        return claim
    currencies = sorted({fact.amount.currency for fact in commitments})
    claim = claim._replace(
        commodity=currencies[0],
        face=Money(Decimal(1), currencies[0]),
        rights=tuple(_spending_rights(c, amends, endings) for c in commitments),
    )
    if len(currencies) > 1 or claim.measure not in focus.COSTS:
        return claim._replace(
            fault=f"usage of a commitment is money of one currency, measured by one of "
            f"{', '.join(focus.COSTS)}; it has {' and '.join(currencies)} and "
            f"{claim.measure}"
        )
    return claim


def _spending_rights(
    commitment: Commitment, amends: list[Amend], endings: list[CommitmentEnding]
) -> tuple[Right, ...]:
    terms = [Right(commitment.date, commitment.from_, commitment.to)]
    changes = [
        *((it.date, it.sequence, it.to) for it in amends if _is_of(it, commitment)),
        *((it.date, it.sequence, it.date) for it in endings if _is_of(it, commitment)),
    ]
    for since, _, last in sorted(changes, key=lambda change: change[:2]):
        if last is not None:
            terms.append(Right(since, commitment.from_, last))
    return tuple(terms)


def _is_of(fact: Amend | CommitmentEnding, commitment: Commitment) -> bool:
    return fact.commitment == commitment.commitment


def _rights(grant: Grant, amends: list[Amend]) -> tuple[Right, ...]:
    terms = [Right(grant.date, grant.effective, grant.expires)]
    for amend in sorted(amends, key=lambda fact: (fact.date, fact.sequence)):
        if amend.tranche == grant.tranche:
            last = terms[-1]
            terms.append(
                Right(
                    amend.date,
                    amend.effective or last.first,
                    amend.expires or last.last,
                )
            )
    return tuple(terms)


def boundaries(
    grants: Iterable[Grant],
    commitments: Iterable[Commitment],
    amends: Iterable[Amend],
    endings: Iterable[CommitmentEnding] = (),
) -> tuple[datetime.date, ...]:
    """Return the days no drawdown may straddle, first days of a window each."""
    days: set[datetime.date] = set()
    for grant in grants:
        days |= {grant.date, grant.event, grant.effective}
        days |= _after(grant.expires)
    for amend in amends:
        days.add(amend.date)
        if amend.effective:
            days.add(amend.effective)
        days |= _after(amend.expires) | _after(amend.to)
    for commitment in commitments:
        days.add(commitment.from_)
        days |= _after(commitment.to)
    for ending in endings:
        days |= _after(ending.date)
    return tuple(sorted(days))


def _after(last: datetime.date | None) -> set[datetime.date]:
    return {last + DAY} if last else set()
