"""What an author is told of formulas that compare or count with what a value never is."""

from __future__ import annotations

from tests.workbook_templates.support import Compute, of_people
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.remarks import remarks

TEXTS = of_people(
    before="""
[[lists]]
name = "等次表"
columns = [{ name = "等次", type = "text" }, { name = "下限", required = false, sorted = "down" }, { name = "系数" }]
rows = [["优秀", 90, 1.2], ["合格", 60, 1], ["合格", "", 0.5]]
""",
    keys='orders = { "依据" = ["得分", "等次"], "先后" = ["得分", "-次数"] }',
    columns="""
    { name = "参与", type = "flag" },
    { name = "次数", preset = "count", required = true },
    { name = "得分", preset = "score", required = true },
    { name = "等次", formula = "=KAOHE_GRADE([@得分],等次表[下限],等次表[等次])" },
    { name = "等第", formula = "=KAOHE_GRADE([@得分],等次表[等次],等次表[下限])&KAOHE_TIER([@得分],{90,60,0},等次表[等次])" },
    { name = "系数", formula = "=KAOHE_LOOKUP([@等次],等次表[等次],等次表[系数])+KAOHE_LOOKUP([@得分],等次表[下限],等次表[系数])" },
    { name = "名次", formula = "=KAOHE_RANK([@序号],[序号],[得分],,[依据])+KAOHE_RANK([@序号],[序号],[得分],,[先后])" },
    { name = "分", formula = "=KAOHE_SCORE([@[参与]:[得分]])+SUM(KAOHE_WEIGHTS([@[次数]:[得分]],[@[参与]:[次数]]))" },
""",
)


def test_texts_where_numbers_are_wanted_are_told() -> None:
    """One of them makes the result an error value, for everybody where whole columns are read."""
    assert list(remarks(parse(TEXTS, "t"))) == [
        "表 人员 的公式把 等次表[等次] 作为 KAOHE_GRADE 的下限，它却是文本",
        "表 人员 的公式在 等次表[等次] 中查找，那里有几行都是 合格：查到它的得 #VALUE!",
        "表 人员 的公式把 [[依据1]:[依据2]] 作为 KAOHE_RANK 的并列依据，其中却有文本",
        "表 人员 的公式把 [@[参与]:[得分]] 作为 KAOHE_SCORE 的得分，其中却有文本",
    ]


NEVER = of_people(
    before="""
parameters = [{ name = "方式", type = "choice", choices = ["从严", "从宽"], value = "从严" }]

[[lists]]
name = "等次表"
columns = [{ name = "等次", type = "text" }, { name = "下限", required = false, sorted = "down" }]
rows = [["优秀", 90], ["合格", ""]]
""",
    keys="""absent_when = '=[@不参加]="YES"'""",
    columns="""
    { name = "不参加", type = "flag" },
    { name = "角色", type = "choice", choices = ["经理", "成员"], required = true },
    { name = "得分", preset = "score" },
    { name = "等次", absent = "不参加", formula = '=IF([@得分]="","未评",KAOHE_GRADE([@得分],等次表[下限],等次表[等次]))' },
    { name = "系数", formula = '=IF([@角色]="组长",2,IF([@角色]<>"经理",1,3))*IF(方式="从重",1,2)' },
    { name = "应发", formula = '=IF([@不参加]=TRUE,0,IF([@不参加],1,IF([@得分]>60,2)))' },
    { name = "字", formula = '=IF([@得分]="优秀",1,0)+IF([@得分]="",1,0)+COUNTIF([得分],"90")+COUNTIF([得分],"优秀")' },
    { name = "名次", formula = "=SUMPRODUCT(([应发]>[@应发])*1)+SUMPRODUCT(([@应发]>[应发])*([得分]>=60))" },
    { name = "以下", formula = "=SUMPRODUCT((60<=[系数])*1)+SUMPRODUCT(([系数]<60)*1)+SUMPRODUCT(([@系数]>=60)*[得分])" },
""",
    after="""
[[results]]
name = "优秀人数"
formula = '=KAOHE_COUNT("优异",人员[等次])+KAOHE_COUNT("不参加",人员[等次])'

[[results]]
name = "未评人数"
formula = '=COUNTIF(人员[等次],"未平")+COUNTIF(人员[等次],"未*")+COUNTIF(人员[等次],"未评")+COUNTIF(人员[校验],"通过")'
""",
)


