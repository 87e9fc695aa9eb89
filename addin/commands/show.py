"""``kaohe show``: the stored results as text, JSON or CSV."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

from addin.cli import UserError
from addin.headless import Book, read_book
from addin.headless.dates import moment
from addin.headless.model import Cell, CellError, Table
from workbook_templates.scheme import CHECK, SERIAL

SUMMARY, PARAMETERS = "汇总", "参数"
RISKY = ("=", "+", "-", "@", "\t", "\r")
Rows = list[dict[str, Any]]


def run(arguments: argparse.Namespace) -> int:
    book = read_book(arguments.file)
    tables = [name for name in book.tables if name not in (SUMMARY, PARAMETERS)]
    if arguments.table is not None and arguments.table not in (*tables, SUMMARY, PARAMETERS):
        raise UserError(f"工作簿中没有表 {arguments.table};可用的表:{'、'.join([*tables, *_summaries(book)]) or '(没有)'}")
    if not tables and SUMMARY not in book.tables:
        raise UserError(f"{arguments.file} 中没有表格;请在 Excel 中把数据区域设为表格(插入 → 表格)")
    chosen = [arguments.table] if arguments.table else [*tables, *_summaries(book)]
    if arguments.json:
        result = {name: _summary(book) if name == SUMMARY else list(rows(book, name)) for name in chosen}
        print(json.dumps(result, ensure_ascii=False, indent=1))
    elif arguments.csv:
        sys.stdout.write(_csv(list(rows(book, arguments.table or _main_table(book, tables)))))
    else:
        for name in chosen:
            print(f"【{name}】")
            print(_text(list(rows(book, name))))
            print()
    return 0


def _summaries(book: Book) -> list[str]:
    return [SUMMARY] if SUMMARY in book.tables else []


def _main_table(book: Book, tables: list[str]) -> str:
    """The table with the most columns is the one that people mean."""
    return max(tables, key=lambda name: len(book.tables[name].columns), default=SUMMARY)


def rows(book: Book, name: str) -> Iterator[dict[str, Any]]:
    """The filled rows of a table, values as JSON has them."""
    table = book.tables[name]
    for row in range(table.first_row, table.last_row + 1):
        cells = {
            column: _plain(book, table, row, table.first_col + place) for place, column in enumerate(table.columns)
        }
        if not _is_spare(cells):
            yield cells


def _is_spare(cells: dict[str, Any]) -> bool:
    if CHECK in cells:
        return cells[CHECK] in ("", None) and cells.get(SERIAL) in ("", None)
    return all(value in ("", None) for value in cells.values())


def _summary(book: Book) -> dict[str, Any]:
    return {line["名称"]: line["值"] for line in rows(book, SUMMARY)}


def _plain(book: Book, table: Table, row: int, col: int) -> Any:
    cell = book.value(table.sheet, row, col)
    if isinstance(cell, CellError):
        return cell.value
    if isinstance(cell, float):
        if book.is_date(table.sheet, row, col):
            try:
                when = moment(cell)
            except ValueError:
                return cell
            return when.isoformat(sep=" ") if cell % 1 else when.date().isoformat()
        return int(cell) if cell == int(cell) and abs(cell) < 1e15 else cell
    return cell


def shown(value: Any) -> str:
    """A value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return value.value
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def _safe(value: Any) -> Any:
    """A text that a spreadsheet program would take for a formula is quoted; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(RISKY):
        return "'" + value
    return shown(value)


def _csv(lines: Rows) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    if lines:
        writer.writerow([_safe(name) for name in lines[0]])
    writer.writerows([_safe(value) for value in line.values()] for line in lines)
    return "\ufeff" + stream.getvalue()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _text(lines: Rows) -> str:
    if not lines:
        return "(没有填写的行)"
    table = [list(lines[0]), *([shown(value) for value in line.values()] for line in lines)]
    widths = [max(_width(row[i]) for row in table) for i in range(len(table[0]))]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )
