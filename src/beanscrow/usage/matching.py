"""Which deal a billing row belongs to, by the usage-match terms of its policy.

All terms of a deal must hold; of the values of one term, any.  The deal of the lowest
priority number takes the row.  Two deals of one priority that both match make the row
ambiguous, and it is nobody's: the order of deals, files or rows never decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from beanscrow.usage.applied import Element
from beanscrow.usage.deals import Claim

# Column a term looks at, by the term; a row matches by any of them.
TERMS: dict[str, tuple[str, ...]] = {
    "provider": ("provider",),
    "billing-account": ("BillingAccountId",),
    "sub-account": ("SubAccountId",),
    "commitment": ("CommitmentDiscountId",),
    "invoice": ("InvoiceId",),
    "service": ("ServiceCategory", "ServiceName"),
    "region": ("RegionId", "RegionName"),
}
_NAMES = frozenset({"provider", "service", "region"})  # compared without regard to case
ALWAYS = ("provider", "BillingAccountId", "ServiceCategory")  # keys of every scan

Facts = Mapping[str, str | None]


class Match(NamedTuple):
    """A deal that takes a row.

    Attributes:
      elements: The parts of the row's contract applications it takes; empty where it
        takes the row by its own amount.
    """

    claim: Claim
    elements: tuple[Element, ...] = ()


class Wanted(NamedTuple):
    """What of a row the terms of some deals look at.

    Attributes:
      ids: By column, the values some term asks for; others need not be told apart.
      names: Columns compared by name.
      tags: Keys of tags.
      commitments: Identities looked for in ContractApplied.
      service: Whether the service decides, whatever the kind of charge.
    """

    ids: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...]
    tags: tuple[str, ...]
    commitments: tuple[str, ...]
    service: bool = False


def wanted(claims: Iterable[Claim]) -> Wanted:
    """Return what of a row decides which deal it belongs to."""
    ids: dict[str, set[str]] = {}
    names: set[str] = set()
    tags: set[str] = set()
    commitments: set[str] = set()
    for claim in claims:
        for term, values in claim.match.items():
            if term == "tag":
                tags.update(value.partition("=")[0] for value in values)
                continue
            if term == "commitment":
                commitments.update(values)
            for column in TERMS[term]:
                if term in _NAMES:
                    names.add(column)
                else:
                    ids.setdefault(column, set()).update(values)
    return Wanted(
        {c: tuple(sorted(v)) for c, v in sorted(ids.items()) if c not in ALWAYS},
        tuple(sorted(names.difference(ALWAYS))),
        tuple(sorted(tags)),
        tuple(sorted(commitments)),
        "ServiceName" in names,
    )


class Matcher:
    """The terms of all deals, made ready for looking at many rows."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._claims = [(claim, _folded(claim)) for claim in claims if claim.match]
        self._looked_at = sorted(
            {
                column
                for claim in claims
                for term, values in claim.match.items()
                for column in TERMS.get(term)
                or (f"tag:{v.partition('=')[0]}" for v in values)
            }
        )
        self._known: dict[tuple[str | None, ...], tuple[Match, ...] | None] = {}

    def match(
        self, facts: Facts, elements: Sequence[Element] = ()
    ) -> tuple[Match, ...] | None:
        """Return the deals that take a row: none, one, or one for each application.

        Args:
          facts: The row's values by column, the provider under "provider", a tag under
            "tag:" and its key; a column the file lacks is absent or None.
          elements: Its contract applications.
        Returns:
          None where several deals of one priority match; several only where each takes
          applications of its own.
        """
        if elements:
            return self._find(facts, elements)
        alike = tuple([facts.get(column) for column in self._looked_at])
        if alike not in self._known:
            self._known[alike] = self._find(facts, ())
        return self._known[alike]

    def _find(self, facts: Facts, elements: Sequence[Element]) -> tuple[Match, ...] | None:
        found: list[Match] = []
        for claim, terms in self._claims:
            if found and claim.priority > found[0].claim.priority:
                continue
            match = _matches(claim, terms, facts, elements)
            if match is None:
                continue
            if found and claim.priority < found[0].claim.priority:
                found = []
            found.append(match)
        if len(found) > 1 and not _apart(found):
            return None
        return tuple(found)


def _folded(claim: Claim) -> dict[str, frozenset[str]]:
    return {
        term: frozenset(v.casefold() for v in values)
        if term in _NAMES
        else frozenset(values)
        for term, values in claim.match.items()
    }


def _matches(
    claim: Claim,
    terms: Mapping[str, frozenset[str]],
    facts: Facts,
    elements: Sequence[Element],
) -> Match | None:
    own: tuple[Element, ...] = ()
    for term, values in terms.items():
        if term == "tag":
            if not any(_tagged(value, facts) for value in values):
                return None
            continue
        if term == "commitment":
            own = tuple(
                e for e in elements if e.commitment in values or e.contract in values
            )
            if own:
                continue
        for column in TERMS[term]:
            value = facts.get(column)
            if value is not None:
                value = value.casefold() if term in _NAMES else value
                if value in values:
                    break
        else:
            return None
    return Match(claim, own)


def _tagged(pair: str, facts: Facts) -> bool:
    key, _, value = pair.partition("=")
    return facts.get(f"tag:{key}") == value


def _apart(found: Sequence[Match]) -> bool:
    """Return whether each deal takes applications that no other one takes."""
    taken: set[int] = set()
    for match in found:
        places = {element.place for element in match.elements}
        if not places or taken & places:
            return False
        taken |= places
    return True
