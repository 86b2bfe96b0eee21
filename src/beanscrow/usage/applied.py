"""ContractApplied (FOCUS 1.3): which commitments a row counts towards, and by how much.

The value is JSON.  Drafts, vendors and tools spell its root and its keys differently,
so both are read by what is left of them without case, underscores and the prefix that
says whose they are.  Numbers are read as written; a JSON reader's floats would not do.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, NamedTuple

from beanscrow.usage.amounts import read_exact

_ROOTS = ("elements", "contractapplied")
_LETTERS = re.compile(r"[^a-z]")


class Element(NamedTuple):
    """One commitment a row counts towards.

    Attributes:
      place: Its place among the row's applications.
      commitment, contract: Identities, "" where not given.
      cost: In the row's billing currency, as a whole number of 10^-38; None where not
        given; `quantity`, counted in `unit`, likewise.
      bad: The name of a figure that is given and is no exact number, else "".
    """

    place: int
    commitment: str
    contract: str
    cost: int | None
    quantity: int | None
    unit: str
    bad: str = ""


def read_applied(text: str) -> tuple[Element, ...] | None:
    """Return what a value of ContractApplied says; None where it is not readable.

    Args:
      text: JSON: a list of applications, one alone, or either under a root.
    """
    try:
        value = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    listed = _listed(value)
    if listed is None or not all(isinstance(item, dict) for item in listed):
        return None
    return tuple(_element(place, item) for place, item in enumerate(listed))


def _listed(value: Any) -> list[Any] | None:
    for _ in range(3):
        if not isinstance(value, dict):
            break
        roots = [inner for key, inner in value.items() if _letters(key) in _ROOTS]
        if not roots:
            return [value]
        value = roots[0]
    return value if isinstance(value, list) else None


def _element(place: int, item: dict[str, Any]) -> Element:
    named = {_plain(key): value for key, value in item.items()}
    cost, bad_cost = _figure(named.get("appliedcost"))
    quantity, bad_quantity = _figure(named.get("appliedquantity"))
    return Element(
        place,
        _text(named.get("commitmentid")),
        _text(named.get("contractid")),
        cost,
        quantity,
        _text(named.get("appliedunit")),
        "AppliedCost" if bad_cost else "AppliedQuantity" if bad_quantity else "",
    )


def _plain(key: str) -> str:
    """Return a key without its prefix: both ContractAppliedCost and AppliedCost."""
    letters = _letters(key)
    if letters == "contractid":
        return letters
    for prefix in ("contractcommitment", "contract", "commitment"):
        rest = letters.removeprefix(prefix)
        if rest != letters:
            return "commitmentid" if rest == "id" else rest
    return letters


def _letters(key: str) -> str:
    return _LETTERS.sub("", key.casefold())


def _figure(value: object) -> tuple[int | None, bool]:
    if value is None or value == "":
        return None, False
    number = read_exact(value)
    return number, number is None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
