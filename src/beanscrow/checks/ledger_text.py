"""What only the text of a ledger shows: lines without effect, and checks switched off."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from beanscrow.checks.findings import problem
from beanscrow.checks.sources import Line, Sources
from beanscrow.deal.problems import Position, Problem

_LARGEST = Decimal("0.05")
_USUAL_MULTIPLIER = Decimal("0.5")


def of_text(sources: Sources) -> Iterator[Problem]:
    """Yield the findings of a ledger's text that the loaded entries do not show."""
    yield from _ineffective_plugins(sources)
    yield from _weakened(sources)
    yield from load_caches(sources)


def _ineffective_plugins(sources: Sources) -> Iterator[Problem]:
    listed = {line.first for line in sources.lines("plugin", included=False)}
    for line in sources.lines("plugin", included=True):
        at_top = " (where it is listed already)" if line.first in listed else ""
        yield problem(
            line.at,
            "F610",
            f'plugin "{line.first}" stands in an included file, where Beancount takes no '
            f"notice of it; list plugins in the ledger itself{at_top}",
        )


def _weakened(sources: Sources) -> Iterator[Problem]:
    for line in sources.lines("option", included=False):
        why = _weakens(line)
        if why:
            yield problem(
                line.at, "F611", f'option "{line.first}" "{line.second}" {why}; take it out'
            )


def _weakens(line: Line) -> str:
    match line.first:
        case "plugin_processing_mode" if line.second != "default":
            return "leaves balance assertions unchecked"
        case "inferred_tolerance_default":
            currency, _, tolerance = line.second.partition(":")
            if currency == "*":
                return "lets every currency be out of balance"
            if _number(tolerance) > _LARGEST:
                return f"lets {currency} be out of balance by more than {_LARGEST}"
        case "tolerance_multiplier" | "inferred_tolerance_multiplier":
            if _number(line.second) > _USUAL_MULTIPLIER:
                return "lets entries be out of balance by more than half of a last digit"
        case "infer_tolerance_from_cost" if line.second.upper() == "TRUE":
            return "widens the tolerance of entries held at cost"
    return ""


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return Decimal(0)


def load_caches(sources: Sources) -> Iterator[Problem]:
    """Yield the load caches that lie beside the files of a ledger."""
    for source in sources.files:
        if source.cache:
            yield problem(
                Position(source.path, 1),
                "F612",
                f"a load cache, {source.cache}, lay beside this file; figures may have come "
                "from it and not from the text: set BEANCOUNT_DISABLE_LOAD_CACHE, and keep "
                "such files out of version control",
            )
