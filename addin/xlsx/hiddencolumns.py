"""Which columns of a sheet are not looked at: those that are hidden, and those that may be folded away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from addin.xlsx.sheetdata import SheetData
from workbook_templates.formula.tokens import LAST_COLUMN

_COLUMN = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?col(?=\s)[^<>]*>")
_FROM, _TO = (re.compile(rb"\s%b\s*=\s*[\"']([^\"']*)" % name) for name in (b"min", b"max"))
_HIDDEN = re.compile(rb"\s(?:hidden\s*=\s*[\"'](?:1|true)|outlineLevel\s*=\s*[\"'][1-7])[\"']")


def hidden_columns(data: SheetData) -> set[int]:
    """Columns (from zero) that are hidden or may be folded away, whether they are just now or not."""
    return {col for cols, _ in columns_like(data, _HIDDEN) for col in cols}


def columns_like(data: SheetData, pattern: re.Pattern[bytes]) -> Iterator[tuple[range, re.Match[bytes]]]:
    """What is found in the declarations of columns, with the columns (from zero)."""
    for match in _COLUMN.finditer(data.scan, 0, data.start):
        first, last = (bound.search(match[0]) for bound in (_FROM, _TO))
        if first and last and (found := pattern.search(match[0])):
            yield range(int(first[1]) - 1, min(int(last[1]), LAST_COLUMN + 1)), found
