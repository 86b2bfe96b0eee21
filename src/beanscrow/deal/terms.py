"""The facts and judgements of a deal, one immutable type a directive.

Amounts are positive unless a field says otherwise; a sign that means something
(a refund, a loss) is named on the field.  Dates are civil dates of the deal's
`timezone`; periods are inclusive of both days.  Every type starts with the same
three fields: `at`, where the directive stands; `date`, its own date; `deal`, the
id of its deal.  `sequence` orders equals within a phase of a day, and `rest` is
every further key as text, the last resort of that order.

The keys and their owners are in `deal.vocabulary`; docs/ledger-language.md is
the reference for readers.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from beanscrow.deal.influence_terms import (
    Basis,
    Control,
    Dilution,
    Elimination,
    Guarantee,
    Result,
)
from beanscrow.deal.problems import Position
from beanscrow.deal.vendor_terms import Backstop, BackstopCall, Buyback, BuybackExercise

Role = Literal["provider", "startup"]
Framework = Literal["us-gaap", "ifrs"]
EscrowOwner = Literal["provider", "startup", "trustee", "none"]

# What a deal sells where it does not say.
COMPUTE = "Compute"


class Money(NamedTuple):
    """A number of a commodity: money, shares or credits."""

    number: Decimal
    currency: str


class ByMonth(dict[str, Money]):
    """Amounts by month "YYYY-MM"; never changed once read, so that a term can be hashed."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


class Books(NamedTuple):
    """Whose books a ledger keeps, under which framework, and how far they reach.

    Attributes:
      through: Last day the books have reached, inclusive; None where the ledger
        does not say (then the latest date of any directive of its own text).
      precision: Quantum of the functional currency (0.01).
      elections: Accounting policy elections, key as written ("breakage-method").
      accounts: Account templates by role, without the prefix "account-".
      training_services: Services that train a model, as written.
      sfc_rate: Yearly rate of a financing component, compounded by the month.
    """

    at: Position
    date: datetime.date
    role: Role
    framework: Framework
    currency: str
    through: datetime.date | None = None
    precision: Decimal = Decimal("0.01")
    open_accounts: bool = False
    elections: Mapping[str, str | Decimal] = {}
    accounts: Mapping[str, str] = {}
    training_services: tuple[str, ...] = ()
    sfc_rate: Decimal | None = None


class Deal(NamedTuple):
    """The contract: parties, escrow, and what it says about drawing credits.

    Attributes:
      name: The startup's name; the counterparty of the provider's entries.
      provider: The provider's name; the counterparty of the startup's entries.
      party: Identity of the counterparty over several deals.
      account: Component of account names that stands for the deal ("Moon").
      escrow_owner: Who owns the ring-fenced cash; None until credits are granted.
      escrow_residual: Who gets what a trustee has left ("provider", "startup").
      consumption_order: Only where the contract names one.
      overage: "refuse" or "bill" what exceeds the credits left.
      overage_price: Money per credit drawn in excess; None for the face.
      service: Service of usage that names none.
      committed: Cash promised in all, where stated.
    """

    at: Position
    date: datetime.date
    deal: str
    name: str
    provider: str
    party: str
    account: str
    escrow_owner: EscrowOwner | None = None
    escrow_residual: Role | None = None
    consumption_order: str | None = None
    overage: str = "refuse"
    overage_price: Money | None = None
    timezone: str = "UTC"
    service: str = COMPUTE
    committed: Money | None = None
    sequence: int = 0
    rest: str = ""


class DealPolicy(NamedTuple):
    """One side's own judgements about a deal, or about one stake of it.

    Attributes:
      stake: Commodity of the stake it is about, or None for the whole deal.
      fair_value: Per unit; `fair_value_total` for all units; at most one of them.
      override: Why face value is used, without which it is refused.
      role: The side this ledger takes in this deal, where not that of `books`.
      opening_carrying: Carrying amount of an opening stake, in money; `opening_oci`, what
        of it waits in other comprehensive income.
      credit_measure: Billing column that measures drawn credits.
      usage_match: Matching terms, key without the prefix "usage-match-"; several
        values of one key stand in a tuple; `priority` holds one decimal as text.
      elections, accounts, training_services, sfc_rate: As on `Books`, for this deal
        alone.
    """

    at: Position
    date: datetime.date
    deal: str
    stake: str | None = None
    method: str | None = None
    class_: str | None = None
    fair_value: Money | None = None
    fair_value_total: Money | None = None
    fair_value_source: str | None = None
    override: str | None = None
    role: Role | None = None
    opening_carrying: Money | None = None
    opening_oci: Money | None = None
    credit_measure: str = "ContractedCost"
    usage_match: Mapping[str, tuple[str, ...]] = {}
    elections: Mapping[str, str | Decimal] = {}
    accounts: Mapping[str, str] = {}
    training_services: tuple[str, ...] = ()
    sfc_rate: Decimal | None = None
    sequence: int = 0
    rest: str = ""


