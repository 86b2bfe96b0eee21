"""Sound books, written by hand: every kind of event of a tranche's life, on both sides.

One tranche of 10,000 credits of Moonshot for shares of 8,000.00, 0.80 a credit, with
escrow of 5,000.00, 0.50 a credit:

                        credits      price     escrow
  granted 2024-01-01     10,000   8,000.00   5,000.00
  drawn   2024-03-31      4,000   3,200.00   2,000.00
  drawn   2024-06-30      2,000   1,600.00   1,000.00
  refund  2024-07-31       -500    -400.00    -250.00
  drawn   2024-08-31      1,000     800.00     500.00
  forfeit 2024-09-30        500     400.00     250.00
  lapsed  2024-12-31      3,000   2,400.00   1,500.00
  late    2025-01-10        100      80.00             out of what has lapsed

And one of Sunbird: 100 credits for 100.00; 40 drawn; the other 60 blended with 40 new
ones for 40.00 more; 20 of the blend drawn.

VENDOR has what is no draw: compute owed for shares under a promise, warrants earned by
400.00 of 1,000.00 purchases, the shortfall
of a promise to buy for 500.00, a note of which 40 % is sold, and a service that stands
ready for 91 days.
"""

from __future__ import annotations

PROVIDER = """
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "provider"
2024-01-01 custom "deal-stake" "moon" 1000 MOON.A  ; @stake
  fair-value: 8.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 10000 MOON.CR  ; @grant
  tranche: "T1"
  escrow: 5000.00 USD
  expires: 2024-12-31
2024-03-31 custom "deal-usage" "moon" 4000 MOON.CR  ; @march
2024-06-30 custom "deal-usage" "moon" 2000 MOON.CR  ; @june
2024-07-31 custom "deal-usage" "moon" -500 MOON.CR  ; @refund
2024-08-31 custom "deal-usage" "moon" 1000 MOON.CR  ; @august
2024-09-15 custom "deal-usage" "moon" 300.00 USD  ; @money
  service: "Support"
2024-09-30 custom "deal-forfeit" "moon" 500 MOON.CR  ; @forfeit
  tranche: "T1"
  reason: "termination"
2024-10-15 custom "deal-payment" "moon" 300.00 USD  ; @payment
2024-12-31 custom "deal-valuation" "moon" 6.00 USD  ; @valuation
  kind: "impairment"
  source: "memo"
2025-01-10 custom "deal-usage" "moon" 100 MOON.CR  ; @late
  of: 2024-12-15
2024-01-01 custom "deal" "sun" "Sunbird"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-stake" "sun" 100 SUN.A  ; @sun-stake
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "sun" 100 SUN.CR  ; @sun-grant
  tranche: "T1"
2024-03-31 custom "deal-usage" "sun" 40 SUN.CR  ; @sun-march
2024-06-30 custom "deal-stake" "sun" 40 SUN.A  ; @sun-more
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2024-06-30 custom "deal-grant" "sun" 40 SUN.CR  ; @blend
  tranche: "B"
  modification: "blend"
  blends: "T1"
2024-07-31 custom "deal-usage" "sun" 20 SUN.CR  ; @sun-july

2024-01-01 * "Moonshot AI" "signing"
  lineno: @stake
  deal: "moon"
  rule: "606-10-32-21"
  booked-by: "escrow"
  Assets:Investments:Equity:MeasurementAlternative:Moon       1000 MOON.A {8.00 USD, 2024-01-01}
  Liabilities:Contract:Credits:Moon:T1                    -8000.00 USD
2024-01-01 * "Moonshot AI" "grant"
  lineno: @grant
  deal: "moon"
  rule: "230-10-45-4"
  booked-by: "escrow"
  Assets:Cash:Restricted:Escrow:Moon                       5000.00 USD
  Assets:Cash:Operating                                   -5000.00 USD
  Equity:Escrow:Moon:T1:Granted                              10000 MOON.CR
  Equity:Escrow:Moon:T1:Held                                -10000 MOON.CR
2024-03-31 * "Moonshot AI" "march"
  lineno: @march
  deal: "moon"
  rule: "606-10-55-46"
  booked-by: "escrow"
  Liabilities:Contract:Credits:Moon:T1                     3200.00 USD
  Income:Revenue:Compute:Investee:Credits:Moon            -3200.00 USD
  Assets:Cash:Operating                                    2000.00 USD
  Assets:Cash:Restricted:Escrow:Moon                      -2000.00 USD
  Equity:Escrow:Moon:T1:Held                                  4000 MOON.CR
  Equity:Escrow:Moon:T1:Drawn                                -4000 MOON.CR
2024-06-30 * "Moonshot AI" "june"
  lineno: @june
  deal: "moon"
  rule: "606-10-55-46"
  booked-by: "escrow"
  Liabilities:Contract:Credits:Moon:T1                     1600.00 USD
  Income:Revenue:Compute:Investee:Credits:Moon            -1600.00 USD
  Assets:Cash:Operating                                    1000.00 USD
  Assets:Cash:Restricted:Escrow:Moon                      -1000.00 USD
  Equity:Escrow:Moon:T1:Held                                  2000 MOON.CR
  Equity:Escrow:Moon:T1:Drawn                                -2000 MOON.CR
2024-07-31 * "Moonshot AI" "refund"
  lineno: @refund
  deal: "moon"
  rule: "606-10-55-46"
  booked-by: "escrow"
  Liabilities:Contract:Credits:Moon:T1                     -400.00 USD
  Income:Revenue:Compute:Investee:Credits:Moon              400.00 USD
  Assets:Cash:Operating                                    -250.00 USD
  Assets:Cash:Restricted:Escrow:Moon                        250.00 USD
  Equity:Escrow:Moon:T1:Held                                  -500 MOON.CR
  Equity:Escrow:Moon:T1:Drawn                                  500 MOON.CR
2024-08-31 * "Moonshot AI" "august"
  lineno: @august
  deal: "moon"
  rule: "606-10-55-46"
  booked-by: "escrow"
  Liabilities:Contract:Credits:Moon:T1                      800.00 USD
  Income:Revenue:Compute:Investee:Credits:Moon             -800.00 USD
  Assets:Cash:Operating                                     500.00 USD
  Assets:Cash:Restricted:Escrow:Moon                       -500.00 USD
  Equity:Escrow:Moon:T1:Held                                  1000 MOON.CR
  Equity:Escrow:Moon:T1:Drawn                                -1000 MOON.CR
2024-09-15 * "Moonshot AI" "support"
  lineno: @money
  deal: "moon"
  rule: "606-10-25-27(a)"
  booked-by: "escrow"
  Assets:Receivables:Trade:Moon                             300.00 USD
  Income:Revenue:Support:Investee:Cash:Moon                -300.00 USD
2024-09-30 * "Moonshot AI" "forfeit"
  lineno: @forfeit
  deal: "moon"
  rule: "606-10-55-48"
  booked-by: "escrow"
  Liabilities:Contract:Credits:Moon:T1                      400.00 USD
  Income:Revenue:Compute:Investee:Breakage:Moon            -400.00 USD
  Assets:Cash:Operating                                     250.00 USD
  Assets:Cash:Restricted:Escrow:Moon                       -250.00 USD
  Equity:Escrow:Moon:T1:Held                                   500 MOON.CR
  Equity:Escrow:Moon:T1:Forfeited                             -500 MOON.CR
2024-10-15 * "Moonshot AI" "payment"
  lineno: @payment
  deal: "moon"
  rule: "606-10-45-4"
  booked-by: "escrow"
  Assets:Cash:Operating                                     300.00 USD
  Assets:Receivables:Trade:Moon                            -300.00 USD
2024-12-31 * "Moonshot AI" "lapse"
  lineno: @grant
  deal: "moon"
  rule: "606-10-55-48"
  booked-by: "escrow"
  Liabilities:Contract:Credits:Moon:T1                     2400.00 USD
  Income:Revenue:Compute:Investee:Breakage:Moon           -2400.00 USD
  Assets:Cash:Operating                                    1500.00 USD
  Assets:Cash:Restricted:Escrow:Moon                      -1500.00 USD
  Equity:Escrow:Moon:T1:Held                                  3000 MOON.CR
  Equity:Escrow:Moon:T1:Expired                              -3000 MOON.CR
2024-12-31 * "Moonshot AI" "impairment"
  lineno: @valuation
  deal: "moon"
  rule: "321-10-35-3"
  booked-by: "stakes"
  Assets:Investments:Equity:MeasurementAlternative:Moon      -1000 MOON.A {8.00 USD, 2024-01-01}
  Assets:Investments:Equity:MeasurementAlternative:Moon       1000 MOON.A {6.00 USD, 2024-01-01}
  Expenses:Investments:Impairment:Moon                     2000.00 USD
2025-01-10 * "Moonshot AI" "late"
  lineno: @late
  deal: "moon"
  rule: "606-10-55-46"
  booked-by: "escrow"
  Income:Revenue:Compute:Investee:Breakage:Moon              80.00 USD
  Income:Revenue:Compute:Investee:Credits:Moon              -80.00 USD
  Equity:Escrow:Moon:T1:Expired                                100 MOON.CR
  Equity:Escrow:Moon:T1:Drawn                                 -100 MOON.CR
2024-01-01 * "Sunbird" "sun signing"
  lineno: @sun-stake
  deal: "sun"
  rule: "606-10-32-21"
  booked-by: "escrow"
  Assets:Investments:Equity:MeasurementAlternative:Sun         100 SUN.A {1.00 USD, 2024-01-01}
  Liabilities:Contract:Credits:Sun:T1                      -100.00 USD
2024-01-01 * "Sunbird" "sun grant"
  lineno: @sun-grant
  deal: "sun"
  rule: "606-10-45-2"
  booked-by: "escrow"
  Equity:Escrow:Sun:T1:Granted                                 100 SUN.CR
  Equity:Escrow:Sun:T1:Held                                   -100 SUN.CR
2024-03-31 * "Sunbird" "sun march"
  lineno: @sun-march
  deal: "sun"
  rule: "606-10-55-46"
  booked-by: "escrow"
  Liabilities:Contract:Credits:Sun:T1                        40.00 USD
  Income:Revenue:Compute:Investee:Credits:Sun               -40.00 USD
  Equity:Escrow:Sun:T1:Held                                     40 SUN.CR
  Equity:Escrow:Sun:T1:Drawn                                   -40 SUN.CR
2024-06-30 * "Sunbird" "sun again"
  lineno: @sun-more
  deal: "sun"
  rule: "606-10-32-21"
  booked-by: "escrow"
  Assets:Investments:Equity:MeasurementAlternative:Sun          40 SUN.A {1.00 USD, 2024-06-30}
  Liabilities:Contract:Credits:Sun:B                        -40.00 USD
2024-06-30 * "Sunbird" "blend"
  lineno: @blend
  deal: "sun"
  rule: "606-10-25-13(a)"
  booked-by: "escrow"
  Liabilities:Contract:Credits:Sun:T1                        60.00 USD
  Liabilities:Contract:Credits:Sun:B                        -60.00 USD
  Equity:Escrow:Sun:T1:Held                                     60 SUN.CR
  Equity:Escrow:Sun:T1:Moved                                   -60 SUN.CR
  Equity:Escrow:Sun:B:Moved                                     60 SUN.CR
  Equity:Escrow:Sun:B:Held                                     -60 SUN.CR
2024-06-30 * "Sunbird" "new credits"
  lineno: @blend
  deal: "sun"
  rule: "606-10-45-2"
  booked-by: "escrow"
  Equity:Escrow:Sun:B:Granted                                   40 SUN.CR
  Equity:Escrow:Sun:B:Held                                     -40 SUN.CR
2024-07-31 * "Sunbird" "sun july"
  lineno: @sun-july
  deal: "sun"
  rule: "606-10-55-46"
  booked-by: "escrow"
  Liabilities:Contract:Credits:Sun:B                         20.00 USD
  Income:Revenue:Compute:Investee:Credits:Sun               -20.00 USD
  Equity:Escrow:Sun:B:Held                                      20 SUN.CR
  Equity:Escrow:Sun:B:Drawn                                    -20 SUN.CR
"""

