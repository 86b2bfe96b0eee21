"""The garbage collector, paused while a plugin makes what will all stay.

A hundred thousand usages become a million objects, none of them garbage.  Left
running, the collector walks over all of them again and again, which takes longer
than making them; so it is paused for the one call, and set back as it was found.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Pause collection for a block, and hand what was made in it to the oldest generation.

    Freezing and thawing at once moves every object to the oldest generation
    without looking at it, where two passes over the new ones would have taken it.
    Nothing stays frozen; where somebody else keeps objects frozen, theirs are left
    alone and ours grow old in the ordinary way.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_freeze_count() == 0:
            gc.freeze()
            gc.unfreeze()
        if collecting:
            gc.enable()
