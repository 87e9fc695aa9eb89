"""What may be meant as it stands, and mostly isn't: no error, but somebody should look at it once more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from statistics import median

from addin.checking.calls import credited, listed, summed
from addin.checking.carried import carried, is_made, refusal, scheme_of
from addin.checking.displayed import displayed_doubts
from addin.checking.fault import Fault
from addin.checking.spellings import spelling_doubts
from addin.checking.tables import Checked, checked, fault_at, is_day, own_lists, rows_told, spans
from addin.headless.session import Session
from addin.headless.subtotals import hidden_rows
from addin.shared.texts import shown
from addin.xlsx.book import Book
from addin.xlsx.model import BLANK, Area, Cell, Table, cell_name, is_number
from udfs.spelling import is_nobody
from udfs.vocabulary import GOOD
from workbook_templates.formula.moving import calls_any
from workbook_templates.formula.resolving import Cells, Resolved
from workbook_templates.scheme.names import (
    BOARD,
    CHECK,
    HAS_FORMULAS,
    HELP,
    PARAMETERS,
    PERSON,
    PERSON_KEY,
    PURPOSE,
    PURPOSE_ROW,
    STAFF_NUMBER,
    TYPES,
    VALUE,
)
from workbook_templates.workbook.sheets.carried import SHEET

FAR, FEW = 50, 4
"""So many times as large as the middle one of at least so many numbers, or as small, is odd."""
MOST_TOLD = 5
"""Rows that are told of by their numbers."""
UNLIKELY = 10
"""So far from the middle one a number is odd that reads as a date or a time."""

ANOTHER_SCHEME = "工作簿中的方案这一版读不了，是按同名的方案文件核对的：{}"
WITHOUT_SCHEME = "工作簿带的方案（隐藏的工作表 {}）被删去了，是按现在的同名方案核对的；请撤销，或用 kaohe upgrade 重建"
WITHOUT_BOARD = "“{}”被删去了，图和前五名、后五名不再有；不是有意的请撤销，或用 kaohe upgrade 重建"
WITHOUT_HELP = "“{}”被删去了，填写顺序、依据和约定不再有；不是有意的请撤销，或用 kaohe upgrade 重建"
COPY_OF = "这一页是“{0}”的副本，公式读的是“{0}”，改这里没有用；不用的请删去"
LARGE = "{}：是同列中位数 {} 的 {} 倍，请看一看单位和小数点"
SMALL = "{}：同列的中位数是 {}，这一格不到它的 {} 分之一，请看一看单位和小数点，以及是不是填成了百分比"
DAY = "{}：{} 像是日期（10-11 会变成日期），请看一看"
TIME = "{}：{} 像是时间（9:30 会变成时间），请看一看"
PERCENT = "{}：整列都不大于 1，上限是 {}，请看一看是不是填成了百分比"
UNLIKE = "{}：方案起初是 {}，现在差 {} 倍以上，请看一看单位、小数点和百分号"
HIDDEN = "{}：隐藏着，照样参加计算；不要的行请删去"
NUMBERED = "{}：是数字，请看一看是不是把数填进了这一列"
TWICE = "{}所填的与前面的行完全相同，请看一看是不是记了两次、粘贴了两次"
OTHER_ROW = "公式 {} 读的是本表另一行的格，排序、删行以后读的就是别人的；定下来的数请改填数值"
CHANGING = "公式 {} 的结果隔天或每次计算都会变；定下来的数请改填数值"
OUTSIDE = "{}在公式的名单（到第 {} 行为止）以外，没有参加计算；要参加的请把公式的区域延长"
UNCLAIMED = "“{}”{}不是按键汇总的任何一个，没有算进谁的合计"
AS_TEXT = "是文本“{}”，看上去是数字，{} 不会算它；请改成数字"
_OF_PEOPLE = frozenset({PERSON_KEY, HAS_FORMULAS})
"""Columns of tables of people: in others numbers of all sizes stand in one column."""
_WRITTEN = re.compile(r"[-+]?[¥$]?\d[\d,]*(\.\d*)?\s*[%分元天次人]?")
_CHANGING = frozenset({"TODAY", "NOW", "RAND", "RANDBETWEEN", "RANDARRAY"})


def doubts(session: Session) -> list[Fault]:
    book = session.book
    found = [
        *_of_another_scheme(session),
        *_removed(session),
        *_copied_parameters(book),
        *_hidden(session),
        *_parameters(book),
        *_outside(session),
        *_unclaimed(session),
        *_texts(session),
        *spelling_doubts(book, session.skeleton),
        *displayed_doubts(book),
    ]
    for each in checked(book):
        found += [*_numbered(each), *_twice(each), *_sizes(each), *_changing(each), *_of_other_rows(session, each)]
    return found


def _of_another_scheme(session: Session) -> Iterator[Fault]:
    if (reason := refusal(session.book)) and scheme_of(session.book, session.package) is not None:
        yield Fault(SHEET, "B1", session.book.value(SHEET, 0, 1), ANOTHER_SCHEME.format(reason))


def _removed(session: Session) -> Iterator[Fault]:
    """Sheets that no result comes from, so that nothing else misses them."""
    book = session.book
    scheme = scheme_of(book, session.package) if is_made(book) else None
    if scheme is None:
        return
    first = book.sheets[0]
    if SHEET not in book.sheets:
        yield Fault(first, "A1", SHEET, WITHOUT_SCHEME.format(SHEET))
    if not any(str(book.value(name, 0, 0)).endswith(f" {BOARD}") for name in book.sheets):
        from workbook_templates.scheme.roles import roles

        if any(roles(scheme)):
            yield Fault(first, "A1", BOARD, WITHOUT_BOARD.format(BOARD))
    if all(book.value(name, PURPOSE_ROW, 0) != PURPOSE for name in book.sheets):
        yield Fault(first, "A1", HELP, WITHOUT_HELP.format(HELP))


def _copied_parameters(book: Book) -> Iterator[Fault]:
    """Copies of the sheet of parameters: whoever changes one changes nothing."""
    home = book.home(PARAMETERS)
    title = book.value(home, 0, 0) if carried(book) and home in book.sheets else None
    for name in book.sheets if title not in BLANK else ():
        if name != home and book.value(name, 0, 0) == title:
            yield Fault(name, "A1", title, COPY_OF.format(home))


def _numbered(each: Checked) -> Iterator[Fault]:
    """Numbers in the place of names, as they come when cells of another sheet, or of several at once, are filled in."""
    if each.person is not None and PERSON.search(each.person):
        col = each.table.column(each.person)
        for row in each.table.rows:
            if is_number(each.sheet.get(row, col)):
                yield fault_at(each, row, col, NUMBERED.format(each.person))


def _twice(each: Checked) -> Iterator[Fault]:
    """Records of people that are the same as another, as where the copies of two clerks were put together."""
    if each.person is None or STAFF_NUMBER in each.inputs:
        return
    columns = [
        each.sheet.cells(each.table.column(name), each.table.first_row, each.table.last_row) for name in each.inputs
    ]
    seen: set[tuple[Cell, ...]] = set()
    rows = []
    for row, cells in zip(each.table.rows, zip(*columns, strict=True), strict=True):
        if cells in seen and each.sheet.get(row, each.table.column(CHECK)) == GOOD:
            rows.append(row)
        seen.add(cells)
    if rows:
        told = "、".join(str(row + 1) for row in rows[:MOST_TOLD]) + ("……" if len(rows) > MOST_TOLD else "")
        yield fault_at(each, rows[0], each.table.column(each.person), TWICE.format(f"第 {told} 行"))


def _sizes(each: Checked) -> Iterator[Fault]:
    """Numbers far from the others of their column, where they are alike; columns that were filled in as percentages."""
    if each.table.sheet == each.book.home(PARAMETERS):
        return
    for name, rule in (each.rules or {}).items():
        if rule.type != TYPES["number"] or name not in each.table.columns:
            continue
        col = each.table.column(name)
        cells = each.sheet.cells(col, each.table.first_row, each.table.last_row)
        numbers = {row: cell for row, cell in zip(each.table.rows, cells, strict=True) if is_number(cell) and cell > 0}
        if not numbers:
            continue
        first = next(iter(numbers))
        if len(numbers) >= FEW and max(numbers.values()) <= 1 and is_number(rule.high) and rule.high >= FAR:
            yield fault_at(each, first, col, PERCENT.format(name, shown(rule.high)))
        if is_number(rule.high) or not _OF_PEOPLE.isdisjoint(each.table.columns):
            yield from _far(each, name, numbers)


def _far(each: Checked, name: str, numbers: dict[int, float]) -> Iterator[Fault]:
    middle = median(numbers.values())
    told = {row: rule for row, number in numbers.items() if (rule := _oddness(name, number, middle)) is not None}
    # Where there are many of them, the column's numbers are of all sizes.
    if len(numbers) >= FEW and FEW * len(told) <= len(numbers):
        yield from (fault_at(each, row, each.table.column(name), rule) for row, rule in told.items())


def _oddness(name: str, number: float, middle: float) -> str | None:
    times = max(number / middle, middle / number)
    # Amounts of money are mostly round.
    if number >= middle * UNLIKELY and is_day(number) and number == int(number) and number % 100:
        return DAY.format(name, shown(number))
    if number <= middle / UNLIKELY and _reads_as_time(number):
        return TIME.format(name, shown(number))
    if times < FAR:
        return None
    return (LARGE if number > middle else SMALL).format(name, shown(middle), int(times))


def _reads_as_time(number: float) -> bool:
    """Whether it is a time of day in whole minutes, and not a number with few decimals."""
    minutes = number * 24 * 60
    return number < 1 and round(number, 3) != number and abs(minutes - round(minutes)) < 1e-6


def _parameters(book: Book) -> Iterator[Fault]:
    """Parameters and numbers of lists that are many times what the scheme begins with: 20 in the place of 20%."""
    scheme = carried(book)
    if scheme is None or not book.is_list(PARAMETERS):
        return
    known = {parameter.name: parameter.value for parameter in scheme.parameters}
    table = book.tables[PARAMETERS]
    col = table.column(VALUE)
    for row in table.rows:
        name = str(book.value(table.sheet, row, table.first_col))
        yield from _unlike(book, table, row, col, name, known.get(name))
    for listing in scheme.lists:
        own = book.tables.get(listing.name)
        if own is None or not listing.fixed:
            continue
        for row, line in enumerate(listing.rows, own.first_row):
            for name, begun in line.items():
                if name in own.columns:
                    yield from _unlike(book, own, row, own.column(name), name, begun)


def _unlike(book: Book, table: Table, row: int, col: int, name: str, begun: object) -> Iterator[Fault]:
    value = book.value(table.sheet, row, col)
    if is_number(value) and is_number(begun) and value * begun > 0:
        times = max(value / begun, begun / value)
        if times >= FAR:
            yield Fault(table.sheet, cell_name(row, col), value, UNLIKE.format(name, shown(begun), FAR))


def _hidden(session: Session) -> Iterator[Fault]:
    book = session.book
    for each in checked(book):
        if b"hidden=" not in session.xml(each.table.sheet):
            continue
        hidden = hidden_rows(session.package, book.workbook, each.table.sheet).rows
        rows = sorted(row for row in hidden.intersection(each.table.rows) if each.is_filled(row))
        for first, last in spans(rows):
            col = each.table.column(each.person or each.inputs[0])
            yield fault_at(each, first, col, HIDDEN.format(rows_told(first, last)))


def _changing(each: Checked) -> Iterator[Fault]:
    """Formulas among the inputs that give something else tomorrow."""
    columns = {each.table.column(name) for name in each.inputs}
    for run in each.sheet.formulas.runs(each.sheet.arrays):
        if run.col in columns and run.first in each.table.rows and calls_any(run.text, _CHANGING):
            yield fault_at(each, run.first, run.col, CHANGING.format(f"={run.text}"))


def _of_other_rows(session: Session, each: Checked) -> Iterator[Fault]:
    """Formulas among the inputs that read a cell of another row, as 粘贴链接 makes them."""
    table, columns = each.table, {each.table.column(name) for name in each.inputs}
    for run, meaning in session.skeleton.runs.get(table.sheet, []):
        if run.col not in columns or run.first not in each.table.rows or not isinstance(meaning, Resolved):
            continue
        read = [item.reference for item in meaning.items if isinstance(item, Cells)]
        cells = [reference.at(run.first, run.col) for reference in read if reference.is_cell]
        if any(cell.overlaps(table.area) and cell.top != run.first for cell in cells):
            yield fault_at(each, run.first, run.col, OTHER_ROW.format(f"={run.text}"))


def _outside(session: Session) -> Iterator[Fault]:
    """People of a clerk's own list under those whom its functions are given."""
    book, areas = session.book, session.skeleton.once(listed)
    for table, name in own_lists(book):
        ends = [area.bottom for area in areas if area.sheet == table.sheet and area.bottom >= table.first_row]
        if not ends:
            continue
        col, end = table.column(name), max(ends)
        sheet = book.workbook.sheets[table.sheet]
        numbered = [col for col in range(table.first_col, table.last_col + 1) if is_number(sheet.get(end, col))]
        rows = [
            row
            for row in range(end + 1, table.last_row + 1)
            if isinstance(person := sheet.get(row, col), str)
            and not is_nobody(person)
            and any(is_number(sheet.get(row, other)) for other in numbered)
        ]
        for first, last in spans(rows):
            value = sheet.get(first, col)
            yield Fault(table.sheet, cell_name(first, col), value, OUTSIDE.format(rows_told(first, last), end + 1))


