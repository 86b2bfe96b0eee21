"""Write docs/errors.md from the catalogue of codes and the specimens in tests/errors.

Run: python docs/make_errors.py

What a specimen is told is not copied by hand: it is loaded, and its message quoted.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ["BEANCOUNT_DISABLE_LOAD_CACHE"] = "1"  # what the code says now

from beancount import loader

from beanscrow.catalogue import CATALOGUE
from beanscrow.checks.examine import daybook_in, examine

PAGE = Path(__file__).parent / "errors.md"
SPECIMENS = Path(__file__).parents[1] / "tests" / "errors"
ROOMS = {
    "1": "Reading a line",
    "2": "Contract events and their measurement",
    "3": "Credits and their use",
    "4": "The stake",
    "5": "Accounts and booking",
    "6": "Invariants of the booked entries",
    "7": "Importing usage",
    "8": "Commands",
}
LEVELS = {"E": "Errors", "F": "Findings", "N": "Notes"}
HEAD = """\
# Errors, findings and notes

Every one has a code that stays.
Its letter says how serious it is, its first digit where it arises.

- An *error* (E) refuses the directive: nothing of it is booked, Beancount, Fava and \
editors show it at its line, and exit codes fail.
- A *finding* (F) is booked, and somebody must look at it: `beanscrow check` reports it.
- A *note* (N) is for an audit: `beanscrow check --level audit` reports it.

A line that is refused never drags down another deal.
Where a leg of a contract event is refused, the other legs of that event wait for it.

This page is made from the catalogue and from the specimens in `tests/errors`, by \
`docs/make_errors.py`.
Each specimen is a whole ledger that is told off with the code it is named after; the \
directive it is told at is shown here.
"""


def render() -> str:
    """Return the page."""
    specimens = {path.name[:4]: path for path in sorted(SPECIMENS.glob("*.beancount"))}
    parts = [HEAD]
    for digit, room in ROOMS.items():
        codes = [code for code in CATALOGUE if code[1] == digit]
        if not codes:
            continue
        parts.append(f"## {room}\n")
        for code in sorted(codes):
            parts.append(_section(code, specimens.get(code)))
    return "\n".join(parts)


def _section(code: str, specimen: Path | None) -> str:
    kind = CATALOGUE[code]
    lines = [f"### {code}: {kind.title}", "", kind.remedy, ""]
    if specimen is None:
        return "\n".join(lines)
    text = specimen.read_text(encoding="utf-8").splitlines()
    said = told(specimen, code)
    link = f"[{specimen.name}](../tests/errors/{specimen.name})"
    lines += [f"{text[0].removeprefix('; ')} ({link})", ""]
    if said:
        shown = [_directive(text, lineno) for lineno in dict.fromkeys(n for n, _ in said)]
        lines += ["```beancount", *shown, "```", ""]
        messages = dict.fromkeys(message for _, message in said)
        lines += ["```text", *messages, "```", ""]
    return "\n".join(lines)


def _directive(text: list[str], lineno: int) -> str:
    """Return the lines of the directive that begins on a line."""
    end = lineno
    while end < len(text) and text[end].startswith((" ", "\t")):
        end += 1
    return "\n".join(text[lineno - 1 : end])


def told(specimen: Path, code: str) -> list[tuple[int, str]]:
    """Return the lines and messages a specimen is told with its code."""
    entries, errors, options = loader.load_file(str(specimen))
    said = [
        (error.source["lineno"], error.message)
        for error in errors
        if error.message.startswith(f"{code}: ")
    ]
    daybook = daybook_in(options)
    problems = list(daybook.problems) if daybook is not None else []
    problems += examine(entries, options, findings=True).problems
    said += [(p.at.lineno, f"{p.code}: {p.message}") for p in problems if p.code == code]
    return list(dict.fromkeys(said))


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
