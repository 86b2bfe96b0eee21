"""Identity: each deal once, under one account, of one party; and names that look alike."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from beanscrow.deal import wording
from beanscrow.deal.names import is_component, plain_name
from beanscrow.deal.services import account_part
from beanscrow.deal.terms import Charge, Cost

if TYPE_CHECKING:
    from beanscrow.deal.drafts import Draft
    from beanscrow.deal.lines import Ledger
    from beanscrow.deal.problems import Position
    from beanscrow.deal.terms import Deal


def check_deal(deal: Deal, drafts: dict[str, Draft], ledger: Ledger) -> bool:
    """Return whether a deal can stand beside those read before it.

    Args:
      deal: The one to add.
      drafts: Those read before it, by id.
      ledger: Is told what is wrong.
    """
    known = [draft.deal for draft in drafts.values()]
    for other in known:
        if other.deal == deal.deal:
            code, words = "E121", f'a second deal "{deal.deal}"; the first stands at '
            words += f"{wording.where(other.at)}: an id is written once"
        elif other.account == deal.account:
            code = "E122"
            words = (
                f'its account component "{deal.account}" is that of deal '
                f'"{other.deal}" ({wording.where(other.at)}); say account: to tell them '
                "apart"
            )
        else:
            continue
        ledger.say(deal.at, code, f"deal: {words}", deal.deal)
        return False
    if not is_component(deal.account):
        ledger.say(
            deal.at,
            "E115",
            f'deal: the id makes the account component "{deal.account}", which is none; '
            "say account:",
            deal.deal,
        )
        return False
    return True


def check_parties(drafts: dict[str, Draft], ledger: Ledger) -> None:
    """Refuse deals that give one party two names, and find names that look alike."""
    names: dict[str, Deal] = {}
    for draft in drafts.values():
        deal = draft.deal
        first = names.setdefault(deal.party, deal)
        if first.name != deal.name:
            ledger.say(
                deal.at,
                "E125",
                f"deal: party {wording.quoted(deal.party)} is "
                f"{wording.quoted(deal.name)} here and {wording.quoted(first.name)} at "
                f"{wording.where(first.at)}; one party has one name",
                deal.deal,
            )
            draft.sound = False
    deals = [draft.deal for draft in drafts.values()]
    _find_alike([(d.party, d.name, d) for d in deals], "startup", ledger)
    _find_alike([(d.provider, d.provider, d) for d in deals], "provider", ledger)


def _find_alike(named: list[tuple[str, str, Deal]], kind: str, ledger: Ledger) -> None:
    alike: dict[str, dict[str, tuple[str, Deal]]] = defaultdict(dict)
    for party, name, deal in named:
        alike[plain_name(name)].setdefault(party, (name, deal))
    for parties in alike.values():
        first, *others = parties.values()
        for name, deal in others:
            if name == first[0] and kind == "startup":
                words = f"the {kind} {wording.quoted(name)} has another party at "
            else:
                words = f"the {kind} {wording.quoted(name)} looks like "
                words += f"{wording.quoted(first[0])} at "
            ledger.say(
                deal.at,
                "F101",
                f"deal: {words}{wording.where(first[1].at)}; if they are one, write the "
                "name alike or give both one party:",
                deal.deal,
            )


def find_service_clashes(drafts: dict[str, Draft], ledger: Ledger) -> None:
    """Find services of different spelling that become one account component."""
    first: dict[str, tuple[str, Position]] = {}
    said: set[str] = set()
    for draft in drafts.values():
        for service, at in _services(draft).items():
            known, there = first.setdefault(account_part(service), (service, at))
            if known != service and service not in said:
                said.add(service)
                ledger.say(
                    at,
                    "F102",
                    f"the service {wording.quoted(service)} and "
                    f"{wording.quoted(known)} ({wording.where(there)}) have one account "
                    f'part, "{account_part(service)}"',
                    draft.deal.deal,
                )


def _services(draft: Draft) -> dict[str, Position]:
    services = dict(draft.services)
    for _, fact in draft.standing():
        if isinstance(fact, Charge | Cost) and fact.service is not None:
            services.setdefault(fact.service, fact.at)
    return services
