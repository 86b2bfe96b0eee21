"""The result: a table by module, and each mutant that was not killed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

STATUSES = ("killed", "timed out", "survived", "equivalent")


class Result(NamedTuple):
    """What became of one mutant.

    Attributes:
      module: File from the package ("policy/drawdown.py").
      line: The first line that is changed.
      was: The lines as they stand.
      now: The lines with the slip.
      status: One of STATUSES.
      about: The test that killed it, or the reason why nothing can.
    """

    key: str
    module: str
    line: int
    place: str
    operator: str
    was: str
    now: str
    status: str
    about: str = ""


def rate(results: Iterable[Result]) -> str:
    """Return how many of the mutants that are not equivalent were noticed, in per cent."""
    counted = [it for it in results if it.status != "equivalent"]
    noticed = sum(it.status in ("killed", "timed out") for it in counted)
    # Rounded down: 99.97 % is not all of them.
    return f"{noticed * 1000 // len(counted) / 10:.1f} %" if counted else "-"


def report(results: Sequence[Result], remarks: Sequence[str] = ()) -> str:
    """Return the whole result as text, the same for the same results.

    Args:
      remarks: What else a reader must know, each a sentence.
    """
    parts = [
        _table("module", results, lambda it: it.module),
        _table("slip", results, lambda it: it.operator),
        _table("package", results, lambda it: it.module.partition("/")[0]),
        *(_listed(status, results) for status in STATUSES[1:]),
        "".join(f"{remark}\n" for remark in remarks),
    ]
    return "\n".join(part for part in parts if part)


def _table(head: str, results: Sequence[Result], group: Callable[[Result], str]) -> str:
    groups = sorted({group(it) for it in results})
    wide = max([len(name) for name in groups] + [len(head), len("all")])
    rows = [_row(wide, head, ["mutants", *STATUSES, "noticed"])]
    for name in groups:
        rows.append(_counted(wide, name, [it for it in results if group(it) == name]))
    rows.append(_counted(wide, "all", results))
    return "\n".join(rows) + "\n"


def _counted(wide: int, name: str, results: Sequence[Result]) -> str:
    count = Counter(it.status for it in results)
    numbers = [str(len(results)), *(str(count[status]) for status in STATUSES)]
    return _row(wide, name, [*numbers, rate(results)])


def _row(wide: int, name: str, cells: Sequence[str]) -> str:
    return f"{name:<{wide}}" + "".join(f" {cell:>10}" for cell in cells)


def _listed(status: str, results: Sequence[Result]) -> str:
    found = [it for it in results if it.status == status]
    if not found:
        return ""
    text = f"{status.capitalize()}: {len(found)}\n"
    for it in found:
        text += f"\nsrc/beanscrow/{it.module}:{it.line}: {it.place or 'module'}"
        text += f" ({it.operator}, {it.key})\n"
        text += "".join(f"  - {line}\n" for line in it.was.splitlines())
        text += "".join(f"  + {line}\n" for line in it.now.splitlines())
        if it.about:
            text += f"  {it.about}\n"
    return text
