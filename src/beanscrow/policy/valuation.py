"""What a valuation does to the carrying amount of a stake, by the method it is carried by.

  method                    observable, similar      impairment     market, fair value
  measurement-alternative   to the price, up or      only down      refused: first the
                            down                                    stake is reclassified
  fvni, fvtpl               to fair value through income, whatever the kind
  afs                       to fair value through other    only down;     as observable
                            comprehensive income           what gains
                                                           leave, to income
  fvoci                     to fair value through other comprehensive income, always
  equity-method             a memorandum                 down; under    a memorandum
                                                         IFRS up again

What the startup issued as a liability is at fair value through its own income
(825-10; 480-10-35-5), but for what its own credit made of the change, which is other
comprehensive income (825-10-45-5; IFRS 9.5.7.7); its shares in equity are not remeasured.

A price in another currency is taken at the rate of its day: a stake measured at that
price is translated at the rate of the day it was measured (830-10-45-18; IAS 21.23(c)).

The contract liability is never touched: changes of the stake's value after
inception are no part of the transaction price (606-10-32-23).
"""

from __future__ import annotations

from fractions import Fraction

from beanscrow.deal.terms import Valuation
from beanscrow.money import from_quanta
from beanscrow.policy.exact import worth_in_quanta
from beanscrow.policy.influence import METHOD, Influence
from beanscrow.policy.meant import stake_meant
from beanscrow.policy.paragraphs import named
from beanscrow.policy.rates import agreed_amount, in_the_books
from beanscrow.policy.recoverable import REVERSED, recoverable
from beanscrow.policy.refusal import Refusal
from beanscrow.policy.schedule import Remeasured
from beanscrow.policy.stake_lots import Change, StakeState
from beanscrow.policy.terms_of_side import CONSOLIDATED, SideTerms

_ONE_LINE = {"fvni": "unrealized-gain", "fvtpl": "fair-value-gain", "fvoci": "oci"}


def remeasure(
    valuation: Valuation,
    stakes: dict[str, StakeState],
    terms: SideTerms,
    rules: dict[str, str],
    influence: Influence,
) -> Remeasured | str:
    """Return a stake brought to the price observed, or why nothing is booked.

    Measurement alternative: cost less impairment, plus or minus observable price
    changes of the identical or a similar investment of the same issuer
    (321-10-35-2); an impairment is to fair value, and never a gain (321-10-35-3).
    Available for sale: what a note had gained above amortised cost goes out of other
    comprehensive income before the rest of its fall is a loss (326-30-35-2).

    Args:
      influence: What stands beside a stake under the equity method, with the impairments
        of it that may be reversed.

    Raises:
      Refusal: The method takes no such valuation, or the stake is not held.
    """
    stake = stake_meant(stakes, valuation.stake, valuation.date, "valued")
    if terms.side == "startup":
        return _owed(valuation, stake, terms, rules)
    if stake.method == CONSOLIDATED:
        return "a memorandum: the figures of a subsidiary are consolidated"
    if stake.method == METHOD and valuation.kind != "impairment":
        return "a memorandum: the investee's own figures carry the stake"
    price = in_the_books(valuation.price, valuation.date, valuation.at, terms.rates)
    new = worth_in_quanta(price * Fraction(stake.units), terms.scale)
    if stake.method == METHOD:
        new = recoverable(valuation, stake, stakes.values(), new, influence, terms)
    line = _line(valuation, stake, new, terms)
    if new == stake.carrying:
        return "the carrying amount is that already"
    taken = 0
    if stake.method == "afs" and line == "impairment":
        (out, back, change), taken = stake.write_down(new)
        line = line if taken != change else "aoci-afs"
    else:
        out, back, change = stake.carry_at(new, to_oci=line == "aoci-afs")
    rule = rules[_rule(valuation, stake, rules)]
    if stake.method == METHOD and change > 0:
        rule = REVERSED
    beside = (("aoci-afs", taken),) if taken not in (0, change) else ()
    return _remeasured(valuation, stake, terms, rule, (out, back, change), line, beside)


