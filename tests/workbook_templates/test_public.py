"""Public schemes beside our own, said in the format's words; the figures were calculated independently."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workbook_templates.support import Compute

SECOND_DIVISION = """
title = "手术室绩效工资二次分配"
summary = "医生、护士分开核算:总额的 20% 按岗位系数分,80% 按工作量积分分。"
source = "医院科室绩效工资二次分配指导方案(公开资料)"
parameters = [{ name = "基础比例", preset = "percent", value = 0.2 }]

[[lists]]
name = "标准"
note = "每台的分值。"
spare = 5
columns = [{ name = "项目", type = "text", unique = true }, { name = "分值", above = 0 }]
rows = [["臂丛麻醉", 1.8], ["腰麻", 2.4], ["全身麻醉", 3.5], ["巡回护士", 1.5]]

[[tables]]
name = "总额"
pools = { "基础池" = ["类别", "基础总额"], "工作量池" = ["类别", "工作量总额"] }
default = [{ "类别" = "医生", "总额" = 60000 }, { "类别" = "护士", "总额" = 40000 }]
columns = [
    { name = "类别", type = "text", required = true, unique = true },
    { name = "总额", preset = "money", required = true },
    { name = "基础总额", formula = "=KAOHE_ROUND([@总额]*基础比例)", preset = "money" },
    { name = "工作量总额", formula = "=KAOHE_ROUND([@总额]-[@基础总额])", preset = "money" },
]

[[tables]]
name = "人员"
people = true
absent_when = '=[@参加]="否"'
columns = [
    { name = "姓名", type = "text", required = true, unique = true },
    { name = "类别", type = "text", required = true, key = "总额" },
    { name = "岗位系数", required = true, above = 0 },
    { name = "参加", type = "flag" },
    { name = "参加系数", formula = "=[@岗位系数]", hidden = true },
    { name = "积分", formula = "=KAOHE_SUM([@键],记录[键_姓名],记录[积分])" },
    { name = "基础绩效", formula = "=KAOHE_ALLOCATE([@序号],[序号],总额[基础池],[参加系数],,,[类别])", preset = "money", absent = 0 },
    { name = "工作量绩效", formula = "=KAOHE_ALLOCATE([@序号],[序号],总额[工作量池],[积分],,,[类别])", preset = "money", absent = 0 },
]

[[tables]]
name = "记录"
unique = [["姓名", "项目"]]
columns = [
    { name = "姓名", type = "text", required = true, key = "人员", spoils = true },
    { name = "项目", type = "text", required = true, key = "标准" },
    { name = "台次", preset = "count", required = true },
    { name = "积分", formula = "=[@台次]*KAOHE_LOOKUP([@项目],标准[项目],标准[分值])" },
]
"""

BRANCHES = """
title = "信用社网点季度绩效考核"
summary = "业务指标按完成率计分,超额加分,合规扣分,得分与绩效工资挂钩。"
source = "农村信用社季度绩效考核办法(公开资料)"
parameters = [
    { name = "步长", value = 0.05, above = 0 },
    { name = "第四季度", type = "flag", value = "是", note = "超额加分只在第四季度算" },
]

[[lists]]
name = "指标"
columns = [{ name = "指标", type = "text" }, { name = "分值", preset = "score", above = 0, cell = "{指标}分值" }]
rows = [["存款", 60], ["卡收入", 40]]

[[lists]]
name = "等次表"
columns = [
    { name = "等次", type = "text", fixed = true },
    { name = "下限", preset = "score", required = false, sorted = "down" },
]
rows = [["优", 90], ["良", 75], ["合格", 60], ["不合格", ""]]