class Stake(NamedTuple):
    """Equity, a note or a warrant the startup issues to the provider.

    Attributes:
      units: Number and commodity of the security.
      event: Contract event it belongs to; its own date where not said.
      fair_value: Per unit at contract inception; or `fair_value_total`.
      fair_value_source: valuation, round-price, backsolve, ssp or face.
      headline, headline_total: Announced price per unit, or of all units.
      ownership: Fraction held after the event, fully diluted.
      vesting: "signing", or "as-drawn" where shares are earned with the credits.
      unconditional: First day the right to the units is unconditional.
      milestone: Condition the leg waits for; so on every leg of a contract event.
      opening: Held before these books begin; the event of it is not measured.
    """

    at: Position
    date: datetime.date
    deal: str
    units: Money
    event: datetime.date
    fair_value_source: str
    fair_value: Money | None = None
    fair_value_total: Money | None = None
    instrument: str = "preferred"
    headline: Money | None = None
    headline_total: Money | None = None
    ownership: Decimal | None = None
    vesting: str = "signing"
    unconditional: datetime.date | None = None
    opening: bool = False
    milestone: str | None = None
    sequence: int = 0
    rest: str = ""


class Cash(NamedTuple):
    """Cash the provider pays for its stake, as part of a contract event."""

    at: Position
    date: datetime.date
    deal: str
    amount: Money
    event: datetime.date
    milestone: str | None = None
    sequence: int = 0
    rest: str = ""


class Grant(NamedTuple):
    """A right to draw credits, until it lapses.

    Attributes:
      credits: Number and commodity granted.
      face: Headline value of one credit; `ssp`, its stand-alone selling price.
      price: Total transaction price where paid in money; 0 for promotional
        credits; None where the stake pays.
      effective: First day the credits may be drawn, inclusive.
      expires: Last day they may be drawn, inclusive; None if they never lapse.
      priority: Lower is drawn first, in every consumption order.
      escrow: Cash ring-fenced for these credits and released as they are drawn.
      modification: "separate" contract, or "blend" with the rest of `blends`.
      blends: Tranches whose undrawn credits and price move into this one.
      opening: Granted before these books begin; credits and price are what is left.
      delivery: "drawdown", or "stand-ready" where the days of the term use it up.
      ramp: Credits the contract makes due by the end of a month, counted up.
      dedicated: Named cluster that serves this customer alone, if one does.
    """

    at: Position
    date: datetime.date
    deal: str
    credits: Money
    event: datetime.date
    tranche: str
    effective: datetime.date
    face: Money | None = None
    ssp: Money | None = None
    price: Money | None = None
    expires: datetime.date | None = None
    priority: Decimal = Decimal(50)
    escrow: Money | None = None
    modification: str = "separate"
    blends: tuple[str, ...] = ()
    opening: bool = False
    delivery: str = "drawdown"
    milestone: str | None = None
    ramp: ByMonth = ByMonth()
    dedicated: str | None = None
    sequence: int = 0
    rest: str = ""


class Commitment(NamedTuple):
    """A promise of the startup to spend an amount on the provider's services.

    Attributes:
      ramp: Amounts due by the end of a month, counted up.
      dedicated: As on `Grant`.
    """

    at: Position
    date: datetime.date
    deal: str
    amount: Money
    event: datetime.date
    commitment: str
    from_: datetime.date
    to: datetime.date
    shortfall: str = "lapse"
    counts_credits: bool = False
    ramp: ByMonth = ByMonth()
    dedicated: str | None = None
    milestone: str | None = None
    sequence: int = 0
    rest: str = ""


class Usage(NamedTuple):
    """Compute delivered: credits drawn, or money owed for it.

    Attributes:
      quantity: Number of credits of a grant, or of money; negative for a refund.
      service: Service delivered, as written.
      from_: First day of the period it covers, inclusive; None where not said.
      of: Service date of a late row; None where it is the directive's own date.
      tranche: Tranche drawn from, where the contract lets the drawer say.
      import_id: Unique identity of an imported drawdown.
      refund_of: import_id of the usage a refund takes back.
    """

    at: Position
    date: datetime.date
    deal: str
    quantity: Money
    service: str
    from_: datetime.date | None = None
    of: datetime.date | None = None
    tranche: str | None = None
    import_id: str | None = None
    refund_of: str | None = None
    sequence: int = 0
    rest: str = ""


