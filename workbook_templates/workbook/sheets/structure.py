"""Whether a table stands as its formulas read it, found out twice.

``exact`` looks at every cell; what reads a table as a whole depends on it. Of the rows each would then be computed anew whenever a
clerk enters a number, since spreadsheet programs don't look whether a result in between has changed. They depend on ``quick``, which
says the same in the same words and reads of the table's body only what identifies rows, its headings and its last row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from udfs.vocabulary import GOOD
from workbook_templates.formula.tokens import LONGEST_TEXT
from workbook_templates.formula.writing import written_column
from workbook_templates.scheme import states
from workbook_templates.scheme.model import Table
from workbook_templates.scheme.names import SERIAL, escaped, headings_name
from workbook_templates.scheme.sentences import OUT_OF_STEP
from workbook_templates.workbook.layout import HEADER_ROW
from workbook_templates.workbook.sheets.page import Page

QUICK = ("末行", "末行以下在表中的行", "表下的格", "没有公式的行", "移位的列", "表下第一行", "错开的列", "校验读的结构")
"""The columns with the steps of ``quick``."""

DEPTH = 1000
"""Rows below a table by which shifted cells and the end of a table that has grown are known; blank ones may be deleted."""


def exact(page: Page, table: Table, without: str, shifted: str, moved: str) -> str:
    """``without``, ``shifted``, ``moved``: the cells that tell rows without formulas, columns shifted, columns moved."""
    place = page.layout.places[table.name]
    first, last = table.inputs[0].name, table.inputs[-1].name
    inside = page.outside(
        f"=COUNTA({table.name}[[{first}]:[{last}]])" if first != last else f"=COUNTA({table.name}[{first}])"
    )
    # Counted from the headings on, since what stands below a table that grows is elsewhere.
    whole = f"COUNTA({place.below(first, last, HEADER_ROW)})"
    below = f"({whole}-{inside[1:]}-COUNTA({headings_name(table.name)}))"
    return "=" + _told(table, below, without, shifted, f"OR({moved}>0,{below}<0)")


def _told(table: Table, below: str, without: str, shifted: str, moved: str) -> str:
    return (
        f'IF({below}>0,"表 {table.name} 下面有 "&{below}&" 格内容不在表中，没有计算；请移入表内或删除",'
        f'IF({without}>0,"表 {table.name} 有 "&{without}&" 行没有公式；请从上一行向下填充公式",'
        f'IF({shifted}<>"","表 {table.name} 的列 "&{shifted}&" {OUT_OF_STEP}",'
        f'IF({moved},"表 {table.name} 中有列被删除或移动过，或公式一起读取的列中间插入了列；请撤销或移回原处",'
        f'"{GOOD}"))))'
    )


def shifted(page: Page, table: Table) -> str:
    """The inputs in which single cells were deleted or inserted, so that whatever stands below belongs to other rows.

    A reference to the cells of one column follows, and its length tells so, also when the file was saved and opened again;
    from the heading to the row below, so that no row that is cut and pasted is an end of it.
    """
    place = page.layout.places[table.name]

    def length(name: str) -> str:
        return f"ROWS({place.address(name, name, around=1)})"

    return _differing(table, length, length(SERIAL))


def _differing(table: Table, measure: Callable[[str], str], wanted: str) -> str:
    """The inputs of which something is otherwise than it should be."""
    names = [column.name for column in table.inputs]
    told = "&".join(f'IF({measure(name)}={wanted},"","、{escaped(name)}")' for name in names)
    return f'=IFERROR(MID({told},2,{LONGEST_TEXT}),"")'


def quick(page: Page, table: Table, cells: Sequence[str]) -> list[str]:
    """The formulas of the columns QUICK of an Excel table that has a marker, which stand in ``cells``."""
    place = page.layout.places[table.name]
    last_row, inside, below, without, moved, next_row, slipped, _ = cells
    first, last = table.inputs[0].name, table.inputs[-1].name
    # From the last row on, so that rows put in under the table are looked at too; the table may have grown over some of them.
    rest, near = (place.below(first, last, place.last, rows) for rows in (None, DEPTH))
    grown = f"IF({inside}>{DEPTH},0,COUNTA({rest})-SUMPRODUCT((ROW({near})<={last_row})*(1-ISBLANK({near}))))"

    def top(name: str) -> str:
        return f"ROW(INDEX({place.below(name, name, place.last + 1, DEPTH)},1,1))"

    told = _told(table, below, without, slipped, f"{moved}>0")
    apart = f'"表 {table.name} 末行的下面插入了 "&-{inside}&" 行，不在表中；请删除，要加行请插在表中"'
    return [
        f"=ROW({_heading(table, SERIAL)})+ROWS({table.name}[{table.marker}])",
        f"={last_row}-ROW(INDEX({rest},1,1))+1",
        f"=IF({inside}<2,COUNTA({rest})-({inside}=1)*COUNTA(INDEX({rest},1,0)),{grown})",
        page.outside(states.rows_without_formulas(table, table.identifying, table.marker)),
        states.columns_out_of_order(table, page.scheme, partial(_heading, table)),
        f"={top(SERIAL)}",
        _differing(table, top, next_row),
        f"=IF({inside}<0,{apart},{told})",
    ]


def _heading(table: Table, name: str) -> str:
    return f"{table.name}[[#Headers],[{written_column(name)}]]"
