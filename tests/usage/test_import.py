"""Imports as a whole: the same books whatever way the same rows come in."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from pathlib import Path

import pytest

from beanscrow.usage.refusal import Refused
from tests.usage.exports import (
    at,
    books,
    buckets,
    codes,
    csv_text,
    deal,
    directives,
    row,
    run,
    write_csv,
    write_gz,
    write_parquet,
    written,
)

MIXED = [
    row("10.004"),
    row("10.004"),
    row("-0.30", ServiceCategory="Storage"),
    row("7.10", ServiceCategory="Storage", ServiceName="Disks"),
    row("3.00", ChargeCategory="Tax"),
    row("400.00", ChargeCategory="Purchase"),
    row("5.00", CommitmentDiscountStatus="Unused", CommitmentDiscountId="c"),
    row("-2.50", ChargeCategory="Credit"),
    row("0.75", ChargeCategory="Adjustment"),
    row("9.99", BillingAccountId="acc-2"),
]


def test_rows_fall_into_buckets_that_add_up_to_the_file(tmp_path: Path) -> None:
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", MIXED))
    assert buckets(outcome) == {
        "drawn": 5,
        "ineligible": 2,
        "unused": 1,
        "provider_credit": 1,
        "unmatched": 1,
    }
    lines = outcome.intake.tally.lines()
    (total,) = outcome.intake.tally.totals()
    assert total.rows == sum(line.rows for line in lines) == len(MIXED)
    for name in total.costs:
        of_file = sum(Decimal(each[name]) for each in MIXED)
        assert total.costs[name] == sum(line.costs[name] for line in lines) == of_file
        assert total.stated[name] == len(MIXED)


def test_drawdowns_are_one_a_deal_service_and_month_with_their_source(
    tmp_path: Path,
) -> None:
    run(tmp_path, write_csv(tmp_path / "a.csv", MIXED))
    text = written(tmp_path)["moon-2026-03.beancount"]
    assert directives(tmp_path) == [
        ("2026-03-10", "20.76 MOON.CR"),
        ("2026-03-10", "6.80 MOON.CR"),
    ]
    assert '  service: "Compute"\n  from: 2026-03-01\n' in text
    assert '  source-file: "a.csv"\n' in text
    assert "  source-rows: 3\n  source-total: 20.758 USD\n" in text
    assert '  source-scope: "Cloud | acc-1 | 2026-03-01"\n' in text


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_does_not_matter(tmp_path: Path, seed: int) -> None:
    rows = list(MIXED)
    run(tmp_path / "a", write_csv(tmp_path / "x.csv", rows))
    random.Random(seed).shuffle(rows)
    run(tmp_path / "b", write_csv(tmp_path / "x.csv", rows))
    assert _unsigned(tmp_path / "a") == _unsigned(tmp_path / "b")


def test_one_delivery_in_several_files_is_the_same_in_any_order(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "1.csv", MIXED[:4])
    two = write_gz(tmp_path / "2.csv.gz", MIXED[4:])
    run(tmp_path / "a", one, two)
    run(tmp_path / "b", two, one, one)
    assert written(tmp_path / "a") == written(tmp_path / "b")
    whole = write_csv(tmp_path / "whole.csv", MIXED)
    run(tmp_path / "c", whole)
    assert directives(tmp_path / "a") == directives(tmp_path / "c")
    assert 'source-file: "1.csv, 2.csv.gz"' in written(tmp_path / "a").popitem()[1]


def test_importing_a_file_again_changes_nothing(tmp_path: Path) -> None:
    export = write_csv(tmp_path / "a.csv", MIXED)
    run(tmp_path, export)
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "usage").iterdir()}
    texts = written(tmp_path)
    assert run(tmp_path, export).changes == []
    after = {p: p.stat().st_mtime_ns for p in (tmp_path / "usage").iterdir()}
    assert written(tmp_path) == texts
    assert {p: t for p, t in after.items() if p.suffix} == {
        p: t for p, t in before.items() if p.suffix
    }


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    export = write_csv(tmp_path / "a.csv", MIXED)
    copy = write_csv(tmp_path / "b.csv", MIXED)
    outcome = run(tmp_path, export, export, copy)
    assert sum(buckets(outcome).values()) == len(MIXED)


def test_rows_that_are_alike_all_count(tmp_path: Path) -> None:
    run(tmp_path, write_csv(tmp_path / "a.csv", [row("0.10")] * 7))
    assert directives(tmp_path) == [("2026-03-10", "0.70 MOON.CR")]


def test_a_later_snapshot_of_a_bill_replaces_the_earlier_one(tmp_path: Path) -> None:
    first = write_csv(tmp_path / "early.csv", MIXED)
    later = [*MIXED, at("2026-03-31T23:00:00Z", "2026-04-01T00:00:00Z", "1.00")]
    later = [each for each in later if each["ServiceCategory"] != "Storage"]
    last = write_csv(tmp_path / "late.csv", [*later, row("1.00"), row("1.00")])
    run(tmp_path, first)
    run(tmp_path, last)
    run(tmp_path / "fresh", last)
    assert written(tmp_path) == written(tmp_path / "fresh")
    assert directives(tmp_path) == [("2026-03-31", "23.76 MOON.CR")]


def test_a_snapshot_in_which_a_deal_has_no_usage_any_more_empties_its_file(
    tmp_path: Path,
) -> None:
    run(tmp_path, write_csv(tmp_path / "a.csv", [row("1.00")]))
    gone = write_csv(tmp_path / "b.csv", [row("1.00", ChargeCategory="Tax")])
    outcome = run(tmp_path, gone)
    assert directives(tmp_path) == []
    assert codes(outcome) == ["F703"]
    assert "; end 0 " in written(tmp_path)["moon-2026-03.beancount"]


def test_two_bills_of_one_deal_and_month_are_both_kept_in_any_order(
    tmp_path: Path,
) -> None:
    match = 'usage-match-billing-account: "acc-1, acc-2"'
    one = write_csv(tmp_path / "1.csv", [row("0.004"), row("1.003", ServiceName="x")])
    two = write_csv(tmp_path / "2.csv", [row("0.004", BillingAccountId="acc-2")])
    for name, order in (("ab", (one, two)), ("ba", (two, one))):
        for export in order:
            run(tmp_path / name, export, deals=[deal(match=match)])
    run(tmp_path / "both", one, two, deals=[deal(match=match)])
    assert written(tmp_path / "ab") == written(tmp_path / "both")
    assert written(tmp_path / "ba") == written(tmp_path / "both")
    # 1.007 + 0.004 is 1.011: rounded together, not each for itself.
    assert directives(tmp_path / "both") == [("2026-03-10", "1.01 MOON.CR")]
    text = written(tmp_path / "both")["moon-2026-03.beancount"]
    assert "; nothing drawn {" in text and '"total": "0.004"' in text


def test_what_rounds_to_nothing_in_one_bill_counts_once_another_comes(
    tmp_path: Path,
) -> None:
    match = 'usage-match-billing-account: "acc-1, acc-2"'
    one = write_csv(tmp_path / "1.csv", [row("0.004")])
    two = write_csv(tmp_path / "2.csv", [row("0.004", BillingAccountId="acc-2")])
    run(tmp_path, one, deals=[deal(match=match)])
    assert directives(tmp_path) == []
    run(tmp_path, two)
    assert directives(tmp_path) == [("2026-03-10", "0.01 MOON.CR")]


MONEY = [row(c) for c in ("0.000000000000000001", "12.345", "-7.5", "1.5E-7", "3e2")]


def test_csv_gz_and_parquet_of_any_type_give_the_same_drawdowns(tmp_path: Path) -> None:
    import pyarrow as pa

    plain = [each for each in MONEY if "e" not in each["ListCost"].lower()]
    times = dict.fromkeys(
        ("ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart"), pa.timestamp("us")
    )
    decimal = {
        name: pa.decimal128(38, 18) for name in ("BilledCost", "EffectiveCost",
                                                 "ListCost", "ContractedCost")
    }  # fmt: skip
    exact = [row("12.345"), row("-7.5"), row("0.1"), row("0.2")]
    double = dict.fromkeys(decimal, pa.float64())
    forms = {
        "csv": write_csv(tmp_path / "x", plain),
        "gz": write_gz(tmp_path / "x.gz", plain),
        "text": write_parquet(tmp_path / "x.parquet", plain),
        "decimal": write_parquet(tmp_path / "d.parquet", plain, {**decimal, **times}),
    }
    drawn = {
        name: (run(tmp_path / name, path), _unsigned(tmp_path / name))[1]
        for name, path in forms.items()
    }
    assert len(set(drawn.values())) == 1
    run(tmp_path / "c", write_csv(tmp_path / "y.csv", exact))
    run(tmp_path / "f", write_parquet(tmp_path / "y.parquet", exact, double))
    assert _unsigned(tmp_path / "c") == _unsigned(tmp_path / "f")


def test_numbers_in_scientific_notation_are_exact(tmp_path: Path) -> None:
    run(tmp_path, write_csv(tmp_path / "a.csv", MONEY))
    text = written(tmp_path)["moon-2026-03.beancount"]
    assert "source-total: 304.845000150000000001 USD" in text


def test_more_decimals_than_the_engine_keeps_are_counted_and_not_lost(
    tmp_path: Path,
) -> None:
    costs = ["0.0000000072922557592391990000", "7.2922557592391990000E-9", "1.10"]
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", [row(c) for c in costs]))
    assert outcome.intake.exports[0].long == 2 * 4
    assert "source-total: 1.100000014584511518478398 USD" in written(tmp_path).popitem()[1]


def test_amounts_too_large_to_add_up_are_refused(tmp_path: Path) -> None:
    rows = [row("9" * 20)] * 3
    with pytest.raises(Refused, match="E714"):
        run(tmp_path, write_csv(tmp_path / "a.csv", rows))
    assert not (tmp_path / "usage").exists()


@pytest.mark.parametrize(
    "cost",
    ["", "NULL", "NaN", "Infinity", "1_000", "1,000.00", " 5 ", "+5", "0x1A", "1E999",
     "9" * 21, "0." + "1" * 37, "--1", "1.2.3", "١٢"],
)  # fmt: skip
def test_a_cost_that_is_no_exact_number_fails_the_import(tmp_path: Path, cost: str) -> None:
    export = write_csv(tmp_path / "a.csv", [row("1.00"), row("1.00", ListCost=cost)])
    outcome = run(tmp_path, export)
    assert codes(outcome) == ["E706"]
    assert "(row 2 among them)" in outcome.errors[0].message
    assert written(tmp_path) == {}
    outcome = run(tmp_path, export, waive="known to the provider")
    assert buckets(outcome) == {"drawn": 1, "quarantined": 1}
    assert codes(outcome) == []
    note = 'note: "1 row left out: known to the provider"'
    assert note in written(tmp_path)["moon-2026-03.beancount"]
    (total,) = outcome.intake.tally.totals()
    assert total.stated == {"BilledCost": 2, "EffectiveCost": 2, "ContractedCost": 2,
                            "ListCost": 1}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"ChargePeriodStart": "3/10/2026"}, "ChargePeriodStart: not a time"),
        ({"ChargePeriodStart": "2026-02-30T00:00:00Z"}, "ChargePeriodStart: not a time"),
        ({"ChargePeriodEnd": ""}, "ChargePeriodEnd: not a time"),
        ({"ChargePeriodEnd": "2026-03-10T04:00:00Z"}, "ChargePeriodEnd: before"),
        ({"BillingPeriodStart": "March"}, "BillingPeriodStart: not a time"),
        ({"ChargeCategory": "Usag"}, "ChargeCategory: none of FOCUS"),
        ({"ChargeCategory": ""}, "ChargeCategory: none of FOCUS"),
        ({"ProviderName": ""}, "provider: empty"),
        ({"BillingAccountId": "NULL"}, "BillingAccountId: empty"),
        ({"BillingCurrency": ""}, "BillingCurrency: empty"),
        ({"BillingCurrency": "EUR"}, "BillingCurrency: EUR, where one credit of moon"),
        ({"ServiceCategory": ""}, "ServiceCategory: empty"),
        ({"ServiceCategory": "!"}, "ServiceCategory: no account name"),
        ({"ServiceCategory": "Compute\n2026-01-01 open A:B"}, "holds a character"),
        ({"BillingAccountId": "acc\u202e1"}, "holds a character"),
    ],
)
def test_a_row_that_cannot_be_understood_fails_the_import(
    tmp_path: Path, changes: dict[str, str], fault: str
) -> None:
    rows = [row("1.00"), row("2.00", **changes)]
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", rows))
    assert codes(outcome) == ["E706"]
    assert fault in outcome.errors[0].message
    assert buckets(outcome) == {"drawn": 1, "quarantined": 1}


def test_names_that_would_be_ledger_text_stay_names(tmp_path: Path) -> None:
    name = 'Compute" USD \\ 2026-01-01 open Assets:X ; {"a": 1}'
    tags = '{"deal": "x\\"y"}'
    rows = [row("1.00", ServiceCategory=name, Tags=tags)]
    match = 'usage-match-tag: "deal=x\\"y"'
    run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=[deal(match=match)])
    text = written(tmp_path)["moon-2026-03.beancount"]
    assert (
        '  service: "Compute\\" USD \\\\ 2026-01-01 open Assets:X ; {\\"a\\": 1}"' in text
    )
    assert run(tmp_path, tmp_path / "a.csv").changes == []


def test_enumerations_are_read_whatever_their_case(tmp_path: Path) -> None:
    rows = [
        row("1.00", ChargeCategory="usage"),
        row("1.00", ChargeCategory="USAGE", CommitmentDiscountStatus="UNUSED"),
        row("1.00", ChargeCategory="TAX"),
    ]
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", rows))
    assert buckets(outcome) == {"drawn": 1, "ineligible": 1, "unused": 1}


def test_byte_order_mark_line_ends_and_nulls_change_nothing(tmp_path: Path) -> None:
    rows = [row("1.25"), row("2.50", CommitmentDiscountStatus="NULL", Tags="NULL")]
    run(tmp_path / "a", write_csv(tmp_path / "x.csv", rows))
    text = csv_text(rows).replace("\n", "\r\n")
    (tmp_path / "y.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    run(tmp_path / "b", tmp_path / "y.csv")
    assert _unsigned(tmp_path / "a") == _unsigned(tmp_path / "b")


def test_times_without_zone_are_utc_and_others_must_be_announced(tmp_path: Path) -> None:
    usual = [row("1.00"), at("2026-03-31T23:00:00Z", "2026-04-01T00:00:00Z")]
    spaced = [
        {k: v.replace("T", " ").rstrip("Z") if "Period" in k else v for k, v in r.items()}
        for r in usual
    ]
    american = [
        {**r, "ChargePeriodStart": "3/10/26", "ChargePeriodEnd": "3/11/26",
         "BillingPeriodStart": "3/1/26"} for r in usual[:1]
    ]  # fmt: skip
    run(tmp_path / "a", write_csv(tmp_path / "a.csv", usual))
    run(tmp_path / "b", write_csv(tmp_path / "b.csv", spaced))
    assert _unsigned(tmp_path / "a") == _unsigned(tmp_path / "b")
    export = write_csv(tmp_path / "c.csv", american)
    assert codes(run(tmp_path / "c", export)) == ["E706"]
    run(tmp_path / "c", export, formats=["%m/%d/%y"])
    assert directives(tmp_path / "c") == [("2026-03-10", "1.00 MOON.CR")]


def test_credits_are_money_over_face_to_the_decimals_of_the_grants(tmp_path: Path) -> None:
    export = write_csv(tmp_path / "a.csv", [row("1.00")])
    run(tmp_path / "a", export, deals=[deal(face="0.30 USD", credits="10.0000")])
    run(tmp_path / "b", export, deals=[deal(face="3 USD", credits="10")])
    assert directives(tmp_path / "a") == [("2026-03-10", "3.3333 MOON.CR")]
    assert directives(tmp_path / "b") == []


def test_a_measure_in_units_counts_units(tmp_path: Path) -> None:
    rows = [row("9.00", ConsumedQuantity="2.5"), row("9.00", ConsumedQuantity="1")]
    policy = 'credit-measure: "ConsumedQuantity"'
    run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=[deal(policy=policy)])
    assert directives(tmp_path) == [("2026-03-10", "3.50 MOON.CR")]
    mixed = [*rows, row("9.00", ConsumedUnit="GB")]
    outcome = run(tmp_path, write_csv(tmp_path / "b.csv", mixed))
    assert codes(outcome) == ["E708"]
    assert "(GB, Hours)" in outcome.errors[0].message


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"face": ""}, "add face: to the deal-grant"),
        ({"policy": 'credit-measure: "Cost"'}, "wanted one of BilledCost"),
        ({"more": '2026-02-01 custom "deal-grant" "moon" 5 MOON.X\n  tranche: "T2"\n'
                  "  face: 1.00 USD\n  price: 0.00 USD"}, "grants MOON.CR and MOON.X"),
        ({"more": '2026-02-01 custom "deal-grant" "moon" 5 MOON.CR\n  tranche: "T2"\n'
                  "  face: 2.00 USD\n  price: 0.00 USD"}, "1.00 USD and 2.00 USD as face"),
    ],
)  # fmt: skip
def test_a_deal_that_cannot_be_measured_says_why(
    tmp_path: Path, more: dict[str, str], words: str
) -> None:
    export = write_csv(tmp_path / "a.csv", [row("1.00")])
    outcome = run(tmp_path, export, deals=[deal(**more)])
    assert codes(outcome) == ["E708"]
    assert words in outcome.errors[0].message
    assert written(tmp_path) == {}


def test_a_deal_that_cannot_be_measured_stands_in_nobodys_way(tmp_path: Path) -> None:
    other = deal("kiwi", 'usage-match-billing-account: "acc-9"', face="")
    export = write_csv(tmp_path / "a.csv", [row("1.00")])
    assert codes(run(tmp_path, export, deals=[deal(), other])) == []
    assert directives(tmp_path) == [("2026-03-10", "1.00 MOON.CR")]


def test_a_commitment_without_credits_takes_money(tmp_path: Path) -> None:
    text = deal().replace("deal-grant", "deal-commitment").replace("MOON.CR", "USD")
    text = text.replace('  tranche: "T1"\n  face: 1.00 USD\n  expires:', "  to:")
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", [row("1.005")]), deals=[text])
    assert codes(outcome) == []
    assert directives(tmp_path) == [("2026-03-10", "1.01 USD")]


RUNS_ON = 'deal-amend" "moon"\n  commitment: "C1"\n  to: 2026-04-30\n'
ENDED = 'deal-commitment-end" "moon"\n  commitment: "C1"\n  reason: "failure"\n'


@pytest.mark.parametrize(
    ("change", "found", "taken"),
    [
        ("", ["F702"], ["1.00 USD"]),
        (f'2026-03-05 custom "{RUNS_ON}', [], ["1.00 USD", "2.00 USD"]),
        (f'2026-03-05 custom "{ENDED}', ["F702"], []),
    ],
)
def test_a_commitment_takes_money_as_long_as_it_runs(
    change: str, found: list[str], taken: list[str], tmp_path: Path
) -> None:
    text = deal().replace("deal-grant", "deal-commitment").replace("MOON.CR", "USD")
    terms = '  tranche: "T1"\n  face: 1.00 USD\n  expires:.*'
    text = re.sub(terms, "  to: 2026-03-31", text) + change
    april = at("2026-04-10T00:00:00Z", "2026-04-11T00:00:00Z", "2.00")
    export = write_csv(tmp_path / "a.csv", [row("1.00"), april])
    outcome = run(tmp_path, export, deals=[text])
    assert codes(outcome) == found
    assert [amount for _, amount in directives(tmp_path)] == taken


def test_a_ledger_that_does_not_include_the_usage_is_told_the_line(tmp_path: Path) -> None:
    ledger = books(tmp_path)
    ledger.write_text(ledger.read_text().split("\n", 1)[1])
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", [row("1.00")]))
    assert codes(outcome) == ["F701"]
    assert 'include "usage/*.beancount"' in outcome.findings[0].message


def test_a_ledger_may_include_the_usage_through_another_file(tmp_path: Path) -> None:
    ledger = books(tmp_path)
    text = ledger.read_text().replace('"usage/*.beancount"', '"more/*.beancount"')
    ledger.write_text(text)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "all.beancount").write_text(
        'include "../usage/moon-*.beancount"\n'
    )
    assert codes(run(tmp_path, write_csv(tmp_path / "a.csv", [row("1.00")]))) == []


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", [row("1.00")]), dry_run=True)
    assert [change.path.name for change in outcome.changes] == ["moon-2026-03.beancount"]
    assert not (tmp_path / "usage").exists()


def test_a_ledger_without_matching_terms_is_told_how_to_add_them(tmp_path: Path) -> None:
    text = deal().replace("usage-match-billing-account", "x-account")
    with pytest.raises(Refused, match="E713.*usage-match-billing-account"):
        run(tmp_path, write_csv(tmp_path / "a.csv", [row()]), deals=[text])


def test_a_refused_line_that_decides_stops_the_import(tmp_path: Path) -> None:
    text = deal().replace("usage-match-billing-account", "usage-match-acount")
    with pytest.raises(Refused, match="E715.*usage-match-acount"):
        run(tmp_path, write_csv(tmp_path / "a.csv", [row()]), deals=[text])


def test_an_export_without_rows_draws_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(csv_text([row()]).splitlines()[0] + "\n")
    outcome = run(tmp_path, tmp_path / "a.csv")
    assert buckets(outcome) == {}
    assert outcome.changes == []


def _unsigned(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return what was written but for names and digests of files."""
    return tuple(
        (
            name,
            "\n".join(
                line
                for line in text.splitlines()
                if "sha256" not in line
                and "source-file" not in line
                and "; end" not in line
            ),
        )
        for name, text in written(folder).items()
    )


