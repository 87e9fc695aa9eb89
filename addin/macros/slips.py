"""个人通知单: one slip a person, to be cut from one print-out or sent as single files."""

from __future__ import annotations

from typing import Any

from addin.macros.macro import RESULTS, Document, Kind, Message, Option, Outcome, Progress, Subject, macro
from addin.macros.printing.entries import entries_of
from addin.macros.printing.notices import Slip, Texts, written
from addin.macros.printing.paper import OF_PERIOD, OF_UNIT, distinct, heading_of, stem, unit_and_period
from addin.macros.printing.plainwords import PlainWords
from addin.macros.subject.tables import People, is_person, people, text
from addin.macros.tools.soundness import FORCE, is_told_elsewhere, refusal, told_of_row, untold, warning
from addin.macros.tools.workdays import Calendar, chinese
from addin.portable.filenames import file_name
from addin.shared.exits import UserError
from addin.xlsx.model import BLANK
from udfs.vocabulary import ABSENT, GOOD

SHORT, FULL, NONE = "简要", "全部", "不写"
PAGE, STRIPS = "整页", "裁条"
DAYS = 5
"""Working days in which somebody may ask for the results to be looked at again."""


@macro(
    "slips",
    "个人通知单",
    "Result slips",
    "每人一张考核结果通知单：得分、等次、计算说明和本人签字；工作簿不改动。",
    "Makes a slip for each person: scores, grade, how they were computed, and a line to sign.",
    RESULTS,
    "FilePrintQuick",
    Option("table", "表", Kind.TABLE, None, "人员在哪个表；不填则自动选择"),
    Option("person", "人员", Kind.PEOPLE, None, "只做这些人的通知单：姓名、工号或序号，用逗号隔开；不填则全部"),
    Option("columns", "列", Kind.COLUMNS, None, "通知哪些结果；不填则为全部算出的列"),
    Option(
        "explain",
        "计算说明",
        Kind.CHOICE,
        SHORT,
        "每项结果写一句是怎么来的、连同隐藏的列都写，或不写",
        (SHORT, FULL, NONE),
    ),
    Option("form", "版式", Kind.CHOICE, PAGE, "每人一页，或不写计算说明、几人一页裁开", (PAGE, STRIPS)),
    Option("title", "标题", Kind.TEXT, "考核结果通知单", "通知单的标题"),
    OF_UNIT,
    OF_PERIOD,
    Option(
        "reply", "复核期限", Kind.TEXT, "", "什么时候以前可以申请复核，例如 3 个工作日内；不填则为 5 个工作日，写明日期"
    ),
    Option("contact", "联系人", Kind.TEXT, "", "受理复核申请的联系人"),
    Option("phone", "联系电话", Kind.TEXT, "", "联系电话"),
    Option("single", "单独文件", Kind.FLAG, False, "另外每人做一个文件，以工号、姓名命名"),
    Option("pdf", "PDF", Kind.FLAG, False, "另外做成 PDF（要有 LibreOffice）"),
    FORCE,
)
def slips(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
    table = people(subject, options["table"])
    rows, messages = _rows(subject, table, options["person"])
    columns = _columns(table, options["columns"])
    if refused := refusal(subject, options, "通知单"):
        return refused
    warned, faults = warning(subject)
    messages += list(untold(faults, messages))
    words = PlainWords(subject, table)
    made = []
    for done, row in enumerate(rows):
        progress(done, len(rows), "写通知单")
        made.append(_slip(subject, table, row, columns, words, options))
    if not made:
        return Outcome(tuple(messages), summary="没有可以通知的人", sound=False)
    unit, period = unit_and_period(subject, options, table.name)
    whom, signer = ("本人", "本人") if is_person(table.person) else ("被考核单位", "负责人")
    texts = Texts(
        title=options["title"],
        scheme=heading_of(subject, table.name),
        unit=unit,
        period=period,
        day=chinese(subject.now.date()),
        review=_review(subject, options, unit),
        warning=warned,
        whom=whom,
        signer=signer,
    )
    strips = options["form"] == STRIPS
    name = f"{stem(subject)}_通知单"
    documents = [Document(f"{name}.xlsx", written(made, texts, strips), options["pdf"])]
    if options["single"]:
        for done, (slip, file) in enumerate(zip(made, distinct(slip.file for slip in made), strict=True)):
            progress(done, len(made), "写单独文件")
            documents.append(Document(f"{name}/{file}.xlsx", written([slip], texts, strips), options["pdf"]))
    progress(len(made), len(made), "写通知单")
    return Outcome(tuple(messages), (), tuple(documents), f"通知单 {len(made)} 张", sound=not messages)


def _rows(subject: Subject, table: People, wanted: str | None) -> tuple[list[int], list[Message]]:
    """The rows of those who get a slip, and a message for everybody who doesn't because of an error."""
    names = [part.strip() for part in (wanted or "").replace("、", ",").replace("，", ",").split(",") if part.strip()]
    for name in names:
        if not any(name in map(text, table.frame[column]) for column in table.keys):
            raise UserError(f"表 {table.name} 中没有 {name}（按{'、'.join(table.keys)}查找）")
    rows, messages = [], []
    for row in table.rows:
        if names and not any(table.text(row, column) in names for column in table.keys):
            continue
        if table.state(row) in (GOOD, ABSENT):
            rows.append(row)
        elif not is_told_elsewhere(subject, table.state(row)):
            messages += told_of_row(subject, table.name, row, f"没有{table.text(row, table.person)}的通知单：")
    return rows, messages


def _columns(table: People, chosen: tuple[str, ...] | None) -> list[str]:
    if chosen:
        return table.known(chosen)
    kept = {*table.scores, *table.ranks, *table.grades, *table.others}
    return table.results or [column for column in table.frame.columns if column in kept]


def _slip(
    subject: Subject, table: People, row: int, columns: list[str], words: PlainWords, options: dict[str, Any]
) -> Slip:
    name = table.text(row, table.person)
    who = [(table.person, name)]
    identity = ((column, table.text(row, column)) for column in (table.number, *table.units) if column)
    who += [(column, told) for column, told in identity if told][:3]
    takes_part, brief = table.takes_part(row), options["form"] == STRIPS
    items = words.items(row) if takes_part and not brief else []
    said = {item.name for item in items} | {column for column, _ in who}
    cells = [(c, table.value(row, c), table.looks[c].format) for c in columns if c not in said]
    results = [each for each in cells if each[1] not in BLANK]
    told: list[str] = []
    whole = options["explain"] == FULL
    if options["explain"] != NONE and not brief:
        told = words.sentences(row, columns, whole, set() if whole else {item.name for item in items if not item.lost})
    entries = entries_of(subject, table, row) if takes_part and not brief else []
    number = table.text(row, table.number) if table.number and table.number != table.person else ""
    file = file_name(f"{number}_{name}" if number else name)
    return Slip(name, file, who, items, results, entries, told, words.in_words(row))


def _review(subject: Subject, options: dict[str, Any], unit: str) -> str:
    """How, and until when, the results may be asked to be looked at again."""
    calendar = Calendar()
    last = calendar.last(calendar.next(subject.now.date()), DAYS)
    until = f"在{options['reply']}" if options["reply"] else f"在{chinese(last)}以前（{DAYS} 个工作日）"
    known = [f"联系人：{options['contact']}"] * bool(options["contact"]) + [f"电话：{options['phone']}"] * bool(
        options["phone"]
    )
    whom = (unit or "本单位") + (f"（{'，'.join(known)}）" if known else "")
    return f"如对结果有异议，请{until}以书面形式向{whom}申请复核，写明理由并附证明材料；逾期视为无异议。"
