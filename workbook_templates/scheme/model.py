"""A scheme as checked data: what a ``schemes/<slug>.toml`` file says.

Every key is declared here once, with its meaning and an example; docs/scheme-format.md is made from it. workbook_templates.scheme.loader reads
a file into these records; lists, repetitions and the like are plain columns by then.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from workbook_templates.scheme.keys import Form, word

SERIAL, CHECK = "序号", "校验"
"""The columns that every table gets: the row's number, and what is wrong with its inputs."""

SAID = re.compile(r"\[(@?)([^\[\]@]+)\]")
"""A column's or a parameter's value within the sentence of a column."""

PERSON_KEY = "键"
"""The hidden column of a table of people by which other tables refer to them: 工号, or else the name."""
STAFF_NUMBER = "工号"

HOME, UNIT, PERIOD = "首页", "单位名称", "考核期间"
UNIT_CELL, PERIOD_CELL = f"{HOME}_{UNIT}", f"{HOME}_{PERIOD}"
"""The defined names of the cells in which unit and period are entered once."""

TYPES = {"number": "数字", "whole": "整数", "text": "文本", "flag": "是否", "choice": "选项", "date": "日期"}
PRESETS = ("money", "score", "percent", "day", "count")
CHARTS = ("column", "bar", "pie", "line")
IDENTITY = ("工号", "部门", "身份证号", "银行账号")
DEFAULT_CAPACITY = 30

Value = str | int | float | bool | None
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
        "下限（含）：数字、参数或汇总的名称、`=公式`；填写列还可写 `[列]`（同一行，空白作 0）或含 [@列] 的公式",
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
class Parameter(Limits):
    """A named value that the unit sets once; ``note`` says what it means."""

    required: bool | str = word(Form.FLAG, "不能空白（不写即是）", "required = false", True)
    value: Value = word(Form.VALUE, "默认值", "value = 100", None)
    scope: tuple[str, ...] | None = word(
        Form.TEXTS,
        "填错时哪些表的各行都有错误。不写：全部表；[]：只有读它的公式有错误",
        "scope = []",
        None,
    )


@dataclass(frozen=True)
class ListColumn(Limits):
    """A column of a list; every cell has to be filled unless ``required = false``."""

    required: bool | str = word(Form.FLAG, "不能空白（不写即是）", "required = false", True)
    unique: bool = word(Form.FLAG, "各行不得相同", "unique = true", False)
    cell: str = word(
        Form.TEXT,
        "各格自己的名称，{列} 代表同一行那一列的值；有了名称，公式、上下限和数据可以直接用它"
        "（以数字开头的名称在公式里前面加 _）。空白的格没有名称",
        'cell = "{等次}线"',
        "",
    )
    sorted: str = word(Form.TEXT, "各行的次序：down 从高到低，up 从低到高", 'sorted = "down"', "", ("down", "up"))
    sum: float | None = word(Form.NUMBER, "各行合计应为此数", "sum = 100", None)
    fixed: bool = word(Form.FLAG, "不让人改（如等次的名称）", "fixed = true", False)


@dataclass(frozen=True)
class Listing:
    """A list or small table among the parameters: bounds and grades, weights of items, shares by group."""

    name: str = word(Form.TEXT, "名称；公式里写 `名称[列]`", 'name = "等次"')
    columns: tuple[ListColumn, ...] = word(
        Form.RECORDS, "各列，见“列表的列”", 'columns = [{ name = "等次", type = "text" }, { name = "下限" }]'
    )
    rows: tuple[dict[str, Value], ...] = word(
        Form.ROWS, '各行，按列的次序写值，或写成 { 列 = 值 }；空白写 ""', 'rows = [["优秀", 90], ["合格", 60]]'
    )
    note: str = word(Form.TEXT, "说明", 'note = "从高到低"', "")
    scope: tuple[str, ...] | None = word(Form.TEXTS, "填错时哪些表的各行都有错误，同参数的 scope", "scope = []", None)
    spare: int = word(Form.WHOLE, "另留的空行（给 KAOHE_LOOKUP 等按键查找的列表）", "spare = 10", 0)

    @property
    def column_names(self) -> tuple[str, ...]:
        return (*(column.name for column in self.columns), CHECK)

    @property
    def fixed(self) -> bool:
        """Whether names of cells or columns of tables are made from its rows, so that these must stay."""
        return any(column.cell or column.fixed for column in self.columns)

    def cells(self, rows: tuple[dict[str, Value], ...] | list[dict[str, Value]]) -> dict[str, tuple[int, str]]:
        """The cells with a name of their own: row and column by name."""
        named = {}
        for column in self.columns:
            for place, row in enumerate(rows):
                if column.cell and row.get(column.name) not in (None, ""):
                    name = column.cell
                    for other, value in row.items():
                        name = name.replace(f"{{{other}}}", str(value))
                    named[defined_name(name)] = (place, column.name)
        return named


@dataclass(frozen=True)
class View:
    """Neighbouring rows of a list that belong to a block of columns."""

    name: str
    listing: str
    first: int
    last: int


@dataclass(frozen=True)
class Input(Limits):
    """A column that the clerk fills in."""

    unique: bool = word(
        Form.FLAG, "各行不得相同（两行都有错误）。人员表的第一列除外：填了不同工号的人可以同名", "unique = true", False
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
        "本行有错误时，它所指的那一行也有错误(true)，或那一行的一组列有错误（写组名，见 group）",
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
        "还须成立的条件：不成立时为错误值，原因写在公式里，校验宏会说明",
        'require = [{ formula = "=KAOHE_COUNT([@键],授课[键_姓名])>0", message = "没有授课" }]',
        (),
    )
    groups: tuple[str, ...] = word(Form.TEXTS, "除不分组的填写列外，还读哪些组的填写列", 'groups = ["过程"]', ())
    guard: bool = word(Form.FLAG, "false：不看校验，每一行都计算（只读填写列的辅助列）", "guard = false", True)
    hidden: bool = word(Form.FLAG, "隐藏的辅助列", "hidden = true", False)
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
    spoils: bool | str = word(Form.FLAG_OR_TEXT, "同填写列的 spoils", "spoils = true", False)
    unknown_spoils_all: bool = word(Form.FLAG, "同填写列的 unknown_spoils_all", "unknown_spoils_all = true", False)


@dataclass(frozen=True)
class ParameterRule:
    """A condition over parameters. Broken, it spoils the tables of ``scope`` (None: all) and whatever ``needs`` its name."""

    name: str = word(Form.TEXT, "名称", 'name = "权重合计"')
    formula: str = word(Form.FORMULA, "参数之间须成立的条件", 'formula = "=KAOHE_ROUND(甲权重+乙权重,6)=1"')
    message: str = word(Form.TEXT, "不成立时的说明", 'message = "两项权重之和应为 1"')
    scope: tuple[str, ...] | None = word(
        Form.TEXTS, "不成立时哪些表的各行都有错误。不写：全部表；[]：只有 needs 中写它的", 'scope = ["人员"]', None
    )


@dataclass(frozen=True)
class Table:
    """One sheet: inputs on the left, computed columns on the right."""

    inputs: tuple[Input, ...]
    name: str = word(Form.TEXT, "工作表和表的名称", 'name = "人员"')
    computed: tuple[Computed, ...] = ()
    each: tuple[str, ...] = word(
        Form.TEXTS, "同样的几张表（如两个学期）：每项一张，`{表}` 代表这一项", 'each = ["上学期", "下学期"]', ()
    )
    title: str = word(Form.TEXT, "标题（不写：方案名称和表名）", 'title = "考核得分表"', "")
    note: str = word(Form.TEXT, "标题下的说明", 'note = "每人一行。"', "")
    unit: str = word(Form.TEXT, "金额单位", 'unit = "元"', "")
    period: str = word(Form.TEXT, "考核期间", 'period = "2024 年"', "")
    capacity: int = word(Form.WHOLE, "起初的行数；数据多时自动增加", "capacity = 60", DEFAULT_CAPACITY)
    min_rows: int = word(Form.WHOLE, "填写的行少于此数时表有错误", "min_rows = 1", 0)
    people: bool = word(
        Form.FLAG,
        "人员表：kaohe new --rows 定它的行数；有可不填的工号、部门两列，第一列写 unique = true 时同名的人以工号区分，"
        "并有隐藏列 键（工号，没有工号时为第一列）",
        "people = true",
        False,
    )
    identity: tuple[str, ...] = word(
        Form.TEXTS,
        f"人员表自动带的填写列（已自己写的不重复）：{'、'.join(IDENTITY)} 中的几个，不写为工号、部门",
        'identity = ["工号", "部门", "银行账号"]',
        IDENTITY[:2],
        (),
    )
    absent_when: str = word(
        Form.FORMULA,
        "不参加的条件：校验为不参加，不读填写列，各计算列显示其 absent",
        "absent_when = '=[@不参加考核]=\"是\"'",
        "",
    )
    unique: tuple[tuple[str, ...], ...] = word(
        Form.TEXT_LISTS,
        "合起来不得重复的几列；本表得到隐藏列 `键_列_列`",
        'unique = [["姓名", "月份"]]',
        (),
    )
    refers: tuple[Refer, ...] = word(
        Form.RECORDS,
        "几列合起来须是另一表中的一行，见“几列合起来的键”；本表得到隐藏列 `键_列_列`",
        'refers = [{ columns = ["姓名", "月份"], table = "月度", spoils = true }]',
        (),
    )
    conditions: dict[str, str] | None = word(
        Form.NAMED_FORMULAS,
        "几列共用的条件，各列的 when 写它的名称",
        """conditions = { "业务" = '=[@类别]="业务"' }""",
        None,
    )
    orders: dict[str, tuple[str, ...]] | None = word(
        Form.NAMED_TEXTS,
        "排序的几列（先写的先比；列名前加 - 为低者在前），公式里写 `[名称]`，作函数的并列依据",
        'orders = { "并列依据" = ["教学工作", "-旷工天数"] }',
        None,
    )
    pools: dict[str, tuple[str, ...]] | None = word(
        Form.NAMED_TEXTS,
        "组别与金额两列，公式里写 `表[名称]`，作 KAOHE_ALLOCATE 的总额；同一组别可以有几个总额",
        'pools = { "基础池" = ["类别", "基础总额"] }',
        None,
    )
    rules: tuple[Rule, ...] = word(Form.RECORDS, "行的规则，见“行的规则”", "[[tables.rules]]", ())
    default: tuple[dict[str, Value], ...] = word(
        Form.ROWS, "起初的各行（数据给了此表时全部换掉）", 'default = [{ "类别" = "医生", "总额" = 60000 }]', ()
    )
    blocks: tuple[tuple[str, str, str], ...] = ()
    """The common names of columns side by side, each with the first and the last."""

    spoiled: tuple[str, ...] = ()
    """Groups of columns that bad rows of other tables spoil."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The named groups of inputs that spoil only some outputs, in order of appearance."""
        named = [*(column.group for column in self.inputs), *(rule.group for rule in self.rules), *self.spoiled]
        return tuple(dict.fromkeys(group for group in named if group))

    @property
    def keyed(self) -> bool:
        """Whether its people are told apart by 工号 or name."""
        names = [column.name for column in self.inputs]
        return self.people and STAFF_NUMBER in names[1:] and self.inputs[0].unique

    @property
    def joint_keys(self) -> tuple[tuple[str, ...], ...]:
        """Columns that are joined to a key."""
        return tuple(dict.fromkeys([*self.unique, *(refer.columns for refer in self.refers)]))

    @property
    def column_names(self) -> tuple[str, ...]:
        """Every column of the sheet, from left to right."""
        return (
            SERIAL,
            *(c.name for c in self.inputs),
            CHECK,
            *([PERSON_KEY] if self.keyed else []),
            *(column_key(c.name) for c in self.inputs if c.person),
            *(column_key(*names) for names in self.joint_keys),
            *(bad_key(c.name) for c in self.inputs if c.spoils),
            *(bad_key(*refer.columns) for refer in self.refers if refer.spoils),
            *([group_check(group) for group in ("基本", *self.groups)] if self.groups else []),
            *(c.name for c in self.computed),
        )


@dataclass(frozen=True)
class Summary:
    """A value of the sheet 汇总."""

    name: str = word(Form.TEXT, "名称，公式里可用", 'name = "参加人数"')
    formula: str = word(Form.FORMULA, "公式", "formula = '=COUNTIF(人员[校验],\"通过\")'")
    needs: tuple[str, ...] = word(Form.TEXTS, "同计算列的 needs", 'needs = ["人员"]', ())
    require: tuple[Requirement, ...] = word(
        Form.RECORDS, "同计算列的 require", 'require = [{ formula = "=余额>=0", message = "余额不能是负数" }]', ()
    )
    unit: str = word(Form.TEXT, "单位", 'unit = "人"', "")
    note: str = word(Form.TEXT, "说明", 'note = "不含不参加的人"', "")
    format: str = word(Form.TEXT, "数字格式", 'format = "0.00"', "")
    label: str = word(Form.TEXT, "“汇总”表中显示的名称（不写即 name）；要与参数同名时用", 'label = "优"', "")

    @property
    def shown_name(self) -> str:
        return self.label or self.name


@dataclass(frozen=True)
class Balance:
    """A statement that must hold, shown in 汇总 as 通过 or 不符 (paid + carried = pool)."""

    name: str = word(Form.TEXT, "名称", 'name = "实发合计 = 总额"')
    formula: str = word(Form.FORMULA, "须成立的条件", 'formula = "=KAOHE_ROUND(SUM(人员[实发]))=总额"')


@dataclass(frozen=True)
class Chart:
    """A native chart in 汇总: of neighbouring summary values, or of columns of a table."""

    title: str = word(Form.TEXT, "标题", 'title = "等次分布（人）"')
    type: str = word(Form.TEXT, "柱形、条形、饼图、折线", 'type = "pie"', "column", CHARTS)
    items: tuple[str, ...] = word(Form.TEXTS, "相邻的几个汇总项", 'items = ["优秀人数", "合格人数"]', ())
    table: str = word(Form.TEXT, "或：一个表的几列", 'table = "分组"', "")
    category: str = word(Form.TEXT, "那一表中作分类的列", 'category = "分组"', "")
    values: tuple[str, ...] = word(Form.TEXTS, "那一表中作数值的列", 'values = ["一类人数", "二类人数"]', ())


@dataclass(frozen=True)
class Repeat:
    """Keys that make several columns (rules, results …) of one; they are carried out before anything else."""

    each: tuple[str, ...] | str = word(
        Form.TEXTS_OR_TEXT,
        "对列表中的每一项重复：`{}` 是这一项，`{n}` 是第几项，`{前}` 是前一项。写列表（[[lists]]）的名称时，"
        "`{}` 是它第一列的值，`{列}` 是这一行那一列的值（数字列在公式里是那一格），min、max 等可写它的列名。"
        "相邻的、each 相同的几列一起重复（甲、乙、甲、乙……），有 block 的各自重复",
        'each = ["一季度", "二季度"]',
    )
    where: dict[str, Value] | None = word(
        Form.NAMED_VALUES, "只取列表中这一列为此值的行", 'where = { "类别" = "公共" }', None
    )
    before: str = word(Form.TEXT, "第一项的 `{前}`", 'before = "上次"', "")
    block: str = word(
        Form.TEXT,
        "重复出来的各列合称，公式里写 `[@合称]`、`[合称]`;each 是列表时还可写 `合称[权重]`，即列表中这几行的那一列",
        'block = "公共项目"',
        "",
    )


