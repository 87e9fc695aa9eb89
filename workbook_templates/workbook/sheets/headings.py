"""What stands above a table's headings: title, unit and period, note; the names of groups of columns; full marks and units."""

from __future__ import annotations

import math
from bisect import bisect
from itertools import accumulate, groupby, islice

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from workbook_templates.scheme.checks import is_of_row
from workbook_templates.scheme.columns import Computed, Input
from workbook_templates.scheme.model import Table
from workbook_templates.workbook.layout import HEADER_ROW, Placement
from workbook_templates.workbook.sheets.across import REPEATED, page_starts
from workbook_templates.workbook.sheets.page import Page, display_width, text_height
from workbook_templates.workbook.sheets.sheet import LINE_HEIGHT

FACTS_ROW, BAND_ROW, MARK_ROW = HEADER_ROW - 3, HEADER_ROW - 2, HEADER_ROW - 1
"""The totals stand in the row of the marks."""

RESULTS, CONTINUED = "计算结果", "（续）"
FACTS_WIDTH, FACTS_ACROSS = 84, 64
"""What unit and period take at most, in two lines; where groups are named, the note stands to the right of them."""

INDENT, TITLE_WIDTH = 1.25, 1.75
"""Characters of a step of indentation, and of half a Chinese one of the title."""

MOST_MERGED = 12
Column = Input | Computed


def write_headings(page: Page, sheet: Worksheet, place: Placement, table: Table, widths: dict[str, float]) -> list[int]:
    """``widths`` has the visible columns only, from left to right. Returns the columns with which a further page begins."""
    columns: dict[str, Column] = {**{c.name: c for c in table.inputs}, **{c.name: c for c in table.computed}}
    bands = _bands(table, columns, widths)
    starts = [place.columns[name] for name in page_starts(widths, [names for _, names in bands])]
    _title(page, sheet, place, table.title or f"{page.scheme.title} {table.name}", widths, starts)
    for name, names in bands:
        # A group that goes on over a page is named on each.
        parts = groupby((place.columns[each] for each in names), key=lambda col: bisect(starts, col))
        for number, (_, part) in enumerate(parts):
            cols = list(part)
            told = name + (CONTINUED if number else "")
            # In one narrow column that would be too small to read.
            is_narrow = display_width(told) > sum(width for each, width in widths.items() if place.columns[each] in cols)
            _band(page, sheet, name if is_narrow else told, cols[0], cols[-1])
    _facts_and_note(page, sheet, place, table, widths, starts, bool(bands))
    for name in widths:
        if name in columns:
            _mark(page, sheet, place.columns[name], columns[name])
    sheet.set_row(HEADER_ROW, 34)
    return starts


def _indent(widths: dict[str, float], starts: list[int]) -> int:
    """How far a text is moved to stand behind the columns that are printed once more on further pages, and not again on them."""
    return math.ceil((REPEATED + sum(islice(widths.values(), REPEATED))) / INDENT) + 1 if starts else 0


def _title(
    page: Page, sheet: Worksheet, place: Placement, title: str, widths: dict[str, float], starts: list[int]
) -> None:
    last = (starts[0] if starts else max(2, min(len(place.columns), MOST_MERGED))) - 1
    across = sum(width for name, width in widths.items() if place.columns[name] <= last)
    indent = _indent(widths, starts)
    is_behind = across - display_width(title) * TITLE_WIDTH > 2 * indent * INDENT
    sheet.merge_range(0, 0, 0, last, title, page.styles.get("title", indent=0 if is_behind else indent))
    sheet.set_row(0, 32)


def _facts_and_note(
    page: Page,
    sheet: Worksheet,
    place: Placement,
    table: Table,
    widths: dict[str, float],
    starts: list[int],
    has_bands: bool,
) -> None:
    """Unit and period, and the note: beside them where groups are named below, which ends where the first page does."""
    facts, note, plain = (
        page.facts(table),
        table.note or "浅黄色由人员填写，灰色自动计算。",
        page.styles.get("subtitle"),
    )
    indent, height = _indent(widths, starts), 2 * LINE_HEIGHT if has_bands else LINE_HEIGHT
    end = starts[0] if starts else max(place.columns[name] for name in widths) + 1
    row, col = (FACTS_ROW, _behind_facts(place, widths, end, bool(starts))) if has_bands else (BAND_ROW, 0)
    if has_bands or starts or sum(widths.values()) < FACTS_WIDTH:
        style = page.styles.get("lead" if has_bands else "facts", indent=indent)
        sheet.merge_range(FACTS_ROW, 0, FACTS_ROW, (col or end) - 1, None, style)
        sheet.write_formula(FACTS_ROW, 0, facts, style)
    else:
        sheet.write_formula(FACTS_ROW, 0, facts, plain)
    sheet.set_row(FACTS_ROW, height)
    room = {place.columns[name]: width for name, width in widths.items() if col <= place.columns[name] < end}
    if not starts and display_width(note) <= sum(room.values()):
        sheet.write_string(row, col, note, plain)
        return
    moved = 0 if has_bands else indent
    needed = _wrapped(sheet, row, room, note, page.styles.get("lead", indent=moved), moved * INDENT)
    sheet.set_row(row, max(height, needed) if row == FACTS_ROW else needed)


def _wrapped(sheet: Worksheet, row: int, widths: dict[int, float], text: str, style: Format, less: float) -> float:
    """A text over some columns, in as many lines as it takes; returns their height."""
    first, last = min(widths), max(widths)
    if first < last:
        sheet.merge_range(row, first, row, last, text, style)
    else:
        sheet.write_string(row, first, text, style)
    return text_height(text, sum(widths.values()) - less)


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


def _behind_facts(place: Placement, widths: dict[str, float], end: int, is_across: bool) -> int:
    """The column where the note begins; some of the first page, which ends before ``end``, is left for it."""
    most = FACTS_ACROSS + sum(islice(widths.values(), REPEATED)) if is_across else min(FACTS_WIDTH, sum(widths.values()) / 2)
    shown = {place.columns[name]: width for name, width in widths.items() if place.columns[name] < end}
    taken = accumulate(shown.values(), initial=0.0)
    return next((col for col, before in zip(shown, taken, strict=False) if before >= most), max(shown))


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
