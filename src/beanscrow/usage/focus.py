"""The FOCUS Cost and Usage columns: which are wanted, and how a version is told.

A column is never asked for that is not mandatory in every version from 1.0 on; one
that a matching term or a measure needs is asked for only where a deal names it.
Drawdowns are told apart by ServiceCategory, of which FOCUS has some twenty: names of
services are hundreds, and would be as many accounts.
"""

from __future__ import annotations

from collections.abc import Iterable

COSTS = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
CORE = (
    *COSTS,
    "BillingAccountId",
    "BillingCurrency",
    "BillingPeriodStart",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ChargeCategory",
)
PROVIDERS = ("ServiceProviderName", "ProviderName")  # the newer name first
SERVICES = ("ServiceCategory", "ServiceName")  # the second where a file lacks the first
STATUS = "CommitmentDiscountStatus"
CONTRACT_APPLIED = "ContractApplied"
NULLS = ("", "NULL")

# What a column measures, and the column that says in which unit.
MEASURES = {
    **dict.fromkeys(COSTS, "BillingCurrency"),
    "PricingCurrencyEffectiveCost": "PricingCurrency",
    "ConsumedQuantity": "ConsumedUnit",
    "PricingQuantity": "PricingUnit",
}
QUANTITIES = ("ConsumedQuantity", "PricingQuantity")

# Charge categories, each by the place it has for the engine, from 1; 0 is none of them.
CATEGORY_CODES = ("usage", "adjustment", "purchase", "tax", "credit")
USAGE_CODES = 2  # usage and adjustments of it come first
CATEGORY_OF_CODE = ("", "usage", "usage", "purchase", "tax", "credit")

_SINCE = (
    ("1.4", ("InvoiceDetailId", "CommitmentProgramEligibilityDetails")),
    (
        "1.3",
        (
            "ContractApplied",
            "ServiceProviderName",
            "HostProviderName",
            "AllocatedMethodId",
            "AllocatedTags",
        ),
    ),
    (
        "1.2",
        (
            "InvoiceId",
            "PricingCurrency",
            "PricingCurrencyEffectiveCost",
            "BillingAccountType",
            "SubAccountType",
        ),
    ),
    (
        "1.1",
        (
            "ServiceSubcategory",
            "SkuMeter",
            "SkuPriceDetails",
            "CapacityReservationId",
            "CommitmentDiscountQuantity",
        ),
    ),
)


def missing(header: Iterable[str]) -> list[str]:
    """Return the columns every FOCUS version has and this header lacks."""
    names = set(header)
    lacking = [name for name in CORE if name not in names]
    for either in (PROVIDERS, SERVICES):
        if not names.intersection(either):
            lacking.append(either[0])
    return lacking


def version(header: Iterable[str]) -> str:
    """Return the oldest FOCUS version that knows the newest column of a header.

    Args:
      header: Column names; missing() of it is empty.
    """
    names = set(header)
    for number, columns in _SINCE:
        if names.intersection(columns):
            return number
    return "1.0"
