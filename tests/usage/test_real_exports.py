"""The exports in tests/documents: real ones, the specification's, and a synthetic one."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.usage.exports import (
    COSTS,
    buckets,
    codes,
    deal,
    directives,
    run,
    written,
)

DOCUMENTS = Path(__file__).parent.parent / "documents"
REAL = DOCUMENTS / "focus-1.0" / "focus_sample.csv"
SYNTHETIC = DOCUMENTS / "focus-1.3" / "cost_and_usage_aws.csv"
TOKENS = DOCUMENTS / "focus-1.2" / "virtual_currency_pricing_model_a2.csv"
WAIVED = "rows of Oracle give no ContractedCost"


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV export as Python reads them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def sunbird(policy: str = "", **more: str) -> str:
    """Return a deal that takes the rows of AWS in the real export."""
    match = 'usage-match-provider: "AWS"\n  usage-match-billing-account: "1234567890123"'
    return deal("sunbird", match, policy=policy, **more).replace("2026-", "2024-")


def of_sum(rows: list[dict[str, str]], column: str) -> Fraction:
    """Return the exact sum of a column, rows that do not state it left out."""
    return sum(
        (Fraction(r[column]) for r in rows if r[column] not in ("", "NULL")), Fraction(0)
    )


def test_every_row_of_the_real_export_is_accounted_for(tmp_path: Path) -> None:
    outcome = run(tmp_path, REAL, deals=[sunbird()], waive=WAIVED)
    assert codes(outcome) == []
    assert buckets(outcome) == {
        "drawn": 941,
        "provider_credit": 1,
        "unmatched": 51,
        "quarantined": 7,
    }
    rows = rows_of(REAL)
    (total,) = outcome.intake.tally.totals()
    assert total.rows == len(rows) == 1000
    for name in COSTS:
        assert Fraction(total.costs[name]) == of_sum(rows, name)
        lines = outcome.intake.tally.lines()
        assert sum(line.costs[name] for line in lines) == total.costs[name]
        assert total.stated[name] == sum(row[name] != "NULL" for row in rows)


def test_the_real_export_draws_what_its_rows_add_up_to_in_any_measure(
    tmp_path: Path,
) -> None:
    usage = [
        row
        for row in rows_of(REAL)
        if row["ProviderName"] == "AWS" and row["ChargeCategory"] == "Usage"
    ]
    for name in COSTS:
        folder = tmp_path / name
        text = sunbird(f'credit-measure: "{name}"', credits="100.000000")
        run(folder, REAL, deals=[text], waive=WAIVED)
        drawn = sum(Decimal(amount.split()[0]) for _, amount in directives(folder))
        assert drawn == round(of_sum(usage, name), 6)
    assert directives(tmp_path / "ContractedCost") == [
        ("2024-09-30", "16.000000 SUNBIRD.CR")
    ]


def test_the_real_export_is_not_imported_without_a_word_about_its_gaps(
    tmp_path: Path,
) -> None:
    outcome = run(tmp_path, REAL, deals=[sunbird()])
    assert codes(outcome) == ["E706"]
    assert "7 rows cannot be read, ContractedCost: empty" in outcome.errors[0].message
    assert "(row 926, 927, 942 among them)" in outcome.errors[0].message
    assert written(tmp_path) == {}


def test_importing_the_real_export_again_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path, REAL, deals=[sunbird()], waive=WAIVED)
    texts = written(tmp_path)
    assert run(tmp_path, REAL, waive=WAIVED).changes == []
    assert written(tmp_path) == texts


def test_the_synthetic_1_3_export_draws_by_account(tmp_path: Path) -> None:
    text = deal(match='usage-match-sub-account: "200000000011"')
    outcome = run(tmp_path, SYNTHETIC, deals=[text])
    rows = [r for r in rows_of(SYNTHETIC) if r["SubAccountId"] == "200000000011"]
    usage = [r for r in rows if r["ChargeCategory"] == "Usage"]
    unused = [r for r in usage if r["CommitmentDiscountStatus"] == "Unused"]
    found = buckets(outcome)
    assert found["drawn"] == len(usage) - len(unused)
    assert found.get("unused", 0) == len(unused)
    assert found["ineligible"] == len(rows) - len(usage)
    assert sum(found.values()) == len(rows_of(SYNTHETIC)) == 308
    assert outcome.intake.exports[0].version == "1.3"
    drawn = sum(Decimal(amount.split()[0]) for _, amount in directives(tmp_path))
    kept = [row for row in usage if row not in unused]
    assert drawn == round(of_sum(kept, "ContractedCost"), 2)


def test_the_synthetic_1_3_export_draws_what_was_applied_to_a_contract(
    tmp_path: Path,
) -> None:
    text = deal(match='usage-match-commitment: "CC-MINSPEND-AWS"')
    outcome = run(tmp_path, SYNTHETIC, deals=[text])
    rows = [
        row for row in rows_of(SYNTHETIC) if "CC-MINSPEND-AWS" in row["ContractApplied"]
    ]
    matched = [
        line.rows
        for line in outcome.intake.tally.lines()
        if line.bucket not in ("unmatched", "quarantined")
    ]
    assert sum(matched) == len(rows) == 15


def test_the_specifications_tokens_are_counted_in_tokens(tmp_path: Path) -> None:
    text = deal(
        match='usage-match-provider: "ACMECORP"', face="",
        policy='credit-measure: "PricingCurrencyEffectiveCost"',
    ).replace("2026-", "2025-")  # fmt: skip
    outcome = run(tmp_path, TOKENS, deals=[text], formats=["%m/%d/%y"])
    assert codes(outcome) == []
    rows = rows_of(TOKENS)
    drawn = sum(Decimal(amount.split()[0]) for _, amount in directives(tmp_path))
    assert drawn == of_sum(rows, "PricingCurrencyEffectiveCost") == 615
    assert "source-total: 615.00\n" in written(tmp_path)["moon-2025-04.beancount"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("commitment_discount_purchase_scenario_1.csv", "lacks ListCost, ContractedCost"),
        ("saas_spend_agreements_a1.csv", None),
        ("virtual_currency_pricing_model_a1.csv", None),
    ],
)
def test_the_specifications_examples_are_read_or_told_what_they_lack(
    tmp_path: Path, name: str, said: str | None
) -> None:
    from beanscrow.usage.refusal import Refused

    path = DOCUMENTS / "focus-1.2" / name
    text = deal(match='usage-match-provider: "ACMECORP"').replace("2026-", "2025-")
    if said:
        with pytest.raises(Refused, match=said):
            run(tmp_path, path, deals=[text], formats=["%m/%d/%y"])
        return
    outcome = run(tmp_path, path, deals=[text], formats=["%m/%d/%y"], waive="an example")
    assert sum(buckets(outcome).values()) == len(rows_of(path))
