"""Small mistakes in the code, one at a time: what the tests must notice.

Only what runs inside functions is changed; declarations, annotations and messages are not behaviour that a unit test is for.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SPOKEN = (ast.Compare, ast.BoolOp, ast.UnaryOp)


@dataclass(frozen=True)
class Mutant:
    path: Path
    number: int
    """Which of the file's mistakes it is, in the order of the text."""
    line: int
    told: str


@dataclass(frozen=True)
class _Site:
    line: int
    told: str
    apply: Callable[[], None]


def mutants(path: Path) -> list[Mutant]:
    sites = _sites(ast.parse(path.read_text(encoding="utf-8")))
    return [Mutant(path, number, site.line, site.told) for number, site in enumerate(sites)]


def mutated(mutant: Mutant) -> ast.Module:
    """The file's code with the mistake in it."""
    tree = ast.parse(mutant.path.read_text(encoding="utf-8"))
    _sites(tree)[mutant.number].apply()
    return ast.fix_missing_locations(tree)


def _sites(tree: ast.Module) -> list[_Site]:
    found = [site for function in _outermost(tree) for part in function.body for site in _inside(part)]
    return sorted(found, key=lambda site: site.line)


def _outermost(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _FUNCTIONS):
            yield child
        elif isinstance(child, ast.ClassDef | ast.If):
            yield from _outermost(child)


def _inside(node: ast.AST) -> Iterator[_Site]:
    yield from _of(node)
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "args") and not isinstance(node, ast.Call):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _inside(child)


def _of(node: ast.AST) -> Iterator[_Site]:
    match node:
        case ast.Compare(ops=ops):
            for place, operator in enumerate(ops):
                yield _swap(node, node.lineno, ops, place, operator)
        case ast.BoolOp(op=operator) | ast.BinOp(op=operator) | ast.AugAssign(op=operator) if (
            type(operator) in _OPERATORS
        ):
            new = _OPERATORS[type(operator)]
            yield _Site(node.lineno, _arrow(operator, new), lambda: setattr(node, "op", new()))
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield _Site(node.lineno, f"{type(node.op).__name__} left out", lambda: _become(node, operand))
        case ast.Constant(value=bool(value)):
            yield _Site(node.lineno, f"{value} → {not value}", lambda: setattr(node, "value", not value))
        case ast.Constant(value=int(value)):
            yield _Site(node.lineno, f"{value} → {value + 1}", lambda: setattr(node, "value", value + 1))
        case ast.Call(func=ast.Name(id=name)) if name in _NAMES:
            yield _Site(node.lineno, f"{name} → {_NAMES[name]}", lambda: setattr(node.func, "id", _NAMES[name]))
        case ast.Expr(value=ast.Call() as call):
            yield _Site(
                node.lineno, f"{ast.unparse(call.func)}(…) left out", lambda: setattr(node, "value", ast.Constant(None))
            )
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) if not isinstance(test, _SPOKEN):
            yield _Site(node.lineno, "condition negated", lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), test)))


def _swap(node: ast.AST, line: int, operators: list[ast.cmpop], place: int, operator: ast.AST) -> _Site:
    new = _OPERATORS[type(operator)]

    def apply() -> None:
        operators[place] = new()  # type: ignore[call-overload]

    return _Site(line, _arrow(operator, new), apply)


def _become(node: ast.UnaryOp, operand: ast.expr) -> None:
    """``not x`` as ``+x`` would be another thing; bool(x), and 0 + x for a number, leave its value."""
    if isinstance(node.op, ast.Not):
        node.operand = ast.UnaryOp(ast.Not(), operand)
    else:
        node.op = ast.UAdd()


def _arrow(old: ast.AST, new: type[ast.AST]) -> str:
    return f"{type(old).__name__} → {new.__name__}"
