"""What each account of a scenario's books is for, in the words of its tables.

Every figure in money is read off the booked accounts.  An account's heading follows from
the role it is kept in; the startup's compute stands in the accounts of `deal-charge`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from beancount.core.data import Transaction
from beancount.core.position import Cost

from beanscrow.booking.chart import Chart
from beanscrow.deal.terms import Charge, Commitment, Role
from beanscrow.deal.vocabulary.legs import INSTRUMENTS
from beanscrow.money import WIDE
from beanscrow.simulation.engine import Books

CAPITALISED = "compute_capitalised"
HEADINGS: dict[Role, dict[str, tuple[str, ...]]] = {
    "provider": {
        "revenue_credits": ("revenue-credits",),
        "revenue_cash": ("revenue-cash", "revenue-prepaid"),
        "revenue_breakage": ("revenue-breakage",),
        "revenue_other": (
            "revenue-modification",
            "revenue-elimination",
            "contra-consideration",
            "contra-warrants",
            "lease-income",
            "buyback-rent",
            "revenue-intragroup",
        ),
        "other_result": (
            "cost-elimination",
            "termination-income",
            "promotional-compute",
            "cost-pool",
            "capacity-cost",
            "guarantee-income",
            "buyback-interest",
            "interest-expense",
            "onerous-contract",
            "contract-settlement",
        ),
        "currency_result": ("fx-remeasurement",),
        "stake_result": (
            "upward-price-adjustment",
            "downward-price-adjustment",
            "unrealized-gain",
            "realized-gain",
            "fair-value-gain",
            "conversion-gain",
            "impairment",
            "share-of-result",
            "dilution-gain",
            "influence-lost",
            "control-gain",
            "noncash-consideration",
        ),
        "stake_oci": ("aoci-afs", "oci"),
        "cash": ("cash",),
        "escrow": ("escrow-cash",),
        "trustee": ("escrow-receivable",),
        "receivable": ("receivable", "contract-asset"),
        "payable": ("investment-payable",),
        "contract_liability": (
            "contract-liability",
            "upfront",
            "refund",
            "unearned-rent",
            "intragroup-liability",
            "intragroup-upfront",
        ),
        "stake": (
            "stake-measurement-alternative",
            "stake-fvni",
            "stake-equity-method",
            "stake-afs",
            "stake-fvtpl",
            "stake-fvoci",
            "stake-consolidated",
            "loss-liability",
        ),
        "stake_to_come": ("stake-receivable",),
        "third_parties": ("third-party-payable",),
        "deferred_profit": ("deferred-profit",),
        "provision": ("onerous-provision",),
        "vendor_promises": (
            "capacity-prepaid",
            "guarantee-asset",
            "guarantee-liability",
            "buyback-liability",
            "lease-deferred",
        ),
        "warrants": ("apic-warrants",),
        "opening": ("opening",),
    },
    "startup": {
        "compute": ("compute", "lease-cost"),
        "compute_lost": ("expired-credits", "termination-loss", "shortfall"),
        CAPITALISED: ("model-development",),
        "currency_result": ("fx-remeasurement",),
        "fair_value_change": ("fair-value-change",),
        "own_credit_oci": ("aoci-own-credit",),
        "other_result": (
            "warrant-gain",
            "interest-income",
            "buyback-income",
            "capacity-revenue",
        ),
        "cash": ("cash",),
        "escrow": ("escrow-cash",),
        "receivable": ("stake-receivable",),
        "payable": ("payable",),
        "prepaid": ("prepaid", "vendor-consideration"),
        "shares": (
            "shares-mezzanine",
            "shares-preferred",
            "shares-common",
            "preferred-liability",
            "notes",
            "apic",
            "extinguishment",
        ),
        "shares_to_come": ("shares-payable",),
        "warrants": ("warrants-earned",),
        "vendor_promises": ("buyback-asset", "lease-prepaid", "capacity-deferred"),
        "opening": ("opening",),
    },
}
_HEADING = {
    side: {role: heading for heading, roles in of_side.items() for role in roles}
    for side, of_side in HEADINGS.items()
}


class Posted(NamedTuple):
    """Money posted to an account; debits are positive."""

    date: datetime.date
    heading: str
    amount: Decimal


class Mixed(Exception):
    """One account that stands under several headings, which cannot be told apart in it."""

    def __init__(self, account: str, headings: set[str]) -> None:
        super().__init__(account)
        self.account = account
        self.headings = sorted(headings)


def posted(books: Books) -> Iterator[Posted]:
    """Yield all the money of one side's books, heading by heading.

    A stake counts at its carrying amount.  Credits are no money and are left out.

    Raises:
      Mixed: An account of theirs stands under two headings.
    """
    headings = _headings(books)
    currency = books.ledger.currency
    for entry in books.entries:
        if not isinstance(entry, Transaction):
            continue
        for posting in entry.postings:
            units, cost = posting.units, posting.cost
            assert units is not None and units.number is not None
            amount = units.number
            if isinstance(cost, Cost):
                amount = WIDE.multiply(amount, cost.number)
            elif units.currency != currency:
                continue
            found = headings.get(posting.account)
            assert found, f"{posting.account} is kept in a role that has a heading"
            if len(found) > 1:
                raise Mixed(posting.account, found)
            (heading,) = found
            yield Posted(entry.date, heading, amount)


def _headings(books: Books) -> dict[str, set[str]]:
    """Return the headings of every account that one side's books may post money to."""
    found: dict[str, set[str]] = {}
    for deal, agreement in books.daybook.agreements.items():
        chart = Chart(
            books.side, books.ledger, agreement.deal, agreement.policies, books.options
        )
        tranches = [*books.daybook.schedules[deal].tranches]
        tranches += [it.commitment for it in agreement.facts if isinstance(it, Commitment)]
        services = {agreement.deal.service}
        services |= {
            it for it in (getattr(f, "service", None) for f in agreement.facts) if it
        }
        for role, heading in _HEADING[books.side].items():
            for tranche, service, instrument in product(
                tranches or [""], services, INSTRUMENTS
            ):
                account = chart(
                    role, tranche=tranche, service=service, instrument=instrument
                )
                found.setdefault(account, set()).add(heading)
        if books.side == "startup":
            for fact in agreement.facts:
                if isinstance(fact, Charge):
                    found.setdefault(fact.account, set()).add(_bearing(fact, books))
    return found


def _bearing(charge: Charge, books: Books) -> str:
    """Return the heading of an account that bears compute: an asset, or an expense."""
    root = charge.account.partition(":")[0]
    return CAPITALISED if root == books.options["name_assets"] else "compute"
