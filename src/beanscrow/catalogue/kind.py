"""The shape of an entry of the catalogue."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """What a code means: a title, and the remedy in one sentence."""

    title: str
    remedy: str