@dataclass(frozen=True)
class Preset:
    """A kind of value by one word."""

    preset: str = word(
        Form.TEXT,
        "常用的一类值：money 金额（元，不小于 0）、score 分、percent 百分比（0 至 1）、day 天数、count 次数（整数）；其余各键可另写",
        'preset = "money"',
        "",
        PRESETS,
    )


@dataclass(frozen=True)
class Scheme:
    slug: str
    title: str = word(Form.TEXT, "名称", 'title = "教师年度考核"')
    summary: str = word(Form.TEXT, "一句话的用途", 'summary = "按七项计分，评定等次。"')
    source: str = word(Form.TEXT, "依据", 'source = "某县教师考核办法"')
    tables: tuple[Table, ...] = word(Form.RECORDS, "各表，见“表”", "[[tables]]")
    date: str = word(Form.TEXT, "依据的日期", 'date = "2011-11-18"', "")
    steps: tuple[str, ...] = word(Form.TEXTS, "填写顺序（不写则自动生成）", 'steps = ["先核对参数。"]', ())
    decided: tuple[str, ...] = word(Form.TEXTS, "依据没有说清、本方案这样定的", 'decided = ["优秀比例为上限。"]', ())
    limitations: tuple[str, ...] = word(Form.TEXTS, "没有包括的", 'limitations = ["负责人的考核不在本表。"]', ())
    parameters: tuple[Parameter, ...] = word(Form.RECORDS, "参数，见“参数”", "[[parameters]]", ())
    lists: tuple[Listing, ...] = word(Form.RECORDS, "列表，见“列表”", "[[lists]]", ())
    parameter_rules: tuple[ParameterRule, ...] = word(
        Form.RECORDS, "参数之间的关系，见“参数规则”", "[[parameter_rules]]", ()
    )
    results: tuple[Summary, ...] = word(Form.RECORDS, "汇总，见“汇总”", "[[results]]", ())
    balances: tuple[Balance, ...] = word(Form.RECORDS, "核对，见“核对”", "[[balances]]", ())
    chart: Chart | None = word(Form.RECORD, "图表，见“图表”", "[chart]", None)
    views: tuple[View, ...] = ()
    text: str = field(default="", compare=False, repr=False)
    """The text of the file, which its workbooks carry."""

    _tables: dict[str, Table] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._tables.update({table.name: table for table in self.tables})

    @property
    def version(self) -> str:
        """Tells one text of a scheme from another."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    @property
    def period(self) -> str:
        """The 考核期间 that a new workbook has."""
        return next((table.period for table in self.tables if table.period), "")

    def table(self, name: str) -> Table:
        return self._tables[name]

    def listing(self, name: str) -> Listing:
        return next(listing for listing in self.lists if listing.name == name)

    @property
    def cell_names(self) -> tuple[str, ...]:
        """The names that cells of lists have of their own."""
        return tuple(name for listing in self.lists for name in listing.cells(listing.rows))


def defined_name(name: str) -> str:
    """A name that begins with a digit has a line before it in formulas: there are no such names in Excel."""
    return f"_{name}" if name[:1].isdigit() else name


def group_check(group: str) -> str:
    """The hidden column that checks one group of inputs."""
    return f"{CHECK}_{group}"


def column_key(*names: str) -> str:
    """The hidden column with the key of the row that these cells name (of a person, or of several cells together)."""
    return "键_" + "_".join(names)


def bad_key(*names: str) -> str:
    """The hidden column that holds this key where the row is in error."""
    return "误_" + "_".join(names)


def state(name: str) -> str:
    """The defined name that says 通过 while a table (list, rule, parameter) is free of errors."""
    return f"状态_{name}"


def sum_rule(listing: str, column: str) -> str:
    """The name of the rule that a list's column adds up to what it should."""
    return f"{listing}_{column}合计"


def list_column(listing: str, column: str) -> str:
    """The defined name of a list's column."""
    return f"{listing}_{column}"
