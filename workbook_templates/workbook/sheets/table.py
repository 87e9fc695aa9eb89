"""One sheet a table: inputs to fill in on the left, 校验, computed columns on the right, totals above the header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from udfs.registry import Kind
from workbook_templates.formula import language as formulas
from workbook_templates.scheme import checks, guards, intact, keycolumns
from workbook_templates.scheme.columns import Computed, Input
from workbook_templates.scheme.data import Entry
from workbook_templates.scheme.model import Table
from workbook_templates.scheme.names import CHECK, HAS_FORMULAS, SERIAL, TOTAL
from workbook_templates.scheme.relations import read_for
from workbook_templates.scheme.sentences import NOT_PASSED
from workbook_templates.workbook import arrays, looks
from workbook_templates.workbook.layout import HEADER_ROW, Placement
from workbook_templates.workbook.sheets import rules
from workbook_templates.workbook.sheets.across import REPEATED, SCALE
from workbook_templates.workbook.sheets.headings import MARK_ROW, write_headings
from workbook_templates.workbook.sheets.marking import mark
from workbook_templates.workbook.sheets.page import (
    Page,
    display_width,
    lines_height,
    lines_of,
    number_format,
    put,
    side,
)
from workbook_templates.workbook.sheets.sheet import pixels
from workbook_templates.workbook.sheets.validation import refuse_typing, validate
from workbook_templates.workbook.style import INPUT_TAB, RESULT_TAB

ALIGNED = {Kind.TEXT: "left", Kind.NUMBER: "right", Kind.WHOLE: "right", Kind.ANY: ""}
NARROWEST, WIDEST, CHECK_WIDTH, COMPUTED_WIDTH, TOTAL_WIDTH = 8, 24, 22, 11, 15
MOST_UPRIGHT = 810
"""Pixels of columns that can be read on a page that stands."""


def write_table(page: Page, table: Table, rows: list[dict[str, Entry]], further: Mapping[str, Sequence[Entry]]) -> None:
    """``further``: columns of a clerk's own."""
    place = page.layout.places[table.name]
    sheet = page.sheet(table.name)
    lines: dict[int, int] = {}
    visible = {column.name: _input_column(page, sheet, place, column, rows, lines) for column in table.inputs}
    for row, count in lines.items():
        # LibreOffice does not find the heights itself when it opens a file.
        sheet.grow(row, lines_height(count))
    written, computed_widths = _computed_columns(page, sheet, place, table)
    visible |= computed_widths
    for name, cells in further.items():
        visible[name] = _own_column(page, sheet, place, name, cells)
    if place.is_table:
        columns = [{"header": name, **written.get(name, {})} for name in place.columns]
        whole = {"name": table.name, "columns": columns, "style": None, "autofilter": True}
        sheet.add_table(HEADER_ROW, 0, place.last, len(place.columns) - 1, whole)
    else:
        page.name(f"_KAOHE.{table.name}", table.name, HEADER_ROW, 0, place.last, len(place.columns) - 1)
    page.headings(sheet, HEADER_ROW, place.columns)
    widths = {name: visible[name] for name in place.columns if name in visible}
    starts = write_headings(page, sheet, place, table, widths)
    _totals(page, sheet, place, table)
    _uncounted(page, sheet, place, table)
    mark(page, sheet, place, table)
    sheet.freeze_panes(HEADER_ROW + 1, min(2, len(place.columns)))
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_tab_color(RESULT_TAB if table.computed and table.people else INPUT_TAB)
    if sum(map(pixels, widths.values())) > MOST_UPRIGHT:
        sheet.set_landscape()
    if starts:
        sheet.set_print_scale(SCALE)
        sheet.set_v_pagebreaks(starts)
        sheet.repeat_columns(0, REPEATED - 1)


def _computed_columns(
    page: Page, sheet: Worksheet, place: Placement, table: Table
) -> tuple[dict[str, dict[str, object]], dict[str, float]]:
    """Returns what an Excel table is to be told of each, and the widths of those that are seen."""
    kinds, texts = looks.kinds(table), guards.written(table, page.scheme, place.is_table)
    computed = {column.name: column for column in table.computed}
    written: dict[str, dict[str, object]] = {}
    visible: dict[str, float] = {}
    is_folded = False
    for name, col in place.columns.items():
        if name not in texts and name != SERIAL:
            continue
        kind = Kind.NUMBER if name == SERIAL else kinds.get(name, Kind.TEXT)
        style = page.styles.get("computed", computed[name].format if name in computed else "", ALIGNED[kind])
        if place.is_table:
            written[name] = {"formula": _in_table(page, table, name, texts), "format": style}
            refuse_typing(sheet, place.first, place.last, col)
        else:
            _plain_column(page, sheet, place, table, name, texts, style)
        width, hidden = _width(name, computed.get(name)), _is_hidden(name, computed)
        # The scheme's own steps are folded: whoever wants to see them clicks the + above the columns.
        # With a column behind them that is always hidden, or the + would stand above that.
        was_folded, is_folded = is_folded, hidden and (name in computed or (is_folded and name == HAS_FORMULAS))
        options = {"hidden": hidden, "level": int(is_folded), "collapsed": was_folded and not is_folded}
        sheet.set_column(col, col, width, None, options)
        if not hidden:
            visible[name] = width
    if is_folded:
        sheet.set_column(len(place.columns), len(place.columns), NARROWEST, None, {"collapsed": True})
    return written, visible


