"""Which table holds the people, and what its columns are for, told by their headings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from addin.macros.macro import Subject
from addin.shared.exits import UserError
from addin.shared.texts import shown
from addin.xlsx.model import BLANK, Cell
from addin.xlsx.plainlists import NUMBER, owner_column, person_column
from udfs.spelling import is_nobody
from udfs.vocabulary import ABSENT, GOOD, NO, YES
from workbook_templates.scheme.names import CHECK, PARAMETERS, PERSON, PERSON_KEY, SERIAL, SUMMARY, column_key

if TYPE_CHECKING:
    import pandas as pd

    from addin.macros.subject.looks import Look

_SERIAL = re.compile(r"^序\s*号$|^No\.?$", re.IGNORECASE)
_UNIT = re.compile(r"部门|科室|处室|单位|门店|机构|班组|年级$|学科$|岗位|编制|职级|分组|组别|学段|村居|人员类别|^类别$")
_SCORE = re.compile(r"得分|总分|分数|成绩|积分|考核分|综合分")
_RANK = re.compile(r"名次|排名|位次")
_GRADE = re.compile(r"等次|等级|档次|考核结果|评定结果|^类别$")
_VERDICT = re.compile(r"结论$|评价$")
"""A grade where it is a computed word; else somebody's marks."""
_PRIVATE = re.compile(r"身份证|电话|手机|银行|卡号|账号|住址")


@dataclass(frozen=True)
class People:
    """A table of people: its frame without spare rows, and its columns by what they are for (hidden ones left out)."""

    name: str
    frame: pd.DataFrame
    looks: dict[str, Look]
    computed: tuple[str, ...]
    person: str
    serial: str | None = None
    number: str | None = None
    units: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    others: tuple[str, ...] = field(default=())

    @property
    def score(self) -> str | None:
        """The score that decides: the last one in front of rank and grade."""
        columns = list(self.frame.columns)
        decided = [columns.index(name) for name in (*self.ranks, *self.grades)]
        computed = [name for name in self.scores if name in self.computed] or list(self.scores)
        before = [name for name in computed if not decided or columns.index(name) < min(decided)]
        return next(iter(reversed(before or computed)), None)

    @property
    def counted(self) -> str:
        """What its rows are counted in."""
        return "人" if is_person(self.person) else "个单位"

    @property
    def keys(self) -> list[str]:
        """The columns by which somebody is looked for."""
        return [column for column in (self.number, self.person, self.serial) if column]

    @property
    def results(self) -> list[str]:
        """The computed columns that are seen."""
        return [column for column in self.computed if not self.looks[column].hidden]

    @property
    def rows(self) -> list[int]:
        return [int(row) for row in self.frame.index]

    def known(self, columns: Iterable[str]) -> list[str]:
        """The columns as they are asked for; raises UserError, which lists those that there are."""
        for column in columns:
            if column not in self.frame.columns:
                raise UserError(f"表 {self.name} 中没有列 {column}；可用的列：{'、'.join(self.frame.columns)}")
        return list(columns)

    def value(self, row: int, column: str) -> Cell:
        return cast(Cell, self.frame.at[row, column])

    def text(self, row: int, column: str) -> str:
        return text(self.value(row, column))

    def state(self, row: int) -> str:
        """通过, 不参加, or what is wrong with a person's row."""
        return self.text(row, CHECK) if CHECK in self.frame.columns else GOOD

    def takes_part(self, row: int) -> bool:
        grades = {self.text(row, grade) for grade in self.grades}
        return self.state(row) != ABSENT and grades != {ABSENT}


def text(cell: Cell) -> str:
    """A value as the text by which people and groups are told apart."""
    return shown(cell).strip()


def people(subject: Subject, wanted: str | None) -> People:
    """The table of people: the one wanted, or the one that looks most like it. Raises UserError."""
    if wanted:
        if wanted not in subject.tables:
            raise UserError(f"工作簿中没有表 {wanted}；可用的表：{'、'.join(subject.tables) or '（无）'}")
        return _people(subject, wanted)
    found = _all_people(subject)
    if not found:
        raise UserError("没有找到人员表：应有一行列标题，其中有“姓名”或“工号”列，下面每人一行")
    return max(found, key=_likeness)


def registers_of(subject: Subject) -> list[str]:
    """The tables that are filled in row by row: neither parameters nor figures of 汇总."""
    homes = [subject.book.home(name) for name in (PARAMETERS, SUMMARY)]
    return [name for name, place in subject.places.items() if place.sheet not in homes]


