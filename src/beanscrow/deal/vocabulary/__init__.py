"""Every directive of the ledger language, as a table.

The reader obeys it and docs/ledger-language.md is made from it, so that the two
cannot differ.
"""

from __future__ import annotations

from beanscrow.deal import fleet_terms, influence_terms, terms, vendor_terms
from beanscrow.deal.vocabulary import (
    contract,
    group,
    judgements,
    legs,
    parties,
    stakes,
    vendor,
)
from beanscrow.deal.vocabulary.shapes import (
    CAMEL_ID,
    DEAL_SERVICE,
    OWN_DATE,
    THE_NAME,
    Directive,
    Family,
    Needs,
    Owner,
    Part,
    Shape,
    field_of,
)

DIRECTIVES: dict[str, Directive] = {
    directive.name: directive
    for directive in (
        *parties.DIRECTIVES,
        *legs.DIRECTIVES,
        *contract.DIRECTIVES,
        *group.DIRECTIVES,
        *vendor.DIRECTIVES,
        *stakes.DIRECTIVES,
        *judgements.DIRECTIVES,
    )
}

COMMON: tuple[Part, ...] = (
    Part("note", "text", "A remark.", field="rest"),
    Part("source", "text", "Where the fact comes from.", field="rest"),
    Part("document", "text", "The document that proves it.", field="rest"),
    Part(
        "for",
        "text",
        "The one side it is for.",
        otherwise="both",
        choices=parties.SIDES,
        field="rest",
    ),
    Part("sequence", "count", "Order among equals of a day.", default=0, sign="any"),
)
FREE_PREFIX = "x-"
PREFIXES = ("deal", "books", "fleet")

TERMS: dict[str, type] = {
    "books": terms.Books,
    "deal": terms.Deal,
    "deal-policy": terms.DealPolicy,
    "deal-stake": terms.Stake,
    "deal-cash": terms.Cash,
    "deal-grant": terms.Grant,
    "deal-commitment": terms.Commitment,
    "deal-usage": terms.Usage,
    "deal-payment": terms.Payment,
    "deal-amend": terms.Amend,
    "deal-commitment-end": terms.CommitmentEnding,
    "deal-forfeit": terms.Forfeit,
    "deal-convert": terms.Convert,
    "deal-warrant": terms.Warrant,
    "deal-milestone": terms.Milestone,
    "deal-backstop": vendor_terms.Backstop,
    "deal-backstop-call": vendor_terms.BackstopCall,
    "deal-buyback": vendor_terms.Buyback,
    "deal-buyback-exercise": vendor_terms.BuybackExercise,
    "deal-correct": terms.Correct,
    "deal-charge": terms.Charge,
    "deal-credit-value": terms.CreditValue,
    "deal-estimate": terms.Estimate,
    "deal-lease": terms.Lease,
    "deal-valuation": terms.Valuation,
    "deal-sale": terms.Sale,
    "deal-reclassify": terms.Reclassify,
    "deal-result": influence_terms.Result,
    "deal-basis": influence_terms.Basis,
    "deal-guarantee": influence_terms.Guarantee,
    "deal-elimination": influence_terms.Elimination,
    "deal-dilution": influence_terms.Dilution,
    "deal-control": influence_terms.Control,
    "deal-cost": terms.Cost,
    "deal-onerous": terms.Onerous,
    "deal-agent": terms.Agent,
    "fleet": fleet_terms.Fleet,
    "fleet-life": fleet_terms.FleetLife,
    "fleet-rate": fleet_terms.FleetRate,
    "fleet-impairment": fleet_terms.FleetImpairment,
}

__all__ = [
    "CAMEL_ID",
    "COMMON",
    "DEAL_SERVICE",
    "DIRECTIVES",
    "FREE_PREFIX",
    "OWN_DATE",
    "PREFIXES",
    "TERMS",
    "THE_NAME",
    "Directive",
    "Family",
    "Needs",
    "Owner",
    "Part",
    "Shape",
    "field_of",
]
