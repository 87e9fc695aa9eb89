"""What a workbook says beside its cells that changes what its formulas mean: names that were moved or have lost what they meant,
and rounding to what is shown."""

from __future__ import annotations

from collections.abc import Iterator

from addin.checking.fault import Fault
from addin.checking.tables import checked
from addin.xlsx.book import Book
from addin.xlsx.files import WorkbookError
from addin.xlsx.model import Cell, Table, Workbook, cell_name
from addin.xlsx.reader import HIDDEN_TABLE
from workbook_templates.scheme.names import NAME, PARAMETERS, PRINTED, SUMMARY, VALUE, defined_name
from workbook_templates.workbook.sheets.carried import SHEET, SLUG

AS_SHOWN = (
    "工作簿设置了“将精度设为所显示的精度”，各程序按显示的位数计算，这里不能照算；请取消这个设置（Excel：选项 → 高级）"
)
WITHOUT_TABLES = (
    "工作簿带着方案，但它的表都认不出来了（复制成了数值，或由别的程序另存时丢了表格和名称），没有核对；请用原来的工作簿"
)
MISSING = "没有表 {}：按方案应当有；请用 kaohe upgrade 改正"
FROZEN, ORIGINAL = "固化说明", "原文件"
"""The sheet that a copy without formulas has, and the line there with the name of what it is a copy of."""
IS_FROZEN = "这是固化的副本，只有数值，改了数据也不会重算，没有核对；要核对、重算请用原文件"
IS_PRINTED = "这是宏做出的打印文件（公示表、通知单、打印稿），不是考核工作簿；请用原来的考核工作簿"
MOVED = "{0}：名称“{0}”应指这一格，现在指的是 {1}，公式读的不是这里的值；请用 kaohe upgrade 改正"
SHADOWED = "名称“{}”在这个工作表上另有一个，指的是 {}，本页的公式读的是它；请在名称管理器中删除这一个"


def meaning_faults(book: Book) -> list[Fault]:
    return [*whole_faults(book), *_lost(book), *_moved(book), *_shadowed(book)]


def whole_faults(book: Book) -> Iterator[Fault]:
    """What makes nothing in a workbook reliable, whatever it is."""
    carried = book.workbook.sheets.get(SHEET)
    without_tables = carried is not None and carried.get(0, 0) == SLUG and not checked(book)
    for holds, rule in ((book.workbook.as_shown, AS_SHOWN), (without_tables, WITHOUT_TABLES)):
        if holds:
            home = book.sheets[0]
            yield Fault(home, "A1", book.value(home, 0, 0), rule)


def refuse_printed(workbook: Workbook) -> None:
    """Raises WorkbookError for a file that a macro has made to be printed: it would pass for a workbook with people.

    One that computes something is a workbook to which sheets of such a file were moved, and the name with them.
    """
    if PRINTED.lower() in workbook.names and not any(sheet.formulas for sheet in workbook.sheets.values()):
        raise WorkbookError(IS_PRINTED)


def frozen_fault(book: Book) -> Iterator[Fault]:
    """Of a copy that 固化数值 made, in which every formula is missing, that is told instead."""
    if FROZEN in book.sheets and not any(sheet.formulas for sheet in book.workbook.sheets.values()):
        yield Fault(FROZEN, "A1", book.value(FROZEN, 0, 0), IS_FROZEN)


def original_of(book: Book) -> str:
    """The name of the file of which 固化数值 made this copy; "" of any other workbook."""
    if (sheet := book.workbook.sheets.get(FROZEN)) is None or not any(frozen_fault(book)):
        return ""
    return next((str(sheet.get(row, 1)) for row in range(sheet.height) if sheet.get(row, 0) == ORIGINAL), "")


def has_lost_summary(book: Book) -> bool:
    """Whether 汇总 was deleted: its name is still there."""
    return HIDDEN_TABLE.lower() + SUMMARY in book.names and not book.is_list(SUMMARY)


def _lost(book: Book) -> Iterator[Fault]:
    """Results that read 汇总 are errors then, which nothing else would tell."""
    if has_lost_summary(book):
        yield Fault(book.sheets[0], "A1", SUMMARY, MISSING.format(SUMMARY))


def _moved(book: Book) -> Iterator[Fault]:
    """Parameters and figures of 汇总 whose names mean a cell that has another label beside it."""
    others = _named_otherwise(book)
    for table in _named_tables(book):
        name_col, col = (table.column(column) for column in (NAME, VALUE))
        for row in table.rows:
            label = book.value(table.sheet, row, name_col)
            name = defined_name(str(label))
            meant = book.names.get(name.lower())
            if meant is not None and _label(book, name) != label and (table.sheet, row, col) not in others:
                value = book.value(table.sheet, row, col)
                yield Fault(table.sheet, cell_name(row, col), value, MOVED.format(name, meant))


def _named_tables(book: Book) -> list[Table]:
    return [book.tables[name] for name in (PARAMETERS, SUMMARY) if book.is_list(name)]


def _named_otherwise(book: Book) -> set[tuple[str, int, int] | None]:
    """The cells with a name that is no label: what stands beside those figures of 汇总 may be the name of something else."""
    labels = {
        defined_name(str(book.cell(table, row, NAME))).lower() for table in _named_tables(book) for row in table.rows
    }
    return {book.named_cell(name) for name in book.names if name not in labels}


def _label(book: Book, name: str) -> Cell:
    """What stands to the left of the cell that a name means."""
    sheet, row, col = book.named_cell(name) or ("", 0, 0)
    return book.value(sheet, row, col - 1) if col else None


def _shadowed(book: Book) -> Iterator[Fault]:
    """Names of the workbook that a sheet with tables has for itself, as sheets have that were copied from another file."""
    tables = (*(each.table for each in checked(book)), *_named_tables(book))
    homes = {table.sheet.lower(): table.sheet for table in tables}
    for name, meant in book.names.items():
        sheet, mark, own = name.rpartition("!")
        if not mark or sheet not in homes:
            continue
        # Of a copied sheet Excel makes own names for what stands on it.
        stands_here = meant.rpartition("!")[0].strip("'").replace("''", "'").lower() == sheet
        as_everywhere = book.names.get(own, meant).replace("'", "") == meant.replace("'", "")
        if not stands_here and not as_everywhere:
            yield Fault(homes[sheet], "A1", book.value(homes[sheet], 0, 0), SHADOWED.format(own, meant))
