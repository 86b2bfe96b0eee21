"""Load time of deals through the plugins against the same books written out as text.

For each size the directives are generated, loaded once through the plugins, and
every transaction they made is printed as text; stock Beancount loads that text.
The two are checked to hold the same postings, then timed in turn, A B A B, each in
a fresh process: CPU seconds of `loader.load_file` with the load cache off and the
collector as Beancount leaves it.

    python benchmarks/bench_load.py                10,000 and 100,000 usages, 3 runs
    python benchmarks/bench_load.py --quick        1,000 and 10,000, 1 run
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

os.environ["BEANCOUNT_DISABLE_LOAD_CACHE"] = "1"

_TIMED = """
import json, sys, time
from beancount import loader
start = time.process_time()
entries, errors, _ = loader.load_file(sys.argv[1])
spent = time.process_time() - start
print(json.dumps([spent, len(entries), len(errors)]))
"""
_IMPORTS = """
import sys, time
from beancount.scripts import check
start = time.process_time()
import beanscrow.plugins.deals
spent = time.process_time() - start
heavy = ("duckdb", "ibis", "fava", "pyarrow", "pandas", "numpy")
import json
print(json.dumps([spent, [name for name in heavy if name in sys.modules]]))
"""


def books(usages: int, deals: int) -> Iterator[str]:
    """Yield the lines of a ledger with usages spread evenly over deals and two years."""
    chance = random.Random(20240301)
    yield 'option "operating_currency" "USD"'
    yield 'plugin "beanscrow.plugins.deals"'
    yield '2023-01-01 custom "books" "provider"'
    yield '  framework: "us-gaap"'
    yield '  currency: "USD"'
    yield "  open-accounts: TRUE"
    each = usages // deals
    first = datetime.date(2024, 1, 2)
    for number in range(deals):
        deal, name = f"deal{number:04d}", f"D{number:04d}"
        amounts = [chance.randrange(1, 10_000_00) for _ in range(each)]
        granted = sum(amounts) + 100_000_00
        yield f'2024-01-01 custom "deal" "{deal}" "Startup {number}"'
        yield '  provider: "Cloud"'
        yield '  escrow-owner: "provider"'
        yield f'2024-01-01 custom "deal-stake" "{deal}" 100000 {name}.A'
        yield f"  fair-value-total: {granted * 8 // 10 / 100:.2f} USD"
        yield '  fair-value-source: "valuation"'
        for tranche, part in (("T1", granted // 2), ("T2", granted - granted // 2)):
            yield f'2024-01-01 custom "deal-grant" "{deal}" {part / 100:.2f} {name}.CR'
            yield f'  tranche: "{tranche}"'
            yield "  face: 1.00 USD"
            yield f"  escrow: {part / 100:.2f} USD"
        for index, amount in enumerate(amounts):
            day = first + datetime.timedelta(days=index * 720 // each)
            yield f'{day} custom "deal-usage" "{deal}" {amount / 100:.2f} {name}.CR'
            yield '  service: "Compute"'
            yield f'  import-id: "{deal}-{index}"'


def postings(entries: list[object]) -> Counter[tuple[object, ...]]:
    """Return every posting of every transaction, to compare two loads by."""
    from beancount.core.data import Transaction

    return Counter(
        (entry.date, entry.narration, p.account, p.units, p.cost)
        for entry in entries
        if isinstance(entry, Transaction)
        for p in entry.postings
    )


def write_both(directory: Path, usages: int, deals: int) -> tuple[Path, Path, float]:
    """Write the directives and the same books as text; refuse if they differ."""
    from beancount import loader
    from beancount.core.data import Custom
    from beancount.parser import printer

    declared = directory / f"declared-{usages}.beancount"
    explicit = directory / f"explicit-{usages}.beancount"
    declared.write_text("\n".join(books(usages, deals)) + "\n", encoding="utf-8")
    entries, errors, _ = loader.load_file(str(declared))
    if errors:
        raise SystemExit(f"the generated ledger has errors: {errors[0].message}")
    kept = [entry for entry in entries if not isinstance(entry, Custom)]
    with explicit.open("w", encoding="utf-8") as file:
        file.write('option "operating_currency" "USD"\n')
        printer.print_entries(kept, file=file)
    again, errors, _ = loader.load_file(str(explicit))
    if errors:
        raise SystemExit(f"the printed ledger has errors: {errors[0].message}")
    if postings(entries) != postings(again):
        raise SystemExit("the two ledgers do not hold the same postings")
    made = [e for e in kept if hasattr(e, "postings") and "booked-by" in e.meta]
    per_entry = sum(len(e.postings) for e in made) / len(made)
    return declared, explicit, per_entry


def timed(ledger: Path) -> float:
    """Return the CPU seconds one fresh process spends loading a ledger."""
    done = subprocess.run(
        [sys.executable, "-c", _TIMED, str(ledger)],
        check=True,
        capture_output=True,
        text=True,
    )
    spent, _, errors = json.loads(done.stdout)
    assert errors == 0, f"{ledger} does not load"
    return float(spent)


def main() -> None:
    """Print load times, their ratio, the growth exponent, and what imports cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    sizes = (1_000, 10_000) if options.quick else (10_000, 100_000)
    runs = 1 if options.quick else options.runs
    medians: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as name:
        for usages in sizes:
            deals = max(1, usages // 1000)
            declared, explicit, per_entry = write_both(Path(name), usages, deals)
            pairs = [(timed(declared), timed(explicit)) for _ in range(runs)]
            ours = statistics.median(a for a, _ in pairs)
            text = statistics.median(b for _, b in pairs)
            ratio = statistics.median(a / b for a, b in pairs)
            medians[usages] = ours
            print(
                f"{usages:>7,} usages, {deals} deals, {per_entry:.1f} postings an entry: "
                f"plugins {ours:.2f} s, text {text:.2f} s CPU, ratio {ratio:.3f}"
            )
    small, large = sizes
    growth = math.log(medians[large] / medians[small]) / math.log(large / small)
    print(f"growth exponent {small:,} to {large:,}: {growth:.3f}")
    spent = []
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", _IMPORTS], check=True, capture_output=True, text=True
        )
        seconds, heavy = json.loads(done.stdout)
        spent.append(seconds)
    imports = statistics.median(spent) * 1000
    print(
        f"imports of the plugins beside bean-check's own: {imports:.0f} ms"
        + (f", heavy: {', '.join(heavy)}" if heavy else "")
    )


if __name__ == "__main__":
    main()