def _owed(
    valuation: Valuation, stake: StakeState, terms: SideTerms, rules: dict[str, str]
) -> Remeasured | str:
    """Return what the startup owes brought to fair value, its own credit told apart."""
    if stake.class_ != "liability":
        if valuation.own_credit is not None:
            raise Refusal(
                "E421",
                f"`own-credit:` is stated, and {stake.commodity} stands in the startup's "
                "equity, where nothing is remeasured; take it out, or say "
                '`class: "liability"` of the stake with a deal-policy',
            )
        return "shares issued as equity are not remeasured"
    price = in_the_books(valuation.price, valuation.date, valuation.at, terms.rates)
    new = worth_in_quanta(price * Fraction(stake.units), terms.scale)
    own = 0
    if valuation.own_credit is not None:
        own = agreed_amount(valuation.own_credit, valuation.date, valuation.at, terms)
    if new == stake.carrying and not own:
        return "the carrying amount is that already"
    moved = stake.carry_at(new)
    stake.put_aside(own)
    name = "own-credit" if own else named(rules, "fair-value", stake.instrument)
    beside = (("aoci-own-credit", own),) if own else ()
    line = "fair-value-change"
    return _remeasured(valuation, stake, terms, rules[name], moved, line, beside)


def _remeasured(
    valuation: Valuation,
    stake: StakeState,
    terms: SideTerms,
    rule: str,
    moved: Change,
    line: str,
    beside: tuple[tuple[str, int], ...],
) -> Remeasured:
    """Return a change of carrying amount as the schedule has it.

    Args:
      moved: Lots before and after, and the change, in quanta.
      beside: Roles beside `line`, and their parts of the change, in quanta.
    """
    out, back, change = moved
    price = valuation.price
    # The money of the books needs no name.
    abroad = "" if price.currency == terms.currency else f" {price.currency}"
    return Remeasured(
        at=valuation.at,
        date=valuation.date,
        rule=rule,
        stake=stake.commodity,
        method=stake.method,
        instrument=stake.instrument,
        lots_out=out,
        lots_in=back,
        change=from_quanta(change, terms.scale),
        line=line,
        note=f"{valuation.kind}, {price.number:f}{abroad} a unit, {valuation.source}",
        beside=tuple((role, from_quanta(part, terms.scale)) for role, part in beside),
    )


def _rule(valuation: Valuation, stake: StakeState, rules: dict[str, str]) -> str:
    """Return the name of what decides a valuation, by how the stake is carried."""
    tested = valuation.kind == "impairment" and stake.method not in _ONE_LINE
    alternative = stake.method == "measurement-alternative"
    observed = alternative and valuation.kind in ("observable", "similar")
    name = valuation.kind if tested or observed else "fair-value"
    return named(rules, name, stake.method)


def _line(valuation: Valuation, stake: StakeState, new: int, terms: SideTerms) -> str:
    if stake.method in _ONE_LINE:
        return _ONE_LINE[stake.method]
    if stake.method == "afs" and valuation.kind != "impairment":
        return "aoci-afs"
    rises = new > stake.carrying
    if valuation.kind == "impairment":
        if rises and stake.method != METHOD:
            raise _no_reversal(valuation, stake, terms)
        return "impairment"
    if valuation.kind in ("observable", "similar"):
        return "upward-price-adjustment" if rises else "downward-price-adjustment"
    raise Refusal(
        "E403",
        f"{stake.commodity} is carried under the measurement alternative, which takes no "
        f'`kind: "{valuation.kind}"`; move it to fair value first with deal-reclassify',
    )


def _no_reversal(valuation: Valuation, stake: StakeState, terms: SideTerms) -> Refusal:
    """Return why an impairment that would raise a stake is refused."""
    cited = " (321-10-35-3)" if terms.framework == "us-gaap" else ""
    why = f'is not reversed{cited}: an observable price is `kind: "observable"`'
    if stake.method == "afs":
        why = (
            "is a fall: what a note rises by goes to other comprehensive income, with "
            '`kind: "fair-value"`'
        )
    return Refusal(
        "E402",
        f"an impairment to {valuation.price.number:f} a unit would raise "
        f"{stake.commodity} from {from_quanta(stake.carrying, stake.scale):,f}; an "
        f"impairment {why}",
    )
