"""Where the choices of an author come from: Hypothesis, or a seed.

Whatever is chosen, the lowest number is the simplest choice.
"""

from __future__ import annotations

import random
from typing import Protocol

from hypothesis import strategies as st


class Chooser(Protocol):
    """Chooses whole numbers, each from the lowest to the highest allowed."""

    def number(self, low: int, high: int) -> int:
        """Return a whole number, both ends possible."""
        ...


class Drawn:
    """Choices that Hypothesis draws, and shrinks where a law fails."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))


class Seeded:
    """Choices of a seed: the same ones each time."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def number(self, low: int, high: int) -> int:
        return self._random.randint(low, high)