def _unclaimed(session: Session) -> Iterator[Fault]:
    """Records of a clerk's own sheets that belong to nobody whose records are summed."""
    sheets = session.workbook.sheets

    def cells(area: Area) -> list[Cell]:
        return sheets[area.sheet].cells(area.left, area.top, min(area.bottom, sheets[area.sheet].height))

    with_checks = {each.table.sheet for each in checked(session.book)}
    for records, whose in session.skeleton.once(credited).items():
        if records.sheet in with_checks or not whose.areas:
            continue
        known = {*whose.words, *BLANK}.union(*map(cells, whose.areas))
        # A whole column begins with its heading.
        rows = [row for row, cell in enumerate(cells(records), records.top) if row and cell not in known]
        if rows:
            value = sheets[records.sheet].get(rows[0], records.left)
            rule = UNCLAIMED.format(shown(value), f"等 {len(rows)} 行" if len(rows) > 1 else "")
            yield Fault(records.sheet, cell_name(rows[0], records.left), value, rule)


def _texts(session: Session) -> Iterator[Fault]:
    """Numbers stored as texts, which sums leave out."""
    told = {(each.table.sheet, col) for each in checked(session.book) for col in range(each.table.last_col + 1)}
    for function, area in session.skeleton.once(summed):
        sheet = session.workbook.sheets[area.sheet]
        for col in range(area.left, min(area.right + 1, sheet.width)):
            cells = sheet.cells(col, area.top, min(area.bottom, sheet.height))
            if (area.sheet, col) in told or str not in set(map(type, cells)):
                continue
            told.add((area.sheet, col))
            for row, cell in enumerate(cells, area.top):
                if isinstance(cell, str) and _reads_as_number(cell):
                    yield Fault(area.sheet, cell_name(row, col), cell, AS_TEXT.format(cell, function))


def _reads_as_number(text: str) -> bool:
    return _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None
