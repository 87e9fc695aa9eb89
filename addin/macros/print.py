"""打印稿: the workbook's tables set for A4, filled rows only, with totals and lines to sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from addin.macros.macro import RESULTS, Document, Kind, Message, Option, Outcome, Progress, Subject, macro
from addin.macros.printing.pages import PORTRAIT, Column, Form, form_of, line_height, lines_in, width, write_columns
from addin.macros.printing.paper import (
    BLANK_LINE,
    OF_PERIOD,
    OF_UNIT,
    Paper,
    fact,
    heading_of,
    parted,
    stem,
    unit_and_period,
)
from addin.macros.subject.looks import formats_of
from addin.macros.subject.tables import People, computed_columns, people, registers_of, tables_of_results, text
from addin.macros.tools.order import ORDER, sorted_rows
from addin.macros.tools.soundness import FORCE, refusal, warning
from addin.shared.exits import UserError
from addin.xlsx.model import BLANK, Cell, Table, is_number
from addin.xlsx.reader import GENERAL
from workbook_templates.scheme.names import BALANCES, CHECK, PARAMETERS, SERIAL, SUMMARY

RESULT, REGISTER, ANNEX, EVERYTHING = "结果表", "登记表", "参数和汇总", "全部"
SIGNATURE = "签字"
SIGNERS = ("制表", "审核", "负责人")
SIGNING_DATE = "____年____月____日"
NUMBERED = '&C&"宋体"第 &P 页 共 &N 页'
SIGNED = '&L&"宋体"{}：__________&C&"宋体"{}：__________    {}：__________&R&"宋体"第 &P 页 共 &N 页'.format(*SIGNERS)
_LONGEST_NAME = 31
_SIGNATURE_PIXELS = 84
_SIGNATURE_HEIGHT, _ROW_HEIGHT = 24.0, 20.0
_MOST_UNITS = 2
_ABOVE, _TAIL, _HIGHER_MARGIN = 34.0, 46.0, 36.0


@macro(
    "print",
    "打印稿",
    "Print-out",
    "把结果表、登记表、参数和汇总排成 A4 打印稿：只印填了的行，表头每页重复，末尾有合计和制表、审核、负责人；工作簿不改动。",
    "Sets results, registers, parameters and totals for A4: filled rows only, with headings on each page and lines to sign.",
    RESULTS,
    "FilePrint",
    Option("content", "内容", Kind.CHOICE, EVERYTHING, "打印什么", (EVERYTHING, RESULT, REGISTER, ANNEX)),
    Option("table", "表", Kind.TABLE, None, "打印哪个表；不填则全部"),
    Option("columns", "列", Kind.COLUMNS, None, "结果表印哪些列；不填则为姓名、部门和全部结果，一页放不下的留在登记表"),
    Option("sort", "排序", Kind.COLUMNS, None, "结果表按哪些列排序；不填则照工作簿中的次序"),
    ORDER,
    Option("sign", "签字栏", Kind.FLAG, True, "结果表最后留一列签字"),
    OF_UNIT,
    OF_PERIOD,
    Option("pdf", "PDF", Kind.FLAG, False, "另外做一个 PDF（要有 LibreOffice）"),
    FORCE,
)
def print_out(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
    if refused := refusal(subject, options, "打印稿"):
        return refused
    warned, messages = warning(subject)
    content, wanted = options["content"], options["table"]
    printer = _Printer(subject, options, warned, messages)
    results = [people(subject, wanted)] if wanted else tables_of_results(subject) if content != ANNEX else []
    registers = [wanted] if wanted else registers_of(subject)
    work: list[Callable[[], None]] = []
    if content in (RESULT, EVERYTHING):
        work += [partial(printer.results, table) for table in results]
    if content in (REGISTER, EVERYTHING):
        work += [partial(printer.register, name) for name in registers]
    if content in (ANNEX, EVERYTHING) and not wanted:
        work.append(printer.annex)
    for done, write in enumerate(work):
        progress(done, len(work), "排打印稿")
        write()
    progress(len(work), len(work), "排打印稿")
    if not printer.sheets:
        raise UserError("没有可以打印的内容：各表都还没有填写")
    document = Document(f"{stem(subject)}_打印稿.xlsx", printer.paper.content(), options["pdf"])
    told = f"打印稿 {len(printer.sheets)} 张工作表：{'、'.join(printer.sheets)}"
    return Outcome(tuple(printer.messages), (), (document,), told, sound=not warned)


class _Printer:
    """Writes the sheets of one print-out."""

    def __init__(self, subject: Subject, options: dict[str, Any], warned: str, messages: list[Message]) -> None:
        self.subject = subject
        self.options = options
        self.warned = warned
        self.messages = list(messages)
        self.paper = Paper("", f"{stem(subject)} 打印稿")
        self.sheets: list[str] = []
        self.headings: set[str] = set()

    def results(self, table: People) -> None:
        """Identity, results, a place to sign; what doesn't fit on a page across is left to the register, and told."""
        rows = table.rows
        if not rows:
            return
        if self.options["sort"]:
            rows = sorted_rows(table, rows, self.options)
        units = [unit for unit in table.units if self._filled(table.frame, rows, unit)][:_MOST_UNITS]
        number = [table.number] if table.number and self._filled(table.frame, rows, table.number) else []
        identity = [table.person, *number, *units]
        chosen = self.options["columns"]
        shown = [c for c in table.results if c not in (*identity, BALANCES)]
        results = table.known(chosen) if chosen else shown
        identity = [column for column in dict.fromkeys(identity) if column not in results]
        serial = Column(SERIAL, [float(place) for place in range(1, len(rows) + 1)])
        signature = [Column(SIGNATURE, [None] * len(rows), least=_SIGNATURE_PIXELS)] if self.options["sign"] else []
        dropped = []
        for column in [*(() if chosen else _by_importance(table, results)), None]:
            columns = [serial, *(self._column(table.name, rows, name) for name in [*identity, *results]), *signature]
            form = form_of(columns, 2, across=column is None)
            if form is not None:
                break
            assert column is not None
            results = [name for name in results if name != column]
            dropped.append(column)
        assert form is not None
        if dropped:
            told = "、".join(name for name in shown if name in dropped)
            self.messages.append(Message(f"表 {table.name} 的结果表一页放不下，{told}只印在登记表中"))
        least = _SIGNATURE_HEIGHT if signature else _ROW_HEIGHT
        self._write(table.name, table.name, columns, form, least, signed=True)

    def register(self, name: str) -> None:
        """Everything that is shown of a table, over several pages where one isn't wide enough."""
        place, looks = self.subject.places[name], self.subject.looks[name]
        computed = set(computed_columns(self.subject, name))
        frame = self.subject.tables[name]
        entered = [column for column in place.columns if column not in computed and column not in (SERIAL, CHECK)]
        rows = [int(row) for row in frame.index if any(frame.at[row, column] not in BLANK for column in entered)]
        rows = [row for row in rows if row != self._total_row(place)]
        if not rows:
            return
        shown = [c for c in place.columns if not looks[c].hidden and c not in (CHECK, BALANCES)]
        shown = [column for column in shown if column in computed or self._filled(frame, rows, column)]
        columns = [self._column(name, rows, column) for column in shown]
        identity = 1 + (shown[0] == SERIAL)
        form = form_of(columns, identity, across=True)
        assert form is not None
        title = name if name not in self.sheets else f"{name}登记表"
        self._write(name, title, columns, form, _ROW_HEIGHT, signed=False)

    def annex(self) -> None:
        """Parameters and lists, and what has been summed up, one below the other."""
        book = self.subject.book
        tables = sorted(book.tables.items(), key=lambda item: item[1].first_row)
        for title in (PARAMETERS, SUMMARY):
            blocks = {name: place for name, place in tables if place.sheet == book.home(title)}
            if blocks:
                self._blocks(title, blocks)

    def _blocks(self, title: str, blocks: dict[str, Table]) -> None:
        paper, size = self.paper, 10.5
        self._new_sheet(f"附件 {title}" if title == PARAMETERS else title, False, NUMBERED)
        heading = heading_of(self.subject, next(iter(self.subject.places)))
        widths = (170, 110, 90, 280)
        paper.sheet.fit_to_pages(1, 0)
        for col, pixels in enumerate(widths):
            paper.sheet.set_column_pixels(col, col, pixels)
        formats = formats_of(self.subject.session, self.subject.book.home(title))
        label = f"附件：{title}" if title == PARAMETERS else title
        paper.wide(0, (0, len(widths) - 1), f"{heading} {label}", paper.style("title", font_size=16), _ABOVE)
        row, used = 1, _ABOVE
        ends: list[int] = []
        for name, place in blocks.items():
            lines = [line[: len(widths)] for line in self._block(place, formats)]
            if len(lines) < 2:
                continue
            heights = [_height_of(line, widths, size) for line in lines]
            head = 0.0 if name == title else 24.0
            whole, least = head + sum(heights), head + sum(heights[:4])
            # A list that fits on a page isn't divided; of a longer one some rows stand below its headings, on every page.
            if used + (whole if whole <= PORTRAIT[1] else least) > PORTRAIT[1] and row > 1:
                ends.append(row)
                used = 0.0
            if head:
                paper.sheet.write_string(row, 0, name, paper.style("heading"))
                paper.sheet.set_row(row, head)
                row, used = row + 1, used + head
            for at, (line, height) in enumerate(zip(lines, heights, strict=True)):
                if used + height > PORTRAIT[1]:
                    ends.append(row)
                    self._line(row, lines[0], heights[0], "header", size)
                    row, used = row + 1, heights[0]
                self._line(row, line, height, "label" if at else "header", size)
                row, used = row + 1, used + height
            paper.sheet.set_row(row, 12)
            row, used = row + 1, used + 12
        paper.sheet.set_h_pagebreaks(ends)

    def _line(self, row: int, line: list[tuple[Cell, str]], height: float, kind: str, size: float) -> None:
        for col, (cell, code) in enumerate(line):
            changes: dict[str, Any] = {"font_size": size}
            if is_number(cell):
                changes |= {"align": "right"} | ({"num_format": code} if code != GENERAL else {})
            elif col == 2:
                changes["align"] = "center"
            self.paper.write(row, col, cell, self.paper.style(kind, **changes))
        self.paper.sheet.set_row(row, height)

    def _block(self, place: Table, formats: dict[tuple[int, int], str]) -> list[list[tuple[Cell, str]]]:
        """A list's headings and filled rows, without what checks them; the first four columns."""
        book = self.subject.book
        sheet = book.workbook.sheets[place.sheet]
        kept = [at for at, column in enumerate(place.columns) if column != CHECK]
        lines: list[list[tuple[Cell, str]]] = [[(place.columns[at], GENERAL) for at in kept]]
        for row in place.rows:
            cells = [sheet.get(row, place.first_col + at) for at in kept]
            if any(cell not in BLANK for cell in cells):
                codes = [formats.get((row, place.first_col + at), GENERAL) for at in kept]
                lines.append(list(zip(cells, codes, strict=True)))
        return lines

    @staticmethod
    def _filled(frame: Any, rows: Sequence[int], column: str) -> bool:
        return any(frame.at[row, column] not in BLANK for row in rows)

    def _column(self, table: str, rows: Sequence[int], name: str) -> Column:
        place = self.subject.places[table]
        col = place.column(name)
        cells = [self.subject.book.value(place.sheet, row, col) for row in rows]
        return Column(name, cells, self.subject.looks[table][name].format, self._total(place, col))

    def _total(self, place: Table, col: int) -> Cell:
        """What the workbook itself has as the total."""
        row = self._total_row(place)
        cell = None if row is None else self.subject.book.value(place.sheet, row, col)
        return None if isinstance(cell, str) else cell

    def _total_row(self, place: Table) -> int | None:
        """It stands above the headings, in the last row of a list, or in the first one below."""
        for row in (place.first_row - 2, place.last_row + 1, place.last_row):
            labels = [self.subject.book.value(place.sheet, row, place.first_col + at) for at in range(2) if row >= 0]
            if any(isinstance(cell, str) and cell.strip() in ("合计", "总计") for cell in labels):
                return row
        return None

    def _write(self, table: str, title: str, columns: list[Column], form: Form, least: float, signed: bool) -> None:
        paper, size = self.paper, form.size
        self._new_sheet(title, form.landscape, NUMBERED if signed else SIGNED)
        heading = heading_of(self.subject, table)
        if title != table or not signed or heading in self.headings:
            heading = f"{heading} {title}"
        self.headings.add(heading)
        facts = self._facts(table)
        whole, row, above = (0, len(columns) - 1), 0, 0.0
        if form.breaks:
            # On every page: what stands in cells would be on the first one only.
            lines = (f'&C&"黑体"&16{_escaped(heading)}', f'&"宋体"&10{_escaped(facts)}', f"&10{self.warned}")
            paper.sheet.set_header("\n".join(lines[: 3 if self.warned else 2]), {"margin": 0.4})
            paper.sheet.set_margins(left=0.5, right=0.5, top=1.1, bottom=0.8)
            above = _HIGHER_MARGIN
        else:
            room = float(sum(form.widths))
            title_size = max(12.0, min(18.0, 18.0 * room / (width(heading, 18.0) + 10)))
            paper.wide(0, whole, heading, paper.style("title", font_size=title_size), 34)
            style = paper.style("subtitle", font_color="#000000", font_size=min(size, 10.5), text_wrap=True)
            facts = parted(facts, partial(_lines, room=room, size=size))
            facts_height = max(20.0, _wrapped(facts, room, size))
            paper.wide(1, whole, facts, style, facts_height)
            row, above = 2, _ABOVE + facts_height
            if self.warned:
                height = lines_in(self.warned, room, size) * line_height(size) + 4
                paper.wide(row, whole, self.warned, paper.style("text", font_size=size), height)
                row, above = row + 1, above + height
        below = write_columns(paper, row, columns, form, least, above, _TAIL if signed else 0.0)
        if signed:
            paper.sheet.set_row(below, 14)
            signing = paper.style("text", font_size=min(size, 10.5), valign="vcenter")
            line = _signing(room := float(sum(form.widths)), size)
            paper.wide(below + 1, whole, line, signing, max(30.0, _wrapped(line, room, size)))
            below += 2
        paper.sheet.freeze_panes(row + 1, form.repeated or 2)
        paper.sheet.print_area(0, 0, below - 1, len(columns) - 1)

    def _facts(self, table: str) -> str:
        unit, period = (told or BLANK_LINE for told in unit_and_period(self.subject, self.options, table))
        money = fact(self.subject, table, "金额单位")
        return f"单位：{unit}　　考核期间：{period}" + (f"　　金额单位：{money}" if money else "")

    def _new_sheet(self, title: str, landscape: bool, footer: str) -> None:
        name = title[:_LONGEST_NAME]
        self.sheets.append(name)
        self.paper.add(name, landscape, footer)


