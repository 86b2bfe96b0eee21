"""Usage: credits or money of this deal, each drawdown once, refunds of what there was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beanscrow.deal import wording
from beanscrow.deal.consistency.tranches import unknown_tranche
from beanscrow.deal.consistency.twins import twin
from beanscrow.deal.terms import Grant, Usage

if TYPE_CHECKING:
    from beanscrow.deal.consistency.commodities import Commodities
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger

NAME = "deal-usage"


def check_usage(draft: Draft, commodities: Commodities, ledger: Ledger) -> None:
    """Refuse usage in a commodity that is not the deal's, of no tranche, or twice."""
    known = {grant.tranche: grant for _, grant in draft.of(Grant)}
    belongs = commodities.credits | commodities.money
    complete = commodities.complete
    services = draft.services
    ready = {
        grant.credits.currency: grant
        for grant in known.values()
        if grant.delivery == "stand-ready"
    }
    by_import_id: dict[str, Usage] = {}
    by_content: dict[object, Usage] = {}
    refunds: list[Usage] = []
    for usage in draft.standing_usages():
        at, _, _, quantity, service, _, _, tranche, import_id, refund_of, _, _ = usage
        if import_id is not None:
            if import_id in by_import_id:
                words = _imported(usage, by_import_id[import_id])
                draft.refuse(ledger, usage, NAME, "E127", words)
                continue
            by_import_id[import_id] = usage
        else:
            first = by_content.setdefault(usage[1:], usage)
            if first is not usage:
                draft.refuse(ledger, usage, NAME, "E126", twin(first.at))
                continue
        if service not in services:
            services[service] = at
        if refund_of is not None:
            refunds.append(usage)
        if quantity[1] not in belongs and complete:
            words = _neither(usage, commodities)
            draft.refuse(ledger, usage, NAME, "E117", words)
        elif quantity[1] in ready:
            draft.refuse(ledger, usage, NAME, "E134", _by_time(usage, ready[quantity[1]]))
        elif tranche is not None and tranche not in known and complete:
            words = unknown_tranche(tranche, known)
            draft.refuse(ledger, usage, NAME, "E131", words)
    for usage in refunds:
        words = _no_refund(usage, by_import_id)
        if words and not (words.startswith("refund-of") and draft.refuses(NAME)):
            draft.refuse(ledger, usage, NAME, "E131", words)


def _by_time(usage: Usage, grant: Grant) -> str:
    return (
        f"{wording.amount(usage.quantity)} is drawn here, and tranche {grant.tranche} "
        f"({wording.where(grant.at)}) stands ready: the days of its term use it up"
    )


def _imported(usage: Usage, first: Usage) -> str:
    return (
        f"import-id {wording.quoted(usage.import_id or '')} already stands at "
        f"{wording.where(first.at)}; delete one, or give the other an id of its own"
    )


def _neither(usage: Usage, commodities: Commodities) -> str:
    return (
        f"{wording.amount(usage.quantity)} is neither credits granted in this deal "
        f"({wording.all_of(sorted(commodities.credits))}) nor its money "
        f"({wording.all_of(sorted(commodities.money))})"
    )


def _no_refund(usage: Usage, by_import_id: dict[str, Usage]) -> str:
    """Return what is wrong with a usage that says it refunds another, else ""."""
    if usage.quantity.number > 0:
        return (
            f"{wording.amount(usage.quantity)} is more than zero, and refund-of is "
            "there; a refund is negative"
        )
    if usage.refund_of not in by_import_id or usage.refund_of == usage.import_id:
        return (
            f"refund-of {wording.quoted(usage.refund_of or '')} is the import-id of no "
            "usage of this deal"
        )
    return ""
