"""Keys that share a prefix: account-ROLE, usage-match-TERM, ramp-YYYY-MM."""

from __future__ import annotations

from typing import Any

from beanscrow.deal import wording
from beanscrow.deal.names import MONTH
from beanscrow.deal.positionals import check_account
from beanscrow.deal.roles import PLACEHOLDERS, specimen_account, unknown_placeholders
from beanscrow.deal.values import Refusal, read_value
from beanscrow.deal.vocabulary import COMMON, DIRECTIVES, Directive, Family


def read_family(
    key: str,
    value: Any,
    directive: Directive,
    gathered: dict[str, dict[str, Any]],
    roots: tuple[str, ...],
) -> None:
    """Read a key that belongs to a family of keys, or refuse it as unknown.

    Args:
      key: As written.
      value: As Beancount parsed it.
      directive: The directive it stands on.
      gathered: Is given the value, by field of the family and suffix of the key.
      roots: Names of the ledger's five root accounts.
    Raises:
      Refusal: The key is unknown, or its value cannot stand there.
    """
    for family in directive.families:
        if key.startswith(family.prefix):
            suffix = key[len(family.prefix) :]
            _check_suffix(key, suffix, family)
            read = _read(key, suffix, value, family, roots)
            gathered.setdefault(family.part.field, {})[suffix] = read
            return
    raise Refusal("E105", _unknown(key, directive))


def _check_suffix(key: str, suffix: str, family: Family) -> None:
    if family.suffixes and suffix not in family.suffixes:
        near = wording.nearest(suffix, family.suffixes)
        hint = f'; did you mean "{family.prefix}{near}"?' if near else ""
        raise Refusal("E105", f"{key} is not among the keys {family.shown}{hint}")
    if not family.suffixes and not MONTH.fullmatch(suffix):
        raise Refusal("E105", f"{key} must name a month, as {family.prefix}2024-12 does")


def _read(
    key: str, suffix: str, value: Any, family: Family, roots: tuple[str, ...]
) -> object:
    part = family.part._replace(name=key)
    if key == "usage-match-priority":
        number = read_value(value, None, part._replace(shape="number", sign="any"))
        return (str(number),)
    read = read_value(value, None, part)
    if family.prefix == "account-" and isinstance(read, str):
        _check_template(key, read, roots)
    if key == "usage-match-tag" and isinstance(read, tuple):
        for item in read:
            if "=" not in item:
                raise Refusal(
                    "E108",
                    f'{key} is {wording.quoted(item)}; wanted "tag=value", with an '
                    "equals sign",
                )
    return read


def _check_template(key: str, template: str, roots: tuple[str, ...]) -> None:
    unknown = unknown_placeholders(template)
    if unknown:
        raise Refusal(
            "E118",
            f"{key} uses {{{unknown[0]}}}; the placeholders are "
            + wording.all_of(f"{{{name}}}" for name in PLACEHOLDERS),
        )
    try:
        check_account(specimen_account(template), roots)
    except Refusal as refusal:
        raise Refusal(refusal.code, f"{key}: {refusal.words}") from None


def _unknown(key: str, directive: Directive) -> str:
    """Return what to say of a key no directive of this type takes."""
    own = [part.name for part in (*directive.keys, *COMMON)]
    others = [
        name
        for name, other in DIRECTIVES.items()
        if any(part.name == key for part in other.keys)
    ]
    if any(part.name == key for part in directive.positionals):
        return f"the key {key} is not known; its value stands on the line itself"
    if others:
        return f"the key {key} belongs to {wording.one_of(others, quote=False)}"
    near = wording.nearest(key, own)
    if near:
        return f"the key {key} is not known; did you mean {near}?"
    return f"the key {key} is not known; one of your own begins with x-, as x-{key} would"
