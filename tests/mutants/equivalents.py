"""Mutants that no test can kill, each with the reason, as `equivalents.toml` lists them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).with_name("equivalents.toml")


class Equivalent(NamedTuple):
    """A slip that changes nothing anybody could see, and why.

    Attributes:
      module: File from the package ("policy/lots.py").
      was: The lines as they stand, without indentation.
      now: The lines with the slip.
    """

    module: str
    was: str
    now: str
    because: str


def read_list(path: Path = LIST) -> list[Equivalent]:
    """Return what the list says, in its order.

    Raises:
      ValueError: An entry lacks something, has something unknown, or stands twice.
    """
    found: list[Equivalent] = []
    for number, row in enumerate(
        tomllib.loads(path.read_text("utf-8")).get("mutant", []), 1
    ):
        if set(row) != set(Equivalent._fields) or not all(row.values()):
            raise ValueError(
                f"{path.name}, mutant {number}: wanted {', '.join(Equivalent._fields)}; "
                f"found {', '.join(row)}"
            )
        entry = Equivalent(**{key: _plain(text) for key, text in row.items()})
        if entry[:3] in {it[:3] for it in found}:
            raise ValueError(f"{path.name}, mutant {number}: stands in the list twice")
        found.append(entry)
    return found


def written(module: str, was: str, now: str) -> str:
    """Return an entry for the list, its reason to be written."""
    return (
        f"[[mutant]]\nmodule = '{module}'\nwas = {_literal(was)}\nnow = {_literal(now)}\n"
        "because = ''\n"
    )


def _plain(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _literal(text: str) -> str:
    return f"'{text}'" if "\n" not in text and "'" not in text else f"'''\n{text}\n'''"
