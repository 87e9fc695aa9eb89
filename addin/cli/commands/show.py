"""``kaohe show``: the stored results as text, JSON or CSV."""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path

from addin.shared.exits import FAILED, UserError
from addin.shared.texts import Rows, csv_text, text_table
from addin.xlsx.book import Book
from addin.xlsx.hiddencolumns import hidden_columns
from addin.xlsx.model import MOMENTS
from addin.xlsx.package import opened
from addin.xlsx.reader import read_package
from addin.xlsx.results import named_values, results, rows, without_values
from addin.xlsx.sheetdata import SheetData
from workbook_templates.scheme.names import BALANCES, PARAMETERS, SUMMARY

NOT_COMPUTED = "{} 中有 {} 个公式没有保存结果（例如 {}），保存它的程序没有计算，显示的空白不是结果；请先运行 kaohe calc"


def run(arguments: argparse.Namespace) -> int:
    path = Path(arguments.file)
    sheets: dict[str, SheetData] = {}
    with opened(path) as package:
        book = Book(read_package(package, path, sheets))
    names = [*book.places, *(name for name in (SUMMARY, BALANCES) if book.is_list(name))]
    if not names:
        raise UserError(
            f"{arguments.file} 中没有表格，也没有带“姓名”列标题的名单；请在 Excel 中把数据区域设为表格（插入 → 表格）"
        )
    known = [*names, *([PARAMETERS] if book.is_list(PARAMETERS) else [])]
    if arguments.table is not None and arguments.table not in known:
        raise UserError(f"工作簿中没有表 {arguments.table}；可用的表：{'、'.join(dict.fromkeys(known))}")
    if arguments.json:
        print(_json(book, arguments.table))
    elif arguments.csv:
        _write_as_it_is(csv_text(list(rows(book, arguments.table or _widest(book, names), MOMENTS))))
    else:
        chosen = [arguments.table] if arguments.table else names
        print("\n\n".join(f"【{name}】\n{text_table(_seen(book, name, sheets))}" for name in chosen))
    empty = without_values(book, [arguments.table] if arguments.table else names)
    if empty:
        print(NOT_COMPUTED.format(arguments.file, len(empty), empty[0]), file=sys.stderr)
    return FAILED if empty else 0


def _seen(book: Book, name: str, sheets: dict[str, SheetData]) -> Rows:
    """The rows as the sheet shows them, without its hidden columns."""
    table = book.places.get(name) or book.tables[name]
    hidden = hidden_columns(sheets[table.sheet]) if table.sheet in sheets else set()
    shown = [column for col, column in enumerate(table.columns, start=table.first_col) if col not in hidden]
    return [{column: row[column] for column in shown} for row in rows(book, name, MOMENTS)]


def _json(book: Book, table: str | None) -> str:
    if table is None:
        found = results(book)
    elif table in (SUMMARY, BALANCES) and book.is_list(table):
        found = {table: named_values(book, table, MOMENTS)}
    else:
        found = {table: list(rows(book, table, MOMENTS))}
    return json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False)


def _widest(book: Book, names: list[str]) -> str:
    """The table with the most columns: that of the people, in a workbook from a template."""
    return max(names, key=lambda name: len((book.places.get(name) or book.tables[name]).columns))


def _write_as_it_is(text: str) -> None:
    """Without the translation of line ends that Windows adds: CSV has its own."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(newline="")
    sys.stdout.write(text)
