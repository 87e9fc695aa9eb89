"""What is computed from a formula that was overwritten or deleted is an error, not a plausible number.

A row looks itself at the cells that it reads of its own, or one number more would have every row computed anew. Of a column that is
read whole a cell of the sheet 填写规则 says how it stands, with the columns from which it is computed: many functions leave errors
out. That cell reads nothing that the column itself doesn't, so that nothing more is computed anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from udfs.vocabulary import GOOD
from workbook_templates.formula.language import FormulaError, parse
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import SERIAL, error, formulas_state, within_name

Column = tuple[str, str]
"""Table and column."""

OVERWRITTEN = "有公式被改写"
LOST = "不是公式，被改写或清除；请撤销，或从上一行向下填充公式"


class Reads(NamedTuple):
    """The computed columns that a formula reads."""

    own: tuple[str, ...]
    """Only in its own row."""
    whole: tuple[Column, ...]


def reads(text: str, scheme: Scheme, own: Table | None, by_row: bool = True, deep: bool = False) -> Reads:
    """``by_row``: whether the rows of the formula's own table are computed one by one; else they look at whole columns.

    ``deep``: also what those columns of the row read that wait for no check, for a formula that may catch their errors.
    """
    tables = {table.name: table for table in scheme.tables}
    unguarded = {column.name: column.formula for column in own.computed if not column.guard} if own and deep else {}
    cells: dict[str, None] = {}
    columns: dict[Column, None] = {}
    waiting = [text]
    while waiting:
        try:
            formula = parse(waiting.pop())
        except FormulaError:
            return Reads((), ())  # Too long or too deep, which is told where sizes are looked at.
        for reference in formula.references():
            table = tables.get(reference.table or (own.name if own else ""))
            if table is None:
                continue
            for name in _computed(table, reference.among(table.column_names)):
                if reference.own_row and name not in cells:
                    waiting += [unguarded[name]] if name in unguarded else []
                    cells[name] = None
                elif not reference.own_row:
                    columns[table.name, name] = None
    if own is not None and not by_row:
        columns |= {(own.name, name): None for name in cells}
    mine = [name for name in cells if own is not None and (own.name, name) not in columns]
    return Reads(tuple(mine), tuple(columns))


def _computed(table: Table, names: tuple[str, ...]) -> Iterator[str]:
    inputs = {column.name for column in table.inputs}
    return (name for name in names if name not in inputs)


def kept(text: str, scheme: Scheme, own: Table | None = None, by_row: bool = True, deep: bool = False) -> str:
    """The formula, computed only where what it reads is there; a row of nobody stays empty."""
    found = reads(text, scheme, own, by_row, deep)
    conditions = [f"ISFORMULA([@{name}])" for name in found.own]
    conditions += [f'({column_state(scheme, *column)}="{GOOD}")' for column in found.whole]
    if not conditions:
        return text
    lost = error(OVERWRITTEN)
    if own is not None:
        lost = f'IF([@{SERIAL}]="","",{lost})'
    return f"=IF({'*'.join(conditions)},{text[1:]},{lost})"


def told(verdict: str, found: Reads, scheme: Scheme) -> str:
    """A text for the check of a row in the place of ``verdict``, where something that the check reads is no formula any more."""
    for name in reversed(found.own):
        verdict = f'IF(ISFORMULA([@{name}]),{verdict},"结构:{name} {LOST}")'
    for column in reversed(found.whole):
        stands = column_state(scheme, *column)
        verdict = f'IF({stands}<>"{GOOD}","结构:"&{stands},{verdict})'
    return verdict


def column_state(scheme: Scheme, table: str, column: str) -> str:
    """The defined name that says 通过 while a column is computed in all rows."""
    return formulas_state(f"{table}_{within_name(column, scheme.table(table).column_names)}")


def column_formula(table: Table, column: str, before: Sequence[str]) -> str:
    """通过, or how many cells of a computed column hold something else, or nothing though the row is about somebody; ``before``:
    the names that say how the columns stand from which it is computed, which it passes on."""
    cells = f"{table.name}[{column}]"
    first = table.inputs[0]
    # A row without what must stand in it first is in error in any case.
    telling = [first] if first.required is True else table.identifying
    blank = "*".join(f"ISBLANK({table.name}[{given.name}])" for given in telling)
    missing = f"(ROWS({cells})-SUMPRODUCT(ISFORMULA({cells})+ISBLANK({cells})*{blank}))"
    sound = f'"{GOOD}"'
    for name in reversed(before):
        sound = f'IF({name}<>"{GOOD}",{name},{sound})'
    found = f'IF({missing}=0,{sound},"表 {table.name} 的列 {column} 有 "&{missing}&" 格{LOST}")'
    return f"=IF(SUMPRODUCT(1-ISFORMULA({cells}))=0,{sound},{found})"