def test_a_priority_alone_matches_nothing_and_is_told(tmp_path: Path) -> None:
    text = deal(match="usage-match-priority: 10")
    with pytest.raises(Refused, match="E713.*usage-match-priority alone"):
        run(tmp_path, write_csv(tmp_path / "a.csv", [row()]), deals=[text])


def test_a_snapshot_of_which_nothing_can_be_read_replaces_all_the_same(
    tmp_path: Path,
) -> None:
    run(tmp_path, write_csv(tmp_path / "a.csv", [row("1.00")]))
    worse = write_csv(tmp_path / "b.csv", [row("1.00", BillingCurrency="EUR")])
    assert codes(run(tmp_path, worse, waive="wrong currency")) == ["F703"]
    assert directives(tmp_path) == []


def test_an_import_for_a_deal_with_several_cuts_in_many_years_is_exact(
    tmp_path: Path,
) -> None:
    rows = [
        at(f"{2026 + n // 12}-{n % 12 + 1:02}-03T00:00:00Z",
           f"{2026 + n // 12}-{n % 12 + 1:02}-03T01:00:00Z", "0.01")
        for n in range(150)
    ]  # fmt: skip
    text = deal(expires="2099-12-31")
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=[text])
    assert buckets(outcome) == {"drawn": 150}
    assert len(directives(tmp_path)) == 150
