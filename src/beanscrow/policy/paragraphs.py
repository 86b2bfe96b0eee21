"""The paragraphs that decide each event, by framework and side.

US GAAP paragraphs are of the FASB Codification (606-10-32-21); IFRS ones carry
the standard's name.  docs/policies/ says which of them could not be re-read.
"""

from __future__ import annotations

from beanscrow.deal.terms import Framework, Role

_US_PROVIDER = {
    "signing": "606-10-32-21; 321-10-30-1",
    "purchase": "321-10-30-1",
    "opening": "opening balance",
    "settled": "606-10-32-21",
    "granted": "606-10-45-2",
    "escrow": "230-10-45-4",
    "promotional": "606-10-25-1",
    "drawn": "606-10-55-46",
    "stand-ready": "606-10-25-14(b); 606-10-55-184",
    "refund": "606-10-55-46",
    "late": "606-10-55-46",
    "billed": "606-10-25-27(a)",
    "paid": "606-10-45-4",
    "agent": "606-10-55-38",
    "warrants": "606-10-32-25; 606-10-32-27",
    "estimate": "606-10-55-48",
    "lapsed": "606-10-55-48",
    "blend": "606-10-25-13(a)",
    "modification": "606-10-25-13",
    "breakage": "606-10-55-48",
    "consideration": "606-10-32-25",
    "sale": "321-10-40-1",
    "reclassify": "321-10-35-1",
    "conversion": "320-10-40-1; 321-10-30-1",
    "recycle": "320-10-40-2",
    "observable": "321-10-35-1",
    "similar": "321-10-35-1",
    "impairment": "321-10-35-3",
    "fair-value": "321-10-35-1",
}
_IFRS_PROVIDER = {
    "signing": "IFRS 15.66; IFRS 9.5.1.1",
    "purchase": "IFRS 9.5.1.1",
    "opening": "opening balance",
    "settled": "IFRS 15.66",
    "granted": "IFRS 15.106",
    "escrow": "IAS 7.48",
    "promotional": "IFRS 15.9",
    "drawn": "IFRS 15.B44",
    "stand-ready": "IFRS 15.22(b); IFRS 15.B18",
    "refund": "IFRS 15.B44",
    "late": "IFRS 15.B44",
    "billed": "IFRS 15.35(a)",
    "paid": "IFRS 15.108",
    "agent": "IFRS 15.B36",
    "warrants": "IFRS 15.70; IFRS 15.72",
    "estimate": "IFRS 15.B46",
    "lapsed": "IFRS 15.B46",
    "blend": "IFRS 15.21(a)",
    "modification": "IFRS 15.21",
    "breakage": "IFRS 15.B46",
    "consideration": "IFRS 15.70",
    "sale": "IFRS 9.3.2.12",
    "reclassify": "IFRS 9.4.1.4",
    "conversion": "IFRS 9.3.2.3",
    "recycle": "IFRS 9.5.7.10",
    "observable": "IFRS 9.5.7.1",
    "similar": "IFRS 9.5.7.1",
    "impairment": "IFRS 9.5.7.1",
    "fair-value": "IFRS 9.5.7.1",
}
_US_STARTUP = {
    **_US_PROVIDER,
    "signing": "718-10-35-1B; 480-10-S99-3A",
    "purchase": "480-10-S99-3A",
    "settled": "718-10-35-1B",
    "granted": "718-10-45-3",
    "drawn": "718-10-25-2C",
    "stand-ready": "718-10-25-2C",
    "refund": "718-10-25-2C",
    "late": "718-10-25-2C",
    "billed": "705-10-25",
    "paid": "405-20-40-1",
    "warrants": "705-20-25-1",
    "lapsed": "718-10-25-2C",
    "blend": "718-10-35-1B",
    "modification": "260-10-S99-2",
    "conversion": "470-20-40-4",
    "fair-value": "825-10-45-5",
    "breakage": "718-10-25-2C",
    "consideration": "705-20-25-1",
}
_IFRS_STARTUP = {
    **_IFRS_PROVIDER,
    "signing": "IFRS 2.10; IAS 32.16",
    "purchase": "IAS 32.16",
    "settled": "IFRS 2.10",
    "granted": "IFRS 2.8",
    "drawn": "IFRS 2.8",
    "stand-ready": "IFRS 2.8",
    "refund": "IFRS 2.8",
    "late": "IFRS 2.8",
    "billed": "IFRS 9.3.1.1",
    "paid": "IFRS 9.3.3.1",
    "warrants": "IAS 2.11; IAS 16.16",
    "lapsed": "IFRS 2.8",
    "blend": "IFRS 2.10",
    "modification": "IAS 32.33",
    "conversion": "IAS 32.AG32",
    "breakage": "IFRS 2.8",
    "consideration": "IFRS 2.10",
}
_RULES: dict[tuple[Framework, Role], dict[str, str]] = {
    ("us-gaap", "provider"): _US_PROVIDER,
    ("us-gaap", "startup"): _US_STARTUP,
    ("ifrs", "provider"): _IFRS_PROVIDER,
    ("ifrs", "startup"): _IFRS_STARTUP,
}


def rules_of(framework: Framework, side: Role) -> dict[str, str]:
    """Return the paragraphs that decide each kind of event for one side."""
    return _RULES[framework, side]
