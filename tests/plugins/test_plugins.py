"""The plugins among Beancount's own: they run once, raise nothing, and change nothing."""

from __future__ import annotations

import gc
import pickle
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.core.data import Custom, Transaction

from beanscrow.booking import plugin as booking
from beanscrow.booking.daybook import daybook_of
from beanscrow.plugins import checks, escrow, stakes
from tests.plugins.books import BOOKS, DEAL, PLUGIN
from tests.support.ledgers import Ledger, load_path, load_text


def generated(entries: list[Any]) -> list[Transaction]:
    return [e for e in entries if isinstance(e, Transaction) and "booked-by" in e.meta]


def told(entry: Transaction) -> tuple[object, ...]:
    """Return what an entry says, without where it stands."""
    postings = [(p.account, p.units, p.cost) for p in entry.postings]
    return entry.date, entry.payee, entry.narration, entry.links, postings


def parsed(text: str) -> tuple[list[Any], dict[str, Any]]:
    """Return a ledger as Beancount hands it to its first plugin."""
    entries, errors, options = loader.load_string(text)
    assert errors == []
    return entries, options


def test_one_line_is_the_three_plugins_in_order() -> None:
    three = "".join(
        f'plugin "beanscrow.plugins.{name}"\n' for name in ("escrow", "stakes", "checks")
    )
    one, apart = load_text(PLUGIN + BOOKS + DEAL), load_text(three + BOOKS + DEAL)
    assert one.errors == apart.errors == []
    assert list(map(told, generated(one.entries))) == list(
        map(told, generated(apart.entries))
    )


def test_entries_given_come_back_as_they_were() -> None:
    """The same objects, with the same metadata; only new ones stand behind them."""
    text = BOOKS + DEAL.partition("2024-07-01")[0]
    entries, options = parsed(text)
    before = [(id(entry), dict(entry.meta)) for entry in entries]
    for run in (escrow.book_contracts, stakes.book_stakes, checks.check):
        entries, errors = run(entries, options)
        assert errors == []
    assert [(id(e), dict(e.meta)) for e in entries[: len(before)]] == before
    assert generated(entries[: len(before)]) == []
    assert len(generated(entries)) == 6


def test_a_custom_without_values_alone_is_replaced_by_one_with_none() -> None:
    ledger = load_text(PLUGIN + BOOKS + '2024-01-01 custom "deal"\n' + DEAL)
    assert [message[:4] for message in ledger.messages] == ["E102"]
    (bare,) = [e for e in ledger.entries if isinstance(e, Custom) and not e.values]
    assert bare.values == []
    assert len(generated(ledger.entries)) == 7


@pytest.mark.parametrize("enabled", [True, False])
def test_collection_is_set_back_as_it_was_found(enabled: bool) -> None:
    entries, options = parsed(BOOKS + DEAL.partition("2024-07-01")[0])
    frozen = gc.get_freeze_count()
    was = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        escrow.book_contracts(entries, options)
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was else gc.disable)()
    assert gc.get_freeze_count() == frozen


