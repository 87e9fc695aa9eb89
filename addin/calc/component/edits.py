"""The changes that a command makes in the open document."""

from __future__ import annotations

from typing import Any, Callable

import unohelper
from com.sun.star.document import XUndoAction

from addin.calc.component.environment import CommandError


def refuse_closed(document: Any, outcome: dict[str, Any]) -> None:
    """LibreOffice itself would let a program write what its user may not, and throw it away with the window. Raises CommandError."""
    if document.isReadonly():
        raise CommandError("这个工作簿是以只读方式打开的，没有改动。请另存为新文件，在新文件中运行。")
    for name in dict.fromkeys(change["sheet"] for change in (*outcome["rows"], *outcome["edits"])):
        if document.Sheets.getByName(name).isProtected():
            raise CommandError(f"工作表“{name}”受保护，没有改动。请先取消保护（“工具”菜单），再运行一次。")


class _Step(unohelper.Base, XUndoAction):
    """What is done besides when a command's changes are undone or made again."""

    def __init__(self, undo: Callable[[], None], redo: Callable[[], None]) -> None:
        self.Title, self.undo, self.redo = "", undo, redo


class _Calculation:
    """Automatic calculation rests while many changes are made, undone or made again: each of them would compute the workbook."""

    def __init__(self, document: Any) -> None:
        self._document, self._was = document, True

    def rest(self) -> None:
        self._was = self._document.isAutomaticCalculationEnabled()
        self._document.enableAutomaticCalculation(False)

    def go_on(self) -> None:
        self._document.enableAutomaticCalculation(self._was)


def edit(document: Any, label: str, outcome: dict[str, Any]) -> None:
    """All changes of the document, which are undone together; all of them or none. It is computed once, at the end."""
    undo, calculation, is_done = document.getUndoManager(), _Calculation(document), False
    document.lockControllers()  # Otherwise what is seen is drawn anew after each change.
    calculation.rest()
    undo.enterUndoContext(label)
    try:
        undo.addUndoAction(_Step(calculation.go_on, calculation.rest))
        for rows in outcome["rows"]:
            _put_rows(document.Sheets.getByName(rows["sheet"]), rows)
        for value in outcome["edits"]:
            _set(document.Sheets.getByName(value["sheet"]).getCellRangeByName(value["cell"]), value["value"])
        is_done = True
    finally:
        document.unlockControllers()
        undo.addUndoAction(_Step(calculation.rest, calculation.go_on))
        undo.leaveUndoContext()
        calculation.go_on()
        if not is_done:
            undo.undo()


def _put_rows(sheet: Any, rows: dict[str, Any]) -> None:
    """Rows put in with the formulas of the row above, or taken out; whatever reads the table goes with them."""
    first, count = rows["row"], rows["count"]
    if count < 0:
        sheet.Rows.removeByIndex(first - 1, -count)
        return
    sheet.Rows.insertByIndex(first - 1, count)
    # A filter's hidden rows would not be copied from; who is new is seen, whatever the filter leaves.
    above = sheet.Rows.getByIndex(first - 2)
    is_filtered, above.IsFiltered = above.IsFiltered, False
    new = sheet.getCellRangeByName(f"A{first}:A{first + count}").getRows()
    new.IsFiltered, new.IsVisible = False, True
    # Filling down would leave out hidden columns.
    for column in rows["columns"]:
        filled = 0
        while filled <= count:
            size = min(filled + 1, count + 1 - filled)
            source = sheet.getCellRangeByName(f"{column}{first - 1}:{column}{first + size - 2}").getRangeAddress()
            sheet.copyRange(sheet.getCellRangeByName(f"{column}{first + filled}").getCellAddress(), source)
            filled += size
    above.IsFiltered = is_filtered


def _set(cell: Any, value: Any) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        cell.setValue(float(value))
    else:
        cell.setString("" if value is None else str(value))