def _height_of(line: Sequence[tuple[Cell, str]], widths: Sequence[int], size: float) -> float:
    most = max(lines_in(text(cell), room, size) for (cell, _), room in zip(line, widths, strict=False))
    return max(19.0, most * line_height(size) + 5)


def _signing(room: float, size: float) -> str:
    """The lines to sign, as far apart as the table's width allows; on two lines below a narrow one."""
    signers = [f"{who}：{BLANK_LINE}" for who in SIGNERS]
    for gap in ("　　　", "　　", "　"):
        line = gap.join(signers) + gap * 2 + SIGNING_DATE
        if _lines(line, room, size) == 1:
            return line
    return "　".join(signers[:2]) + "\n" + "　".join((signers[2], SIGNING_DATE))


def _lines(text: str, room: float, size: float) -> int:
    """How many lines it takes above or below a table."""
    return lines_in(text, room * 0.94, min(size, 10.5))


def _wrapped(text: str, room: float, size: float) -> float:
    """Points that a line above or below a table takes, wrapped where the table is narrow."""
    return _lines(text, room, size) * line_height(size) + 4


def _escaped(text: str) -> str:
    """As headers of pages have it."""
    return text.replace("&", "&&")


def _by_importance(table: People, results: Sequence[str]) -> list[str]:
    """The results that may be left out, the least important first: what stands further right sums up what stands before."""
    kept = {table.score, *table.ranks, *table.grades, *results[-1:]}
    others = [name for name in results if name not in kept]
    return [*(name for name in others if name not in table.scores), *(name for name in others if name in table.scores)]
