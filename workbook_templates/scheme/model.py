"""A scheme as checked data: what a ``schemes/<slug>.toml`` file says.

Every key is declared once, here and in ``columns`` and ``parameters``, with its meaning and an example; docs/scheme-format.md is made
from it. ``loader`` reads
a file into these records; lists, repetitions and the like are plain columns by then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from workbook_templates.scheme.columns import NUMBER_TYPES, Computed, Input, Refer, Requirement, Rule, Value
from workbook_templates.scheme.keys import Form, word
from workbook_templates.scheme.names import (
    CHECK,
    HAS_FORMULAS,
    PERSON,
    PERSON_KEY,
    SERIAL,
    STAFF_NUMBER,
    bad_key,
    column_key,
    group_check,
)
from workbook_templates.scheme.parameters import Listing, Parameter, ParameterRule, View

PRESETS = ("money", "score", "percent", "day", "count")
CHARTS = ("column", "bar", "pie", "line")
IDENTITY = ("工号", "部门", "身份证号", "银行账号")
DEFAULT_CAPACITY, MOST_ROWS = 30, 1_000_000


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

    woven: tuple[tuple[str, ...], ...] = ()
    """Columns repeated in turn with others (甲、乙、甲、乙……): those that one item of the file has become."""

    spoiled: tuple[str, ...] = ()
    """Groups of columns that bad rows of other tables spoil."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The named groups of inputs that spoil only some outputs, in order of appearance."""
        named = [*(column.group for column in self.inputs), *(rule.group for rule in self.rules), *self.spoiled]
        return tuple(dict.fromkeys(group for group in named if group))

    @property
    def counted(self) -> str:
        """What its rows are counted in: 人, or 个 where they are units."""
        return "人" if self.people and PERSON.search(self.inputs[0].name) else "个"

    @property
    def keyed(self) -> bool:
        """Whether its people are told apart by 工号 or name."""
        names = [column.name for column in self.inputs]
        return self.people and STAFF_NUMBER in names[1:] and self.inputs[0].unique

    @property
    def identifying(self) -> tuple[Input, ...]:
        """The inputs that say whose the row is or what it is about: the first one, and whatever is no plain number."""
        return tuple(c for c in self.inputs if c is self.inputs[0] or c.type not in NUMBER_TYPES)

    @property
    def marker(self) -> str:
        """The computed column by which rows with formulas are known, and which no number in the row changes.

        Only tables of people and of records of them have one: where so much is entered it is worth its cells.
        """
        persons = (column_key(c.name) for c in self.inputs if c.person)
        return PERSON_KEY if self.keyed else next(persons, HAS_FORMULAS if self.people else "")

    @property
    def joint_keys(self) -> tuple[tuple[str, ...], ...]:
        """Columns that are joined to a key."""
        return tuple(dict.fromkeys([*self.unique, *(refer.columns for refer in self.refers)]))

    @cached_property
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
            *([HAS_FORMULAS] if self.marker == HAS_FORMULAS else []),
        )


@dataclass(frozen=True)
class Summary:
    """A value of the sheet 汇总."""

    name: str = word(Form.TEXT, "名称，公式里可用", 'name = "参加人数"')
    formula: str = word(Form.FORMULA, "公式", "formula = '=COUNTIF(人员[校验],\"通过\")'")
    needs: tuple[str, ...] = word(Form.TEXTS, "同计算列的 needs", 'needs = ["人员"]', ())
    require: tuple[Requirement, ...] = word(
        Form.RECORDS, "同计算列的 require", 'require = [{ formula = "=已发<=总额", message = "发的多于总额" }]', ()
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
        "重复出来的各列合称，公式里写 `[@合称]`、`[合称]`；each 是列表时还可写 `合称[权重]`，即列表中这几行的那一列",
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
    date: str = word(Form.DATE, "依据的日期", 'date = "2011-11-18"', "")
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

    def formulas(self) -> Iterator[tuple[str, str, Table | None]]:
        """The formulas that compute or decide something, each with where it stands in words, and the table in which."""
        for table in self.tables:
            yield from ((f"表 {table.name} 的列 {column.name}", column.formula, table) for column in table.computed)
        for table in self.tables:
            yield from ((f"表 {table.name} 的规则“{rule.message}”", rule.formula, table) for rule in table.rules)
        yield from ((f"参数规则 {rule.name}", rule.formula, None) for rule in self.parameter_rules)
        yield from ((f"汇总 {result.name}", result.formula, None) for result in self.results)
        yield from ((f"核对 {balance.name}", balance.formula, None) for balance in self.balances)

    @property
    def filled_in(self) -> dict[str, list[str]]:
        """The columns that are filled in, of every table and every list."""
        columns = {table.name: [column.name for column in table.inputs] for table in self.tables}
        return columns | {listing.name: [column.name for column in listing.columns] for listing in self.lists}

    @property
    def cell_names(self) -> tuple[str, ...]:
        """The names that cells of lists have of their own."""
        return tuple(name for listing in self.lists for name in listing.cells(listing.rows))
