"""``kaohe check``: every input error with sheet, cell, value and rule; the file itself stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.support import PERSON, SLUG, Kaohe, data, edit


@pytest.fixture
def book(kaohe: Kaohe, tmp_path: Path) -> Callable[..., Path]:
    """A workbook of the scheme with these people and parameters."""

    def make(*people: dict[str, Any], **params: Any) -> Path:
        path = tmp_path / "a.xlsx"
        given = data(tmp_path, *people, **params)
        assert kaohe("new", SLUG, "-o", path, "--data", given, "--force").code == 0
        return path

    return make


def test_a_scheme_file_is_checked_too(kaohe: Kaohe, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(SCHEME, encoding="utf-8")
    run = kaohe("check", "x.toml")
    assert (run.code, run.out.splitlines()) == (
        0,
        ["注意：参数 满分 没有公式、上下限用到", "x.toml：方案没有错误；kaohe new x.toml 新建工作簿"],
    )
    assert "注意：参数 满分 没有公式、上下限用到" in kaohe("new", "x.toml").out
    (tmp_path / "x.toml").write_text(SCHEME.replace("score", "scor").replace("value", "vaule"), encoding="utf-8")
    run = kaohe("check", "x.toml")
    assert (run.code, run.out) == (2, "")
    first, *told = run.err.splitlines()
    assert first == "kaohe：方案 x 有 2 处错误：" and len(told) == 2
    assert told[0].startswith("  参数 满分：不认识的键 vaule") and told[1].startswith("  表 人员 列 得分：preset 应为")


def test_what_counts_blank_rows_in_a_scheme_is_told(kaohe: Kaohe, tmp_path: Path) -> None:
    counted = '    { name = "一", formula = "=IF([@得分]>9,2,1)", guard = false, total = true },\n'
    guarded = '    { name = "二", formula = \'=IF([@姓名]="","",1)\', guard = false },\n'
    guarded += '    { name = "三", formula = \'=[@姓名]&"|"&[@得分]\', guard = false },\n]\n'
    (tmp_path / "x.toml").write_text(SCHEME.removesuffix("]\n") + counted + guarded, encoding="utf-8")
    told = [line for line in kaohe("check", "x.toml").out.splitlines() if "空行" in line]
    assert told == ['注意：表 人员 的列 一（guard = false）在空行上得 1，合计 会算进去；先写 IF([@姓名]="","",…)']


@pytest.mark.parametrize(
    ("made", "result", "told"),
    [
        ("=IF([@得分]>9,2,1)", "SUM(人员[甲])", "1，SUM"),
        ("=IF([@得分]>9,2,1)", "SUMPRODUCT((人员[甲]>0)*1)+MAX(人员[甲])", "1，SUMPRODUCT、MAX"),
        ("=IF([@得分]>9,2,1)", 'COUNTIF(人员[甲],"<2")', "1，COUNTIF"),
        ("=IF([@得分]>9,2,1)", 'COUNTIF(人员[甲],">1")+COUNTIF(人员[甲],"2")', None),
        ("=IF([@得分]>9,2,1)", 'COUNTIFS(人员[甲],1,人员[姓名],"?*")+KAOHE_COUNT(2,人员[甲])', None),
        ("=IF([@得分]>9,2,1)", "KAOHE_SUM(2,人员[得分],人员[甲])", None),
        ("=IF([@得分]>9,2,1)", 'SUMIF(人员[甲],">0")', "1，SUMIF"),
        ("=IF([@得分]>9,2,1)", 'SUMIF(人员[甲],">1")', None),
        ("=IF([@得分]>9,1,0)", 'SUMIF(人员[甲],"<1")', None),
        ("=IF([@得分]>9,1,0)", "SUM(人员[甲])+MAX(人员[甲])+KAOHE_COUNT(1,人员[甲])", None),
        ("=IF([@得分]>9,1,0)", "AVERAGE(人员[甲])+MIN(人员[甲])", "0，AVERAGE、MIN"),
        ("=IF([@得分]>9,1,0)", "COUNT(人员[甲])+COUNTIF(人员[甲],0)", "0，COUNT、COUNTIF"),
        ("=IF([@得分]>9,1,0)", 'COUNTIF(人员[甲],"<>0")+COUNTIF(人员[甲],">0")', None),
        ("=IF([@得分]>9,1,0)", 'COUNTIF(人员[甲],"<=0")', "0，COUNTIF"),
        ("=IF([@得分]>9,1,0)", 'COUNTIF(人员[甲],">=0")', "0，COUNTIF"),
        ("=IF([@得分]>9,1,0)", "KAOHE_COUNT(0,人员[甲])", "0，KAOHE_COUNT"),
        ('=IF([@得分]>9,"是","否")', 'KAOHE_COUNT("否",人员[甲])', "否，KAOHE_COUNT"),
        ('=IF([@得分]>9,"是","否")', 'COUNTIF(人员[甲],"<>是")', "否，COUNTIF"),
        ('=IF([@得分]>9,"是","否")', 'KAOHE_COUNT("是",人员[甲])+COUNTIF(人员[甲],"是")', None),
        ('=IF([@得分]>9,"是","否")', "COUNTA(人员[甲])", "否，COUNTA"),
        ("=1/[@得分]", "KAOHE_SUM(2,人员[甲],人员[得分])", "#DIV/0!，KAOHE_SUM"),
        ('=IF([@姓名]="","",0)', "COUNT(人员[甲])+AVERAGE(人员[甲])", None),
    ],
)
def test_only_what_counts_them_is_told(kaohe: Kaohe, tmp_path: Path, made: str, result: str, told: str | None) -> None:
    """Of columns with a value in blank rows: what no formula reads whole, or reads so that the value changes nothing, is no matter."""
    column = f"    {{ name = '甲', formula = '{made}', guard = false }},\n]\n"
    results = f"[[results]]\nname = '乙'\nformula = '={result}'\n"
    (tmp_path / "x.toml").write_text(SCHEME.removesuffix("]\n") + column + results, encoding="utf-8")
    run = kaohe("check", "x.toml")
    found = [line for line in run.out.splitlines() if "空行上" in line]
    assert run.code == 0, run.err
    assert found == (
        []
        if told is None
        else [f'注意：表 人员 的列 甲（guard = false）在空行上得 {told} 会算进去；先写 IF([@姓名]="","",…)']
    )


def test_a_rule_that_counts_blank_rows_is_told(kaohe: Kaohe, tmp_path: Path) -> None:
    column = '    { name = "甲", formula = "=IF([@得分]>9,2,1)", guard = false },\n]\n'
    rule = "rules = [{ formula = '=SUM([甲])<9', message = '太多' }]\n"
    (tmp_path / "x.toml").write_text(SCHEME.removesuffix("]\n") + column + rule, encoding="utf-8")
    run = kaohe("check", "x.toml")
    told = [line for line in run.out.splitlines() if "空行上" in line]
    assert told == ['注意：表 人员 的列 甲（guard = false）在空行上得 1，SUM 会算进去；先写 IF([@姓名]="","",…)'], (
        run.err
    )


def test_a_scheme_of_which_no_workbook_can_be_made_is_told(kaohe: Kaohe, tmp_path: Path) -> None:
    many = ", ".join(f'"{number}"' for number in range(230))
    wide = f"    {{ name = '倍{{}}', each = [{many}], formula = '=[@得分]*{{}}' }},\n]\n"
    (tmp_path / "x.toml").write_text(SCHEME.removesuffix("]\n") + wide, encoding="utf-8")
    run = kaohe("check", "x.toml")
    assert run.code != 0
    assert run.err.startswith("kaohe：表的列太多，请分成几张表") and "没有错误" not in run.out


SCHEME = """
title = "我的方案"
summary = "自己写的。"
source = "无"
parameters = [{ name = "满分", value = 100 }]

