"""Usage, read fast: a ledger holds a hundred thousand lines of it and little else.

`quick_usage` takes the plain case on a straight way and leaves whatever is unusual to
the reading of any other directive; the two give the same terms (tests/deal).
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from beanscrow.deal.problems import Position
from beanscrow.deal.services import account_part, is_component
from beanscrow.deal.terms import Money, Usage

if TYPE_CHECKING:
    from beancount.core.data import Custom

    from beanscrow.deal.drafts import Draft

_TEXT = (str,)
_DATE = (datetime.date,)
_TYPES: dict[str, tuple[type, ...]] = {
    "filename": _TEXT,
    "lineno": (int,),
    "service": _TEXT,
    "from": _DATE,
    "of": _DATE,
    "tranche": _TEXT,
    "import-id": _TEXT,
    "refund-of": _TEXT,
    "source-file": _TEXT,
    "source-sha256": _TEXT,
    "source-rows": (Decimal,),
    "source-total": (Decimal, Amount),
    "source-scope": _TEXT,
    "source-bucket": _TEXT,
    "source": _TEXT,
    "document": _TEXT,
    "note": _TEXT,
}
_NOT_IN_REST = frozenset(
    {"filename", "lineno", "service", "from", "of", "tranche", "refund-of"}
)
_LONG = 20  # characters; longer numbers are looked at by the general reading


def quick_usage(
    entry: Custom, drafts: dict[str, Draft], files: frozenset[str], vetted: set[str]
) -> Usage | None:
    """Return the usage an entry states, or None where it is not the plain case.

    Args:
      entry: A `custom "deal-usage"`.
      drafts: The deals that were read, by id.
      files: Names of the ledger's files; empty where it is a string.
      vetted: Services known to make an account name; is added to.
    """
    values = entry.values
    if values is None or len(values) != 2:
        return None
    deal, dtype = values[0]
    amount = values[1].value
    if dtype is not str or type(amount) is not Amount:
        return None
    draft = drafts.get(deal)
    date = entry.date
    if draft is None or date < draft.deal.date:
        return None
    number, currency = amount
    if type(number) is not Decimal or type(currency) is not str:
        return None
    if not number or not number.is_finite() or len(str(number)) > _LONG:
        return None
    meta = entry.meta
    types = _TYPES
    for key, value in meta.items():
        kinds = types.get(key)
        if kinds is None or type(value) not in kinds or not value:
            return None
    get = meta.get
    filename = get("filename")
    lineno = get("lineno")
    if lineno is None or (files and filename not in files):
        return None
    import_id = get("import-id")
    if import_id is None:
        if not _NOT_IN_REST.issuperset(meta):
            return None
    elif not _plain_source(get("source-rows"), get("source-total")):
        return None
    service = get("service") or draft.deal.service
    if service not in vetted:
        if not account_part(service):
            return None
        vetted.add(service)
    from_ = get("from")
    of = get("of")
    tranche = get("tranche")
    if (
        (from_ is not None and from_ > date)
        or (of is not None and of > date)
        or (tranche is not None and not is_component(tranche))
    ):
        return None
    make = tuple.__new__
    return make(
        Usage,
        (
            make(Position, (filename, lineno)),
            date,
            deal,
            make(Money, amount),
            service,
            from_,
            of,
            tranche,
            import_id,
            get("refund-of"),
            0,
            "",
        ),
    )


def _plain_source(rows: Decimal | None, total: Decimal | Amount | None) -> bool:
    if rows is not None and (rows.is_signed() or not rows.is_finite()):
        return False
    if total is None:
        return True
    number = total if isinstance(total, Decimal) else total.number
    return isinstance(number, Decimal) and number.is_finite()