[[tables]]
name = "网点"
people = true
identity = []
columns = [
    { name = "网点", type = "text", required = true, unique = true },
    { name = "{}计划", each = "指标", required = true, above = 0 },
    { name = "{}实绩", each = "指标", required = true, note = "可以是负数" },
    { name = "合规扣分", preset = "score", max = 50 },
    { name = "重大案件", type = "flag" },
    { name = "{}得分", each = "指标", formula = "=KAOHE_RATIO({分值},[@{}实绩],[@{}计划],0,{分值})", preset = "score" },
    { name = "存款加分", when = '=第四季度="是"', formula = "=KAOHE_STEPS([@存款实绩]/[@存款计划],1,步长,1,存款分值)", preset = "score" },
    { name = "总分", formula = '=KAOHE_ROUND(KAOHE_ITEM([@存款得分]+[@卡收入得分]+IF([@存款加分]="",0,[@存款加分]),[@合规扣分]+0))', preset = "score" },
    { name = "等次", formula = "=KAOHE_GRADE([@总分],等次表[下限],等次表[等次],[@重大案件])" },
]
"""


@pytest.mark.parametrize("rows", [None, 1500], ids=["tables", "arrays"])
def test_two_pools_over_the_same_groups(compute_text: Compute, rows: int | None) -> None:
    people = [
        *[{"姓名": name, "类别": "医生", "岗位系数": x} for name, x in (("王一", 1.6), ("李二", 1.3), ("张三", 1))],
        {"姓名": "赵四", "类别": "医生", "岗位系数": 1, "参加": "否"},
        *[{"姓名": name, "类别": "护士", "岗位系数": x} for name, x in (("孙六", 1.5), ("周七", 1.2))],
    ]
    log = [
        ("王一", "全身麻醉", 31),
        ("王一", "腰麻", 12),
        ("李二", "全身麻醉", 22),
        ("张三", "臂丛麻醉", 9),
        ("孙六", "巡回护士", 20),
    ]
    records = [{"姓名": name, "项目": item, "台次": count} for name, item, count in log]
    data = {"tables": {"人员": people, "记录": records}}
    result = compute_text(SECOND_DIVISION, data, rows)
    assert [row["积分"] for row in result["人员"]] == [137.3, 77, 16.2, "", 30, 0]
    # 12000 by 1.6 : 1.3 : 1 and 48000 by 137.3 : 77 : 16.2; 8000 by 1.5 : 1.2 and 32000 to the only one with points.
    assert [row["基础绩效"] for row in result["人员"]] == [4923.08, 4000, 3076.92, 0, 4444.44, 3555.56]
    assert [row["工作量绩效"] for row in result["人员"]] == [28591.76, 16034.71, 3373.53, 0, 32000, 0]


def test_indicators_as_rows_of_a_list(compute_text: Compute) -> None:
    def branch(name: str, *numbers: float | None, bad: str = "否") -> dict[str, Any]:
        columns = ("存款计划", "卡收入计划", "存款实绩", "卡收入实绩", "合规扣分")
        return {"网点": name, **dict(zip(columns, numbers, strict=True)), "重大案件": bad}

    branches = [
        branch("甲", 5000, 30, 5500, 33, None),
        branch("乙", 3000, 20, -150, 11.5, None),
        branch("丙", 4000, 20, 3000, 20, 10),
        branch("丁", 4000, 20, 4000, 20, 50, bad="是"),
    ]
    result = compute_text(BRANCHES, {"tables": {"网点": branches}})["网点"]
    assert [(row["存款得分"], row["卡收入得分"], row["存款加分"]) for row in result] == [
        (60, 40, 2),
        (0, 23, 0),
        (45, 40, 0),
        (60, 40, 0),
    ]
    assert [(row["总分"], row["等次"]) for row in result] == [(102, "优"), (23, "不合格"), (75, "良"), (50, "不合格")]
    assert "工号" not in result[0]


CARRIED = """
title = "律师提成"
summary = "按年累计超额累进提成，每月预支，没有扣完的转到下月。"
source = "某律师事务所薪酬办法（公开资料）"
parameters = [{ name = "预支", preset = "money", value = 3000 }]

[[lists]]
name = "提成档"
columns = [{ name = "起点", sorted = "up" }, { name = "比例", preset = "percent" }]
rows = [[0, 0.4], [200000, 0.5]]

[[tables]]
name = "律师"
people = true
columns = [
    { name = "姓名", type = "text", required = true, unique = true },
    { name = "上年挂账", preset = "money" },
    { name = "{}创收", each = ["1月", "2月", "3月"], preset = "money" },
    { name = "上年累计", formula = "=0", hidden = true },
    { name = "{}累计", each = ["1月", "2月", "3月"], before = "上年", formula = "=KAOHE_ROUND([@{前}累计]+[@{}创收])", hidden = true },
    { name = "{}档", each = ["1月", "2月", "3月"], formula = "=KAOHE_ROUND(KAOHE_PROGRESS([@{}累计],提成档[起点],提成档[比例]))", hidden = true },
    { name = "上年档", formula = "=0", hidden = true },
    { name = "{}提成", each = ["1月", "2月", "3月"], before = "上年", formula = "=KAOHE_ROUND([@{}档]-[@{前}档])" },
    { name = "{}挂账", each = ["1月", "2月", "3月"], before = "上年", formula = "=KAOHE_ITEM([@{前}挂账]+预支,[@{}提成])" },
    { name = "{}实发", each = ["1月", "2月", "3月"], before = "上年", formula = "=KAOHE_ROUND(预支+KAOHE_ITEM([@{}提成],预支+[@{前}挂账]))" },
]
"""

REFERRED = """
title = "推荐津贴"
summary = "按职级和档次定标准，本人目标按权重完成，推荐人得被推荐人业绩的一成。"
source = "某公司业务人员管理办法（公开资料）"

