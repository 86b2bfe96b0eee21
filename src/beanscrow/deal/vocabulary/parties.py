"""Whose books, which deal, and how one side accounts for it."""

from __future__ import annotations

from decimal import Decimal

from beanscrow.deal.elections import CONSUMPTION_ORDERS, ELECTIONS, Election
from beanscrow.deal.roles import ROLE_NAMES
from beanscrow.deal.vocabulary.shapes import (
    CAMEL_ID,
    THE_NAME,
    Directive,
    Family,
    Needs,
    Part,
    Shape,
)

SIDES = ("provider", "startup")
METHODS = (
    "measurement-alternative",
    "fvni",
    "fvtpl",
    "afs",
    "fvoci",
    "equity-method",
)
SOURCES = ("valuation", "round-price", "backsolve", "ssp", "face")

DEAL_ID = Part("id", "text", "Id of the deal.", field="deal")


def _shape(kind: Election) -> Shape:
    """Return what an election is written as: months are a number, of a few choices."""
    if kind.is_switch:
        return "flag"
    if not kind.choices or isinstance(kind.default, Decimal):
        return "number"
    return "text"


def _elections(*, by_deal: bool = False) -> tuple[Part, ...]:
    """Return the elections as keys; what is not built is refused by the reader.

    Args:
      by_deal: Whether only those that may be made for one deal are wanted.
    """
    parts = []
    for name, kind in ELECTIONS.items():
        if by_deal and not kind.by_deal:
            continue
        default = kind.default
        words = ""
        if isinstance(default, dict):
            words = ", ".join(f"{value} under {key}" for key, value in default.items())
        parts.append(
            Part(
                name,
                _shape(kind),
                kind.meaning,
                default=None if isinstance(default, dict) else default,
                otherwise=words,
                choices=() if kind.is_switch else kind.choices,
                sign="not negative",
                field="elections",
                not_built=kind.not_built,
                most=kind.most,
            )
        )
    return tuple(parts)


# What an election needs to know beside its word; on the deal before the books.
BESIDE_ELECTIONS = (
    Part(
        "training-services",
        "list",
        "Services that train a model, for training-compute.",
        check="service",
        owner="S",
    ),
    Part(
        "sfc-rate",
        "number",
        'Yearly rate, compounded by the month, for sfc "force".',
        most=Decimal(1),
    ),
)
ACCOUNTS = Family(
    "account-",
    "account-ROLE",
    Part(
        "account-ROLE", "text", "Account, or template of it, of a role.", field="accounts"
    ),
    ROLE_NAMES,
)
USAGE_MATCH = Family(
    "usage-match-",
    "usage-match-TERM",
    Part(
        "usage-match-TERM",
        "list",
        "What a billing row must hold to be usage of this deal; several by commas.",
        field="usage_match",
    ),
    (
        "provider",
        "billing-account",
        "sub-account",
        "commitment",
        "invoice",
        "tag",
        "service",
        "region",
        "priority",
    ),
)

