"""What is exchanged at a contract event: stakes, cash, credits, promises to spend."""

from __future__ import annotations

from decimal import Decimal

from beanscrow.deal.vocabulary.parties import DEAL_ID, SOURCES
from beanscrow.deal.vocabulary.shapes import (
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
MILESTONE = Part(
    "milestone",
    "text",
    "Condition it waits for: nothing of it is booked before a deal-milestone meets it.",
)
COMMITMENT = Part("commitment", "text", "Commitment it is about.", check="component")
NEEDED_TRANCHE = TRANCHE._replace(required=True)
DEDICATED = Part(
    "dedicated", "text", "Named cluster that serves this customer alone, if one does."
)
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
            MILESTONE,
            OPENING,
        ),
        exclusive=(
            ("fair-value", "fair-value-total"),
            ("headline", "headline-total"),
            ("unconditional", "milestone"),
        ),
        spans=(("event", "date"), ("event", "unconditional")),
        leg=True,
    ),
    Directive(
        "deal-cash",
        "F",
        "Cash the provider pays.",
        "Cr cash",
        "Dr cash",
        (DEAL_ID, money("amount", "Cash paid by the provider.")),
        (EVENT, MILESTONE),
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
            MILESTONE,
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
            DEDICATED,
        ),
        (
            Family(
                "ramp-",
                "ramp-YYYY-MM",
                Part(
                    "ramp-YYYY-MM",
                    "amount",
                    "Credits the contract makes due by the end of a month, counted up.",
                    unit="credits",
                    field="ramp",
                ),
            ),
        ),
        needs=(
            Needs("modification", "blend", "blends"),
            Needs("delivery", "stand-ready", "expires", only=False),
        ),
        spans=(("event", "date"), ("date", "expires"), ("effective", "expires")),
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
            DEDICATED,
            EVENT,
            MILESTONE,
        ),
        (
            Family(
                "ramp-",
                "ramp-YYYY-MM",
                money(
                    "ramp-YYYY-MM",
                    "Amount due by the end of a month, counted up.",
                    field="ramp",
                ),
            ),
        ),
        spans=(("event", "date"), ("date", "to"), ("from", "to")),
        leg=True,
    ),
)
