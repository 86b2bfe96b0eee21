"""What a `deal-correct` may replace in the directive it corrects."""

from __future__ import annotations

from typing import Any

from beanscrow.deal import wording
from beanscrow.deal.values import Refusal
from beanscrow.deal.vocabulary import COMMON, DIRECTIVES, Directive, Part

# Who the parties are and how one side accounts for it is edited in its own text.
NEVER = frozenset({"books", "deal", "deal-policy", "deal-correct", "fleet"})
CORRECTABLE = tuple(
    name for name in DIRECTIVES if name.startswith("deal-") and name not in NEVER
)
PICKS = frozenset({"tranche", "import-id"})
_OWN = frozenset({"id", "directive", "of"}) | PICKS | {part.name for part in COMMON}


def replaceable(directive: str) -> dict[str, Part]:
    """Return the keys a correction of a directive may hold, by name.

    The number on the line of the corrected directive is replaced by `units` or
    `amount`; every other key stands as it does there.

    Raises:
      Refusal: No such directive can be corrected.
    """
    target = _target(directive)
    parts = {
        part.name: part
        for part in target.keys
        if part.name not in PICKS and part.name not in _OWN
    }
    for part in target.positionals:
        if part.shape == "amount":
            for name in ("units", "amount"):
                parts.setdefault(name, part._replace(name=name))
        elif part.shape == "number":
            parts.setdefault(part.name, part)
    return parts


def with_families(directive: Directive, target: str) -> Directive:
    """Return the description of a correction that takes its target's key families."""
    return directive._replace(families=_target(target).families)


def replaced(values: dict[str, Any]) -> dict[str, Any]:
    """Return the keys a correction replaces, of all the values on its line."""
    return {key: value for key, value in values.items() if key not in _OWN}


def _target(directive: str) -> Directive:
    if directive in CORRECTABLE:
        return DIRECTIVES[directive]
    near = wording.nearest(directive, CORRECTABLE)
    hint = f'; did you mean "{near}"?' if near else ""
    raise Refusal(
        "E109",
        f"directive {wording.quoted(directive)} cannot be corrected; wanted the type of "
        f'an earlier line such as "deal-stake"{hint}',
    )
