"""Exports into a ledger: what each deal draws, in files of deal and month."""

from __future__ import annotations

import datetime
import fnmatch
import glob
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from beanscrow.deal.problems import Problem
from beanscrow.periods import month_end
from beanscrow.usage import deals, store
from beanscrow.usage.allot import PartKey, Reckoning
from beanscrow.usage.deals import Claim
from beanscrow.usage.document import Document, Line, drawdowns
from beanscrow.usage.drawdown import Part, Scope, Section
from beanscrow.usage.reading import (
    Export,
    Intake,
    Progress,
    joined_digest,
    take_in,
)
from beanscrow.usage.refusal import count, few, problem, refuse
from beanscrow.usage.store import Change
from beanscrow.usage.text import Unwritable, is_clean
from beanscrow.usage.windows import bill_month

FOLDER = "usage"
_INCLUDE = re.compile(r'^include\s+"([^"]+)"', re.MULTILINE)


class Outcome(NamedTuple):
    """What an import found, and what it wrote.

    Attributes:
      lines: Parts that were drawn by these exports, with their credits.
      changes: Files written, or that would be.
      errors: Why nothing was written; empty where it was.
      findings: What must be looked at although it was.
    """

    intake: Intake
    lines: list[tuple[Document, Line]]
    changes: list[Change]
    errors: list[Problem]
    findings: list[Problem]


def import_exports(
    paths: Sequence[Path],
    ledger: Path,
    *,
    waive: str = "",
    dry_run: bool = False,
    formats: Sequence[str] = (),
    progress: Progress | None = None,
) -> Outcome:
    """Write what deals draw on billing exports beside a ledger, or say why not.

    A scope (provider, billing account, billing period) is taken to be complete in the
    files given: what an earlier import wrote for it is replaced as a whole, and what
    was written for other scopes stays.

    Args:
      paths: Parts of one delivery, in any order.
      ledger: The top file; the drawdowns go to the folder "usage" beside it.
      waive: Why rows that cannot be read, or that several deals ask for, are left out.
      dry_run: Whether nothing is written.
      formats: How the source writes times besides ISO 8601, as strptime has it.
      progress: Told a file's name and how much of it is read, from 0 to 1.
    Raises:
      Refused: A file or the ledger cannot be read at all.
    """
    if waive and not is_clean(waive):
        raise refuse(ledger, "E706", "the reason of --waive must be one line of plain text")
    claims = deals.load(ledger)
    intake = take_in(paths, claims, formats=formats, progress=progress)
    errors = blocking(intake, claims, waive)
    fresh = documents(intake, claims, waive)
    if errors:
        return Outcome(intake, _lines(fresh), [], errors, [])
    folder = ledger.absolute().parent / FOLDER
    try:
        return _written(ledger, folder, intake, claims, fresh, dry_run=dry_run)
    except OSError as error:
        words = (
            f"the folder of imported usage cannot be written ({error.strerror or error}); "
            "nothing that stood there is half written"
        )
        raise refuse(folder, "E717", words) from None


def _written(
    ledger: Path,
    folder: Path,
    intake: Intake,
    claims: Sequence[Claim],
    fresh: Sequence[Document],
    *,
    dry_run: bool,
) -> Outcome:
    """Write what is drawn into a folder, or say what would be written."""
    replaced = {scope.name for scope in scopes(intake)}
    findings = _strays(intake, claims)
    if dry_run and not folder.exists():
        merged, changes = list(fresh), store.changes(folder, {}, fresh)
    else:
        with store.locked(folder):
            kept = store.read(folder)
            merged = _merge(fresh, kept, replaced)
            findings += _shrunk(folder, kept, merged, replaced)
            try:
                changes = store.changes(folder, kept, merged)
            except Unwritable as error:
                raise refuse(folder, "E712", f"nothing is written: {error}") from None
            if not dry_run:
                store.commit(changes)
    if merged:
        findings += _not_included(ledger, folder / merged[0].filename)
    lines = [(d, line) for d, line in _lines(merged) if line.section.scope in replaced]
    if not lines and not findings:
        findings += _nothing_drawn(ledger, intake, claims)
    return Outcome(intake, lines, changes, [], findings)


