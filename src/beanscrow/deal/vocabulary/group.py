"""The day an investee becomes a subsidiary."""

from __future__ import annotations

from beanscrow.deal.vocabulary.legs import money
from beanscrow.deal.vocabulary.parties import DEAL_ID
from beanscrow.deal.vocabulary.shapes import Directive, Needs, Part

DIRECTIVES = (
    Directive(
        "deal-control",
        "F",
        "The provider gains control of the startup; what follows the day is intra-group.",
        "stake to fair value, gain; what is owed of the contract becomes intra-group",
        "no entry; its own books go on",
        (DEAL_ID,),
        (
            Part(
                "stake",
                "text",
                "Commodity of the stake; required when several are held.",
                check="commodity",
                owner="P",
            ),
            money(
                "fair-value",
                "Fair value that day of a unit held before it.",
                sign="not negative",
                owner="P",
            ),
            money(
                "off-market",
                "How much worse the contract is for the provider than the market; "
                "negative where it is better.",
                sign="not zero",
                owner="P",
            ),
            money(
                "settlement",
                "What the contract itself asks for ending it.",
                sign="not negative",
                owner="P",
            ),
            money(
                "acquired-prepaid",
                "What the startup has prepaid for the same credits.",
                sign="not negative",
                owner="P",
            ),
            Part("reason", "text", "Why.", required=True),
        ),
        needs=(Needs("settlement", "", "off-market", only=False),),
    ),
)
