"""What a macro changes in the open workbook, through xlwings as it is on Windows: what Excel makes of it is in the cells."""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula
from pyopenvba.apps.excel._model import Workbook
from pyopenvba.interpreter._objects import MemberSpec

from addin.excel import editing
from addin.shared.exits import UserError
from tests.excel.pywin import CDispatch
from tests.excel.simulated import Simulated
from tests.excel.standin import at_work

TEXTS = ["0012", "1-2", "110101199001011234", "true", "=五", "'甲", "五", "１２"]


@pytest.fixture(scope="module")
def office() -> Iterator[Simulated]:
    with at_work() as made:
        yield made


@pytest.fixture
def book(office: Simulated) -> Any:
    """A new workbook as xlwings has it."""
    office.run("Workbooks.Add", 'ActiveSheet.Name = "表"')
    driver = importlib.import_module("xlwings._xlwindows")
    impl = driver.Book(xl=CDispatch(office.evaluate("ActiveWorkbook")))
    return importlib.import_module("xlwings").Book(impl=impl)


def edit(book: Any, values: dict[str, Any], rows: tuple[Any, ...] = (), /, **seen: str) -> None:
    edits = [{"sheet": "表", "cell": cell, "value": value} for cell, value in values.items()]
    importlib.import_module("addin.excel.editing").edit({"rows": rows, "edits": edits, "seen": seen}, book)


def column(office: Simulated, name: str, first: int, last: int) -> list[Any]:
    return [office.evaluate(f'Range("{name}{row}").Value') for row in range(first, last + 1)]


@pytest.mark.parametrize("code", ["General", "@", "0.00", "yyyy-mm-dd"])
def test_texts_stay_texts_to_the_letter(office: Simulated, book: Any, code: str) -> None:
    last = len(TEXTS)
    office.run(f'Columns(2).NumberFormat = "{code}"')
    edit(book, {f"B{row}": text for row, text in enumerate(TEXTS, 1)})
    assert column(office, "B", 1, last) == TEXTS
    assert not any(office.evaluate(f'Range("B{row}").HasFormula') for row in range(1, last + 1))


def test_numbers_and_errors_stay_what_they_are(office: Simulated, book: Any) -> None:
    edit(book, {"B1": 3.5, "B2": "#N/A", "B3": True, "B4": None})
    assert office.evaluate('IsError(Range("B2").Value)') is True
    assert [office.evaluate(f'Range("B{row}").Value') for row in (1, 3)] == [3.5, True]
    assert office.evaluate('IsEmpty(Range("B4").Value)') is True


def test_new_rows_are_blank_though_a_list_has_just_been_copied(office: Simulated, book: Any) -> None:
    office.run('Range("A1").Value = "甲"', 'Range("A2").Value = "丁"', 'Range("B1:B2").Formula = "=LEN(A1)"')
    with_list = 'With ThisWorkbook.Worksheets(1).Range("A1:A2"): .Value = "名单": .Copy: End With'
    office.run(with_list)
    edit(book, {"A2": "乙"}, ({"sheet": "表", "row": 2, "count": 2, "columns": ["B"]},))
    assert [office.evaluate(f'Range("A{row}").Value') or None for row in range(1, 5)] == ["甲", "乙", None, "丁"]
    assert column(office, "B", 1, 4) == [1, 1, 0, 1]
    office.run(with_list, "Rows(2).Insert")
    assert office.evaluate('Range("A2").Value') == "名单"


LAST = 1_048_576


def test_rows_that_excel_refuses_to_put_in_take_nobody_out(office: Simulated, book: Any) -> None:
    """Something in the last row of a sheet, to which Ctrl+Down leads, and no row can be put in."""
    people = ["甲", "乙", "丙", "丁"]
    office.run(*(f'Range("A{row}").Value = "{name}"' for row, name in enumerate(people, 1)))
    office.run(f'Range("A{LAST}").Value = "在最下面"')
    with pytest.raises(Exception, match="beyond the worksheet"):
        edit(book, {"A2": "戊"}, ({"sheet": "表", "row": 2, "count": 2, "columns": []},))
    assert column(office, "A", 1, 4) == people and column(office, "A", LAST, LAST) == ["在最下面"]
    assert office.evaluate("Application.Calculation = xlCalculationAutomatic") is True


