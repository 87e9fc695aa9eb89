"""粘贴名单: people or records of a list into a table, which becomes as long as it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from addin.macros.growing.clipboard import copied_text
from addin.macros.growing.growth import table_of
from addin.macros.growing.lists import of_text, read_list
from addin.macros.growing.roster import filled_in
from addin.macros.macro import FILLING, Kind, Option, Outcome, Progress, Subject, macro
from addin.macros.subject.tables import people


@macro(
    "paste",
    "粘贴名单",
    "Paste list",
    "把复制的名单（或名单文件）按列标题填进表里，表自动加长，公式、格式、校验都带上；已经在表中的人不重复。",
    "Fills a copied list (or a list in a file) into a table by its headings; the table grows with formulas and formats.",
    FILLING,
    "Paste",
    Option(
        "file", "名单文件", Kind.FILE, None, "名单文件（Excel 工作簿或文本）；不填则用剪贴板中复制的名单", kept=False
    ),
    Option("table", "表", Kind.TABLE, None, "填进哪个表；不填则为人员表"),
)
def paste(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
    table = table_of(subject, options["table"] or people(subject, None).name)
    alone = people(subject, table.name).person if options["table"] is None else table.columns[1]
    file = options["file"]
    listed = read_list(Path(file), table.columns, alone) if file else of_text(copied_text(), table.columns, alone)
    progress(1, 1, "粘贴名单")
    return filled_in(subject, table, listed, trimmed=options["table"] is None)
