"""The chart of accounts: one role for each account the books are kept in.

`books` and `deal-policy` replace a template with `account-ROLE`.  `{Deal}` is the
deal's `account`, `{Tranche}` a tranche or a commitment, `{Service}` the account part
of a service, `{Instrument}` the kind of security ("Note").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from beanscrow.deal.terms import Role

PLACEHOLDERS = ("Deal", "Tranche", "Service", "Instrument")

ROLES: dict[Role, dict[str, str]] = {
    "provider": {
        "cash": "Assets:Cash:Operating",
        "escrow-cash": "Assets:Cash:Restricted:Escrow:{Deal}",
        "escrow-receivable": "Assets:Receivables:Escrow:{Deal}",
        "receivable": "Assets:Receivables:Trade:{Deal}",
        "stake-receivable": "Assets:Receivables:Stake:{Deal}",
        "contract-asset": "Assets:Contract:Asset:{Deal}",
        "upfront": "Assets:Contract:UpfrontCustomerConsideration:{Deal}",
        "stake-measurement-alternative": (
            "Assets:Investments:Equity:MeasurementAlternative:{Deal}"
        ),
        "stake-fvni": "Assets:Investments:Equity:FVNI:{Deal}",
        "stake-equity-method": "Assets:Investments:EquityMethod:{Deal}",
        "stake-afs": "Assets:Investments:Debt:AFS:{Deal}",
        "stake-fvtpl": "Assets:Investments:FVTPL:{Deal}",
        "stake-fvoci": "Assets:Investments:FVOCI:{Deal}",
        "stake-consolidated": "Assets:Investments:Subsidiary:{Deal}",
        "contract-liability": "Liabilities:Contract:Credits:{Deal}:{Tranche}",
        "intragroup-liability": "Liabilities:IntraGroup:Compute:{Deal}:{Tranche}",
        "intragroup-upfront": "Assets:IntraGroup:Consideration:{Deal}",
        "unearned-rent": "Liabilities:Lease:UnearnedRent:{Deal}:{Tranche}",
        "refund": "Liabilities:Refund:{Deal}",
        "third-party-payable": "Liabilities:Payables:ThirdParty:{Deal}",
        "investment-payable": "Liabilities:Payables:Investment:{Deal}",
        "onerous-provision": "Liabilities:Provisions:Onerous:{Deal}",
        "deferred-profit": "Liabilities:DeferredIntraEntityProfit:{Deal}",
        "loss-liability": "Liabilities:EquityMethod:Losses:{Deal}",
        "revenue-credits": "Income:Revenue:{Service}:Investee:Credits:{Deal}",
        "revenue-prepaid": "Income:Revenue:{Service}:Investee:Prepaid:{Deal}",
        "revenue-cash": "Income:Revenue:{Service}:Investee:Cash:{Deal}",
        "revenue-breakage": "Income:Revenue:{Service}:Investee:Breakage:{Deal}",
        "revenue-modification": "Income:Revenue:{Service}:Investee:Modification:{Deal}",
        "revenue-elimination": "Income:Revenue:{Service}:Investee:Elimination:{Deal}",
        "revenue-intragroup": "Income:IntraGroup:{Service}:{Deal}",
        "cost-elimination": "Expenses:CostOfRevenue:Elimination:{Deal}",
        "lease-income": "Income:Lease:Investee:{Deal}",
        "capacity-prepaid": "Assets:Prepaid:Capacity:{Deal}",
        "capacity-cost": "Expenses:Compute:Capacity:{Deal}",
        "guarantee-asset": "Assets:Contract:Guarantees:{Deal}",
        "guarantee-liability": "Liabilities:Guarantees:{Deal}",
        "guarantee-income": "Income:Other:Guarantees:{Deal}",
        "buyback-liability": "Liabilities:Financing:BuyBack:{Deal}",
        "buyback-interest": "Expenses:Interest:BuyBack:{Deal}",
        "lease-deferred": "Liabilities:Contract:LeaseIncome:{Deal}",
        "buyback-rent": "Income:Revenue:Lease:{Deal}",
        "contra-consideration": "Income:Revenue:Contra:ConsiderationPayable:{Deal}",
        "contra-warrants": "Income:Revenue:Contra:CustomerWarrants:{Deal}",
        "upward-price-adjustment": "Income:Investments:UpwardPriceAdjustment:{Deal}",
        "downward-price-adjustment": (
            "Expenses:Investments:DownwardPriceAdjustment:{Deal}"
        ),
        "unrealized-gain": "Income:Investments:UnrealizedGain:{Deal}",
        "realized-gain": "Income:Investments:RealizedGain:{Deal}",
        "fair-value-gain": "Income:Investments:FairValue:{Deal}",
        "noncash-consideration": "Income:Investments:NonCashConsideration:{Deal}",
        "conversion-gain": "Income:Investments:ConversionGain:{Deal}",
        "impairment": "Expenses:Investments:Impairment:{Deal}",
        "share-of-result": "Income:EquityMethod:ShareOfResult:{Deal}",
        "dilution-gain": "Income:EquityMethod:DilutionGain:{Deal}",
        "control-gain": "Income:Control:Remeasurement:{Deal}",
        "contract-settlement": "Income:Control:ContractSettlement:{Deal}",
        "influence-lost": "Income:EquityMethod:InfluenceLost:{Deal}",
        "aoci-afs": "Equity:AOCI:AFS:{Deal}",
        "oci": "Equity:OCI:{Deal}",
        "apic-warrants": "Equity:APIC:CustomerWarrants:{Deal}",
        "opening": "Equity:Opening",
        "termination-income": "Income:Other:Termination:{Deal}",
        "interest-expense": "Expenses:Interest:Financing:{Deal}",
        "fx-remeasurement": "Income:FX:Remeasurement",
        "promotional-compute": "Expenses:Marketing:PromotionalCompute",
        "cost-pool": "Expenses:CostOfRevenue:CostPool",
        "onerous-contract": "Expenses:OnerousContract:{Deal}",
        "gpu-cost": "Assets:PPE:GPU:Cost",
        "gpu-accumulated-depreciation": "Assets:PPE:GPU:AccumulatedDepreciation",
        "gpu-depreciation": "Expenses:CostOfRevenue:Depreciation:GPU",
        "gpu-impairment": "Expenses:Impairment:GPU",
        "escrow-units": "Equity:Escrow:{Deal}:{Tranche}",
    },
    "startup": {
        "cash": "Assets:Cash:Operating",
        "escrow-cash": "Assets:Cash:Restricted:ComputeEscrow:{Deal}",
        "stake-receivable": "Assets:Receivables:Investment:{Deal}",
        "shares-payable": "Liabilities:Payables:Shares:{Deal}",
        "prepaid": "Assets:Prepaid:Compute:{Deal}:{Tranche}",
        "shares-mezzanine": "Equity:Mezzanine:Preferred:{Deal}",
        "shares-preferred": "Equity:Preferred:{Deal}",
        "shares-common": "Equity:Common:{Deal}",
        "preferred-liability": "Liabilities:Preferred:FVTPL:{Deal}",
        "notes": "Liabilities:ConvertibleNotes:{Deal}",
        "payable": "Liabilities:Payables:Cloud:{Deal}",
        "vendor-consideration": "Liabilities:DeferredVendorConsideration:{Deal}",
        "warrants-earned": "Assets:Investments:WarrantsEarned:{Deal}",
        "warrant-gain": "Income:Investments:WarrantsEarned:{Deal}",
        "buyback-asset": "Assets:Receivables:BuyBack:{Deal}",
        "buyback-income": "Income:Interest:BuyBack:{Deal}",
        "lease-prepaid": "Assets:Leases:RightOfUse:{Deal}",
        "lease-cost": "Expenses:Lease:{Service}:{Deal}",
        "capacity-deferred": "Liabilities:Contract:Capacity:{Deal}",
        "capacity-revenue": "Income:Revenue:Capacity:{Deal}",
        "compute": "Expenses:Compute:{Service}:{Deal}",
        "model-development": "Assets:Intangible:ModelDevelopment:{Deal}",
        "expired-credits": "Expenses:Compute:ExpiredCredits:{Deal}",
        "termination-loss": "Expenses:Compute:TerminationLoss:{Deal}",
        "shortfall": "Expenses:Compute:Shortfall:{Deal}",
        "interest-income": "Income:Interest:Financing:{Deal}",
        "fair-value-change": "Expenses:FairValueChange:{Deal}",
        "aoci-own-credit": "Equity:AOCI:OwnCredit:{Deal}",
        "apic": "Equity:APIC:{Deal}",
        "extinguishment": "Equity:APIC:PreferredExtinguishment:{Deal}",
        "opening": "Equity:Opening",
        "fx-remeasurement": "Income:FX:Remeasurement",
        "escrow-units": "Equity:Escrow:{Deal}:{Tranche}",
    },
}

ROLE_NAMES: tuple[str, ...] = tuple(dict.fromkeys([*ROLES["provider"], *ROLES["startup"]]))

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def unknown_placeholders(template: str) -> list[str]:
    """Return the placeholders of an account template that stand for nothing known."""
    return [p for p in _PLACEHOLDER.findall(template) if p not in PLACEHOLDERS]


def specimen_account(template: str) -> str:
    """Return the template with every placeholder filled by a valid component."""
    return _PLACEHOLDER.sub("X", template)
