"""Colours that come with the values of a table: what is wrong or missing, grades, bars of the scores that decide."""

from __future__ import annotations

import re
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from udfs.vocabulary import ABSENT, GOOD, PENDING
from workbook_templates.scheme.columns import Computed, Input
from workbook_templates.scheme.model import Table
from workbook_templates.scheme.names import CHECK, SERIAL
from workbook_templates.scheme.states import living
from workbook_templates.workbook import looks
from workbook_templates.workbook.layout import HEADER_ROW, Placement
from workbook_templates.workbook.sheets.page import Page, colour
from workbook_templates.workbook.style import BAR

_MAYBE = re.compile(r"\.(#+)")
FEWEST_GRADES = 4
"""With fewer the last but one is no warning."""


def mark(page: Page, sheet: Worksheet, place: Placement, table: Table) -> None:
    first = place.first + 1
    check, serial = (f"${xl_col_to_name(place.columns[name])}{first}" for name in (CHECK, SERIAL))
    styles, last, right = page.styles, place.columns[CHECK], max(place.columns[name] for name in table.column_names)

    def rule(left: int, end: int, criteria: str, style: Format, stop: bool = False) -> None:
        colour(sheet, (place.first, left, place.last, end), criteria, style, stop)

    # The cell that 校验 names is loud, its row is tinted; what is still to be filled in is calm.
    left, end = (place.columns[column.name] for column in (table.inputs[0], table.inputs[-1]))
    heading, cell = f"{xl_col_to_name(left)}${HEADER_ROW + 1}", f"{xl_col_to_name(left)}{first}"
    rule(left, end, f'=ISNUMBER(SEARCH("；"&{heading}&":","；"&{check}))', styles.wrong, True)
    waiting = f'SEARCH("、"&{heading}&"、",SUBSTITUTE({check},"{PENDING}:","、")&"、")'
    rule(left, end, f"=AND(ISBLANK({cell}),ISNUMBER({waiting}))", styles.missing, True)
    unfinished = f'LEFT({check},{len(PENDING) + 1})="{PENDING}:"'
    bad = f'=IF(ISERROR({check}),TRUE,AND({check}<>"",{check}<>"{GOOD}",{check}<>"{ABSENT}",NOT({unfinished})))'
    rule(0, last, bad, styles.bad)
    rule(0, last, f"=IFERROR({unfinished},FALSE)", styles.unfinished)
    # A value over a formula is red; what can't be known of an unfinished row yet is pale.
    cell = f"{xl_col_to_name(last)}{first}"
    own = f'=AND(NOT({living(cell)}),OR(NOT(ISBLANK({cell})),{serial}<>""))'
    rule(last, right, own, styles.bad)
    rule(last, right, f"=AND(ISERROR({cell}),IFERROR({unfinished},FALSE))", styles.pale)
    rule(last, right, f'={check}="{ABSENT}"', styles.pale)
    for name, names in looks.grades(table, page.scheme).items():
        _grades(page, sheet, place, place.columns[name], names)
    columns: dict[str, Input | Computed] = {**{c.name: c for c in table.inputs}, **{c.name: c for c in table.computed}}
    for name, column in columns.items():
        without_point(page, sheet, place.first, place.last, place.columns[name], column.format)
    for name in looks.scores(table):
        _bars(sheet, place, place.columns[name], columns[name])


def without_point(page: Page, sheet: Worksheet, first: int, last: int, col: int, code: str) -> None:
    """Where decimals may be missing, whole numbers show no point: 40%, not 40.%."""
    if (decimals := _MAYBE.search(code)) is None:
        return
    cell = f"{xl_col_to_name(col)}{first + 1}"
    number = f"ROUND({cell}*{100 if '%' in code else 1},{len(decimals[1])})"
    style = page.styles.number(code.replace(decimals[0], ""))
    colour(sheet, (first, col, last, col), f"=IFERROR({number}=INT({number}),FALSE)", style)


def _grades(page: Page, sheet: Worksheet, place: Placement, col: int, names: tuple[str, ...]) -> None:
    styles = page.styles
    marked = [(names[0], styles.best), (names[-1], styles.lowest)] if len(names) > 1 else []
    if len(names) >= FEWEST_GRADES:
        marked.append((names[-2], styles.low))
    for name, style in marked:
        rule = {"type": "cell", "criteria": "==", "value": f'"{name}"', "format": style}
        sheet.conditional_format(place.first, col, place.last, col, rule)


def _bars(sheet: Worksheet, place: Placement, col: int, column: Input | Computed) -> None:
    """From 0 on, as long as the score is high."""
    options: dict[str, Any] = {
        "type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_color": BAR, "bar_border_color": BAR,
        "bar_no_border": True, "min_type": "num", "min_value": 0,
    }  # fmt: skip
    full = column.max if isinstance(column, Input) else None
    if isinstance(full, int | float):
        options |= {"max_type": "num", "max_value": full}
    sheet.conditional_format(place.first, col, place.last, col, options)