STARTUP = """
2024-01-01 custom "books" "startup"
  framework: "us-gaap"
  currency: "USD"
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-stake" "moon" 1000 MOON.A  ; @stake
  fair-value: 8.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 10000 MOON.CR  ; @grant
2024-03-31 custom "deal-usage" "moon" 4000 MOON.CR  ; @march
2024-01-01 custom "deal-charge" "moon" "Compute" Expenses:Training 1
2024-03-31 custom "deal-estimate" "moon"
  breakage: 0.10
2024-03-31 custom "deal-valuation" "moon" 9.00 USD
  kind: "observable"
  source: "second close"

2024-01-01 * "Cloud" "signing"
  lineno: @stake
  deal: "moon"
  rule: "718-10-35-1B"
  booked-by: "escrow"
  Assets:Prepaid:Compute:Moon:T1          8000.00 USD
  Equity:Mezzanine:Preferred:Moon        -8000.00 USD
2024-01-01 * "Cloud" "grant"
  lineno: @grant
  deal: "moon"
  rule: "718-10-45-3"
  booked-by: "escrow"
  Equity:Escrow:Moon:T1:Granted            -10000 MOON.CR
  Equity:Escrow:Moon:T1:Held                10000 MOON.CR
2024-03-31 * "Cloud" "march"
  lineno: @march
  deal: "moon"
  rule: "718-10-25-2C"
  booked-by: "escrow"
  Expenses:Training                       3200.00 USD
  Assets:Prepaid:Compute:Moon:T1         -3200.00 USD
  Equity:Escrow:Moon:T1:Held                -4000 MOON.CR
  Equity:Escrow:Moon:T1:Drawn                4000 MOON.CR
"""

