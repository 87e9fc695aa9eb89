"""A scheme's formulas give the same in an Excel table and in the arrays of a large one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.headless import calculate, read_book
from addin.xlsx.results import results
from tests.workbook_templates import scheme_formulas
from workbook_templates.formula import language
from workbook_templates.scheme.loader import parse
from workbook_templates.workbook import arrays
from workbook_templates.workbook.build import build
from workbook_templates.workbook.layout import MOST_READ, TABLE_LIMIT, Layout


@pytest.mark.parametrize("limit", [1000, 0], ids=["table", "arrays"])
def test_what_moves_with_the_row_inside_of_what_all_rows_share(
    limit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row's own full mark, rounded inside of an argument that one call has in common for all rows."""
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    scheme = parse(
        """
        title = "试"
        summary = "试"
        source = "试"
        [[tables]]
        name = "人员"
        people = true
        columns = [
          { name = "姓名", type = "text", required = true },
          { name = "满分", required = true, min = 0 },
          { name = "扣", min = 0 },
          { name = "得分", formula = "=KAOHE_ITEM(KAOHE_ROUND([@[满分]]),[@扣]+0)" },
          { name = "档", formula = "=KAOHE_TIER([@满分],{15,0},{2,1})" },
        ]
        """,
        "x",
    )
    path = tmp_path / "a.xlsx"
    rows = [{"姓名": "甲", "满分": 10, "扣": 2}, {"姓名": "乙", "满分": 20, "扣": 5}]
    build(scheme, path, {"tables": {"人员": rows}})
    assert calculate(path).problems == ()
    assert [(row["得分"], row["档"]) for row in results(read_book(path))["人员"]] == [(8, 1), (15, 2)]


LOGS = """
    title = "试"
    summary = "试"
    source = "试"
    [[tables]]
    name = "人员"
    people = true
    columns = [{ name = "姓名", type = "text", required = true }, { name = "次数", formula = "=COUNTIF(记录[姓名],[@姓名])" }]
    [[tables]]
    name = "记录"
    columns = [{ name = "姓名", type = "text", key = "人员" }, { name = "分" }]
    [[tables]]
    name = "备忘"
    columns = [{ name = "事", type = "text" }, { name = "分" }]
    """


@pytest.mark.parametrize(
    ("people", "rows", "is_table"),
    [
        (TABLE_LIMIT, TABLE_LIMIT, True),
        (2 * TABLE_LIMIT, MOST_READ // (2 * TABLE_LIMIT), True),
        (2 * TABLE_LIMIT, MOST_READ // (2 * TABLE_LIMIT) + 1, False),
        (TABLE_LIMIT + 1, TABLE_LIMIT + 1, False),
    ],
)
def test_a_table_that_reads_a_long_one_too_often_is_written_like_it(people: int, rows: int, is_table: bool) -> None:
    spare = 10
    places = Layout(parse(LOGS, "x"), {"记录": rows - spare, "备忘": rows - spare}, people).places
    assert places["记录"].rows == places["备忘"].rows == rows
    assert places["记录"].is_table is is_table
    assert places["人员"].is_table is (people <= TABLE_LIMIT)
    assert places["备忘"].is_table is (rows <= TABLE_LIMIT)  # It reads no other.


def test_people_stay_a_table_however_long_the_log_that_they_read_is() -> None:
    places = Layout(parse(LOGS, "x"), {"记录": MOST_READ}, TABLE_LIMIT).places
    assert places["人员"].is_table and not places["记录"].is_table


def computed(texts: list[str], people: list[dict[str, Any]], limit: int) -> list[list[Any]]:
    """What the columns of the people come to, with tables of up to so many rows."""
    with tempfile.TemporaryDirectory() as folder, patch("workbook_templates.workbook.layout.TABLE_LIMIT", limit):
        path = Path(folder) / "a.xlsx"
        build(scheme_formulas.scheme(texts), path, scheme_formulas.data(people))
        assert calculate(path).problems == ()
        return [[row[f"f{place}_"] for row in results(read_book(path))["人员"]] for place in range(len(texts))]


@settings(max_examples=8, deadline=None)
@given(st.lists(scheme_formulas.formulas, min_size=16, max_size=16), scheme_formulas.rows)
def test_random_formulas_give_the_same_in_both_layouts(texts: list[str], people: list[dict[str, Any]]) -> None:
    assert dict(zip(texts, computed(texts, people, 1000), strict=True)) == dict(
        zip(texts, computed(texts, people, 0), strict=True)
    )


def test_what_is_the_same_for_all_rows_is_not_made_a_column_of_theirs() -> None:
    """KAOHE_ITEM takes one full mark, KAOHE_TIER a value for each row."""
    text = '=IF([@t]="x","是",KAOHE_ITEM(KAOHE_TIER(KAOHE_TIER(1,档[界],档[果],,1),档[界],档[果],,1),[@a])&"")'
    people = [{"t": t, "a": 0, "b": 1, "c": 4} for t in "xxy"]
    assert computed([text], people, 1000) == computed([text], people, 0) == [["是", "是", "0.5"]]


@pytest.mark.parametrize(
    ("text", "by_column"),
    [
        ("=KAOHE_ROUND([@a]/[@b])", True),
        ("=IF([@a]=1,KAOHE_ROUND([@a]/[@b]),0)", True),
        ("=IFERROR([@a]/[@b],0)", True),
        ("=KAOHE_RANK([@序号],[序号],[b])", True),
        ("=IFERROR(KAOHE_RANK([@序号]+0,[序号],[b]),0)", True),
        ("=SUMIFS([a],[t],[@t])+VLOOKUP([@t],档[[名]:[果]],3,0)", True),
        ("=KAOHE_SCORE([@[a]:[c]])", True),
        ("=KAOHE_RANK([@序号],[序号],IF(p=1,[a],[b]))", True),
        ("=IFERROR(KAOHE_ROUND([@a]/[@b]),0)", False),
        ("=KAOHE_ITEM(KAOHE_ROUND([@a]),[@b])", False),
        ("=SUM([@[a]:[c]])", False),
        ("=MAX([@a],[@b])", False),
        ("=ABS([a])", False),
        ("=SUMPRODUCT([a]*2)", True),
        ("=SUMPRODUCT(([t]=[@t])*[a])", False),
        ("=EDATE([@a],1)", False),
        ("=KAOHE_TRIM([@a])", False),
        ("=[@[a]:[c]]", False),
    ],
)
def test_which_formulas_may_be_arrays(text: str, by_column: bool) -> None:
    assert language.parse(text).elementwise is by_column


@pytest.mark.parametrize(
    ("text", "array"),
    [
        ("=IF([@a]>0,IFERROR([@b]/[@c],0),1)", "IF(a>0,IF(ISERROR(b/c),0,b/c),1)"),
        ("=IF(p>0,IFERROR([@b]/[@c],0),1)", "IF(p>0,IFERROR(b/c,0),1)"),
        ("=IF([@a]>0,IFERROR(1/p,0),1)", "IF(a>0,IFERROR(1/p,0),1)"),
        ("=IF(IFERROR([@a]>0,FALSE),1,2)", "IF(IFERROR(a>0,FALSE),1,2)"),
    ],
)
def test_errors_in_a_branch_by_rows_are_asked_for(text: str, array: str) -> None:
    assert arrays.render(language.parse(text), lambda reference: reference.first or reference.table) == array
