"""Elections of accounting policy: what may be chosen, and what is chosen.

An election stands on `books` for the whole ledger or, but for one of a fleet, on
`deal-policy` for one deal.  Facts of a contract (who owns the escrow, the order it
names) are no elections.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from beanscrow.deal.terms import Books, DealPolicy

SWITCH = ("TRUE", "FALSE")
CONSUMPTION_ORDERS = ("expiry-first", "fifo", "lowest-price", "pro-rata")


class Election(NamedTuple):
    """One choice of accounting policy.

    Attributes:
      choices: The words allowed, or the numbers where the default is one; empty where
        any number is.
      default: What holds where nothing is written; by framework where they differ.
      meaning: What it decides, in one sentence.
      owner: "P" or "S" where it concerns one side's books only.
      not_built: Words of `choices` that no engine books yet; "*" for the key itself.
      by_deal: Whether a deal-policy may elect it for one deal.
      most: Largest number allowed, None where any is.
    """

    choices: tuple[str, ...]
    default: str | Decimal | dict[str, str]
    meaning: str
    owner: Literal["", "P", "S"] = ""
    not_built: tuple[str, ...] = ()
    by_deal: bool = True
    most: Decimal | None = None

    @property
    def is_switch(self) -> bool:
        """Whether it is written TRUE or FALSE, without quotes."""
        return self.choices == SWITCH


ELECTIONS: dict[str, Election] = {
    "consumption-order": Election(
        CONSUMPTION_ORDERS,
        "expiry-first",
        "Order in which tranches are drawn, where the contract names none.",
    ),
    "breakage-method": Election(
        ("remote", "proportional"),
        "remote",
        "When credits that will never be drawn become revenue.",
        "P",
    ),
    "noncash-measurement-date": Election(
        ("inception", "receipt", "performance"),
        "inception",
        "Day on which shares that pay for compute are measured; IFRS alone leaves it open.",
        "P",
    ),
    "equity-method-elim": Election(
        ("proportionate", "full", "none"),
        "proportionate",
        "How much profit on supplies to an equity-method investee is eliminated.",
        "P",
    ),
    "elim-presentation": Election(
        ("equity-result", "revenue-cost"),
        "equity-result",
        "Which lines an elimination is shown in.",
        "P",
    ),
    "equity-lag": Election(
        ("0", "1", "2", "3"),
        Decimal(0),
        "Months by which an investee's result is taken up late.",
        "P",
    ),
    "loss-limit": Election(
        ("committed", "zero"),
        "committed",
        "Whether cash still promised lets losses of an investee go below zero.",
        "P",
    ),
    "sfc": Election(
        ("auto", "off", "force"),
        "auto",
        "Whether a significant financing component is looked for, or computed.",
    ),
    "termination-difference": Election(
        ("revenue", "other-income"),
        "revenue",
        "Where the gain of a termination is shown.",
        "P",
    ),
    "promo-cost": Election(
        ("cost-of-revenue", "marketing"),
        "cost-of-revenue",
        "Where the cost of promotional credits is shown.",
        "P",
    ),
    "training-compute": Election(
        ("expense", "capitalise"),
        "expense",
        "Whether compute that trains a model is capitalised.",
        "S",
    ),
    "rounding": Election(
        ("cumulative", "per-line"),
        "cumulative",
        "Whether rounding is of the total to date or of each line.",
    ),
    "lessor-expedient": Election(
        SWITCH,
        {"us-gaap": "TRUE", "ifrs": "FALSE"},
        "Whether rent and service of one pattern are one line; US GAAP alone allows it.",
        "P",
    ),
    "preferred-class": Election(
        ("mezzanine", "equity", "liability"),
        {"us-gaap": "mezzanine", "ifrs": "equity"},
        "Where the startup shows preferred shares.",
        "S",
    ),
    "depreciation-period": Election(
        ("month", "year"),
        "month",
        "How often a fleet is depreciated; no deal owns a fleet.",
        "P",
        by_deal=False,
    ),
    "valuation-gap": Election(
        (),
        Decimal("0.10"),
        "Distance of price from stand-alone selling price above which it is a finding.",
        "P",
        most=Decimal(1),
    ),
}


def election(key: str, books: Books, policy: DealPolicy | None = None) -> str | Decimal:
    """Return what is elected: the deal's own choice, else the books', else the default.

    Args:
      key: Name of the election as written in the ledger ("breakage-method").
      books: The ledger's books; their framework decides defaults that differ by it.
      policy: The deal's policy, or None where it has none.
    Returns:
      One of the election's choices, or a number where it is one.
    Raises:
      KeyError: The language knows no such election.
    """
    kind = ELECTIONS[key]
    if policy is not None and key in policy.elections:
        return policy.elections[key]
    if key in books.elections:
        return books.elections[key]
    if isinstance(kind.default, dict):
        return kind.default[books.framework]
    return kind.default


def about(stake: str, policies: Iterable[DealPolicy]) -> list[DealPolicy]:
    """Return one side's judgements about a stake, its own before those for the whole deal.

    Args:
      stake: Commodity of its units.
    """
    mine = [policy for policy in policies if policy.stake in (None, stake)]
    return sorted(mine, key=lambda policy: policy.stake is None)