def test_comparisons_that_never_hold_are_told() -> None:
    assert list(remarks(parse(NEVER, "t"))) == [
        "表 人员 的公式把 [@角色] 与“组长”比较，它却只会是 成员、经理",
        "表 人员 的公式把 方式 与“从重”比较，它却只会是 从严、从宽",
        "表 人员 的公式把 [@不参加] 与“TRUE”比较，它却只会是 否、是",
        '表 人员 的公式把 [@不参加] 当作条件，它却是文本；写 [@不参加]="是"',
        "表 人员 的公式中有 IF 没有写不成立时的值，会显示 FALSE",
        "表 人员 的公式把 [@得分] 与“优秀”比较，它却不是文本",
        "表 人员 的公式把 [得分] 与“优秀”比较，它却不是文本",
        *(
            f"表 人员 的公式的 SUMPRODUCT 把 {column} 与数比大小：空行和不参加的人是空文本，比任何数都大，也数了进去；"
            "用 COUNTIF、COUNTIFS、KAOHE_RANK"
            for column in ("[应发]", "[系数]")
        ),
        "表 人员 的公式把 [@不参加] 与“YES”比较，它却只会是 否、是",
        "汇总、核对的公式把 人员[等次] 与“优异”比较，它却只会是 不参加、优秀、合格、未评",
        "汇总、核对的公式把 人员[等次] 与“未平”比较，它却只会是 不参加、优秀、合格、未评",
    ]


def test_formulas_with_texts_where_numbers_or_people_belong_are_told(compute_text: Compute) -> None:
    text = (
        NEVER[: NEVER.index('    { name = "系数"')]
        + """    { name = "差", formula = "=[@得分]-[@姓名]" },
    { name = "倍", formula = "=2*[@不参加]" },
    { name = "位", formula = "=KAOHE_RANK([@姓名],[姓名],[得分])" },
    { name = "限", formula = '=KAOHE_LIMIT([@序号],[序号],[得分],[等次],"优",0.5)' },
]
"""
    )
    assert list(remarks(parse(text, "t")))[1:] == [
        "表 人员 的列 位 的 KAOHE_RANK 以 [姓名] 为名单：有同名的人，人人都是错误值；写 [@序号],[序号]",
        "表 人员 的公式用 [@姓名] 加减乘除，它却是文本",
        "表 人员 的公式用 [@不参加] 加减乘除，它却是文本",
        "表 人员 的公式把 [等次] 与“优”比较，它却只会是 不参加、优秀、合格、未评",
        "表 人员 的公式把 [@不参加] 与“YES”比较，它却只会是 否、是",
    ]
    people = [{"工号": str(number), "姓名": "甲", "不参加": "否", "角色": "成员", "得分": 95} for number in (1, 2)]
    rows = compute_text(text, {"tables": {"人员": people}})["人员"]
    assert [[row[name] for name in ("校验", "差", "倍", "位", "限")] for row in rows] == [
        ["通过", "#VALUE!", "#VALUE!", "#VALUE!", "优秀"]
    ] * 2


def test_a_column_of_a_list_is_not_taken_for_one_of_the_table_that_has_its_name() -> None:
    text = TEXTS.replace("=KAOHE_SCORE(", "=SUMPRODUCT((等次表[系数]>1)*1)+KAOHE_SCORE(")
    assert not [remark for remark in remarks(parse(text, "t")) if "SUMPRODUCT" in remark]


def test_a_number_of_another_table_is_no_text_though_a_text_of_the_own_one_has_its_name() -> None:
    text = of_people(
        """    { name = "数", type = "text" },
    { name = "和", formula = "=SUMPRODUCT(明细[次]*明细[数])+SUMPRODUCT(明细[次]*明细[字])" },
""",
        after="""
[[tables]]
name = "明细"
columns = [{ name = "次", preset = "count" }, { name = "数" }, { name = "字", type = "text" }]
""",
    )
    told = [remark for remark in remarks(parse(text, "t")) if "加减乘除" in remark]
    assert told == ["表 人员 的公式用 明细[字] 加减乘除，它却是文本"]


