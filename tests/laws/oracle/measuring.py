"""What a valuation does to the stake, by the method it is carried by [2.9]."""

from __future__ import annotations

from fractions import Fraction

from tests.laws.judgements import Valuation
from tests.laws.oracle.accounts import (
    AOCI,
    DOWNWARD,
    FAIR_VALUE,
    FAIR_VALUE_CHANGE,
    IMPAIRMENT,
    OCI,
    OWN_CREDIT,
    UNREALIZED,
    UPWARD,
)
from tests.laws.oracle.holding import AT_FAIR_VALUE, Holding
from tests.laws.oracle.influence import Influence
from tests.laws.oracle.journal import Undetermined

GAINS = {"fvni": UNREALIZED, "fvtpl": FAIR_VALUE, "fvoci": OCI, "afs": AOCI}


def value(holding: Holding, fact: Valuation, influence: Influence) -> None:
    """Bring every unit of a security to a price, or refuse to."""
    journal, commodity = holding.journal, fact.commodity
    if not journal.provider:
        owed = holding.instruments[commodity] in AT_FAIR_VALUE
        if fact.own_credit is not None and not (owed and holding.held(commodity)):
            journal.refused.add(fact)
        elif owed:
            own = Fraction(fact.own_credit or 0)
            journal.post(FAIR_VALUE_CHANGE, bring(holding, fact) - own)
            put_aside(holding, commodity, own)
        return
    method = holding.method(commodity)
    if not holding.held(commodity):
        journal.refused.add(fact)
    elif method == "afs" and fact.kind == "impairment":
        impair_debt(holding, fact)
    elif method in GAINS:
        journal.post(GAINS[method], -bring(holding, fact))
    elif method == "equity-method":
        if fact.kind == "impairment":  # else a memorandum
            influence.test(fact)
    elif fact.kind == "impairment":
        impair(holding, fact)
    elif fact.kind in ("observable", "similar"):
        change = bring(holding, fact)
        journal.post(UPWARD if change > 0 else DOWNWARD, -change)
    else:
        journal.refused.add(fact)


def put_aside(holding: Holding, commodity: str, own: Fraction) -> None:
    """Let the part of own credit wait beside income, shared by units."""
    lots, held = holding.of(commodity, None), holding.held(commodity)
    parts = [own * lot.units / held for lot in lots]
    if any(part % holding.journal.cent for part in parts):
        raise Undetermined("a cent of own credit between two purchases")
    for lot, part in zip(lots, parts, strict=True):
        lot.own += part
    holding.journal.post(OWN_CREDIT, own)


def impair(holding: Holding, fact: Valuation) -> None:
    """Bring the units down to a price; refuse where it would raise them."""
    changes = [
        Fraction(fact.price) * lot.units - lot.carrying
        for lot in holding.of(fact.commodity, None)
    ]
    if max(changes) <= 0:
        holding.journal.post(IMPAIRMENT, -bring(holding, fact))
    elif min(changes) > 0:
        holding.journal.refused.add(fact)
    else:
        raise Undetermined("an impairment that raises one lot and not another")


def impair_debt(holding: Holding, fact: Valuation) -> None:
    """Bring debt down to a price: a loss is what falls below what it cost, of each lot.

    What it costs from then on is less by that loss, so that a later rise is a gain again.
    """
    lots = holding.of(fact.commodity, None)
    worths = [Fraction(fact.price) * lot.units for lot in lots]
    carried = sum((lot.carrying for lot in lots), Fraction())
    if sum(worths, Fraction()) > carried:
        holding.journal.refused.add(fact)
        return
    if sum(worths, Fraction()) == carried and worths != [lot.carrying for lot in lots]:
        raise Undetermined("an impairment that leaves the whole where it is")
    loss = Fraction()
    for worth, lot in zip(worths, lots, strict=True):
        lost = max(Fraction(), min(lot.cost, lot.carrying) - worth)
        lot.cost -= lost
        loss += lost
    holding.journal.post(IMPAIRMENT, loss)
    holding.journal.post(AOCI, -bring(holding, fact) - loss)


def bring(holding: Holding, fact: Valuation) -> Fraction:
    """Bring every lot to a price; return what that adds to the carrying amount."""
    change = Fraction()
    for lot in holding.of(fact.commodity, None):
        worth = Fraction(fact.price) * lot.units
        change += worth - lot.carrying
        lot.carrying = worth
    holding.book(fact.commodity, Fraction(), change)
    return change
