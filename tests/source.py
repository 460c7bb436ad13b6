"""Read the project's own source as syntax trees, for the tests that bound its shape."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "rung"
TESTS = ROOT / "tests"
IGNORED_TOKENS = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Place:
    """A function of the source, where it stands, and the class that holds it."""

    path: Path
    node: Function
    owner: ast.ClassDef | None = None

    def __str__(self) -> str:
        name = f"{self.owner.name}.{self.node.name}" if self.owner else self.node.name
        return f"{self.path.relative_to(ROOT)}:{self.node.lineno} {name}"


def modules() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def code_lines(path: Path) -> frozenset[int]:
    """Lines that hold code: no blanks, no comments, no docstrings."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
        if token.type not in IGNORED_TOKENS:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.Module, ast.ClassDef, *Function.__args__)):
            lines -= docstring_lines(node)
    return frozenset(lines)


def docstring_lines(node: ast.Module | ast.ClassDef | Function) -> set[int]:
    if ast.get_docstring(node, clean=False) is None:
        return set()
    first = node.body[0]
    return set(range(first.lineno, (first.end_lineno or first.lineno) + 1))


def functions() -> Iterator[Place]:
    for path in modules():
        yield from _functions_in(path, tree(path), None)


def _functions_in(path: Path, node: ast.AST, owner: ast.ClassDef | None) -> Iterator[Place]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield Place(path, child, owner)
            yield from _functions_in(path, child, None)
        else:
            holder = child if isinstance(child, ast.ClassDef) else owner
            yield from _functions_in(path, child, holder)


def length(place: Place) -> int:
    """Count the code lines of a function: its signature and its body."""
    last = place.node.end_lineno or place.node.lineno
    return sum(place.node.lineno <= line <= last for line in code_lines(place.path))


def parameters(place: Place) -> list[str]:
    given = place.node.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    is_method = place.owner is not None and names[:1] in (["self"], ["cls"])
    return names[1:] if is_method else names
