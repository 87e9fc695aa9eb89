"""公示表: results to be hung up, with the period of publicity counted in working days."""

from __future__ import annotations

from datetime import date
from typing import Any

from addin.macros.macro import RESULTS, Document, Kind, Message, Option, Outcome, Progress, Subject, macro
from addin.macros.printing.paper import BLANK_LINE, OF_PERIOD, OF_UNIT, heading_of, stem, unit_and_period
from addin.macros.printing.publicity import Group, Publicity, Texts
from addin.macros.subject.tables import People, people, tables_of_results
from addin.macros.tools.options import read_dates
from addin.macros.tools.order import ORDER, rank_group, sorted_rows
from addin.macros.tools.soundness import FORCE, is_told_elsewhere, refusal, told_of_row, untold, warning
from addin.macros.tools.workdays import Calendar, chinese
from addin.shared.exits import UserError
from addin.xlsx.model import BLANK, CellError
from udfs.vocabulary import ABSENT, GOOD
from workbook_templates.scheme.names import CHECK

MOST_UNITS = 2


@macro(
    "publish",
    "公示表",
    "Publicity sheet",
    "把得分、名次、等次做成可以打印张贴的公示表，按工作日计算公示期；工作簿不改动。",
    "Makes a printable sheet of scores, ranks and grades, with the publicity period counted in working days.",
    RESULTS,
    "FilePrintPreview",
    Option("table", "表", Kind.TABLE, None, "公示哪个表；不填则自动选择人员表"),
    Option(
        "columns",
        "列",
        Kind.COLUMNS,
        None,
        "公示哪些列；不填则为姓名（有重名的加工号）、部门、得分、名次、等次，不含金额",
    ),
    Option("sort", "排序", Kind.COLUMNS, None, "按哪些列排序；不填则按名次，没有名次则按得分从高到低"),
    ORDER,
    Option("title", "标题", Kind.TEXT, None, "公示表的标题；不填则用工作簿中表格上方的标题"),
    OF_UNIT,
    OF_PERIOD,
    Option("days", "公示天数", Kind.NUMBER, 5, "公示多少个工作日"),
    Option("start", "公示起始日", Kind.DATE, None, "公示从哪一天开始；不填则从下一个工作日开始"),
    Option("rest", "休息日", Kind.TEXT, "", "单位另外休息的日期，用逗号隔开"),
    Option("work", "上班日", Kind.TEXT, "", "单位另外上班的日期，用逗号隔开"),
    Option("contact", "联系人", Kind.TEXT, "", "受理意见的联系人"),
    Option("phone", "联系电话", Kind.TEXT, "", "联系电话"),
    Option("absent", "列出不参加考核的人", Kind.FLAG, False, "不参加考核的人也列出"),
    FORCE,
)
def publish(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
    table = people(subject, options["table"])
    calendar = Calendar(read_dates(options["rest"], "休息日"), read_dates(options["work"], "上班日"))
    columns = _columns(table, options["columns"])
    rows = [row for row in table.rows if options["absent"] or table.takes_part(row)]
    if not rows:
        raise UserError(f"表 {table.name} 中没有可以公示的人或单位")
    wrong_rows = _failed(subject, table, rows)
    failed = [told for row, who in wrong_rows.items() for told in told_of_row(subject, table.name, row, who)]
    errors = _errors(subject, table, rows, columns)
    if not options[FORCE.name] and (failed or errors):
        return _not_made(table, len(wrong_rows), failed, errors)
    if refused := refusal(subject, options, "公示表"):
        return refused
    rows = sorted_rows(table, rows, options)
    group = rank_group(table) if not options["sort"] and not options["columns"] else None
    columns = [column for column in columns if column != group]
    groups = _groups(table, rows, group)
    first = options["start"] or calendar.next(subject.now.date())
    last = calendar.last(first, options["days"])
    warned, faults = warning(subject)
    messages = [
        *failed,
        *errors,
        *untold(faults, failed),
        *_period_messages(calendar, first, last),
        *_absent_message(table, options["absent"]),
    ]
    others = [other.name for other in tables_of_results(subject) if other.name != table.name]
    whose = f"“{table.name}”" if others else ""
    number = f"{len(rows)} {table.counted}"
    texts = _texts(subject, options, table.name, _notice(options, warned, f"{whose} {number}", first, last), first)
    content = Publicity(subject, table, columns, groups, texts).content(progress)
    which = ""
    if others and not options["table"]:
        why = f"有结果的表中它的最全；另有 {'、'.join(others)}，用选项“表”选择"
        which = f"（表 {table.name}：{why}）"
    return Outcome(
        tuple(messages),
        documents=(Document(f"{stem(subject)}_公示表.xlsx", content),),
        summary=f"公示 {number}{which}，公示期 {chinese(first)} 至 {chinese(last)}（{options['days']} 个工作日）",
        sound=not (failed or errors or faults),
    )


def _not_made(table: People, wrong: int, failed: list[Message], errors: list[Message]) -> Outcome:
    """What has not passed comes first: errors may follow from it."""
    what = f"{wrong} {table.counted}没有通过校验，请先填完、改正" if failed else f"{len(errors)} 处错误值，请先改正"
    return Outcome(tuple(failed or errors), summary=f"没有生成公示表：表 {table.name} 有 {what}", sound=False)


def _texts(subject: Subject, options: dict[str, Any], table: str, notice: str, first: date) -> Texts:
    unit, period = unit_and_period(subject, options, table)
    return Texts(
        title=options["title"] or f"{heading_of(subject, table).removesuffix('表')}结果公示",
        facts=f"单位：{unit or BLANK_LINE}    考核期间：{period or BLANK_LINE}",
        notice=notice,
        signature=f"{unit or '单位'}（盖章）",
        day=chinese(first),
    )


def _groups(table: People, rows: list[int], group: str | None) -> list[Group]:
    """The rows by the group within which people are ranked, each with its heading."""
    if group is None:
        return [("", rows)]
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(table.text(row, group), []).append(row)
    return [(f"{name or '（未分组）'}（{len(members)} {table.counted}）", members) for name, members in found.items()]


def _columns(table: People, chosen: tuple[str, ...] | None) -> list[str]:
    if chosen:
        return list(dict.fromkeys(table.known(chosen)))
    results = [*([table.score] if table.score else []), *table.ranks, *table.grades]
    if not results:
        known = "、".join(column for column in table.frame.columns if not table.looks[column].hidden)
        raise UserError(f"表 {table.name} 中没有得分、名次、等次列；请用选项“列”写明公示哪些列，可用的列：{known}")
    group = rank_group(table)
    units = table.units[:MOST_UNITS] if group is None else (group,)
    names = [table.text(row, table.person) for row in table.rows]
    number = [table.number] if table.number and len(set(names)) < len(names) else []
    return list(dict.fromkeys([table.person, *number, *units, *results]))


def _failed(subject: Subject, table: People, rows: list[int]) -> dict[int, str]:
    """Who has not passed and must be put right first: a sheet that hangs on the wall must not lack somebody."""
    whose = {row: (table.text(row, table.person), table.state(row)) for row in rows}
    whole = subject.tables[table.name]
    if CHECK in whole.columns:
        # Rows that nobody can be found in by name make others wrong too.
        others = {int(row): whole.at[row, CHECK] for row in whole.index if row not in table.frame.index}
        whose |= {row: (f"第 {row + 1} 行", str(state)) for row, state in others.items() if state not in BLANK}
    return {
        row: who
        for row, (who, state) in sorted(whose.items())
        if state not in (GOOD, ABSENT) and not is_told_elsewhere(subject, state)
    }


def _errors(subject: Subject, table: People, rows: list[int], columns: list[str]) -> list[Message]:
    """Errors that would hang on the wall, of people who have passed."""
    return [
        Message(
            f"{table.text(row, table.person)}的{column}是错误值 {cell.value}", *subject.cell(table.name, row, column)
        )
        for row in rows
        if table.state(row) in (GOOD, ABSENT)
        for column in columns
        if isinstance(cell := table.value(row, column), CellError)
    ]


def _period_messages(calendar: Calendar, first: date, last: date) -> list[Message]:
    found = []
    if not calendar.works(first):
        found.append(Message(f"公示起始日 {chinese(first)} 不是工作日，不计入公示天数"))
    for year in calendar.unknown(first, last):
        found.append(
            Message(
                f"没有 {year} 年的放假安排，{year} 年只除去了周末；请对照国务院办公厅的通知，用选项“休息日”“上班日”补充"
            )
        )
    return found


def _absent_message(table: People, listed: bool) -> list[Message]:
    absent = [table.text(row, table.person) for row in table.rows if not table.takes_part(row)]
    if not absent or listed:
        return []
    return [
        Message(
            f"不参加考核的 {len(absent)} {table.counted}没有列入：{'、'.join(absent[:20])}{'等' if len(absent) > 20 else ''}"
        )
    ]


def _notice(options: dict[str, Any], warned: str, whom: str, first: date, last: date) -> str:
    contact = f"联系人：{options['contact'] or BLANK_LINE}，联系电话：{options['phone'] or BLANK_LINE}"
    return (
        f"{warned}　　现将{whom}的考核结果予以公示，公示期自{chinese(first)}至{chinese(last)}（{options['days']}个工作日）。"
        f"对公示内容有异议的，请在公示期内如实反映。{contact}。"
    )
