"""How many people, or units, a workbook of a batch is about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from addin.batch.work import DONE, Done, Listed, counted, people_of
from addin.headless.session import Session
from addin.xlsx.results import columns
from tests.support import CASES, built
from workbook_templates.scheme.catalogue import sample

COUNTED: dict[str, int | None] = {
    "annual-grade-15pct": 22,
    "cashier-monthly": 14,
    # One centre, whose items of the assessment are listed.
    "chc-item-sheet": None,
    "civil-servant-linked": 20,
    "clinic-institutions": 20,
    "company-dept-coefficient": 10,
    "company-quarterly": 12,
    "corporate-kpi-grades": 12,
    "county-group-quota": 32,
    "county-hospital-two-level": 19,
    "county-schools": 15,
    "designers": 14,
    "education-bureau-360": 16,
    "education-pay-policy": 18,
    "ethics-veto-four-grade": 24,
    "factory-calibrated": 20,
    "foreman-fund": 14,
    "health-centre-heads": 17,
    "health-centre-staff": 12,
    "homeroom-teacher": 12,
    "hospital-commission": 17,
    "hospital-middle-managers": 22,
    "hotel-sales": 12,
    "incident-severity": 13,
    "logistics-supervisor": 12,
    "meiduo-primary": 14,
    # 15 who teach, and 5 others in a table of their own.
    "middle-school-groups": 20,
    "primary-addons": 16,
    "primary-three-part": 12,
    "rank-steps": 25,
    # In 22 rows, as some are members of several projects.
    "rd-five-part": 14,
    "rd-project-bonus": 14,
    "retail-store": 8,
    "school-allowances": 18,
    "school-detailed": 12,
    "school-point-value": 10,
    "school-year-grade": 16,
    "security-guards": 18,
    "teacher-coefficient": 15,
    "township-quarterly": 10,
    "township-votes": 22,
    "vocational-200": 18,
}
"""Of the samples; records name people again."""


def test_every_sample_is_counted() -> None:
    assert COUNTED.keys() == {path.stem for path in CASES.glob("*.json")}


@pytest.mark.parametrize("slug", COUNTED)
def test_people_are_counted_once_however_many_rows_name_them(slug: str) -> None:
    book = Session(Path(f"{slug}.xlsx"), built(slug, sample(slug))).book
    assert counted([columns(book, name) for name, _ in people_of(book)]) == COUNTED[slug]


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ([], None),
        ([{"姓名": []}], 0),
        ([{"姓名": ["甲", "乙", " 甲", "", None]}], 2),
        # Namesakes are told apart by their numbers, which are numbers or texts.
        ([{"姓名": ["甲", "甲", "乙"], "工号": ["A1", "A2", ""]}], 3),
        ([{"工号": [7.0, 8.0]}, {"工号": ["8", "9"]}], 3),
        # Whoever has a number in one table is the same person in another that has none.
        ([{"姓名": ["甲", "乙"], "工号": ["A1", "A2"]}, {"姓名": ["乙", "丙"]}], 3),
        ([{"姓名": ["甲", "乙", "合计"]}], 2),
        ([{"姓名": ["甲"]}, {"姓名": ["乙"], "键_姓名": ["乙"]}], 1),
        ([{"姓名": ["乙", "乙"], "键_姓名": ["乙", "乙"]}], 1),
        ([{"部门": ["一科", "一科", "二科", ""], "校验": ["通过"] * 4}], 2),
        ([{"项目": ["安全"], "校验": ["通过"]}], None),
        ([{"姓名": ["甲"]}, {"部门": ["一科", "二科"], "校验": ["通过"] * 2}], 1),
    ],
)
def test_what_is_told_apart(tables: list[dict[str, list[Any]]], told: int | None) -> None:
    assert counted(tables) == told


def test_where_there_are_no_tables_there_are_no_units() -> None:
    schools = Listed("学校", ("学校", "校验"), (), ("学校",), 0)
    assert [Done("a", DONE, tables=tables).is_of_units for tables in ((), (schools,))] == [False, True]
