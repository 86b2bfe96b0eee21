"""What the contract says, and what both parties saw happen."""

from __future__ import annotations

from decimal import Decimal

from beanscrow.deal.vocabulary.parties import DEAL_ID, SOURCES
from beanscrow.deal.vocabulary.shapes import (
    DEAL_SERVICE,
    OWN_DATE,
    Directive,
    Family,
    Needs,
    Part,
)

ONE = Decimal(1)
INSTRUMENTS = ("preferred", "common", "note", "safe", "warrant")

EVENT = Part("event", "date", "Contract event it belongs to.", otherwise=OWN_DATE)
TRANCHE = Part("tranche", "text", "Tranche it is about.", check="component")
NEEDED_TRANCHE = TRANCHE._replace(required=True)
OPENING = Part(
    "opening", "flag", "Whether it was held before these books begin.", default=False
)
OWNERSHIP = Part(
    "ownership",
    "number",
    "Fraction of the investee held, fully diluted.",
    sign="not negative",
    most=ONE,
)


def money(name: str, meaning: str, **more: object) -> Part:
    """Return a key that holds an amount of money, positive unless said otherwise."""
    return Part(name, "amount", meaning, unit="money")._replace(**more)  # type: ignore[arg-type]


DIRECTIVES = (
    Directive(
        "deal-stake",
        "F*",
        "Equity, a note or a warrant issued to the provider.",
        "Dr stake",
        "Cr shares or note; nothing yet while shares are earned as drawn",
        (
            DEAL_ID,
            Part("units", "amount", "Number of the security.", unit="security"),
        ),
        (
            money("fair-value", "Fair value of a unit at inception.", sign="not negative"),
            money(
                "fair-value-total",
                "Fair value of all units at inception.",
                sign="not negative",
            ),
            Part(
                "fair-value-source",
                "text",
                "Where the fair value comes from.",
                required=True,
                choices=SOURCES,
            ),
            Part(
                "instrument",
                "text",
                "Kind of security.",
                default="preferred",
                choices=INSTRUMENTS,
            ),
            money("headline", "Announced price of a unit.", sign="not negative"),
            money("headline-total", "Announced price of all units.", sign="not negative"),
            OWNERSHIP,
            Part(
                "vesting",
                "text",
                "Whether it is earned at signing or with the credits.",
                default="signing",
                choices=("signing", "as-drawn"),
            ),
            Part(
                "unconditional",
                "date",
                "First day the right to the units is unconditional.",
                otherwise=OWN_DATE,
            ),
            EVENT,
            OPENING,
        ),
        exclusive=(
            ("fair-value", "fair-value-total"),
            ("headline", "headline-total"),
        ),
        spans=(("event", "date"),),
        leg=True,
    ),
    Directive(
        "deal-cash",
        "F",
        "Cash the provider pays.",
        "Cr cash",
        "Dr cash",
        (DEAL_ID, money("amount", "Cash paid by the provider.")),
        (EVENT,),
        spans=(("event", "date"),),
        leg=True,
    ),
    Directive(
        "deal-grant",
        "F",
        "Credits granted, until they lapse.",
        "Cr contract liability; units Granted; own escrow funded",
        "Dr prepaid; units Granted, of opposite sign",
        (DEAL_ID, Part("credits", "amount", "Credits granted.", unit="credits")),
        (
            Part(
                "tranche",
                "text",
                "Name of the tranche; required when the deal has several.",
                default="T1",
                check="component",
            ),
            money("face", "Headline value of a credit."),
            money("ssp", "Stand-alone selling price of a credit."),
            money(
                "price",
                "Transaction price of all of it, paid in money; 0.00 for promotional.",
                sign="not negative",
            ),
            EVENT,
            Part("effective", "date", "First day of use, inclusive.", otherwise=OWN_DATE),
            Part("expires", "date", "Last day of use, inclusive.", otherwise="never"),
            Part(
                "priority",
                "number",
                "Lower is drawn first, in every order.",
                default=Decimal(50),
                sign="any",
            ),
            money("escrow", "Cash ring-fenced for these credits.", sign="not negative"),
            Part(
                "modification",
                "text",
                "Separate contract, or blended with earlier tranches.",
                default="separate",
                choices=("separate", "blend"),
            ),
            Part("blends", "list", "Tranches that move into this one.", check="component"),
            OPENING,
            Part(
                "delivery",
                "text",
                "Used by drawing, or by the days of a term a service stands ready.",
                default="drawdown",
                choices=("drawdown", "stand-ready"),
            ),
        ),
        needs=(
            Needs("modification", "blend", "blends"),
            Needs("delivery", "stand-ready", "expires", only=False),
        ),
        spans=(("event", "date"), ("effective", "expires")),
        leg=True,
    ),
    Directive(
        "deal-commitment",
        "F",
        "Money the startup promises to spend.",
        "no entry; carries the upfront asset or prepaid consideration",
        "no entry; carries deferred vendor consideration or prepaid",
        (DEAL_ID, money("amount", "Money promised.")),
        (
            Part(
                "commitment",
                "text",
                "Name of the commitment.",
                default="C1",
                check="component",
            ),
            Part(
                "from", "date", "First day, inclusive.", otherwise=OWN_DATE, field="from_"
            ),
            Part("to", "date", "Last day, inclusive.", required=True),
            Part(
                "shortfall",
                "text",
                "What happens to what was not spent.",
                default="lapse",
                choices=("take-or-pay", "lapse"),
            ),
            Part(
                "counts-credits",
                "flag",
                "Whether drawn credits count as spent.",
                default=False,
            ),
            EVENT,
        ),
        (
            Family(
                "ramp-",
                "ramp-YYYY-MM",
                money("ramp-YYYY-MM", "Amount due by the end of a month.", field="ramp"),
            ),
        ),
        spans=(("event", "date"), ("from", "to")),
        leg=True,
    ),
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
        "A change of one tranche's terms, from its day on.",
        "prospective re-basing",
        "re-basing of the prepaid, nothing to book",
        (DEAL_ID,),
        (
            NEEDED_TRANCHE,
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
        ),
        one_of=(("expires", "effective", "priority", "breakage", "escrow"),),
        spans=(("effective", "expires"),),
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
                "Kind of the new security.",
                choices=INSTRUMENTS,
            ),
            money("par", "Par value of a new unit.", sign="not negative"),
        ),
    ),
    Directive(
        "deal-warrant",
        "F",
        "Warrants a vendor grants its customer, earned by purchases.",
        "contra revenue as purchases are made",
        "cost reduced as purchases are made",
        (DEAL_ID, Part("units", "amount", "Number of warrants.", unit="warrant")),
        (
            money(
                "fair-value",
                "Fair value of each at grant.",
                required=True,
                sign="not negative",
            ),
            money("strike", "Price to exercise one.", sign="not negative"),
            money("vests-on", "Purchases that earn all of them.", required=True),
            Part(
                "expected",
                "number",
                "Fraction expected to vest.",
                default=ONE,
                sign="not negative",
                most=ONE,
            ),
            Part(
                "from",
                "date",
                "First day whose purchases count, inclusive.",
                otherwise=OWN_DATE,
                field="from_",
            ),
        ),
        leg=True,
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
