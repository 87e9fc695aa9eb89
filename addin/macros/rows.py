"""加行: blank rows at the end of a table."""

from __future__ import annotations

from typing import Any

from addin.macros.growing.growth import Growing, table_of, told_rows
from addin.macros.macro import FILLING, Kind, Option, Outcome, Progress, Subject, macro

MOST = 100_000


@macro(
    "rows",
    "加行",
    "Add rows",
    "在表的末尾留出空行，公式、格式、校验都带上；打在表下面的内容收进表内。已有的空行算在内，重复运行不会越加越多。",
    "Leaves blank rows at the end of a table, with formulas and formats; what stands below it is taken in.",
    FILLING,
    "TableRowsInsertBelowExcel",
    Option("count", "空行", Kind.NUMBER, 10, "表中应有几个空行"),
    Option("table", "表", Kind.TABLE, None, "哪个表；不填则为所选单元格所在的表，其次为人员表"),
)
def rows(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
    table = table_of(subject, options["table"])
    growing = Growing(subject, table)
    growth = growing.grown([], min(options["count"], MOST))
    told = f"；表下面的 {len(growing.strays)} 行收进了表内" if growing.strays else ""
    return Outcome(rows=growth.rows, edits=growth.edits, summary=told_rows(growth, table.name) + told)
