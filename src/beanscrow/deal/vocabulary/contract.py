"""What the contract says beside its events, and what both parties saw happen."""

from __future__ import annotations

from beanscrow.deal.vocabulary.legs import (
    COMMITMENT,
    INSTRUMENTS,
    NEEDED_TRANCHE,
    ONE,
    TRANCHE,
    money,
)
from beanscrow.deal.vocabulary.parties import DEAL_ID
from beanscrow.deal.vocabulary.shapes import (
    DEAL_SERVICE,
    Directive,
    Needs,
    Part,
)

# What an amendment may change of either.
_OF_A_TRANCHE = ("expires", "effective", "priority", "breakage", "escrow")
_OF_A_COMMITMENT = ("to", "amount")

DIRECTIVES = (
    Directive(
        "deal-usage",
        "F",
        "Compute delivered: credits drawn, or money owed for it.",
        "contract liability, or receivable, to revenue",
        "prepaid or payable to the accounts of deal-charge",
        (
            DEAL_ID,
            Part(
                "quantity",
                "amount",
                "Credits or money; negative for a refund.",
                sign="not zero",
                unit="usage",
            ),
        ),
        (
            Part(
                "service",
                "text",
                "Service delivered.",
                otherwise=DEAL_SERVICE,
                check="service",
            ),
            Part("from", "date", "First day it covers, inclusive.", field="from_"),
            Part("of", "date", "Service date of a late row."),
            Part(
                "tranche",
                "text",
                "Tranche drawn from, where the contract lets the drawer say.",
                check="component",
            ),
            Part("import-id", "text", "Unique identity of an imported drawdown."),
            Part("refund-of", "text", "Import-id of the usage a refund takes back."),
            Part("source-file", "text", "File it was imported from.", field="rest"),
            Part("source-sha256", "text", "Digest of that file.", field="rest"),
            Part(
                "source-rows",
                "number",
                "Rows it sums up.",
                sign="not negative",
                field="rest",
            ),
            Part(
                "source-total",
                "number or amount",
                "Control total of those rows.",
                sign="any",
                field="rest",
            ),
            Part("source-scope", "text", "What of the file it covers.", field="rest"),
            Part("source-bucket", "text", "Bucket its rows fell into.", field="rest"),
        ),
        spans=(("from", "date"), ("of", "date")),
    ),
    Directive(
        "deal-payment",
        "F",
        "Money the startup pays for what it was billed.",
        "Dr cash, Cr receivable",
        "Dr payable, Cr cash",
        (DEAL_ID, money("amount", "Money paid by the startup.")),
        (Part("invoice", "text", "Invoice it pays."),),
    ),
    Directive(
        "deal-amend",
        "F",
        "A change of the terms of a tranche or a commitment, from its day on.",
        "prospective re-basing",
        "re-basing of the prepaid, nothing to book",
        (DEAL_ID,),
        (
            TRANCHE,
            COMMITMENT,
            Part("expires", "date", "New last day of use, inclusive."),
            Part("effective", "date", "New first day of use, inclusive."),
            Part("priority", "number", "New priority.", sign="any"),
            Part(
                "breakage",
                "number or amount",
                "Expected breakage: fraction of the original grant, or credits.",
                sign="not negative",
                most=ONE,
                unit="credits",
                owner="P",
            ),
            money("escrow", "New ring-fenced cash.", sign="not negative"),
            Part("to", "date", "New last day of the commitment, inclusive."),
            money("amount", "Money promised in all from now on, what is spent included."),
        ),
        exclusive=(("tranche", "commitment"),),
        one_of=(
            ("tranche", "commitment"),
            (*_OF_A_TRANCHE, *_OF_A_COMMITMENT),
        ),
        needs=(
            *(Needs(key, "", "tranche", only=False) for key in _OF_A_TRANCHE),
            *(Needs(key, "", "commitment", only=False) for key in _OF_A_COMMITMENT),
        ),
        spans=(("effective", "expires"), ("date", "to")),
    ),
    Directive(
        "deal-commitment-end",
        "F",
        "A promise to spend that nobody has to keep any more, before its last day.",
        "what it carries derecognised; no shortfall is billed",
        "what it carries derecognised; no shortfall is owed",
        (DEAL_ID,),
        (
            COMMITMENT._replace(required=True),
            Part(
                "reason",
                "text",
                "Why.",
                required=True,
                choices=("termination", "failure"),
            ),
            money(
                "cash",
                "Cash the provider pays for it; negative where the startup pays.",
                sign="not zero",
            ),
        ),
    ),
    Directive(
        "deal-forfeit",
        "F",
        "Credits given up before they lapse, and what is given for them.",
        "contract liability derecognised",
        "prepaid derecognised",
        (DEAL_ID, Part("credits", "amount", "Credits given up.", unit="credits")),
        (
            NEEDED_TRANCHE,
            Part("shares-returned", "amount", "Units handed back.", unit="security"),
            money("share-value", "Value of each.", sign="not negative"),
            money("cash", "Cash the provider pays."),
            Part(
                "reason",
                "text",
                "Why.",
                required=True,
                choices=("termination", "claw-back", "failure", "buy-back"),
            ),
        ),
        needs=(Needs("shares-returned", "", "share-value"),),
    ),
    Directive(
        "deal-convert",
        "F",
        "A stake given up for another of the same issuer.",
        "old stake to new stake",
        "note or preferred to equity",
        (DEAL_ID, Part("units", "amount", "Units given up.", unit="security")),
        (
            Part("into", "amount", "Units received.", required=True, unit="security"),
            money("fair-value", "Fair value of a new unit.", sign="not negative"),
            Part(
                "instrument",
                "text",
                "Kind of the new security; that of the old shares, or as it is known.",
                choices=INSTRUMENTS,
            ),
            money("par", "Par value of a new unit.", sign="not negative"),
        ),
    ),
    Directive(
        "deal-milestone",
        "F",
        "Whether a named condition was met.",
        "releases or reverses what hangs on it",
        "releases or reverses what hangs on it",
        (DEAL_ID, Part("name", "text", "The condition.")),
        (
            Part("met", "flag", "Whether it was met.", required=True),
            Part("units", "amount", "Units that hang on it.", unit="security"),
            TRANCHE,
            Part("warrant", "text", "Warrant that hangs on it.", check="commodity"),
            Part(
                "condition",
                "text",
                "Whether it is of what is done, or of the vendor's share price.",
                default="performance",
                choices=("performance", "market"),
            ),
        ),
    ),
    Directive(
        "deal-correct",
        "F/P/S",
        "Keys to replace in an earlier directive, with effect on this date.",
        "cumulative difference on its own date",
        "cumulative difference on its own date",
        (
            DEAL_ID,
            Part("directive", "text", "Type of the one corrected."),
            Part("of", "date", "Date of the one corrected."),
        ),
        (
            TRANCHE._replace(meaning="Tranche of the one corrected, to pick one."),
            Part("import-id", "text", "Import-id of the one corrected, to pick one."),
        ),
        spans=(("of", "date"),),
    ),
)
