"""Book what happens to a stake after its signing: impairment, observable prices, fair value.

The signing entry is the escrow plugin's; list this one after it.  Given a stake
under the measurement alternative carried at 8.00 a unit,

    2024-09-30 custom "deal-valuation" "moon" 6.50 USD
      kind: "impairment"
      source: "memo"

this plugin appends

    2024-09-30 * "Moonshot AI" "MOON.A remeasured, impairment, 6.50 a unit, memo"
      Assets:Investments:Equity:MeasurementAlternative:Moon  -100000 MOON.A {8.00 USD}
      Assets:Investments:Equity:MeasurementAlternative:Moon   100000 MOON.A {6.50 USD}
      Expenses:Investments:Impairment:Moon                 150000.00 USD

The contract liability stays as it is (606-10-32-23).
"""

from __future__ import annotations

from typing import Any

from beanscrow.booking.plugin import run

__plugins__ = ("book_stakes",)


def book_stakes(
    entries: list[Any], options_map: dict[str, Any], config: str | None = None
) -> tuple[list[Any], list[Any]]:
    """Return the entries with the later life of every stake appended, and errors."""
    return run("stakes", entries, options_map, config)
