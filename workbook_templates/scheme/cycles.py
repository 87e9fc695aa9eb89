"""Columns and summary values that wait for each other: told on loading, where the way round can be named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from workbook_templates.formula import language as formulas
from workbook_templates.scheme import checks, guards
from workbook_templates.scheme.columns import Limits
from workbook_templates.scheme.model import Scheme
from workbook_templates.scheme.names import CHECK, parameter_state, state

Node = tuple[str, str]
SUMMARY = ""


def cycles(scheme: Scheme, place: str, sound: bool) -> Iterator[str]:
    """Columns that wait for each other; of a scheme that isn't sound only what its formulas say themselves is read."""
    edges = _edges(scheme) if sound else _written_edges(scheme)
    done: set[Node] = set()
    for start in edges:
        if start not in done and (way := _way_back(start, edges, done)):
            done.update(way)
            table, name = way[0]
            here = f"{place} 表 {table} 列 {name}" if table else f"{place} 汇总 {name}"
            yield f"{here}：互相等待，无法计算：{' → '.join(map(_told, way))}{_meant(way, scheme)}"


def _meant(way: list[Node], scheme: Scheme) -> str:
    """What the author of a way round may have had in mind."""
    if len(way) == 2 and way[1] not in _written_edges(scheme).get(way[0], []):
        return "；它的条件（require、when）不能读它自己的结果：写算出它的式子，或在读它的那一项中写"
    if any(name == CHECK for _, name in way):
        return "；规则、上下限、key、absent_when 只读填写列，或写了 guard = false 的列"
    within = len({table for table, _ in way}) == 1 and way[0][0]
    return "；若是一行接着上一行算（上月结转到本月），各月写成列：each、{前}、before" if within else ""


def _written_edges(scheme: Scheme) -> dict[Node, list[Node]]:
    """What each computed column and summary value reads, as far as it can be read."""
    written = {(table.name, column.name): column.formula for table in scheme.tables for column in table.computed}
    written |= {(SUMMARY, result.name): result.formula for result in scheme.results}
    edges: dict[Node, list[Node]] = {}
    for (table, name), text in written.items():
        with suppress(formulas.FormulaError):
            edges[table, name] = list(_read(text, table, scheme))
    return edges


def _edges(scheme: Scheme) -> dict[Node, list[Node]]:
    """What each column and summary value reads."""
    edges: dict[Node, list[Node]] = {}
    general = [*scheme.parameters, *(column for listing in scheme.lists for column in listing.columns)]
    edges[SUMMARY, parameter_state()] = [node for limits in general for node in _bounds(limits, scheme)]
    for table in scheme.tables:
        texts = checks.generated_columns(table, scheme)
        texts |= {column.name: guards.guarded(column, table, scheme) for column in table.computed}
        for name, text in texts.items():
            edges[table.name, name] = list(_read(text, table.name, scheme))
        edges[table.name, CHECK] += [node for column in table.inputs for node in _bounds(column, scheme)]
    for result in scheme.results:
        edges[SUMMARY, result.name] = list(_read(guards.guarded_result(result, scheme), "", scheme))
    return edges


def _bounds(limits: Limits, scheme: Scheme) -> Iterator[Node]:
    for bound in (limits.min, limits.max, limits.above, limits.below):
        if isinstance(bound, str) and not bound.startswith("[") and not checks.is_of_row(bound):
            yield from _read(bound if bound.startswith("=") else f"={bound}", "", scheme)


def _read(text: str, own: str, scheme: Scheme) -> Iterator[Node]:
    tables = {table.name: table.column_names for table in scheme.tables}
    named: dict[str, Node] = {state(name): (name, CHECK) for name in tables}
    named |= {result.name: (SUMMARY, result.name) for result in scheme.results}
    named[parameter_state()] = (SUMMARY, parameter_state())
    parsed = formulas.parse(text)
    yield from (named[name] for name in parsed.names() if name in named)
    for reference in parsed.references():
        columns = tables.get(reference.table or own, ())
        if reference.first in columns and reference.last in columns:
            yield from ((reference.table or own, name) for name in reference.among(columns))


def _way_back(start: Node, edges: dict[Node, list[Node]], done: set[Node]) -> list[Node]:
    """A way from a node to itself among those that it reads, or nothing; what has none is remembered in ``done``."""
    way: list[Node] = [start]
    open_edges = [iter(edges.get(start, []))]
    while way:
        following = next(open_edges[-1], None)
        if following is None:
            done.add(way.pop())
            open_edges.pop()
        elif following in way:
            return [*way[way.index(following) :], following]
        elif following not in done:
            way.append(following)
            open_edges.append(iter(edges.get(following, [])))
    return []


def _told(node: Node) -> str:
    table, name = node
    return f"{table}[{name}]" if table else name
