"""Why a formula of one's own gives an error value, said with argument, cell and rule."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook

from addin.checking.reasons import Reasons
from addin.checking.workbook import all_faults, faults_of_whole
from addin.headless.session import Session
from addin.xlsx.model import CellError
from tests.checking.support import LISTED, RANK, own
from tests.workbook_templates.support import GOOD
from workbook_templates.scheme.loader import parse
from workbook_templates.workbook.build import build

CELLS: dict[str, Any] = {
    "A1": "姓名", "B1": "得分", "A2": "张伟", "B2": 90, "A3": "张伟", "B3": 80, "E2": 0.99, "H2": 90, "I2": 80, "J2": 0.5, "K2": 0.49,
    "M2": 60, "M3": 75, "M4": 90, "N2": "C", "N3": "B", "N4": "A", "P2": "李四", "P3": "王五", "Q2": "优", "Q3": 70,
    "P4": "合计", "P5": 1001, "P6": 1001, "Q4": True, "Q5": 60, "Q6": 50,
}  # fmt: skip


def told(**formulas: Any) -> list[str]:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "考核"
    for cell, value in {**CELLS, **formulas}.items():
        sheet[cell] = value
    stream = io.BytesIO()
    book.save(stream)
    session = Session.of(stream.getvalue())
    session.compute()
    return [f"{fault.cell} {fault.rule}" for fault in all_faults(session)]


def test_what_rows_below_each_other_look_for_in_vain_is_told_at_once() -> None:
    formulas = {f"S{row}": f"=KAOHE_LOOKUP(P{row},A$2:A$3,B$2:B$3)" for row in (2, 3, 4, 5, 6)}
    where, correct = "考核!A2:A3 中没有 ", "，请改正，或在那里补上"
    found = "考核!P2“李四”、考核!P3“王五”、考核!P4“合计”"
    assert told(**formulas) == [f"S2:S6 {where}{found} 等 5 格{correct}"]
    del formulas["S5"]
    assert told(**formulas) == [f"S2:S4 {where}{found}{correct}", f"S6 {where}考核!P6“1001”{correct}"]
    assert told(S2=formulas["S2"], S3="=1/0") == [f"S2 {where}考核!P2“李四”{correct}", "S3 除数 “0” 是 0 或空白"]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=KAOHE_RANK(A2,A$2:A$3,B$2:B$3)", "KAOHE_RANK：参数“名单”中“张伟”有 2 个（考核!A2、考核!A3），应各不相同"),
        ("=KAOHE_SCORE(B2:B2,E2:E2)", "KAOHE_SCORE：权重 考核!E2 合计为 0.99，应为 1 或 100"),
        ("=KAOHE_SCORE(H2:I2,J2:K2)", "KAOHE_SCORE：权重 考核!J2:K2 合计为 0.99，应为 1 或 100"),
        ("=KAOHE_TIER(B2,M2:M4,N2:N4)", "KAOHE_TIER：参数“界限” 考核!M2:M4 应从高到低，没有重复"),
        ("=1+KAOHE_RANK(P2,P2:P3,Q2:Q3)", "KAOHE_RANK：参数“得分”中的 考核!Q2 是“优”，应为数字"),
        ("=KAOHE_RANK(P2,P3:P4,B2:B3)", "KAOHE_RANK：参数“名单”中的 考核!P4“合计”不是人，不能一起计算"),
        ("=KAOHE_RANK(P3,P3:P4,Q3:Q4)", "KAOHE_RANK：参数“得分”中的 考核!Q4 是“TRUE”，应为数字"),
        ("=KAOHE_RANK(P5,P5:P6,Q5:Q6)", "KAOHE_RANK：参数“名单”中“1001”有 2 个（考核!P5、考核!P6），应各不相同"),
        ('=KAOHE_RANK("赵六",P2:P3,B2:B3)', "KAOHE_RANK：参数“名单”中没有“赵六”"),
        ('=IF(B2>80,VLOOKUP("丁",A2:B3,2,FALSE),A2*1)', "考核!A2:B3 中没有 “丁”，请改正，或在那里补上"),
        ('=KAOHE_LOOKUP("丁",P2:P3,B2:B3)', "考核!P2:P3 中没有 “丁”，请改正，或在那里补上"),
        ("=KAOHE_RANK(P2,P2:P3,B2:B3,C2:C3)", "KAOHE_RANK：参数“组别”中的 考核!C2、考核!C3 是空白"),
        ('=KAOHE_ROUND(B2,0,"乱")', "KAOHE_ROUND：参数“方式”是“乱”，应为 四舍五入、进位、舍去"),
        ("=B2/0", "除数 “0” 是 0 或空白"),
        ("=B2/C2", "除数 考核!C2“None”"),
        ("=A2*2", "考核!A2“张伟” 是文本，不能计算"),
        ('=KAOHE_DISTRIBUTE(H2,H2:I2,H2:I2,{"优","差"},{0.6,0.5})', "KAOHE_DISTRIBUTE：比例 合计为 1.1，不能超过 1"),
    ],
)
def test_the_argument_and_the_cell_are_told(formula: str, expected: str) -> None:
    [line] = told(S2=formula)
    assert line.startswith(f"S2 {expected.replace('None', '')}")


def test_an_error_is_told_where_it_arises_and_not_where_it_is_passed_on() -> None:
    assert told(S2="=A2*2", T2="=S2+1", U2="=SUM(S2:T2)") == ["S2 考核!A2“张伟” 是文本，不能计算"]


@pytest.mark.parametrize(
    ("terms", "reason"), [(118, "除数 “0” 是 0 或空白"), (119, "公式得出错误值"), (2000, "公式得出错误值")]
)
def test_a_formula_of_very_many_terms_is_told_in_general(terms: int, reason: str) -> None:
    [line] = told(E3="=1/0+" + "+".join(["B2"] * terms))
    assert line.startswith(f"E3 {reason}")


def test_formulas_without_error_values_are_not_told() -> None:
    assert told(S2="=B2*2", T2='=IFERROR(A2*2,"")') == []


def test_neighbours_with_the_same_reason_are_told_once() -> None:
    same = [f'=KAOHE_DISTRIBUTE(H{row},H$2:H$3,H$2:H$3,{{"优","差"}},{{0.6,0.5}})' for row in (2, 3)]
    assert told(H3=70, S2=same[0], S3=same[1], S4="=A2*2") == [
        "S2:S3 KAOHE_DISTRIBUTE：比例 合计为 1.1，不能超过 1",
        "S4 考核!A2“张伟” 是文本，不能计算",
    ]


def test_a_result_that_nothing_reads_is_told_where_its_row_is_right() -> None:
    stream = io.BytesIO()
    wrong = GOOD.replace("=KAOHE_SCORE([@各项],项目[权重])", "=KAOHE_SCORE([@各项],等次表[下限])")
    build(parse(wrong, "t"), stream, {"tables": {"人员": [{"姓名": "甲", "德": 80, "绩": 90}]}})
    session = Session.of(stream.getvalue())
    session.compute()
    for faults in (all_faults(session), faults_of_whole(session)):
        [fault] = [fault for fault in faults if fault.sheet == "人员"]
        assert (fault.cell, fault.value) == ("J6", CellError.VALUE)
        assert "参数“权重”有 3 格，“得分”有 2 格，应一样多" in fault.rule


def test_groups_that_only_look_the_same() -> None:
    session = own([*LISTED, ["丁", "一部 ", 70]], 名次=RANK)
    assert Reasons(session.book).reason("考核", 1, 3) == (
        "KAOHE_RANK：参数“组别”中的 考核!B2“一部”与 考核!B5“一部 ”看起来一样，写法不同，会当作两组；请写成一样"
    )
