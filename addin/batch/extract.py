"""What one result gives to the collection: its people, and whether its 汇总 says the same as they do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from addin.batch.storage import Place, read
from addin.batch.work import digest_of, people_of
from addin.headless.functions.criteria import criterion_of, key_of
from addin.headless.session import Session
from addin.shared.exits import told
from addin.xlsx.book import Book
from addin.xlsx.files import WorkbookError
from addin.xlsx.model import is_number
from addin.xlsx.results import rows
from udfs import CellError
from workbook_templates.formula.references import column_name
from workbook_templates.scheme.names import NAME, SUMMARY, VALUE

_FORMULAS = r'\(公式_[\w.]+="通过"\)'
_RIGHT = rf'(?:_xlfn\.)?ISFORMULA\(状态_\w+\)|状态_\w+="通过"|{_FORMULAS}(?:\*{_FORMULAS})*|SUMPRODUCT\(1\*ISERROR\([^()]+\)\)=0'
_GUARDS = (rf"^(?:IF\((?:{_RIGHT}),)*", r'(?:,(?:状态_\w+|"[^"]*")\*1\))*$')
"""A figure of 汇总 is computed only while what it reads is right: the tables, the formulas of the columns, their values."""
_SUM = re.compile(
    r"(?P<round>KAOHE_ROUND\()?SUM\((?P<table>[^\[\]()]+)\[(?P<column>[^\[\]@#']+)\]\)(?(round)\))".join(_GUARDS)
)
_COUNT = re.compile(
    r'COUNTIF\((?P<table>[^\[\]()]+)\[(?P<column>[^\[\]@#\']+)\],"(?P<value>[^"*?~<>=]+)"\)'.join(_GUARDS)
)
_EXACT = re.compile(
    r'KAOHE_COUNT\("(?P<value>[^"]+)",(?P<table>[^\[\]()]+)\[(?P<column>[^\[\]@#\']+)\]\)'.join(_GUARDS)
)
_ADDRESS = re.compile(r"'([^'!]+)'!\$([A-Z]+)\$\d+:\$\2\$\d+")
"""A whole column of a table that is a plain range."""
_FEN, _FINE = Decimal("0.01"), Decimal("1e-9")


@dataclass(frozen=True)
class Wanted:
    name: str
    target: Place
    output: str


@dataclass(frozen=True)
class Extract:
    """The rows by table; the figures of 汇总 that are sums of rows, as the rows give them, and whether these are all; what is to be told."""

    name: str
    rows: dict[str, list[list[Any]]]
    sums: dict[str, Decimal]
    is_whole: bool = True
    told: tuple[str, ...] = ()


def extract(wanted: Wanted) -> Extract:
    """Read a result again, as it was written."""
    try:
        if digest_of(wanted.target) != wanted.output:
            raise WorkbookError(f"结果文件夹中的 {wanted.name} 计算之后又被改动或删除")
        return _extracted(wanted, Session(Path(str(wanted.target)), read(wanted.target)).book)
    except Exception as error:
        # A file goes by its name in the batch.
        why = (told(error) or repr(error)).replace(str(wanted.target), wanted.name)
        return Extract(wanted.name, {}, {}, False, (f"没有汇入：{why}",))


def _extracted(wanted: Wanted, book: Book) -> Extract:
    lines = {name: list(rows(book, name)) for name, _ in people_of(book)}
    columns = {
        (table.sheet, column_name(place)): f"{name}[{column}]"
        for name, table in people_of(book)
        for place, column in enumerate(table.columns, start=table.first_col)
    }
    sums, messages = {}, []
    errors: dict[str, list[str]] = {}
    for name, value, formula in _figures(book):
        own = _of_rows(_ADDRESS.sub(lambda found: columns.get((found[1], found[2]), found[0]), formula), lines)
        if isinstance(value, CellError):
            errors.setdefault(value.value, []).append(name)
        elif own is not None:
            sums[name] = own[0]
            if not is_number(value) or not _same(own[0], value, own[1]):
                messages.append(f"汇总的“{name}”是 {value}，各行合计是 {own[0]}")
    messages += [f"汇总中算不出来的：{'、'.join(names)}（{error}）" for error, names in errors.items()]
    return Extract(
        wanted.name,
        {name: [list(line.values()) for line in found] for name, found in lines.items()},
        sums,
        not errors,
        tuple(messages),
    )


def _figures(book: Book) -> Iterator[tuple[str, Any, str]]:
    """Name, value and formula of each line of 汇总."""
    if not book.is_list(SUMMARY):
        return
    table = book.tables[SUMMARY]
    names, values = (table.column(name) for name in (NAME, VALUE))
    formulas = book.workbook.sheets[table.sheet].formulas
    for row in table.rows:
        if name := book.value(table.sheet, row, names):
            yield str(name), book.value(table.sheet, row, values), formulas.get((row, values), "")


def _of_rows(formula: str, lines: dict[str, list[dict[str, Any]]]) -> tuple[Decimal, Decimal] | None:
    """What the rows give for a sum or a count over a column, and how fine it is; None for other formulas."""
    found = _SUM.fullmatch(formula) or _COUNT.fullmatch(formula) or _EXACT.fullmatch(formula)
    if found is None or not (table := lines.get(found["table"])) or found["column"] not in table[0]:
        return None
    values = [line[found["column"]] for line in table]
    if found.re is _COUNT:
        wanted = key_of(criterion_of(found["value"]).operand)
        return Decimal(sum(key_of(value) == wanted for value in values)), _FINE
    if found.re is _EXACT:
        return Decimal(sum(value == found["value"] for value in values)), _FINE
    total = sum((Decimal(repr(value)) for value in values if is_number(value)), Decimal())
    return total, _FEN if found["round"] else _FINE


def _same(own: Decimal, value: float, fine: Decimal) -> bool:
    return own.quantize(fine, ROUND_HALF_UP) == Decimal(repr(value)).quantize(fine, ROUND_HALF_UP)
