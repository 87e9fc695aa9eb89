"""解释得分: how a person's results, or one cell, came about, as a tree down to what was filled in."""

from __future__ import annotations

from typing import Any

from addin.checking.fault import sentence
from addin.headless.inspection import Place
from addin.macros.explaining.labels import said, with_value
from addin.macros.explaining.steps import Explainer
from addin.macros.macro import COMPUTING, Kind, Message, Option, Outcome, Progress, Subject, macro
from addin.macros.subject.tables import People, people
from addin.shared.exits import UserError
from addin.xlsx.cellreader import place as cell_place
from udfs.vocabulary import ABSENT, GOOD, YES
from workbook_templates.scheme.names import CHECK


@macro(
    "explain",
    "解释得分",
    "Explain a score",
    "把所选单元格或某个人的结果写成一步一步的算式，直到填写的数据，每步注明单元格。",
    "Tells how the chosen cell or a person's results were computed, step by step, down to the inputs, each with its cell.",
    COMPUTING,
    "TracePrecedents",
    Option("person", "人员", Kind.PERSON, None, "姓名、工号或序号；不填则解释所选的单元格"),
    Option("table", "表", Kind.TABLE, None, "人员在哪个表；不填则自动选择"),
    Option("columns", "列", Kind.COLUMNS, None, "只解释这些列；不填则解释全部结果"),
)
def explain(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
    explainer = Explainer(subject)
    if options["person"]:
        table = people(subject, options["table"])
        return _person(subject, explainer, table, _row_of(table, options["person"]), options["columns"], progress)
    if subject.selection is None:
        raise UserError("请选择一个单元格，或用选项“人员”写明姓名、工号或序号")
    sheet, cell = subject.selection
    place = Place(sheet, *cell_place(cell))
    row_of, heading = _table_of(subject, explainer, place), explainer.labels.heading(place)
    is_check = heading == CHECK
    if row_of is not None and (is_check or not explainer.formulas.is_formula(place)):
        return _person(subject, explainer, row_of, place.row, options["columns"], progress)
    if row_of is not None and heading is not None and row_of.state(place.row) not in (GOOD, ABSENT):
        return _person(subject, explainer, row_of, place.row, (heading,), progress)
    if is_check:
        # Of its formula nobody wants to know more than what it says.
        told = f"{CHECK}：{sentence(explainer.labels.value(place))}"
        return Outcome((Message(told, sheet, cell),), summary=told)
    if not explainer.formulas.is_formula(place):
        message = Message(f"这一格是填写的内容：{explainer.labels.value(place)}，没有公式", sheet, cell)
        return Outcome((message,), summary=f"{sheet}!{cell} 没有公式")
    progress(0, 1, f"解释 {sheet}!{cell}")
    outcome = Outcome(tuple(explainer.step(place).lines()), summary=explainer.line(place), explains=True)
    progress(1, 1, f"解释 {sheet}!{cell}")
    return outcome


def _table_of(subject: Subject, explainer: Explainer, place: Place) -> People | None:
    """The table of people in whose filled rows a cell stands."""
    table = explainer.labels.table(place)
    if table is None or table.name not in subject.tables:
        return None
    try:
        found = people(subject, table.name)
    except UserError:
        return None
    return found if place.row in found.rows else None


def _row_of(table: People, wanted: str) -> int:
    """The row of a person; raises UserError if nobody, or more than one, is meant."""
    wanted = wanted.strip()
    for column in table.keys:
        rows = [row for row in table.rows if table.text(row, column) == wanted]
        if len(rows) > 1:
            others = "、".join(other for other in table.keys if other != column) or "单元格"
            told = "、".join(f"第 {row + 1} 行" for row in rows[:5])
            raise UserError(f"表 {table.name} 中有 {len(rows)} 行的{column}是 {wanted}（{told}）；请改用{others}")
        if rows:
            return rows[0]
    raise UserError(f"表 {table.name} 中没有 {wanted}（按{'、'.join(table.keys)}查找）")


def _person(
    subject: Subject,
    explainer: Explainer,
    table: People,
    row: int,
    columns: tuple[str, ...] | None,
    progress: Progress,
) -> Outcome:
    name = table.text(row, table.person)
    messages = []
    wanted = _wanted(table, columns)
    if (state := table.state(row)) == ABSENT:
        messages.append(Message(f"{name}不参加考核；结果是空白的列不列出", *_why_absent(subject, table, row)))
        wanted = [column for column in wanted if table.text(row, column)]
    elif state != GOOD:
        # What waits for nothing but the check is told once.
        refused = with_value(CHECK, said(state))
        told = {column: explainer.told(explainer.place(table.name, row, column)) for column in wanted}
        waiting = [column for column, words in told.items() if words is not None and words.words == refused]
        wanted = [column for column in wanted if column not in waiting]
        messages.append(Message(f"这一行没有通过校验，{sentence(state)}", *subject.cell(table.name, row, CHECK)))
        if waiting:
            messages.append(Message(f"因此没有计算：{'、'.join(waiting)}"))
    for done, column in enumerate(wanted):
        progress(done, len(wanted), f"解释 {name} 的{column}")
        place = explainer.place(table.name, row, column)
        if not explainer.explained(place):
            messages.extend(explainer.step(place).lines())
    progress(len(wanted), len(wanted), f"解释 {name}")
    if not messages:
        messages.append(Message(f"表 {table.name} 中没有公式算出的列"))
    main = table.score if table.score in wanted else next(iter(wanted), None)
    line = explainer.line(explainer.place(table.name, row, main)) if main else ""
    return Outcome(tuple(messages), summary=f"{name}：{line}" if line else messages[0].text, explains=True)


def _why_absent(subject: Subject, table: People, row: int) -> tuple[str, str]:
    """The cell in which it is entered that somebody takes no part; else the check that says so."""
    entered = (c for c in table.frame.columns if ABSENT in c and c not in table.computed and table.text(row, c) == YES)
    return subject.cell(table.name, row, next(entered, CHECK))


def _wanted(table: People, columns: tuple[str, ...] | None) -> list[str]:
    """The columns to explain: the deciding score first, then whatever it doesn't explain already."""
    if columns:
        return table.known(columns)
    first = [column for column in table.results if column == table.score]
    return list(dict.fromkeys([*first, *table.results]))