VENDOR = """\
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  through: 2024-06-30
2024-01-01 custom "deal" "chips" "OpenAI"
  provider: "AMD"
  service: "Chips"
2024-01-01 custom "deal-warrant" "chips" 10 AMD.W  ; @warrant
  fair-value: 10.00 USD
  vests-on: 1000.00 USD
2024-01-01 custom "deal-commitment" "chips" 500.00 USD  ; @promise
  to: 2024-03-31
  shortfall: "take-or-pay"
2024-01-31 custom "deal-usage" "chips" 400.00 USD  ; @usage
2024-01-01 custom "deal" "note" "Moonshot AI"  ; @note
  provider: "AMD"
2024-01-01 custom "deal-stake" "note" 100 MOON.N  ; @bought
  fair-value: 1.00 USD
  fair-value-source: "round-price"
  instrument: "note"
2024-01-01 custom "deal-cash" "note" 100.00 USD
2024-02-29 custom "deal-valuation" "note" 1.30 USD  ; @mark
  kind: "fair-value"
  source: "appraisal"
2024-03-15 custom "deal-sale" "note" 40 MOON.N  ; @sale
  price: 1.50 USD
  settles: 2024-04-15
2024-01-01 custom "deal" "red" "Lantern AI"
  provider: "AMD"
  escrow-owner: "none"
  service: "Promotion"
2024-01-01 custom "deal-stake" "red" 91 RED.A  ; @red
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "red" 91 RED.DAY  ; @days
  expires: 2024-03-31
  delivery: "stand-ready"
2024-01-01 custom "deal" "sun" "Sunshot AI"
  provider: "AMD"
2024-01-01 custom "deal-stake" "sun" 106 SUN.A  ; @sun
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-cash" "sun" 100.00 USD
2024-01-01 custom "deal-commitment" "sun" 60.00 USD  ; @carries
  to: 2024-12-31
2024-01-31 custom "deal-usage" "sun" 20.00 USD  ; @buys

2024-06-01 custom "fleet" "hgx-1" 1200.00 USD  ; @fleet
  in-service: 2024-06-01
  life-years: 1

2024-06-01 * "hgx-1" "Bought"
  lineno: @fleet
  fleet: "hgx-1"
  rule: "360-10-30-1"
  booked-by: "escrow"
  Assets:PPE:GPU:Cost                          1200.00 USD
  Assets:Cash:Operating                       -1200.00 USD
2024-06-30 * "hgx-1" "depreciation of june"
  lineno: @fleet
  fleet: "hgx-1"
  rule: "360-10-35-4"
  booked-by: "escrow"
  Expenses:CostOfRevenue:Depreciation:GPU       100.00 USD
  Assets:PPE:GPU:AccumulatedDepreciation       -100.00 USD
2024-01-01 * "Sunshot AI" "sun signing"
  lineno: @sun
  deal: "sun"
  rule: "606-10-32-21"
  booked-by: "escrow"
  Assets:Investments:Equity:MeasurementAlternative:Sun  106 SUN.A {1.00 USD, 2024-01-01, "sun"}
  Assets:Cash:Operating                        -100.00 USD
  Liabilities:Contract:Credits:Sun:C1            -6.00 USD
2024-01-31 * "Sunshot AI" "sun billed"
  lineno: @buys
  deal: "sun"
  rule: "606-10-25-27(a)"
  booked-by: "escrow"
  Assets:Receivables:Trade:Sun                   20.00 USD
  Income:Revenue:Compute:Investee:Cash:Sun      -20.00 USD
2024-01-31 * "Sunshot AI" "sun released"
  lineno: @buys
  deal: "sun"
  rule: "606-10-55-46"
  booked-by: "escrow"
  Liabilities:Contract:Credits:Sun:C1             2.00 USD
  Income:Revenue:Compute:Investee:Credits:Sun    -2.00 USD
2024-01-31 * "OpenAI" "bill"
  lineno: @usage
  deal: "chips"
  rule: "606-10-25-27(a)"
  booked-by: "escrow"
  Assets:Receivables:Trade:Chips                400.00 USD
  Income:Revenue:Chips:Investee:Cash:Chips     -400.00 USD
2024-01-31 * "OpenAI" "earned"
  lineno: @warrant
  deal: "chips"
  rule: "606-10-32-25"
  booked-by: "escrow"
  Income:Revenue:Contra:CustomerWarrants:Chips   40.00 USD
  Equity:APIC:CustomerWarrants:Chips            -40.00 USD
2024-03-31 * "OpenAI" "shortfall"
  lineno: @promise
  deal: "chips"
  rule: "606-10-55-48"
  booked-by: "escrow"
  Assets:Receivables:Trade:Chips                100.00 USD
  Income:Revenue:Chips:Investee:Breakage:Chips -100.00 USD
2024-01-01 * "Moonshot AI" "note bought"
  lineno: @bought
  deal: "note"
  rule: "320-10-30-1"
  booked-by: "escrow"
  Assets:Investments:Debt:AFS:Note   100 MOON.N {1.00 USD, 2024-01-01, "note"}
  Assets:Cash:Operating                        -100.00 USD
2024-02-29 * "Moonshot AI" "note marked"
  lineno: @mark
  deal: "note"
  rule: "320-10-35-1"
  booked-by: "stakes"
  Assets:Investments:Debt:AFS:Note  -100 MOON.N {1.00 USD, 2024-01-01, "note"}
  Assets:Investments:Debt:AFS:Note   100 MOON.N {1.30 USD, 2024-01-01, "note"}
  Equity:AOCI:AFS:Note                          -30.00 USD
2024-03-15 * "Moonshot AI" "note sold"
  lineno: @sale
  deal: "note"
  rule: "320-10-40-1"
  booked-by: "stakes"
  Assets:Investments:Debt:AFS:Note   -40 MOON.N {1.30 USD, 2024-01-01, "note"}
  Assets:Receivables:Stake:Note                  60.00 USD
  Income:Investments:RealizedGain:Note           -8.00 USD
2024-03-15 * "Moonshot AI" "gains reclassified"
  lineno: @sale
  deal: "note"
  rule: "320-10-40-2"
  booked-by: "stakes"
  Equity:AOCI:AFS:Note                           12.00 USD
  Income:Investments:RealizedGain:Note          -12.00 USD
2024-04-15 * "Moonshot AI" "sale settled"
  lineno: @sale
  deal: "note"
  rule: "320-10-40-1"
  booked-by: "stakes"
  Assets:Cash:Operating                          60.00 USD
  Assets:Receivables:Stake:Note                 -60.00 USD
2024-01-01 * "Lantern AI" "red signing"
  lineno: @red
  deal: "red"
  rule: "606-10-32-21"
  booked-by: "escrow"
  Assets:Investments:Equity:MeasurementAlternative:Red  91 RED.A {1.00 USD, 2024-01-01, "red"}
  Liabilities:Contract:Credits:Red:T1           -91.00 USD
2024-01-01 * "Lantern AI" "days granted"
  lineno: @days
  deal: "red"
  rule: "606-10-45-2"
  booked-by: "escrow"
  Equity:Escrow:Red:T1:Granted                      91 RED.DAY
  Equity:Escrow:Red:T1:Held                        -91 RED.DAY
2024-01-31 * "Lantern AI" "january"
  lineno: @days
  deal: "red"
  rule: "606-10-25-14(b)"
  booked-by: "escrow"
  Liabilities:Contract:Credits:Red:T1            31.00 USD
  Income:Revenue:Promotion:Investee:Credits:Red -31.00 USD
  Equity:Escrow:Red:T1:Held                         31 RED.DAY
  Equity:Escrow:Red:T1:Drawn                       -31 RED.DAY
2024-02-29 * "Lantern AI" "february"
  lineno: @days
  deal: "red"
  rule: "606-10-25-14(b)"
  booked-by: "escrow"
  Liabilities:Contract:Credits:Red:T1            29.00 USD
  Income:Revenue:Promotion:Investee:Credits:Red -29.00 USD
  Equity:Escrow:Red:T1:Held                         29 RED.DAY
  Equity:Escrow:Red:T1:Drawn                       -29 RED.DAY
2024-03-31 * "Lantern AI" "last of march"
  lineno: @days
  deal: "red"
  rule: "606-10-25-14(b)"
  booked-by: "escrow"
  Liabilities:Contract:Credits:Red:T1            31.00 USD
  Income:Revenue:Promotion:Investee:Credits:Red -31.00 USD
  Equity:Escrow:Red:T1:Held                         31 RED.DAY
  Equity:Escrow:Red:T1:Drawn                       -31 RED.DAY
"""

