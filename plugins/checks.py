"""Check the books of every deal a second way, from the entries as booked.

List it last, or list `beanscrow.plugins.deals`, which holds it:

    plugin "beanscrow.plugins.escrow"
    plugin "beanscrow.plugins.stakes"
    plugin "beanscrow.plugins.checks"

An entry that is a cent out of balance, credits that do not add up, escrow below
zero, a draw after the tranche has lapsed, an entry nobody can trace, a directive
without an entry: each is an error at the line of the directive concerned.  Entries
are returned as they are.  docs/checks.md says what is checked and how.

Findings, which are booked but must be looked at, are for `beanscrow check`; they
become errors with

    plugin "beanscrow.plugins.checks" "{'findings': 'errors'}"
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any, NamedTuple

from beanscrow.checks.examine import daybook_in, examine, fault_of_ours
from beanscrow.checks.findings import problem
from beanscrow.checks.listing import too_early, twice
from beanscrow.collector import paused
from beanscrow.deal.plugin_lines import CHECKS, DEALS, listed_at
from beanscrow.deal.problems import Problem

__plugins__ = ("check",)

_HAVE_RUN = "beanscrow-checks"


class CheckError(NamedTuple):
    """What is wrong with the booked entries, as Beancount shows errors."""

    source: dict[str, Any]
    message: str
    entry: Any


class _BadConfig(Exception):
    """A configuration that says nothing we know, with the reason in words."""


def check(
    entries: list[Any], options_map: dict[str, Any], config: str | None = None
) -> tuple[list[Any], list[CheckError]]:
    """Return the entries as they are, and what is wrong with what was booked.

    Args:
      entries: Booked entries, the generated ones among them.
      options_map: The ledger's options, with what the booking plugins left there.
      config: A dict literal, or None: {'findings': 'errors'} makes findings errors.
    """
    with paused():
        try:
            problems = _check(entries, options_map, config)
            return entries, [_error(found) for found in problems]
        except Exception as fault:  # never raise: Beancount would go on without us
            return entries, [_error(fault_of_ours(fault, options_map))]


def _check(
    entries: list[Any], options_map: dict[str, Any], config: str | None
) -> Iterable[Problem]:
    problems: list[Problem] = []
    findings = False
    try:
        findings = _findings_wanted(config)
    except _BadConfig as bad:
        at = listed_at(options_map, CHECKS, DEALS)
        problems.append(problem(at, "E615", str(bad)))
    before = options_map.get(_HAVE_RUN)
    if before is not None:
        problems.append(twice(options_map))
        if before == "done":
            return problems
    ran = getattr(options_map.get("beanscrow"), "ran", ())
    early = too_early(options_map, ran)
    options_map[_HAVE_RUN] = "early" if early else "done"
    if early is not None:
        return [*problems, early]
    found = examine(entries, options_map, findings=findings).problems
    if findings:
        found += [
            said
            for said in getattr(daybook_in(options_map), "problems", ())
            if said.level == "finding"
        ]
        return [*problems, *found]
    return [*problems, *(p for p in found if p.level == "error")]


def _findings_wanted(config: str | None) -> bool:
    """Return whether findings are to be errors, as the configuration says.

    Raises:
      _BadConfig: It is no dict literal, or holds something unknown.
    """
    if config is None or not config.strip():
        return False
    wanted = "{'findings': 'errors'}"
    try:
        value = ast.literal_eval(config.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        raise _BadConfig(
            f"the configuration of {CHECKS} is no dict; wanted {wanted}, or nothing"
        ) from None
    if not isinstance(value, dict):
        raise _BadConfig(
            f"the configuration of {CHECKS} is a {type(value).__name__}; wanted {wanted}, "
            "or nothing"
        )
    unknown = [key for key in value if key != "findings"]
    if unknown:
        raise _BadConfig(f"{CHECKS} knows no setting {unknown[0]!r}; it knows 'findings'")
    choice = value.get("findings", "apart")
    if choice not in ("errors", "apart"):
        raise _BadConfig(
            f"'findings' is {choice!r}; wanted 'errors', or 'apart' to leave them to "
            "beanscrow check"
        )
    return bool(choice == "errors")


def _error(found: Problem) -> CheckError:
    source = {"filename": found.at.filename, "lineno": found.at.lineno}
    return CheckError(source, f"{found.code}: {found.message}", None)
