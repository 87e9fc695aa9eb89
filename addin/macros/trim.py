"""去空行: a table without blank rows, which would stand on top when it is sorted from high to low."""

from __future__ import annotations

from typing import Any

from addin.macros.growing.growth import Growing, table_of
from addin.macros.macro import FILLING, Kind, Option, Outcome, Progress, Subject, macro
from workbook_templates.workbook.layout import LEAST_ROWS


@macro(
    "trim",
    "去空行",
    "Remove blank rows",
    "去掉表中没有填写的行，按得分排序时空行就不会排到前面；以后加人用“加人”“加行”或“粘贴名单”。",
    "Takes the blank rows out of a table, so that sorting doesn't put them on top.",
    FILLING,
    "TableRowsDeleteExcel",
    Option("table", "表", Kind.TABLE, None, "哪个表；不填则为所选单元格所在的表，其次为人员表"),
)
def trim(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
    table = table_of(subject, options["table"])
    growing = Growing(subject, table)
    kept = max(0, LEAST_ROWS - len(growing.rows) + len(growing.removable))
    gone = growing.removable[kept:]
    told = f"去掉了 {len(gone)} 个空行" if gone else "没有可以去掉的空行"
    return Outcome(rows=growing.without(gone), summary=f"表 {table.name} {told}")
