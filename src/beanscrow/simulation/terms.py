"""Other terms than the deal has: what is still negotiated, tried out.

A line of the deal is changed as its text could be changed, and read as if it had been
written so: nothing is corrected, because nothing is signed.  A key without a value is
taken away.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from beancount.core.data import Custom
from beancount.parser.grammar import ValueType

from beanscrow.deal import wording
from beanscrow.deal.problems import Problem
from beanscrow.deal.vocabulary import DIRECTIVES, Directive
from beanscrow.simulation.scenario import Assumption
from beanscrow.simulation.written import deal_of

_PICKS = ("tranche", "of")
_POSITION = ("filename", "lineno")
_CHANGEABLE = tuple(name for name in DIRECTIVES if name.startswith("deal"))


def with_terms(
    customs: Iterable[Custom], assumptions: Iterable[Assumption], problems: list[Problem]
) -> list[Custom]:
    """Return the directives of deals with the terms a scenario supposes.

    Args:
      problems: Is given what is wrong with the assumptions.
    """
    changed = list(customs)
    for assumption in assumptions:
        words = _change(changed, assumption)
        if words:
            code, text = words
            problems.append(
                Problem(
                    assumption.line.at, code, f"scenario-terms: {text}", assumption.deal
                )
            )
    return changed


def _change(customs: list[Custom], assumption: Assumption) -> tuple[str, str] | None:
    values = assumption.line.values
    name = values["directive"]
    directive = DIRECTIVES.get(name)
    if directive is None or name not in _CHANGEABLE:
        near = wording.nearest(name, _CHANGEABLE)
        hint = f'; did you mean "{near}"?' if near else ""
        return "E109", f"no line of a deal is a {wording.quoted(name)}{hint}"
    of = values.get("of")
    if of is not None and type(of) is not datetime.date:
        return "E108", f"of is {wording.found(of)}; wanted a date such as 2024-03-31"
    stated = {
        key: value
        for key, value in assumption.entry.meta.items()
        if key not in (*_PICKS, *_POSITION) and not key.startswith("__")
    }
    if not stated:
        return "E107", "wanted at least one key to change, found none"
    found = [
        index for index, it in enumerate(customs) if _is_meant(it, directive, assumption)
    ]
    if len(found) != 1:
        there = wording.all_of(
            f"{customs[index].date} ({_where(customs[index])})" for index in found
        )
        what = f"{name} of deal {wording.quoted(assumption.deal)}"
        remedy = "; pick one with tranche: or of:" if found else ""
        return "E829", f"wanted one {what}, found {there}{remedy}"
    customs[found[0]] = _changed(customs[found[0]], directive, assumption, stated)
    return None


def _is_meant(entry: Custom, directive: Directive, assumption: Assumption) -> bool:
    values = assumption.line.values
    if entry.type != directive.name or deal_of(entry) != assumption.deal:
        return False
    if values.get("of") not in (None, entry.date):
        return False
    tranche = values.get("tranche")
    if tranche is None:
        return True
    part = next((it for it in directive.keys if it.name == "tranche"), None)
    return bool(entry.meta.get("tranche", part.default if part else None) == tranche)


def _changed(
    entry: Custom, directive: Directive, assumption: Assumption, stated: dict[str, Any]
) -> Custom:
    kept = dict(entry.meta)
    for group in directive.exclusive:
        if any(key in stated for key in group):
            # What is said another way replaces what was said of the same thing.
            kept = {key: value for key, value in kept.items() if key not in group}
    values = list(entry.values or ())
    for index, part in enumerate(directive.positionals):
        if index and part.name in stated and index < len(values):
            value = stated.pop(part.name)
            values[index] = ValueType(value, type(value))
    at = assumption.line.at
    meta = {key: value for key, value in {**kept, **stated}.items() if value is not None}
    meta.update(filename=at.filename, lineno=at.lineno)
    return entry._replace(meta=meta, values=values)


def _where(entry: Custom) -> str:
    return f"{str(entry.meta['filename']).rsplit('/', 1)[-1]}:{entry.meta['lineno']}"
