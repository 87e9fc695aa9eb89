"""A sheet as XlsxWriter writes it, and what it can't: formulas as they are, rows that grow, blocks that stay together on a page."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from xlsxwriter.worksheet import Worksheet

from workbook_templates.formula.tokens import LONGEST
from workbook_templates.scheme.data import DataError

LINE_HEIGHT = 18
"""Points, of texts by themselves."""
_POINT = 0.75
"""Of a pixel."""
_UNSET = 16.5
"""Points that a row takes whose height is left to the program."""
_PAGE_WIDTH, _PAGE_HEIGHT = 1026, 494
"""Pixels across and points down that A4 has room for when it lies."""
_FULL = 0.96
"""How full a page may be: programs don't agree on the last lines."""
_SHORT, _LEAST = 0.4, 4
"""The share of a page that a block takes which is not divided, and the rows of a longer one that stay together: heading, names, two more."""


def pixels(width: float) -> float:
    """What a column takes that is so many characters wide."""
    return width * 7 + 5


class Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas our printer has written, and whose rows can grow."""

    def __init__(self) -> None:
        super().__init__()
        self._growing: set[int] = set()
        self._blocks: list[int] = [0]

    def grow(self, row: int, height: float) -> None:
        """A row (zero-based) as high as its texts now take: it becomes higher where longer ones are typed, as nobody has set its height."""
        self.set_row(row, height)
        self._growing.add(row)

    def _xml_start_tag_unencoded(self, tag: str, attributes: list[tuple[str, Any]]) -> None:
        """The beginning of a row, the only one that XlsxWriter writes so."""
        is_growing = dict(attributes)["r"] - 1 in self._growing
        super()._xml_start_tag_unencoded(
            tag, [each for each in attributes if not is_growing or each[0] != "customHeight"]
        )

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Our printer has written all prefixes; XlsxWriter would look for thirty functions in every formula."""
        text = formula.removeprefix("=")
        if len(text) > LONGEST:
            raise DataError(
                f"工作表 {self.name} 要有一个 {len(text)} 个字符的公式，超过 Excel 的上限 {LONGEST} 个：表的列太多，请分成几张表"
            )
        return text

    def begin_block(self, row: int) -> None:
        """A heading in this row (zero-based), below those before, and what it is of."""
        self._blocks.append(row)

    def keep_together(self, end: int, columns: int) -> None:
        """Let a page end before a heading that would be the last on it, and before a short block that it would divide.

        ``end``: the row behind the last block; ``columns``: as many as are printed.
        """
        width = sum(self._size_col(col) for col in range(columns))
        room = _PAGE_HEIGHT / min(1, _PAGE_WIDTH / width) * _FULL
        ends, used = [], 0.0
        for first, behind in pairwise([*self._blocks, end]):
            heights = [max(_UNSET, self._size_row(row) * _POINT) for row in range(first, behind)]
            whole = sum(heights)
            if used + (whole if whole <= room * _SHORT else sum(heights[:_LEAST])) > room:
                ends.append(first)
                used = 0.0
            for height in heights:
                used = used + height if used + height <= room else height
        self.set_h_pagebreaks(ends)
