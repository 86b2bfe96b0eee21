"""What a vendor promises its customer besides what it sells."""

from __future__ import annotations

from beanscrow.deal.vocabulary.legs import ONE, TRANCHE, money
from beanscrow.deal.vocabulary.parties import DEAL_ID
from beanscrow.deal.vocabulary.shapes import (
    DEAL_SERVICE,
    OWN_DATE,
    Directive,
    Needs,
    Part,
)

BACKSTOP = Part(
    "backstop", "text", "Name of the backstop.", default="B1", check="component"
)

BUYBACK = Part("buyback", "text", "Name of the buy-back.", default="R1", check="component")

DIRECTIVES = (
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
            TRANCHE._replace(meaning="Name of a part that vests by itself."),
            money("hurdle", "Share price they vest on besides, inside the fair value."),
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
        "deal-backstop",
        "F",
        "What a vendor has to buy of its customer, or answers for, at most.",
        "no entry; a guarantee: a liability at fair value, against revenue",
        "no entry",
        (DEAL_ID, money("amount", "The most it can come to.")),
        (
            BACKSTOP,
            Part(
                "from", "date", "First day, inclusive.", otherwise=OWN_DATE, field="from_"
            ),
            Part("to", "date", "Last day, inclusive.", required=True),
            Part(
                "covers",
                "text",
                "Capacity the customer does not sell, or what it owes to others.",
                default="capacity",
                choices=("capacity", "obligations"),
            ),
            money("fair-value", "Fair value of the guarantee when it is given."),
            money("purchases", "Purchases it is given for, where they are still to come."),
        ),
        needs=(
            Needs("covers", "obligations", "fair-value"),
            Needs("purchases", "", "fair-value", only=False),
        ),
        spans=(("from", "to"), ("date", "to")),
    ),
    Directive(
        "deal-backstop-call",
        "F",
        "Capacity a vendor pays for under a backstop.",
        "Dr capacity, and contra revenue above its fair value, Cr cash",
        "Dr cash, Cr revenue, and cost above its fair value",
        (DEAL_ID, money("amount", "Cash paid for it.")),
        (
            BACKSTOP,
            money(
                "fair-value",
                "Fair value of the capacity.",
                required=True,
                sign="not negative",
            ),
            Part(
                "service",
                "text",
                "Service of the vendor whose price the excess reduces.",
                otherwise=DEAL_SERVICE,
                check="service",
            ),
            Part(
                "from",
                "date",
                "First day it can be used, inclusive; its own date if left out.",
                field="from_",
            ),
            Part("to", "date", "Last day it can be used, inclusive."),
        ),
        needs=(Needs("from", "", "to", only=False),),
        spans=(("from", "to"),),
    ),
    Directive(
        "deal-buyback",
        "F",
        "A price at which goods sold that day may or must come back.",
        "its sale is a financing or a lease, not revenue",
        "its purchase is money lent or a lease",
        (DEAL_ID, money("amount", "Price to buy back.")),
        (
            BUYBACK,
            Part(
                "of",
                "text",
                "Import-id of the sale, where several of its day are in money.",
            ),
            Part(
                "form",
                "text",
                "A duty to buy back, the vendor's right to, or the customer's to hand back.",
                required=True,
                choices=("forward", "call", "put"),
            ),
            Part(
                "from",
                "date",
                "First day it can be exercised, inclusive.",
                otherwise=OWN_DATE,
                field="from_",
            ),
            Part(
                "to",
                "date",
                "Last day it can be exercised, inclusive; the day of a forward.",
                required=True,
            ),
            money("present-value", "What the price is worth on the day of the sale."),
            Part(
                "incentive",
                "flag",
                "Whether the customer has good reason to exercise its put.",
            ),
        ),
        needs=(Needs("form", "put", "incentive"),),
        spans=(("from", "to"), ("date", "to")),
    ),
    Directive(
        "deal-buyback-exercise",
        "F",
        "A right to buy back, or to hand back, that is exercised.",
        "Dr what is owed, Cr cash",
        "Dr cash, Cr what was lent",
        (DEAL_ID,),
        (BUYBACK,),
    ),
)
