"""Cells that functions compare and nobody can tell apart: a group that counts as two, a record that belongs to nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from addin.checking.calls import Family, compared, listed
from addin.checking.fault import Fault
from addin.checking.tables import AS_PERSON, checked, own_lists
from addin.headless.skeleton import Skeleton
from addin.xlsx.book import Book
from addin.xlsx.model import BLANK, Area, Cell, Sheet, Table, cell_name
from udfs.spelling import as_seen, is_doubtful, is_nobody
from udfs.values import number_text
from workbook_templates.scheme.names import NAME, PARAMETERS, STAFF_NUMBER

UNSEEN, ZEROS, AS_TEXT = "只差空格、标点、全角半角或大小写", "只差前面的 0", "一个是数字、一个是文本"
ALIKE = "看起来一样，写法不同，会当作两组；请写成一样"
"""Of groups that a function is given; where each stands is told by itself."""
NO_PERSON = "不是人，不能一起计算；请缩短公式的区域，或移到别处"
"""Of lines of figures among the people that a function is given; likewise."""
AS_TWO = "，会当作两个；请写成一样"
OF_PERSON = "；同一人请写成一样，重复的行请删去，不同的人请填工号"


class Spot(NamedTuple):
    sheet: str
    row: int
    col: int


def spelling_faults(book: Book, skeleton: Skeleton) -> list[Fault]:
    """Each spelling that is not the usual one, where it stands first."""
    spellings = _Spellings(book, skeleton)
    return list(spellings.faults(spellings.compared()))


def spelling_doubts(book: Book, skeleton: Skeleton) -> list[Fault]:
    """The same of a clerk's own cells that no function of ours reads: formulas of his compare them with words."""
    spellings = _Spellings(book, skeleton)
    return list(spellings.faults(spellings.own()))


def list_faults(book: Book, skeleton: Skeleton) -> Iterator[Fault]:
    """Totals among the people that functions are given in a clerk's own lists."""
    lists = list(own_lists(book))
    for area in skeleton.once(listed) if lists else ():
        sheet = book.workbook.sheets[area.sheet]
        for table, name in lists:
            if table.sheet != area.sheet:
                continue
            col = table.column(name)
            rows = range(max(area.top, table.first_row), min(area.bottom, table.last_row) + 1)
            for row, value in zip(rows, sheet.cells(col, rows.start, rows.stop - 1), strict=True):
                if is_nobody(value) and sheet.get(row, area.left) not in BLANK:
                    yield Fault(area.sheet, cell_name(row, col), value, AS_PERSON.format(name))


class _Read:
    """What stands in an area, column by column, as far as it can be compared."""

    def __init__(self, area: Area, sheet: Sheet) -> None:
        self.area = area
        self.rows = range(area.top, min(area.bottom + 1, sheet.height))
        columns = range(area.left, min(area.right + 1, sheet.width))
        each = [sheet.cells(col, area.top, self.rows.stop - 1) for col in columns] if self.rows else []
        self.cells: list[Cell] = list(chain.from_iterable(each))
        kinds = set(map(type, self.cells))
        texts = {cell for cell in self.cells if isinstance(cell, str)} if str in kinds else set()
        self.has_texts, self.has_numbers = not texts <= {""}, not kinds.isdisjoint((int, float))
        self.is_doubtful = is_doubtful(texts)

    def spots(self, wanted: set[Cell]) -> Iterator[tuple[Spot, Cell]]:
        for place, cell in enumerate(self.cells):
            if _is_name(cell) and cell in wanted:
                col, row = divmod(place, len(self.rows))
                yield Spot(self.area.sheet, self.rows[row], self.area.left + col), cell