def test_a_fault_of_one_deal_is_an_error_and_the_other_is_booked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Never an exception: Beancount would go on with no deal booked at all."""
    book: Any = vars(booking)["book"]

    def faulty(schedule: Any, *rest: Any) -> Any:
        if schedule.deal == "moon":
            raise ZeroDivisionError("planted")
        return book(schedule, *rest)

    monkeypatch.setattr(booking, "book", faulty)
    other = DEAL.replace('"moon"', '"star"').replace("MOON", "STAR").replace("Moon", "Star")
    deals = DEAL.partition("2024-07-01")[0] + other.partition("2024-07-01")[0]
    ledger = load_text('plugin "beanscrow.plugins.escrow"\n' + BOOKS + without_value(deals))
    assert [message[:4] for message in ledger.messages] == ["E599"]
    assert "planted" in ledger.messages[0]
    assert "\n" not in ledger.messages[0]
    assert {entry.meta["deal"] for entry in generated(ledger.entries)} == {"star"}


def without_value(text: str) -> str:
    """Return a deal without its valuations, for the escrow plugin alone."""
    kept = []
    dropped = False
    for line in text.splitlines():
        if line.startswith("2"):
            dropped = "deal-valuation" in line
        if not (line.strip() and dropped):
            kept.append(line)
    return "\n".join(kept) + "\n"


@pytest.mark.parametrize(
    "after",
    [
        ["auto_accounts"],
        ["implicit_prices"],
        ["auto_accounts", "implicit_prices"],
        ["noduplicates"],
        ["leafonly"],
        ["coherent_cost"],
        ["unique_prices"],
        ["sellgains"],
    ],
    ids="+".join,
)
def test_stock_plugins_listed_after_ours_find_nothing_amiss(after: list[str]) -> None:
    stock = "".join(f'plugin "beancount.plugins.{name}"\n' for name in after)
    books = BOOKS.replace("  open-accounts: TRUE\n", "") if "auto" in after[0] else BOOKS
    ledger = load_text(PLUGIN + stock + books + told_apart(DEAL))
    assert ledger.messages == []
    assert len(generated(ledger.entries)) == 7


def told_apart(text: str) -> str:
    """Return the deal with usage that differs, as noduplicates wants of directives."""
    return text.replace(
        '2024-03-31 custom "deal-usage" "moon" 250',
        '2024-03-31 custom "deal-usage" "moon" 250.0',
    )


def test_pedantic_after_ours_wants_commodities_declared_and_no_more() -> None:
    declared = "".join(
        f"2020-01-01 commodity {name}\n" for name in ("USD", "MOON.A", "MOON.CR")
    )
    text = PLUGIN + 'plugin "beancount.plugins.pedantic"\n' + declared + BOOKS
    assert load_text(text + told_apart(DEAL)).messages == []


def test_several_ledgers_in_one_process_keep_apart(tmp_path: Path) -> None:
    startup = BOOKS.replace('"provider"', '"startup"')
    prepaid = DEAL.replace("Liabilities:Contract:Credits", "Assets:Prepaid:Compute")
    prepaid = prepaid.replace("2024-07-01 balance Assets:Cash:Restr", ";").replace(
        "Expired -550", "Expired 550"
    )
    ours, theirs = load_text(PLUGIN + BOOKS + DEAL), load_text(PLUGIN + startup + prepaid)
    again = load_text(PLUGIN + BOOKS + DEAL)
    assert ours.errors == theirs.errors == again.errors == []
    assert side_of(ours) == side_of(again) == "provider"
    assert side_of(theirs) == "startup"
    assert list(map(told, generated(ours.entries))) == list(
        map(told, generated(again.entries))
    )


def side_of(ledger: Ledger) -> str:
    daybook = daybook_of(ledger.options)
    assert daybook is not None
    return daybook.schedules["moon"].side


def test_a_load_from_beancounts_cache_holds_the_same_entries() -> None:
    """The daybook stays out of the cache: it would be that of an older engine."""
    ledger = load_text(PLUGIN + BOOKS + DEAL)
    entries, errors, options = pickle.loads(pickle.dumps(ledger))
    assert errors == []
    assert list(map(told, generated(entries))) == list(map(told, generated(ledger.entries)))
    assert daybook_of(options) is None
    assert daybook_of(ledger.options) is not None


def test_beancounts_own_cache_is_made_and_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BEANCOUNT_DISABLE_LOAD_CACHE", raising=False)
    path = tmp_path / "main.beancount"
    path.write_text(PLUGIN + BOOKS + DEAL)
    cache = tmp_path / "cache"
    # Beancount's own, but for the second a load must take before it is worth keeping.
    load = loader.pickle_cache_function(
        lambda _name: str(cache), 0, loader._uncached_load_file
    )
    first, second = (Ledger(*load(str(path), None, None, None)) for _ in range(2))
    assert first.errors == second.errors == []
    assert cache.exists()
    assert daybook_of(first.options) is not None
    assert daybook_of(second.options) is None, "the second came from the cache"
    assert list(map(told, generated(first.entries))) == list(
        map(told, generated(second.entries))
    )


def test_files_and_lines_of_a_day_decide_nothing(tmp_path: Path) -> None:
    """A usage of the day of signing, in a file that sorts before the deal's own."""
    (tmp_path / "a.beancount").write_text(
        '2024-01-01 custom "deal-usage" "moon" 100 MOON.CR\n'
    )
    (tmp_path / "b.beancount").write_text("\n" * 30 + DEAL.partition("2024-02-29")[0])
    top = tmp_path / "main.beancount"
    top.write_text(PLUGIN + BOOKS + 'include "*.beancount"\n'.replace("*", "[ab]"))
    ledger = load_path(top)
    assert ledger.errors == []
    assert [e.narration for e in generated(ledger.entries) if "Compute" in str(e.narration)]


