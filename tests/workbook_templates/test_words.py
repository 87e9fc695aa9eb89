"""The words of the scheme format at work: words.toml uses each of them, in both layouts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from addin.handbook.schemeformat import SECTIONS
from tests.support import PROJECT
from tests.workbook_templates.support import DATA, WORDS, ZHANG, Compute, of_people
from workbook_templates.scheme.catalogue import load
from workbook_templates.scheme.data import DataError, fill
from workbook_templates.scheme.errors import SchemeError
from workbook_templates.scheme.keys import keys_of
from workbook_templates.scheme.loader import parse
from workbook_templates.workbook.build import build
from workbook_templates.workbook.layout import TABLE_LIMIT


@pytest.fixture(params=[TABLE_LIMIT, 0], ids=["tables", "arrays"])
def words(request: pytest.FixtureRequest, compute: Compute, monkeypatch: pytest.MonkeyPatch) -> Compute:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", request.param)

    def run(params: dict[str, Any] | None = None, **tables: list[dict[str, Any]]) -> dict[str, Any]:
        return compute(WORDS, {"params": {**DATA["params"], **(params or {})}, "tables": {**DATA["tables"], **tables}})

    return run


def column(result: dict[str, Any], table: str, name: str) -> list[Any]:
    return [row[name] for row in result[table]]


def test_lists_items_blocks_and_repetitions(words: Compute) -> None:
    result = words()
    assert column(result, "人员", "公共分") == [85, 85, 50]
    assert column(result, "人员", "得分") == [87, 82, 80]
    assert column(result, "人员", "等次") == ["优秀", "合格", "合格"]
    assert column(result, "人员", "二月累计") == [7, 0, 0]
    assert result["汇总"] == {"参加": 3, "优秀人数": 1, "合格人数": 2, "不合格人数": 0}
    assert result["等次"][0] == {"等次": "优秀", "下限": 85, "系数": 1.2, "校验": "通过"}


def test_people_of_one_name_are_told_apart_by_number(words: Compute) -> None:
    result = words()
    assert column(result, "人员", "校验") == ["通过"] * 3
    assert column(result, "人员", "扣分") == [7, 0, 0]
    assert column(result, "月度", "扣分合计") == [7, 0]
    same = words(人员=[ZHANG, {**ZHANG, "工号": "02"}, *DATA["tables"]["人员"][2:]], 月度=[], 记录=[])
    assert column(same, "人员", "校验")[:2] == ["姓名:与其他行重复", "通过"]
    alike = [{**ZHANG, "工号": None}, {**ZHANG, "工号": None}, *DATA["tables"]["人员"][2:]]
    unnumbered = words(人员=alike, 月度=[{"姓名": "张三", "月份": 1, "天数": 1}], 记录=[])
    assert column(unnumbered, "人员", "校验")[:2] == ["姓名:与其他行重复"] * 2
    spaced = words(人员=[alike[0], {**alike[1], "姓名": "张 三"}, *alike[2:]], 月度=[], 记录=[])
    assert column(spaced, "人员", "校验")[:2] == ["姓名:与其他行重复"] * 2
    assert column(unnumbered, "月度", "校验") == ["通过"]
    unclear = words(月度=[{"姓名": "张三", "月份": 1, "天数": 1}], 记录=[])
    assert column(unclear, "月度", "校验") == ["姓名:表 人员 中有人同名，请填工号"]


def test_a_person_need_not_be_there_where_said(words: Compute) -> None:
    told = column(words(外出=[{"姓名": "赵六"}, {"姓名": "01"}, {"姓名": "张三"}, {"姓名": "李四"}]), "外出", "键_姓名")
    assert told == ["赵六", "01", "?", "李四"]


def test_blanks_do_not_repeat_each_other(words: Compute) -> None:
    result = words(部门表=[{"应到": 1, "实到": 1}, {"应到": 2, "实到": 1}], 月度=[{"月份": 1, "天数": 1}], 记录=[])
    assert column(result, "部门表", "校验") == ["待填:部门"] * 2
    assert column(result, "月度", "校验") == ["待填:姓名"]


def test_people_of_one_name_may_be_meant_together_where_said(words: Compute) -> None:
    result = words(
        外出=[{"姓名": "李四", "同去": "张三"}, {"姓名": "李四", "同去": "01"}, {"姓名": "李四", "同去": "赵六"}]
    )
    assert column(result, "外出", "键_同去") == ["张三", "01", "?"]
    assert column(result, "外出", "校验") == ["通过", "通过", "同去:表 人员 中没有这个姓名"]


def test_a_name_may_begin_with_a_digit(tmp_path: Path) -> None:
    text = Path(WORDS).read_text(encoding="utf-8").replace('"系数_{等次}"', '"5S{等次}"')
    scheme = parse(text, "words")
    assert fill(scheme, {"params": {"5S合格": 0.9}}).tables["等次"][1]["系数"] == 0.9
    build(scheme, tmp_path / "x.xlsx")
    assert "_5S合格" in load_workbook(tmp_path / "x.xlsx").defined_names


def test_ties_are_broken_by_several_columns_lower_first_where_said(words: Compute) -> None:
    people = [{**ZHANG, "工号": "01", "迟到次数": 2}, {**ZHANG, "工号": "02", "迟到次数": 1}]
    assert column(words(人员=people, 月度=[], 记录=[]), "人员", "名次") == [2, 1]


def test_a_condition_is_named_once(words: Compute) -> None:
    assert column(words(), "人员", "加分前") == [82, "", 75]


def test_a_pool_is_divided_in_its_group_and_nobody_is_an_error_with_its_reason(words: Compute) -> None:
    result = words()
    assert column(result, "部门表", "奖金") == [666.67, 333.33]
    assert column(result, "人员", "奖金") == [363.64, 303.03, 333.33]
    departments = [*DATA["tables"]["部门表"], {"部门": "丙", "应到": 1, "实到": 0}]
    assert column(words(部门表=departments), "部门表", "奖金") == [666.67, 333.33, "#VALUE!"]


def test_a_bad_row_spoils_what_it_names(words: Compute) -> None:
    bad = {"姓名": "李四", "月份": 1, "项目": "没有的", "次数": 1}
    result = words(记录=[*DATA["tables"]["记录"], bad])
    assert column(result, "月度", "扣分合计") == [7, "#VALUE!"]
    assert column(result, "人员", "扣分") == [7, 0, "#VALUE!"]
    assert column(result, "人员", "二月累计") == [7, 0, "#VALUE!"]
    assert column(result, "人员", "得分") == [87, 82, 80]
    assert result["人员"][2]["校验"] == "表 月度 中有关的行有错误；表 记录 中有关的行有错误"


def test_a_bad_row_that_names_nobody_spoils_everybody_where_said(words: Compute) -> None:
    for nobody in ("赵六", None):
        result = words(记录=[{"姓名": nobody, "月份": 1, "项目": "迟到", "次数": 1}])
        assert column(result, "人员", "扣分") == ["#VALUE!"] * 3
        assert column(result, "月度", "扣分合计") == [0, 0]


def test_bounds_of_the_row(words: Compute) -> None:
    people = [
        {**ZHANG, "工号": "01", "加分": 9},
        {**ZHANG, "工号": "02", "加分": 9.01},
        {**ZHANG, "工号": "03", "绩": 51},
    ]
    told = column(words(人员=people, 月度=[], 记录=[]), "人员", "校验")
    assert told == ["通过", "加分:不能大于 9", "绩:不能大于 50"]


def test_a_bad_parameter_spoils_what_its_scope_says(words: Compute) -> None:
    scoped = words({"奖金总额": "很多"})
    assert column(scoped, "部门表", "奖金") == ["#VALUE!", "#VALUE!"] and column(scoped, "人员", "得分") == [87, 82, 80]
    general = words({"小数位": "两位"})
    assert column(general, "人员", "得分") == ["#VALUE!"] * 3
    unpriced = words(扣分标准=[{"项目": "迟到", "每次": -1}, {"项目": "旷工", "每次": 5}])
    assert column(unpriced, "记录", "扣分") == ["#VALUE!"] * 2 and column(unpriced, "人员", "得分") == [87, 82, 80]
    unordered = words({"合格线": 86})
    assert (
        unordered["等次"][1]["校验"] == "下限:各行应从高到低" and column(unordered, "人员", "得分") == ["#VALUE!"] * 3
    )


def test_what_a_list_is_made_of_stays(words: Compute) -> None:
    excellent, good, bad = (
        {"等次": n, "下限": b, "系数": 1} for n, b in (("优秀", 90), ("合格", 60), ("不合格", None))
    )
    for rows in ([{**excellent, "等次": "优"}, good, bad], [excellent, good, bad, bad]):
        with pytest.raises(DataError, match="列表 等次 的等次须为 优秀、合格、不合格"):
            words(等次=rows)
    assert column(words(等次=[bad, good, excellent]), "等次", "校验") == ["通过"] * 3
    missing = words(等次=[good, excellent])
    assert column(missing, "等次", "校验") == ["通过", "通过", "系数:必填"]
    assert column(missing, "人员", "得分") == ["#VALUE!"] * 3
    assert fill(load(WORDS), {"params": {"系数_合格": 0.9}}).tables["等次"][1]["系数"] == 0.9


def test_lists_stand_among_the_parameters_with_names_and_validation(tmp_path: Path) -> None:
    build(load(WORDS), tmp_path / "x.xlsx", DATA)
    book = load_workbook(tmp_path / "x.xlsx")
    names = book.defined_names
    assert {"考核项目_权重", "等次_下限", "优秀线", "系数_不合格", "公共项目_满分"} <= set(names)
    sheet, cells = names["等次_下限"].attr_text.split("!")
    assert sheet == "'参数'" and [cell[0].value for cell in book["参数"][cells.replace("$", "")]] == [85, 60, None]
    rules = {v.promptTitle: v for v in book["人员"].data_validations.dataValidation if v.promptTitle}
    assert rules["德"].formula2 == "德满分" and rules["加分"].formula1 == "0"
    assert rules["部门"].errorStyle in (None, "stop")
    assert {v.promptTitle: v for v in book["记录"].data_validations.dataValidation}["姓名"].errorStyle == "warning"


EXAMPLES = [(kind, key) for _, kind, _ in SECTIONS for key in keys_of(kind)]


@pytest.mark.parametrize(("kind", "key"), EXAMPLES, ids=lambda x: getattr(x, "name", getattr(x, "__name__", "")))
def test_every_key_has_an_example_that_is_read(kind: type[Any], key: Any) -> None:
    if key.example.startswith("["):
        assert key.example.strip("[]").split(".")[-1] == key.name
        return
    [(name, value)] = tomllib.loads(key.example).items()
    assert name == key.name and key.form.fits(value) and (not key.allowed or value in key.allowed)


def words_of(value: Any) -> Iterator[str]:
    """Every key in a file's data, however deep."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from words_of(part)


