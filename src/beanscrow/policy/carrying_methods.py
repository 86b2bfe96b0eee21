"""Which methods a framework leaves for a stake, and the one it takes where none is elected.

                        US GAAP                              IFRS
  preferred, common     measurement alternative (321-10-     fair value through profit or
                        35-2), else fair value through       loss (IFRS 9.4.1.4), or, elected
                        income; equity method                for shares, through other
  preferred             a debt security where the holder     comprehensive income (IFRS
                        may redeem it (320-10-20)            9.5.7.5); equity method
  note                  available for sale (320-10-35-1),    through profit or loss: it
                        fair value through income            converts (IFRS 9.4.1.2)
  SAFE, warrant         fair value through income, the       through profit or loss
                        measurement alternative

Only what a framework has no room for is refused; what is right for one security among
those that are left is for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Agreement, Convert, DealPolicy, Framework, Stake

_LEFT: dict[Framework, tuple[str, ...]] = {
    "us-gaap": ("measurement-alternative", "fvni", "afs", "equity-method"),
    "ifrs": ("fvtpl", "fvoci", "equity-method"),
}
_NOT_LEFT = {
    ("us-gaap", "note"): ("measurement-alternative",),
    ("us-gaap", "common"): ("afs",),
    ("us-gaap", "safe"): ("afs",),
    ("us-gaap", "warrant"): ("afs",),
    ("ifrs", "note"): ("fvoci",),
    ("ifrs", "warrant"): ("fvoci",),
}
_WHY: dict[Framework, str] = {
    "us-gaap": "US GAAP has Topic 321 for shares, 323 where there is influence, and 320 for "
    "debt securities",
    "ifrs": "IFRS has fair value through profit or loss (IFRS 9.4.1.4), for shares through "
    "other comprehensive income where elected (IFRS 9.5.7.5), and IAS 28",
}
_KIND = {
    "preferred": "preferred shares",
    "common": "common shares",
    "note": "a note",
    "safe": "a SAFE",
    "warrant": "warrants",
}


def methods_left(framework: Framework, instrument: str) -> tuple[str, ...]:
    """Return the methods that a framework leaves for a stake, its default the first.

    Args:
      instrument: Kind of security ("preferred").
    """
    gone = _NOT_LEFT.get((framework, instrument), ())
    left = tuple(method for method in _LEFT[framework] if method not in gone)
    default = "fvni" if instrument in ("safe", "warrant") else left[0]
    if (framework, instrument) == ("us-gaap", "note"):
        default = "afs"
    first = default if default in left else left[0]
    return first, *(method for method in left if method != first)


def why_not_left(method: str, framework: Framework, instrument: str) -> str:
    """Return why a framework does not leave a method, and which it does, in words."""
    left = ", ".join(f"`{each}`" for each in methods_left(framework, instrument))
    kind = _KIND.get(instrument, instrument)
    return f'"{method}" is no method for {kind}: {_WHY[framework]}; choose {left}'


def method_of(stake: Stake, policies: Iterable[DealPolicy], framework: Framework) -> str:
    """Return the method a stake is carried by, elected or the framework's default.

    An election the framework does not leave is told by `methods_not_left`, and its
    default holds.
    """
    left = methods_left(framework, stake.instrument)
    elected = _elected(stake.units.currency, policies)
    return elected.method if elected and elected.method in left else left[0]


def methods_not_left(agreement: Agreement, framework: Framework) -> Iterator[Problem]:
    """Yield the methods elected for stakes of a deal that the framework does not leave."""
    told = set()
    kinds = [
        (fact.units.currency, fact.instrument)
        for fact in agreement.facts
        if isinstance(fact, Stake)
    ]
    kinds += [
        (fact.into.currency, fact.instrument)
        for fact in agreement.facts
        if isinstance(fact, Convert) and fact.instrument
    ]
    for commodity, instrument in kinds:
        policy = _elected(commodity, agreement.policies)
        if policy is None or not policy.method or policy.at in told:
            continue
        if policy.method not in methods_left(framework, instrument):
            told.add(policy.at)
            words = why_not_left(policy.method, framework, instrument)
            yield Problem(policy.at, "E220", words, agreement.deal.deal)


def _elected(commodity: str, policies: Iterable[DealPolicy]) -> DealPolicy | None:
    """Return the policy that names a method for a stake: its own, else the deal's."""
    naming = [policy for policy in policies if policy.method]
    own = (policy for policy in naming if policy.stake == commodity)
    whole = (policy for policy in naming if policy.stake is None)
    return next(own, next(whole, None))