def test_findings_become_errors_in_the_one_line_too() -> None:
    text = BOOKS + DEAL.replace("  expires: 2024-06-30\n", "").partition("2024-07-01")[0]
    strict = PLUGIN.rstrip() + " \"{'findings': 'errors'}\"\n"
    native = (
        '2024-06-01 * "by hand"\n  Liabilities:Contract:Credits:Moon:T1  1.00 USD\n'
        "  Assets:Cash:Operating  -1.00 USD\n"
    )
    assert [m[:4] for m in load_text(strict + text + native).messages] == ["F601"]
    assert load_text(PLUGIN + text + native).messages == []


def test_tiny_amounts_keep_every_digit() -> None:
    tiny = DEAL.replace("250 MOON.CR", "0.000000001 MOON.CR").partition("2024-04-30")[0]
    ledger = load_text(PLUGIN + BOOKS + tiny)
    assert ledger.errors == []
    drawn = [e for e in generated(ledger.entries) if "Compute" in str(e.narration)]
    assert [str(e.narration).split(",")[1] for e in drawn] == [
        " 0.000000001 MOON.CR from T1"
    ] * 2


SIGNED = (BOOKS + DEAL).partition("2024-02-29")[0]
INDIVISIBLE = SIGNED.replace("100 MOON.A", "300 MOON.A").replace(
    "fair-value: 8.00 USD", "fair-value-total: 1000.00 USD"
)
TWO_SECURITIES = (
    SIGNED
    + """
2024-01-01 custom "deal-stake" "moon" 100 MOON.B
  fair-value: 4.00 USD
  fair-value-source: "valuation"
"""
)
TOLD_APART_BY_ID = (
    SIGNED
    + """
2024-02-29 custom "deal-usage" "moon" 10 MOON.CR
  import-id: "one"
2024-02-29 custom "deal-usage" "moon" 10 MOON.CR
  import-id: "two"
"""
)


@pytest.mark.parametrize(
    ("stock", "text", "said"),
    [
        (["implicit_prices", "unique_prices"], INDIVISIBLE, "Disagreeing price entries"),
        (["onecommodity"], TWO_SECURITIES, "More than one currency"),
        (["noduplicates"], TOLD_APART_BY_ID, "Duplicate entry"),
    ],
    ids=["two-lots", "two-securities", "equal-but-for-metadata"],
)
def test_the_clashes_the_language_names_are_there(
    stock: list[str], text: str, said: str
) -> None:
    """Should one of them go, docs/ledger-language.md 2.5.14 no longer needs to name it."""
    assert load_text(PLUGIN + text).errors == []
    after = "".join(f'plugin "beancount.plugins.{name}"\n' for name in stock)
    messages = load_text(PLUGIN + after + text).messages
    assert messages
    assert all(said in message for message in messages)
