"""What an account is for: which role, of which deal and tranche, on which side.

Made from the templates of the language and the ledger's own `account-ROLE` keys,
not from the accounts the engine happened to use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from sys import intern
from typing import Any, NamedTuple

from beanscrow.checks.directives import Directive, Written
from beanscrow.deal.roles import ROLES, specimen_account
from beanscrow.deal.terms import Role

LEAVES: tuple[str, ...] = ("Granted", "Held", "Drawn", "Expired", "Forfeited", "Moved")
UNITS = "escrow-units"
OWNED = frozenset(
    {
        UNITS, "escrow-cash", "escrow-receivable", "contract-liability", "prepaid",
        "upfront", "vendor-consideration", "deferred-profit", "contract-asset",
        "loss-liability", "intragroup-liability", "intragroup-upfront", "unearned-rent",
        "capacity-prepaid", "capacity-deferred", "guarantee-asset", "guarantee-liability",
        "buyback-liability", "buyback-asset", "lease-deferred", "lease-prepaid",
    }
)  # fmt: skip
SHARED = ("cash", "receivable", "payable")
# What warrants are earned in; a customer goes on with its own from there.
EARNED = ("contra-warrants", "warrants-earned")
# What a vendor gives for them; after control is gained, inside the group.
GIVEN, INSIDE = "apic-warrants", "revenue-intragroup"
# What the customer's have gained since they vested.
EARNED_GAIN = "warrant-gain"
# What a vendor pays its customer for, or gives it, against revenue; and capacity used.
VENDOR = (
    "contra-consideration", "capacity-cost", "capacity-revenue", "buyback-interest",
    "buyback-income",
)  # fmt: skip
# Where the gains of a debt security wait, and its impairments go.
AFS_OCI = "aoci-afs"
# Where what a startup's own credit makes of its liability waits.
OWN_CREDIT = "aoci-own-credit"
# What a startup owes at fair value.
AT_FAIR_VALUE = ("notes", "preferred-liability")
# Where compute that trains a model stands, and where unused compute is lost.
MODEL = "model-development"
LOST = "expired-credits"
# What shares measured on another day than inception bring beyond what was carried.
MEASURED = ("revenue-credits", "noncash-consideration")
# Interest on compute paid for in advance, on either side.
INTEREST = ("interest-expense", "interest-income")
# What is received for a cluster that is leased, and what of it is earned.
RENT = ("unearned-rent", "lease-income")

_ROOTS = ("Assets", "Liabilities", "Equity", "Income", "Expenses")
_PREFIX = "account-"
# Where own cash in another currency shows its change of rate.
FX = "fx-remeasurement"
# What the equity method shows in income.
EQUITY_INCOME = (
    "share-of-result", "dilution-gain", "revenue-elimination", "cost-elimination",
)  # fmt: skip
# What a customer is sold to under, until it is a subsidiary.
CUSTOMERS = (
    "revenue-credits", "revenue-prepaid", "revenue-cash", "revenue-breakage",
    "revenue-modification", "contra-consideration", "contra-warrants",
    "termination-income",
)  # fmt: skip
_WATCHED = tuple(
    dict.fromkeys(
        (
            *SHARED, *EARNED, EARNED_GAIN, *VENDOR, AFS_OCI, OWN_CREDIT, *AT_FAIR_VALUE,
            FX, "impairment", "onerous-provision", MODEL,
            LOST, *MEASURED, *INTEREST, *RENT, *EQUITY_INCOME, *CUSTOMERS,
            GIVEN, INSIDE, *sorted(OWNED),
        )
    )
)  # fmt: skip


class Place(NamedTuple):
    """What an account is for.

    Attributes:
      role: As in the chart of accounts ("contract-liability").
      deal: Id of its deal; "" for an account all deals share.
      side: Whose books the account belongs to.
      tranche: Tranche or commitment in its name, or "".
      leaf: State of credits ("Held"), of accounts of units only; interned.
    """

    role: str
    deal: str
    side: Role
    tranche: str = ""
    leaf: str = ""

    @property
    def owned(self) -> bool:
        """Whether the engine alone may post here."""
        return is_owned(self.role)


def is_owned(role: str) -> bool:
    """Return whether the engine alone may post to accounts of a role.

    It owns the contract liability, prepaid, upfront and deferred consideration,
    escrow, stake and all accounts of units; cash, receivable and payable are
    shared with the user.
    """
    return role in OWNED or (role.startswith("stake-") and role != "stake-receivable")


class Chart:
    """Looks up what an account is for; each account is worked out once."""

    def __init__(self, written: Written, options: Mapping[str, Any]) -> None:
        self._patterns: list[tuple[re.Pattern[str], str, Role, dict[str, str]]] = []
        self._known: dict[str, Place | None] = {}
        roots = {root: str(options.get(f"name_{root.lower()}", root)) for root in _ROOTS}
        groups: dict[tuple[str, str, Role], dict[str, str]] = {}
        self._templates: dict[tuple[str, str], str] = {}
        for deal in written.deals:
            side = written.side(deal)
            if side is None:
                continue
            component = written.component(deal)
            templates = _templates(side, deal, written, roots)
            shared = {templates[role] for role in SHARED if role in templates}
            for role, template in templates.items():
                named = template.replace("{Deal}", component)
                self._templates[deal, role] = specimen_account(named)
                if is_owned(role) and template in shared:
                    continue
                groups.setdefault((template, role, side), {})[component] = deal
        for (template, role, side), components in groups.items():
            self._patterns.append((_pattern(template, role), role, side, components))

    def __call__(self, account: str) -> Place | None:
        """Return what an account is for, None where it is no account of a deal."""
        try:
            return self._known[account]
        except KeyError:
            place = self._known[account] = self._find(account)
            return place

    def stands_as(self, deal: str, role: str) -> str:
        """Return the role an account of a role is found as: its own, or one it shares.

        A ledger may keep several roles on one account; then only their sum is known.
        """
        place = self._find(self._templates.get((deal, role), ""))
        return place.role if place is not None and place.deal == deal else role

    def ever(self, role: str) -> bool:
        """Return whether an account of a role has been met among the entries."""
        return any(place and place.role == role for place in self._known.values())

    def _find(self, account: str) -> Place | None:
        for pattern, role, side, components in self._patterns:
            match = pattern.fullmatch(account)
            if match is None:
                continue
            parts = match.groupdict()
            if "Deal" not in parts:
                only = next(iter(components.values())) if len(components) == 1 else ""
                return Place(role, only, side, "", intern(parts.get("Leaf", "")))
            deal = components.get(parts["Deal"])
            if deal is not None:
                return Place(
                    role,
                    deal,
                    side,
                    parts.get("Tranche", ""),
                    intern(parts.get("Leaf", "")),
                )
        return None


def _templates(
    side: Role, deal: str, written: Written, roots: Mapping[str, str]
) -> dict[str, str]:
    templates = {}
    for role, template in ROLES[side].items():
        if role in _WATCHED or is_owned(role):
            root, _, rest = template.partition(":")
            templates[role] = f"{roots[root]}:{rest}"
    sources: list[Directive] = [*written.policies.get(deal, ())]
    if written.books is not None:
        sources.insert(0, written.books)
    for directive in sources:
        for key in directive.entry.meta:
            role = key[len(_PREFIX) :]
            if key.startswith(_PREFIX) and role in templates and directive.text(key):
                templates[role] = directive.text(key)
    return templates


def _pattern(template: str, role: str) -> re.Pattern[str]:
    seen: set[str] = set()

    def part(match: re.Match[str]) -> str:
        name = match[1]
        if name in seen or not name.isidentifier():
            return "[^:]+"
        seen.add(name)
        return f"(?P<{name}>[^:]+)"

    text = re.sub(r"\\\{([^{}]*)\\\}", part, re.escape(template))
    return re.compile(f"{text}:(?P<Leaf>{'|'.join(LEAVES)})" if role == UNITS else text)
