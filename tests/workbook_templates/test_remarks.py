"""What an author is told of a scheme file without mistakes."""

from __future__ import annotations

import pytest

from addin.checking import draft
from tests.workbook_templates.support import NAMES, PUBLIC, Compute, of_people
from workbook_templates.scheme.catalogue import load, slugs
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.remarks import remarks

IDLE = of_people(
    before="""
parameters = [{ name = "满分", value = 100 }, { name = "线", value = 60 }]

[[lists]]
name = "等次表"
columns = [{ name = "等次", type = "text" }, { name = "下限" }, { name = "系数", required = false }]
rows = [["优秀", 90, ""], ["不合格", "", 0]]
""",
    columns="""
    { name = "得分", preset = "score", max = "满分", group = "过程" },
    { name = "一半", formula = "=[@得分]/2", hidden = true },
    { name = "次数", formula = "=KAOHE_COUNT([@键],记录[键_姓名],1,记录[有效])" },
    { name = "按工号", formula = "=KAOHE_SUM([@姓名],记录[键_姓名],记录[有效])+KAOHE_SUM([@键],记录[键_姓名],记录[有效])" },
    { name = "按姓名", formula = '=COUNTIFS(记录[姓名],[@姓名])+KAOHE_COUNT([@键],记录[键_姓名])+COUNTA(记录[姓名])' },
    { name = "合计", formula = '=KAOHE_SUM([@键]&"甲",记录[人项],记录[有效])' },
    { name = "全对的次数", formula = "=KAOHE_COUNT([@键],记录[键_姓名],1,记录[有效])", needs = ["记录"] },
""",
    after="""
[[tables]]
name = "记录"
columns = [
    { name = "姓名", type = "text", required = true, key = "人员" },
    { name = "有效", formula = '=IF([@姓名]="",0,1)' },
    { name = "人项", formula = '=[@键_姓名]&"甲"' },
]
""",
)


