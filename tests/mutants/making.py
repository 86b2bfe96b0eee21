"""The mutants: each a module with one small slip in it, as mutmut's operators make them.

mutmut chooses the slips, so that nobody here can choose the harmless ones: `<` for
`<=`, `+` for `-`, another number, None for an argument, an argument left out.  What only
type checkers read is left alone: annotations, names of types, decorators; and so are
the words of assertions, and `strict=True` of a zip, which say what holds anyhow.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

from tests.mutants.mutant import PACKAGES, Mutant

# A name like these at the head of a module is a type's; one in capitals is a constant.
_TYPE_NAME = re.compile(r"_?[A-Z]\w*[a-z]\w*|[A-Z]")


class Source:
    """A module as it stands.

    Attributes:
      module: Its file, from the package.
    """

    def __init__(self, module: str, text: str) -> None:
        self.module = module
        self.text = text
        self.wrapper = MetadataWrapper(cst.parse_module(text))
        self.tree = self.wrapper.module
        self._starts = [0, *accumulate(len(line) for line in text.splitlines(True))]

    @cached_property
    def meaning(self) -> str:
        """What Python makes of it, whatever it looks like."""
        return ast.dump(ast.parse(self.text))

    def lines(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return the first and last line a node stands on."""
        where = self.wrapper.resolve(PositionProvider)[node]
        return where.start.line, where.end.line

    def with_slip(self, before: cst.CSTNode, after: cst.CSTNode) -> str:
        """Return the text with one node replaced."""
        where = self.wrapper.resolve(PositionProvider)[before]
        start, end = (
            self._starts[it.line - 1] + it.column for it in (where.start, where.end)
        )
        if self.text[start:end] == self.tree.code_for_node(before):
            return self.text[:start] + self.tree.code_for_node(after) + self.text[end:]
        # Of several lines, of which only the whole tree knows the indentation.
        changed = self.tree.deep_replace(before, after)
        assert isinstance(changed, cst.Module)
        return changed.code


class Slip(NamedTuple):
    """One slip, before its module is written out."""

    source: Source
    place: str
    operator: str
    key: str
    lines: tuple[int, int]
    before: cst.CSTNode
    after: cst.CSTNode

    def mutant(self) -> Mutant | None:
        """Return the module with it, or None where Python reads what it read before."""
        code = self.source.with_slip(self.before, self.after)
        try:
            if ast.dump(ast.parse(code)) == self.source.meaning:
                return None
        except SyntaxError:
            return None
        first, last = self.lines
        line, was, now = changed_lines(self.source.text, code)
        return Mutant(
            self.source.module,
            self.place,
            self.operator,
            self.key,
            first,
            last,
            line,
            was,
            now,
            code,
        )


def changed_lines(before: str, after: str) -> tuple[int, str, str]:
    """Return the first line in which two texts differ, and the lines of each that do."""
    old, new = before.splitlines(), after.splitlines()
    blocks = [
        block
        for block in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if block[0] != "equal"
    ]
    was = [line.strip() for _, first, last, _, _ in blocks for line in old[first:last]]
    now = [line.strip() for _, _, _, first, last in blocks for line in new[first:last]]
    return (blocks[0][1] + 1 if blocks else 0), "\n".join(was), "\n".join(now)


def slips_of(module: str, text: str) -> list[Slip]:
    """Return every slip of a module, in the order of its text."""
    source = Source(module, text)
    finder = _Finder(source)
    source.tree.visit(finder)
    return finder.found


def all_slips(package: Path, wanted: Sequence[str] = ("",)) -> list[Slip]:
    """Return every slip of the packages, module by module.

    Args:
      package: The folder of `beanscrow` itself.
      wanted: Only of modules with one of these in their path.
    """
    modules = {
        path.relative_to(package).as_posix(): path
        for name in PACKAGES
        for path in sorted((package / name).rglob("*.py"))
    }
    return [
        slip
        for module, path in modules.items()
        if any(part in module for part in wanted)
        for slip in slips_of(module, path.read_text("utf-8"))
    ]


def sample(slips: Iterable[Slip], count: int, seed: int) -> list[Mutant]:
    """Return `count` mutants, the same ones for a seed, in the order of the slips.

    Each slip draws a lot from its own key.  So a seed picks what it picked before, as
    far as it is still there, when something else in the packages has changed.
    """
    slips = list(slips)
    places = {slip.key: at for at, slip in enumerate(slips)}
    drawn: list[Mutant] = []
    for slip in sorted(slips, key=lambda it: _digest(f"{seed} {it.key}")):
        if len(drawn) == count:
            break
        if (mutant := slip.mutant()) is not None:
            drawn.append(mutant)
    return sorted(drawn, key=lambda it: places[it.key])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class _Finder(cst.CSTVisitor):
    """Walks a module and notes each slip at each node."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self.found: list[Slip] = []
        self._places: list[str] = []
        self._statements: list[tuple[int, int]] = []
        self._seen: Counter[str] = Counter()
        self._silent: set[cst.CSTNode] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if node in self._silent:
            return False
        if isinstance(node, cst.Assert) and node.msg is not None:
            self._silent.add(node.msg)
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom):
            return False
        if isinstance(node, cst.Call) and _is_call_of(node, ("len", "isinstance", "cast")):
            return False
        if not self._places and _names_a_type(node):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._places.append(node.name.value)
        if isinstance(node, cst.SimpleStatementLine):
            self._statements.append(self.source.lines(node))
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                for after in operator(node):
                    if not _loosens_a_zip(node, after):
                        self._note(operator.__name__, node, after)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self._places.pop()
        if isinstance(original_node, cst.SimpleStatementLine):
            self._statements.pop()

    def _note(self, operator: str, before: cst.CSTNode, after: cst.CSTNode) -> None:
        tree = self.source.tree
        was, now = (tree.code_for_node(node).strip() for node in (before, after))
        place = ".".join(self._places)
        known = "\n".join((self.source.module, place, operator, was, now))
        self._seen[known] += 1
        self.found.append(
            Slip(
                self.source,
                place,
                operator.removeprefix("operator_").replace("_", " "),
                _digest(f"{known}\n{self._seen[known]}")[:10],
                self._statements[-1] if self._statements else self.source.lines(before),
                before,
                after,
            )
        )


def _is_call_of(call: cst.Call, names: tuple[str, ...]) -> bool:
    return isinstance(call.func, cst.Name) and call.func.value in names


def _loosens_a_zip(before: cst.CSTNode, after: cst.CSTNode) -> bool:
    """Whether all that changes is `strict=True`, which asserts what holds anyhow."""
    if not isinstance(before, cst.Call) or not isinstance(after, cst.Call):
        return False
    strict = [arg for arg in before.args if arg.keyword and arg.keyword.value == "strict"]
    return bool(strict) and strict[0] not in after.args


def _names_a_type(node: cst.CSTNode) -> bool:
    """Whether a statement gives a type a name, of which only annotations speak."""
    return (
        isinstance(node, cst.Assign)
        and isinstance(name := node.targets[0].target, cst.Name)
        and _TYPE_NAME.fullmatch(name.value) is not None
    )
