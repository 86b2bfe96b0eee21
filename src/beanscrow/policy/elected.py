"""Elections a framework does not know, that need a word more, or words none needs.

`training-compute: "capitalise"` must know which services train.  An election that
lacks its word, or that the framework leaves no room for, is told at its line, and its
default holds; a word nothing needs is told too, so that nobody believes it did something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from beanscrow.deal.elections import ELECTIONS, election
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Agreement, Books, DealPolicy, Framework, Role
from beanscrow.policy.carrying_methods import methods_not_left
from beanscrow.policy.financing import has_component


class Companion(NamedTuple):
    """A key that one choice of an election needs beside it, and no other choice does.

    Attributes:
      side: The one side that reads it; None for both.
      field: Of `Books` and `DealPolicy`.
      example: How a person might write the key.
    """

    election: str
    choice: str
    key: str
    field: str
    side: Role | None
    code: str
    example: str


_COMPANIONS = (
    Companion(
        "training-compute",
        "capitalise",
        "training-services",
        "training_services",
        "startup",
        "E312",
        'which services train a model, as in `training-services: "Training"`',
    ),
    Companion(
        "sfc",
        "force",
        "sfc-rate",
        "sfc_rate",
        None,
        "E223",
        "at which yearly rate (606-10-32-19), as in `sfc-rate: 0.08`",
    ),
)


class Fixed(NamedTuple):
    """A choice that one framework does not leave.

    Attributes:
      side: The one side that makes it.
      choices: Those it does not leave.
      why: What it says instead, with the paragraph.
    """

    election: str
    choices: tuple[str, ...]
    framework: Framework
    side: Role
    why: str


_FIXED = (
    Fixed(
        "noncash-measurement-date",
        ("receipt", "performance"),
        "us-gaap",
        "provider",
        "US GAAP measures shares received at contract inception (606-10-32-21); IFRS alone "
        "leaves the day open, so write `inception`, or leave the election out",
    ),
    Fixed(
        "equity-method-elim",
        ("full",),
        "ifrs",
        "provider",
        "IFRS eliminates the part of the profit that is the investor's interest, whatever "
        "the terms (IAS 28.28); in full is 323-10-35-9 alone, so write `proportionate`, or "
        "leave the election out",
    ),
    Fixed(
        "lessor-expedient",
        ("TRUE",),
        "ifrs",
        "provider",
        "IFRS has no such expedient for lessors, who tell rent and service apart "
        "(IFRS 16.17); leave the election out",
    ),
)


def in_force(key: str, books: Books, policy: DealPolicy | None, side: Role) -> str:
    """Return what one side of a deal goes by: what was chosen, else the default.

    So is a choice that the framework does not leave, which is told (E220).

    Args:
      policy: Of the whole deal, where it has one.
    """
    chosen = election(key, books, policy)
    for fixed in _FIXED:
        here = (fixed.election, fixed.framework, fixed.side) == (key, books.framework, side)
        if here and chosen in fixed.choices:
            default = ELECTIONS[key].default
            chosen = default[books.framework] if isinstance(default, dict) else default
    return str(chosen)


def stated(field: str, books: Books, policies: Iterable[DealPolicy]) -> Any:
    """Return what a deal's policy says of a key beside an election, else what books say.

    Args:
      field: Of `Books` and `DealPolicy` ("training_services").
    """
    whole = whole_policy(policies)
    return (whole and getattr(whole, field)) or getattr(books, field)


def whole_policy(policies: Iterable[DealPolicy]) -> DealPolicy | None:
    """Return the policy for the whole deal, where it has one."""
    return next((policy for policy in policies if policy.stake is None), None)


def unsettled(
    books: Books, agreements: Iterable[tuple[Agreement, Role]]
) -> Iterator[Problem]:
    """Yield what a framework does not leave, elections that lack a key, and idle keys.

    Args:
      agreements: Each deal with the side this ledger takes in it.
    """
    deals = list(agreements)
    for agreement, side in deals:
        if side == "provider":
            yield from methods_not_left(agreement, books.framework)
    yield from _not_left(books, deals)
    for agreement, _ in deals:
        yield from _forced_for_nothing(agreement)
    for companion in _COMPANIONS:
        mine = [it for it, side in deals if companion.side in (None, side)]
        wanted = False
        for agreement in mine:
            policy = whole_policy(agreement.policies)
            chosen = election(companion.election, books, policy) == companion.choice
            wanted = wanted or chosen
            problem = _of_deal(companion, books, agreement, policy, chosen)
            if problem is not None:
                yield problem
        if mine and not wanted and getattr(books, companion.field):
            yield Problem(books.at, companion.code, _unused(companion, "books"))


def _not_left(books: Books, deals: Iterable[tuple[Agreement, Role]]) -> Iterator[Problem]:
    """Yield the choices that the framework of the books does not leave, once a line."""
    told: set[tuple[object, str]] = set()
    for fixed in _FIXED:
        for agreement, side in deals:
            policy = whole_policy(agreement.policies)
            chosen = election(fixed.election, books, policy)
            if (books.framework, side) != (fixed.framework, fixed.side):
                continue
            own = policy is not None and fixed.election in policy.elections
            at = policy.at if own and policy is not None else books.at
            if chosen in fixed.choices and (at, fixed.election) not in told:
                told.add((at, fixed.election))
                words = f'{fixed.election} "{chosen}": {fixed.why}'
                yield Problem(at, "E220", words, agreement.deal.deal if own else "")


def _forced_for_nothing(agreement: Agreement) -> Iterator[Problem]:
    """Yield a component forced for a deal of which nothing is due on a fixed later date."""
    policy = whole_policy(agreement.policies)
    if policy is None or policy.elections.get("sfc") != "force" or agreement.refused:
        return
    if not has_component(agreement.facts):
        yield Problem(
            policy.at,
            "E314",
            'sfc "force" finds nothing to compute: no grant or commitment fixes, by '
            "`ramp-YYYY-MM:` or by the days of a term, what is due more than a year after "
            "its event; what is drawn at will has no financing component "
            "(606-10-32-17(a)), nor has what is due within a year (606-10-32-18)",
            agreement.deal.deal,
        )


def _of_deal(
    companion: Companion,
    books: Books,
    agreement: Agreement,
    policy: DealPolicy | None,
    chosen: bool,
) -> Problem | None:
    deal = agreement.deal.deal
    if chosen and not stated(companion.field, books, agreement.policies):
        elects = policy is not None and companion.election in policy.elections
        at = policy.at if elects and policy is not None else books.at
        words = (
            f'{companion.election} "{companion.choice}" of deal "{deal}" does not say '
            f"{companion.example}; until it does, the default holds"
        )
        return Problem(at, companion.code, words, deal)
    if not chosen and policy is not None and getattr(policy, companion.field):
        return Problem(policy.at, companion.code, _unused(companion, "deal-policy"), deal)
    return None


def _unused(companion: Companion, directive: str) -> str:
    return (
        f"{directive} has {companion.key}, and nothing elects "
        f'`{companion.election}: "{companion.choice}"`, which alone reads it; elect it, or '
        "leave the key out"
    )
