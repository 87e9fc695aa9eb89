"""What is wrong with a workbook: where, what stands there, and which rule it breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from addin.shared.texts import shown
from addin.xlsx.model import Cell
from udfs.checks import SEPARATOR

_NAME = re.compile(rf"(^|{SEPARATOR})([^:：{SEPARATOR}]*):(?=[\u3400-\u9fff“])")
"""What the column 校验 puts before a problem; formulas read its colon, so that it is not the full-width one of a sentence."""


def sentence(verdict: str) -> str:
    """What the column 校验 says as it is read."""
    return _NAME.sub(r"\1\2：", verdict)


@dataclass(frozen=True)
class Fault:
    """One thing wrong. ``is_unfinished``: nothing but a cell that is still to be filled in."""

    sheet: str
    cell: str
    value: Cell
    rule: str
    is_unfinished: bool = False

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell} 的值 {shown(self.value) or '（空白）'}：{self.sentence}"

    @property
    def sentence(self) -> str:
        """The rule as it is read."""
        return sentence(self.rule)

    @property
    def told(self) -> str:
        """For those who show the place themselves."""
        return f"{self.sentence}（现在的值：{shown(self.value) or '空白'}）"
