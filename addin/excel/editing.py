"""What a macro changes in the open workbook: rows put in or taken out, and values, through the xlwings API."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.shared.exits import UserError
from udfs.values import ERRORS

if TYPE_CHECKING:
    import xlwings

    from addin.xlsx.model import Sheet

_LOGICAL = ("TRUE", "FALSE")
_READ = ("=", "+", "-", "@", "'")
"""What a typed text begins with that Excel doesn't keep as it is."""


def edit(outcome: dict[str, Any], book: xlwings.Book) -> None:
    """Rows and values into the open workbook, which is computed once, at the end."""
    for name in dict.fromkeys(each["sheet"] for each in (*outcome["rows"], *outcome["edits"])):
        _refuse_closed(book.sheets[name])
    if outcome["seen"]:
        _refuse_changed(book, outcome["seen"])
    app, added = book.app, []
    app.api.CutCopyMode = False  # Excel would put copied cells into new rows, such as those of a list that is pasted
    calculation, app.calculation = app.calculation, "manual"
    try:
        for rows in outcome["rows"]:
            sheet, where = book.sheets[rows["sheet"]], f"{rows['row']}:{rows['row'] + abs(rows['count']) - 1}"
            if rows["count"] < 0:
                sheet.range(where).delete("up")
                continue
            sheet.range(where).insert("down")
            added.append((sheet, where))
            _fill_down(sheet, rows)
        for name, cells, values in _blocks(outcome["edits"]):
            book.sheets[name].range(cells).value = values
    except Exception:
        for sheet, where in reversed(added):
            sheet.range(where).delete("up")
        raise
    finally:
        app.calculation = calculation


def _refuse_closed(sheet: xlwings.Sheet) -> None:
    """Raise UserError for a sheet that wouldn't take what is put into it.

    While a filter hides rows, Excel gives each visible block of a range the first of the values (xlwings' issues 679 and 747).
    """
    api = sheet.api
    if api.FilterMode or any(table.ShowAutoFilter and table.AutoFilter.FilterMode for table in api.ListObjects):
        raise UserError(
            f"工作表“{sheet.name}”正在筛选，Excel 会把内容写到别的行，所以没有改动。请先清除筛选（数据 ▸ 清除），再运行一次"
        )
    if api.ProtectContents and not api.ProtectionMode:
        raise UserError(f"工作表“{sheet.name}”受保护，没有改动。请先撤消保护（审阅 ▸ 撤消工作表保护），再运行一次")


def seen(path: Path, sheets: Iterable[str]) -> dict[str, str]:
    """What has been entered on sheets of a file, in short: formulas, and values that no formula gives."""
    from addin.headless.session import Session

    workbook = Session.open(path).workbook
    return {name: _entered(workbook.sheets[name]) for name in sheets}


def _entered(sheet: Sheet) -> str:
    found, arrays = hashlib.sha256(), sheet.arrays.values()
    for place in sorted(sheet.formulas):
        found.update(repr((place, sheet.formulas[place])).encode())
    for col in range(sheet.width):
        for row, value in enumerate(sheet.cells(col, 0, sheet.height - 1)):
            if value is None or (row, col) in sheet.formulas:
                continue
            if not any(area.top <= row <= area.bottom and area.left <= col <= area.right for area in arrays):
                found.update(repr((row, col, value)).encode())
    return found.hexdigest()


def _refuse_changed(book: xlwings.Book, before: dict[str, str]) -> None:
    """Raise UserError if somebody has changed a sheet while the macro worked out what goes where."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "now.xlsx"
        book.api.SaveCopyAs(str(copy))
        now = seen(copy, before)
    if changed := [name for name in before if now[name] != before[name]]:
        raise UserError(f"宏运行时工作表“{'”、“'.join(changed)}”有人改过，没有写入。请再点一次，等它结束再填写")


def _blocks(edits: list[dict[str, Any]]) -> Iterator[tuple[str, str, list[list[Any]]]]:
    """Edits of cells that stand below each other, as one: each takes a call from one process to another."""
    columns: dict[tuple[str, str], dict[int, Any]] = {}
    for each in edits:
        column = each["cell"].rstrip("0123456789")
        columns.setdefault((each["sheet"], column), {})[int(each["cell"][len(column) :])] = _literal(each["value"])
    for (sheet, column), values in columns.items():
        for row in sorted(values):
            if row - 1 in values:
                continue
            last = next(below for below in count(row) if below + 1 not in values)
            yield sheet, f"{column}{row}:{column}{last}", [[values[each]] for each in range(row, last + 1)]


def _literal(value: Any) -> Any:
    """A value as it is typed: an apostrophe keeps a text that Excel would read as a formula, a number or a day (xlwings' issue 1269)."""
    if not isinstance(value, str) or value in ERRORS:
        return value
    is_read = value.startswith(_READ) or any(map(str.isdigit, value)) or value.upper() in _LOGICAL
    return f"'{value}" if is_read else value


def _fill_down(sheet: xlwings.Sheet, rows: dict[str, Any]) -> None:
    """The formulas of the row above into new rows, and into the one that was there."""
    first, number = rows["row"], rows["count"]
    for column in rows["columns"]:
        sheet.range(f"{column}{first - 1}:{column}{first + number}").api.FillDown()
