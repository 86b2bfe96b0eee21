"""Import of a large export against the bare DuckDB query over the same file.

A FOCUS-like Parquet file is made from hashes of row numbers: hourly charges of three
months, 40 sub-accounts of which 32 belong to 16 deals, DECIMAL(38,12) money or text.
Then two programs read it in turn, A B A B, each in a fresh process:

    A  one DuckDB query: the four costs and a count by month, deal and service
    B  everything `beanscrow import` does from opening the file up to the drawdowns:
       digest, checks of every field, matching, buckets, control totals, rounding

Both use two threads and are first checked to give the same sums.  Measured are wall and
CPU seconds of the work itself, with libraries loaded, and of the whole processes.

    python benchmarks/bench_import.py                     5 million rows, 5 rounds
    python benchmarks/bench_import.py --quick             200,000 rows, 3 rounds
    python benchmarks/bench_import.py --money text
    python benchmarks/bench_import.py --match tag
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ACCOUNTS = 40
DEALS = 16  # two sub-accounts each; the others belong to nobody
SERVICES = (
    "Compute", "Storage", "Networking", "Databases", "AI and Machine Learning",
    "Analytics", "Security", "Integration", "Management and Governance", "Identity",
    "Web", "Other",
)  # fmt: skip


def make(path: Path, rows: int, money: str) -> None:
    """Write the export; the same rows give the same file, whatever machine it is."""
    import duckdb

    def pick(salt: int, of: int) -> str:
        return f"(hash(i * 1000003 + {salt}) % {of})::BIGINT"

    def cost(salt: int) -> str:
        digits = f"lpad({pick(salt, 10**12)}::VARCHAR, 12, '0')"
        number = f"({pick(salt + 1, 40)} || '.' || {digits})::DECIMAL(38, 12)"
        return f"({number})::VARCHAR" if money == "text" else number

    account = pick(2, ACCOUNTS)
    services = ", ".join(f"'{service}'" for service in SERVICES)
    duckdb.execute(
        f"""
        COPY (SELECT
          'AWS' AS ProviderName, 'AWS' AS PublisherName, 'AWS' AS InvoiceIssuerName,
          '10000000' || ({account} % 4) AS BillingAccountId,
          '2000000' || ({account} + 10) AS SubAccountId, 'USD' AS BillingCurrency,
          date_trunc('month', t0) AS BillingPeriodStart,
          date_trunc('month', t0) + INTERVAL 1 MONTH AS BillingPeriodEnd,
          t0 AS ChargePeriodStart,
          t0 + INTERVAL 1 HOUR AS ChargePeriodEnd,
          CASE WHEN {pick(3, 50)} = 0 THEN 'Tax' WHEN {pick(3, 50)} = 1 THEN 'Purchase'
               ELSE 'Usage' END AS ChargeCategory,
          NULL::VARCHAR AS ChargeClass, 'Usage-Based' AS ChargeFrequency,
          ([{services}])[1 + {pick(4, len(SERVICES))}] AS ServiceCategory,
          'Service ' || {pick(4, len(SERVICES))} || '-' || {pick(5, 10)} AS ServiceName,
          'us-' || {pick(6, 8)} AS RegionId, 'arn:x:' || {pick(7, 200000)} AS ResourceId,
          'SKU-' || {pick(8, 5000)} AS SkuId,
          CASE WHEN {pick(9, 20)} = 0 THEN 'Unused' WHEN {pick(9, 20)} < 5 THEN 'Used'
               END AS CommitmentDiscountStatus,
          '{{"deal":"d' || ({account} // 2) || '","env":"prod"}}' AS Tags,
          {cost(20)} AS BilledCost, {cost(30)} AS EffectiveCost, {cost(40)} AS ListCost,
          {cost(50)} AS ContractedCost,
          ({pick(60, 1000)} || '.5')::DECIMAL(18, 6) AS ConsumedQuantity,
          'Hours' AS ConsumedUnit
          FROM (SELECT i, TIMESTAMP '2026-01-01' + to_hours({pick(1, 2160)}) AS t0
                FROM range({rows}) t(i)))
        TO '{path}' (FORMAT parquet, COMPRESSION zstd)
        """
    )


def ledger(match: str) -> str:
    """Return the deals the export is imported for."""
    lines = ['2026-01-01 custom "books" "provider"', '  framework: "us-gaap"',
             '  currency: "USD"']  # fmt: skip
    for number in range(DEALS):
        if match == "tag":
            term = f'  usage-match-tag: "deal=d{number}"'
        else:
            pair = ", ".join(f"2000000{10 + 2 * number + i}" for i in (0, 1))
            term = f'  usage-match-sub-account: "{pair}"'
        lines += [
            f'2026-01-01 custom "deal" "d{number}" "Startup {number}"',
            '  provider: "AWS"', '  escrow-owner: "none"',
            f'2026-01-01 custom "deal-stake" "d{number}" 1000 D{number}.A',
            "  fair-value: 24.00 USD", '  fair-value-source: "valuation"',
            f'2026-01-01 custom "deal-grant" "d{number}" 90000000.00 D{number}.CR',
            "  face: 1.00 USD",
            f"  expires: 2026-{12 if number % 4 else '02'}-15",
            f'2026-01-01 custom "deal-policy" "d{number}"', term,
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


def bare(path: Path, match: str, money: str) -> dict[str, Any]:
    """Run the query a person would write, and return its sums and what it took."""
    import duckdb

    cast = "::DECIMAL(38, 18)" if money == "text" else ""
    costs = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
    sums = ", ".join(f"sum({cost}{cast})" for cost in costs)
    if match == "tag":
        deal, source = "json_extract_string(Tags, '$.deal')", "read_parquet(?)"
    else:
        pairs = ", ".join(f"('2000000{10 + i}', 'd{i // 2}')" for i in range(2 * DEALS))
        deal = "deal"
        source = (
            f"read_parquet(?) LEFT JOIN (VALUES {pairs}) d(a, deal) ON SubAccountId = a"
        )
    start = _clock()
    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET memory_limit = '512MB'")
    rows = connection.execute(
        f"SELECT date_trunc('month', ChargePeriodStart) AS month, {deal} AS deal, "
        f"ServiceCategory, count(*), {sums} FROM {source} GROUP BY ALL",
        [str(path)],
    ).fetchall()
    spent = _since(start)
    return {"spent": spent, "rows": sum(row[3] for row in rows),
            "total": str(sum(row[7] for row in rows))}  # fmt: skip


def full(path: Path, match: str) -> dict[str, Any]:
    """Import up to the drawdowns, and return its sums and what it took."""
    import duckdb  # noqa: F401  libraries are loaded before the clock starts
    import ibis
    import pyarrow.parquet  # noqa: F401
    from beancount import loader

    from beanscrow.usage import deals, document, importing, reading

    ibis.duckdb  # noqa: B018  loads the backend
    entries, _, options = loader.load_string(ledger(match))
    claims = deals.read(Path("bench.beancount"), entries, options)
    start = _clock()
    intake = reading.take_in([path], claims)
    documents = importing.documents(intake, claims, "")
    lines = [line for each in documents for line in document.drawdowns(each)]
    spent = _since(start)
    (total,) = intake.tally.totals()
    return {"spent": spent, "rows": total.rows,
            "total": str(total.costs["ContractedCost"]),
            "directives": sum(line.directive is not None for line in lines)}  # fmt: skip


def _clock() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _since(start: tuple[float, float]) -> tuple[float, float]:
    return time.perf_counter() - start[0], time.process_time() - start[1]


def _run(*arguments: str) -> tuple[dict[str, Any], float, float]:
    """Return what a fresh process says, and the wall and CPU seconds of all of it."""
    environment = {**os.environ, "BEANCOUNT_DISABLE_LOAD_CACHE": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--child", *arguments],
        stdout=subprocess.PIPE, text=True, check=True, env=environment,
    )  # fmt: skip
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout), wall, cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--money", choices=("decimal", "text"), default="decimal")
    parser.add_argument("--match", choices=("account", "tag"), default="account")
    parser.add_argument("--quick", action="store_true", help="200,000 rows, 3 rounds")
    parser.add_argument("--file", type=Path, help="keep the export here, and reuse it")
    parser.add_argument("--child", choices=("bare", "full"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        work = {
            "bare": lambda: bare(asked.file, asked.match, asked.money),
            "full": lambda: full(asked.file, asked.match),
        }[asked.child]
        print(json.dumps(work()))
        return
    rows, rounds = (200_000, 3) if asked.quick else (asked.rows, asked.rounds)
    with tempfile.TemporaryDirectory(prefix="bench-import-") as folder:
        path = asked.file or Path(folder) / "export.parquet"
        if not path.exists():
            make(path, rows, asked.money)
        report(path, rounds, asked)


def report(path: Path, rounds: int, asked: argparse.Namespace) -> None:
    """Time both programs in turn and print medians and ratios."""
    found: dict[str, list[tuple[float, float, float, float]]] = {"bare": [], "full": []}
    said: dict[str, dict[str, Any]] = {}
    for turn in range(rounds + 1):
        for name in found:
            said[name], wall, cpu = _run(
                name, "--file", str(path), "--match", asked.match, "--money", asked.money
            )
            if turn:  # the first warms the page cache
                found[name].append((*said[name]["spent"], wall, cpu))
    same = float(said["bare"]["total"]) == float(said["full"]["total"])
    if said["bare"]["rows"] != said["full"]["rows"] or not same:
        sys.exit(f"the two disagree: {said}")
    print(f"{said['full']['rows']:,} rows, {path.stat().st_size >> 20} MB Parquet, "
          f"money as {asked.money}, deals by {asked.match}, "
          f"{said['full']['directives']:,} drawdowns, medians of {rounds}")  # fmt: skip
    print(f"{'':>24}{'query':>9}{'import':>9}{'ratio':>8}")
    labels = ("work, wall s", "work, CPU s", "process, wall s", "process, CPU s")
    for place, label in enumerate(labels):
        a = [row[place] for row in found["bare"]]
        b = [row[place] for row in found["full"]]
        ratio = statistics.median(y / x for x, y in zip(a, b, strict=True))
        one, other = statistics.median(a), statistics.median(b)
        print(f"{label:>24}{one:9.2f}{other:9.2f}{ratio:8.2f}")


if __name__ == "__main__":
    main()
