"""Print how long the reader takes for one usage, in microseconds.

Run: python benchmarks/bench_reader.py [NUMBER_OF_USAGES]

The ledger is what an import writes: a hundred deals, one file each, six metadata keys
a usage.  Beancount's own parsing is not counted.  Garbage collection is paused, as the
plugins pause it.  Each figure is the best of five runs.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from pathlib import Path

from beancount import loader

from beanscrow.deal.reader import read

DEALS = 100
RUNS = 5


def write_ledger(folder: Path, usages: int) -> Path:
    """Return the top file of a ledger with so many usages, written to a folder."""
    top = ['2024-01-01 custom "books" "provider"']
    top += ['  framework: "us-gaap"', '  currency: "USD"']
    each = usages // DEALS
    for number in range(DEALS):
        deal = f"d{number}"
        file = folder / f"{deal}.beancount"
        lines = [
            f'2024-01-01 custom "deal" "{deal}" "Startup {number}"',
            '  provider: "Cloud"',
            '  escrow-owner: "none"',
            f'2024-01-01 custom "deal-stake" "{deal}" 1000 D{number}.A',
            "  fair-value: 24.00 USD",
            '  fair-value-source: "valuation"',
            f'2024-01-01 custom "deal-grant" "{deal}" 9000000 D{number}.CR',
        ]
        for index in range(each):
            day = f"2024-{1 + index * 12 // each:02d}-{1 + index % 28:02d}"
            lines += [
                f'{day} custom "deal-usage" "{deal}" {index % 900}.25 D{number}.CR',
                f'  import-id: "{deal}-{index}"',
                '  service: "Compute"',
                f"  from: {day}",
                '  source-file: "focus.csv"',
                "  source-rows: 12",
                f"  source-total: {index % 900}.25 USD",
                "",
            ]
        file.write_text("\n".join(lines))
        top.append(f'include "{file.name}"')
    main = folder / "main.beancount"
    main.write_text("\n".join(top) + "\n")
    return main


def main(usages: int) -> None:
    """Print the figures for a ledger with so many usages."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = write_ledger(Path(folder), usages)
        entries, errors, options = loader.load_file(str(ledger))
        assert not errors, errors[:3]
        for rescan in (False, True):
            best = float("inf")
            for _ in range(RUNS):
                gc.collect()
                gc.disable()
                begun = time.process_time()
                reading = read(entries, options, rescan=rescan)
                best = min(best, time.process_time() - begun)
                gc.enable()
                assert not reading.problems, reading.problems[:3]
            what = "with the source lines" if rescan else "entries alone"
            print(f"{what}: {best / usages * 1e6:.2f} us a usage")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
