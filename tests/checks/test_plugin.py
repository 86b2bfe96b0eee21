"""The checks as a plugin: where it stands in the list, what it is told, what it returns."""

from __future__ import annotations

import gc
import inspect
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount.core.data import Transaction

from beanscrow.plugins import checks
from beanscrow.plugins.checks import check
from tests.support.ledgers import load_path, load_text

DEAL = """
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-stake" "moon" 1000 MOON.A
  fair-value: 8.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 10000 MOON.CR
  tranche: "T1"
2024-03-31 custom "deal-usage" "moon" 4000 MOON.CR
"""
FURTHER = """
2024-06-30 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 9.00 USD
  fair-value-source: "valuation"
2024-06-30 custom "deal-grant" "moon" 100 MOON.CR
  tranche: "T2"
"""
ESCROW = 'plugin "beanscrow.plugins.escrow"'
STAKES = 'plugin "beanscrow.plugins.stakes"'
CHECKS = 'plugin "beanscrow.plugins.checks"'
ALL = 'plugin "beanscrow.plugins.deals"'


def codes(text: str) -> list[str]:
    """Return the codes of the errors of a ledger."""
    _, errors, _ = load_text(text)
    return [error.message.partition(":")[0] for error in errors]


def listed(*plugins: str, deal: str = DEAL) -> str:
    """Return a ledger that lists some plugins."""
    return "\n".join(plugins) + deal


@pytest.mark.parametrize(
    ("plugins", "told"),
    [
        ((ESCROW, STAKES, CHECKS), []),
        ((ALL,), []),
        ((CHECKS,), ["E614"]),
        ((CHECKS, CHECKS), ["E614", "E613"]),
        ((CHECKS, ESCROW, STAKES), ["E612"]),
        ((ESCROW, CHECKS, STAKES), ["E612"]),
        ((ESCROW, STAKES, CHECKS, CHECKS), ["E613"]),
        ((ALL, CHECKS), ["E613"]),
        ((CHECKS, ESCROW, STAKES, CHECKS), ["E612", "E613"]),
    ],
)
def test_the_place_in_the_list_is_told(plugins: tuple[str, ...], told: list[str]) -> None:
    assert codes(listed(*plugins)) == told


def test_checks_listed_too_early_are_made_good_by_a_second_listing() -> None:
    """What was booked is checked the second time, and only then."""
    ledger = listed(CHECKS, ESCROW, CHECKS)
    assert codes(ledger) == ["E612", "E613"]
    wrong = ledger + '\n2024-03-31 * "by hand"\n  booked-by: "me"\n  Assets:A  0 USD\n'
    wrong += "2024-01-01 open Assets:A\n"
    assert "E608" in codes(wrong)


def test_a_ledger_without_deals_is_none_of_our_business() -> None:
    assert (
        codes(CHECKS + '\n2024-01-01 open Assets:Cash\n2024-01-01 custom "budget" 1\n')
        == []
    )


def test_the_line_of_the_plugin_is_named(tmp_path: Path) -> None:
    ledger = tmp_path / "main.beancount"
    ledger.write_text("; head\n" + listed(CHECKS, ESCROW))
    _, errors, _ = load_path(ledger)
    (error,) = errors
    assert error.source == {"filename": str(ledger), "lineno": 2}


@pytest.mark.parametrize(
    "config",
    [
        "{'findings': 'error'}",
        "{'strict': True}",
        "['findings']",
        "findings",
        "{'findings': }",
        "{[]: 1}",
        "(" * 300,
        "{'findings': ['errors']}",
    ],
)
def test_a_configuration_that_says_nothing_known_is_an_error(config: str) -> None:
    """At the plugin's line, and the checks are made all the same."""
    _, errors, options = load_text(listed(ESCROW, STAKES))
    assert errors == []
    entries, found = check([], options, config)
    (error,) = found
    assert entries == []
    assert error.message.startswith("E615: ")
    assert error.source == {"filename": "<string>", "lineno": 1}
    assert "\n" not in error.message


