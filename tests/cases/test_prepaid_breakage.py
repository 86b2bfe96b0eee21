"""What is not built says so where it would turn a liability into a debit."""

from __future__ import annotations

from tests.cases.harness import generated
from tests.support.ledgers import load_text

LEDGER = """
plugin "beanscrow.plugins.deals"
2023-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "startup"
2024-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 9.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 300 MOON.CR
  tranche: "T1"
  escrow: 890.00 USD
2024-01-01 custom "deal-policy" "moon"
  breakage-method: "proportional"
2024-01-02 custom "deal-estimate" "moon"
  breakage: 0.20
2024-02-01 custom "deal-usage" "moon" 100 MOON.CR
"""


def test_expected_breakage_of_a_startups_escrow_is_refused_and_the_draw_is_booked() -> None:
    ledger = load_text(LEDGER)
    assert [error.message[:4] for error in ledger.errors] == ["E290"]
    assert any(str(entry.date) == "2024-02-01" for entry in generated(ledger.entries))
