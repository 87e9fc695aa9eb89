"""What a unit sets once: parameters, lists, and the rules between them."""

from __future__ import annotations

from dataclasses import dataclass

from workbook_templates.scheme.columns import Limits, Value
from workbook_templates.scheme.keys import Form, word
from workbook_templates.scheme.names import CHECK, defined_name


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
    sorted: str = word(
        Form.TEXT,
        "各行的次序：down 从高到低，up 从低到高；可以空白的列，也只有最后一行可以空白",
        'sorted = "down"',
        "",
        ("down", "up"),
    )
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

    @property
    def labels(self) -> tuple[str, ...]:
        """The columns that say what a row is: the first one, and those that nobody is to change."""
        return tuple(column.name for place, column in enumerate(self.columns) if column.fixed or not place)

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
class ParameterRule:
    """A condition over parameters. Broken, it spoils the tables of ``scope`` (None: all) and whatever ``needs`` its name."""

    name: str = word(Form.TEXT, "名称", 'name = "权重合计"')
    formula: str = word(Form.FORMULA, "参数之间须成立的条件", 'formula = "=KAOHE_ROUND(甲权重+乙权重,6)=1"')
    message: str = word(Form.TEXT, "不成立时的说明", 'message = "两项权重之和应为 1"')
    scope: tuple[str, ...] | None = word(
        Form.TEXTS, "不成立时哪些表的各行都有错误。不写：全部表；[]：只有 needs 中写它的", 'scope = ["人员"]', None
    )
