"""A deal with a bit of everything the plugins book, as text, for either side."""

from __future__ import annotations

PLUGIN = 'plugin "beanscrow.plugins.deals"\n'
BOOKS = """
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE
"""
DEAL = """
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Alibaba Cloud"
  escrow-owner: "provider"
2024-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 8.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 1000 MOON.CR
  tranche: "T1"
  escrow: 900.00 USD
  expires: 2024-06-30
2024-02-29 custom "deal-usage" "moon" 250 MOON.CR
2024-03-31 custom "deal-usage" "moon" 250 MOON.CR
2024-04-30 custom "deal-usage" "moon" -50 MOON.CR
2024-05-31 custom "deal-valuation" "moon" 6.50 USD
  kind: "impairment"
  source: "memo"
2024-07-01 balance Liabilities:Contract:Credits:Moon:T1 0.00 USD
2024-07-01 balance Assets:Cash:Restricted:Escrow:Moon 0.00 USD
2024-07-01 balance Equity:Escrow:Moon:T1:Expired -550 MOON.CR
"""