DIRECTIVES = (
    Directive(
        "books",
        "ledger",
        "Whose books this ledger keeps, once.",
        "whose books",
        "whose books",
        (Part("role", "text", "The side whose books these are.", choices=SIDES),),
        (
            Part(
                "framework",
                "text",
                "Accounting framework.",
                required=True,
                choices=("us-gaap", "ifrs"),
            ),
            Part(
                "currency",
                "text",
                "Functional currency.",
                required=True,
                check="commodity",
            ),
            Part(
                "through",
                "date",
                "Last day the books have reached, inclusive.",
                otherwise="latest date of any directive of the ledger's own text",
            ),
            Part(
                "precision",
                "number",
                "Smallest amount of the functional currency.",
                default=Decimal("0.01"),
                check="quantum",
            ),
            Part(
                "open-accounts",
                "flag",
                "Whether accounts posted to are opened.",
                default=False,
            ),
            *_elections(),
            *BESIDE_ELECTIONS,
        ),
        (ACCOUNTS,),
    ),
    Directive(
        "deal",
        "F",
        "The contract between a provider and a startup.",
        "no entry",
        "no entry",
        (DEAL_ID._replace(check="id"), Part("name", "text", "The startup's name.")),
        (
            Part("provider", "text", "The provider's name.", required=True),
            Part(
                "party",
                "text",
                "Identity of the counterparty over several deals.",
                otherwise=THE_NAME,
            ),
            Part(
                "account",
                "text",
                "Component of account names that stands for the deal.",
                otherwise=CAMEL_ID,
                check="component",
            ),
            Part(
                "escrow-owner",
                "text",
                "Who owns the ring-fenced cash; required once credits are granted.",
                choices=("provider", "startup", "trustee", "none"),
            ),
            Part(
                "escrow-residual",
                "text",
                "Who gets what a trustee has left.",
                choices=SIDES,
            ),
            Part(
                "consumption-order",
                "text",
                "Order of tranches, only where the contract names one.",
                choices=CONSUMPTION_ORDERS,
            ),
            Part(
                "overage",
                "text",
                "What happens to usage beyond the credits left.",
                default="refuse",
                choices=("refuse", "bill"),
            ),
            Part(
                "overage-price",
                "amount",
                "Money per credit drawn in excess.",
                otherwise="the face of the credit",
                sign="not negative",
                unit="money",
            ),
            Part(
                "timezone",
                "text",
                "Zone whose civil days date the usage.",
                default="UTC",
                check="timezone",
            ),
            Part(
                "service",
                "text",
                "Service of usage that names none.",
                default="Compute",
                check="service",
            ),
            Part(
                "committed",
                "amount",
                "Cash promised in all.",
                unit="money",
            ),
        ),
        needs=(Needs("escrow-owner", "trustee", "escrow-residual"),),
    ),
    Directive(
        "deal-policy",
        "P/S",
        "One side's own judgements about a deal, or about one stake of it.",
        "overrides books for this deal",
        "overrides books for this deal",
        (DEAL_ID,),
        (
            Part(
                "stake",
                "text",
                "Commodity of the stake it is about.",
                otherwise="the whole deal",
                check="commodity",
            ),
            Part(
                "method",
                "text",
                "Method the stake is carried by.",
                otherwise="by framework and instrument",
                choices=METHODS,
                owner="P",
            ),
            Part(
                "class",
                "text",
                "Where the startup shows the stake.",
                otherwise="by framework and instrument",
                choices=("mezzanine", "equity", "liability"),
                owner="S",
                field="class_",
            ),
            Part(
                "fair-value",
                "amount",
                "Fair value of a unit, where not the shared one.",
                sign="not negative",
                unit="money",
            ),
            Part(
                "fair-value-total",
                "amount",
                "Fair value of all units, where not the shared one.",
                sign="not negative",
                unit="money",
            ),
            Part(
                "fair-value-source",
                "text",
                "Where the fair value comes from, where not the shared source.",
                choices=SOURCES,
            ),
            Part("override", "text", "Why the face value of the credits is used."),
            Part(
                "role",
                "text",
                "Side this ledger takes in this deal.",
                otherwise="that of books",
                choices=SIDES,
            ),
            Part(
                "opening-carrying",
                "amount",
                "Carrying amount of an opening stake.",
                sign="not negative",
                unit="money",
            ),
            Part(
                "opening-oci",
                "amount",
                "What of it waits in other comprehensive income: gains of a note available "
                "for sale; in the startup's books what its own credit added to a liability "
                "at fair value.",
                sign="any",
                unit="money",
                otherwise="nothing",
            ),
            Part(
                "credit-measure",
                "text",
                "Billing column that measures drawn credits.",
                default="ContractedCost",
            ),
            *_elections(by_deal=True),
            *BESIDE_ELECTIONS,
        ),
        (USAGE_MATCH, ACCOUNTS),
        exclusive=(("fair-value", "fair-value-total"),),
        needs=(Needs("fair-value-source", "face", "override", only=False),),
    ),
)