def tables_of_results(subject: Subject) -> list[People]:
    """Every table with one row a person and results; else the one that looks most like it, if there is one."""
    found = _all_people(subject)
    full = [table for table in found if _likeness(table)[:4] == (True, True, True, 2)]
    return full or [max(found, key=_likeness)] if found else []


def computed_columns(subject: Subject, name: str, row: int | None = None) -> list[str]:
    """The columns of a table that formulas fill, by what stands in a row (left out: the first)."""
    place = subject.places[name]
    sheet = subject.book.workbook.sheets[place.sheet]
    blocks = {col for area in sheet.arrays.values() for col in range(area.left, area.right + 1)}
    return [
        column
        for col, column in enumerate(place.columns, start=place.first_col)
        if col in blocks or (place.first_row if row is None else row, col) in sheet.formulas
    ]


def _all_people(subject: Subject) -> list[People]:
    """The tables of people; where units are appraised and not people, those of units."""
    named = [name for name, table in subject.tables.items() if person_column(table.columns)]
    named = named or [name for name, table in subject.tables.items() if owner_column(table.columns)]
    return [_people(subject, name) for name in named]


def _likeness(table: People) -> tuple[bool, bool, bool, int, int, int]:
    """Filled, one row each, of people and not of records, with results and not only inputs, of more kinds, wide."""
    names = table.frame[table.person].map(text)
    results = set(table.computed) & {*table.scores, *table.ranks, *table.grades}
    told = 2 if results else 1 if table.scores or table.grades else 0
    kinds = sum(bool(set(table.computed) & set(kind)) for kind in (table.scores, table.ranks, table.grades))
    is_template, refers = PERSON_KEY in table.frame.columns, any(c.startswith(column_key()) for c in table.frame.columns)
    # Where a template's other tables find people there is one row a person, also if a name is entered twice; where those are
    # only named it is of records, also if each has but one as yet.
    one_a_row = (is_template and not refers) or (names.is_unique and (is_template or not refers))
    of_people = is_template or PERSON.search(table.person) is not None
    return len(names) > 0, one_a_row, of_people, told, kinds, len(table.frame.columns)


def is_person(column: str) -> bool:
    """Whether a column names people and not units."""
    return person_column([column]) is not None


def is_unit(column: str) -> bool:
    """Whether a column says what people belong to."""
    return _UNIT.search(column) is not None


def _people(subject: Subject, name: str) -> People:
    whole, looks = subject.tables[name], subject.looks[name]
    person = person_column(whole.columns) or owner_column(whole.columns)
    if person is None:
        raise UserError(f"表 {name} 中没有“姓名”或“工号”列")
    named = [row for row in whole.index if whole.at[row, person] not in BLANK]
    frame = whole.loc[[row for row in named if not is_nobody(whole.at[row, person])]]
    first = next(iter(frame.index), None)
    computed = tuple(c for c in computed_columns(subject, name, first) if c not in (SERIAL, CHECK))
    seen = [column for column in whole.columns if not looks[column].hidden]

    def like(pattern: re.Pattern[str]) -> tuple[str, ...]:
        return tuple(column for column in seen if pattern.search(column) and column != person)

    # What a template has filled in, before its check, is no result.
    filled_in = set(whole.columns[: whole.columns.get_loc(CHECK)]) if CHECK in whole.columns else set()
    ranks = tuple(c for c in like(_RANK) if c not in filled_in)
    verdicts = [c for c in like(_VERDICT) if c in computed and is_text(frame[c])]
    graded = {*like(_GRADE), *verdicts} - {*ranks, *filled_in}
    grades = tuple(column for column in seen if column in graded)
    units = tuple(c for c in like(_UNIT) if c not in (*ranks, *grades) and is_text(frame[c]))
    taken = {person, *ranks, *grades, *units, SERIAL, CHECK}
    scores = tuple(c for c in like(_SCORE) if c not in taken and not is_text(frame[c]))
    others = tuple(c for c in seen if c not in taken and c not in scores and not _PRIVATE.search(c))
    number = next(iter(like(NUMBER)), None)
    serial = next(iter(like(_SERIAL)), None)
    return People(name, frame, looks, computed, person, serial, number, units, scores, ranks, grades, others)


def is_text(column: pd.Series) -> bool:
    """Whether a column holds words (other than 是 and 否; a column of nothing does not)."""
    filled = [cell for cell in column if cell not in BLANK]
    return bool(filled) and all(isinstance(cell, str) for cell in filled) and not set(filled) <= {YES, NO}
