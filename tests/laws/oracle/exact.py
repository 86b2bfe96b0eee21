"""Rounding and splitting, as the rules have it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction


def rhu(amount: Fraction, quantum: Fraction) -> Fraction:
    """Return an amount rounded half up to the quantum; below zero its mirror image.

    The rules say no more than half up.  Below zero come a refund of what was drawn
    before a re-basing, and a refund mirrors a draw; losses, and a loss mirrors a gain.
    """
    half_up = math.floor(abs(amount) / quantum + Fraction(1, 2)) * quantum
    return half_up if amount >= 0 else -half_up


def shares_of(
    total: Fraction, weights: Sequence[Fraction], quantum: Fraction
) -> list[Fraction]:
    """Return a total split by weights in whole quanta; ties to the earlier weight."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [math.floor(share / quantum) * quantum for share in exact]
    over = [
        (part - share, n) for n, (part, share) in enumerate(zip(parts, exact, strict=True))
    ]
    for _, n in sorted(over)[: int((total - sum(parts)) / quantum)]:
        parts[n] += quantum
    return parts