def test_every_key_is_at_work_in_a_scheme_that_is_computed() -> None:
    files = [*(PROJECT / "workbook_templates" / "schemes").glob("*.toml"), *Path(WORDS).parent.rglob("*.toml")]
    used = {word for file in files for word in words_of(tomllib.loads(file.read_text(encoding="utf-8")))}
    assert {key.name for _, key in EXAMPLES} - used == set()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('each = "等次"', 'each = "等级"', "没有列表 等级；可用的：考核项目、等次、扣分标准"),
        ('where = { "类别" = "岗位" }', 'where = { "类" = "岗位" }', "列表 考核项目 没有列 类；可用的：项目、类别、满分、权重"),
        ('before = "上", ', "", "第一项没有 {前}，请写 before"),
        ('"-迟到次数"]', '"-迟到"]', "表 人员 orders 依据：没有列 迟到；可用的：姓名、"),
        ('["部门", "奖金"]', '["部门", "奖金", "人数"]', "表 部门表 pools 奖金池：应为组别与金额两列"),
        ('table = "月度", spoils', 'table = "月", spoils', "表 记录 refers：没有表 月；可用的：部门表、人员、月度、记录、外出"),
        ('spoils = "出勤"', 'spoils = "出勤", key_valid = true', "spoils 与 key_valid 不能同时写"),
        ('when = "有加分"', 'when = "加分"', "when 应以 = 开头，或为 conditions 中的名称（有加分），现为 \"加分\""),
        ('preset = "day", required', 'preset = "days", required', "preset 应为 money、score"),
        ('["迟到", 1]', '["迟到"]', "列表 扣分标准 第 1 行：有 1 个值，应为 2 个：项目、每次"),
        ('default = [["李四", "王五"]]', 'default = [["李四"]]', "表 外出 default 第 1 行：有 1 个值，应为 2 个：姓名、同去"),
        ('cell = "{等次}线"', 'cell = "KPI1"', "KPI1 不能用作名称"),
        ('name = "扣分标准"', 'name = "2024标准"', "2024标准 不能用作名称"),
        ('name = "月度"', 'name = "月 度"', "月 度 不能用作名称"),
        ('name = "应到"', 'name = "应#到"', "\"应#到\" 不能用作列名"),
        ('name = "奖金总额"', 'name = "人员"', "名称 人员 重复"),
        ('items = ["优秀人数", "合格人数", "不合格人数"]', 'items = "优秀人数"', "items 应为文本的列表"),
        ('formula = "=KAOHE_COUNT([@部门],人员[部门])"', 'formula = "=SUM(人员[奖金])"', "互相等待，无法计算：部门表[人数] → 人员[奖金] → 部门表[奖金池2] → 部门表[奖金] → 部门表[人数]"),
        ('formula = "=[@人数]>0"', 'formula = "=[@奖金]>0"', "部门表[奖金] → 部门表[奖金]；它的条件（require、when）不能读它自己的结果：写算出它的式子，或在读它的那一项中写"),
        ('max = "=[@德]/10"', 'max = "参加人数"', "互相等待，无法计算：参加人数 → 人员[校验] → 参加人数"),
        ('message = "部门没有人"', 'msg = "部门没有人"', "列 奖金 require：不认识的键 msg；可用的键：formula、message"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_with_its_place(old: str, new: str, told: str) -> None:
    text = Path(WORDS).read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(SchemeError) as caught:
        parse(text.replace(old, new, 1), "words")
    assert told in str(caught.value)


def test_a_sum_that_is_not_met_stops_what_reads_the_list(compute_text: Compute) -> None:
    """A list whose errors stop only what reads it: its sum is such an error too."""
    tables = {"人员": [{"姓名": "张三", "得分": 80}]}
    whole = compute_text(SUMS, {"tables": tables})["人员"][0]
    assert (whole["加权"], whole["照抄"], whole["校验"]) == (40, 80, "通过")
    short = compute_text(SUMS, {"params": {"乙权重": 0.4}, "tables": tables})["人员"][0]
    assert (short["加权"], short["照抄"], short["校验"]) == ("#VALUE!", 80, "通过")


SUMS = of_people(
    before="""
[[lists]]
name = "权重表"
scope = []
columns = [{ name = "项目", type = "text", fixed = true }, { name = "权重", preset = "percent", sum = 1, cell = "{项目}权重" }]
rows = [["甲", 0.5], ["乙", 0.5]]
""",
    columns="""
    { name = "得分", preset = "score" },
    { name = "加权", formula = "=[@得分]*MAX(权重表[权重])" },
    { name = "照抄", formula = "=[@得分]" },
""",
)


def test_a_cell_read_conditionally_may_be_bounded_by_another_of_its_row(compute_text: Compute) -> None:
    rows = [
        {"项目": "甲", "计分": "是", "应查": 5, "已查": 5},
        {"项目": "乙", "计分": "是", "应查": 5, "已查": 6},
        {"项目": "丙", "计分": "否", "应查": 5, "已查": 6},
        {"项目": "丁", "计分": "是", "已查": 1},
    ]
    found = compute_text(BOUNDS, {"tables": {"检查": rows}})["检查"]
    told = [row["校验"] for row in found[:4]]
    assert told == ["通过", "已查:不能大于 5", "通过", "已查:不能大于 0"]


@pytest.mark.parametrize("name", ["得 分", "得分（10 分）", "得分(%)", "得-分", "1月"])
def test_a_column_read_conditionally_may_have_any_name_that_columns_have(name: str, compute_text: Compute) -> None:
    rows = [{"项目": "甲", "计分": "是", "应查": 5, name: 6}, {"项目": "乙", "计分": "否", "应查": 5, name: 6}]
    found = compute_text(BOUNDS.replace("已查", name), {"tables": {"检查": rows}})["检查"]
    assert [row["校验"] for row in found] == [f"{name}:不能大于 5", "通过"]


BOUNDS = """
title = "检查"
summary = "一张表"
source = "无"

[[tables]]
name = "检查"
columns = [
    { name = "项目", type = "text", required = true },
    { name = "计分", type = "flag" },
    { name = "应查", preset = "count" },
    { name = "已查", preset = "count", max = "[应查]", when = '=[@计分]="是"' },
]
"""
