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

from beanscrow.deal.elections import about
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Agreement, Convert, DealPolicy, Framework, Stake

_US_EQUITY = ("measurement-alternative", "fvni", "equity-method")
_US_INCOME = ("fvni", "measurement-alternative", "equity-method")
# By framework and instrument, the default first.
_LEFT: dict[tuple[Framework, str], tuple[str, ...]] = {
    ("us-gaap", "preferred"): (*_US_EQUITY, "afs"),
    ("us-gaap", "common"): _US_EQUITY,
    ("us-gaap", "note"): ("afs", "fvni", "equity-method"),
    ("us-gaap", "safe"): _US_INCOME,
    ("us-gaap", "warrant"): _US_INCOME,
    ("ifrs", "preferred"): ("fvtpl", "fvoci", "equity-method"),
    ("ifrs", "common"): ("fvtpl", "fvoci", "equity-method"),
    ("ifrs", "note"): ("fvtpl", "equity-method"),
    ("ifrs", "safe"): ("fvtpl", "fvoci", "equity-method"),
    ("ifrs", "warrant"): ("fvtpl", "equity-method"),
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
    return _LEFT[framework, instrument]


def why_not_left(method: str, framework: Framework, instrument: str) -> str:
    """Return why a framework does not leave a method, and which it does, in words."""
    left = ", ".join(f"`{each}`" for each in methods_left(framework, instrument))
    return (
        f'"{method}" is no method for {_KIND[instrument]}: {_WHY[framework]}; choose {left}'
    )


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
    """Return the policy that names a method for a stake."""
    naming = (policy for policy in about(commodity, policies) if policy.method)
    return next(naming, None)
