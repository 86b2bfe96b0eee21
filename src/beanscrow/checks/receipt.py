"""A receipt: what was checked, how much of it, and of which text."""

from __future__ import annotations

from typing import Any

from beanscrow import __version__
from beanscrow.checks.examine import Counts
from beanscrow.checks.loading import Loaded
from beanscrow.checks.rows import Row, shown


def receipt(
    loaded: Loaded, counts: Counts | None, told: list[Row], depth: str
) -> dict[str, Any]:
    """Return proof that a check was made, fit for JSON.

    Silence proves nothing: a check that did not run is silent too.  The receipt
    says how many entries each invariant was asked of, and the SHA-256 of each file.

    Args:
      counts: None where the ledger could not be loaded.
      told: What was reported at the level asked for.
    """
    from beancount.parser.version import VERSION

    asked = counts or Counts(0, 0, 0, 0, 0, 0)
    return {
        "beanscrow": __version__,
        "beancount": VERSION,
        "level": depth,
        "sound": counts is not None and not any(row.level != "note" for row in told),
        "entries": len(loaded.entries),
        "transactions": asked.generated + asked.native,
        "generated": asked.generated,
        "deals": asked.deals,
        "directives": asked.directives,
        "tranches": asked.tranches,
        "invariants": {
            "I1": asked.generated,
            "I2": asked.generated,
            "I3": asked.tranches,
            "I4": asked.tranches + asked.accounts,
            "I5": asked.tranches,
            "I14": asked.generated + asked.directives,
        },
        "plugins": [name for name, _ in loaded.options.get("plugin", ())],
        "inputs": [
            {"file": shown(source.path), "sha256": source.digest}
            for source in loaded.sources.files
        ],
        "sha256": loaded.sources.digest,
    }
