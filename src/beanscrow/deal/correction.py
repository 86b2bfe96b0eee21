"""What a `deal-correct` may replace in the directive it corrects, and what that makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from beanscrow.deal import wording
from beanscrow.deal.values import Refusal
from beanscrow.deal.vocabulary import COMMON, DIRECTIVES, Directive, Part, field_of

# Who the parties are and how one side accounts for it is edited in its own text.
# A set of charges is replaced by a new set.
NEVER = frozenset({"books", "deal", "deal-policy", "deal-correct", "deal-charge", "fleet"})
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
        if part.name not in PICKS and part.name not in _OWN and part.field != "rest"
    }
    for part in target.positionals:
        if part.shape == "amount":
            for name in ("units", "amount"):
                parts.setdefault(name, part._replace(name=name))
        elif part.shape == "number":
            parts.setdefault(part.name, part)
    return parts


def applied(fact: Any, directive: str, replacements: Mapping[str, object]) -> Any:
    """Return a fact as it should have been written: the same line with keys replaced.

    A key takes the place of the one it may not stand beside (`fair-value` of
    `fair-value-total`).

    Args:
      fact: As it was read, or as an earlier correction has left it.
      directive: Its type.
      replacements: Keys as written, with their new values as read.
    """
    target = _target(directive)
    changed: dict[str, Any] = {}
    for key in replacements:
        for group in target.exclusive:
            if key in group:
                changed |= {_fields(target)[other]: None for other in group}
    ramp = dict(getattr(fact, "ramp", {}))
    for key, value in replacements.items():
        if key.startswith("ramp-"):
            changed["ramp"] = ramp = {**ramp, key.removeprefix("ramp-"): value}
        else:
            changed[_fields(target)[key]] = value
    return fact._replace(**changed)


def disagreement(fact: Any, directive: str) -> str:
    """Return what is wrong with a corrected fact taken by itself, else ""."""
    target = _target(directive)
    fields = _fields(target)

    def held(name: str) -> Any:
        return fact.date if name == "date" else getattr(fact, fields[name])

    for need in target.needs:
        asks = held(need.key) and need.value in ("", held(need.key))
        wanted = held(need.wants)
        missing = wanted is None or wanted == ()
        if asks and missing:
            return f"{need.key} wants {need.wants} beside it; it is missing"
        if need.only and not asks and not missing:
            return f"{need.wants} stands without {need.key}, which it needs"
    for first, second in target.spans:
        early, late = held(first), held(second)
        if early is not None and late is not None and early > late:
            return f"{first} {early} is after {second} {late}; both days count"
    return ""


def _fields(target: Directive) -> dict[str, str]:
    """Return the field of a term that each key of a correction replaces."""
    fields = {part.name: field_of(part) for part in (*target.positionals, *target.keys)}
    for part in target.positionals:
        if part.shape == "amount":
            fields |= {name: field_of(part) for name in ("units", "amount")}
    return fields


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
