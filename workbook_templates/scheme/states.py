"""Formulas that say how a table, a list or a rule stands as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from udfs.vocabulary import ABSENT, GOOD, PENDING
from workbook_templates.formula import language as formulas
from workbook_templates.scheme.columns import Input, Value
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import CHECK, SERIAL, escaped, headings_name, literal

LONGEST = 8000
"""Characters of a formula that Excel is sure to take."""

LONGEST_TOLD = 150
"""Of a list's names; a text within a formula has at most 255 characters."""

AS_BEGUN = "应依次为 {}，公式按这些名称和次序读这个列表；请恢复"

Place = Callable[[str], str]
"""A reference that stands in the column of this name."""


def rows_without_formulas(table: Table, inputs: Sequence[Input], computed: str) -> str:
    """How many rows have something entered and no formulas; counted only where some row has none, as hardly ever."""
    cells = f"{table.name}[{computed}]"
    blank = "*".join(f"ISBLANK({table.name}[{column.name}])" for column in inputs)
    return f"=IF(COUNTA({cells})=ROWS({cells}),0,SUMPRODUCT((1-{blank})*ISBLANK({cells})))"


def cells_without_formulas(table: Table) -> str:
    """How many cells of the computed columns hold something else, or nothing though their row is filled in."""
    serial = f"{table.name}[{SERIAL}]"
    inputs = {column.name for column in table.inputs}
    columns = [f"{table.name}[{name}]" for name in table.column_names if name not in inputs]
    formulas, blank = ("+".join(f"{function}({cells})" for cells in columns) for function in ("ISFORMULA", "ISBLANK"))
    return f'={len(columns)}*ROWS({serial})-SUMPRODUCT({formulas}+({serial}="")*({blank}))'


def columns_out_of_order(table: Table, scheme: Scheme, place: Place) -> str:
    """How many columns stand elsewhere than formulas read them: those read as neighbours, inputs apart from their headings, the last.

    A column that is cut and pasted inside a table takes its heading along; Calc's formulas go on reading the old place. Where
    one is deleted, they read its neighbour.
    """
    names = table.column_names
    pairs: dict[tuple[str, str], None] = {}
    for _, text, own in scheme.formulas():
        for reference in formulas.parse(text).references():
            here = reference.table or (own.name if own else "")
            if here == table.name and not reference.single:
                pairs.update(dict.fromkeys(pairwise(reference.among(names))))
    terms = [f"(COLUMN({place(right)})-COLUMN({place(left)})<>1)" for left, right in pairs]
    terms.append(f"(COLUMN({place(names[-1])})-COLUMN({place(names[0])})<{len(names) - 1})")
    # A heading that is missing is told by the rows.
    apart = f"IFERROR({'+'.join(['0', *_apart(table, place)])},0)"
    text = "=" + "+".join([*terms, apart])
    return text if len(text) < LONGEST else "=" + "+".join([*terms, "0"])


def _apart(table: Table, place: Place) -> Iterator[str]:
    """Whether an input stands as far from the first one as its heading does."""
    first, *others = [column.name for column in table.inputs]
    headings = headings_name(table.name)
    for name in others:
        wanted = "-".join(f'MATCH("{escaped(each)}",{headings},0)' for each in (name, first))
        yield f"(COLUMN({place(name)})-COLUMN({place(first)})<>{wanted})"


def wrong_rows(table: Table) -> str:
    """How many rows are filled in wrongly."""
    column = f"{table.name}[{CHECK}]"
    unfinished = _is_unfinished(column)
    return f'=SUMPRODUCT(({column}<>"")*({column}<>"{GOOD}")*({column}<>"{ABSENT}")*(1-{unfinished}))'


def unfinished_rows(table: Table) -> str:
    """How many rows are not filled in completely."""
    return f"=SUMPRODUCT({_is_unfinished(f'{table.name}[{CHECK}]')}*1)"


def _is_unfinished(cells: str) -> str:
    return f'(LEFT({cells},{len(PENDING) + 1})="{PENDING}:")'


def filled_rows(table: Table) -> str:
    return f'=SUMPRODUCT(({table.name}[{CHECK}]<>"")*1)'


def list_state(
    checks: str, labels: Sequence[tuple[str, str, Sequence[Value]]], named: Sequence[tuple[str, str]] = ()
) -> str:
    """通过 while every row of a list is good; ``checks`` are the cells of its 校验.

    ``labels`` are the columns by whose names and order formulas read it: name, cells, and what should stand in them;
    ``named`` the cells that they read by a name: where one stands, and the name, which goes along when a cell is cut.
    """
    text = f'"{GOOD}"'
    if named:
        elsewhere = "+".join(f"1*({cell}<>{name})" for cell, name in named)
        text = f'IF(IFERROR({elsewhere},1)=0,{text},"有一格被剪切到了别处，公式读的不是这里，请撤销，已经保存的用 kaohe upgrade 重建")'
    for column, cells, values in reversed(labels):
        given = ";".join(map(literal, values))
        names = "、".join(map(str, values))
        told = names if len(names) <= LONGEST_TOLD else f"{names[:LONGEST_TOLD]}……"
        # With another number of rows it is an error.
        changed = f"IFERROR(SUMPRODUCT(1*({cells}<>{{{given}}})),1)"
        text = f'IF({changed}=0,{text},"{escaped(column)}:{escaped(AS_BEGUN.format(told))}")'
    if len(text) >= LONGEST:
        return list_state(checks, labels if named else ())
    bad = f'({checks}<>"")*({checks}<>"{GOOD}")+1-{living(checks)}'
    return f'=IF(SUMPRODUCT({bad})=0,{text},"请先改正“参数”表中的错误")'


def living(cells: str) -> str:
    """Whether a formula stands in each of the cells, as the file has it."""
    return f"_xlfn.ISFORMULA({cells})"


def rule_state(formula: str, message: str) -> str:
    """通过 while a condition over parameters holds, else its message."""
    return f'=IF(IFERROR({formula[1:]},FALSE),"{GOOD}","{escaped(message)}")'
