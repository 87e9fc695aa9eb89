"""What an author is told of formulas that go on where other rows are in error."""

from __future__ import annotations

from tests.workbook_templates.support import Compute, of_people
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.remarks import remarks

COVERED = of_people(
    columns="""
    { name = "部门", type = "text", required = true },
    { name = "得分", preset = "score", max = 100, required = true },
    { name = "计划", min = 0, required = true },
    { name = "总分", formula = "=[@得分]" },
    { name = "平均", formula = "=IFERROR(AVERAGEIFS([总分],[部门],[@部门]),60)" },
    { name = "加分", formula = "=IF(ISERROR(KAOHE_SUM([@键],记录[键_姓名],记录[计分])),0,1)" },
    { name = "有数", formula = "=IFERROR(KAOHE_SUM([@键],记录[键_姓名],记录[计分]),0)", needs = ["记录"] },
    { name = "比", formula = "=IFERROR([@得分]/[@计划],0)" },
    { name = "占比", formula = "=IFERROR(KAOHE_COUNT([@部门],[部门])/COUNTIF([总分],100),0)" },
    { name = "键值", guard = false, formula = '=IFERROR(KAOHE_LOOKUP([@部门],[部门],[总分]),"")' },
""",
    after="""
[[tables]]
name = "记录"
columns = [
    { name = "姓名", type = "text", required = true, key = "人员" },
    { name = "分", preset = "score", required = true },
    { name = "计分", formula = "=[@分]" },
]

[[results]]
name = "总平均"
formula = "=IFERROR(AVERAGE(人员[总分]),0)"

[[balances]]
name = "有人"
formula = "=IFERROR(SUM(人员[总分])>0,TRUE)"
""",
)


def test_errors_that_a_formula_covers_up_are_told(compute_text: Compute) -> None:
    told = [line.partition("：")[0] for line in remarks(parse(COVERED, "t"))]
    assert told == [
        "表 人员 的列 平均 的 IFERROR 读 [总分]、[部门]",
        "表 人员 的列 加分 的 ISERROR 读 记录[键_姓名]、记录[计分]",
        "汇总 总平均 的 IFERROR 读 人员[总分]",
        "核对 有人 的 IFERROR 读 人员[总分]",
    ]
    people = [{"姓名": name, "部门": "一", "得分": score, "计划": 0} for name, score in (("甲", 90), ("乙", 900))]
    records = [{"姓名": "甲", "分": "多"}]
    result = compute_text(COVERED, {"tables": {"人员": people, "记录": records}})
    assert [result["人员"][0][name] for name in ("平均", "加分", "有数", "比")] == [60, 0, "#VALUE!", 0]
    assert result["汇总"]["总平均"] == 0


COUNTED = of_people(
    before='parameters = [{ name = "总额", preset = "money", value = 1200 }]',
    columns="""
    { name = "部门", type = "text" },
    { name = "得分", preset = "score", max = 100, required = true },
    { name = "等次", formula = '=IF([@得分]>=90,"优秀","合格")' },
    { name = "奖金", formula = '=IF([@等次]="优秀",每人,0)' },
""",
    after="""
[[tables]]
name = "部门"
columns = [
    { name = "部门", type = "text", required = true, unique = true },
    { name = "优秀", formula = '=KAOHE_COUNT([@部门],人员[部门],"优秀",人员[等次])' },
    { name = "通过", formula = '=COUNTIFS(人员[部门],[@部门],人员[校验],"通过")' },
    { name = "全体", formula = "=COUNTIFS(人员[部门],[@部门])" },
    { name = "比例", formula = "=IF([@全体]=0,0,[@优秀]/[@全体])" },
    { name = "数过", formula = '=COUNTIFS(人员[等次],"优秀")+0*SUM(人员[奖金])' },
    { name = "又比", formula = "=[@数过]+1" },
]

[[results]]
name = "优秀人数"
formula = '=KAOHE_COUNT("优秀",人员[等次])'

[[results]]
name = "合格人数"
formula = '=COUNTIF(人员[等次],"合格")'

[[results]]
name = "每人"
formula = "=IF(优秀人数=0,0,KAOHE_ROUND(总额/优秀人数))"
""",
)


def test_counts_without_the_rows_in_error_are_told_where_others_read_them(compute_text: Compute) -> None:
    told = '数 人员[等次]，填错的行不在其中，用到它的结果就不对；写 needs = ["人员"]，填错时就是错误值'
    counted = [line for line in remarks(parse(COUNTED, "t")) if "不在其中" in line]
    assert counted == [f"汇总 优秀人数 {told}", f"表 部门 的列 优秀 {told}"]
    people = [{"姓名": name, "得分": score} for name, score in (("甲", 90), ("乙", 95), ("丙", 980))]
    assert [row["奖金"] for row in compute_text(COUNTED, {"tables": {"人员": people}})["人员"]] == [600, 600, "#VALUE!"]
    needing = COUNTED.replace('name = "优秀人数"', 'name = "优秀人数"\nneeds = ["人员"]')
    assert [row["奖金"] for row in compute_text(needing, {"tables": {"人员": people}})["人员"]] == ["#VALUE!"] * 3
    people[2]["得分"] = 98
    assert [row["奖金"] for row in compute_text(needing, {"tables": {"人员": people}})["人员"]] == [400, 400, 400]
