"""Run within a copy of the checkout: rehearse, then try one mutant after the other."""

from __future__ import annotations

import json
import os
import resource
import selectors
import signal
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from tests.mutants.equivalents import Equivalent, read_list, written
from tests.mutants.mutant import Mutant
from tests.mutants.rehearsal import Reach, reach_of, rehearse
from tests.mutants.report import Result, report
from tests.mutants.trial import PATIENCE_SECONDS, begin, compiled, in_a_fork, preload

PACKAGE = Path("src/beanscrow").resolve()


class _Trial(NamedTuple):
    """A trial that has begun."""

    mutant: Mutant
    process: int
    told: int
    ends: float


def run(wanted: Namespace) -> int:
    """Return 0 after the trials; 1 where the tests cannot judge anything."""
    count, rows = outcome_of(*in_a_fork(choose(wanted)))
    mutants = [Mutant(*row) for row in rows]
    if not mutants:
        say("No mutant is so named.")
        return 1
    say(f"{len(mutants)} mutants of {count}, seed {wanted.seed}; first the tests alone")
    preload()
    assert not any(name.startswith("beanscrow") for name in sys.modules)
    reach = reach_of(outcome_of(*in_a_fork(rehearse(PACKAGE))))
    control = outcome_of(*begin(None, reach.tests))
    if control[0] != "survived":
        say(f"Without any change, but in another order, it is {': '.join(control)}.")
        return 1
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    verdicts = try_all(mutants, reach, wanted.jobs)
    seconds = time.monotonic() - began
    equivalents = read_list()
    results = [result(it, verdicts[it.key], equivalents) for it in mutants]
    text = report(results, remarks(results, equivalents, reach))
    print(text, flush=True)
    if wanted.out:
        Path(wanted.out).write_text(text, "utf-8")
    if wanted.entries:
        for it in results:
            if it.status == "survived":
                print(written(it.module, it.was, it.now))
    each = seconds / len(mutants)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    say(
        f"{seconds:.0f} s, {each:.1f} s a mutant; "
        f"of the processor {busy:.0f} s, {busy / len(mutants):.1f} s a mutant"
    )
    return 0


def choose(wanted: Namespace) -> Callable[[Callable[[Any], NoReturn]], object]:
    """Return the work of choosing mutants: those named, or a sample of some modules'.

    To be done in a fork: the syntax trees are large, and every trial would inherit them.
    """

    def work(tell: Callable[[Any], NoReturn]) -> None:
        from tests.mutants.making import all_slips, sample

        slips = all_slips(PACKAGE, wanted.module or [""])
        if wanted.only:
            slips = [slip for slip in slips if slip.key in wanted.only]
        tell([len(slips), sample(slips, wanted.sample or len(slips), wanted.seed)])

    return work


def try_all(
    mutants: Sequence[Mutant], reach: Reach, jobs: int
) -> dict[str, tuple[str, str]]:
    """Return status and killer of each mutant by its key, `jobs` at a time."""
    verdicts: dict[str, tuple[str, str]] = {}
    waiting = list(reversed(mutants))
    running: dict[int, _Trial] = {}
    with selectors.DefaultSelector() as ready:
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    mutant = waiting.pop()
                    limits = reach.limits(mutant.module, mutant.first, mutant.last)
                    if not limits:
                        verdicts[mutant.key] = "survived", "no test reaches it"
                        continue
                    trial = _begun(mutant, limits)
                    running[trial.told] = trial
                    ready.register(trial.told, selectors.EVENT_READ)
                told = [key.fd for key, _ in ready.select(timeout=1)]
                late = [it.told for it in running.values() if time.monotonic() > it.ends]
                for number in {*told, *late}:
                    trial = running.pop(number)
                    ready.unregister(number)
                    if number in late:
                        os.kill(trial.process, signal.SIGKILL)
                    verdicts[trial.mutant.key] = outcome_of(trial.process, number)
                    progress(len(verdicts), len(mutants), trial.mutant, verdicts)
        finally:
            for trial in running.values():
                os.kill(trial.process, signal.SIGKILL)
                os.waitpid(trial.process, 0)
    return verdicts


def _begun(mutant: Mutant, limits: Mapping[str, float]) -> _Trial:
    path = PACKAGE / mutant.module
    name = ".".join(("beanscrow", *Path(mutant.module).with_suffix("").parts))
    change = compiled(name.removesuffix(".__init__"), path, mutant.code)
    process, told = begin(change, limits)
    return _Trial(mutant, process, told, time.monotonic() + PATIENCE_SECONDS)


def outcome_of(process: int, told: int) -> Any:
    """Return what a fork has told; one that was ended without a word has timed out.

    Raises:
      RuntimeError: The fork failed by itself, which is a fault of this command.
    """
    with open(told, "rb") as pipe:
        text = pipe.read()
    _, status = os.waitpid(process, 0)
    if not text:
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (
            signal.SIGXCPU,
            signal.SIGKILL,
        ):
            return "timed out", ""
        return "killed", "the interpreter itself"
    found = json.loads(text)
    if isinstance(found, dict):
        raise RuntimeError(found["fault"])
    return found


def result(
    mutant: Mutant, verdict: tuple[str, str], equivalents: Sequence[Equivalent]
) -> Result:
    """Return what became of a mutant, beside what the list says of it."""
    status, about = verdict
    listed = next(
        (it for it in equivalents if it[:3] == (mutant.module, mutant.was, mutant.now)),
        None,
    )
    if listed is not None and status == "survived":
        status, about = "equivalent", listed.because
    return Result(
        mutant.key,
        mutant.module,
        mutant.line,
        mutant.place,
        mutant.operator,
        mutant.was,
        mutant.now,
        status,
        about,
    )


def remarks(
    results: Sequence[Result],
    equivalents: Sequence[Equivalent],
    reach: Reach,
) -> list[str]:
    """Return what else a reader must know of a run."""
    said = [f"Left out, since it fails without any mutant: {it}" for it in reach.failing]
    tried = {(it.module, it.was, it.now): it for it in results}
    for entry in equivalents:
        found = tried.get(entry[:3])
        if found is not None and found.status != "equivalent":
            said.append(
                f"Listed as equivalent, and {found.status} by {found.about}: {entry}"
            )
        if not _stands(entry):
            said.append(f"Listed as equivalent, and no longer in the source: {entry}")
    return said


def _stands(entry: Equivalent) -> bool:
    path = PACKAGE / entry.module
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return entry.was in "\n".join(line.strip() for line in lines)


def progress(
    done: int, count: int, mutant: Mutant, verdicts: Mapping[str, tuple[str, str]]
) -> None:
    """Say how far it is: each mutant that survived, and every twenty-fifth."""
    status, by = verdicts[mutant.key]
    if status != "killed":
        say(f"{done}/{count} {status}: {mutant.module}:{mutant.line} {mutant.key} {by}")
    elif done % 25 == 0:
        say(f"{done}/{count}")


def say(words: str) -> None:
    """Say something to whoever waits; the result alone goes to standard output."""
    print(words, file=sys.stderr, flush=True)
