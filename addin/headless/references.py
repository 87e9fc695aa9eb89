"""What a formula's text refers to.

A formula is cut into its references and the text between them. References are kept relative to the formula's own cell, so
that the formulas of a filled-down column turn out equal, and structured references become plain blocks of cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from addin.xlsx.model import Area, Table, Workbook

LAST_ROW, LAST_COLUMN = 1_048_575, 16_383
MARK = "ref__"
CODED = "CODED__"


@dataclass(frozen=True)
class Reference:
    """A block of cells; a relative row or column is kept as the distance from the formula's cell."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    top_fixed: bool = True
    left_fixed: bool = True
    bottom_fixed: bool = True
    right_fixed: bool = True
    valid: bool = True
    within: tuple[int, int] | None = None
    """The rows of the table whose own row is meant (``[#This Row]``): elsewhere there is none."""

    def at(self, row: int, col: int) -> Area:
        """The block that a formula in this cell refers to; beyond the sheet's edge it goes on at the other end."""
        top = self.top if self.top_fixed else (self.top + row) % (LAST_ROW + 1)
        bottom = self.bottom if self.bottom_fixed else (self.bottom + row) % (LAST_ROW + 1)
        left = self.left if self.left_fixed else (self.left + col) % (LAST_COLUMN + 1)
        right = self.right if self.right_fixed else (self.right + col) % (LAST_COLUMN + 1)
        return Area(self.sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right))

    def as_large_as(self, other: Reference) -> Reference:
        """The block of the other's height and width that begins where this one does (if the other's size is fixed)."""
        if (other.top_fixed, other.left_fixed) != (other.bottom_fixed, other.right_fixed):
            return self
        height, width = other.bottom - other.top, other.right - other.left
        return replace(
            self,
            bottom=self.top + height,
            right=self.left + width,
            bottom_fixed=self.top_fixed,
            right_fixed=self.left_fixed,
        )

    @property
    def own_row(self) -> bool:
        """One row that moves with the formula's cell, in fixed or moving columns."""
        return not self.top_fixed and not self.bottom_fixed and self.top == self.bottom

    @property
    def moves(self) -> bool:
        return not (self.top_fixed and self.bottom_fixed)


INVALID = Reference("", 0, 0, 0, 0, valid=False)


@dataclass(frozen=True)
class Cut:
    """A formula's text with ``ref__0``, ``ref__1`` … in the places of its references."""

    text: str
    references: tuple[Reference, ...]


_TOKEN = re.compile(
    r"""
    (?P<string>"(?:[^"]|"")*")
  | (?P<bookcall>(?:'[^']*'|\[\d+\])!?(?P<called>KAOHE[._][A-Z]+)\()
  | (?P<own>\[0\]!)
  | (?P<outside>(?:'[^']*\[[^']*'|\[[0-9]+\](?:[^\W\d][\w.]*)?|(?:'[^']*:[^']*'|[^\W\d][\w.]*:[^\W\d][\w.]*))!)
  | (?P<structured>[^\W\d][\w.\\]*(?=\[)|(?<![\w\]'])(?=\[))(?P<inside>\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
  | (?P<sheet>(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?
    (?P<area>
        \$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}(?::\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6})?(?![\w.(\[!])
      | \$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w.(\[!])
      | \$?[1-9][0-9]{0,6}:\$?[1-9][0-9]{0,6}(?![\w.(])
    )
  | (?P<number>(?<![\w.\])$])(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.]))
  | (?P<call>[^\W\d][\w.]*)\(
  | (?P<word>[^\W\d][\w.]*!?|[0-9][\w.]*)
    """,
    re.VERBOSE,
)
_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]+)")
_COLUMNS = re.compile(r"(\$?)([A-Za-z]{1,3})")
_ROWS = re.compile(r"(\$?)([0-9]+)")
_LIBRE_CALL = re.compile(r"\bKAOHE\.(?=[A-Z]+\()")
_FUTURE = re.compile(r"_xlfn\.(?:_xlws\.)?|_xlws\.", re.IGNORECASE)


class UnsupportedReference(Exception):
    """A reference that can't be followed without the spreadsheet program (other files, several sheets)."""


def cut(text: str, sheet: str, row: int, col: int, workbook: Workbook, tables_here: list[Table]) -> Cut:
    """Cut the text of a formula that stands in the given cell."""
    text = _LIBRE_CALL.sub("KAOHE_", _FUTURE.sub("", text))
    references: list[Reference] = []

    def mark(reference: Reference) -> str:
        references.append(reference)
        return f"{MARK}{len(references) - 1}"

    def written(match: re.Match[str]) -> str:
        if match["string"] or match["word"]:
            return match[0]
        if match["call"]:
            return f"{_callable(match['call'])}("
        if match["own"]:
            return ""
        if match["outside"]:
            several = ":" in match["outside"] and "[" not in match["outside"]
            what = "同时引用了多个工作表" if several else "引用了其他工作簿"
            raise UnsupportedReference(f"{what}:{match['outside'][:-1]}")
        if match["number"]:
            # The parser knows neither .5 nor 1e3.
            return match[0] if match[0].isdigit() else repr(float(match[0])).upper()
        if match["bookcall"]:
            return match["called"].replace(".", "_") + "("
        if match["inside"]:
            table = _table(match["structured"], workbook, row, col, tables_here)
            return mark(_structured(match["inside"], table, row)) if table else mark(INVALID)
        return mark(_plain(match["area"], _sheet(match["sheet"], sheet, workbook), row, col))

    return Cut(_TOKEN.sub(written, text), tuple(references))