def _input_column(
    page: Page, sheet: Worksheet, place: Placement, column: Input, rows: list[dict[str, Entry]], lines: dict[int, int]
) -> float:
    """Returns the column's width; ``lines`` is told of rows in which a text takes several."""
    col = place.columns[column.name]
    longest = max((display_width(_as_shown(row.get(column.name))) for row in rows), default=0)
    width = column.width or min(WIDEST, max(NARROWEST, longest + 2, _header_width(column.name)))
    # What is typed later may be longer: a number becomes smaller rather than ###, a text is wrapped.
    is_text = side(column) == "left"
    style = page.styles.get("long" if is_text else "input", number_format(column), side(column))
    for index in range(place.rows):
        value, row = rows[index].get(column.name) if index < len(rows) else None, place.first + index
        put(sheet, row, col, value, style)
        if is_text and (count := lines_of(_as_shown(value), width)) > 1:
            lines[row] = max(lines.get(row, 1), count)
    sheet.set_column(col, col, width)
    source = ""
    if column.key:
        target, key = keycolumns.key_column(column, page.scheme)
        source = page.layout.places[target].address(key, key)
    validate(sheet, page, column, place.first, place.last, col, place.columns, source)
    return width


def _own_column(page: Page, sheet: Worksheet, place: Placement, name: str, cells: Sequence[Entry]) -> float:
    col, style = place.columns[name], page.styles.get("label")
    for row, cell in enumerate(cells, start=place.first):
        if isinstance(cell, str) and cell.startswith("="):
            sheet.write_formula(row, col, cell, style)
        else:
            put(sheet, row, col, cell, style)
    width = min(WIDEST, max([NARROWEST, _header_width(name), *(display_width(_as_shown(cell)) + 2 for cell in cells)]))
    sheet.set_column(col, col, width)
    return width


def _in_table(page: Page, table: Table, name: str, texts: dict[str, str]) -> str:
    if name == SERIAL:
        filled = formulas.parse(f"={checks.is_filled(table)}").render(page.layout.in_table(table))
        return f'=IF({filled},ROW()-ROW({table.name}[[#Headers],[{SERIAL}]]),"")'
    return "=" + formulas.parse(texts[name]).render(page.layout.in_table(table))


def _plain_column(
    page: Page,
    sheet: Worksheet,
    place: Placement,
    table: Table,
    name: str,
    texts: dict[str, str],
    style: object,
) -> None:
    """The column of a large table: one array block, or a formula a row where whole columns would change the meaning."""
    col = place.columns[name]
    if name == SERIAL:
        filled = formulas.parse(f"={checks.is_filled(table)}").render(page.layout.in_array(table))
        formula = f'=IF({filled},ROW({place.block(SERIAL, SERIAL)})-{HEADER_ROW + 1},"")'
        sheet.write_array_formula(place.first, col, place.last, col, formula, style)
        return
    parsed = formulas.parse(texts[name])
    formula = "=" + arrays.render(parsed, page.layout.in_array(table))
    if parsed.elementwise and len(formula) <= arrays.LONGEST:
        sheet.write_array_formula(place.first, col, place.last, col, formula, style)
        return
    for row in range(place.first, place.last + 1):
        sheet.write_formula(row, col, "=" + parsed.render(page.layout.in_row(table, row)), style)


def _totals(page: Page, sheet: Worksheet, place: Placement, table: Table) -> None:
    totalled = [column for column in table.computed if column.total]
    if not totalled:
        return
    sheet.write_string(MARK_ROW, 0, TOTAL, page.styles.get("total"))
    for column in totalled:
        formula = page.outside(intact.kept(f"=SUM({table.name}[{column.name}])", page.scheme))
        sheet.write_formula(
            MARK_ROW, place.columns[column.name], formula, page.styles.get("total", column.format, "right")
        )


def _uncounted(page: Page, sheet: Worksheet, place: Placement, table: Table) -> None:
    """Above 校验: a table that is read for this one has rows that have not passed; of a row that names nobody no row here is in error."""
    text = '""'
    for other in reversed(read_for(table, page.scheme)):
        count = "+".join(rules.count(page, other, name) for name in (rules.WRONG, rules.UNFINISHED))
        text = f'IF({count}>0,"▲ {other.name} "&({count})&"{NOT_PASSED}",{text})'
    if text != '""':
        sheet.write_formula(MARK_ROW, place.columns[CHECK], f"={text}", page.styles.get("warning"))


def _is_hidden(name: str, computed: dict[str, Computed]) -> bool:
    if name in computed:
        return computed[name].hidden
    return name not in (SERIAL, CHECK)


def _width(name: str, column: Computed | None) -> float:
    if name == CHECK:
        return CHECK_WIDTH
    if name == SERIAL:
        return 6
    least = TOTAL_WIDTH if column and column.total else COMPUTED_WIDTH
    return (column.width if column else 0) or max(least, _header_width(name))


def _as_shown(value: Entry) -> str:
    """A value about as wide as the cell shows it; numbers with separators and two decimals."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:,.2f}" if is_number else str(value or "")


def _header_width(name: str) -> int:
    """Headers wrap once, so half of a long one is wide enough."""
    width = display_width(name) + 2
    return width if width <= 12 else max(12, width // 2 + 3)
