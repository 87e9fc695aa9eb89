"""How the tests of macros run one, on a day that is always the same."""

from __future__ import annotations

import io
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from addin.macros import MACROS
from addin.macros.macro import Document, Outcome, Subject
from addin.macros.subject.reading import read_subject

NOW = datetime(2026, 1, 5, 9, 30)  # A Monday.


@lru_cache(maxsize=4)
def _subject(path: Path, content: bytes, selection: str | None) -> Subject:
    return read_subject(path, selection, NOW)


def read(path: Path, selection: str | None = None) -> Subject:
    """The Subject of a file; since macros leave it as it is, the same content is computed only once."""
    return _subject(path, path.read_bytes(), selection)


def run(name: str, path: Path, selection: str | None = None, **options: Any) -> Outcome:
    """Run a macro on a file on Monday, 5 January 2026."""
    return MACROS[name](read(path, selection), options)


def lines(outcome: Outcome) -> list[str]:
    """The messages, each with its cell behind it."""
    return [f"{m.text} [{m.sheet}!{m.cell}]" if m.cell else m.text for m in outcome.messages]


def sheet(document: Document) -> Worksheet:
    """The first sheet of a document."""
    found = load_workbook(io.BytesIO(document.content)).active
    assert isinstance(found, Worksheet)
    return found


LONG = "妇幼保健和计划生育技术服务中心（含预防接种门诊）"
LONG_UNIT = "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县人民医院医疗共同体"


def height_beside(page: Worksheet, text: str) -> float:
    """The height of the first row in which a text stands."""
    return next(page.row_dimensions[c.row].height or 0.0 for row in page.iter_rows() for c in row if c.value == text)


def texts(document: Document) -> list[list[Any]]:
    """The filled cells of a document's first sheet, row by row."""
    rows = [[cell for cell in row if cell is not None] for row in sheet(document).iter_rows(values_only=True)]
    return [row for row in rows if row]
