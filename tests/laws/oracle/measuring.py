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
    UNREALIZED,
    UPWARD,
)
from tests.laws.oracle.holding import AT_FAIR_VALUE, Holding
from tests.laws.oracle.journal import Undetermined

GAINS = {"fvni": UNREALIZED, "fvtpl": FAIR_VALUE, "fvoci": OCI, "afs": AOCI}


def value(holding: Holding, fact: Valuation) -> None:
    """Bring every unit of a security to a price, or refuse to."""
    journal, commodity = holding.journal, fact.commodity
    if not journal.provider:
        if holding.instruments[commodity] in AT_FAIR_VALUE:
            journal.post(FAIR_VALUE_CHANGE, bring(holding, fact))
        return
    method = holding.method(commodity)
    if not holding.held(commodity):
        journal.refused.add(fact)
    elif method in GAINS:
        journal.post(GAINS[method], -bring(holding, fact))
    elif fact.kind == "impairment":
        impair(holding, fact)
    elif method == "equity-method":
        pass  # a memorandum
    elif fact.kind in ("observable", "similar"):
        change = bring(holding, fact)
        journal.post(UPWARD if change > 0 else DOWNWARD, -change)
    else:
        journal.refused.add(fact)


def impair(holding: Holding, fact: Valuation) -> None:
    """Bring the units down to a price; refuse where it would raise them."""
    changes = [
        Fraction(fact.price) * lot.units - lot.carrying
        for lot in holding.of(fact.commodity, None)
    ]
    if max(changes) <= 0:
        holding.journal.post(IMPAIRMENT, -bring(holding, fact))
    elif holding.method(fact.commodity) == "equity-method":
        raise Undetermined("an impairment that raises a stake under the equity method")
    elif min(changes) > 0:
        holding.journal.refused.add(fact)
    else:
        raise Undetermined("an impairment that raises one lot and not another")


def bring(holding: Holding, fact: Valuation) -> Fraction:
    """Bring every lot to a price; return what that adds to the carrying amount."""
    change = Fraction()
    for lot in holding.of(fact.commodity, None):
        worth = Fraction(fact.price) * lot.units
        change += worth - lot.carrying
        lot.carrying = worth
    holding.book(fact.commodity, Fraction(), change)
    return change