class _Spellings:
    def __init__(self, book: Book, skeleton: Skeleton) -> None:
        self._book, self._skeleton = book, skeleton
        self._persons = {area: table for area, table in _persons(book)}
        self._known: dict[Area, _Read] = {}

    def compared(self) -> list[Family]:
        persons = [Family(frozenset([area])) for area in self._persons]
        return [*persons, *(family for family in self._skeleton.once(compared) if not self._is_own(family))]

    def own(self) -> list[Family]:
        return [family for family in self._skeleton.once(compared) if self._is_own(family)]

    def _is_own(self, family: Family) -> bool:
        """Whether it has nothing to do with tables of ours."""
        homes = {each.table.sheet for each in checked(self._book)}
        return family.is_by_sign and homes.isdisjoint(area.sheet for area in family.areas)

    def faults(self, families: list[Family]) -> Iterator[Fault]:
        told: set[frozenset[Spot | None]] = set()
        for family in dict.fromkeys(families):
            reads = [self._read(area) for area in family.areas]
            for alike in _alike(reads, family.words):
                if family.is_by_sign and not alike & family.words:
                    continue
                for cell, spot, usual, usual_spot in self._odd(reads, family.words, alike):
                    if family.is_by_sign and _text(cell).casefold() == _text(usual).casefold():
                        continue
                    if (pair := frozenset([spot, usual_spot])) not in told:
                        told.add(pair)
                        yield self._fault(cell, spot, usual, usual_spot)

    def _read(self, area: Area) -> _Read:
        if area not in self._known:
            self._known[area] = _Read(area, self._book.workbook.sheets[area.sheet])
        return self._known[area]

    def _odd(
        self, reads: list[_Read], words: frozenset[str], alike: set[Cell]
    ) -> Iterator[tuple[Cell, Spot, Cell, Spot | None]]:
        """Of cells that look the same those that are not as most are, each with one that is."""
        spots: dict[Cell, dict[Spot, None]] = {}
        order = self._book.sheets.index
        for read in sorted(reads, key=lambda read: (order(read.area.sheet), read.area.left, read.area.top)):
            for spot, cell in read.spots(alike):
                spots.setdefault(cell, {})[self._entered(spot, cell)] = None
        usual = next(iter(alike & words), None) or max(spots, key=lambda cell: len(spots[cell]))
        as_usual = spots.pop(usual, {})
        for cell, own in spots.items():
            if not self._are_two(own, as_usual):
                yield cell, next(iter(own)), usual, next(iter(as_usual), None)

    def _entered(self, spot: Spot, cell: Cell) -> Spot:
        """Where a clerk wrote it, if a formula of the row only repeats it."""
        if self._book.is_computed(*spot) and (table := self._table(spot)) is not None:
            for col in range(table.first_col, table.last_col + 1):
                here = Spot(spot.sheet, spot.row, col)
                value = self._book.value(*here)
                if _is_name(value) and _text(value) == _text(cell) and not self._book.is_computed(*here):
                    return here
        return spot

    def _table(self, spot: Spot) -> Table | None:
        return next((table for table in self._book.places.values() if table.holds(*spot)), None)

    def _heading(self, spot: Spot) -> str:
        """What stands above a cell, or, of a parameter, beside it."""
        if (table := self._table(spot)) is not None:
            return f"{table.columns[spot.col - table.first_col]}："
        parameters = self._book.is_list(PARAMETERS) and self._book.tables[PARAMETERS].holds(*spot)
        return f"{self._book.cell(self._book.tables[PARAMETERS], spot.row, NAME)}：" if parameters else ""

    def _are_two(self, spots: Iterable[Spot], others: Iterable[Spot]) -> bool:
        """Whether they are different people, as their numbers say."""
        numbers = [{number for spot in each if (number := self._number(spot)) not in BLANK} for each in (spots, others)]
        return bool(numbers[0] and numbers[1]) and numbers[0].isdisjoint(numbers[1])

    def _number(self, spot: Spot) -> Cell:
        """What tells somebody from others of that name."""
        for area, table in self._persons.items():
            if STAFF_NUMBER in table.columns and (area.sheet, area.left) == (spot.sheet, spot.col):
                number = self._book.cell(table, spot.row, STAFF_NUMBER)
                return number if number in BLANK else as_seen(number)
        return None

    def _fault(self, cell: Cell, spot: Spot, usual: Cell, usual_spot: Spot | None) -> Fault:
        heading = self._heading(spot)
        where = "公式中"
        if usual_spot is not None:
            where = f" {usual_spot.sheet}!{cell_name(usual_spot.row, usual_spot.col)} "
            if usual_spot.sheet == spot.sheet:
                where = f"第 {usual_spot.row + 1} 行"
        is_person = any((area.sheet, area.left) == (spot.sheet, spot.col) for area in self._persons)
        told = _difference(cell, usual) + (OF_PERSON if is_person else AS_TWO)
        return Fault(spot.sheet, cell_name(spot.row, spot.col), cell, f"{heading}与{where}的“{_text(usual)}”{told}")


def _persons(book: Book) -> Iterator[tuple[Area, Table]]:
    """The columns with people's names in tables with checks."""
    for each in checked(book):
        if each.person is not None:
            col = each.table.column(each.person)
            yield Area(each.table.sheet, each.table.first_row, col, each.table.last_row, col), each.table


def _alike(reads: list[_Read], words: frozenset[str]) -> list[set[Cell]]:
    """The cells that look the same and are not."""
    if not any(read.has_texts for read in reads):
        return []
    if not (is_doubtful(words) or any(read.is_doubtful or read.has_numbers for read in reads)):
        return []
    found: dict[str, set[Cell]] = {}
    for cell in set[Cell](words).union(*(read.cells for read in reads)):
        if _is_name(cell):
            found.setdefault(as_seen(cell), set()).add(cell)
    return [alike for alike in found.values() if len(alike) > 1]


def _is_name(cell: Cell) -> bool:
    return cell not in BLANK and isinstance(cell, (str, int, float)) and not isinstance(cell, bool)


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else number_text(float(cell))  # type: ignore[arg-type]


def _difference(cell: Cell, usual: Cell) -> str:
    if isinstance(cell, str) != isinstance(usual, str):
        return AS_TEXT
    return ZEROS if len({_text(each).lstrip("0") for each in (cell, usual)}) == 1 else UNSEEN
