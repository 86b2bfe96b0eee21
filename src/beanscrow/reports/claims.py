"""What a report says stands in accounts, held against what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from beanscrow.reports.movements import ZERO

Balances = Mapping[tuple[str, str], Decimal]


class Difference(NamedTuple):
    """Accounts whose balance is not what a report says.

    Attributes:
      what: The figure ("contract liability").
      accounts: Every account that holds part of it.
      reported, booked: As the report signs it.
    """

    deal: str
    what: str
    accounts: tuple[str, ...]
    commodity: str
    reported: Decimal
    booked: Decimal


class Claim(NamedTuple):
    """What a report says stands in some accounts, together."""

    deal: str
    what: str
    accounts: frozenset[str]
    commodity: str
    sign: int
    amount: Decimal


def compared(claims: Iterable[Claim], balances: Balances) -> list[Difference]:
    """Return where accounts hold something else than is said of them together."""
    found = [_compared(group, balances) for group in _together(claims)]
    return [difference for difference in found if difference is not None]


def _together(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Return claims in groups that share no account of one commodity with another group.

    Templates may send several tranches, or several deals, to one account: only the
    sum of what they claim can be compared with it.
    """
    found: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        group = [claim]
        for account in claim.accounts:
            other = found.get((account, claim.commodity))
            if other is not None and other is not group:
                group, smaller = sorted((group, other), key=len, reverse=True)
                group += smaller
                for moved in smaller:
                    for known in moved.accounts:
                        found[known, moved.commodity] = group
        for account in claim.accounts:
            found[account, claim.commodity] = group
    return list({id(group): group for group in found.values()}.values())


def _compared(group: list[Claim], balances: Balances) -> Difference | None:
    first = group[0]
    accounts = sorted({account for claim in group for account in claim.accounts})
    total = sum((balances.get((a, first.commodity), ZERO) for a in accounts), ZERO)
    booked = first.sign * total
    reported = sum((first.sign * claim.sign * claim.amount for claim in group), ZERO)
    if booked == reported:
        return None
    deals = sorted({claim.deal for claim in group})
    return Difference(
        ", ".join(deals), first.what, tuple(accounts), first.commodity, reported, booked
    )
