"""The computation of a cell as a tree, down to what was filled in; each step with its cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from addin.checking.reasons import Reasons
from addin.headless.inspection import CellFormulas, Place, places
from addin.macros.explaining.labels import Labels, address, own_row
from addin.macros.explaining.sayings import Sayings
from addin.macros.explaining.words import Told, Words
from addin.macros.macro import Message, Subject
from addin.shared.texts import full_width
from addin.xlsx.model import BLANK, Area, CellError, cell_name
from workbook_templates.scheme.names import PERSON_KEY, SERIAL, column_key, is_check

MOST_STEPS = 400
MOST_DEPTH = 60
MOST_CELLS = 12
"""A block of more cells is one step: everybody's scores are not told one by one."""
INDENT = "  "
AGAIN = "（见上）"


@dataclass(frozen=True)
class Step:
    """A line of the explanation, and the lines that explain it."""

    text: str
    sheet: str
    cell: str
    notes: tuple[str, ...] = ()
    children: list[Step] = field(default_factory=list)

    def lines(self, depth: int = 0) -> Iterator[Message]:
        yield Message(INDENT * depth + full_width(self.text), self.sheet, self.cell)
        for note in self.notes:
            yield Message(INDENT * (depth + 1) + full_width(note))
        for child in self.children:
            yield from child.lines(depth + 1)


class Explainer:
    """Explains cells of one workbook; what it has explained once it only mentions the next time."""

    def __init__(self, subject: Subject, private: bool = False) -> None:
        """``private``: what is told may be handed to one of the people, so that nothing of the others' values is told."""
        self.labels = Labels(subject, private)
        self._book = subject.book
        self.formulas = CellFormulas(subject.book)
        self.sayings = Sayings(subject, self.labels)
        self._words = Words(self.formulas, self.labels)
        self._known: set[Place] = set()
        self._told: dict[Place, Told | None] = {}
        self._depth = 0
        self._asked: Place | None = None

    @cached_property
    def _reasons(self) -> Reasons:
        return Reasons(self._book)

    def place(self, table: str, row: int, column: str) -> Place:
        """Where a value of a table stands, by its row of the sheet and its heading."""
        found = self._book.places[table]
        return Place(found.sheet, row, found.column(column))

    def told(self, place: Place) -> Told | None:
        if place not in self._told:
            told = self._told[place] = self._words.tell(place)
            if told is not None:
                told.sentence = self.sayings.sentence(place, self.formulas.cell(place))
        return self._told[place]

    def line(self, place: Place) -> str:
        """A cell's computation as one line, as it fits a slip; empty for a cell that nobody computes."""
        told = self.told(place)
        if told is None:
            return ""
        label, value = self.labels.cell(place, place), self.labels.value(place)
        because = f"({';'.join(told.because)})" if told.because else ""
        rounding = f"({';'.join(told.rounding)})" if told.rounding else ""
        words = "" if told.words == value else f"{told.sentence or told.words} = "
        return full_width(f"{label}:{words}{value}{because}{rounding}")

    def row_steps(self, cells: list[Place]) -> list[Place]:
        """The formula cells of the same row that these cells were computed from, themselves included, from left to right."""
        found: set[Place] = set()
        waiting = list(cells)
        while waiting:
            place = waiting.pop()
            told = self.told(place) if place not in found and self.formulas.cell(place) not in BLANK else None
            heading = self.labels.heading(place) or ""
            if told is None or is_check(heading) or heading == SERIAL:
                continue
            found.add(place)
            for area in told.reads:
                if area.sheet == place.sheet and area.top <= place.row <= area.bottom:
                    waiting += [Place(area.sheet, place.row, col) for col in range(area.left, area.right + 1)]
        return sorted(found)

    def explained(self, place: Place) -> bool:
        return place in self._known

    def step(self, place: Place, seen_from: Place | None = None) -> Step:
        """A cell and, below it, what it was computed from."""
        if self._depth == 0:
            self._asked = place
        start = f"{self.labels.cell(place, seen_from or place)} = {self.labels.value(place)}"
        cell = cell_name(place.row, place.col)
        if not self.formulas.is_formula(place) or self.labels.heading(place) == SERIAL:
            return Step(start, place.sheet, cell)
        if place in self._known:
            return Step(start + AGAIN, place.sheet, cell)
        if self._is_of_another(place):
            return Step(start, place.sheet, cell)
        full = len(self._known) >= MOST_STEPS or self._depth >= MOST_DEPTH
        if not full:
            self._known.add(place)
        told = None if full else self.told(place)
        if told is None:
            return Step(
                f"{start}（步骤太多，请单独解释这一格）" if full else f"{start}（公式无法说明）", place.sheet, cell
            )
        words = told.sentence or told.words
        notes = [f"算法：{words}"] if words != self.labels.value(place) else []
        notes += [f"因为：{reason}" for reason in told.because]
        notes += [f"取整：{rounding}" for rounding in told.rounding]
        if isinstance(self.formulas.cell(place), CellError):
            notes.append(f"结果是错误值：{self._reasons.reason(*place) or '请检查下面的单元格'}")
        step = Step(start, place.sheet, cell, tuple(notes))
        self._depth += 1
        for area in dict.fromkeys(told.reads):
            step.children.extend(self._read(area, place))
        self._depth -= 1
        return step

    def _read(self, area: Area, reader: Place) -> Iterator[Step]:
        alone = area.rows * area.columns == 1
        if not alone and (area.rows * area.columns > MOST_CELLS or (area.rows > 1 and self._is_list(area))):
            found = own_row(area, reader)[:MOST_CELLS]
            extent = self.labels.extent(area, few=0) if found else self.labels.extent(area)
            yield Step(f"{self.labels.column(area)}:{extent}", area.sheet, address(area))
        else:
            found = places(area)
        for place in found:
            heading = self.labels.heading(place) or ""
            if place == reader or is_check(heading) or heading == PERSON_KEY or heading.startswith(column_key("")):
                continue
            if alone or self.formulas.cell(place) not in BLANK:
                yield self.step(place, reader)

    def _is_of_another(self, place: Place) -> bool:
        """Whether a cell is another person's than the one who is asked about: how it came about is told when that one is
        asked about, or where it is an error."""
        asked, table = self._asked, self.labels.table(place)
        return (
            asked is not None
            and table is not None
            and self.labels.table(asked) is table
            and self.labels.is_of_people(place.area)
            and self.labels.key(place, table) != self.labels.key(asked, table)
            and not isinstance(self.formulas.cell(place), CellError)
        )

    def _is_list(self, area: Area) -> bool:
        """Whether a block's rows are other people's, or entries: what they came from is not told one by one."""
        return area.columns > 1 or self.labels.table(Place(area.sheet, area.top, area.left)) is not None