def documents(intake: Intake, claims: Sequence[Claim], waive: str) -> list[Document]:
    """Return what is drawn, by deal and month, of these exports alone."""
    by_deal = {claim.deal: claim for claim in claims}
    ends = _ends(intake)
    notes = _notes(intake, waive)
    sections: dict[tuple[str, datetime.date], dict[tuple[Scope, Reckoning], list[Part]]]
    sections = {}
    for key, (rows, total) in intake.parts.items():
        claim = by_deal[key.deal]
        place = key.deal, bill_month(key.scope.start)
        part = _part(claim, key, rows, total, ends[key.scope])
        found = sections.setdefault(place, {})
        found.setdefault((key.scope, key.reckoning), []).append(part)
    return [
        Document(
            deal,
            month,
            by_deal[deal].commodity,
            by_deal[deal].scale,
            tuple(
                Section(scope.name, *reckoning, *notes[scope], tuple(_joined(parts)))
                for (scope, reckoning), parts in found.items()
            ),
        )
        for (deal, month), found in sorted(sections.items())
    ]


def blocking(intake: Intake, claims: Sequence[Claim], waive: str) -> list[Problem]:
    """Return why nothing can be written of an intake."""
    errors: list[Problem] = []
    used = {key.deal for key in intake.parts}
    used |= {deal for export in intake.exports for deal in export.strays}
    for claim in claims:
        if claim.fault and claim.deal in used:
            words = f"deal-policy: deal {claim.deal} cannot be measured: {claim.fault}"
            errors.append(problem(claim.at, "E708", words, deal=claim.deal))
        units = {key.reckoning.unit for key in intake.parts if key.deal == claim.deal}
        if len(units) > 1:
            named = few([unit or "none" for unit in sorted(units)])
            words = (
                f"deal-policy: deal {claim.deal} would add up {claim.measure} of several "
                f"units ({named}); choose rows of one with usage-match-service"
            )
            errors.append(problem(claim.at, "E708", words, deal=claim.deal))
    if waive:
        return errors
    for export in intake.exports:
        errors += _unreadable(export)
        if export.contested:
            words = (
                f"{count(export.contested)} match several deals of one priority; narrow "
                "the usage-match terms, or give one usage-match-priority (lower first)"
            )
            errors.append(problem(export.path, "E707", words))
    return errors


def scopes(intake: Intake) -> set[Scope]:
    """Return the scopes an intake has rows of."""
    return {scope for export in intake.exports for scope in export.scopes}


def _unreadable(export: Export) -> list[Problem]:
    errors = []
    for fault, rows in sorted(export.faults.items()):
        named = [f"{row:,}" for row, shown in export.shown if shown == fault]
        where = f" (row {few(named)} among them)" if named else ""
        words = (
            f"{count(rows)} cannot be read, {fault}{where}; have the export mended, or "
            "leave them out with --waive and a reason"
        )
        errors.append(problem(export.path, "E706", words))
    return errors


def _ends(intake: Intake) -> dict[Scope, datetime.datetime]:
    """Return the latest end of usage in each scope."""
    ends: dict[Scope, datetime.datetime] = {}
    for export in intake.exports:
        for scope, end in export.scopes.items():
            if end is not None:
                ends[scope] = max(end, ends.get(scope, end))
    return ends


def _notes(intake: Intake, waive: str) -> dict[Scope, tuple[str, str, str]]:
    """Return, by scope, names and digest of its exports, and what was left out."""
    notes = {}
    for scope in scopes(intake):
        exports = [export for export in intake.exports if scope in export.scopes]
        left_out = sum(sum(e.faults.values()) + e.contested for e in exports)
        note = f"{count(left_out)} left out: {waive}" if left_out and waive else ""
        notes[scope] = (*joined_digest(exports), note)
    return notes


def _part(
    claim: Claim, key: PartKey, rows: int, total: int, end: datetime.datetime
) -> Part:
    """Return a part with its days: none after the last that was charged so far."""
    calendar = claim.calendar
    begins = calendar.day(key.scope.start)
    reached = calendar.last_day(end)
    first, last = key.window
    if key.late:
        last = min(last, calendar.last_day(key.scope.start))
        closes = month_end(bill_month(key.scope.start))
        return Part(
            key.service, first, last, max(min(reached, closes), begins), rows, total
        )
    first = max(first, begins)
    last = max(min(last, reached), first)
    return Part(key.service, first, last, last, rows, total)


def _joined(parts: list[Part]) -> list[Part]:
    """Return parts of the same service and days as one."""
    found: dict[tuple[object, ...], Part] = {}
    for part in parts:
        key = part[:4]
        if key in found:
            before = found[key]
            part = part._replace(
                rows=part.rows + before.rows, total=part.total + before.total
            )
        found[key] = part
    return list(found.values())


