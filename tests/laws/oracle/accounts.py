"""The accounts of one deal, by the names the language gives them [4.3]."""

from __future__ import annotations

CASH = "Assets:Cash:Operating"
RESTRICTED = "Assets:Cash:Restricted:Escrow:Moon"
OWN_ESCROW = "Assets:Cash:Restricted:ComputeEscrow:Moon"
ESCROW_RECEIVABLE = "Assets:Receivables:Escrow:Moon"
RECEIVABLE = "Assets:Receivables:Trade:Moon"
STAKE_RECEIVABLE = "Assets:Receivables:Stake:Moon"
INVESTMENT_PAYABLE = "Liabilities:Payables:Investment:Moon"
UPFRONT = "Assets:Contract:UpfrontCustomerConsideration:Moon"
LIABILITY = "Liabilities:Contract:Credits:Moon:"
CONTRA = "Income:Revenue:Contra:ConsiderationPayable:Moon"
CONTRA_WARRANTS = "Income:Revenue:Contra:CustomerWarrants:Moon"
APIC_WARRANTS = "Equity:APIC:CustomerWarrants:Moon"
REMEASUREMENT = "Income:FX:Remeasurement"
UPWARD = "Income:Investments:UpwardPriceAdjustment:Moon"
DOWNWARD = "Expenses:Investments:DownwardPriceAdjustment:Moon"
IMPAIRMENT = "Expenses:Investments:Impairment:Moon"
UNREALIZED = "Income:Investments:UnrealizedGain:Moon"
FAIR_VALUE = "Income:Investments:FairValue:Moon"
AOCI = "Equity:AOCI:AFS:Moon"
OCI = "Equity:OCI:Moon"
SHARE_OF_RESULT = "Income:EquityMethod:ShareOfResult:Moon"
DILUTION_GAIN = "Income:EquityMethod:DilutionGain:Moon"
DEFERRED_PROFIT = "Liabilities:DeferredIntraEntityProfit:Moon"
REALIZED = "Income:Investments:RealizedGain:Moon"

PREPAID = "Assets:Prepaid:Compute:Moon:"
VENDOR = "Liabilities:DeferredVendorConsideration:Moon"
PAYABLE = "Liabilities:Payables:Cloud:Moon"
WARRANTS_EARNED = "Assets:Investments:WarrantsEarned:Moon"
SHARES_DUE = "Liabilities:Payables:Shares:Moon"
INVESTMENT_DUE = "Assets:Receivables:Investment:Moon"
FAIR_VALUE_CHANGE = "Expenses:FairValueChange:Moon"
OWN_CREDIT = "Equity:AOCI:OwnCredit:Moon"
EXTINGUISHMENT = "Equity:APIC:PreferredExtinguishment:Moon"


def revenue(service: str, word: str) -> str:
    """Return the provider's revenue account of a service, of one kind."""
    return f"Income:Revenue:{service}:Investee:{word}:Moon"


def compute(service: str) -> str:
    """Return the startup's account of a service, or of what came instead of one."""
    return f"Expenses:Compute:{service}:Moon"
