"""The mapping of account names between the worked ledgers and ours, written down once.

The worked ledgers keep one deal each and leave its name out, or call the provider
"Cloud" and the shares "SeriesA"; our accounts say which deal they belong to
(ledger language, 4.3).  So the parent of ours is theirs.
"""

from __future__ import annotations

# What stands for the deal or the other party in an account, in theirs and in ours.
OF_THE_DEAL = frozenset({"Moon", "Free", "Cloud", "SeriesA"})

# Ours where the worked ledger has another word than the deal's.
OURS = {"Cloud": "Moon"}

# Whole accounts that the worked ledgers name otherwise.  AMD's customer is no investee;
# our accounts say "Investee" of every customer, which docs/ledger-language.md warns of.
WHOLE = {
    "Income:Revenue:Chips": "Income:Revenue:Chips:Investee:Cash",
    "Assets:Investments:WarrantsEarned:Vendor": "Assets:Investments:WarrantsEarned:Moon",
    "Expenses:FairValueChange:Notes": "Expenses:FairValueChange:Moon",
    "Equity:Mezzanine:Preferred:SeriesB": "Equity:Mezzanine:Preferred:Moon",
    "Equity:Mezzanine:Preferred:SeriesA": "Equity:Mezzanine:Preferred:Moon",
    "Liabilities:Payables:Cloud": "Liabilities:Payables:Cloud:Moon",
    "Liabilities:Payables:Vendor": "Liabilities:Payables:Cloud:Moon",
}

# Credits are no part of the worked ledgers: their trial balance is ours alone (4.2).
CREDITS = "Equity:Escrow:"


def common_name(account: str) -> str:
    """Return the account without the parts that name the deal or the other party."""
    account = WHOLE.get(account, account)
    return ":".join(part for part in account.split(":") if part not in OF_THE_DEAL)


def our_parent(account: str) -> str:
    """Return our account, or the parent of ours, for one of a worked ledger."""
    if account in WHOLE:
        return WHOLE[account]
    parts = [OURS.get(part, part) for part in account.split(":")]
    return ":".join(part for part in parts if part != "SeriesA")