def test_what_has_no_effect_or_too_much_is_told() -> None:
    assert list(remarks(parse(IDLE, "t"))) == [
        "参数 线 没有公式、上下限用到",
        "列表 等次表 没有公式、上下限、each、key 用到",
        "表 人员 的隐藏列 一半 没有公式用到",
        "表 人员 的分组 过程 没有计算列在 groups 中列出，它的错误不影响任何结果",
        "列表 等次表 第 2 行的 下限 空白而必填，填好以前没有结果；可以空白的列写 required = false",
        '表 记录 的列 有效 是 KAOHE_COUNT 的键2：一行填错时它是错误值，每个人的结果都成为错误值；不是这个意思的，写 guard = false，公式写成 IFERROR(…,"")，只读填写列',
        '表 记录 的列 人项 是 KAOHE_SUM 的键：一行填错时它是错误值，每个人的结果都成为错误值；不是这个意思的，写 guard = false，公式写成 IFERROR(…,"")，只读填写列',
        "表 人员 的列 按工号 在 记录[键_姓名] 中找的是姓名：填了工号的人找不到；要找的写 [@键]",
        "表 人员 的列 按姓名 在 记录[姓名] 中找人：填了工号的行与姓名对不上；写 记录[键_姓名]，要找的写 [@键]",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_to_be_said_of_whole_schemes(name: str) -> None:
    assert list(remarks(load(str(PUBLIC / f"{name}.toml")))) == []


@pytest.mark.parametrize("slug", slugs())
def test_nothing_is_to_be_said_of_our_own_schemes(slug: str) -> None:
    assert list(draft.remarks(load(slug))) == []


BLANK = of_people("""
    { name = "病假", preset = "day" },
    { name = "事假", preset = "day" },
    { name = "月数", preset = "count", required = true },
    { name = "一", formula = "=KAOHE_ITEM([@病假],15)+KAOHE_ITEM([@月数],1)" },
    { name = "二", formula = "=10-KAOHE_STEPS([@病假],0,1)" },
    { name = "三", formula = '=IF([@病假]="",0,KAOHE_ITEM([@病假],15))' },
    { name = "四", formula = "=KAOHE_ITEM([@病假],15)", when = '=[@病假]<>""' },
    { name = "五", formula = "=KAOHE_STEPS([@病假],0,1)" },
    { name = "六", formula = "=10-N(KAOHE_STEPS([@病假],0,1))-KAOHE_STEPS(N([@事假]),0,1)" },
    { name = "七", formula = "=KAOHE_ROUND([@事假]/2)+KAOHE_COEF([@事假],[@月数])" },
""")


def test_blank_cells_where_a_number_is_needed_are_told() -> None:
    assert list(remarks(parse(BLANK, "t"))) == [
        f'表 人员 的列 {column} 把可以空白的 [@{name}] 直接交给 {function}：空白时得 #VALUE!；写 N([@{name}])，或先写 IF([@{name}]="",…)'
        for column, name, function in (
            ("一", "病假", "KAOHE_ITEM"),
            ("二", "病假", "KAOHE_STEPS"),
            ("七", "事假", "KAOHE_COEF"),
        )
    ]


def test_they_are_errors_indeed(compute_text: Compute) -> None:
    [row] = compute_text(BLANK, {"tables": {"人员": [{"姓名": "甲", "月数": 1}]}})["人员"]
    assert [row[column] for column in "一二三四五六七"] == ["#VALUE!", "#VALUE!", 0, "", "", 10, "#VALUE!"]


COMPARED = of_people("""
    { name = "补考", preset = "score" },
    { name = "补考分", formula = '=IF([@补考]="","",[@补考]+0)' },
    { name = "同补考", formula = "=[@补考分]" },
    { name = "奖", formula = "=[@补考]*2", when = '=[@补考]<>""' },
    { name = "一", formula = '=IF([@补考分]>=60,"合格","不合格")' },
    { name = "二", formula = '=IF([@补考分]="","",IF([@补考分]>=60,"合格","不合格"))' },
    { name = "三", formula = '=IF(([@同补考]<60)+([@奖]>100)>0,1,0)' },
    { name = "四", formula = '=IF([@补考]="","",IF([@补考分]>=60,1,0))' },
    { name = "五", formula = "=IF([@补考]>=60,1,0)" },
    { name = "六", formula = "=IF([@补考分]>=60,1,0)", when = '=[@补考]<>""' },
""")


def test_empty_texts_that_are_compared_with_numbers_are_told(compute_text: Compute) -> None:
    assert list(remarks(parse(COMPARED, "t"))) == [
        f'表 人员 的列 {column} 比较 [@{name}] 的大小，它可能是空文本：空文本比任何数都大；先写 IF([@{name}]="",…)'
        for column, name in (("一", "补考分"), ("三", "同补考"), ("三", "奖"))
    ]
    [row] = compute_text(COMPARED, {"tables": {"人员": [{"姓名": "甲"}]}})["人员"]
    assert [row[column] for column in "一二三四五六"] == ["合格", "", 1, "", 0, ""]


DEDUCTED = of_people("""
    { name = "扣{}", each = ["甲", "乙"], block = "各扣", preset = "score" },
    { name = "次", preset = "count" },
    { name = "必", preset = "score", required = true },
    { name = "次扣", formula = "=KAOHE_DEDUCT([@次],5)" },
    { name = "一", formula = "=KAOHE_ITEM(100,[@各扣])" },
    { name = "二", formula = "=KAOHE_ITEM(100,[@各扣],0)" },
    { name = "三", formula = "=KAOHE_ITEM(100,[@次扣])" },
    { name = "四", formula = "=KAOHE_ITEM(100,[@必])+KAOHE_ITEM(100,[@扣甲]+0)" },
    { name = "五", formula = '=IF([@次]="",100,KAOHE_ITEM(100,KAOHE_DEDUCT([@次],5)))' },
    { name = "六", formula = "=KAOHE_ROUND(KAOHE_ITEM(100,[@次],[@扣乙]))" },
    { name = "七", formula = "=KAOHE_ITEM(100,[@扣乙],,0,100)" },
""")


def test_full_marks_that_get_lost_are_told(compute_text: Compute) -> None:
    assert list(remarks(parse(DEDUCTED, "t"))) == [
        f"表 人员 的列 {column} 的 KAOHE_ITEM：扣分、加分都空白时得空文本，不是满分；加分写 0，如 KAOHE_ITEM(100,[@扣分],0)"
        for column in "一三六七"
    ]
    [row] = compute_text(DEDUCTED, {"tables": {"人员": [{"姓名": "甲", "必": 1}]}})["人员"]
    assert [row[column] for column in "一二三四五六七"] == ["", 100, "", 199, 100, "", ""]


SHARES = of_people(
    before="""
parameters = [{ name = "优秀比例", preset = "percent", value = 0.2 }, { name = "优秀名额", value = 3 }]

[[lists]]
name = "等次表"
columns = [{ name = "等次", type = "text" }, { name = "比例", preset = "percent", cell = "{等次}占比" }]
rows = [["良好", 0.3]]
""",
    columns="""
    { name = "得分", preset = "score", required = true },
    { name = "初评", formula = '=IF([@得分]>=60,"优秀","合格")' },
    { name = "一", formula = '=KAOHE_LIMIT([@序号],[序号],[得分],[初评],"优秀",优秀比例)' },
    { name = "二", formula = '=KAOHE_LIMIT([@序号],[序号],[得分],[初评],"优秀",优秀比例,"合格",,,,,"比例")' },
    { name = "三", formula = '=KAOHE_LIMIT([@序号],[序号],[得分],[初评],"优秀",优秀名额)' },
    { name = "四", formula = '=KAOHE_LIMIT([@序号],[序号],[得分],[初评],"优秀",良好占比,"合格")' },
""",
)


def test_a_share_that_may_be_taken_for_one_place_is_told(compute_text: Compute) -> None:
    assert list(remarks(parse(SHARES, "t"))) == [
        f"表 人员 的列 {column} 的 KAOHE_LIMIT 没有写数值含义：{name} 为 100% 时会当作 1 名；最后一个参数写“比例”"
        for column, name in (("一", "优秀比例"), ("四", "良好占比"))
    ]
    people = [{"姓名": name, "得分": score} for name, score in (("甲", 90), ("乙", 80), ("丙", 70), ("丁", 50))]
    rows = compute_text(SHARES, {"params": {"优秀比例": 1}, "tables": {"人员": people}})["人员"]
    assert [row["一"] for row in rows] == ["优秀", "合格", "合格", "合格"]
    assert [row["二"] for row in rows] == ["优秀", "优秀", "优秀", "合格"]


LEFT_OUT = of_people(
    before='parameters = [{ name = "优秀比例", preset = "percent", value = 0.5 }]',
    keys="""absent_when = '=[@不参加]="是"'""",
    columns="""
    { name = "得分", preset = "score", required = true },
    { name = "不参加", type = "flag" },
    { name = "初评", formula = '="优秀"', absent = "不参评" },
    { name = "又评", formula = '="优秀"', absent = "不参加" },
    { name = "计入", formula = '=KAOHE_LIMIT([@序号],[序号],[得分],[初评],"优秀",优秀比例,"合格",,,,,"比例")' },
    { name = "不计", formula = '=KAOHE_LIMIT([@序号],[序号],[得分],[又评],"优秀",优秀比例,"合格",,,,,"比例")' },
""",
)


def test_people_who_take_no_part_and_are_counted_for_places_are_told(compute_text: Compute) -> None:
    assert list(remarks(parse(LEFT_OUT, "t"))) == [
        '表 人员 的列 计入 的 KAOHE_LIMIT：不参加的人在 初评 中是“不参评”，也计入名额的人数；不计入的，初评 写 absent = "不参加"'
    ]
    people = [{"姓名": name, "得分": 100 - place} for place, name in enumerate("甲乙丙")]
    people.append({"姓名": "丁", "得分": 1, "不参加": "是"})
    rows = compute_text(LEFT_OUT, {"tables": {"人员": people}})["人员"][:3]
    assert [row["计入"] for row in rows] == ["优秀", "优秀", "合格"]
    assert [row["不计"] for row in rows] == ["优秀", "合格", "合格"]


LOOKED_UP = of_people(
    before="""
[[lists]]
name = "标准"
columns = [{ name = "成果", type = "text" }, { name = "类别", type = "text" }]
rows = [["论文", "科研"]]
""",
    columns="""
    { name = "分", formula = '=KAOHE_SUM([@键],记录[键_姓名],记录[数],,"科研",记录[类别])' },
""",
    after="""
[[tables]]
name = "记录"
columns = [
    { name = "姓名", type = "text", required = true, key = "人员", spoils = true },
    { name = "成果", type = "text", required = true, key = "标准" },
    { name = "数", preset = "count", required = true },
    { name = "类别", guard = false, formula = '=KAOHE_LOOKUP([@成果],标准[成果],标准[类别])&""' },
]
""",
)


def test_look_ups_among_keys_that_find_nothing_are_told(compute_text: Compute) -> None:
    [told] = remarks(parse(LOOKED_UP, "t"))
    assert told.startswith("表 记录 的列 类别 是 KAOHE_SUM 的键2：一行填错时它是错误值，每个人的结果都成为错误值")
    rows = [("甲", "论文"), ("乙", "论著")]
    records = [{"姓名": name, "成果": item, "数": 1} for name, item in rows]
    data = {"tables": {"人员": [{"姓名": "甲"}, {"姓名": "乙"}], "记录": records}}
    assert [row["分"] for row in compute_text(LOOKED_UP, data)["人员"]] == ["#N/A", "#VALUE!"]
    look_up = 'KAOHE_LOOKUP([@成果],标准[成果],标准[类别])&""'
    mended = LOOKED_UP.replace(look_up, f'IFERROR({look_up},"")')
    assert list(remarks(parse(mended, "t"))) == []
    assert [row["分"] for row in compute_text(mended, data)["人员"]] == [1, "#VALUE!"]


UNKEYED = of_people(
    before="""
[[tables]]
name = "科室表"
columns = [
    { name = "科室", type = "text", required = true, unique = true },
    { name = "人数", formula = "=KAOHE_COUNT([@科室],人员[科室])" },
    { name = "部门人数", formula = "=KAOHE_COUNT([@科室],人员[所在科室])" },
]
""",
    columns="""
    { name = "证号", type = "text", unique = true },
    { name = "科室", type = "text", required = true },
    { name = "所在科室", type = "text", required = true, key = "科室表" },
    { name = "扣分", formula = "=SUMIFS(记录[分],记录[姓名],[@姓名])" },
    { name = "又扣", formula = "=KAOHE_SUM([@证号],记录[证],记录[分])" },
    { name = "同科", formula = "=KAOHE_COUNT([@科室],[科室])+KAOHE_COUNT([@科室],记录[姓名])" },
""",
    after="""
[[tables]]
name = "记录"
columns = [
    { name = "姓名", type = "text", required = true },
    { name = "证", type = "text", required = true },
    { name = "分", preset = "score" },
]
""",
)


def test_columns_without_a_key_in_which_rows_are_looked_for_are_told() -> None:
    assert [told for told in remarks(parse(UNKEYED, "t")) if "key" in told] == [
        f'表 {table} 的列 {column} 在 {keys} 中找本行，那一列却没有写 key：拼错的没有人发现，也不计入；写 key = "{key}"'
        for table, column, keys, key in (
            ("科室表", "人数", "人员[科室]", "科室表"),
            ("人员", "扣分", "记录[姓名]", "人员"),
            ("人员", "又扣", "记录[证]", "人员.证号"),
        )
    ]