def _lines(found: Sequence[Document]) -> list[tuple[Document, Line]]:
    return [(each, line) for each in found for line in drawdowns(each)]


def _merge(
    fresh: Sequence[Document],
    kept: Mapping[str, tuple[str, Document]],
    replaced: set[str],
) -> list[Document]:
    """Return the documents that must stand after an import, new scopes for old."""
    merged = {each.filename: each for each in fresh}
    for name, (_, old) in kept.items():
        others = tuple(s for s in old.sections if s.scope not in replaced)
        if name in merged:
            new = merged[name]
            merged[name] = new._replace(sections=new.sections + others)
        elif len(others) < len(old.sections):
            merged[name] = old._replace(sections=others)
    return [merged[name] for name in sorted(merged)]


def _shrunk(
    folder: Path,
    kept: Mapping[str, tuple[str, Document]],
    merged: Sequence[Document],
    replaced: set[str],
) -> list[Problem]:
    """Return where a snapshot has fewer rows than the one it replaces."""
    found = []
    for new in merged:
        if new.filename not in kept:
            continue
        before, after = _rows(kept[new.filename][1]), _rows(new)
        for scope in sorted(replaced.intersection(before)):
            if after.get(scope, 0) < before[scope]:
                words = (
                    f"{scope}: {count(before[scope])} drawn before, now "
                    f"{after.get(scope, 0):,}; an export that comes in several files "
                    "must be given whole, in one command"
                )
                where = folder / new.filename
                found.append(problem(where, "F703", words, deal=new.deal))
    return found


def _rows(each: Document) -> dict[str, int]:
    rows: dict[str, int] = {}
    for section in each.sections:
        drawn = sum(part.rows for part in section.parts)
        rows[section.scope] = rows.get(section.scope, 0) + drawn
    return rows


def _strays(intake: Intake, claims: Sequence[Claim]) -> list[Problem]:
    """Return the deals that have usage on days no grant covers."""
    found = []
    for claim in claims:
        rows = sum(export.strays.get(claim.deal, 0) for export in intake.exports)
        if rows:
            words = (
                f"{count(rows)} of usage of deal {claim.deal} on days no grant of it "
                "covers: not written, and to be paid in money unless the deal says "
                "otherwise"
            )
            found.append(problem(claim.at, "F702", words, deal=claim.deal))
    return found


def _nothing_drawn(ledger: Path, intake: Intake, claims: Sequence[Claim]) -> list[Problem]:
    """Return why nothing is drawn, where no row of the exports was to be."""
    empty = [export.path for export in intake.exports if not export.rows]
    if len(empty) == len(intake.exports):
        return [
            problem(path, "F704", "the export has no rows, so nothing is drawn")
            for path in empty
        ]
    tally = intake.tally
    if sum(line.rows for line in tally.lines()) > tally.rows("unmatched"):
        words = (
            "nothing is drawn: the rows that are a deal's are in other buckets than "
            "drawn, which the table shows"
        )
        return [problem(ledger, "F704", words)]
    accounts = sorted({f"{it.provider} {it.account}" for it in scopes(intake)})
    asked = [
        f"{claim.deal} {term} {few(list(values))}"
        for claim in claims
        for term, values in claim.match.items()
    ]
    words = (
        f"no row is a deal's, so nothing is drawn; accounts in the files: {few(accounts)}; "
        f"asked for: {few(asked)}; correct the usage-match terms of the deal-policy, or "
        "import the export it is about"
    )
    return [problem(ledger, "F704", words)]


def _not_included(ledger: Path, target: Path) -> list[Problem]:
    """Return the finding that a ledger does not include what was written for it."""
    if _includes(ledger.absolute(), target, set()):
        return []
    words = (
        f'does not include what was imported; add the line include "{FOLDER}/*.beancount"'
    )
    return [problem(ledger, "F701", words)]


def _includes(path: Path, target: Path, seen: set[Path]) -> bool:
    if path in seen or not path.is_file():
        return False
    seen.add(path)
    for pattern in _INCLUDE.findall(path.read_text(encoding="utf-8", errors="replace")):
        wanted = os.path.normpath(path.parent / pattern)
        if fnmatch.fnmatchcase(str(target), wanted):
            return True
        if any(_includes(Path(p), target, seen) for p in sorted(glob.glob(wanted))):
            return True
    return False
