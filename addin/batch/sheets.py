"""Long lists written as a workbook row by row, in constant memory; where a sheet ends, the list goes on in another."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from addin.batch.storage import Address, Place, State, content_of, put, state_of
from addin.shared.exits import UserError
from addin.xlsx.streamed import StreamedSheet, StreamedWorkbook
from udfs import CellError
from udfs.values import ERRORS
from workbook_templates.formula.tokens import LAST_ROW, LONGEST_TEXT

MOST_ROWS = LAST_ROW + 1
FILE, UNIT, COUNTED = "文件", "单位", "人数或单位数"
_MORE = "……"
_MAKER = "kaohe batch"


class Written:
    """A workbook that is written and never held."""

    def __init__(self) -> None:
        self.book = StreamedWorkbook(_MAKER)

    def listing(
        self,
        name: str,
        headings: Sequence[str],
        widths: Sequence[int] = (),
        repeated: int = 1,
        clocks: Collection[str] = (),
    ) -> Listing:
        """As ``StreamedWorkbook.sheet``."""
        begin = partial(self.book.sheet, headings=headings, widths=widths, repeated=repeated, clocks=clocks)
        return Listing(name, begin)

    def save(self, place: Place, before: State) -> tuple[str, ...]:
        """Raises WorkbookError."""
        return put(place, self.book.write, before)


class Listing:
    """Rows under headings, on as many sheets as they need."""

    def __init__(self, name: str, begin: Callable[[str], StreamedSheet]) -> None:
        """``begin`` gives a sheet of a title."""
        self._name, self._begin = name, begin
        self._sheets = 1
        self._sheet = begin(name)

    def add(self, values: Sequence[Any]) -> None:
        self._with_room().add(_cells(values))

    def add_total(self, values: Sequence[Any]) -> None:
        self._with_room().add_total(_cells(values))

    def _with_room(self) -> StreamedSheet:
        if self._sheet.rows == MOST_ROWS:
            self._sheet = self._begin(f"{self._name}（续{self._sheets}）")
            self._sheets += 1
        return self._sheet


def _cells(values: Sequence[Any]) -> list[Any]:
    return [_cell(value) if isinstance(value, str) else value for value in values]


def _cell(text: str) -> str | CellError | None:
    """A text that a cell can hold; an error's name is the error, nothing is a blank."""
    if len(text) > LONGEST_TEXT:
        return text[: LONGEST_TEXT - len(_MORE)] + _MORE
    return ERRORS.get(text, text or None)


def refuse_what_is_not_ours(place: Place) -> None:
    """Raise UserError for a file that is there and was not made here, or can't be made."""
    if isinstance(place, Address) and place.within:
        raise UserError(f"{place} 在压缩包中，只能读；请换一个地方")
    if state_of(place) is None:
        return
    if not _is_ours(place):
        raise UserError(f"{place} 已存在，不是 kaohe batch 写的；请移走它或换一个文件名")


def _is_ours(place: Place) -> bool:
    """Whether a batch has written it, by its properties."""
    # Most batches meet no earlier report and needn't wait for the library.
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content_of(place)), read_only=True)
        book.close()
    except Exception:  # Whatever it is that can't be read, a batch hasn't written it.
        return False
    return str(book.properties.creator) == _MAKER