class Payment(NamedTuple):
    """Money the startup pays the provider for what it was billed."""

    at: Position
    date: datetime.date
    deal: str
    amount: Money
    invoice: str | None = None
    sequence: int = 0
    rest: str = ""


class Agent(NamedTuple):
    """What the provider owes a third party whose goods were drawn with its credits.

    Attributes:
      amount: Owed to the supplier; negative for the supplier's credit note.
      supplier: Whose goods they are, as written.
    """

    at: Position
    date: datetime.date
    deal: str
    amount: Money
    service: str
    supplier: str | None = None
    sequence: int = 0
    rest: str = ""


class Amend(NamedTuple):
    """A change of the terms of a tranche, or of a promise to spend, prospective from its day.

    Attributes:
      tranche: "" where it is of a promise; `commitment`, None where it is of a tranche.
      breakage: Provider's estimate, as a fraction of the original grant
        (Decimal) or in credits (Money).
      to, amount: New last day of the promise, inclusive, and what is promised in all.
    """

    at: Position
    date: datetime.date
    deal: str
    tranche: str = ""
    expires: datetime.date | None = None
    effective: datetime.date | None = None
    priority: Decimal | None = None
    breakage: Decimal | Money | None = None
    escrow: Money | None = None
    commitment: str | None = None
    to: datetime.date | None = None
    amount: Money | None = None
    sequence: int = 0
    rest: str = ""


class CommitmentEnding(NamedTuple):
    """A promise to spend that nobody has to keep any more, before its last day.

    Attributes:
      reason: termination or failure.
      cash: What the provider pays for it; negative where the startup pays.
    """

    at: Position
    date: datetime.date
    deal: str
    commitment: str
    reason: str
    cash: Money | None = None
    sequence: int = 0
    rest: str = ""


class Forfeit(NamedTuple):
    """Credits given up before they lapse, and what is given for them.

    Attributes:
      shares_returned: Units handed back, worth `share_value` each.
      cash: Cash the provider pays.
      reason: termination, claw-back, failure or buy-back.
    """

    at: Position
    date: datetime.date
    deal: str
    credits: Money
    tranche: str
    reason: str
    shares_returned: Money | None = None
    share_value: Money | None = None
    cash: Money | None = None
    sequence: int = 0
    rest: str = ""


class Convert(NamedTuple):
    """A stake given up for another of the same issuer."""

    at: Position
    date: datetime.date
    deal: str
    units: Money
    into: Money
    fair_value: Money | None = None
    instrument: str | None = None
    par: Money | None = None
    sequence: int = 0
    rest: str = ""


class Warrant(NamedTuple):
    """Warrants a vendor grants its customer, earned as purchases are made.

    Attributes:
      tranche: Name of a part that vests by itself; None where all vest together.
      hurdle: Share price they vest on besides, which is inside their fair value.
    """

    at: Position
    date: datetime.date
    deal: str
    units: Money
    fair_value: Money
    vests_on: Money
    from_: datetime.date
    strike: Money | None = None
    expected: Decimal = Decimal(1)
    tranche: str | None = None
    hurdle: Money | None = None
    sequence: int = 0
    rest: str = ""


class Milestone(NamedTuple):
    """Whether a named condition of the contract was met.

    Attributes:
      tranche: Of the warrants where it is about warrants; else of credits.
      condition: "performance", or "market" for a target of the vendor's share price.
    """

    at: Position
    date: datetime.date
    deal: str
    name: str
    met: bool
    units: Money | None = None
    tranche: str | None = None
    warrant: str | None = None
    condition: str = "performance"
    sequence: int = 0
    rest: str = ""


class Correct(NamedTuple):
    """Keys to replace in an earlier directive, with effect on this date.

    Attributes:
      directive: Type of the one corrected ("deal-stake").
      of: Date of the one corrected.
      replacements: Keys as written, with their new values as read.
      corrected: The fact it corrects as it should have been written, corrections of an
        earlier day included; it keeps its own position and date.
    """

    at: Position
    date: datetime.date
    deal: str
    directive: str
    of: datetime.date
    tranche: str | None = None
    import_id: str | None = None
    replacements: Mapping[str, object] = {}
    sequence: int = 0
    rest: str = ""
    corrected: Fact | None = None

    @property
    def turn(self) -> tuple[Any, ...]:
        """What orders it among corrections; lines never do."""
        told = sorted((key, repr(value)) for key, value in self.replacements.items())
        return self.date, self.sequence, self.directive, self.of, told


