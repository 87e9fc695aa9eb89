"""Values and tables as text: aligned for a terminal, where a Chinese character takes two columns, or as safe CSV."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import chain, count
from math import isfinite
from pathlib import Path
from typing import Any

from addin.shared.exits import UserError
from addin.shared.widths import width
from udfs import CellError
from udfs.values import number_text

Rows = list[dict[str, Any]]
RISKY = "=+-@＝＋－＠"
"""What a spreadsheet program takes for the beginning of a formula, the full-width forms included."""
BOM = "\ufeff"
_ENCODINGS = ("utf-8-sig", "utf-16", "gb18030")
_BYTE_ORDERS = (b"\xff\xfe", b"\xfe\xff")
NO_TEXT = "名单 {} 不是文本文件，也不是 Excel 工作簿（.xlsx）"


def shown(value: Any) -> str:
    """A value as one line of text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return value.value
    if isinstance(value, float):
        return number_text(value) if isfinite(value) else str(value)
    # A line break would tear the table, and an escape sequence from a workbook could take the terminal over.
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in str(value))


def free_name(name: str, is_taken: Callable[[str], bool], form: str = "{} ({})") -> str:
    """A name, or with the first number behind it with which it isn't taken."""
    numbered = (form.format(name, number) for number in count(2))
    return next(each for each in chain([name], numbered) if not is_taken(each))


_QUOTED = re.compile("(“[^”]*”)")
_FULL_WIDTH = (
    (re.compile(r"(?<!\d),|,(?!\d{3})"), "，"),
    (re.compile("(?<![A-Za-z0-9]):|:(?![A-Za-z0-9])"), "："),
    (re.compile(";"), "；"),
    (re.compile(r" ?\("), "（"),
    (re.compile(r"\) ?(?!\d)|\)"), "）"),
)


def full_width(line: str) -> str:
    """A line in the punctuation of Chinese; numbers, times and what is quoted stay as they are."""
    parts = _QUOTED.split(line)
    for place in range(0, len(parts), 2):
        for mark, full in _FULL_WIDTH:
            parts[place] = mark.sub(full, parts[place])
    return "".join(parts)


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Lines of cells, each column as wide as its widest cell."""
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


_PLAIN = re.compile(r"[\w.:/\\-]+")


def as_typed(path: Path | str) -> str:
    """A path as it is typed in a terminal: in quotes where a shell would take it apart."""
    return str(path) if _PLAIN.fullmatch(str(path)) else f'"{path}"'


def text_table(lines: Rows) -> str:
    """Rows under their headings."""
    if not lines:
        return "（没有填写的行）"
    return aligned([[shown(name) for name in lines[0]], *([shown(value) for value in row.values()] for row in lines)])


def csv_text(lines: Rows) -> str:
    """Rows as CSV that Excel reads: UTF-8 with a mark, and no text that it would take for a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    if lines:
        writer.writerow([_harmless(name) for name in lines[0]])
    writer.writerows([_harmless(value) for value in row.values()] for row in lines)
    return BOM + stream.getvalue()


def _harmless(value: Any) -> str:
    if not isinstance(value, str):
        return shown(value)
    begins_formula = value.strip() and value.lstrip()[0] in RISKY and not _is_number(value)
    return "'" + value if begins_formula or value.startswith(("\t", "\r", "\n")) else value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii()


def separated(text: str, separator: str = ",") -> list[list[str]]:
    """The cells of a list's text, line by line; raises UserError for a quotation mark without another, which hides what follows."""
    written = list(io.StringIO(text, newline=None))
    reader = csv.reader(written, delimiter=separator)
    lines, begun, ended = [], 0, 0
    try:
        for line in reader:
            lines.append(line)
            begun, ended = ended, reader.line_num
        is_open = ended - begun > 1 and "".join(written[begun:]).count('"') % 2 == 1
    except csv.Error:  # A cell that is too long.
        begun, is_open = ended, True
    if is_open:
        raise UserError(f"名单第 {begun + 1} 行的引号没有配对，它以下的读不出来；请补上或删去引号")
    return lines


def decoded(content: bytes) -> str | None:
    """A text as programs save it in China, Excel's CSV among them; None where it is none."""
    for encoding in _ENCODINGS:
        if encoding == "utf-16" and not content.startswith(_BYTE_ORDERS):
            continue
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
