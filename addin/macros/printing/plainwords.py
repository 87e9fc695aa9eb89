"""What a slip tells somebody who knows nothing of the workbook: items with full marks, results as sentences, what is paid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from addin.headless.inspection import Place
from addin.macros.explaining.steps import Explainer
from addin.macros.explaining.words import Told
from addin.macros.macro import Subject
from addin.macros.subject.looks import displayed
from addin.macros.subject.tables import People
from addin.macros.tools.capitals import capitals
from addin.shared.texts import full_width
from addin.xlsx.model import Cell, CellError, is_number
from udfs.values import number_text
from workbook_templates.scheme.names import CHECK, SERIAL

MOST_DECIMALS = 4
FULL = "满分"
_LONG = re.compile(rf"\d+\.\d{{{MOST_DECIMALS + 1},}}")
_WHOLE = re.compile(r"[(（]全列[^()（）]*[)）]")
_BLANK_NUMBER = re.compile(r"（空白）(?= ?[×÷])")
_TELLS_NOTHING = re.compile(r"（空白）|不成立|TRUE|校验|名次 [0-9.]+$")
_HELD_BACK = re.compile("扣|余额|未发")
_CONSTANT = re.compile("[0-9.]+")
_NOT = re.compile(r"(“[^”]*”)，不是“[^”]*”")


@dataclass(frozen=True)
class Item:
    """One line of the table of items: what there was to be had, and what was had."""

    name: str
    full: str
    score: str
    lost: str


class PlainWords:
    """Tells one table's people their results."""

    def __init__(self, subject: Subject, table: People) -> None:
        self._subject = subject
        self._table = table
        self._explainer = Explainer(subject, private=True)
        scheme = self._explainer.sayings.scheme
        self._declared = next((t for t in scheme.tables if t.name == table.name), None) if scheme else None
        self._formats = {name: look.format for name, look in table.looks.items()}

    def items(self, row: int) -> list[Item]:
        """The scored items of a person, in the order of the sheet, that have a full mark."""
        found = []
        for column in self._table.frame.columns:
            if self._table.looks[column].hidden or column in (SERIAL, CHECK):
                continue
            value, full = self._table.value(row, column), self._full(column)
            if full is not None and is_number(value):
                lost = round(Decimal(repr(full)) - Decimal(repr(float(value))), MOST_DECIMALS)
                told = f"{'扣' if lost > 0 else '加'} {number_text(float(abs(lost)))} 分" if lost else ""
                found.append(Item(column, number_text(full), self.shown(row, column), told))
        return found

    def _full(self, column: str) -> float | None:
        """The full mark of a column: the greatest value that may be entered, or the parameter that is called so."""
        declared = next((c for c in self._declared.inputs if c.name == column), None) if self._declared else None
        bound = (
            declared.max if declared is not None and declared.type == "number" and declared.unit in ("", "分") else None
        )
        names = [f"{column.removesuffix(end)}{FULL}" for end in ("得分", "分") if column.endswith(end)]
        if isinstance(bound, str):
            names = [bound] if FULL in bound else []
        elif declared is not None:
            return None
        return next((value for name in names if (value := self._named(name)) is not None), None)

    def _named(self, name: str) -> float | None:
        cell = self._subject.book.named_cell(name)
        value = self._subject.book.value(*cell) if cell is not None else None
        return float(value) if is_number(value) else None

    def sentences(self, row: int, columns: list[str], whole: bool, untold: set[str]) -> list[str]:
        """How these results came about, from left to right, each in a sentence; ``whole``: with the hidden
        steps; ``untold``: but for these columns."""
        places = [self._explainer.place(self._table.name, row, column) for column in columns]
        left = self._subject.places[self._table.name].first_col
        found, said_already = [], set[str]()
        for place in self._explainer.row_steps(places):
            column = self._table.frame.columns[place.col - left]
            if column not in untold and (whole or not self._table.looks[column].hidden):
                found.append(self._sentence(row, column, place, whole, said_already))
        return [line for line in found if line]

    def _sentence(self, row: int, column: str, place: Place, whole: bool, said_already: set[str]) -> str:
        """``said_already``: a condition is told once on a slip, unless there is nothing else to tell."""
        told, because = self._explained(place, whole)
        if told is None:
            return ""
        value, shown = self._explainer.labels.value(place), self.shown(row, column)
        words = "" if told.words == value or told.same or _CONSTANT.fullmatch(told.words) else told.words
        if words:
            because = [reason for reason in because if reason not in said_already]
            said_already.update(because)
        # Nothing, where nothing was to be had or lost, needs no sentence.
        is_nothing = self._table.value(row, column) == 0 and not self.is_money(column)
        is_cut = "，最低" in full_width(words) and not words.startswith("0 −")
        if not because and (not words or (is_nothing and not is_cut)):
            return ""
        if self.is_money(column):
            shown += "元"
        is_text = isinstance(self._table.value(row, column), str)
        if told.sentence and (is_text or words):
            return full_width(f"{column}：{told.sentence}，{f'定为{shown}' if is_text else f'得 {shown}'}") + "。"
        if column in self._table.ranks:
            line = f"{column}：{words.replace('的名次', f'排第 {shown} 名', 1)}"
        elif is_text:
            line = f"{column}：{words}，定为{shown}" if words else f"{column}：{shown}"
        else:
            line = f"{column}：{words} = {shown}" if words else f"{column}：{shown}"
        return _plain(line + (f"（{'；'.join(because)}）" if because else "")) + "。"

    def _explained(self, place: Place, whole: bool) -> tuple[Told | None, list[str]]:
        """A cell's formula, or that of the hidden cell of the same row whose value it repeats; and why."""
        because: list[str] = []
        while (told := self._explainer.told(place)) is not None:
            because += [
                reason for reason in told.because if reason not in told.failed and not _TELLS_NOTHING.search(reason)
            ]
            same = told.same
            if same is None or whole or (same.sheet, same.row) != (place.sheet, place.row) or not self._is_hidden(same):
                break
            place = same
        return told, list(dict.fromkeys(because))

    def _is_hidden(self, place: Place) -> bool:
        left = self._subject.places[self._table.name].first_col
        columns = self._table.frame.columns
        return 0 <= place.col - left < len(columns) and self._table.looks[columns[place.col - left]].hidden

    def shown(self, row: int, column: str) -> str:
        """A value as its cell shows it."""
        return on_slip(self._table.value(row, column), self._formats[column])

    def is_money(self, column: str) -> bool:
        units = {each.name: each.unit for each in self._declared.computed} if self._declared else {}
        declared = units.get(column, "")
        return (
            declared == "元" if declared else self._formats[column] in ("#,##0.00", "#,##0") and column in self._money
        )

    @property
    def _money(self) -> set[str]:
        """Columns whose numbers look like money, in a table whose amounts are in 元."""
        if self._declared is None or self._declared.unit != "元":
            return set()
        return {column.name for column in self._declared.computed}

    def in_words(self, row: int) -> str:
        """The amount that is paid, in figures and in capitals; nothing where there is none."""
        money = [
            column for column in self._table.computed if self.is_money(column) and not self._table.looks[column].hidden
        ]
        totalled = {column.name for column in self._declared.computed if column.total} if self._declared else set()
        money = [name for name in money if not _HELD_BACK.search(name)] or money
        money = [name for name in money if name in totalled] or money
        column = money[-1] if money else None
        value = self._table.value(row, column) if column else None
        if column is None or not isinstance(value, int | float) or isinstance(value, bool):
            return ""
        return f"{column}：{self.shown(row, column)}元（大写：{capitals(Decimal(repr(float(value))))}）"


def on_slip(value: Cell, code: str) -> str:
    """A value as its cell shows it, a long one rounded."""
    if isinstance(value, CellError):
        return value.value
    return _rounded(displayed(value, code))


def _rounded(text: str) -> str:
    def shorter(match: re.Match[str]) -> str:
        return number_text(float(round(Decimal(match[0]), MOST_DECIMALS)))

    return _LONG.sub(shorter, text)


def _plain(line: str) -> str:
    """Without what only the workbook's maker understands, in the punctuation of a letter."""
    line = _WHOLE.sub("", _BLANK_NUMBER.sub(" 0 ", line).replace("  ", " "))
    return _NOT.sub(r"\1", full_width(line))
