"""A scenario's books as ledgers to look at: what was handed to the engine, as text.

They can be checked, explained and shown as any ledger can.  Each directive that an
assumption was written out as says in its note which line it follows from.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from beancount.core import account as accounts
from beancount.core.amount import Amount
from beancount.core.data import Custom, Price
from beancount.core.data import sorted as in_order
from beancount.parser.options import OPTIONS_DEFAULTS

from beanscrow.deal.plugin_lines import DEALS
from beanscrow.deal.terms import Role
from beanscrow.simulation.simulate import Outcome
from beanscrow.simulation.vocabulary import SIDES

_ROOTS = ("assets", "liabilities", "equity", "income", "expenses")
_POSITION = ("filename", "lineno")


def write_ledgers(outcomes: list[Outcome], folder: Path) -> list[Path]:
    """Write two ledgers for each scenario into a folder, and return their paths.

    Args:
      folder: Made where it is not there; the caller sees to it that it is empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for outcome in outcomes:
        for side in SIDES:
            path = folder / f"{outcome.plan.name}.{side}.beancount"
            path.write_text(ledger_text(outcome, side), encoding="utf-8")
            written.append(path)
    return written


def ledger_text(outcome: Outcome, side: Role) -> str:
    """Return one side's ledger of a scenario: options, plugin, books, and every fact."""
    return "".join(_blocks(outcome, side))


def _blocks(outcome: Outcome, side: Role) -> Iterator[str]:
    plan, ground = outcome.plan, outcome.ground
    about = f": {plan.what}" if plan.what else ""
    yield f"; Scenario {plan.name}{about}.  A simulation: not signed, not booked.\n\n"
    books = outcome.provider if side == "provider" else outcome.startup
    title = f"{side.capitalize()}, scenario {plan.name}"
    yield f"option {_quoted('title')} {_quoted(title)}\n"
    yield f"option {_quoted('operating_currency')} {_quoted(books.ledger.currency)}\n"
    for root in _ROOTS:
        name = ground.options[f"name_{root}"]
        if name != OPTIONS_DEFAULTS[f"name_{root}"]:
            yield f"option {_quoted(f'name_{root}')} {_quoted(name)}\n"
    yield f"\nplugin {_quoted(DEALS)}\n\n"
    yield f"{plan.date} custom {_quoted('fava-extension')} {_quoted('beanscrow.dashboard')}\n"
    entries: list[Any] = in_order([ground.books[side], *ground.facts, *outcome.more])
    for entry in entries:
        yield f"\n{_written(entry)}"


def _written(entry: Custom | Price) -> str:
    if isinstance(entry, Price):
        line = f"{entry.date} price {entry.currency} {_value(entry.amount, None)}"
    else:
        values = " ".join(_value(it.value, it.dtype) for it in entry.values or ())
        line = f"{entry.date} custom {_quoted(entry.type)} {values}".rstrip()
    lines = [line]
    for key, value in entry.meta.items():
        if key not in _POSITION and not key.startswith("__"):
            lines.append(f"  {key}: {_value(value, None)}".rstrip())
    return "\n".join(lines) + "\n"


def _value(value: Any, dtype: object) -> str:
    """Return a value as Beancount's parser reads it back."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case Decimal():
            return f"{value:f}"
        case Amount():
            return f"{value.number:f} {value.currency}"
        case datetime.date():
            return value.isoformat()
        case str() if dtype == accounts.TYPE:
            return value
        case _:
            return _quoted(str(value))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