def test_rows_that_were_put_in_are_taken_out_if_excel_refuses_the_next(office: Simulated, book: Any) -> None:
    office.run('Range("A1:A3").Value = "甲"', 'Sheets.Add(After:=ActiveSheet).Name = "满"')
    office.run(f'Range("A{LAST}").Value = "在最下面"')
    rows: list[dict[str, Any]] = [{"sheet": name, "row": 2, "count": 2, "columns": []} for name in ("表", "满")]
    with pytest.raises(Exception, match="beyond the worksheet"):
        edit(book, {}, tuple(rows))
    office.run('Sheets("表").Activate')
    assert [value or None for value in column(office, "A", 1, 5)] == ["甲", "甲", "甲", None, None]


def filtered(office: Simulated) -> None:
    rows = ", ".join(f'"{name}"' for name in ("n", "a", "b", "a", "b", "a"))
    office.run(
        f"Dim i As Long, names As Variant: names = Array({rows})",
        "For i = 1 To 6: Cells(i, 1).Value = names(i - 1): Next i",
        'Range("A1:B6").AutoFilter 1, "a"',
    )


def test_excel_gives_each_visible_block_the_first_of_the_values(office: Simulated, book: Any) -> None:
    """xlwings' issues 679 and 747: why nothing is put into a sheet that is filtered."""
    filtered(office)
    book.sheets["表"].range("B2:B6").value = [[row] for row in range(2, 7)]
    assert column(office, "B", 2, 6) != [2, 3, 4, 5, 6] and office.evaluate('Range("B6").Value') == 2


def test_a_filtered_sheet_is_refused_before_anything_is_changed(office: Simulated, book: Any) -> None:
    filtered(office)
    new_row = {"sheet": "表", "row": 6, "count": 1, "columns": []}
    with pytest.raises(UserError, match="工作表“表”正在筛选"):
        edit(book, {"B2": 1, "B3": 2}, (new_row,))
    assert office.evaluate('WorksheetFunction.CountA(Range("B1:B9"))') == 0
    office.run("ActiveSheet.ShowAllData")
    edit(book, {f"B{row}": row for row in range(2, 7)})
    assert column(office, "B", 2, 6) == [2, 3, 4, 5, 6]


def test_so_is_a_sheet_with_a_filtered_table(office: Simulated, book: Any) -> None:
    office.run('Range("A1").Value = "x"', 'ActiveSheet.ListObjects.Add 1, Range("A1:B4"), , 1')
    edit(book, {"B2": 1})
    office.state["IsTableFiltered"] = True
    try:
        with pytest.raises(UserError, match="正在筛选"):
            edit(book, {"B2": 2})
        office.run("ActiveSheet.ListObjects(1).ShowAutoFilter = False")
        edit(book, {"B3": 3})
    finally:
        del office.state["IsTableFiltered"]
    assert column(office, "B", 2, 3) == [1, 3]


def test_a_protected_sheet_is_refused_unless_only_users_are_kept_out(office: Simulated, book: Any) -> None:
    office.run('ActiveSheet.Protect "x"')
    with pytest.raises(UserError, match="工作表“表”受保护，没有改动"):
        edit(book, {"B2": 1})
    office.run('ActiveSheet.Unprotect "x"', "ActiveSheet.Protect UserInterfaceOnly:=True")
    edit(book, {"B2": 1})
    assert office.evaluate('Range("B2").Value') == 1


CHANGES: list[tuple[dict[str, Any], bool]] = [
    ({"A2": "丁"}, True),
    ({"A2": "乙", "A3": "甲"}, True),
    ({"B2": "=A2&1"}, True),
    ({"C3": 7}, False),  # inside an array formula, which gives it
    ({}, False),
]


@pytest.mark.parametrize(("change", "is_refused"), CHANGES)
def test_what_somebody_has_changed_meanwhile_is_not_written_over(
    office: Simulated,
    book: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, Any],
    is_refused: bool,
) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "表"
    for row in (("姓名", "长", "数"), ("甲", "=LEN(A2)", None), ("乙", "=LEN(A3)", None)):
        sheet.append(row)
    sheet["C2"] = ArrayFormula("C2:C3", "=ROW(A2:A3)")
    before, now = tmp_path / "before.xlsx", tmp_path / "now.xlsx"
    made.save(before)
    found = editing.seen(before, ["表"])
    for cell, value in change.items():
        sheet[cell] = value
    made.save(now)
    saving = MemberSpec(
        name="SaveCopyAs", kind="method", getter=lambda _, path: shutil.copyfile(now, path), parameters=("Filename",)
    )
    monkeypatch.setitem(Workbook._vba_members, "savecopyas", saving)
    if is_refused:
        with pytest.raises(UserError, match="宏运行时工作表“表”有人改过，没有写入"):
            edit(book, {"A2": "戊"}, **found)
    else:
        edit(book, {"A2": "戊"}, **found)
    assert (office.evaluate('Range("A2").Value') == "戊") is not is_refused
