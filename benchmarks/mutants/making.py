"""Make mutants of a module: its syntax tree with one small fault in it."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import CodeType
from typing import Any

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
}
PAIRS = [
    ("min", "max"),
    ("any", "all"),
    ("minimum", "maximum"),
    ("fmin", "fmax"),
    ("nanmin", "nanmax"),
    ("argmin", "argmax"),
    ("floor", "ceil"),
    ("zeros", "ones"),
]
NAMES = {a: b for pair in PAIRS for a, b in (pair, pair[::-1])}
# What only a type checker or a reader sees, and how a class is decorated.
UNSEEN = {"annotation", "returns", "decorator_list", "type_params", "format_spec"}
# A tolerance for rounding: a tenth more or less of it means nothing.
TOLERANCE = 1e-5
LONGEST = 90

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Edit:
    """One child of a node, to be replaced."""

    owner: ast.AST
    field: str
    index: int | None
    new: Any

    def swap(self, value: Any) -> Any:
        """Put a value in the child's place and return what was there."""
        if self.index is None:
            old = getattr(self.owner, self.field)
            setattr(self.owner, self.field, value)
            return old
        held = getattr(self.owner, self.field)
        old, held[self.index] = held[self.index], value
        return old


@dataclass(frozen=True)
class Mutant:
    """Hold a fault, and where it stands.

    Attributes
    ----------
    function, text, change : str
        Qualified name of the function, source line and what was changed in it: together they
        name the mutant whatever its line number.
    line : int
        Number of the line.
    edit : Edit
        The change of the tree.
    """

    function: str
    text: str
    change: str
    line: int
    edit: Edit

    @property
    def name(self) -> tuple[str, str, str]:
        """What names the mutant when lines above it are added."""
        return self.function, self.text, self.change


class Module:
    """A module's tree and all its mutants."""

    def __init__(self, source: str, path: str = "<module>") -> None:
        self.path = path
        self.tree = ast.parse(source)
        found = list(_Walk(source.split("\n")).module(self.tree))
        self.mutants = _numbered(found)

    def code(self, mutant: Mutant | None = None) -> CodeType:
        """Compile the module, with the fault if one is given."""
        if mutant is None:
            return compile(self.tree, self.path, "exec", dont_inherit=True)
        old = mutant.edit.swap(mutant.edit.new)
        try:
            return compile(
                ast.fix_missing_locations(self.tree), self.path, "exec", dont_inherit=True
            )
        finally:
            mutant.edit.swap(old)


def _numbered(found: list[Mutant]) -> list[Mutant]:
    """Tell equal changes of equal lines apart by their order."""
    seen: Counter[tuple[str, str, str]] = Counter()
    named = []
    for mutant in found:
        seen[mutant.name] += 1
        nth = seen[mutant.name]
        named.append(mutant if nth == 1 else replace(mutant, change=f"{mutant.change} (no. {nth})"))
    return named


class _Walk:
    """Go through a tree and yield the mutants of every node."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def module(self, tree: ast.Module) -> Iterator[Mutant]:
        yield from self.inside(tree, "", set())

    def inside(self, node: ast.AST, function: str, bound: set[str]) -> Iterator[Mutant]:
        """Yield the mutants of a node's children, in the order of the source."""
        for field, value in ast.iter_fields(node):
            if field in UNSEEN:
                continue
            for index, child in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(child, ast.AST):
                    place = Edit(node, field, index if isinstance(value, list) else None, None)
                    yield from self.child(child, place, function, bound)

    def child(self, node: ast.AST, place: Edit, function: str, bound: set[str]) -> Iterator[Mutant]:
        if isinstance(node, ast.Assert) or _is_for_checkers(node):
            return
        for edit, before, after in _faults(node, place, bound):
            line = getattr(node, "lineno", 1)
            change = f"{_short(before)} → {_short(after)}"
            yield Mutant(function, self.lines[line - 1].strip(), change, line, edit)
        if isinstance(node, Function | ast.ClassDef):
            name = f"{function}.{node.name}".lstrip(".")
            inner = _parameters(node) if isinstance(node, Function) else set()
            yield from self.inside(node, name, inner)
        else:
            yield from self.inside(node, function, bound)
        bound |= _names_bound(node)


