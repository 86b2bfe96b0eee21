"""What one side judges, or knows of itself alone."""

from __future__ import annotations

from decimal import Decimal

from beanscrow.deal.vocabulary.legs import ONE, TRANCHE, money
from beanscrow.deal.vocabulary.parties import DEAL_ID
from beanscrow.deal.vocabulary.shapes import DEAL_SERVICE, Directive, Part

FLEET_NAME = Part("name", "text", "Name of the fleet.")

DIRECTIVES = (
    Directive(
        "deal-charge",
        "S",
        "Which accounts of the startup bear a service.",
        "-",
        "where usage of that service is debited",
        (
            DEAL_ID,
            Part("service", "text", "Service.", check="service"),
            Part("account", "account", "Account that bears it."),
            Part(
                "share",
                "number",
                "Its share; the shares of one date and service sum to 1.",
                most=ONE,
            ),
        ),
    ),
    Directive(
        "deal-credit-value",
        "S",
        "Fair value of one credit's service, from its date on.",
        "-",
        "service-date fair value of shares earned as drawn",
        (DEAL_ID, money("value", "Value of a credit.", sign="not negative")),
    ),
    Directive(
        "deal-estimate",
        "P",
        "Credits the provider expects never to be drawn.",
        "cumulative catch-up, in a transaction of its own",
        "-",
        (DEAL_ID,),
        (
            TRANCHE._replace(meaning="Tranche; required when the deal has several."),
            Part(
                "breakage",
                "number or amount",
                "Fraction of the credits granted, or credits.",
                sign="not negative",
                most=ONE,
                unit="credits",
            ),
            Part(
                "remote",
                "amount",
                "Credits whose use is judged remote now.",
                sign="not negative",
                unit="credits",
            ),
        ),
        one_of=(("breakage", "remote"),),
    ),
    Directive(
        "deal-lease",
        "P/S",
        "Whether a cluster that serves one customer alone is leased to it, and for what.",
        "operating: rent apart from the service, straight-line over the term",
        "whether what it uses is a service; a right-of-use asset is not built",
        (
            DEAL_ID,
            Part(
                "tranche",
                "text",
                "Tranche or commitment that pays for the cluster.",
                check="component",
            ),
        ),
        (
            Part(
                "kind",
                "text",
                "What was judged: a service, or which kind of lease.",
                required=True,
                choices=("none", "operating", "sales-type", "finance"),
                not_built=("sales-type", "finance"),
            ),
            Part(
                "from",
                "date",
                "First day of the lease, inclusive.",
                otherwise="the first day of use",
                field="from_",
            ),
            Part(
                "to",
                "date",
                "Last day of the lease, inclusive.",
                otherwise="the last day of use",
            ),
            money("lease-price", "Stand-alone price of the cluster for the term."),
            money(
                "service-price",
                "Stand-alone price of the service beside it.",
                sign="not negative",
            ),
        ),
        spans=(("from", "to"),),
    ),
    Directive(
        "deal-cost",
        "P",
        "Cost to serve one credit, from its date on.",
        "cost of promotional credits, margin, onerous test",
        "-",
        (
            DEAL_ID,
            money("cost", "Cost per credit.", sign="not negative", field="per_credit"),
        ),
        (
            Part(
                "service",
                "text",
                "Service it is the cost of.",
                otherwise="every service",
                check="service",
            ),
        ),
    ),
    Directive(
        "deal-onerous",
        "P",
        "Unavoidable cost of a credit still owed, from its date on; zero ends it.",
        "provision for the loss above the price to come, under IFRS only",
        "-",
        (
            DEAL_ID,
            money(
                "cost",
                "Unavoidable cost of serving a credit.",
                sign="not negative",
                field="per_credit",
            ),
        ),
        (
            TRANCHE._replace(
                meaning="The one tranche it is about.",
                otherwise="every contract of the deal, by its event",
            ),
        ),
    ),
    Directive(
        "deal-agent",
        "P",
        "Owed to a third party whose goods were drawn with credits, as its agent.",
        "Dr revenue of the service, Cr third-party payable",
        "-",
        (DEAL_ID, money("amount", "Owed; negative takes back.", sign="not zero")),
        (
            Part(
                "service",
                "text",
                "Service the goods were drawn as.",
                otherwise=DEAL_SERVICE,
                check="service",
            ),
            Part("supplier", "text", "Whose goods they are."),
        ),
    ),
    Directive(
        "fleet",
        "P",
        "Chips put in service.",
        "depreciation",
        "-",
        (FLEET_NAME, money("cost", "What they cost.")),
        (
            Part("in-service", "date", "First day in service.", required=True),
            Part("life-years", "number", "Useful life in years.", default=Decimal(5)),
            money("residual", "Value left at the end.", sign="not negative"),
            Part("gpus", "number", "Number of chips."),
        ),
    ),
    Directive(
        "fleet-life",
        "P",
        "A new total useful life, counted from the in-service date.",
        "depreciation of what is left, prospectively",
        "-",
        (FLEET_NAME, Part("years", "number", "Total life in years.")),
    ),
    Directive(
        "fleet-rate",
        "P",
        "What an hour of a fleet's chips costs to run and sells for, from its date on.",
        "margin reports, onerous test; no entry",
        "-",
        (FLEET_NAME,),
        (
            money(
                "running",
                "Power, space, network and staff for each GPU-hour sold.",
                sign="not negative",
            ),
            money("list", "List price of a GPU-hour.", field="list_price"),
            Part(
                "credits",
                "amount",
                "Credits a GPU-hour is drawn for; a line of its own for each commodity.",
                unit="credits",
            ),
            Part("utilisation", "number", "Part of the hours that is sold.", most=ONE),
        ),
        one_of=(("running", "list", "credits", "utilisation"),),
    ),
    Directive(
        "fleet-impairment",
        "P",
        "A fleet's fair value, where its carrying amount is not recoverable.",
        "impairment",
        "-",
        (
            FLEET_NAME,
            money(
                "fair-value",
                "Fair value of the fleet.",
                sign="not negative",
                field="fair_value",
            ),
        ),
        (
            money(
                "undiscounted",
                "Undiscounted cash flows it was tested with.",
                required=True,
                sign="not negative",
            ),
        ),
    ),
)
