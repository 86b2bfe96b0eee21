"""What is observed of a stake, and what becomes of it; most of it the provider's alone."""

from __future__ import annotations

from beanscrow.deal.vocabulary.legs import ONE, OWNERSHIP, TRANCHE, money
from beanscrow.deal.vocabulary.parties import DEAL_ID, METHODS
from beanscrow.deal.vocabulary.shapes import OWN_DATE, Directive, Part

STAKE = Part("stake", "text", "Commodity of the stake.", check="commodity")

DIRECTIVES = (
    Directive(
        "deal-valuation",
        "P",
        "A price observed for, or a fair value of, one unit of a stake.",
        "remeasurement of the stake, by its method",
        "fair value change, of an instrument at fair value or warrants earned",
        (DEAL_ID, money("price", "Price of a unit.", sign="not negative")),
        (
            STAKE._replace(meaning="Commodity of the stake; required when several."),
            Part(
                "kind",
                "text",
                "What kind of evidence it is.",
                required=True,
                choices=("observable", "similar", "impairment", "market", "fair-value"),
            ),
            Part(
                "level",
                "number",
                "Level of the fair value hierarchy.",
                choices=("1", "2", "3"),
            ),
            TRANCHE._replace(
                meaning="Tranche of warrants a customer has earned; all where left out."
            ),
            Part("source", "text", "Where it comes from.", required=True),
            money(
                "own-credit",
                "What of the change since the valuation before the startup's own credit "
                "made, of all units; negative where it lets the liability fall.",
                sign="any",
                owner="S",
                otherwise="nothing",
            ),
        ),
    ),
    Directive(
        "deal-sale",
        "P",
        "Units of a stake sold.",
        "Dr cash, Cr carrying amount, gain",
        "-",
        (DEAL_ID, Part("units", "amount", "Units sold.", unit="security")),
        (
            money("price", "Price of a unit.", sign="not negative"),
            money("proceeds", "Price of all of them.", sign="not negative"),
            money("costs", "Costs to sell.", sign="not negative"),
            Part("lot", "date", "Acquisition date of the lot sold."),
            Part("settles", "date", "Day the cash comes."),
        ),
        exclusive=(("price", "proceeds"),),
        one_of=(("price", "proceeds"),),
        spans=(("date", "settles"), ("lot", "date")),
    ),
    Directive(
        "deal-reclassify",
        "P",
        "A change of the method a stake is carried by.",
        "carrying amount moves, no gain",
        "-",
        (
            DEAL_ID,
            Part(
                "method",
                "text",
                "The new method.",
                choices=METHODS,
            ),
        ),
        (
            STAKE,
            Part("reason", "text", "Why.", required=True),
            money("fair-value", "Fair value of a unit that day.", sign="not negative"),
        ),
    ),
    Directive(
        "deal-result",
        "P",
        "The investee's result of a period; negative for a loss.",
        "share of result, under the equity method",
        "-",
        (DEAL_ID, money("amount", "Result, negative for a loss.", sign="any")),
        (
            Part(
                "from",
                "date",
                "First day of the period, inclusive.",
                required=True,
                field="from_",
            ),
            Part("to", "date", "Last day of the period, inclusive.", required=True),
            OWNERSHIP._replace(otherwise="last known"),
        ),
        spans=(("from", "to"), ("to", "date")),
    ),
    Directive(
        "deal-basis",
        "P",
        "A component of what a stake cost over its share of the investee's net assets.",
        "no entry; amortised with each share of result",
        "-",
        (
            DEAL_ID,
            money("amount", "Our part of it, negative where it is less.", sign="not zero"),
        ),
        (
            Part("asset", "text", "What it is; one of a deal.", required=True),
            Part("life-years", "number", "Its life in years, if it is amortised."),
            Part("life-months", "number", "Its life in months, if it is amortised."),
            Part(
                "from",
                "date",
                "First day of its life, inclusive.",
                otherwise=OWN_DATE,
                field="from_",
            ),
        ),
        exclusive=(("life-years", "life-months"),),
        spans=(("from", "date"),),
    ),
    Directive(
        "deal-guarantee",
        "P",
        "What the provider guarantees of the investee's obligations, from its date on.",
        "how far losses go below zero; Dr liability for losses where it is paid or ends",
        "-",
        (DEAL_ID, money("amount", "In all; 0 ends it.", sign="not negative")),
        (money("paid", "What was paid under it that day."),),
    ),
    Directive(
        "deal-elimination",
        "P",
        "What the investee still carries of assets made from our supplies.",
        "profit to date, less what was booked",
        "-",
        (
            DEAL_ID,
            money("amount", "The investee's carrying amount.", sign="not negative"),
        ),
        (
            Part("asset", "text", "What the asset is.", default="model"),
            Part(
                "margin",
                "number",
                "Our margin on the supplies.",
                required=True,
                sign="not negative",
                most=ONE,
            ),
            OWNERSHIP._replace(otherwise="last known"),
        ),
    ),
    Directive(
        "deal-dilution",
        "P",
        "A fall of our ownership because the investee issued to others.",
        "deemed-sale gain",
        "-",
        (DEAL_ID, OWNERSHIP._replace(meaning="Our ownership afterwards.")),
        (
            money(
                "net-assets",
                "The investee's net assets before.",
                required=True,
                sign="any",
            ),
            money("raised", "What the investee raised.", required=True),
        ),
    ),
)
