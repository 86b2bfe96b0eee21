"""The order in which one deal's facts of one day take effect.

Date, then phase, then `sequence`, then content; never the file or the line, so
that moving a line changes no figure.  The phases are those of
docs/ledger-language.md 2.4: a refund follows the day's draws, a forfeiture takes
credits before they expire, a sale realises before the day's mark.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from beanscrow.deal.influence_terms import (
    Basis,
    Control,
    Dilution,
    Elimination,
    Guarantee,
    Result,
)
from beanscrow.deal.terms import (
    Agent,
    Amend,
    Cash,
    Charge,
    Commitment,
    CommitmentEnding,
    Convert,
    Correct,
    Cost,
    CreditValue,
    Estimate,
    Fact,
    Forfeit,
    Grant,
    Lease,
    Milestone,
    Onerous,
    Payment,
    Reclassify,
    Sale,
    Stake,
    Usage,
    Valuation,
    Warrant,
)
from beanscrow.deal.vendor_terms import Backstop, BackstopCall, Buyback, BuybackExercise

CORRECT, MILESTONE, EVENT, AMEND, ESTIMATE = 1, 2, 3, 4, 5
# Own cash in another currency at a month end, before anything of the day moves it.
ESCROW_RATE = 6
# Interest of the month that ends, before what is delivered on its last day.
INTEREST = 7
# The days of a service that stands ready, before what is drawn of a day.
SERVED = 8
# What the provider knows of its stake holds from the start of the day's results.
USE, REFUND, PAYMENT, BASIS, RESULT, ELIMINATION = 9, 10, 11, 12, 13, 14
DILUTION, RECLASSIFY, CONVERT = 15, 16, 17
# A change of method of what a conversion of the day has only just brought in.
CONVERTED, SALE, FORFEIT = 18, 19, 20
# What is left once influence has gone, which is most often by a sale of that day.
INFLUENCE_LOST, EXPIRY, COMMITMENT_END, VALUATION = 21, 22, 23, 24
# At the end of its day: what was sold on it was sold to a customer.
CONTROL = 25

_PHASES: dict[type, int] = {
    Correct: CORRECT,
    Milestone: MILESTONE,
    Stake: EVENT,
    Cash: EVENT,
    Grant: EVENT,
    Commitment: EVENT,
    Warrant: EVENT,
    Backstop: EVENT,
    Buyback: EVENT,
    Amend: AMEND,
    Estimate: ESTIMATE,
    # What it provides for is what the day leaves, whatever happens after it.
    Onerous: ESTIMATE,
    Payment: PAYMENT,
    Agent: PAYMENT,
    Basis: BASIS,
    Guarantee: BASIS,
    BackstopCall: PAYMENT,
    BuybackExercise: PAYMENT,
    Result: RESULT,
    Elimination: ELIMINATION,
    Dilution: DILUTION,
    Reclassify: RECLASSIFY,
    Convert: CONVERT,
    Sale: SALE,
    Forfeit: FORFEIT,
    # Before its last day would be: what was given up leaves no shortfall.
    CommitmentEnding: FORFEIT,
    Valuation: VALUATION,
    Control: CONTROL,
}
# In force from the start of their day; nothing happens on it because of them.
STANDING = (Charge, CreditValue, Cost, Lease)

_NAMES = (
    "tranche",
    "stake",
    "commitment",
    "backstop",
    "buyback",
    "asset",
    "name",
    "invoice",
    "service",
)

Key = tuple[datetime.date, int, int, int, str, str, Decimal, str]
Act = tuple[Key, Any]
_ZERO = Decimal(0)
_NOTHING: Mapping[int, int] = {}


def acts_of(facts: Iterable[Fact], later: Mapping[int, int] = _NOTHING) -> list[Act]:
    """Return the facts that act on a day, each with its place in the order.

    Args:
      later: Phase of the changes of method that follow something of their day, by
        identity.
    """
    acts: list[Act] = []
    for fact in facts:
        if type(fact) is Usage:
            number = fact.quantity.number
            key = (
                fact.date,
                USE if number > 0 else REFUND,
                fact.sequence,
                0,
                fact.service,
                fact.import_id or "",
                -number,
                fact.rest,
            )
        elif isinstance(fact, STANDING):
            continue
        else:
            key = (
                fact.date,
                later.get(id(fact), _PHASES[type(fact)]),
                fact.sequence,
                1,
                _name(fact),
                "",
                -_size(fact),
                # Whatever else two facts differ in, so that their lines never decide.
                repr(fact[1:]),
            )
        acts.append((key, fact))
    return acts


def _name(fact: Any) -> str:
    for attribute in _NAMES:
        value = getattr(fact, attribute, None)
        if isinstance(value, str):
            return value
    return ""


def _size(fact: Any) -> Decimal:
    if isinstance(fact, Dilution):
        return fact.ownership  # each is a fall, so the larger share comes first
    for attribute in ("amount", "credits", "units", "price"):
        value = getattr(fact, attribute, None)
        if value is not None:
            number: Decimal = value.number
            return number
    return _ZERO
