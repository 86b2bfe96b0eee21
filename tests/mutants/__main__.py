"""Change the engine a little, many times over, and see whether the tests notice.

    python -m tests.mutants --sample 500 --seed 1

Everything happens in a copy of the checkout, in a temporary folder that is removed:
nothing here is changed, however the command ends.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INSIDE = "BEANSCROW_MUTANTS_INSIDE"
NOT_COPIED = (".*", "__pycache__", "*.egg-info", "build", "dist", "htmlcov")


def asked() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(prog="make mutants MUTANTS_ARGS=...")
    parser.add_argument(
        "--sample", type=int, default=500, metavar="N", help="how many; 0 for all"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which ones")
    parser.add_argument(
        "--module",
        action="append",
        metavar="TEXT",
        help="only of modules with this in their path; may be repeated",
    )
    parser.add_argument(
        "--only",
        action="append",
        metavar="KEY",
        help="this mutant, by the letters in brackets of a report; may be repeated",
    )
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="at a time")
    parser.add_argument("--out", metavar="FILE", help="write the report here as well")
    parser.add_argument(
        "--entries",
        action="store_true",
        help="print each survivor as an entry for equivalents.toml",
    )
    return parser


def in_a_copy() -> int:
    """Run this command again in a copy of the checkout, and return its exit code."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder).resolve() / "checkout"
        shutil.copytree(
            ROOT, copy, symlinks=True, ignore=shutil.ignore_patterns(*NOT_COPIED)
        )
        words = list(sys.argv[1:])
        environment = {
            **os.environ,
            INSIDE: str(copy),
            "PYTHONPATH": os.pathsep.join([str(copy / "src"), str(copy)]),
            "PYTHONHASHSEED": "0",
            "TMPDIR": folder,
        }
        command = [sys.executable, "-m", "tests.mutants", *words]
        # A group of its own, so that whatever ends this command ends all of them,
        # before the copy is removed.
        child = subprocess.Popen(command, cwd=copy, env=environment, start_new_session=True)
        try:
            return child.wait()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)


def main() -> int:
    """Return the exit code of the command."""
    wanted = asked().parse_args()
    if wanted.out:
        sys.argv[sys.argv.index("--out") + 1] = str(Path(wanted.out).resolve())
    if os.environ.get(INSIDE) != str(Path.cwd()):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            return in_a_copy()
        except KeyboardInterrupt:
            return 130
    from tests.mutants.run import run

    return run(wanted)


if __name__ == "__main__":
    sys.exit(main())
