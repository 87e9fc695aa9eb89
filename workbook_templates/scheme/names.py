"""The names that the parts of a workbook have: columns that every table gets, sheets, and defined names that are made."""

from __future__ import annotations

import re
from collections.abc import Sequence

SERIAL, CHECK = "序号", "校验"
"""The columns that every table gets: the row's number, and what is wrong with its inputs."""

PERSON_KEY = "键"
"""The hidden column of a table of people by which other tables refer to them: 工号, or else the name."""

HAS_FORMULAS = "有公式"
"""The hidden last column of a table without keys, which reads nothing: a row in which it is blank has no formulas."""

PERSON = re.compile(r"姓\s*名|^(员工|职工|教师|人员|被考核人|(?i:name))$")
"""The column with the names of people."""

PERSON_NAME, STAFF_NUMBER = "姓名", "工号"
"""The columns by which people are told apart."""

MADE_NAMES = re.compile(
    r"(?:状态|公式|表头|规则|首页)_.*|参数(?:名称|值|校验)|表格结构|表格完整|被改写的格|上下错开的列"
)
"""The defined names that every workbook has of itself."""

TOTAL = "合计"
"""Marks the row of totals above a table."""

HOME, UNIT, PERIOD = "首页", "单位名称", "考核期间"

HELP, PARAMETERS, SUMMARY = "说明", "参数", "汇总"
"""The sheets of instructions, of parameters and of results."""

PURPOSE, PURPOSE_ROW = "用途", 2
"""The first heading of the instructions, and its zero-based row."""

BALANCES = "核对"
"""The block of 汇总 with the statements that must hold."""

NAME, VALUE = "名称", "值"
"""The first columns of 参数, 汇总 and 核对."""

RULES = "填写规则"
"""The sheet with the rules by which rows are checked."""

TYPES = {"number": "数字", "whole": "整数", "text": "文本", "flag": "是否", "choice": "选项", "date": "日期"}
"""How this sheet calls the types of cells."""

CARRIED = "KAOHE"
"""The hidden sheet that carries the scheme."""

PRINTED = "_KAOHE_打印"
"""The defined name that workbooks have which macros make to be printed: they hold the people of another one."""
BOARD = "领导概览"
"""The sheet with charts over what the others compute."""

STRUCTURE = "表格结构"
"""The defined name that says 通过 while every table is whole: nothing beside it that no formula reads, no row without formulas.

Every row reads it; it is found out without reading the numbers that clerks enter, or each of them would compute all rows anew.
"""

WHOLE = "表格完整"
"""The defined name that says so with every cell of the tables looked at."""

SHIFTED = "上下错开的列"
"""The defined name of the cells, one a table, with the columns of which single cells were deleted or inserted."""

UNIT_CELL, PERIOD_CELL = f"{HOME}_{UNIT}", f"{HOME}_{PERIOD}"
"""The defined names of the cells in which unit and period are entered once."""


def defined_name(name: str) -> str:
    """A name that begins with a digit has a line before it in formulas: there are no such names in Excel."""
    return f"_{name}" if name[:1].isdigit() else name


def group_check(group: str) -> str:
    """The hidden column that checks one group of inputs."""
    return f"{CHECK}_{group}"


def is_check(column: str) -> bool:
    """Whether it is the check of a row, or of one group of its inputs."""
    return column.partition("_")[0] == CHECK


def column_key(*names: str) -> str:
    """The hidden column with the key of the row that these cells name (of a person, or of several cells together)."""
    return "键_" + "_".join(names)


def bad_key(*names: str) -> str:
    """The hidden column that holds this key where the row is in error."""
    return "误_" + "_".join(names)


def within_name(column: str, columns: Sequence[str]) -> str:
    """What stands for a column in a defined name: its place where it is called something that no name holds."""
    return column if re.fullmatch(r"[\w.]+", column) else f"第{columns.index(column) + 1}列"


def state(name: str) -> str:
    """The defined name that says 通过 while a table (list, rule, parameter) is free of errors."""
    return f"状态_{name}"


def formulas_state(column: str) -> str:
    """The defined name that says 通过 while no formula of a column (table and name) is overwritten."""
    return f"公式_{column}"


def sum_rule(listing: str, column: str) -> str:
    """The name of the rule that a list's column adds up to what it should."""
    return f"{listing}_{column}合计"


def list_column(listing: str, column: str) -> str:
    """The defined name of a list's column."""
    return f"{listing}_{column}"


def parameter_state() -> str:
    """The defined name that says 通过 while all parameters are right."""
    return "参数校验"


def rules_name(table: str, group: str = "") -> str:
    """The defined name of a table's block of rules (of one group of inputs)."""
    return f"规则_{table}_{group}" if group else f"规则_{table}"


def headings_name(table: str) -> str:
    """The defined name of the headings above a table's inputs, from the first to the last."""
    return f"表头_{table}"


def escaped(text: str) -> str:
    return text.replace('"', '""')


def literal(value: str | float | bool | None) -> str:
    """A value as formulas write it; nothing is an empty text."""
    return f'"{escaped(value or "")}"' if value is None or isinstance(value, str) else str(value)


def error(message: str) -> str:
    """An error value whose reason can be read in the formula."""
    return f'"{escaped(message)}"*1'
