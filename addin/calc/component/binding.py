"""Binds the functions' names in a document's formulas to the add-in.

Some versions of Calc know an add-in's functions in a file by their programmatic names only; ``KAOHE_SCORE(`` then stays a name
that means nothing, while the same formula typed in is understood. Calc understands it, too, when it reads such a formula again.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Dict, Iterator, Tuple

from addin.calc.component.names import is_linked, is_unbound, programmatic

_FORMULAS = 16  # com.sun.star.sheet.CellFlags.FORMULA
_PASSING = "_kaohe_binding"
Formulas = Dict[Tuple[int, int], str]


def bind(document: Any) -> bool:
    """Make every formula of the document know the functions; False if all of them do already.

    Undo history, selection, protection and the mark of a modified document stay as they are.
    """
    names = [name for name in _names(document) if is_unbound(name.getContent())]
    sheets = [(sheet, _formulas(sheet)) for sheet in _sheets(document)]
    if not names and not any(is_unbound(formula) for _, formulas in sheets for formula in formulas.values()):
        return False
    blocks = [block for sheet, formulas in sheets for block in _blocks(sheet, formulas)]
    closed = [sheet for sheet, formulas in sheets if any(map(is_linked, formulas.values())) and _opened(sheet)]
    with _unnoticed(document):
        for name in names:
            name.setContent(programmatic(name.getContent()))
        for block, formula in blocks:
            if is_unbound(formula):
                _enter(block, formula)
        for sheet, formulas in sheets:
            _unlink(sheet, formulas)
        _read_again(document)
        for block, formula in blocks:
            if _block(block.getSpreadsheet(), block).getRangeAddress().EndRow != block.getRangeAddress().EndRow:
                _enter(block, formula)
        for sheet in closed:
            sheet.protect("")
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


def _formulas(sheet: Any) -> Formulas:
    """The formulas of a sheet by column and row."""
    found: Formulas = {}
    ranges = sheet.queryContentCells(_FORMULAS)
    for place in range(ranges.getCount()):
        cells = ranges.getByIndex(place)
        corner = cells.getRangeAddress()
        for row, line in enumerate(cells.getFormulaArray(), start=corner.StartRow):
            for col, formula in enumerate(line, start=corner.StartColumn):
                found[col, row] = formula
    return found


def _blocks(sheet: Any, formulas: Formulas) -> Iterator[tuple[Any, str]]:
    """The array formulas of a sheet, each with its cells."""
    covered: set[tuple[int, int]] = set()
    for (col, row), formula in formulas.items():
        if formula.startswith("{") and (col, row) not in covered:
            block = _block(sheet, sheet.getCellByPosition(col, row))
            covered.update(_places(block.getRangeAddress()))
            yield block, formula


def _places(address: Any) -> Iterator[tuple[int, int]]:
    rows = range(address.StartRow, address.EndRow + 1)
    return ((col, row) for col in range(address.StartColumn, address.EndColumn + 1) for row in rows)


def _block(sheet: Any, cells: Any) -> Any:
    """All cells of the array formula to which a cell belongs."""
    cursor = sheet.createCursorByRange(cells)
    cursor.collapseToCurrentArray()
    return cursor


def _enter(block: Any, formula: str) -> None:
    block.setArrayFormula(programmatic(formula[1:-1]))


def _opened(sheet: Any) -> bool:
    """Whether a sheet was protected and isn't any more: formulas can't be entered there. One with a password stays closed."""
    if not sheet.isProtected():
        return False
    try:
        sheet.unprotect("")
    except Exception:  # UNO's own kinds of exception are not known outside of the office.
        return False
    return True


def _unlink(sheet: Any, formulas: Formulas) -> None:
    """Enter anew the formulas that seek a function in another program's add-in."""
    for (col, row), text in formulas.items():
        if not text.startswith("{") and is_linked(text):
            sheet.getCellByPosition(col, row).setFormula(programmatic(text))


def _read_again(document: Any) -> None:
    """A new database range makes Calc read again every formula with a name that it didn't know, in protected sheets too."""
    somewhere = document.Sheets.getByIndex(0).getCellByPosition(0, 0).getRangeAddress()
    ranges = document.DatabaseRanges
    ranges.addNewByName(_PASSING, somewhere)
    ranges.removeByName(_PASSING)


@contextmanager
def _unnoticed(document: Any) -> Iterator[None]:
    modified = document.isModified()
    undo = document.getUndoManager()
    undo.lock()
    document.lockControllers()
    try:
        yield
    finally:
        document.unlockControllers()
        undo.unlock()
        if not modified:
            mark_unmodified(document)
