"""Names that become parts of accounts, and names of parties."""

from __future__ import annotations

import re

from beanscrow.deal.services import is_component

DEAL_ID = re.compile(r"[a-z0-9][a-z0-9.-]*")
COMMODITY = re.compile(
    r"[A-Z](?:[A-Z0-9'._-]*[A-Z0-9])?|/[0-9'._-]*[A-Z](?:[A-Z0-9'._-]*[A-Z0-9])?"
)
MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")

_LEGAL_FORMS = frozenset(
    ("ag", "bv", "co", "company", "corp", "corporation", "gmbh", "group", "holding")
    + ("holdings", "inc", "incorporated", "kg", "kk", "limited", "llc", "llp", "lp")
    + ("ltd", "nv", "oy", "oyj", "plc", "pte", "pty", "sa", "sarl", "sas", "se", "spa")
    + ("srl",)
)
_LETTERS = re.compile(r"[^\W_]+")

__all__ = ["COMMODITY", "DEAL_ID", "MONTH", "camel", "is_component", "plain_name"]


def camel(deal: str) -> str:
    """Return the account component of a deal's id: "amd-oai" is "AmdOai"."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[.-]+", deal) if word)


def plain_name(name: str) -> str:
    """Return a company's name without case, punctuation, spaces and legal form.

    Two names with one plain name are very likely one party: "Moonshot AI, Inc." and
    "MoonShot AI".  A name that is nothing but a legal form keeps it.
    """
    words = _LETTERS.findall(name.casefold())
    kept = [word for word in words if word not in _LEGAL_FORMS]
    return "".join(kept or words)
