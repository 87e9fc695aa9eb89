"""Values of other workbooks that a workbook keeps, and which of them were used."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from addin.headless.context import Context, Unsupported
from addin.headless.values import MOST_CELLS, Block, RowByRow, TooLarge, Value
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

    def value(self, book: str, reference: Reference, context: Context) -> Value:
        """Cells of another workbook, as far as this one keeps their values."""
        if not context.single and reference.moves:
            raise RowByRow
        found = self._sheet(book, reference.sheet)
        if found is None:
            raise Unsupported(f"引用了其他工作簿：{book}{reference.sheet}")
        area = reference.at(context.rows[0], context.col)
        if area.rows == area.columns == 1:
            return found.get(area.top, area.left)
        bottom, right = max(area.top, min(area.bottom, found.height)), max(area.left, min(area.right, found.width))
        if (bottom - area.top + 1) * (right - area.left + 1) > MOST_CELLS:
            raise TooLarge
        columns = [found.cells(col, area.top, bottom) for col in range(area.left, right + 1)]
        return Block(columns, area, (area.bottom - bottom, area.right - right))

    def named_value(self, book: str, name: str, context: Context) -> Value:
        """The cells that a name of another workbook means."""
        meant = self._name(book, name)
        if meant is None:
            raise Unsupported(f"引用了其他工作簿：{book}")
        return self.value(book, meant, context)

    def _sheet(self, book: str, name: str) -> Sheet | None:
        known = self._book(book)
        found = known.sheets.get(name.lower()) if known is not None else None
        if known is not None and found is not None:
            self._used.add(known.name)
        return found

    def _name(self, book: str, name: str) -> Reference | None:
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
            f"公式引用了工作簿 {name}：用的是本文件中保存的值，没有打开那个工作簿" for name in sorted(self._used)
        )