def test_people_who_need_no_name_are_told() -> None:
    said = "表 人员 的 姓名 没有写 required = true：没有填姓名的行也算作一个人"
    blank = NEVER.replace(
        '{ name = "姓名", type = "text", required = true, unique = true }', '{ name = "姓名", type = "text" }'
    )
    assert said in remarks(parse(blank, "t")) and said not in remarks(parse(NEVER, "t"))


WOVEN = of_people(
    columns="""
    { name = "{}目标", each = ["1月", "2月", "3月"], preset = "money" },
    { name = "{}销售", each = ["1月", "2月", "3月"], preset = "money" },
    { name = "{}退货", each = ["1月", "2月", "3月"], preset = "money", block = "退货" },
    { name = "合计", formula = "=SUM([@退货],[@[1月退货]:[3月退货]],[@[1月目标]:[3月销售]],[@[3月目标]:[3月销售]])" },
    { name = "错计", formula = "=SUM([@[1月销售]:[3月销售]])" },
""",
)


def test_columns_between_those_of_one_item_are_told() -> None:
    """Neighbours with the same each stand in turn: a sum from the first to the last would take the others in."""
    told = "（each 相同的相邻几列轮流排列）；只要 1月销售 这样的几列，给它写 block，公式写它的合称"
    assert list(remarks(parse(WOVEN, "t"))) == [
        f"表 人员 的公式读 [@[1月销售]:[3月销售]]，其中还有 2月目标 等 2 列{told}"
    ]


ROWS = of_people(
    before="""
[[lists]]
name = "等次表"
columns = [{ name = "等次", type = "text" }, { name = "下限", required = false, sorted = "down" }]
rows = [["优秀", 90], ["合格", ""]]
""",
    keys="""absent_when = '=[@不参加]="是"'\norders = { "先后" = ["等次", "得分"] }""",
    columns="""
    { name = "类别", type = "choice", choices = ["加分", "减分"], required = true },
    { name = "不参加", type = "flag" },
    { name = "得分", preset = "score", required = true },
    { name = "初定", formula = "=KAOHE_GRADE([@得分],等次表[下限],等次表[等次])" },
    { name = "等次", formula = '=KAOHE_LIMIT([@序号],[序号],[得分],[初定],"优秀",0.2,"称职",,,,,"比例")' },
    { name = "分布", formula = '=KAOHE_DISTRIBUTE([@序号],[序号],[得分],等次表[等次],{0.5,0.5})' },
    { name = "名次", formula = "=KAOHE_RANK([@序号],[序号],[得分],,[先后])" },
    { name = "和", formula = '=KAOHE_SUM([@键],[键],[得分],,"扣分",[类别])+SUMIFS([得分],[类别],"扣*",[类别],"罚分")' },
    { name = "数", formula = '=KAOHE_COUNT([@键],[键],"加分",[类别])+COUNTIFS([类别],"优秀",[得分],"90")+COUNTIF([校验],"OK")' },
    { name = "比", formula = '=IF([@等次]="合格",1,0)+IF([@等次]="基本称职",1,0)+IF([@分布]="良",1,0)+IF([@校验]="通过",1,0)' },
""",
)


def test_rows_looked_for_by_a_text_that_none_has_are_told() -> None:
    """By every key of a sum or a count, of grades under quotas too; not by an item of a list, for which there may be no row."""
    assert list(remarks(parse(ROWS, "t"))) == [
        "表 人员 的公式把 [[先后1]:[先后2]] 作为 KAOHE_RANK 的并列依据，其中却有文本",
        "表 人员 的公式把 [类别] 与“扣分”比较，它却只会是 减分、加分",
        "表 人员 的公式把 [类别] 与“罚分”比较，它却只会是 减分、加分",
        "表 人员 的公式把 [校验] 与“OK”比较，它却只会是 不参加、通过",
        "表 人员 的公式把 [@等次] 与“基本称职”比较，它却只会是 优秀、合格、称职",
        "表 人员 的公式把 [@分布] 与“良”比较，它却只会是 优秀、合格",
    ]