# Dollars billed, credited and paid in books kept in yuan: 100.00 at 7.10; at 7.20 they are
# 720.00; 10.00 credited at 7.20; 90.00 are 630.00 at 7.00; 40.00 paid leave 50.00.
ABROAD = """
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "CNY"
2024-01-10 price USD 7.10 CNY
2024-01-31 price USD 7.20 CNY
2024-02-20 price USD 7.00 CNY
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  overage-price: 1.00 USD
2024-01-12 custom "deal-usage" "moon" 100.00 USD  ; @billed
2024-02-01 custom "deal-usage" "moon" -10.00 USD  ; @credited
2024-02-21 custom "deal-payment" "moon" 40.00 USD  ; @paid

2024-01-12 * "Moonshot AI" "dollars billed"
  lineno: @billed
  deal: "moon"
  rule: "606-10-25-27(a); 830-20-25-1"
  booked-by: "escrow"
  Assets:Receivables:Trade:Moon                  710.00 CNY
  Income:Revenue:Compute:Investee:Cash:Moon     -710.00 CNY
2024-01-31 * "Moonshot AI" "month end"
  lineno: @billed
  deal: "moon"
  rule: "830-20-35-1; 830-20-35-2"
  booked-by: "escrow"
  Assets:Receivables:Trade:Moon                   10.00 CNY
  Income:FX:Remeasurement                        -10.00 CNY
2024-02-01 * "Moonshot AI" "dollars credited"
  lineno: @credited
  deal: "moon"
  rule: "606-10-25-27(a); 830-20-25-1"
  booked-by: "escrow"
  Assets:Receivables:Trade:Moon                  -72.00 CNY
  Income:Revenue:Compute:Investee:Cash:Moon       72.00 CNY
2024-02-21 * "Moonshot AI" "before the payment"
  lineno: @billed
  deal: "moon"
  rule: "830-20-35-1; 830-20-35-2"
  booked-by: "escrow"
  Assets:Receivables:Trade:Moon                  -18.00 CNY
  Income:FX:Remeasurement                         18.00 CNY
2024-02-21 * "Moonshot AI" "dollars paid"
  lineno: @paid
  deal: "moon"
  rule: "606-10-45-4"
  booked-by: "escrow"
  Assets:Cash:Operating                          280.00 CNY
  Assets:Receivables:Trade:Moon                 -280.00 CNY
"""
