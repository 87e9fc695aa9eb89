"""The cells whose formulas were overwritten or deleted, so that a cell that reads them is not computed."""

from __future__ import annotations

from collections.abc import Iterator

from addin.headless.inspection import CellFormulas, Place
from addin.headless.tree import Apply, Cells, Named, Node
from addin.shared.texts import shown
from addin.xlsx.book import Book
from addin.xlsx.model import BLANK, Area, cell_name
from udfs.vocabulary import GOOD
from workbook_templates.formula.tree import walk
from workbook_templates.scheme.names import SERIAL, formulas_state


def is_of_formulas(condition: Node) -> bool:
    """Whether a condition of a scheme's formula asks only whether what it reads is computed."""
    match condition:
        case Apply("ISFORMULA", _):
            return True
        case Apply("=", (Named(name), _)):
            return name.startswith(formulas_state(""))
        case Apply("*", parts):
            return all(map(is_of_formulas, parts))
    return False


def overwritten(book: Book, formulas: CellFormulas, tree: Node, place: Place) -> list[str]:
    """What is said of each cell that this formula waits for."""
    match tree:
        case Apply("IF", (condition, *_)) if is_of_formulas(condition):
            return list(dict.fromkeys(_told(book, formulas, condition, place, place.sheet, set())))
    return []


def _told(book: Book, formulas: CellFormulas, tree: Node, place: Place, sheet: str, seen: set[str]) -> Iterator[str]:
    for node in walk(tree):
        match node:
            case Apply("ISFORMULA", (Cells(reference),)):
                area = formulas.area(reference, place)
                yield from _of_area(book, formulas, area, sheet) if area is not None else ()
            case Named(name) if name.startswith(formulas_state("")) and name not in seen:
                seen.add(name)
                meant = formulas.name(name, place.sheet)
                area = formulas.area(meant.reference, place) if isinstance(meant, Cells) else None
                at = Place(area.sheet, area.top, area.left) if area is not None else place
                state = formulas.tree(at)
                if state is not None and formulas.cell(at) != GOOD:
                    yield from _told(book, formulas, state, at, sheet, seen)


def _of_area(book: Book, formulas: CellFormulas, area: Area, sheet: str) -> Iterator[str]:
    tables = [table for table in book.tables.values() if table.holds(area.sheet, area.top, area.left)]
    for row in range(area.top, area.bottom + 1):
        if not formulas.is_formula(Place(area.sheet, row, area.left)):
            value = book.value(area.sheet, row, area.left)
            if value in BLANK and any(book.cell(table, row, SERIAL) in BLANK for table in tables):
                continue  # A row of nobody.
            heading = next((table.columns[area.left - table.first_col] for table in tables), "")
            cell = cell_name(row, area.left)
            where = cell if area.sheet == sheet else f"{area.sheet}!{cell}"
            yield f"{heading}（{where}）不是公式，" + ("被清除" if value in BLANK else f"被改写为 {shown(value)}")
