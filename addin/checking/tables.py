"""Whether a table is whole: nothing beside it that no formula reads, every filled row with its formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from operator import not_
from typing import NamedTuple

from addin.checking.fault import Fault
from addin.xlsx.book import Book
from addin.xlsx.model import BLANK, Cell, Sheet, Table, cell_name
from addin.xlsx.plainlists import person_column
from udfs.checks import WHOSE
from udfs.spelling import is_nobody, is_total, is_unseen
from udfs.vocabulary import GOOD
from workbook_templates.scheme.names import (
    CHECK,
    HAS_FORMULAS,
    SERIAL,
    SHIFTED,
    STAFF_NUMBER,
    TYPES,
    headings_name,
    rules_name,
)
from workbook_templates.scheme.sentences import OUT_OF_STEP

BELOW = "在表 {} 下面，不在表中，没有计算；请用“加行”收进表内，或删除"
REMARK_BELOW = "是合计或说明，写在了表 {} 的下面，会被当作没有收进表内的行；请移到表的右边或自己的工作表，或删除"
NO_FORMULAS = "这一行没有公式，没有计算；请从上一行向下填充公式"
OVERWRITTEN = "公式被改写成了固定内容，请从同列其他行复制公式"
AS_PERSON = "{}：合计、平均、满分、说明写在了表内，会算作一个人；请删去这一行，写在“汇总”表或另外的工作表"
REPEATED = "{}：整行与第 {} 行相同，同一人会算两次；请删去一行，确是两个人的请填工号"
SAME_NAME = "{}：与第 {} 行同名，工号也不能分辨，会算作两个人；是同一人的请删去一行，确是两个人的请填不同的工号"
NAMELESS = "{}：空白，这一行却算作了一个人；请填姓名，或删去这一行"
SAME_NUMBER = "{}：与第 {} 行相同，工号应各人不同；同一人的请删去一行"
INSERTED = (
    "列“{}”插在填写列之间，这个工作簿按位置检查填写列，整表不能计算；请用 kaohe upgrade 改正，或把这一列移到表的右边"
)
DATED = "{}：填的是日期，这一列应填数；请改填数，格式改为“常规”"
DATES = range(32874, 73416)
"""The numbers of the days from 1990 to 2099."""


class Rule(NamedTuple):
    type: str
    high: Cell

    @property
    def is_of_numbers(self) -> bool:
        return self.type in (TYPES["number"], TYPES["whole"])


@dataclass(frozen=True)
class Checked:
    """A table that has a column 校验, and what its columns are for."""

    book: Book
    table: Table

    @property
    def sheet(self) -> Sheet:
        return self.book.workbook.sheets[self.table.sheet]

    @cached_property
    def computed(self) -> dict[str, set[int]]:
        """The columns that the workbook computes, each with the rows in which no formula stands.

        These are 序号, and from 校验 on the columns with formulas in at least half of the rows; others are a clerk's own notes.
        """
        found = {}
        check = self.table.columns.index(CHECK)
        for offset, name in enumerate(self.table.columns):
            if name != SERIAL and offset < check:
                continue
            bare = self._without_formula(self.table.first_col + offset)
            if 2 * len(bare) <= len(self.table.rows):
                found[name] = bare
        return found

    def _without_formula(self, col: int) -> set[int]:
        """The rows in which no formula stands or reaches."""
        present = self.sheet.formulas.present(col, self.table.first_row, self.table.last_row)
        found = set(compress(self.table.rows, map(not_, present))) if not all(present) else set[int]()
        for area in self.sheet.arrays.values() if found else ():
            if area.left <= col <= area.right:
                found.difference_update(
                    range(max(area.top, self.table.rows.start), min(area.bottom + 1, self.table.rows.stop))
                )
        return found

    @cached_property
    def rules(self) -> dict[str, Rule] | None:
        """What the sheet 填写规则 says of the columns; None where there is nothing."""
        area = self.book.named_area(rules_name(self.table.name))
        if area is None:
            return None
        lines = (
            [self.book.value(area.sheet, row, area.left + place) for place in (0, 1, 4)]
            for row in range(area.top, area.bottom + 1)
        )
        return {str(name): Rule(str(kind), high) for name, kind, high in lines}

    @property
    def inputs(self) -> list[str]:
        """The columns that a clerk fills in, his own among them included."""
        names = self.table.columns[: self.table.columns.index(CHECK)]
        return [name for name in names if name != SERIAL and name not in self.computed]

    @property
    def person(self) -> str | None:
        """The column with people's names, if it is one to be filled in."""
        columns = self.table.columns
        name = person_column(columns)
        return name if name in columns[: columns.index(CHECK)] else None

    def entry(self, row: int) -> dict[str, Cell]:
        """What is filled in there."""
        return self.book.filled_in(self.table, row, self.inputs)

    def is_filled(self, row: int) -> bool:
        return any(self.sheet.get(row, self.table.column(name)) not in BLANK for name in self.inputs)

    @cached_property
    def bare_rows(self) -> list[int]:
        """The rows in which something is filled in and no formula stands."""
        if not self.computed:
            return []
        return [row for row in sorted(set.intersection(*self.computed.values())) if self.is_filled(row)]


