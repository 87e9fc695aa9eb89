"""Values of other workbooks that a workbook keeps, and which of them were used."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from addin.xlsx.model import Sheet
from workbook_templates.formula.parser import parse
from workbook_templates.formula.references import Address, Reference, relative
from workbook_templates.formula.tokens import FormulaError

if TYPE_CHECKING:
    from addin.xlsx.external import ExternalBook

Books = Callable[[], "dict[str, ExternalBook]"]


class Externals:
    def __init__(self, read: Books) -> None:
        self._read = read
        self._books: dict[str, ExternalBook] | None = None
        self._used: set[str] = set()

    def _book(self, book: str) -> ExternalBook | None:
        if self._books is None:
            self._books = self._read()
        return self._books.get(book)

    def sheet(self, book: str, name: str) -> Sheet | None:
        """What is kept of a sheet; None if nothing is."""
        known = self._book(book)
        found = known.sheets.get(name.lower()) if known is not None else None
        if known is not None and found is not None:
            self._used.add(known.name)
        return found

    def name(self, book: str, name: str) -> Reference | None:
        """The cells that a name of another workbook means; None if that is not kept."""
        known = self._book(book)
        text = known.names.get(name.lower()) if known is not None else None
        if not text:
            return None
        try:
            tree = parse(text)
        except FormulaError:
            return None
        return relative(tree, tree.scope.sheet, 0, 0) if isinstance(tree, Address) and tree.scope.sheet else None

    def notes(self) -> tuple[str, ...]:
        """What to tell of the values that were used."""
        return tuple(
            f"公式引用了工作簿 {name}:用的是本文件中保存的值，没有打开那个工作簿" for name in sorted(self._used)
        )