def _callable(name: str) -> str:
    """A function's name as the parser knows names: others are written as their code, to be told by ``called``."""
    # The parser would read INDIRECT("A1") as the reference itself.
    return name if name.isascii() and name.upper() != "INDIRECT" else CODED + name.encode().hex()


def called(name: str) -> str:
    """The function's name as it stands in the formula."""
    return bytes.fromhex(name.removeprefix(CODED)).decode() if name.startswith(CODED) else name


def _sheet(prefix: str | None, own: str, workbook: Workbook) -> str | None:
    if not prefix:
        return own
    name = prefix[:-1]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    for known in workbook.sheets:
        if known == name or known.lower() == name.lower():
            return known
    return None


@lru_cache(maxsize=100_000)
def column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _plain(text: str, sheet: str | None, row: int, col: int) -> Reference:
    if sheet is None:
        return INVALID
    first, _, last = text.partition(":")
    last = last or first
    if (start := _CELL.fullmatch(first)) and (end := _CELL.fullmatch(last)):
        cells = [
            (bool(c), column_number(name), bool(r), int(number) - 1)
            for c, name, r, number in (start.groups(), end.groups())
        ]
        (left_fixed, left, top_fixed, top), (right_fixed, right, bottom_fixed, bottom) = cells
    elif (start := _COLUMNS.fullmatch(first)) and (end := _COLUMNS.fullmatch(last)):
        left_fixed, left, right_fixed, right = (
            bool(start[1]),
            column_number(start[2]),
            bool(end[1]),
            column_number(end[2]),
        )
        top_fixed, top, bottom_fixed, bottom = True, 0, True, LAST_ROW
    else:
        start, end = _ROWS.fullmatch(first), _ROWS.fullmatch(last)
        if not start or not end:
            return INVALID
        top_fixed, top, bottom_fixed, bottom = bool(start[1]), int(start[2]) - 1, bool(end[1]), int(end[2]) - 1
        left_fixed, left, right_fixed, right = True, 0, True, LAST_COLUMN
    if max(top, bottom) > LAST_ROW or max(left, right) > LAST_COLUMN:
        return INVALID
    return Reference(
        sheet,
        top if top_fixed else top - row,
        left if left_fixed else left - col,
        bottom if bottom_fixed else bottom - row,
        right if right_fixed else right - col,
        top_fixed,
        left_fixed,
        bottom_fixed,
        right_fixed,
    )


def _table(name: str, workbook: Workbook, row: int, col: int, here: list[Table]) -> Table | None:
    if name:
        return next((table for known, table in workbook.tables.items() if known.lower() == name.lower()), None)
    inside = (t for t in here if t.first_row - 1 <= row <= t.last_row + 1 and t.first_col <= col <= t.last_col)
    return next(inside, None)


_ITEM = re.compile(r"\[((?:[^\[\]']|'.)*)\]")
_ROWS_OF = {"#data", "#all", "#headers", "#totals", "#this row"}


@lru_cache(maxsize=4096)
def _items(inside: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The row specifiers and the one or two column names of ``[[#This Row],[a]:[b]]``."""
    body = inside[1:-1].strip()
    if "[" not in body.replace("'[", ""):
        parts = [body]
    else:
        parts = _ITEM.findall(body)
        if body.startswith("@"):
            parts = ["#This Row", *parts]
    if len(parts) == 1 and parts[0].startswith("@"):
        parts = ["#This Row", *([parts[0][1:]] if len(parts[0]) > 1 else [])]
    rows = tuple(part.lower() for part in parts if part.lower() in _ROWS_OF)
    columns = tuple(re.sub(r"'(.)", r"\1", part) for part in parts if part.lower() not in _ROWS_OF and part)
    return rows, columns


def _structured(inside: str, table: Table, row: int) -> Reference:
    rows, columns = _items(inside)
    lowered = [name.lower() for name in table.columns]
    try:
        places = [lowered.index(name.lower()) for name in columns]
    except ValueError:
        return INVALID
    left = table.first_col + (min(places) if places else 0)
    right = table.first_col + (max(places) if places else len(table.columns) - 1)
    if "#this row" in rows:
        return Reference(
            table.sheet, 0, left, 0, right, False, True, False, True, within=(table.first_row, table.last_row)
        )
    top, bottom = table.first_row, table.last_row
    header, totals = table.first_row - 1, table.last_row + 1
    if "#all" in rows:
        top, bottom = (header if table.header else top), (totals if table.totals else bottom)
    elif rows and "#data" not in rows:
        top, bottom = (header, header) if "#headers" in rows else (totals, totals)
    elif "#headers" in rows:
        top = header
    elif "#totals" in rows:
        bottom = totals
    return Reference(table.sheet, top, left, bottom, right)