class Charge(NamedTuple):
    """Share of a service's cost that one of the startup's accounts bears."""

    at: Position
    date: datetime.date
    deal: str
    service: str
    account: str
    share: Decimal
    sequence: int = 0
    rest: str = ""


class CreditValue(NamedTuple):
    """Fair value of one credit's service from this date on (IFRS 2)."""

    at: Position
    date: datetime.date
    deal: str
    value: Money
    sequence: int = 0
    rest: str = ""


class Estimate(NamedTuple):
    """The provider's estimate of credits that will never be drawn.

    Attributes:
      breakage: Fraction of the granted credits (Decimal) or credits (Money).
      remote: Credits whose exercise is judged remote now.
    """

    at: Position
    date: datetime.date
    deal: str
    tranche: str | None = None
    breakage: Decimal | Money | None = None
    remote: Money | None = None
    sequence: int = 0
    rest: str = ""


class Lease(NamedTuple):
    """Whether a dedicated cluster is leased, and the prices rent is told apart by.

    Attributes:
      tranche: Tranche or commitment that pays for it.
      kind: "none" where it is a service after all, "operating" where it is leased.
      from_, to: Term of the lease, both days inclusive; None for that of the tranche.
      lease_price, service_price: Stand-alone prices over the term.
    """

    at: Position
    date: datetime.date
    deal: str
    tranche: str
    kind: str
    from_: datetime.date | None = None
    to: datetime.date | None = None
    lease_price: Money | None = None
    service_price: Money | None = None
    sequence: int = 0
    rest: str = ""


class Valuation(NamedTuple):
    """A price observed for, or a fair value measured of, one unit of a stake.

    Attributes:
      stake: Commodity of the stake, or of the warrants a customer has earned.
      tranche: Of those warrants; None for all that have vested.
      own_credit: What of the change the startup's own credit made, of all units; negative
        where it lets the liability fall.
    """

    at: Position
    date: datetime.date
    deal: str
    price: Money
    kind: str
    source: str
    stake: str | None = None
    level: Decimal | None = None
    tranche: str | None = None
    own_credit: Money | None = None
    sequence: int = 0
    rest: str = ""


class Sale(NamedTuple):
    """Units of a stake sold, at a price per unit or for proceeds in all."""

    at: Position
    date: datetime.date
    deal: str
    units: Money
    price: Money | None = None
    proceeds: Money | None = None
    costs: Money | None = None
    lot: datetime.date | None = None
    settles: datetime.date | None = None
    sequence: int = 0
    rest: str = ""


class Reclassify(NamedTuple):
    """A change of the method a stake is carried by."""

    at: Position
    date: datetime.date
    deal: str
    method: str
    reason: str
    stake: str | None = None
    fair_value: Money | None = None
    sequence: int = 0
    rest: str = ""


class Cost(NamedTuple):
    """The provider's cost to serve one credit, from its date on."""

    at: Position
    date: datetime.date
    deal: str
    per_credit: Money
    service: str | None = None
    sequence: int = 0
    rest: str = ""


class Onerous(NamedTuple):
    """The provider's unavoidable cost of serving a credit of a contract that loses money.

    Attributes:
      per_credit: From this date on; zero where the contract is onerous no longer.
      tranche: The one it is about; None for every contract of the deal, by its event.
    """

    at: Position
    date: datetime.date
    deal: str
    per_credit: Money
    tranche: str | None = None
    sequence: int = 0
    rest: str = ""


Leg = Stake | Cash | Grant | Commitment
Fact = (
    Stake | Cash | Grant | Commitment | CommitmentEnding | Usage | Payment | Amend
    | Forfeit | Convert
    | Warrant | Milestone | Correct | Charge | CreditValue | Estimate | Valuation
    | Sale | Reclassify | Result | Basis | Guarantee | Elimination | Dilution | Cost
    | Agent | Control | Lease | Backstop | BackstopCall | Buyback | BuybackExercise
    | Onerous
)  # fmt: skip


class Refused(NamedTuple):
    """A directive the reader refused, as far as it could still be told apart.

    Attributes:
      directive: Its type ("deal-grant").
      event: Its contract event where it is a leg and the date could be read.
    """

    at: Position
    date: datetime.date
    deal: str
    directive: str
    event: datetime.date | None = None


class Agreement(NamedTuple):
    """Everything a ledger says about one deal.

    Attributes:
      facts: Typed facts in no meaningful order.
      policies: One side's judgements: for the whole deal, or for one stake.
      refused: What was refused of it, so that nothing is booked on a half.
    """

    deal: Deal
    policies: tuple[DealPolicy, ...] = ()
    facts: tuple[Fact, ...] = ()
    refused: tuple[Refused, ...] = ()
