"""``kaohe show``: the stored results as text, JSON or CSV."""

from __future__ import annotations

import argparse
import io
import json
import sys

from addin.shared.exits import FAILED, UserError
from addin.shared.texts import csv_text, text_table
from addin.xlsx.book import BALANCES, PARAMETERS, SUMMARY, Book, read_book
from addin.xlsx.results import named_values, results, rows, without_values

NOT_COMPUTED = "{} 中有 {} 个公式没有保存结果（例如 {}），保存它的程序没有计算，显示的空白不是结果；请先运行 kaohe calc"


def run(arguments: argparse.Namespace) -> int:
    book = read_book(arguments.file)
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
        _write_as_it_is(csv_text(list(rows(book, arguments.table or _widest(book, names)))))
    else:
        chosen = [arguments.table] if arguments.table else names
        print("\n\n".join(f"【{name}】\n{text_table(list(rows(book, name)))}" for name in chosen))
    empty = without_values(book, [arguments.table] if arguments.table else names)
    if empty:
        print(NOT_COMPUTED.format(arguments.file, len(empty), empty[0]), file=sys.stderr)
    return FAILED if empty else 0


def _json(book: Book, table: str | None) -> str:
    if table is None:
        found = results(book)
    elif table in (SUMMARY, BALANCES) and book.is_list(table):
        found = {table: named_values(book, table)}
    else:
        found = {table: list(rows(book, table))}
    return json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False)


def _widest(book: Book, names: list[str]) -> str:
    """The table with the most columns: that of the people, in a workbook from a template."""
    return max(names, key=lambda name: len((book.places.get(name) or book.tables[name]).columns))


def _write_as_it_is(text: str) -> None:
    """Without the translation of line ends that Windows adds: CSV has its own."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(newline="")
    sys.stdout.write(text)
