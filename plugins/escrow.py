"""Book the contract side of every deal: credits in escrow, their use as revenue.

Given the facts of a deal

    2024-03-01 custom "deal" "moon" "Moonshot AI"
      provider: "Alibaba Cloud"
      escrow-owner: "provider"
    2024-03-01 custom "deal-stake" "moon" 400000 MOON.A
      fair-value: 24.00 USD
      fair-value-source: "valuation"
    2024-03-01 custom "deal-grant" "moon" 12000000 MOON.CR
      escrow: 12000000.00 USD
    2024-03-31 custom "deal-usage" "moon" 1500000 MOON.CR

and `books` that say "provider", this plugin appends the signing, the grant, and

    2024-03-31 * "Moonshot AI" "Compute, 1,500,000 MOON.CR from T1" ^deal-moon
      Liabilities:Contract:Credits:Moon:T1             1200000.00 USD
      Income:Revenue:Compute:Investee:Credits:Moon    -1200000.00 USD
      Assets:Cash:Operating                            1500000.00 USD
      Assets:Cash:Restricted:Escrow:Moon              -1500000.00 USD
      Equity:Escrow:Moon:T1:Held                          1500000 MOON.CR
      Equity:Escrow:Moon:T1:Drawn                        -1500000 MOON.CR

Entries of the ledger are never changed.  What cannot be booked is an error at its
own line, and nothing of it is booked.
"""

from __future__ import annotations

from typing import Any

from beanscrow.booking.plugin import run

__plugins__ = ("book_contracts",)


def book_contracts(
    entries: list[Any], options_map: dict[str, Any], config: str | None = None
) -> tuple[list[Any], list[Any]]:
    """Return the entries with the contract side of every deal appended, and errors."""
    return run("escrow", entries, options_map, config)
