"""A scheme becomes a workbook: macro-free .xlsx with plain function names, ready to be computed and filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from xlsxwriter import Workbook

from workbook_templates.scheme.data import DataError, Entry, fill
from workbook_templates.scheme.model import MOST_ROWS, Scheme
from workbook_templates.scheme.names import HOME
from workbook_templates.workbook.layout import TABLE_LIMIT, Layout
from workbook_templates.workbook.sheets.carried import write_carried
from workbook_templates.workbook.sheets.home import write_home
from workbook_templates.workbook.sheets.instructions import write_instructions
from workbook_templates.workbook.sheets.overview import write_overview
from workbook_templates.workbook.sheets.page import Page
from workbook_templates.workbook.sheets.parameters import write_parameters
from workbook_templates.workbook.sheets.rules import write_rules
from workbook_templates.workbook.sheets.sheet import Sheet
from workbook_templates.workbook.sheets.summary import write_summary
from workbook_templates.workbook.sheets.table import write_table
from workbook_templates.workbook.style import COUNTED_IN, Styles

__all__ = ["DataError", "build"]

CALCULATION_ENGINE = 191029
"""The version of Excel's engine that the workbook names; with an older one Excel would recalculate it on opening."""


def build(
    scheme: Scheme,
    target: Path | str | IO[bytes],
    data: dict[str, Any] | None = None,
    rows: int | None = None,
    further: Mapping[str, Mapping[str, Sequence[Entry]]] | None = None,
    date1904: bool = False,
    comments: Mapping[tuple[str, int, int], tuple[str, str]] | None = None,
    widths: Mapping[tuple[str, int], float] | None = None,
) -> None:
    """Write the workbook of ``scheme`` to a path or stream, its formulas not yet computed.

    ``data`` is described in workbook_templates.scheme.data; ``rows`` is the capacity of the tables of people. Raises DataError for
    names that the scheme doesn't have. ``further``: columns of a clerk's own by table and name, a cell a row; a text that begins with =
    is a formula. ``comments``: text and author by sheet, row and column; ``widths``: those of single columns.
    """
    if rows is not None and not 1 <= rows <= MOST_ROWS:
        raise DataError(f"行数应在 1 到 {MOST_ROWS} 之间，现为 {rows}")
    filling, own = fill(scheme, data), further or {}
    layout = Layout(
        scheme, {name: len(filled) for name, filled in filling.tables.items()}, rows, {k: [*v] for k, v in own.items()}
    )
    # A temporary file for each part takes longer than the parts themselves, unless these are large.
    small = all(place.rows <= TABLE_LIMIT for place in layout.places.values())
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "in_memory": small,
        "date_1904": date1904,
        "default_format_properties": COUNTED_IN,
    }
    with Workbook(str(target) if isinstance(target, Path) else target, options) as workbook:
        workbook.worksheet_class = Sheet
        workbook.set_properties({"title": scheme.title, "comments": f"KAOHE {scheme.slug}"})
        # The values are stored; a program without the functions must not throw them away on opening.
        workbook.set_calc_mode("auto", CALCULATION_ENGINE)
        workbook.calc_on_load = False
        page = Page(workbook, Styles(workbook), scheme, layout)
        home = page.sheet(HOME)
        if scheme.parameters or scheme.lists:
            write_parameters(page, filling.parameters, filling.tables)
        for table in scheme.tables:
            write_table(page, table, filling.tables[table.name], own.get(table.name, {}))
        balances = write_summary(page)
        write_overview(page, filling.tables)
        write_instructions(page)
        write_rules(page)
        write_home(page, home, filling, balances)
        write_carried(page)
        for (name, row, col), (text, author) in (comments or {}).items():
            workbook.get_worksheet_by_name(name).write_comment(row, col, text, {"author": author})
        for (name, col), width in (widths or {}).items():
            workbook.get_worksheet_by_name(name).set_column(col, col, width)