@pytest.mark.parametrize("config", ["", "{}", "{'findings': 'apart'}"])
def test_findings_are_left_to_the_command(config: str) -> None:
    plugin = f'{CHECKS} "{config}"'
    assert codes(listed(ESCROW, STAKES, plugin, deal=DEAL + FURTHER)) == []


def test_findings_can_be_errors() -> None:
    """Those of the checks, and those of the reader."""
    plugin = CHECKS + """ "{'findings': 'errors'}" """
    again = '2024-07-01 custom "deal-usage" "moon" 1 MOON.CR\n  service: "compute"\n'
    found = codes(listed(ESCROW, STAKES, plugin, deal=DEAL + FURTHER + again))
    assert found == ["F623", "F102"]


def test_entries_are_returned_as_they_are() -> None:
    entries, _, options = load_text(listed(ALL))
    before = list(entries)
    del options["beanscrow-checks"]
    returned, errors = check(entries, options)
    assert errors == []
    assert returned is entries
    assert all(old is new for old, new in zip(before, returned, strict=True))


@pytest.mark.parametrize("collecting", [True, False])
def test_the_collector_is_left_as_it_was_found(collecting: bool) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        check([], {})
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if was else gc.disable)()


def test_a_fault_of_our_own_is_an_error_and_no_exception(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(checks, "examine", fail)
    entries: list[Any] = []
    returned, (error,) = check(entries, {"filename": "main.beancount"})
    assert returned is entries
    assert error.message.startswith("E616: ")
    assert "ZeroDivisionError: a fault" in error.message
    assert error.source == {"filename": "main.beancount", "lineno": 1}


def tampered(entries: list[Any], **changes: Any) -> list[Any]:
    """Return entries with the last generated one changed."""
    index = max(
        i
        for i, entry in enumerate(entries)
        if isinstance(entry, Transaction) and "booked-by" in entry.meta
    )
    wrong = entries[index]._replace(**changes)
    return [*entries[:index], wrong, *entries[index + 1 :]]


def messages(entries: list[Any], options: dict[str, Any]) -> list[str]:
    """Return what the plugin says of entries, run once more."""
    options.pop("beanscrow-checks", None)
    return [error.message for error in check(entries, options)[1]]


def test_a_residual_below_28_digits_is_seen() -> None:
    """Beancount's own arithmetic would have rounded it away."""
    entries, _, options = load_text(listed(ALL))
    postings = list(entries[-1].postings)
    tiny = Decimal(f"{postings[0].units.number:.2f}{'0' * 37}1")
    postings[0] = postings[0]._replace(units=postings[0].units._replace(number=tiny))
    (message,) = messages(tampered(entries, postings=postings), options)
    assert message.startswith("E601: ")
    assert f"0.{'0' * 39}1 USD" in message


@pytest.mark.parametrize("number", [None, Decimal("NaN"), Decimal("1E+999999"), "3"])
def test_an_amount_that_is_no_number_is_told(number: Any) -> None:
    entries, _, options = load_text(listed(ALL))
    postings = list(entries[-1].postings)
    postings[0] = postings[0]._replace(units=postings[0].units._replace(number=number))
    found = messages(tampered(entries, postings=postings), options)
    assert found[0].partition(":")[0] in ("E601", "E602")


def test_the_order_of_the_entries_does_not_matter() -> None:
    """Grants stand after draws of the same day where a file with few lines draws."""
    deal = DEAL.replace("2024-03-31", "2024-01-01")
    entries, errors, options = load_text(listed(ALL, deal=deal))
    assert errors == []
    assert messages(entries[::-1], options) == []


def test_the_docstring_is_what_a_user_needs() -> None:
    text = inspect.getdoc(checks) or ""
    assert CHECKS in text
    assert "{'findings': 'errors'}" in text
