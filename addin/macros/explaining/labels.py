"""What cells and blocks are called in an explanation: by heading and person, by name, by what stands beside them."""

from __future__ import annotations

import re
from decimal import Decimal

from addin.headless.inspection import Place, Several, places
from addin.macros.macro import Subject
from addin.macros.subject.looks import formats_of
from addin.macros.subject.tables import text
from addin.xlsx.model import BLANK, Area, Cell, CellError, Table, area_name, cell_name, column_name, is_number
from addin.xlsx.plainlists import NUMBER
from addin.xlsx.reader import GENERAL
from addin.xlsx.results import as_moment
from udfs.values import number_text
from workbook_templates.scheme.names import CHECK, NAME, PERSON, PERSON_KEY, SERIAL, VALUE, column_key

FEW = 8
"""Blocks of no more cells are written out."""

DECIMALS = 4
"""Of a number in an explanation; what is smaller has so many digits."""

_MADE_OF_TWO = re.compile("(?<=[\u4e00-\u9fff])_(?=[\u4e00-\u9fff])")

OWN = "本人"
"""The key of the row that is explained."""


def short(value: float) -> str:
    """A number as an explanation has it."""
    exact = Decimal(f"{value:.15g}")
    return number_text(float(round(exact, max(DECIMALS, DECIMALS - 1 - exact.adjusted()) if exact else 0)))


def said(value: Cell | Several) -> str:
    """A value in an explanation."""
    match value:
        case None | "":
            return "（空白）"
        case bool():
            return "TRUE" if value else "FALSE"
        case CellError():
            return value.value
        case int() | float():
            return short(float(value))
        case Several():
            return "…"
    return f"“{value}”"


def with_value(label: str, value: str) -> str:
    """``得分 85``, ``类别“医”``, ``加分（空白）``."""
    return label + value if value[:1] in "“（" or not label else f"{label} {value}"


def plain_name(name: str) -> str:
    """What a name says that was made of two: 等次表_系数."""
    return _MADE_OF_TWO.sub("的", name)


def plain_heading(heading: str) -> str:
    """The heading of a hidden column of keys is that of the column that it was made from."""
    return heading.removeprefix(column_key("")) or heading


