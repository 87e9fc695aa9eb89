"""An xlwings engine over openpyxl: what the add-in does through the xlwings API runs, and is seen, on any system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import xlwings
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter, range_boundaries
from xlwings import base_classes

MOST_COLUMNS = 16_384


class Engine:
    name, type = "openpyxl", "test"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def clean_value_data(data: Any, *_: Any) -> Any:
        return data

    @staticmethod
    def prepare_xl_data_element(value: Any, _: Any) -> Any:
        return value


class Apps(base_classes.Apps):
    def __init__(self) -> None:
        self.all: list[App] = []

    def __iter__(self) -> Iterator[App]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, place: Any) -> App:
        return self.all[0]

    def keys(self) -> list[int]:
        return [1 for _ in self.all]


class App(base_classes.App):
    pid, engine, calculation = 1, property(lambda self: ENGINE), "automatic"
    api, CutCopyMode = property(lambda self: self), 0

    def __init__(self) -> None:
        self._books = Books(self)

    @property
    def books(self) -> Books:
        return self._books


class Books(base_classes.Books):
    def __init__(self, app: App) -> None:
        self.app, self.all = app, list[Book]()

    def __iter__(self) -> Iterator[Book]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __call__(self, key: Any) -> Book:
        return self.all[key - 1] if isinstance(key, int) else {book.name: book for book in self.all}[key]

    @property
    def active(self) -> Book:
        return self.all[-1]

    def open(self, fullname: Any, *_: Any, **__: Any) -> Book:
        self.all.append(Book(self, openpyxl.load_workbook(fullname), str(fullname)))
        return self.all[-1]

    def add(self) -> Book:
        self.all.append(Book(self, openpyxl.Workbook(), f"Book{len(self.all) + 1}"))
        return self.all[-1]


class Book(base_classes.Book):
    def __init__(self, books: Books, workbook: Any, path: str) -> None:
        self.books, self.workbook, self.path = books, workbook, path

    api = property(lambda self: self.workbook)
    app = property(lambda self: self.books.app)
    fullname = property(lambda self: self.path)
    name = property(lambda self: Path(self.path).name)
    sheets = property(lambda self: Sheets(self))


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    def __call__(self, key: Any) -> Sheet:
        found = self.book.workbook.worksheets[key - 1] if isinstance(key, int) else self.book.workbook[key]
        return Sheet(self.book, found)

    def __len__(self) -> int:
        return len(self.book.workbook.worksheets)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, sheet) for sheet in self.book.workbook.worksheets)


class Sheet(base_classes.Sheet):
    def __init__(self, book: Book, worksheet: Any) -> None:
        self._book, self.worksheet = book, worksheet

    api = property(lambda self: self)
    FilterMode = property(lambda self: bool(self.worksheet.auto_filter.filterColumn))
    ListObjects: tuple[()] = ()
    ProtectContents = property(lambda self: self.worksheet.protection.sheet)
    ProtectionMode = False
    book = property(lambda self: self._book)
    name = property(lambda self: self.worksheet.title)

    def range(self, first: Any, last: Any = None) -> Range:
        if isinstance(first, tuple):
            return Range(self, *first, *(last or first))
        if isinstance(first, Range):
            last = last or first
            return Range(self, first.first_row, first.first_column, last.last_row, last.last_column)
        left, top, right, bottom = range_boundaries(first.replace("$", ""))
        return Range(self, top, left or 1, bottom, right or MOST_COLUMNS)


class Range(base_classes.Range):
    def __init__(self, sheet: Sheet, top: int, left: int, bottom: int, right: int) -> None:
        self._sheet, self.first_row, self.first_column = sheet, top, left
        self.last_row, self.last_column = bottom, right

    sheet = property(lambda self: self._sheet)
    api = property(lambda self: self)
    row = property(lambda self: self.first_row)
    column = property(lambda self: self.first_column)
    shape = property(lambda self: (self.last_row - self.first_row + 1, self.last_column - self.first_column + 1))
    coords = property(lambda self: (self.sheet.name, self.first_row, self.first_column, *self.shape))

    def __len__(self) -> int:
        rows, columns = self.shape
        return int(rows * columns)

    def __call__(self, row: int, column: int | None = None) -> Range:
        rows, columns = (row - 1, column - 1) if column else divmod(row - 1, self.shape[1])
        return Range(
            self._sheet,
            self.first_row + rows,
            self.first_column + columns,
            self.first_row + rows,
            self.first_column + columns,
        )

    @property
    def cells(self) -> Any:
        return self._sheet.worksheet.iter_rows(self.first_row, self.last_row, self.first_column, self.last_column)

    @property
    def raw_value(self) -> Any:
        values = [[cell.value for cell in row] for row in self.cells]
        return values[0][0] if self.shape == (1, 1) else values

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        for place, row in enumerate(self.cells):
            for offset, cell in enumerate(row):
                cell.value = value[place][offset] if isinstance(value, list | tuple) else value

    formula = property(lambda self: self.raw_value, lambda self, value: setattr(self, "raw_value", value))

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        self._sheet.worksheet.insert_rows(self.first_row, self.shape[0])

    def delete(self, shift: str | None = None) -> None:
        self._sheet.worksheet.delete_rows(self.first_row, self.shape[0])

    def FillDown(self) -> None:
        first, *others = ([cell for cell in row] for row in self.cells)
        for row in others:
            for source, cell in zip(first, row, strict=True):
                cell.value = Translator(source.value, source.coordinate).translate_formula(cell.coordinate)

    @property
    def number_format(self) -> Any:
        return next(iter(self.cells))[0].number_format

    @number_format.setter
    def number_format(self, value: str) -> None:
        for row in self.cells:
            for cell in row:
                cell.number_format = value

    @property
    def column_width(self) -> Any:
        return self._sheet.worksheet.column_dimensions[get_column_letter(self.first_column)].width

    @column_width.setter
    def column_width(self, value: float) -> None:
        self._sheet.worksheet.column_dimensions[get_column_letter(self.first_column)].width = value


ENGINE: Engine = Engine()


def open_book(path: Path) -> xlwings.Book:
    """A workbook opened in an Excel of its own."""
    if "openpyxl" not in [engine.name for engine in xlwings.engines]:
        xlwings.engines.add(xlwings.Engine(impl=ENGINE))
    xlwings.engines["openpyxl"].activate()
    ENGINE.apps.all[:] = [App()]
    return xlwings.Book(impl=ENGINE.apps.all[0].books.open(str(path)))
