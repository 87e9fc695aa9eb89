"""What stands above a table's headings: title, unit and period, note; the names of groups of columns; full marks and units."""

from __future__ import annotations

from bisect import bisect
from itertools import groupby

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from workbook_templates.scheme.checks import is_of_row
from workbook_templates.scheme.columns import Computed, Input
from workbook_templates.scheme.model import Table
from workbook_templates.workbook.layout import HEADER_ROW, Placement
from workbook_templates.workbook.sheets.across import page_starts
from workbook_templates.workbook.sheets.page import LINE_HEIGHT, Page, text_height

FACTS_ROW, BAND_ROW, MARK_ROW = HEADER_ROW - 3, HEADER_ROW - 2, HEADER_ROW - 1
"""The totals stand in the row of the marks."""

RESULTS, CONTINUED = "计算结果", "（续）"
FACTS_WIDTH, FACTS_ACROSS = 84, 64
"""What unit and period take at most; where groups are named, the note stands to the right of them. On a sheet of several pages
they are written smaller rather than over the note."""

MOST_MERGED = 12
Column = Input | Computed


def write_headings(page: Page, sheet: Worksheet, place: Placement, table: Table, widths: dict[str, float]) -> list[int]:
    """``widths`` has the visible columns only, from left to right. Returns the columns with which a further page begins."""
    title = table.title or (f"{page.scheme.title} {table.name}")
    sheet.merge_range(0, 0, 0, max(1, min(len(place.columns), MOST_MERGED) - 1), title, page.styles.get("title"))
    sheet.set_row(0, 32)
    columns: dict[str, Column] = {**{c.name: c for c in table.inputs}, **{c.name: c for c in table.computed}}
    bands = _bands(table, columns, widths)
    starts = [place.columns[name] for name in page_starts(widths, [names for _, names in bands])]
    for name, names in bands:
        # A group that goes on over a page is named on each.
        parts = groupby((place.columns[each] for each in names), key=lambda col: bisect(starts, col))
        for number, (_, part) in enumerate(parts):
            cols = list(part)
            _band(page, sheet, name + (CONTINUED if number else ""), cols[0], cols[-1])
    note = table.note or "浅黄色由人员填写，灰色自动计算。"
    row, col, facts = BAND_ROW, 0, page.styles.get("subtitle")
    if bands:
        row, col = FACTS_ROW, _behind_facts(place, widths, FACTS_ACROSS if starts else FACTS_WIDTH)
    if bands and starts:
        facts = page.styles.get("facts")
        sheet.merge_range(FACTS_ROW, 0, FACTS_ROW, col - 1, None, facts)
    sheet.write_formula(FACTS_ROW, 0, page.facts(table), facts)
    sheet.set_row(FACTS_ROW, LINE_HEIGHT)
    if starts:
        # The note ends where the first page does.
        room = {place.columns[name]: width for name, width in widths.items() if col <= place.columns[name] < starts[0]}
        _wrapped(sheet, row, room, note, page.styles.get("lead"))
    else:
        sheet.write_string(row, col, note, page.styles.get("subtitle"))
    for name in widths:
        if name in columns:
            _mark(page, sheet, place.columns[name], columns[name])
    sheet.set_row(HEADER_ROW, 34)
    return starts


def _wrapped(sheet: Worksheet, row: int, widths: dict[int, float], text: str, style: Format) -> None:
    """A text over some columns, in as many lines as it takes."""
    first, last = min(widths), max(widths)
    if first < last:
        sheet.merge_range(row, first, row, last, text, style)
    else:
        sheet.write_string(row, first, text, style)
    sheet.set_row(row, text_height(text, sum(widths.values())))


def _bands(table: Table, columns: dict[str, Column], widths: dict[str, float]) -> list[tuple[str, list[str]]]:
    """Neighbours with a name in common; results are named where something else is."""
    names = list(columns)
    named = {name: columns[name].heading for name in names}
    for block, first, last in table.blocks:
        for name in names[names.index(first) : names.index(last) + 1]:
            named[name] = named[name] or block
    if not any(named[name] for name in names if name in widths):
        return []
    for column in table.computed:
        named[column.name] = named[column.name] or RESULTS
    runs = [(band, list(run)) for band, run in groupby((n for n in names if n in widths), key=lambda name: named[name])]
    return [(band, run) for band, run in runs if band]


def _band(page: Page, sheet: Worksheet, name: str, first: int, last: int) -> None:
    style = page.styles.get("band")
    if first == last:
        sheet.write_string(BAND_ROW, first, name, style)
    else:
        sheet.merge_range(BAND_ROW, first, BAND_ROW, last, name, style)


def _behind_facts(place: Placement, widths: dict[str, float], most: float) -> int:
    taken = 0.0
    for name, width in widths.items():
        if taken >= most:
            return place.columns[name]
        taken += width
    return place.columns[next(reversed(widths))] + 1


def _mark(page: Page, sheet: Worksheet, col: int, column: Column) -> None:
    """The full mark of a score, or the unit."""
    style = page.styles.get("mark")
    if isinstance(column, Computed):
        if column.unit and not column.total:
            sheet.write_string(MARK_ROW, col, column.unit, style)
        return
    full = column.max if column.unit == "分" else None
    if full is None or is_of_row(full) or (isinstance(full, str) and full.startswith(("[", "="))):
        if column.unit:
            sheet.write_string(MARK_ROW, col, column.unit, style)
    elif isinstance(full, str):
        sheet.write_formula(MARK_ROW, col, f'="满分 "&{full}', style)
    else:
        sheet.write_string(MARK_ROW, col, f"满分 {full:g}", style)
