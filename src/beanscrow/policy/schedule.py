"""What the policy decided: dated, signed-off amounts, each with its rule and source.

A schedule is the engine's whole output for one deal and one side.  Amounts are
positive; where a field can fall as well as rise (a refund, a change in estimate,
a remeasurement) its docstring says so.  `booking` alone turns them into debits
and credits; reports fold them into tables.

Every event starts with the same three fields: `at`, the directive it comes from;
`date`, its own day; `rule`, the paragraphs that decide it.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.terms import Agreement, Commitment, Framework, Money, Role
from beanscrow.policy.agency import ThirdPartyOwed
from beanscrow.policy.backstop import BackstopEvent
from beanscrow.policy.buy_back import BuybackEvent
from beanscrow.policy.commitment import CommitmentLeg, ConsiderationReleased, Shortfall
from beanscrow.policy.financing import InterestAccrued
from beanscrow.policy.lease import RentEarned, RentLeg
from beanscrow.policy.noncash import PriceMeasured, StakeReceived
from beanscrow.policy.onerous import OnerousProvided
from beanscrow.policy.promise_life import PromiseChanged, PromiseEnded
from beanscrow.policy.rates import AtRate, Rates
from beanscrow.policy.stake_entry import StakeEntry
from beanscrow.policy.warrants import WarrantEarned, WarrantValued

Pool = Literal["Held", "Expired"]
TrancheKind = Literal["credits", "prepaid", "mixed", "promotional", "earning"]
EscrowMode = Literal["none", "provider", "startup", "trustee-provider", "trustee-startup"]


class Lot(NamedTuple):
    """Units of a stake acquired on one day and carried at one amount a unit."""

    units: Decimal
    cost: Decimal
    acquired: datetime.date


class StakeLeg(NamedTuple):
    """A stake as it enters the books at its contract event.

    Attributes:
      arrives: Day the units are issued; until then a receivable (payable).
      value: Fair value of all units at contract inception.
      method: How the provider carries it ("measurement-alternative").
      class_: How the startup classifies it ("mezzanine", "equity", "liability").
      opening: Held before these books begin.
      waits: What of the value waits in other comprehensive income, of an opening stake.
    """

    at: Position
    arrives: datetime.date
    units: Money
    value: Decimal
    instrument: str
    method: str
    class_: str
    lots: tuple[Lot, ...]
    opening: bool = False
    waits: Decimal = Decimal(0)

    @property
    def cost(self) -> Decimal:
        """What was first paid for it."""
        return self.value - self.waits


class CashLeg(NamedTuple):
    """Cash of a contract event; `paid` is the day it moves."""

    at: Position
    paid: datetime.date
    amount: Decimal
    escrow: bool = False


class CreditLeg(NamedTuple):
    """A grant as the contract event prices it.

    Attributes:
      price: Transaction price allocated to it (may be negative only where the
        startup owns the escrow and was overpaid for its shares).
      liability: Part of it that is a contract liability (prepaid) at the event.
      upfront: Consideration payable to the customer that its use will release.
      receivable: Price to be paid in money.
      opening: Granted before these books begin.
    """

    at: Position
    tranche: str
    price: Decimal
    liability: Decimal
    upfront: Decimal
    receivable: Decimal
    opening: bool = False


class Signing(NamedTuple):
    """A contract event: what was exchanged, measured on the day it was agreed.

    `earned` is a stake that is not exchanged: its shares come in as credits are drawn.
    `waiting` is one whose right is unconditional only later: until then no security.
    `rents` is what of the price of its credits is rent, and told apart.
    `rate` is money of the books for one of the event's own, at which it was converted.
    """

    at: Position
    date: datetime.date
    rule: str
    stakes: tuple[StakeLeg, ...]
    cash: tuple[CashLeg, ...]
    credits: tuple[CreditLeg, ...]
    commitments: tuple[CommitmentLeg, ...] = ()
    earned: StakeLeg | None = None
    waiting: StakeLeg | None = None
    rents: tuple[RentLeg, ...] = ()
    rate: Decimal = Decimal(1)


class PriceAdded(NamedTuple):
    """More price of a tranche, and what of it belongs to credits gone already.

    Attributes:
      price: Added in all; recognised at once of it are `used`, for credits drawn, and
        `breakage`, for credits expired or expected never to be drawn.
    """

    tranche: str
    price: Decimal
    used: Decimal
    breakage: Decimal


class ConsiderationAdded(NamedTuple):
    """Shares received for credits of an earlier event, once their condition is met.

    `rate` is money of the books for one of the shares' own, at which it was converted.
    """

    at: Position
    date: datetime.date
    rule: str
    stakes: tuple[StakeLeg, ...]
    parts: tuple[PriceAdded, ...]
    rate: Decimal = Decimal(1)


class RightUnconditional(NamedTuple):
    """The day shares of an earlier event are a security, and what they have paid for.

    Attributes:
      parts: By tranche: its whole price, and what of it was recognised until then
        (`used`, breakage included); `breakage` is zero.
    """

    at: Position
    date: datetime.date
    rule: str
    stake: StakeLeg
    parts: tuple[PriceAdded, ...]


class StakeArrived(NamedTuple):
    """Units issued after their contract event."""

    at: Position
    date: datetime.date
    rule: str
    stake: StakeLeg


class CashMoved(NamedTuple):
    """Cash of a contract event paid after it."""

    at: Position
    date: datetime.date
    rule: str
    cash: CashLeg


class Granted(NamedTuple):
    """Credits made available, and the cash ring-fenced for them."""

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    credits: Decimal
    escrow: Decimal
    opening: bool = False


class Blended(NamedTuple):
    """Undrawn credits and unrecognised price that moved from one tranche to another.

    `escrow` is the ring-fenced cash that goes with them; it changes no account.
    """

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    into: str
    credits: Decimal
    price: Decimal
    escrow: Decimal


class Drawn(NamedTuple):
    """Credits drawn from one tranche; every amount is negative for a refund.

    Attributes:
      usage_id: The import-id of the usage, or "".
      credits: Credits delivered.
      price: Transaction price recognised for them.
      breakage: Further price recognised (or taken back) as expected breakage.
      escrow: Ring-fenced cash released.
      pool: Where the credits came from: Held, or Expired for a late row or a
        refund of a tranche that has lapsed since.
      gross: Revenue shown gross that moves with them and no cash, where the escrow
        is the startup's and the tranche has lapsed.
      prepaid: Of `price`, what money paid, where the credits were blended of those that
        money and those that shares paid for.
    """

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    service: str
    usage_id: str
    credits: Decimal
    price: Decimal
    breakage: Decimal
    escrow: Decimal
    pool: Pool
    gross: Decimal = Decimal(0)
    prepaid: Decimal = Decimal(0)


class StakeEarned(NamedTuple):
    """Shares a draw has earned, at what they (IFRS 2: the service) are worth; never negative.

    `stake` is the part earned; `credits` what was drawn.
    """

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    service: str
    usage_id: str
    credits: Decimal
    stake: StakeLeg


class Billed(NamedTuple):
    """Compute delivered for money; negative for a credit note.

    `credits` is what was drawn beyond the grants, 0 where money was recorded; `abroad`
    is what was billed in another currency than the books', None for theirs.
    """

    at: Position
    date: datetime.date
    rule: str
    service: str
    usage_id: str
    amount: Decimal
    credits: Decimal
    commodity: str
    abroad: AtRate | None = None


class Paid(NamedTuple):
    """Money the startup paid for what it was billed, `abroad` in another currency."""

    at: Position
    date: datetime.date
    rule: str
    amount: Decimal
    abroad: AtRate | None = None


class ClaimRemeasured(NamedTuple):
    """What the startup owes in another currency, brought to a new rate.

    Attributes:
      owed: In that currency; below zero where more was paid.
      before, after: Rates, in money of the books for one unit; equal where nothing is
        owed any more, and what is left are the cents of rounding.
      change: New less old carrying amount, either sign, never zero.
    """

    at: Position
    date: datetime.date
    rule: str
    currency: str
    owed: Decimal
    before: Decimal
    after: Decimal
    change: Decimal


class Reestimated(NamedTuple):
    """A new estimate of breakage, and the cumulative catch-up it brings.

    Attributes:
      breakage: Recognised by the catch-up; negative takes back; zero where the
        estimate changes nothing, or is for disclosure only.
      expected: Credits of the tranche expected never to be drawn.
    """

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    breakage: Decimal
    expected: Decimal


class EscrowChanged(NamedTuple):
    """Cash ring-fenced (or released, negative) by an amendment of the contract."""

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    amount: Decimal


class EscrowRemeasured(NamedTuple):
    """Own cash ring-fenced in another currency, brought to a new rate.

    Attributes:
      currency: Of the cash; `held` is how much of it there is.
      before, after: Rates, in money of the books for one unit.
      change: New less old carrying amount, either sign, never zero.
    """

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    currency: str
    held: Decimal
    before: Decimal
    after: Decimal
    change: Decimal


class Lapsed(NamedTuple):
    """Credits that expired, the price left on them, and the escrow that goes free."""

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    credits: Decimal
    price: Decimal
    escrow: Decimal


class Forfeited(NamedTuple):
    """Credits given up, and what was given for them.

    Attributes:
      price: Unrecognised transaction price of the credits; with a startup-owned
        escrow negative where an upfront asset is written off.
      escrow: Ring-fenced cash that goes free.
      shares: Units handed back, or None; `share_value` is their value in all and
        `carrying` what they were carried at.
      lots_out, lots_in: How the stake's lots change.
      cash: Cash the provider pays.
      difference: price - share_value - cash; its sign decides where it goes.
      given_back: Whether anything was.
      beside: What stood beside the stake and is realised with the shares: account role
        and amount, positive for a debit.
    """

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    credits: Decimal
    price: Decimal
    escrow: Decimal
    reason: str
    shares: Money | None
    share_value: Decimal
    carrying: Decimal
    stake: StakeLeg | None
    lots_out: tuple[Lot, ...]
    lots_in: tuple[Lot, ...]
    cash: Decimal
    difference: Decimal
    given_back: bool
    beside: tuple[tuple[str, Decimal], ...] = ()


class TakenIn(NamedTuple):
    """What is owed of a tranche or a promise to spend when control is gained.

    Attributes:
      liability: As the books carry it; negative for an upfront asset.
      price: Transaction price not yet recognised.
    """

    name: str
    liability: Decimal
    price: Decimal


class ControlGained(NamedTuple):
    """The startup becomes a subsidiary at the end of a day; what is owed goes on inside.

    Attributes:
      after: The paragraph that decides everything later.
    """

    at: Position
    date: datetime.date
    rule: str
    after: str
    tranches: tuple[TakenIn, ...]
    promises: tuple[TakenIn, ...]


class PromotionServed(NamedTuple):
    """Cost of promotional credits delivered, moved to marketing by election."""

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    service: str
    credits: Decimal
    cost: Decimal


class Remeasured(NamedTuple):
    """A stake moved from one carrying amount to another.

    Attributes:
      stake: Commodity of the stake.
      change: New less old carrying amount, either sign.
      line: Role of the account that takes the change ("impairment").
      beside: Roles that take a part of the change, and how much of it, either sign;
        `line` takes the rest.
    """

    at: Position
    date: datetime.date
    rule: str
    stake: str
    method: str
    instrument: str
    lots_out: tuple[Lot, ...]
    lots_in: tuple[Lot, ...]
    change: Decimal
    line: str
    note: str
    beside: tuple[tuple[str, Decimal], ...] = ()

    @property
    def rest(self) -> Decimal:
        """What `line` takes of the change."""
        return self.change - sum((part for _, part in self.beside), Decimal(0))


class Corrected(NamedTuple):
    """A line of a closed period put right, with effect on its own day.

    What is booked is the difference of the two schedules, account by account; from then
    on the corrected figures run.

    Attributes:
      directive: Type of the line corrected; `of`, its date.
      told: Keys replaced, with their new values, as text.
      before, after: As written until then, and as corrected, both to the day before.
      agreement: The terms as corrected.
    """

    at: Position
    date: datetime.date
    rule: str
    directive: str
    of: datetime.date
    told: str
    before: Schedule
    after: Schedule
    agreement: Agreement


ContractEvent = (
    Signing | StakeArrived | CashMoved | Granted | Blended | Drawn | Billed | Paid
    | ClaimRemeasured
    | Reestimated | EscrowChanged | EscrowRemeasured | Lapsed | Forfeited | PromotionServed
    | StakeEarned | StakeReceived | PriceMeasured | ThirdPartyOwed | WarrantEarned
    | Shortfall | ConsiderationReleased | PromiseChanged | PromiseEnded
    | InterestAccrued | RentEarned
    | WarrantValued | BackstopEvent | BuybackEvent
    | Corrected | ConsiderationAdded | RightUnconditional | ControlGained
    | OnerousProvided
)  # fmt: skip
StakeEvent = Remeasured | StakeEntry
Event = ContractEvent | StakeEvent


class TrancheTerms(NamedTuple):
    """What stays true of a tranche while its figures move.

    Attributes:
      overpaid: The startup's escrow holds more than the credits are worth.
      paid_by: Stake that pays for it and is a security only from `unconditional` on.
      rent: All its revenue is rent.
    """

    tranche: str
    commodity: str
    kind: TrancheKind
    escrow: EscrowMode
    at: Position
    overpaid: bool = False
    unconditional: datetime.date | None = None
    paid_by: StakeLeg | None = None
    rent: bool = False

    def waits(self, day: datetime.date) -> bool:
        """Return whether the right to the shares that pay for it is conditional on a day."""
        return self.unconditional is not None and day < self.unconditional


class TrancheStanding(NamedTuple):
    """Where a tranche stands on the last day the books have reached.

    granted + moved = held + drawn + expired + forfeited, where `moved` is what
    came in from other tranches, negative for what went out.

    Attributes:
      price: Transaction price allocated, price moved in or out included.
      liability: Price not yet recognised (contract liability, or prepaid).
      expected_breakage: Of the credits held, those the estimate in force says will
        never be drawn; under the remote method for disclosure only.
    """

    tranche: str
    commodity: str
    effective: datetime.date
    expires: datetime.date | None
    face: Money | None
    granted: Decimal
    held: Decimal
    drawn: Decimal
    expired: Decimal
    forfeited: Decimal
    moved: Decimal
    price: Decimal
    liability: Decimal
    escrow: Decimal
    expected_breakage: Decimal


class StakeStanding(NamedTuple):
    """Where a stake stands on the last day the books have reached."""

    commodity: str
    instrument: str
    method: str
    units: Decimal
    cost: Decimal
    carrying: Decimal


class Schedule(NamedTuple):
    """Everything one side books for one deal, up to and including `through`.

    Attributes:
      events: In the order they happen.
      unbooked: Facts read and checked but not booked, with the reason.
      problems: Directives refused, and findings.
      promises: Promises to spend that were begun, in the order purchases count to them.
      rates: Of exchange, into `currency`, which has `scale` decimals.
    """

    deal: str
    side: Role
    framework: Framework
    currency: str
    through: datetime.date
    tranches: dict[str, TrancheTerms]
    events: list[Event]
    standing: tuple[TrancheStanding, ...]
    stakes: tuple[StakeStanding, ...]
    unbooked: list[tuple[Position, str]]
    problems: list[Problem]
    promises: tuple[Commitment, ...] = ()
    rates: Rates | None = None
    scale: int = 2


def in_force(schedule: Schedule, day: datetime.date | None = None) -> list[Event]:
    """Return the events that make up what stands on a day, as corrected by then.

    Args:
      day: Inclusive; None for the last day booked.
    """
    events: list[Event] = []
    for event in schedule.events:
        if isinstance(event, Corrected):
            if day is not None and event.date > day:
                break
            events = list(event.after.events)
        elif day is None or event.date <= day:
            events.append(event)
    return events


def promises_in_force(schedule: Schedule, day: datetime.date) -> list[Commitment]:
    """Return the promises to spend begun by a day, inclusive, as they stand on it.

    Their last day and amount are those in force by then: corrected, amended, or cut short
    by an end, whose day is the last.
    """
    promises = schedule.promises
    for event in schedule.events:
        if isinstance(event, Corrected) and event.date > day:
            promises = event.before.promises
            break
    standing = {it.commitment: it for it in promises if it.date <= day}
    for change in in_force(schedule, day):
        if isinstance(change, PromiseChanged):
            promise = standing[change.commitment]
            amount = promise.amount._replace(number=change.amount)
            standing[change.commitment] = promise._replace(to=change.to, amount=amount)
        elif isinstance(change, PromiseEnded):
            promise = standing[change.commitment]
            standing[change.commitment] = promise._replace(to=change.date)
    return list(standing.values())


def terms_in_force(
    schedule: Schedule, agreement: Agreement, day: datetime.date | None = None
) -> Agreement:
    """Return the terms of a deal as corrected by a day, inclusive; None for all of them.

    Args:
      agreement: As written.
    """
    for event in schedule.events:
        if isinstance(event, Corrected) and (day is None or event.date <= day):
            agreement = event.agreement
    return agreement
