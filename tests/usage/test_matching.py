"""Matching: which deal a row belongs to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from beanscrow.usage.applied import read_applied
from tests.usage.exports import (
    buckets,
    codes,
    deal,
    directives,
    row,
    run,
    write_csv,
    write_parquet,
    written,
)


@pytest.mark.parametrize(
    ("term", "hit", "miss"),
    [
        ('provider: "cloud, other"', {}, {"ProviderName": "Clouds"}),
        ('billing-account: "x, acc-1"', {}, {"BillingAccountId": "ACC-1"}),
        ('sub-account: "sub-1"', {}, {"SubAccountId": ""}),
        ('invoice: "I-1,I-2"', {"InvoiceId": "I-2"}, {}),
        ('commitment: "c-1"', {"CommitmentDiscountId": "c-1"}, {}),
        ('service: "compute"', {}, {"ServiceCategory": "Storage"}),
        ('service: "Disks"', {"ServiceName": "disks"}, {}),
        ('region: "EU-1"', {"RegionId": "eu-1"}, {}),
        ('tag: "deal=m"', {"Tags": '{"deal": "m", "x": 1}'}, {"Tags": '{"deal": "M"}'}),
        ('tag: "deal=m"', {"Tags": '"deal": "m"'}, {"Tags": "deal: m"}),
        ('tag: "a/b~c=1, d=2"', {"Tags": '{"a/b~c": 1}'}, {"Tags": '{"a": {"b~c": 1}}'}),
        ('tag: "d=2"', {"Tags": '{"d": "2"}'}, {"Tags": '{"e": "2"}'}),
        ('tag: "d=x=y"', {"Tags": '{"d": "x=y"}'}, {"Tags": '{"d": "x"}'}),
    ],
)
def test_a_term_takes_what_it_names_and_nothing_else(
    tmp_path: Path, term: str, hit: dict[str, str], miss: dict[str, str]
) -> None:
    rows = [row("1.00", **hit), row("2.00", **miss)]
    outcome = run(
        tmp_path,
        write_csv(tmp_path / "a.csv", rows),
        deals=[deal(match=f"usage-match-{term}")],
    )
    assert buckets(outcome) == {"drawn": 1, "unmatched": 1}
    assert directives(tmp_path)[0][1] == "1.00 MOON.CR"


def test_all_terms_of_a_deal_must_hold(tmp_path: Path) -> None:
    match = 'usage-match-sub-account: "sub-1"\n  usage-match-service: "Compute"'
    rows = [row("1.00"), row("2.00", ServiceCategory="Web"), row("4.00", SubAccountId="s")]
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=[deal(match=match)])
    assert buckets(outcome) == {"drawn": 1, "unmatched": 2}


def test_a_term_on_a_column_the_export_lacks_takes_nothing(tmp_path: Path) -> None:
    rows = [{k: v for k, v in row("1.00").items() if k != "InvoiceId"}]
    match = 'usage-match-invoice: "I-1"'
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=[deal(match=match)])
    assert buckets(outcome) == {"unmatched": 1}


def test_two_deals_of_one_priority_take_nothing_and_fail_the_import(tmp_path: Path) -> None:
    two = [deal("moon"), deal("kiwi", 'usage-match-sub-account: "sub-1"')]
    rows = [row("1.00"), row("2.00", SubAccountId="sub-2")]
    export = write_csv(tmp_path / "a.csv", rows)
    outcome = run(tmp_path, export, deals=two)
    assert buckets(outcome) == {"drawn": 1, "ambiguous": 1}
    assert codes(outcome) == ["E707"]
    assert written(tmp_path) == {}
    outcome = run(tmp_path, export, waive="settled by hand")
    assert codes(outcome) == []
    assert directives(tmp_path) == [("2026-03-10", "2.00 MOON.CR")]


def test_the_lower_priority_number_takes_the_row(tmp_path: Path) -> None:
    match = 'usage-match-sub-account: "sub-1"\n  usage-match-priority: 10'
    two = [deal("moon"), deal("kiwi", match)]
    rows = [row("1.00"), row("2.00", SubAccountId="sub-2")]
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=two)
    assert buckets(outcome) == {"drawn": 2}
    assert sorted(directives(tmp_path)) == [
        ("2026-03-10", "1.00 KIWI.CR"),
        ("2026-03-10", "2.00 MOON.CR"),
    ]


def test_tags_of_a_parquet_map_match_like_those_of_text(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    path = write_parquet(tmp_path / "a.parquet", [row("1.00"), row("2.00")])
    table = parquet.read_table(path)
    tags = pa.array([[("deal", "m")], [("env", "m")]], pa.map_(pa.string(), pa.string()))
    table = table.set_column(table.column_names.index("Tags"), "Tags", tags)
    parquet.write_table(table, path)
    outcome = run(tmp_path, path, deals=[deal(match='usage-match-tag: "deal=m"')])
    assert buckets(outcome) == {"drawn": 1, "unmatched": 1}


COMMITTED = [deal("moon", 'usage-match-commitment: "c-1"'),
             deal("kiwi", 'usage-match-commitment: "k-9"')]  # fmt: skip


def applied(*elements: tuple[str, str]) -> str:
    """Return an application of costs to commitments."""
    listed = ", ".join(
        f'{{"ContractId": "x", "ContractCommitmentId": "{name}", "AppliedCost": {cost}}}'
        for name, cost in elements
    )
    return f'{{"Elements": [{listed}]}}'


def test_an_applied_contract_draws_what_was_applied_and_the_row_counts_once(
    tmp_path: Path,
) -> None:
    rows = [
        row("100.00", ContractApplied=applied(("c-1", "60.123456789012345678"))),
        row("100.00", ContractApplied=applied(("c-1", "10.00"), ("k-9", "5.00"))),
        row("100.00", ContractApplied=applied(("c-1", "1.00"), ("c-1", "2.00"))),
        row("100.00", ContractApplied=applied(("other", "7.00"))),
        row("3.00", CommitmentDiscountId="c-1"),
    ]
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=COMMITTED)
    assert buckets(outcome) == {"drawn": 4, "unmatched": 1}
    (total,) = outcome.intake.tally.totals()
    assert total.costs["ListCost"] == 403
    texts = written(tmp_path)
    assert "source-total: 73.123456789012345678 USD" in texts["moon-2026-03.beancount"]
    assert "source-total: 3.00 USD" in texts["moon-2026-03.beancount"]
    assert "source-total: 5.00 USD" in texts["kiwi-2026-03.beancount"]
    shared = [line for line in outcome.intake.tally.lines() if line.deal == "kiwi, moon"]
    assert [line.rows for line in shared] == [1]


def test_rows_with_the_same_application_each_count(tmp_path: Path) -> None:
    rows = [row("1.00", ContractApplied=applied(("c-1", "0.40")))] * 5
    run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=COMMITTED)
    assert directives(tmp_path) == [("2026-03-10", "2.00 MOON.CR")]


def test_a_commitment_may_be_named_by_its_contract(tmp_path: Path) -> None:
    rows = [row("1.00", ContractApplied=applied(("c-1", "0.40")))]
    text = deal("moon", 'usage-match-commitment: "x"')
    run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=[text])
    assert directives(tmp_path) == [("2026-03-10", "0.40 MOON.CR")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"Elements": [{"ContractCommitmentId": "c-1"}]}', "no AppliedCost"),
        ('{"Elements": [{"ContractCommitmentId": "c-1", "AppliedCost": "1,5"}]}',
         "AppliedCost is no exact number"),
        ('{"Elements": [{"ContractCommitmentId": "c-1", "AppliedCost": NaN}]}',
         "AppliedCost is no exact number"),
        ('{"Elements": [{"ContractCommitmentId": "c-1", "AppliedCost": 1}', "not JSON"),
        ('"c-1"', "not JSON"),
    ],
)  # fmt: skip
def test_an_application_that_cannot_be_read_is_not_guessed(
    tmp_path: Path, text: str, fault: str
) -> None:
    rows = [row("1.00", ContractApplied=text)]
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", rows), deals=COMMITTED)
    assert codes(outcome) == ["E706"]
    assert fault in outcome.errors[0].message


def test_an_identity_written_with_escapes_is_found(tmp_path: Path) -> None:
    text = applied(("arn:x\\/y\\u0031", "2.00"))
    match = 'usage-match-commitment: "arn:x/y1"'
    run(tmp_path, write_csv(tmp_path / "a.csv", [row("9.00", ContractApplied=text)]),
        deals=[deal(match=match)])  # fmt: skip
    assert directives(tmp_path) == [("2026-03-10", "2.00 MOON.CR")]


@pytest.mark.parametrize(
    "text",
    [
        '{"Elements": [E]}',
        '{"ContractApplied": [E]}',
        '{"contract_applied": {"elements": [E]}}',
        "[E]",
        "E",
    ],
)
@pytest.mark.parametrize(
    "keys",
    [
        ("ContractCommitmentId", "ContractId", "AppliedCost"),
        ("ContractCommitmentID", "ContractID", "ContractCommitmentAppliedCost"),
        ("contract_commitment_id", "contract_id", "contract_applied_cost"),
        ("CommitmentId", "ContractId", "appliedCost"),
    ],
)
def test_applications_are_read_however_root_and_keys_are_spelt(
    text: str, keys: tuple[str, str, str]
) -> None:
    element = json.dumps(dict(zip(keys, ("c", "k", "0.1"), strict=True)))
    read = read_applied(text.replace("E", element.replace('"0.1"', "1E-1"), 1)
                        if text == "E" else text.replace("[E]", f"[{element}]"))  # fmt: skip
    assert read is not None
    (only,) = read
    assert (only.commitment, only.contract, only.cost) == ("c", "k", 10**37)


@pytest.mark.parametrize("few", [0, 2, 64])
def test_identities_of_a_parquet_are_found_however_many_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    from beanscrow.usage import scan

    monkeypatch.setattr(scan, "_FEW", few)
    pairs = [deal("moon", 'usage-match-sub-account: "s-1, s-3"')]
    pairs.append(deal("kiwi", 'usage-match-sub-account: "s-2"'))
    rows = [row(f"{2**place}.00", SubAccountId=f"s-{place}") for place in range(5)]
    rows.append(row("100.00", SubAccountId=""))
    outcome = run(tmp_path, write_parquet(tmp_path / "a.parquet", rows), deals=pairs)
    assert buckets(outcome) == {"drawn": 3, "unmatched": 3}
    drawn = [amount for _, amount in directives(tmp_path)]
    assert sorted(drawn) == ["10.00 MOON.CR", "4.00 KIWI.CR"]
