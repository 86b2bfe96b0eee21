"""Which account each role is kept in, for one deal of one ledger."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Protocol

from beanscrow.deal.roles import ROLES
from beanscrow.deal.services import account_part
from beanscrow.deal.terms import Books, DealPolicy, Role

_ROOTS = ("Assets", "Liabilities", "Equity", "Income", "Expenses")
_ROOT_OPTIONS = tuple(f"name_{root.lower()}" for root in _ROOTS)


# Where the provider keeps what it owes, and sells, to a subsidiary (810-10-45-1).
_INSIDE = {
    "contract-liability": "intragroup-liability",
    "upfront": "intragroup-upfront",
    **dict.fromkeys(
        (
            "revenue-credits", "revenue-prepaid", "revenue-cash", "revenue-breakage",
            "revenue-modification", "contra-consideration", "contra-warrants",
            "termination-income",
        ),
        "revenue-intragroup",
    ),
}  # fmt: skip


class Named(Protocol):
    """What an account may carry in its name: a deal, or what stands in its place."""

    @property
    def account(self) -> str: ...

    @property
    def service(self) -> str: ...


class Chart:
    """Accounts by role, filled in once and then looked up.

    A template of deal-policy stands before one of `books`, and that before the
    default; root accounts carry the names the ledger's options give them.
    """

    def __init__(
        self,
        side: Role,
        books: Books,
        deal: Named,
        policies: Iterable[DealPolicy],
        options: Mapping[str, object],
    ) -> None:
        roots = {
            root: str(options.get(option, root))
            for root, option in zip(_ROOTS, _ROOT_OPTIONS, strict=True)
        }
        self.templates = {
            role: _with_root(template, roots) for role, template in ROLES[side].items()
        }
        self.templates.update(books.accounts)
        for policy in policies:
            self.templates.update(policy.accounts)
        self.deal = deal
        # Whether the startup is a subsidiary by now.
        self._inside = False
        self._known: dict[tuple[str, str, str, str], str] = {}

    def __call__(
        self, role: str, *, tranche: str = "", service: str = "", instrument: str = ""
    ) -> str:
        """Return the account of a role.

        Args:
          role: A role of docs/ledger-language.md 4.3.
          tranche: For a template with {Tranche}.
          service: As the ledger writes it; the deal's own where not given.
          instrument: For a template with {Instrument}.
        """
        if self._inside:
            role = _INSIDE.get(role, role)
        known = self._known
        key = (role, tranche, service, instrument)
        found = known.get(key)
        if found is None:
            found = self.templates[role].format(
                Deal=self.deal.account,
                Tranche=tranche,
                Service=account_part(service or self.deal.service),
                Instrument=instrument.capitalize(),
            )
            known[key] = found
        return found

    def anew(self) -> Chart:
        """Return the same chart as it is before any control is gained."""
        other = copy.copy(self)
        other._inside = False
        return other

    def go_inside(self) -> None:
        """Keep what is owed and sold in intra-group accounts from now on."""
        self._inside = True

    def units(self, tranche: str, leaf: str) -> str:
        """Return the account of one state of a tranche's credits ("Held")."""
        key = "escrow-units", tranche, leaf, ""
        found = self._known.get(key)
        if found is None:
            found = f"{self('escrow-units', tranche=tranche)}:{leaf}"
            self._known[key] = found
        return found


def _with_root(template: str, roots: Mapping[str, str]) -> str:
    root, _, rest = template.partition(":")
    return f"{roots[root]}:{rest}"
