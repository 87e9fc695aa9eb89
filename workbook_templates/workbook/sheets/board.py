"""The sheet 领导概览 while it is written: figures below, and charts that show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from udfs.vocabulary import GOOD
from workbook_templates.formula.language import Reference
from workbook_templates.scheme.model import Table
from workbook_templates.scheme.names import BOARD
from workbook_templates.workbook.sheets.page import Page
from workbook_templates.workbook.style import DARK_COLOURS, FONT

SHEET = BOARD
AXIS_FONT = {"name": FONT, "size": 9}
NO_GRID = {"major_gridlines": {"visible": False}}


@dataclass
class Board:
    """The sheet while it is written; ``row`` is the next that is free for figures."""

    page: Page
    sheet: Worksheet
    row: int
    states: dict[str, str] = field(default_factory=dict)
    """The cells that say whether the tables are sound."""

    def column(self, table: str, name: str) -> str:
        """A whole column, as formulas on this sheet write it."""
        return self.page.layout.outside()(Reference(table, name, name, False))

    def figures(self, title: str, headings: Sequence[str], number: int) -> int:
        """Room for figures in so many rows; returns the first of them."""
        self.sheet.write_string(self.row, 0, title, self.page.styles.get("subtitle"))
        self.page.headings(self.sheet, self.row + 1, headings)
        first = self.row + 2
        self.row = first + number + 1
        return first

    def put(self, row: int, col: int, formula: str, code: str = "", array: int = 0) -> None:
        """``array``: the rows that one array formula fills."""
        style = self.page.styles.get("computed", code)
        if array:
            self.sheet.write_array_formula(row, col, row + array - 1, col, f"={formula}", style)
        else:
            self.sheet.write_formula(row, col, f"={formula}", style)

    def guarded(self, table: Table, formula: str) -> str:
        """Figures of a table in which something is wrong are not told."""
        return f'IF({self.states[table.name]}="{GOOD}",{formula},NA())'

    def chart(self, kind: str, title: str, subtype: str = "") -> Chart:
        return new_chart(self.page.workbook, kind, title, subtype)

    def series(
        self,
        chart: Chart,
        first: int,
        number: int,
        col: int,
        colour: str,
        label: str = "",
        position: str = "",
        categories: int = 0,
        overlap: int = 0,
    ) -> None:
        """Figures of a column as a series that is called by the column's heading."""
        name = f"='{SHEET}'!{xl_range_abs(first - 1, col, first - 1, col)}"
        options = bars(self.cells(first, number, categories), self.cells(first, number, col), colour, label, position)
        chart.add_series({**options, "name": name, "overlap": overlap})

    @staticmethod
    def cells(first: int, number: int, col: int) -> str:
        return f"='{SHEET}'!{xl_range_abs(first, col, first + number - 1, col)}"


def new_chart(workbook: Workbook, kind: str, title: str, subtype: str = "") -> Chart:
    """In the fonts of the sheets, without lines behind what it shows."""
    chart = workbook.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})
    assert chart is not None
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 12}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": AXIS_FONT})
    chart.set_chartarea({"border": {"color": "#D9D9D9"}})
    # Long names under columns are broken into lines: turned, they would leave no room for the columns.
    font = {**AXIS_FONT, "rotation": 360} if kind == "column" else AXIS_FONT
    chart.set_x_axis({"num_font": font, "interval_unit": 1})
    chart.set_y_axis({"num_font": AXIS_FONT, **NO_GRID})
    return chart


def bars(categories: str, values: str, colour: str, label: str = "", position: str = "") -> dict[str, Any]:
    """A series as bars of a colour; ``label``: the number format of its labels."""
    fill = {"fill": {"color": colour}, "border": {"none": True}, "gap": 60}
    options: dict[str, Any] = {"categories": categories, "values": values, **fill}
    if label:
        labels: dict[str, Any] = {"value": True, "num_format": label, "font": AXIS_FONT}
        if position:
            labels["position"] = position
        if position in ("", "inside_base"):
            # Within a bar in its own colour, which goes on behind a label that is larger than the bar.
            ink = "white" if colour in DARK_COLOURS else "black"
            labels |= {"font": {**AXIS_FONT, "color": ink}, "fill": {"color": colour}}
        options["data_labels"] = labels
    return options


def label_code(code: str) -> str:
    """How labels write what cells write so. Charts know no conditional formats: General where a whole number would end in a point."""
    return "General" if ".#" in code or not code else code


def cell_name(row: int, col: int, *, fixed: bool = False) -> str:
    return str(xl_rowcol_to_cell(row, col, fixed, fixed))
