"""Usage, read fast: a ledger holds a hundred thousand lines of it and little else.

`quick_usage` takes the plain case on a straight way and leaves whatever is unusual to
the reading of any other directive; the two give the same terms (tests/deal).
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from beanscrow.deal.lines import canonical
from beanscrow.deal.problems import Position
from beanscrow.deal.services import account_part, is_component
from beanscrow.deal.terms import Money, Usage
from beanscrow.deal.vocabulary import FREE_PREFIX

if TYPE_CHECKING:
    from beancount.core.data import Custom

    from beanscrow.deal.drafts import Draft

_TYPES: dict[str, tuple[type, ...]] = {
    "filename": (str,),
    "lineno": (int,),
    "service": (str,),
    "from": (datetime.date,),
    "of": (datetime.date,),
    "tranche": (str,),
    "import-id": (str,),
    "refund-of": (str,),
    "source-file": (str,),
    "source-sha256": (str,),
    "source-rows": (Decimal,),
    "source-total": (Decimal, Amount),
    "source-scope": (str,),
    "source-bucket": (str,),
    "source": (str,),
    "document": (str,),
    "note": (str,),
}
_FREE = (str, Decimal, Amount, datetime.date, bool)
_MOST_FREE = 2  # keys of one's own; every combination of their types is listed
_NOT_IN_REST = frozenset(
    {"filename", "lineno", "service", "from", "of", "tranche", "refund-of"}
)
_LONG = 20  # characters; longer numbers are looked at by the general reading
_ZERO = Decimal(0)
_HUGE = Decimal(10) ** _LONG
_Shapes = dict[tuple[str, ...], frozenset[tuple[type, ...]]]


def read_usages(
    entries: Iterable[Custom],
    drafts: dict[str, Draft],
    files: frozenset[str],
    marked: frozenset[Position],
    general: Callable[[Custom], None],
) -> None:
    """Add the usage that entries state to its deals.

    Args:
      entries: Every `custom "deal-usage"`, in order.
      drafts: The deals that were read, by id; usage is added to them.
      files: Names of the ledger's files; empty where it is a string.
      marked: Where the source lines show something wrong; read the general way.
      general: Reads an entry that is not the plain case.
    """
    vetted: set[str] = set()
    shapes: _Shapes = {}
    for entry in entries:
        try:
            if marked and (entry.meta["filename"], entry.meta["lineno"]) in marked:
                general(entry)
                continue
            usage = quick_usage(entry, drafts, files, vetted, shapes)
        except Exception:  # whatever is unusual is told the general way
            usage = None
        if usage is None:
            general(entry)
        else:
            drafts[usage.deal].usages.append(usage)


def quick_usage(
    entry: Custom,
    drafts: dict[str, Draft],
    files: frozenset[str],
    vetted: set[str],
    shapes: _Shapes,
) -> Usage | None:
    """Return the usage an entry states, or None where it is not the plain case.

    Args:
      entry: A `custom "deal-usage"`.
      drafts: The deals that were read, by id.
      files: Names of the ledger's files; empty where it is a string.
      vetted: Services known to make an account name; is added to.
      shapes: For each sequence of keys met, the types its values may have; is added
        to.
    """
    (deal, dtype), (amount, _) = entry.values
    if dtype is not str or type(amount) is not Amount:
        return None
    meta = entry.meta
    keys = tuple(meta)
    types = shapes.get(keys)
    if types is None:
        types = shapes[keys] = _types_of(keys)
    held = meta.values()
    if tuple(map(type, held)) not in types or not all(held):
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
    get = meta.get
    filename = meta["filename"]
    if files and filename not in files:
        return None
    rows = get("source-rows")
    if rows is not None and not _ZERO < rows < _HUGE:
        return None
    total = get("source-total")
    if total is not None:
        if type(total) is Amount:
            total = total.number if type(total.currency) is str else None
        if total is None or not -_HUGE < total < _HUGE:
            return None
    import_id = get("import-id")
    rest = ""
    if import_id is None and not _NOT_IN_REST.issuperset(keys):
        further = {key: meta[key] for key in keys if key not in _NOT_IN_REST}
        rest = canonical(further)
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
            make(Position, (filename, meta["lineno"])),
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
            rest,
        ),
    )


def _types_of(keys: tuple[str, ...]) -> frozenset[tuple[type, ...]]:
    """Return the types the values of these keys may have; none where one is unusual."""
    if not {"filename", "lineno"}.issubset(keys):
        return frozenset()
    free = sum(key.startswith(FREE_PREFIX) for key in keys)
    if free > _MOST_FREE:
        return frozenset()
    kinds = [_FREE if key.startswith(FREE_PREFIX) else _TYPES.get(key, ()) for key in keys]
    return frozenset(itertools.product(*kinds))
