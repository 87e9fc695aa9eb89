"""The columns of a table: what a clerk fills in and what is computed, and the rules of its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbook_templates.scheme.keys import Form, word
from workbook_templates.scheme.names import TYPES

SAID = re.compile(r"\[(@?)([^\[\]@]+)\]")
"""A column's or a parameter's value within the sentence of a column."""

TEXT_TYPES = ("text", "flag", "choice")
NUMBER_TYPES = ("number", "whole")
Value = str | int | float | bool | None
BOUNDS = ("min", "max", "above", "below")
Bound = int | float | str | None


@dataclass(frozen=True)
class Limits:
    """What one input cell may hold."""

    name: str = word(Form.TEXT, "名称", 'name = "得分"')
    type: str = word(
        Form.TEXT,
        "类型：number 数字（不写即是）、whole 整数、text 文本、flag 是或否、choice 选项、date 日期",
        'type = "whole"',
        "number",
        tuple(TYPES),
    )
    required: bool | str = word(
        Form.CONDITION, "必填；也可写条件（只在填写列）", "required = '=[@编制类别]<>\"聘用\"'", False
    )
    min: Bound = word(
        Form.BOUND,
        "下限（含）：数字、日期（如 2024-12-31）、参数或汇总的名称、`=公式`；填写列还可写 `[列]`（同一行，空白作 0）或含 [@列] 的公式",
        "min = 0",
        None,
    )
    max: Bound = word(Form.BOUND, "上限（含），写法同 min", 'max = "[应参加人数]"', None)
    above: Bound = word(Form.BOUND, "下限（不含），写法同 min", "above = 0", None)
    below: Bound = word(Form.BOUND, "上限（不含），写法同 min", 'below = "封顶"', None)
    choices: tuple[str, ...] = word(
        Form.TEXTS, '可选的文本，与 type = "choice" 同时写', 'choices = ["从严", "从宽"]', ()
    )
    unit: str = word(Form.TEXT, "单位", 'unit = "分"', "")
    note: str = word(Form.TEXT, "说明，填写时提示", 'note = "达到此分（含）为合格"', "")
    format: str = word(Form.TEXT, "数字格式", 'format = "0.00"', "")


@dataclass(frozen=True)
class Input(Limits):
    """A column that the clerk fills in."""

    unique: bool = word(
        Form.FLAG,
        "各行不得相同，只差空格、全角半角、大小写的也算相同（两行都有错误）。人员表的第一列除外：填了不同工号的人可以同名",
        "unique = true",
        False,
    )
    key: str = word(
        Form.TEXT,
        "须是另一表中的值：`表`（那里的第一列）或 `表.列`。指向人员表时填姓名，同名的填工号；"
        "本表得到隐藏列 `键_本列`，与人员表的 `键` 对应",
        'key = "人员"',
        "",
    )
    key_single: bool = word(
        Form.FLAG, "那一表中须恰有一行（指向人员表时：没有填工号的同名的人不行）", "key_single = true", False
    )
    key_optional: bool = word(
        Form.FLAG, "也可以不在那一表中（只用来对应；指向人员表时用）", "key_optional = true", False
    )
    key_repeated: bool = word(
        Form.FLAG,
        "指向人员表时，同名的人没有填工号，本行也不算有错误（那几行自己有错误）",
        "key_repeated = true",
        False,
    )
    key_valid: bool = word(Form.FLAG, "那一行须没有错误", "key_valid = true", False)
    spoils: bool | str = word(
        Form.FLAG_OR_TEXT,
        "本行有错误时，它所指的那一行也有错误（true），或那一行的一组列有错误（写组名，见 group）",
        "spoils = true",
        False,
    )
    unknown_spoils_all: bool = word(
        Form.FLAG, "与 spoils 同用：有错误的行指不到谁时，那一表的每一行都有错误", "unknown_spoils_all = true", False
    )
    when: str = word(
        Form.TEXT,
        "只在条件成立的行读这一格（检查、必填），其余的行不读：`=公式`，或 conditions 中的名称",
        "when = '=[@类别]=\"教师\"'",
        "",
    )
    group: str = word(Form.TEXT, "这一格的错误只影响 groups 中列出此组的计算列；不写则影响整行", 'group = "过程"', "")
    heading: str = word(Form.TEXT, "列名上方的小标题，相邻几列相同的合为一格", 'heading = "考勤"', "")
    width: float = word(Form.NUMBER, "列宽", "width = 20", 0)
    person: bool = False
    """Whether it names a row of a table of people by name or 工号."""


@dataclass(frozen=True)
class Requirement:
    """A condition that a computed column needs."""

    formula: str = word(Form.FORMULA, "须成立的条件", 'formula = "=KAOHE_COUNT([@键],授课[键_姓名])>0"')
    message: str = word(Form.TEXT, "不成立时的说明", 'message = "没有授课"')


@dataclass(frozen=True)
class Computed:
    """A column that the workbook computes."""

    name: str = word(Form.TEXT, "列名", 'name = "总分"')
    formula: str = word(
        Form.FORMULA,
        "公式。只在本行校验为通过时计算；空行为空，有错误的行为错误值",
        'formula = "=KAOHE_SCORE([@[德]:[绩]],,,,小数位)"',
    )
    when: str = word(
        Form.TEXT, "只在条件成立的行计算，其余的行为空，写法同填写列的 when", "when = '=[@享受]=\"是\"'", ""
    )
    absent: Value = word(Form.VALUE, "不参加的行显示什么（值或 `=公式`，不写为空）", 'absent = "不参加"', "")
    needs: tuple[str, ...] = word(
        Form.TEXTS, "这些表、列表、参数规则（或有 scope 的参数）有错误时，本列也是错误值", 'needs = ["人员"]', ()
    )
    require: tuple[Requirement, ...] = word(
        Form.RECORDS,
        "还须成立的条件（不能读本项自己的结果）：不成立时为错误值，原因写在公式里，校验宏会说明",
        'require = [{ formula = "=KAOHE_COUNT([@键],授课[键_姓名])>0", message = "没有授课" }]',
        (),
    )
    groups: tuple[str, ...] = word(Form.TEXTS, "除不分组的填写列外，还读哪些组的填写列", 'groups = ["过程"]', ())
    guard: bool = word(
        Form.FLAG,
        'false：不看校验，每一行都计算（只读填写列的辅助列）；空行也算，应为空时写 `IF([@姓名]="","",…)`',
        "guard = false",
        True,
    )
    hidden: bool = word(Form.FLAG, "中间步骤，平时收起", "hidden = true", False)
    total: bool = word(Form.FLAG, "表头上方显示合计", "total = true", False)
    unit: str = word(Form.TEXT, "单位", 'unit = "元"', "")
    note: str = word(Form.TEXT, "说明", 'note = "取最近的 0.5 分"', "")
    say: str = word(
        Form.TEXT,
        "个人通知单和“解释得分”怎样说明本列：一句话，`[@列]` 和 `[参数]` 换成本行和参数的值；不写则由公式生成",
        'say = "合格率 [@合格率]，在计分表的两档之间折算"',
        "",
    )
    format: str = word(Form.TEXT, "数字格式", 'format = "#,##0.00"', "")
    heading: str = word(Form.TEXT, "列名上方的小标题，相邻几列相同的合为一格", 'heading = "考勤"', "")
    width: float = word(Form.NUMBER, "列宽", "width = 12", 0)


@dataclass(frozen=True)
class Rule:
    """A condition over several cells of a row."""

    formula: str = word(
        Form.FORMULA, "每行须成立的条件（本身是错误值也算不成立；不参加的行不查）", 'formula = "=[@合格数]<=[@检验数]"'
    )
    message: str = word(Form.TEXT, "不成立时的说明", 'message = "不能多于检验数"')
    column: str = word(Form.TEXT, "说明指向哪一填写列", 'column = "合格数"', "")
    group: str = word(Form.TEXT, "只影响一组列，同填写列的 group", 'group = "过程"', "")


@dataclass(frozen=True)
class Refer:
    """Several columns together that must stand in another table."""

    columns: tuple[str, ...] = word(Form.TEXTS, "本表的几列，与那一表 unique 的几列同名", 'columns = ["姓名", "月份"]')
    table: str = word(Form.TEXT, "那一表", 'table = "月度"')
    spoils: bool | str = word(
        Form.FLAG_OR_TEXT,
        "同填写列的 spoils；只有第一列对得上的（姓名对、月份错），使那一表中这个人的每一行都有错误",
        "spoils = true",
        False,
    )
    unknown_spoils_all: bool = word(Form.FLAG, "同填写列的 unknown_spoils_all", "unknown_spoils_all = true", False)