def checked(book: Book) -> list[Checked]:
    """The tables whose rows say what is wrong with them."""
    return [
        Checked(book, table)
        for table in book.tables.values()
        if CHECK in table.columns and not book.is_list(table.name)
    ]


def own_lists(book: Book) -> Iterator[tuple[Table, str]]:
    """A clerk's own lists of people, each with the column of their names."""
    for table in book.places.values():
        name = person_column(table.columns)
        if name is not None and CHECK not in table.columns:
            yield table, name


def table_faults(book: Book) -> list[Fault]:
    """What is wrong with the tables, each cause once."""
    found: list[Fault] = []
    for each in checked(book):
        found += [*_below(each), *_inserted(each), *_shifted(each), *_bare(each), *_overwritten(each), *_repeated(each)]
        found += [*_unnamed(each), *_totalled(each), *_dated(each)]
    return found


def spans(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of rows that stand together."""
    first = last = -2
    for row in rows:
        if row != last + 1:
            if last >= 0:
                yield first, last
            first = row
        last = row
    if last >= 0:
        yield first, last


def _first_filled(each: Checked, row: int) -> int:
    columns = [each.table.column(name) for name in each.inputs]
    return next((col for col in columns if each.sheet.get(row, col) not in BLANK), columns[0] if columns else 0)


def fault_at(each: Checked, row: int, col: int, rule: str) -> Fault:
    return Fault(each.table.sheet, cell_name(row, col), each.sheet.get(row, col), rule)


def rows_told(first: int, last: int) -> str:
    return f"第 {first + 1} 行" if first == last else f"第 {first + 1} 至 {last + 1} 行"


def _below(each: Checked) -> Iterator[Fault]:
    """Filled cells under the inputs; where other tables stand on the sheet, only down to the first blank row, or to their titles."""
    table, sheet = each.table, each.sheet
    others = [other for other in each.book.tables.values() if other.sheet == table.sheet and other.name != table.name]
    end = min([sheet.height, *(other.first_row - 2 for other in others if other.first_row > table.last_row)])
    start = table.last_row + 1 + table.totals
    columns = [each.table.column(name) for name in each.inputs]
    stray = sorted({row for col in columns for row in filled(sheet, col, start, end)})
    if others:
        stray = [row for place, row in enumerate(stray) if row == start + place]
    remarks = {row for row in stray if is_remark(each.entry(row), each.person)}
    for rule, rows in ((BELOW, [row for row in stray if row not in remarks]), (REMARK_BELOW, sorted(remarks))):
        for first, last in spans(rows):
            told = f"{rows_told(first, last)}{rule.format(table.name)}"
            yield fault_at(each, first, _first_filled(each, first), told)


def is_remark(entry: Mapping[str, Cell], person: str | None) -> bool:
    """Whether a row below a table is nobody's: a total, a note, a line to be signed; ``person``: the column of names."""
    if any(is_total(cell) for cell in entry.values()):
        return True
    if person is not None and person in entry:
        return is_nobody(entry[person])
    return bool(entry) and all(is_nobody(cell) for cell in entry.values())


def filled(sheet: Sheet, col: int, start: int, end: int) -> Iterator[int]:
    """The rows from ``start`` to before ``end`` in which a cell of the column is not blank."""
    column = sheet.columns.get(col, [])
    yield from (row for row in range(start, min(end, len(column))) if column[row] not in BLANK)
    yield from (row for row, value in sheet.far.get(col, {}).items() if start <= row < end and value not in BLANK)


def _bare(each: Checked) -> Iterator[Fault]:
    for first, last in spans(each.bare_rows):
        where = "" if first == last else f"{rows_told(first, last)}:"
        yield fault_at(each, first, _first_filled(each, first), f"{where}{NO_FORMULAS}")


def _overwritten(each: Checked) -> Iterator[Fault]:
    """Cells of computed columns that hold something else: data validation doesn't stop pasting over them."""
    bare = set(each.bare_rows)
    for name, rows in each.computed.items():
        col = each.table.column(name)
        for row in sorted(rows - bare):
            if each.is_filled(row) or each.sheet.get(row, col) not in BLANK:
                yield fault_at(each, row, col, f"{name}：{OVERWRITTEN}")


def _repeated(each: Checked) -> Iterator[Fault]:
    """Somebody entered twice, whom functions take for two: rows that differ in nothing, in tables of people those of one name."""
    name = each.person
    if name is None or STAFF_NUMBER not in each.inputs:
        return
    # Other tables have several rows of one person, and tables with keys tell of names in their rows.
    telling = [STAFF_NUMBER] if HAS_FORMULAS in each.table.columns else each.inputs
    col, seen = each.table.column(name), dict[str, list[int]]()
    for row in each.table.rows:
        value = each.sheet.get(row, col)
        if not isinstance(value, str) or not value:
            continue
        earlier = seen.setdefault(value, [])
        if (at := next((at for at in earlier if _is_repeated(each, telling, at, row)), None)) is not None:
            rule = REPEATED if _are_equal(each, each.inputs, at, row) else SAME_NAME
            yield fault_at(each, row, col, rule.format(name, at + 1))
        else:
            earlier.append(row)


def _unnamed(each: Checked) -> Iterator[Fault]:
    """Rows of people by which nobody is known, or two with one number, where their own checks don't say so."""
    name = each.person
    if name is None or STAFF_NUMBER not in each.inputs or HAS_FORMULAS not in each.table.columns:
        return
    seen: dict[Cell, int] = {}
    for row in each.table.rows:
        if each.sheet.get(row, each.table.column(CHECK)) != GOOD:
            continue
        number, person = (each.sheet.get(row, each.table.column(column)) for column in (STAFF_NUMBER, name))
        if number in BLANK:
            if is_unseen(person):
                yield fault_at(each, row, each.table.column(name), NAMELESS.format(name))
            continue
        earlier = seen.setdefault(number, row)
        # Of one name and number they are told already.
        if earlier != row and each.sheet.get(earlier, each.table.column(name)) != person:
            yield fault_at(each, row, each.table.column(STAFF_NUMBER), SAME_NUMBER.format(STAFF_NUMBER, earlier + 1))


def _totalled(each: Checked) -> Iterator[Fault]:
    """Totals and notes written into a table of people: they would be ranked and paid as somebody."""
    # The rows' own check tells it where the column is called so.
    if (name := each.person) is None or name in WHOSE:
        return
    col = each.table.column(name)
    for row in each.table.rows:
        if is_nobody(each.sheet.get(row, col)):
            yield fault_at(each, row, col, AS_PERSON.format(name))


def _is_repeated(each: Checked, telling: list[str], row: int, other: int) -> bool:
    """Whether nothing tells two rows apart, and their own checks don't say so."""
    return _are_equal(each, telling, row, other) and each.sheet.get(other, each.table.column(CHECK)) == GOOD


def _are_equal(each: Checked, names: list[str], row: int, other: int) -> bool:
    return all(
        each.sheet.get(row, each.table.column(name)) == each.sheet.get(other, each.table.column(name)) for name in names
    )


def _inserted(each: Checked) -> Iterator[Fault]:
    """Columns among the inputs of a workbook that checks its rows by position."""
    names, table, ruled = each.book.names, each.table, each.rules
    if ruled is None or headings_name(table.name).lower() in names:
        return
    places = [table.columns.index(name) for name in ruled if name in table.columns]
    for name in table.columns[min(places, default=0) : max(places, default=0)]:
        if name not in ruled:
            yield fault_at(each, table.first_row - 1, each.table.column(name), INSERTED.format(name))


def _shifted(each: Checked) -> Iterator[Fault]:
    """Columns of which single cells were deleted or inserted, as the workbook itself knows."""
    told, of = each.book.named_area(SHIFTED), each.book.value
    if told is None:
        return
    for row in range(told.top, told.bottom + 1):
        names = of(told.sheet, row, told.left) if each.book.is_formula(told.sheet, row, told.left) else ""
        if of(told.sheet, row, 0) == each.table.name and isinstance(names, str) and names:
            first = names.partition("、")[0]
            col = each.table.column(first if first in each.table.columns else CHECK)
            yield fault_at(each, each.table.first_row - 1, col, f"列“{names}”{OUT_OF_STEP}")


def is_day(value: Cell) -> bool:
    return isinstance(value, int | float) and int(value) in DATES


def _dated(each: Checked) -> Iterator[Fault]:
    """Dates in columns of numbers, as spreadsheets make them of 11-26: within no bounds but an upper one, a large number is a number."""
    dates, rules = each.sheet.dates, each.rules
    if rules is None or not len(dates):
        return
    check, (first, last) = each.table.column(CHECK), (each.table.first_row, each.table.last_row)
    for name in each.inputs:
        if name not in rules or not rules[name].is_of_numbers:
            continue
        col = each.table.column(name)
        for row in compress(each.table.rows, dates.present(col, first, last)):
            value = each.sheet.get(row, col)
            if is_day(value) and each.sheet.get(row, check) == GOOD:
                yield fault_at(each, row, col, DATED.format(name))
