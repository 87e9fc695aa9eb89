"""Binds the functions' names in a document's formulas to the add-in.

Some versions of Calc know an add-in's functions in a file by their programmatic names only; ``KAOHE_SCORE(`` then stays a name
that means nothing, while the same formula typed in is understood. Calc understands it, too, when it reads such a formula again.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import Any, Dict, Iterable, Iterator, List, Tuple

from addin.calc.component.names import is_linked, is_unbound, programmatic

_FORMULAS = 16  # com.sun.star.sheet.CellFlags.FORMULA
_NUMBER = re.compile(r"[0-9]+(?![\w(])")
_PASSING = "_kaohe_binding"
Arrays = List[Tuple[Any, str]]
"""The cells of each array formula, and its text."""

Formulas = Dict[Tuple[int, int], str]
"""Formulas that belong to one cell, by column and row."""


def bind(document: Any) -> bool:
    """Make every formula of the document know the functions; False if all of them do already.

    Undo history, selection, protection and the mark of a modified document stay as they are.
    """
    names = [name for name in _names(document) if is_unbound(name.getContent())]
    sheets = [(sheet, *_formulas(sheet)) for sheet in _sheets(document)]
    arrays = [array for _, found, _ in sheets for array in found]
    texts = (text for _, found, single in sheets for text in (*(text for _, text in found), *single.values()))
    if not names and not any(map(is_unbound, texts)):
        return False
    linked = [
        (sheet, [array for array in found if is_linked(array[1])], _linked(single)) for sheet, found, single in sheets
    ]
    with _unnoticed(document), _opened(sheet for sheet, found, single in linked if found or single):
        for name in names:
            name.setContent(programmatic(name.getContent()))
        for sheet, _, single in linked:
            for (col, row), formula in single.items():
                sheet.getCellByPosition(col, row).setFormula(programmatic(formula))
        _read_again(document)
        for block, formula in arrays:
            if not _is_bound_whole(block):
                _enter(block, formula)
        document.calculate()
    return True


def mark_unmodified(document: Any) -> None:
    """As just opened; its charts, too, say that they were modified when their cells are computed."""
    for sheet in _sheets(document):
        for place in range(sheet.Charts.getCount()):
            sheet.Charts.getByIndex(place).getEmbeddedObject().setModified(False)
    document.setModified(False)


def _sheets(document: Any) -> Iterator[Any]:
    for place in range(document.Sheets.getCount()):
        yield document.Sheets.getByIndex(place)


def _names(document: Any) -> Iterator[Any]:
    for holder in (document, *_sheets(document)):
        names = holder.NamedRanges
        for place in range(names.getCount()):
            yield names.getByIndex(place)


def _formulas(sheet: Any) -> tuple[Arrays, Formulas]:
    """The formulas of a sheet."""
    arrays: Arrays = []
    single: Formulas = {}
    ranges = sheet.queryContentCells(_FORMULAS)
    for place in range(ranges.getCount()):
        cells = ranges.getByIndex(place)
        for col in range(cells.getColumns().getCount()):
            _scan(cells.getCellRangeByPosition(col, 0, col, cells.getRows().getCount() - 1), arrays, single)
    return arrays, single


def _scan(column: Any, arrays: Arrays, single: Formulas) -> None:
    """Find a column's formulas; the text of an array formula is read once, not once for each of its thousands of cells."""
    corner = column.getRangeAddress()
    texts: Any = None
    row = corner.StartRow
    while row <= corner.EndRow:
        place = row - corner.StartRow
        text = texts[place][0] if texts else column.getCellByPosition(0, place).getFormula()
        if text.startswith("{"):
            block = _block(column.getSpreadsheet(), column.getCellByPosition(0, place))
            ends = block.getRangeAddress()
            if (ends.StartColumn, ends.StartRow) == (corner.StartColumn, row):
                arrays.append((block, text))
            row = ends.EndRow + 1
        else:
            texts = texts or column.getFormulaArray()
            single[corner.StartColumn, row] = text
            row += 1


def _linked(formulas: Formulas) -> Formulas:
    """Formulas filled down differ in their rows' numbers, which change nothing: each kind is looked at once."""
    kinds = {place: _NUMBER.sub("0", text) for place, text in formulas.items()}
    linked = {kind for kind in set(kinds.values()) if is_linked(kind)}
    return {place: formulas[place] for place, kind in kinds.items() if kind in linked}


def _block(sheet: Any, cells: Any) -> Any:
    """All cells of the array formula to which a cell belongs."""
    cursor = sheet.createCursorByRange(cells)
    cursor.collapseToCurrentArray()
    return cursor


def _is_bound_whole(block: Any) -> bool:
    """Whether reading an array formula again was enough, which takes much less time than to enter its thousands of cells."""
    first = block.getCellByPosition(0, 0)
    before, after = block.getRangeAddress(), _block(block.getSpreadsheet(), first).getRangeAddress()
    is_whole = (after.EndColumn, after.EndRow) == (before.EndColumn, before.EndRow)
    return is_whole and not is_unbound(first.getFormula())


def _enter(block: Any, formula: str) -> None:
    block.setArrayFormula(programmatic(formula[1:-1]))


def _unprotected(sheet: Any) -> bool:
    """Whether a sheet was protected and isn't any more. One with a password stays closed."""
    if not sheet.isProtected():
        return False
    try:
        sheet.unprotect("")
    except Exception:  # UNO's own kinds of exception are not known outside of the office.
        return False
    return True


@contextmanager
def _opened(sheets: Iterable[Any]) -> Iterator[None]:
    """Formulas can't be entered in protected sheets, so these are open meanwhile."""
    closed = [sheet for sheet in sheets if _unprotected(sheet)]
    try:
        yield
    finally:
        for sheet in closed:
            sheet.protect("")


def _read_again(document: Any) -> None:
    """A new database range makes Calc read again every formula with a name that it didn't know, in protected sheets too."""
    somewhere = document.Sheets.getByIndex(0).getCellByPosition(0, 0).getRangeAddress()
    ranges = document.DatabaseRanges
    ranges.addNewByName(_PASSING, somewhere)
    ranges.removeByName(_PASSING)


@contextmanager
def _unnoticed(document: Any) -> Iterator[None]:
    modified, undoing = document.isModified(), document.IsUndoEnabled
    document.IsUndoEnabled = False  # Otherwise Calc copies every block before it is entered anew.
    document.lockControllers()
    try:
        yield
    finally:
        document.unlockControllers()
        document.IsUndoEnabled = undoing
        if not modified:
            mark_unmodified(document)