[[lists]]
name = "标准"
columns = [{ name = "职级", type = "text" }, { name = "一档" }, { name = "二档" }]
rows = [["主任", 900, 1000.5], ["业务员", 500, 600]]

[[tables]]
name = "人员"
people = true
columns = [
    { name = "姓名", type = "text", required = true, unique = true },
    { name = "推荐人", type = "text", key = "人员" },
    { name = "职级", type = "text", required = true, key = "标准" },
    { name = "档", type = "whole", required = true, min = 1, max = 2 },
    { name = "完成", formula = "=KAOHE_ROUND(KAOHE_SUM([@键],目标[键_姓名],目标[加权]))" },
    { name = "业绩", formula = "=KAOHE_ROUND(INDEX(标准[[一档]:[二档]],MATCH([@职级],标准[职级],0),[@档])*[@完成])" },
    { name = "推荐津贴", formula = "=KAOHE_ROUND(KAOHE_SUM([@键],[键_推荐人],[业绩])*0.1)" },
]

[[tables]]
name = "目标"
rules = [{ formula = "=KAOHE_SUM([@键_姓名],[键_姓名],[权重])=1", message = "每人权重合计应为 1", column = "权重" }]
columns = [
    { name = "姓名", type = "text", required = true, key = "人员", spoils = true },
    { name = "权重", preset = "percent", required = true },
    { name = "完成率", required = true, min = 0 },
    { name = "加权", formula = "=[@权重]*[@完成率]", hidden = true },
]
"""


def test_what_is_not_repaid_is_carried_over(compute_text: Compute) -> None:
    months = ("1月创收", "2月创收", "3月创收")
    earned = {"甲": (5000, 10000, 190000), "乙": (0, 0, 7500), "丙": (None, 199999.99, 0.02)}
    people = [{"姓名": name, **dict(zip(months, given, strict=True))} for name, given in earned.items()]
    result = compute_text(CARRIED, {"tables": {"律师": people}})["律师"]
    kinds = ("提成", "挂账", "实发")
    assert [[[row[f"{month}月{kind}"] for kind in kinds] for month in (1, 2, 3)] for row in result] == [
        [[2000, 1000, 3000], [4000, 0, 3000], [76500, 0, 76500]],
        [[0, 3000, 3000], [0, 6000, 3000], [3000, 6000, 3000]],
        [[0, 3000, 3000], [80000, 0, 77000], [0.01, 2999.99, 3000]],
    ]


def test_people_who_refer_to_each_other(compute_text: Compute) -> None:
    names = ("姓名", "推荐人", "职级", "档")
    people = [("甲", None, "主任", 2), ("乙", "甲", "业务员", 1), ("丙", "甲", "业务员", 2), ("丁", "丙", "主任", 1)]
    goals = [("甲", 1, 1), ("乙", 0.3, 0.5), ("乙", 0.7, 1.25), ("丙", 0.4, 1), ("丙", 0.5, 1), ("丁", 1, 0.333)]
    data = {
        "人员": [dict(zip(names, person, strict=True)) for person in people],
        "目标": [dict(zip(("姓名", "权重", "完成率"), goal, strict=True)) for goal in goals],
    }
    result = compute_text(REFERRED, {"tables": data})["人员"]
    # 丙's weights come to 0.9: he has no result, and neither has who recommended him.
    assert [row["业绩"] for row in result] == [1000.5, 515, "#VALUE!", 297]
    assert [row["推荐津贴"] for row in result] == ["#VALUE!", 0, "#VALUE!", 0]
    data["目标"][4]["权重"] = 0.6
    result = compute_text(REFERRED, {"tables": data})["人员"]
    assert [row["推荐津贴"] for row in result] == [111.5, 0, 29.7, 0]
