"""Names of tranches and commitments, and the lines that speak of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from beanscrow.deal import wording
from beanscrow.deal.terms import (
    Amend,
    Commitment,
    CommitmentEnding,
    Estimate,
    Forfeit,
    Grant,
    Lease,
    Milestone,
    Onerous,
)

if TYPE_CHECKING:
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger, Line


def check_tranches(draft: Draft, ledger: Ledger) -> None:
    """Refuse grants without a name of their own, and lines about no tranche there is."""
    granted = draft.of(Grant)
    several = len(granted) > 1 or (bool(granted) and draft.refuses("deal-grant"))
    _check_names(draft, ledger, several)
    if granted and draft.deal.escrow_owner is None:
        ledger.say(
            draft.deal.at,
            "E130",
            "deal: escrow-owner is missing and credits are granted; wanted "
            '"provider", "startup", "trustee" or "none" (nothing of the deal is '
            "booked until it is said)",
            draft.deal.deal,
        )
        draft.sound = False
    _check_references(draft, ledger, several)
    _check_commitments(draft, ledger)


def _check_commitments(draft: Draft, ledger: Ledger) -> None:
    """Refuse changes and ends of promises to spend that were never made."""
    if draft.refuses("deal-commitment"):
        return
    known = {it.commitment: it.amount.currency for _, it in draft.of(Commitment)}
    for line, fact in list(draft.standing()):
        if not isinstance(fact, Amend | CommitmentEnding) or fact.commitment is None:
            continue
        currency = known.get(fact.commitment)
        amount = fact.amount if isinstance(fact, Amend) else None
        if currency and amount is not None and amount.currency != currency:
            words = (
                f"amount is {wording.amount(amount)}; commitment {fact.commitment} is "
                f"promised in {currency}, and stays so"
            )
            _refuse(draft, ledger, line, fact, "E117", words)
            continue
        if fact.commitment not in known:
            words = (
                f"the deal has no commitment {wording.quoted(fact.commitment)}; it has "
                f"{wording.all_of(sorted(known)) or 'none'}"
            )
            _refuse(draft, ledger, line, fact, "E131", words)


def _check_names(draft: Draft, ledger: Ledger, several: bool) -> None:
    seen: dict[str, Any] = {}
    kinds: dict[str, Grant] = {}
    for line, grant in draft.of(Grant):
        if several and "tranche" not in line.values:
            _refuse(
                draft,
                ledger,
                line,
                grant,
                "E129",
                "tranche is missing, and the deal has several grants; name each, "
                'as tranche: "T1"',
            )
            continue
        escrow = grant.escrow
        if escrow is not None and escrow.number and draft.deal.escrow_owner == "none":
            words = (
                f"escrow of {wording.amount(escrow)} stands here, but the deal says "
                f'escrow-owner: "none" ({wording.where(draft.deal.at)})'
            )
            _refuse(draft, ledger, line, grant, "E133", words)
            continue
        first = seen.setdefault(grant.tranche, grant)
        if first is not grant:
            _refuse(draft, ledger, line, grant, "E121", _second(grant.tranche, first))
            continue
        if grant.ramp and grant.delivery == "stand-ready":
            words = (
                f"a ramp is written of {grant.tranche}, which stands ready; the days of its "
                "term say when it is due"
            )
            _refuse(draft, ledger, line, grant, "E134", words)
            continue
        other = kinds.setdefault(grant.credits.currency, grant)
        if other.delivery != grant.delivery:
            words = (
                f"{grant.credits.currency} is granted here as {grant.delivery} and at "
                f"{wording.where(other.at)} as {other.delivery}; wanted a commodity of "
                "its own for each"
            )
            _refuse(draft, ledger, line, grant, "E134", words)
    for line, commitment in draft.of(Commitment):
        first = seen.setdefault(commitment.commitment, commitment)
        if first is not commitment:
            words = _second(commitment.commitment, first)
            _refuse(draft, ledger, line, commitment, "E121", words)
    _check_leases(draft, ledger, sorted(seen))


def _check_leases(draft: Draft, ledger: Ledger, known: list[str]) -> None:
    """Refuse answers about nothing that was agreed, and a second one about the same."""
    complete = not draft.refuses("deal-grant") and not draft.refuses("deal-commitment")
    answered: dict[str, Lease] = {}
    for line, lease in draft.of(Lease):
        first = answered.setdefault(lease.tranche, lease)
        if first is not lease:
            words = _second(lease.tranche, first)
            _refuse(draft, ledger, line, lease, "E121", words)
        elif complete and lease.tranche not in known:
            words = unknown_tranche(lease.tranche, known)
            _refuse(draft, ledger, line, lease, "E131", words)


def _second(name: str, first: Any) -> str:
    return (
        f'"{name}" already names the tranche or commitment of '
        f"{wording.where(first.at)}; its accounts would be the same: choose another name"
    )


def _check_references(draft: Draft, ledger: Ledger, several: bool) -> None:
    known = {grant.tranche: grant for _, grant in draft.of(Grant)}
    complete = not draft.refuses("deal-grant")
    for line, fact in list(draft.standing()):
        if isinstance(fact, Estimate) and fact.tranche is None and several:
            words = "tranche is missing, and the deal has several; wanted "
            _refuse(
                draft, ledger, line, fact, "E129", words + wording.one_of(known or ["T1"])
            )
        elif isinstance(fact, Grant):
            _check_blend(draft, ledger, line, fact, known, complete)
        elif isinstance(fact, Amend | Estimate) and (name := _days_lapse(fact, known)):
            words = (
                f"breakage is estimated of tranche {name}, which stands ready; the days of "
                "its term use it up, and none is left over"
            )
            _refuse(draft, ledger, line, fact, "E134", words)
        elif isinstance(fact, Milestone) and fact.warrant is not None:
            continue  # its tranche is one of warrants
        elif isinstance(fact, Amend) and fact.commitment is not None:
            continue  # it is of a promise to spend
        elif isinstance(fact, Amend | Forfeit | Milestone | Estimate | Onerous):
            missing = fact.tranche is not None and fact.tranche not in known
            nothing = isinstance(fact, Estimate) and not known
            if complete and (missing or nothing):
                words = unknown_tranche(fact.tranche, known)
                words += _hint(fact, draft)
                _refuse(draft, ledger, line, fact, "E131", words)


def _hint(fact: Any, draft: Draft) -> str:
    """Return what to write where a promise to spend is named as if it were a tranche."""
    if fact.tranche not in {it.commitment for _, it in draft.of(Commitment)}:
        return ""
    if isinstance(fact, Amend):
        return f'; that is a commitment: write commitment: "{fact.tranche}" instead'
    if isinstance(fact, Forfeit):
        return "; that is a commitment: end it with a deal-commitment-end"
    return ""


def _days_lapse(fact: Amend | Estimate, known: dict[str, Grant]) -> str | None:
    """Return the tranche that stands ready of which breakage is estimated, if any."""
    if isinstance(fact, Amend) and fact.breakage is None:
        return None
    name = fact.tranche or next(iter(known), None)
    grant = known.get(name or "")
    return name if grant is not None and grant.delivery == "stand-ready" else None


def _check_blend(
    draft: Draft,
    ledger: Ledger,
    line: Line,
    grant: Grant,
    known: dict[str, Grant],
    complete: bool,
) -> None:
    for name in grant.blends:
        if name == grant.tranche:
            words = f'blends names "{name}", the new tranche itself'
            _refuse(draft, ledger, line, grant, "E131", words)
            return
        old = known.get(name)
        if old is None and complete:
            words = "blends: " + unknown_tranche(name, known)
            _refuse(draft, ledger, line, grant, "E131", words)
            return
        if old is not None and old.date > grant.date:
            words = (
                f'blends names "{name}", granted on {old.date}, after this grant of '
                f"{grant.date}"
            )
            _refuse(draft, ledger, line, grant, "E114", words)
            return


def unknown_tranche(name: str | None, known: Collection[str]) -> str:
    """Return what to say of a tranche the deal does not have."""
    if name is None:
        return "no credits are granted in this deal"
    near = wording.nearest(name, known)
    hint = f"; did you mean {near}?" if near else ""
    return (
        f"the deal has no tranche {wording.quoted(name)}; it has "
        f"{wording.all_of(sorted(known))}{hint}"
    )


def _refuse(
    draft: Draft, ledger: Ledger, line: Line, fact: Any, code: str, words: str
) -> None:
    draft.refuse(ledger, fact, line.directive.name, code, words)