def _is_for_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in (
        "TYPE_CHECKING",
        "__name__ == '__main__'",
    )


def _parameters(node: Function) -> set[str]:
    given = node.args
    plain = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return {one.arg for one in (*plain, given.vararg, given.kwarg) if one is not None}


def _names_bound(node: ast.AST) -> set[str]:
    return {node.id} if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else set()


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


Fault = tuple[Edit, str, str]


def _faults(node: ast.AST, place: Edit, bound: set[str]) -> Iterator[Fault]:
    """Yield each fault of a node, with its text before and after."""
    before = ast.unparse(node)
    for edit in _edits(node, place, bound):
        if edit.owner is place.owner and edit.field == place.field:
            is_gone = isinstance(edit.new, ast.Pass)
            yield edit, before, "deleted" if is_gone else ast.unparse(edit.new)
            continue
        old = edit.swap(edit.new)
        after = ast.unparse(node)
        edit.swap(old)
        yield edit, before, after


def _edits(node: ast.AST, place: Edit, bound: set[str]) -> Iterator[Edit]:
    match node:
        case ast.Compare(ops=ops):
            for i, op in enumerate(ops):
                for other in COMPARISONS[type(op)]:
                    yield Edit(node, "ops", i, other())
        case ast.BinOp() | ast.AugAssign():
            if type(node.op) in OPERATORS and not _joins_texts(node):
                yield Edit(node, "op", None, OPERATORS[type(node.op)]())
        case ast.BoolOp(op=op):
            yield Edit(node, "op", None, ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield replace(place, new=operand)
    yield from _word_edits(node, place)
    if _is_condition(node, place):
        negated = ast.UnaryOp(ast.Not(), copy.copy(node))  # type: ignore[arg-type]
        yield replace(place, new=negated)
    if _can_go(node, bound):
        yield replace(place, new=ast.copy_location(ast.Pass(), node))


def _word_edits(node: ast.AST, place: Edit) -> Iterator[Edit]:
    """Yield changes of a number, a name or a statement of one word."""
    match node:
        case ast.Constant(value=bool() | int() | float() as value):
            yield Edit(node, "value", None, _other_number(value))
        case ast.Name(id=name) if name in NAMES and isinstance(node.ctx, ast.Load):
            yield Edit(node, "id", None, NAMES[name])
        case ast.Attribute(attr=name) if name in NAMES:
            yield Edit(node, "attr", None, NAMES[name])
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield Edit(node, "value", None, ast.Constant(None))
        case ast.Continue():
            yield replace(place, new=ast.Break())
        case ast.Break():
            yield replace(place, new=ast.Continue())


def _joins_texts(node: ast.BinOp | ast.AugAssign) -> bool:
    """Say whether a sign joins or formats texts or lists, where another would only raise."""
    sides = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.value]
    return any(
        isinstance(side, ast.JoinedStr | ast.List | ast.Tuple | ast.ListComp)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str | bytes))
        for side in sides
    )


def _other_number(value: float) -> float:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value == 0:
        return 1.0
    factor = 1e3 if abs(value) < TOLERANCE else 0.9
    return float(f"{value * factor:.12g}")


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_condition(node: ast.AST, place: Edit) -> bool:
    """Say whether a node is all of a condition, and no sign of its own would be changed."""
    is_plain = isinstance(node, ast.Name | ast.Call | ast.Attribute | ast.Subscript)
    owner = place.owner
    if isinstance(owner, ast.If | ast.IfExp | ast.While):
        return is_plain and place.field == "test"
    return is_plain and isinstance(owner, ast.comprehension) and place.field == "ifs"


def _can_go(node: ast.AST, bound: set[str]) -> bool:
    """Say whether a statement can be deleted without an undefined name.

    The first assignment of a name stays: without it, any test that comes there fails.
    """
    match node:
        case ast.Expr(value=ast.Call()) | ast.Raise() | ast.AugAssign():
            return True
        case ast.Assign(targets=targets):
            return all(_is_bound(target, bound) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr()):
            return _is_bound(target, bound)
    return False


def _is_bound(target: ast.expr, bound: set[str]) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return all(_is_bound(one, bound) for one in target.elts)
    return target.id in bound if isinstance(target, ast.Name) else True