class Labels:
    """The names of a workbook's cells."""

    def __init__(self, subject: Subject, private: bool = False) -> None:
        self.private = private
        self._subject = subject
        self._book = subject.book
        self._formats: dict[str, dict[tuple[int, int], str]] = {}
        tables = {**subject.book.tables, **subject.places}
        self._tables: dict[str, list[Table]] = {}
        for table in tables.values():
            self._tables.setdefault(table.sheet, []).append(table)
        names = [name for name in subject.book.names if "!" not in name and "_xlnm" not in name]
        self._names = {subject.book.named_area(name): plain_name(name) for name in names}

    def table(self, place: Place) -> Table | None:
        return next((table for table in self._tables.get(place.sheet, []) if table.holds(*place)), None)

    def heading(self, place: Place) -> str | None:
        """The heading of a table's cell."""
        table = self.table(place)
        return table.columns[place.col - table.first_col] if table else None

    def cell(self, place: Place, seen_from: Place) -> str:
        """What a cell is called by someone in the row of ``seen_from``."""
        table = self.table(place)
        if table is not None:
            return self._in_table(place, table, seen_from)
        name = self._names.get(place.area)
        return name or self._beside(place) or f"{place.sheet}!{cell_name(place.row, place.col)}"

    def _in_table(self, place: Place, table: Table, seen_from: Place) -> str:
        if table.columns[:2] == (NAME, VALUE):
            return text(self._book.value(place.sheet, place.row, table.first_col))
        heading = table.columns[place.col - table.first_col]
        if (place.sheet, place.row) == (seen_from.sheet, seen_from.row):
            return OWN if heading == PERSON_KEY else plain_heading(heading)
        return f"{titled(table.name)}“{self.key(place, table)}”的{plain_heading(heading)}"

    def key(self, place: Place, table: Table) -> str:
        """What a table's row is told apart by: its first words."""
        row = [
            (name, self._book.value(place.sheet, place.row, table.first_col + offset))
            for offset, name in enumerate(table.columns)
            if name not in (SERIAL, CHECK)
        ]
        key = next((cell for _, cell in row if isinstance(cell, str) and cell), row[0][1] if row else None)
        return text(key) or f"第 {place.row + 1} 行"

    def _beside(self, place: Place) -> str | None:
        """The nearest words on the left, or else above, as clerks label their cells."""
        for col in range(place.col - 1, max(-1, place.col - 7), -1):
            if isinstance(cell := self._book.value(place.sheet, place.row, col), str) and cell.strip():
                return cell.strip().removesuffix(":").removesuffix("：")
        for row in range(place.row - 1, max(-1, place.row - 200), -1):
            if isinstance(cell := self._book.value(place.sheet, row, place.col), str) and cell.strip():
                return cell.strip()
        return None

    def value(self, place: Place) -> str:
        """What a cell holds, a date as a date, a share as a percentage and a time of day as such where it is shown as one."""
        cell = self._book.value(*place)
        if is_number(cell) and "%" in self._code(place):
            return f"{short(cell * 100)}%"
        if isinstance(cell, float) and isinstance(shown := as_moment(cell, self._book.moment(*place)), str):
            return shown
        return said(cell)

    def _code(self, place: Place) -> str:
        """The number format of a cell."""
        table = self.table(place)
        if table is not None and table.name in self._subject.places and table.columns[:2] != (NAME, VALUE):
            return self._subject.looks[table.name][table.columns[place.col - table.first_col]].format
        if place.sheet not in self._formats:
            self._formats[place.sheet] = formats_of(self._subject.session, place.sheet)
        return self._formats[place.sheet].get((place.row, place.col), GENERAL)

    def told(self, place: Place, seen_from: Place) -> str:
        """A cell's name and what it holds; who is asked about goes without a name."""
        label = self.cell(place, seen_from)
        return OWN if label == OWN else with_value(label, self.value(place))

    def block(self, area: Area, seen_from: Place) -> str:
        """A block in a few words: the cells of a short row one by one, a column by its heading and extent."""
        if area.rows == 1 and area.columns <= FEW:
            return "、".join(self.told(place, seen_from) for place in places(area))
        if area.rows == 1 and (area.sheet, area.top) == (seen_from.sheet, seen_from.row) and self.table_of(area):
            return f"{self.headings(area)}({self.extent(area)})"
        own = own_row(area, seen_from)
        if own:
            told = "、".join(self.told(place, seen_from) for place in own[:FEW])
            # What the others have is not told one by one: an explanation may be handed to one of them.
            return f"{told}（全列 {self.extent(area, few=0)}）"
        return f"{self.column(area)}({self.extent(area)})"

    def column(self, area: Area) -> str:
        """“得分”列, “依据1”至“依据3”列, or the block's address."""
        table = self.table_of(area)
        if table is None:
            name = self._names.get(area)
            return f"“{name}”" if name else f"{area.sheet}!{address(area)}"
        return f"{titled(table.name)}{self.headings(area)}列"

    def table_of(self, area: Area) -> Table | None:
        """The table in which the whole of a block stands."""
        first, last = (self.table(Place(area.sheet, area.top, col)) for col in (area.left, area.right))
        return first if first is last else None

    def is_hidden(self, area: Area) -> bool:
        """Whether a column is hidden and not only the key of one that is seen."""
        table = self.table_of(area)
        heading = self.heading(Place(area.sheet, area.top, area.left))
        if table is None or heading is None or table.name not in self._subject.places:
            return False
        return plain_heading(heading) == heading and self._subject.looks[table.name][heading].hidden

    def headings(self, area: Area) -> str:
        """``“1月”至“12月”``."""
        ends = (self.heading(Place(area.sheet, area.top, col)) or "" for col in (area.left, area.right))
        return "至".join(f"“{plain_heading(name)}”" for name in dict.fromkeys(ends))

    def is_of_people(self, area: Area) -> bool:
        """Whether a block's rows are single people's."""
        table = self.table_of(area)
        return table is not None and any(map(names_people, table.columns))

    def extent(self, area: Area, few: int = FEW) -> str:
        """How much stands in a block: its values where they are few, else their number and range."""
        filled = [cell for place in places(area) if (cell := self._book.value(*place)) not in BLANK]
        if self.private and area.rows > 1 and self.is_of_people(area):
            return f"{len(filled)} 格"
        if len(filled) <= few:
            return "、".join(said(cell) for cell in filled) or "空白"
        numbers = [float(cell) for cell in filled if is_number(cell)]
        if not numbers:
            return f"{len(filled)} 格有内容"
        return f"{len(numbers)} 个数，{short(min(numbers))} 至 {short(max(numbers))}"


def names_people(column: str) -> bool:
    return bool(PERSON.search(column) or NUMBER.search(column))


def titled(name: str) -> str:
    """``人员表``; a table that is called one already is not called so twice."""
    return name if name.endswith("表") else f"{name}表"


def own_row(area: Area, place: Place) -> list[Place]:
    """The cells of a block of columns that stand in the row of ``place``: the own score among everybody's."""
    if area.sheet != place.sheet or area.rows == 1 or not area.top <= place.row <= area.bottom:
        return []
    return [Place(area.sheet, place.row, col) for col in range(area.left, area.right + 1)]


def address(area: Area) -> str:
    """``A1:B2``, or ``A1``; whole columns ``A:B``."""
    if area.rows > 100_000:
        return f"{column_name(area.left)}:{column_name(area.right)}"
    return area_name(area)
