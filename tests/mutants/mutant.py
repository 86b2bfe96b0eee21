"""What a mutant is, apart from how it is made."""

from __future__ import annotations

from typing import NamedTuple

PACKAGES = ("policy", "booking")


class Mutant(NamedTuple):
    """A module with one slip in it.

    Attributes:
      module: Its file, from the package ("policy/drawdown.py").
      place: The function or class of the slip ("Drawdowns.use"), or "" outside of any.
      operator: The kind of slip.
      key: What it is known by; a change elsewhere in the module leaves it as it is.
      first: The first line of the statement; where that has a body, of its head alone.
      last: The last line of it, inclusive.
      line: The first line that is changed.
      was: The changed lines as they stand, without indentation.
      now: The same lines with the slip.
      code: The module's text with the slip.
    """

    module: str
    place: str
    operator: str
    key: str
    first: int
    last: int
    line: int
    was: str
    now: str
    code: str
