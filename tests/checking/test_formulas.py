"""Formulas that read too little."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from tests.checking.support import FIRST, PEOPLE, computed, edited, filled, told


@pytest.mark.parametrize(("lacking", "is_told"), [(0, False), (1, True), (2, True)])
def test_a_range_that_ends_before_the_last_person_is_told(lacking: int, is_told: bool) -> None:
    """Though only one of its columns goes on: nobody has a 工号 here."""
    last = computed(filled()).book.tables[PEOPLE].last_row + 1

    def edit(book: Workbook) -> None:
        book.create_sheet("自己的")["B2"] = f"=COUNTA({PEOPLE}!$B${FIRST}:$C${last - lacking})"

    rule = f"公式只读到表 {PEOPLE} 的第 {last - lacking} 行，表到第 {last} 行为止"
    assert told(edited(filled(), edit)) == ([f"自己的!B2 {rule}"] if is_told else [])


def test_rows_that_were_pasted_with_formulas_of_another_workbook() -> None:
    """They read whatever table has its place here; of a sheet that is a copy something else is told."""

    def edit(book: Workbook) -> None:
        book[PEOPLE]["W6"] = book.create_sheet("副本")["A6"] = "=岗位[[#This Row],[岗位系数]]"

    lines = told(edited(filled(), edit))
    assert f"{PEOPLE}!W6 这里的公式读的是工作表“岗位”上表 岗位 的行，像是从别的工作簿粘贴来的" in "".join(lines)
    assert "副本!A6 本页的公式读的是工作表“岗位”上表 岗位 的行，本页是它的副本" in "".join(lines)
