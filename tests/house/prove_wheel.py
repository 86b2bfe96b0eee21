"""Prove that what is published is the whole of it: run by `make wheel-test`.

A source archive is built, a wheel from that archive, and the wheel is installed in an
empty environment, its dependencies as locked.  Then it is used from other folders, as
somebody would who has never seen this checkout.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.house.checkout import ROOMS, tracked  # noqa: E402

PATIENCE_SECONDS = 600

BOOKS = """\
plugin "beanscrow.plugins.deals"

2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE

2024-03-01 custom "deal" "moon" "Moonshot AI"
  provider: "Alibaba Cloud"
  escrow-owner: "provider"
2024-03-01 custom "deal-stake" "moon" 400000 MOON.A
  fair-value: 24.00 USD
  fair-value-source: "valuation"
2024-03-01 custom "deal-grant" "moon" 12000000.00 MOON.CR
  tranche: "T1"
  face: 1.00 USD
  escrow: 12000000.00 USD
2024-03-31 custom "deal-usage" "moon" 1500000.00 MOON.CR

2024-04-01 balance Liabilities:Contract:Credits:Moon:T1 {liability} ~ 0 USD
"""
LIABILITY = "-8400000.00"  # 9,600,000.00 less 1,500,000 of 12,000,000 credits
WRONG = "-8400000.01"


class Broken(Exception):
    """What is published differs from what is here."""


def run(*words: str | Path, where: Path, exits: int = 0) -> str:
    """Return what a program prints, nothing of this checkout in its environment."""
    clean = {name: it for name, it in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=where,
        env={**clean, "BEANCOUNT_DISABLE_LOAD_CACHE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    if done.returncode != exits:
        typed = " ".join(str(word) for word in words)
        raise Broken(f"{typed}\nended with {done.returncode}, not {exits}:\n{done.stdout}")
    return done.stdout


def build(work: Path) -> Path:
    """Return the wheel, built from the source archive that this checkout gives."""
    run(
        *(sys.executable, "-m", "build", "--no-isolation", "--outdir", work, ROOT),
        where=work,
    )
    (wheel,) = work.glob("*.whl")
    (_archive,) = work.glob("*.tar.gz")
    return wheel


def expected() -> set[str]:
    """Return the files of the package, by their place in a wheel."""
    inside: set[str] = set()
    for path, mode in tracked().items():
        top = path.split("/", 1)[0]
        if mode == "120000":
            continue
        if path.startswith("src/beanscrow/"):
            inside.add(path.removeprefix("src/"))
        elif top in ROOMS:
            inside.add(f"beanscrow/{path}")
    return inside


def compare(wheel: Path) -> int:
    """Return how many files the wheel holds, all of the package and no others."""
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        licences = [it for it in archive.namelist() if it.endswith("/licenses/LICENSE")]
    if missing := expected() - held:
        raise Broken(f"the wheel lacks {sorted(missing)}")
    if strange := held - expected():
        raise Broken(f"the wheel holds {sorted(strange)}, which the checkout does not")
    if not licences:
        raise Broken("the wheel lacks its licence")
    for wanted in (".beancount", ".html", ".js", "py.typed"):
        if not any(name.endswith(wanted) for name in held):
            raise Broken(f"the wheel holds no {wanted}")
    return len(held)


def install(wheel: Path, work: Path) -> Path:
    """Return the folder of programs of a new environment that holds the wheel."""
    home = work / "environment"
    venv.create(home, with_pip=True)
    programs = home / "bin"
    pip = (programs / "python", "-m", "pip", "--disable-pip-version-check", "--no-input")
    locked = ROOT / "requirements" / "run.txt"
    run(
        *pip,
        "install",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "-r",
        locked,
        where=work,
    )
    run(*pip, "install", "--quiet", "--no-deps", wheel, where=work)
    run(*pip, "check", where=work)
    where = run(
        *(programs / "python", "-I", "-c", "import beanscrow; print(beanscrow.__file__)"),
        where=work,
    )
    if not Path(where.strip()).is_relative_to(home):
        raise Broken(f"beanscrow was found at {where.strip()}, not in {home}")
    return programs


def use(programs: Path, work: Path) -> None:
    """Use what was installed: the plugin from the root folder, the demo from another."""
    root = Path(work.anchor)
    for liability, exits in ((LIABILITY, 0), (WRONG, 1)):
        books = work / "books.beancount"
        books.write_text(BOOKS.format(liability=liability), encoding="utf-8")
        said = run(programs / "bean-check", books, where=root, exits=exits)
        if exits and "Balance failed" not in said:
            raise Broken(f"bean-check said of a wrong balance only:\n{said}")
    elsewhere = work / "else where"
    elsewhere.mkdir()
    run(programs / "beanscrow", "--version", where=elsewhere)
    run(programs / "beanscrow", "demo", "--once", where=elsewhere)
    if left := list(elsewhere.iterdir()):
        raise Broken(f"beanscrow demo --once left {left} in the folder it was run from")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="beanscrow-wheel-") as folder:
        work = Path(folder).resolve()
        try:
            wheel = build(work)
            print(f"built {wheel.name} from its source archive")
            print(f"it holds the {compare(wheel)} files of the package and no others")
            programs = install(wheel, work)
            print("it installs in an empty environment, with everything it asks for")
            use(programs, work)
            print("bean-check and beanscrow demo work there, from other folders")
        except Broken as error:
            print(f"wheel test: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