[[tables]]
name = "人员"
columns = [
    { name = "姓名", type = "text", required = true, unique = true },
    { name = "得分", preset = "score" },
]
"""


def test_good_data_passes(kaohe: Kaohe, book: Callable[..., Path]) -> None:
    book(PERSON, {"姓名": "杨雪梅", "岗位类别": "护", "绩效基数": 2400, "不参加考核": "是"})
    run = kaohe("check", "a.xlsx")
    assert (run.code, run.out) == (0, "a.xlsx：填写的数据全部通过校验\n")


@pytest.mark.parametrize("slug", [SLUG, "county-schools", "chc-item-sheet"])
def test_a_workbook_that_nobody_has_filled_in_is_not_called_good(kaohe: Kaohe, slug: str) -> None:
    """Of people, of units among which lists are given, of items."""
    kaohe("new", slug, "-o", "a.xlsx")
    assert kaohe("check", "a.xlsx").out == "a.xlsx：还没有填写；参数和公式中没有发现错误，请填写以后再校验\n"


def test_an_error_is_told_with_sheet_cell_value_and_rule(kaohe: Kaohe, book: Callable[..., Path]) -> None:
    book(PERSON, {**PERSON, "医德医风": "85分"})
    run = kaohe("check", "a.xlsx")
    assert run.code == 1
    assert run.out == "人员!F7 的值 85分：医德医风：应为数字，填的是文本“85分”\n共 1 处错误\n"


def test_every_error_of_a_row_is_told(kaohe: Kaohe, book: Callable[..., Path]) -> None:
    book({**PERSON, "医德医风": 99, "工作态度": None, "岗位类别": "厨", "满意度": -1})
    told = kaohe("check", "a.xlsx").out.splitlines()
    assert [line.split("!")[1].split("：")[0] for line in told[:-1]] == [
        "F6 的值 99",
        "N6 的值 -1",
        "E6 的值 厨",
        "G6 的值 （空白）",
    ]
    assert told[-1] == "共 3 处错误，1 处待填"


def test_what_is_to_be_filled_in_is_told_of_rows_that_lack_the_same_at_once(
    kaohe: Kaohe, book: Callable[..., Path]
) -> None:
    lacking = {**PERSON, "医德医风": None, "组织纪律": None}
    people = [lacking, lacking, {**PERSON, "医德医风": None}, {**lacking, "满意度": -1}, lacking, PERSON, lacking]
    book(*[{**person, "姓名": name} for person, name in zip(people, "甲乙丙丁戊己庚", strict=True)])
    assert kaohe("check", "a.xlsx").out.splitlines() == [
        "人员!N9 的值 -1：满意度：不能小于 0",
        "人员!F6:H7 待填：医德医风、组织纪律",
        "人员!F8 的值 （空白）：医德医风：待填",
        "人员!F9:H10 待填：医德医风、组织纪律",
        "人员!F12:H12 待填：医德医风、组织纪律",
        "共 1 处错误，11 处待填",
    ]


def test_what_is_to_be_filled_in_is_not_called_unreliable(kaohe: Kaohe, book: Callable[..., Path]) -> None:
    book({**PERSON, "医德医风": None, "组织纪律": None}, {**PERSON, "姓名": "乙", "满意度": -1})
    run = kaohe("calc", "a.xlsx")
    assert run.code == 1
    assert run.out.splitlines()[1:] == [
        "结果不可靠 人员!N7 的值 -1：满意度：不能小于 0",
        "结果不可靠 人员!N7 的值 -1：满意度：低于“满意度系数”表最低的一档",
        "人员!F6:H6 待填：医德医风、组织纪律",
    ]


def test_a_wrong_parameter_is_told_once_where_it_stands(kaohe: Kaohe, book: Callable[..., Path]) -> None:
    book(PERSON, PERSON, 小数位="两位")
    run = kaohe("check", "a.xlsx")
    assert run.code == 1
    told = run.out.splitlines()
    assert len(told) == 2
    assert told[0].startswith("参数!B") and "的值 两位：小数位：应为" in told[0]


def test_parameters_that_contradict_each_other_are_told(kaohe: Kaohe, book: Callable[..., Path]) -> None:
    book(PERSON, 公共项目满分=50)
    run = kaohe("check", "a.xlsx")
    assert run.code == 1
    assert all(line.startswith("参数!E") for line in run.out.splitlines()[:-1])


def test_an_error_value_among_the_inputs_is_told(kaohe: Kaohe, book: Callable[..., Path]) -> None:
    edit(book(PERSON), "人员", F6="=NA()")
    run = kaohe("check", "a.xlsx")
    assert run.code == 1
    assert "人员!F6 的值 #N/A：医德医风：是错误值 #N/A" in run.out


def test_the_file_is_computed_anew_but_not_changed(kaohe: Kaohe, book: Callable[..., Path]) -> None:
    path = edit(book(PERSON), "人员", F6=99)
    before = path.read_bytes()
    assert "人员!F6 的值 99：医德医风：不能大于" in kaohe("check", "a.xlsx").out
    assert path.read_bytes() == before


def test_a_formula_that_was_pasted_over_is_told(kaohe: Kaohe, book: Callable[..., Path]) -> None:
    path = book(PERSON, PERSON)
    columns = [cell.value for cell in load_workbook(path)["人员"][5]]
    place = chr(ord("A") + columns.index("校验"))
    edit(path, "人员", **{f"{place}7": "通过", "F7": "85分"})
    run = kaohe("check", "a.xlsx")
    assert run.code == 1
    assert run.out.startswith(f"人员!{place}7 的值 通过：校验：公式被改写成了固定内容")


def test_a_large_workbook_is_checked_as_well(kaohe: Kaohe, tmp_path: Path) -> None:
    given = data(tmp_path, PERSON, {**PERSON, "医德医风": 99})
    kaohe("new", SLUG, "-o", "a.xlsx", "--data", given, "--rows", "1200")
    run = kaohe("check", "a.xlsx")
    assert run.code == 1
    assert run.out.splitlines()[0].startswith("人员!F7 的值 99：医德医风：不能大于")
    assert run.out.splitlines()[1:] == ["共 1 处错误"]


def test_cells_that_cannot_be_computed_are_told_too(kaohe: Kaohe, book: Callable[..., Path]) -> None:
    edit(book(PERSON), "汇总", F1="=NOSUCHFUNCTION(1)")
    run = kaohe("check", "a.xlsx")
    assert run.code == 1
    assert "无法计算 汇总!F1：" in run.out
    assert run.out.endswith("1 个单元格无法计算\n")


def test_a_workbook_without_checks_is_not_called_good(kaohe: Kaohe, tmp_path: Path) -> None:
    Workbook().save(tmp_path / "other.xlsx")
    run = kaohe("check", "other.xlsx")
    assert run.code == 0
    assert "没有“校验”列，填写的数据没有检查" in run.out
