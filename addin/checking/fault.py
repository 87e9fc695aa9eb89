"""What is wrong with a workbook: where, what stands there, and which rule it breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from addin.shared.texts import shown
from addin.xlsx.cellreader import place
from addin.xlsx.model import Cell, area_name
from udfs.checks import SEPARATOR
from udfs.vocabulary import PENDING
from workbook_templates.formula.references import Area

_NAME = rf"(^|{SEPARATOR})([^:：{SEPARATOR}]*):(?=[\u3400-\u9fff“])"
"""What the column 校验 puts before a problem; formulas read its colon, so that it is not the full-width one of a sentence.

It is compiled where something is wrong."""

_UNKNOWN = rf"表 ([^{SEPARATOR}]+) 中没有这个[^{SEPARATOR}]+"
_ONE_CELL = r"[A-Z]+[0-9]+"
_MOST_VALUES = 3
"""Different ones that are told of cells below each other."""


def sentence(verdict: str) -> str:
    """What the column 校验 says as it is read, and what to do about somebody or something that another table doesn't have."""
    return re.sub(_UNKNOWN, r"\g<0>，请改正，或先填入表 \1", re.sub(_NAME, r"\1\2：", verdict))


@dataclass(frozen=True)
class Fault:
    """One thing wrong. ``is_unfinished``: nothing but a cell that is still to be filled in, or several of them (``A1:B2``)."""

    sheet: str
    cell: str
    value: Cell
    rule: str
    is_unfinished: bool = False

    def __str__(self) -> str:
        if self._is_several:
            return f"{self.sheet}!{self.cell} {self.sentence}"
        return f"{self.sheet}!{self.cell} 的值 {shown(self.value) or '（空白）'}：{self.sentence}"

    @property
    def sentence(self) -> str:
        """The rule as it is read."""
        return sentence(self.rule)

    @property
    def told(self) -> str:
        """For those who show the place themselves."""
        return self.sentence if self._is_several else f"{self.sentence}（现在的值：{shown(self.value) or '空白'}）"

    @property
    def _is_several(self) -> bool:
        return self.is_unfinished and ":" in self.cell


def folded(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Every fault, by sheets: those of cells below each other that break the same rule are one, behind them what is to be filled in
    yet, one in a row, and in rows below each other that lack the same."""
    for _, of_sheet in groupby(faults, key=lambda fault: fault.sheet):
        several = list(of_sheet)
        yield from _alike(fault for fault in several if not fault.is_unfinished)
        yield from _to_fill_in(fault for fault in several if fault.is_unfinished)


def _alike(faults: Iterable[Fault]) -> Iterator[Fault]:
    found: list[list[Fault]] = []
    latest: dict[tuple[int, str], list[Fault]] = {}
    for fault in faults:
        if not re.fullmatch(_ONE_CELL, fault.cell):
            found.append([fault])
            continue
        row, col = place(fault.cell)
        group = latest.get((col, fault.rule))
        if group is None or place(group[-1].cell)[0] != row - 1:
            found.append(group := [])
            latest[col, fault.rule] = group
        group.append(fault)
    for group in found:
        yield group[0] if len(group) == 1 else _together(group)


def _together(group: list[Fault]) -> Fault:
    sheet, rule = group[0].sheet, group[0].rule
    (top, col), (bottom, _) = place(group[0].cell), place(group[-1].cell)
    values = list(dict.fromkeys(shown(fault.value) or "空白" for fault in group))
    told = "、".join(values[:_MOST_VALUES]) + (f" 等 {len(values)} 种" if len(values) > _MOST_VALUES else "")
    return Fault(sheet, area_name(Area(sheet, top, col, bottom, col)), told, rule)


def _to_fill_in(faults: Iterable[Fault]) -> Iterator[Fault]:
    found: list[tuple[Area, list[Fault]]] = []
    for (sheet, row), of_row in groupby(faults, key=lambda fault: (fault.sheet, place(fault.cell)[0])):
        cells = list(of_row)
        columns = [place(fault.cell)[1] for fault in cells]
        area = Area(sheet, row, min(columns), row, max(columns))
        if found:
            above, same = found[-1]
            if (
                above._replace(top=row, bottom=row) == area
                and above.bottom == row - 1
                and _names(same) == _names(cells)
            ):
                found[-1] = above._replace(bottom=row), same
                continue
        found.append((area, cells))
    for area, cells in found:
        if area.rows == len(cells) == 1:
            yield cells[0]
        else:
            yield Fault(area.sheet, area_name(area), None, f"{PENDING}：{'、'.join(_names(cells))}", is_unfinished=True)


def _names(faults: list[Fault]) -> list[str]:
    """Of the columns."""
    return [fault.rule.partition(":")[0] for fault in faults]
