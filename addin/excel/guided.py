"""``kaohe doctor --excel``: goes through the check list of docs/excel.md in the user's own Excel, over COM, and reports.

Every step works on copies in a folder of its own, in an Excel of its own, and tells what it saw; a step that fails doesn't keep
the others from being tried.
"""

from __future__ import annotations

import importlib
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import addin.excel.latebinding  # noqa: F401
from addin.excel import ADDIN
from addin.excel.reasons import said_by_excel
from addin.shared.exits import UserError
from udfs import CellError

PROGRAMS = ("Excel.Application", "Ket.Application")
WPS = ("kingsoft", "wps office", "\\wps")
CHECK = Path(__file__).parents[2] / "docs" / "excel-check.xlsx"
CONCLUSION, PASSED = ("结论", "B3"), "全部通过"
SCHEME = "health-centre-staff"
TABLE = "人员"
ITEM, SCORE = "医德医风", "绩效考核得分"
HIGHER, LOWER = 103.2, 102
"""The score of the sample's first person, and with 8 in place of 9 for the item."""

MANY = 1000
SLOW = 10.0


class Different(Exception):
    """What was seen is not what should be."""


@dataclass(frozen=True)
class Step:
    """One step, and what came of it."""

    name: str
    is_good: bool
    told: str
    seconds: float

    def __str__(self) -> str:
        return f"{'通过' if self.is_good else '不符'}  {self.name}（{self.seconds:.1f} 秒）：{self.told}"


def said(error: Exception) -> str:
    """What an error says: of a COM error what Excel said, of one of ours the sentence alone."""
    if isinstance(error, Different | UserError):
        return str(error)
    return f"{type(error).__name__}：{said_by_excel(error) or error}"


def shown(value: Any) -> Any:
    """A cell's value, an error value (a whole number over COM) as Excel shows it."""
    from addin.excel.server import COM_ERROR, ERROR_CODES

    names = {COM_ERROR + code: error.value for error, code in ERROR_CODES.items()}
    return names.get(value, value) if isinstance(value, int) and not isinstance(value, bool) else value


@dataclass
class Guide:
    """The Excel that is tried out."""

    app: Any
    folder: Path
    clock: Callable[[], float] = time.perf_counter
    addin_file: Path | None = None

    def steps(self) -> Iterator[Step]:
        """All steps, one after the other."""
        yield self.step("程序", self.program)
        yield self.step("加载项", self.addin)
        yield self.step("输入函数", self.functions)
        yield self.step("全部函数", self.all_functions)
        yield self.step("模板和重新连接", self.template)
        yield self.step("表格加一行", self.new_row)
        yield self.step("加行和写入", self.editing)
        yield self.step("宏", self.macros)
        yield self.step(f"{MANY:,} 人", self.many)

    def step(self, name: str, work: Callable[[], str]) -> Step:
        """Do one step and close what it opened."""
        begun = self.clock()
        try:
            told, is_good = work(), True
        except Exception as error:
            told, is_good = said(error), False
        seconds = self.clock() - begun
        try:
            self._close_all()
        except Exception as error:
            told, is_good = f"{told}；没有关闭打开的工作簿：{said(error)}", False
        return Step(name, is_good, told, seconds)

    @property
    def is_wps(self) -> bool:
        """WPS answers as Excel, and calls itself so: its folder tells."""
        path = str(self.app.Path).lower()
        return any(sign in path for sign in WPS)

    def program(self) -> str:
        told = f"{self.app.Name} {self.app.Version}，{self.app.Path}"
        if self.is_wps:
            raise Different(
                f"{told}：这是 WPS 表格，不是 Excel；考核函数和“考核”选项卡在 WPS 中不能用，请用 kaohe calc 或 LibreOffice"
            )
        return told

    def addin(self) -> str:
        try:
            book = self.app.Workbooks(ADDIN)
        except Exception:
            # Excel opens nothing by itself when a program starts it.
            if self.addin_file is None or not self.addin_file.is_file():
                raise Different(f"没有装 {ADDIN}：请运行 python install.py，或看 kaohe doctor") from None
            # The user's own Excel may have it open.
            book = self.app.Workbooks.Open(str(self.addin_file), 0, True)
        return str(book.FullName)

    def functions(self) -> str:
        sheet = self.app.Workbooks.Add().Worksheets(1)
        sheet.Range("A1").Value = 85
        sheet.Range("B1").Value = 90
        sheet.Range("C1").Formula = "=KAOHE_SCORE(A1:B1,{0.3,0.7})"
        self._expect(sheet, "C1", 88.5)
        for row, (name, score) in enumerate((("甲", 90), ("乙", 80), ("丙", 80), ("丁", 70)), 1):
            sheet.Range(f"E{row}").Value = name
            sheet.Range(f"F{row}").Value = score
        sheet.Range("G1:G4").FormulaArray = "=KAOHE_RANK(E1:E4,E1:E4,F1:F4)"
        for row, rank in enumerate((1, 2, 2, 4), 1):
            self._expect(sheet, f"G{row}", rank)
        sheet.Range("H1").Formula = '=KAOHE_LOOKUP("戊",E1:E4,F1:F4)'
        self._expect(sheet, "H1", CellError.NA.value)
        return "C1 = 88.5；四个名次 1、2、2、4；找不到的人为 #N/A"

    def all_functions(self) -> str:
        if not CHECK.is_file():  # It is no part of the package, which is all that a read-only folder is installed as.
            raise Different(f"没有 {CHECK}：请打开程序文件夹中的 docs/{CHECK.name}，看“{CONCLUSION[0]}”表")
        book = self._open(self._copy(CHECK, "核对.xlsx"))
        self.app.CalculateFull()
        told = book.Worksheets(CONCLUSION[0]).Range(CONCLUSION[1]).Value
        if told != PASSED:
            raise Different(f"“结论”表 {CONCLUSION[1]}：{told}")
        return PASSED

    def template(self) -> str:
        book = self._open(self._workbook("模板.xlsx"))
        table = self._table(book)
        wrong = []
        for column in self._columns(table):
            cell = column.Cells(1, 1)
            cell.Calculate()
            text, value = str(cell.Formula), shown(cell.Value)
            if "!KAOHE_" in text or "KAOHE." in text:
                wrong.append(f"公式 {text[:60]}")
            if value == CellError.NAME.value:
                wrong.append(f"{column.Address} 为 {value}")
        if (score := shown(self._first(book, SCORE).Value)) != HIGHER:
            wrong.append(f"“{SCORE}”为 {score}，应为 {HIGHER}")
        if wrong:
            raise Different("；".join(wrong[:3]))
        return f"“{TABLE}”表 {table.ListRows.Count} 行，没有 #NAME?"

    def new_row(self) -> str:
        sheet = self.app.Workbooks.Add().Worksheets(1)
        for column, name in enumerate(("甲", "乙", "得分"), 1):
            sheet.Cells(1, column).Value = name
        sheet.Range("A2:B3").Value = 80
        sheet.ListObjects.Add(1, sheet.Range("A1:C3"), None, 1).Name = "Trial"
        table = sheet.ListObjects("Trial")
        table.ListColumns(3).DataBodyRange.Formula = "=KAOHE_SCORE(Trial[@[甲]:[乙]])"
        self._expect(sheet, "C3", 160)
        table.ListRows.Add()
        sheet.Range("A4:B4").Value = 45
        if not str(sheet.Range("C4").Formula).startswith("="):
            raise Different("新的一行没有公式")
        self._expect(sheet, "C4", 90)
        return "新的一行有公式，算出 90"

    def editing(self) -> str:
        """What macros do to an open workbook: while cells of another one have been copied, where Excel has no room for a row, and
        while a filter hides rows."""
        from addin.excel.editing import edit
        from addin.excel.lightweight import xlwings

        copied = self.app.Workbooks.Add().Worksheets(1).Range("A1:C2")
        copied.Value = "复制的"
        book = self.app.Workbooks.Add()
        sheet = book.Worksheets(1)
        opened = xlwings.Book(impl=xlwings._xlwindows.Book(xl=book))  # type: ignore[attr-defined]
        for row, text in enumerate(("姓名", "甲", "乙", "丙"), 1):
            sheet.Cells(row, 1).Value = text
        sheet.Range("B2:B4").Formula = "=LEN(A2)"
        copied.Copy()
        rows = {"sheet": str(sheet.Name), "row": 4, "count": 1, "columns": ["B"]}
        edit({"rows": [rows], "edits": [{"sheet": rows["sheet"], "cell": "A4", "value": "0012"}], "seen": {}}, opened)
        for cell, value in {"A4": "0012", "B4": 4, "C4": None, "A5": "丙", "B5": 1}.items():
            self._expect(sheet, cell, value)
        lowest = sheet.Cells(sheet.Rows.Count, 1)
        lowest.Value = "底"
        with suppress(Exception):  # Excel refuses; nobody is missing afterwards
            edit({"rows": [rows], "edits": [], "seen": {}}, opened)
        self._expect(sheet, "A4", "0012")
        self._expect(sheet, "A5", "丙")
        lowest.ClearContents()
        sheet.Range("A1:B5").AutoFilter(2, "4")
        try:
            edit({"rows": [], "edits": [{"sheet": rows["sheet"], "cell": "A2", "value": "丁"}], "seen": {}}, opened)
        except UserError:
            self._expect(sheet, "A2", "甲")
            return "新的一行有公式，没有混进复制的内容，文字 0012 照旧；加不了行、正在筛选的表没有改动"
        raise Different("没有看出工作表正在筛选")

    def macros(self) -> str:
        from addin.excel import macros as excel_macros
        from addin.excel.job import Request
        from addin.macros import MACROS

        told = []
        for name, macro in MACROS.items():
            book = self._open(self._workbook(f"宏 {name}.xlsx"))
            folder = excel_macros.prepare()
            copy = Path(folder) / str(book.Name)
            book.SaveCopyAs(str(copy))
            place = f"'{TABLE}'!{self._first(book, SCORE).Address.replace('$', '')}"
            results = str(self.folder / macro.label)
            excel_macros.begin(folder, Request(name, str(copy), self._asked_for(name), place, results))
            while excel_macros.poll(folder) != "done":
                time.sleep(0.05)
            outcome = excel_macros.outcome_of(folder)
            for path in outcome["documents"][:1]:
                self._open(Path(path))
            told.append(f"{macro.label} {len(outcome['documents'])} 个文件、{len(outcome['messages'])} 条说明")
        return "、".join(told)

    def many(self) -> str:
        book = self._open(self._workbook("千人.xlsx", MANY))
        begun = self.clock()
        self.app.CalculateFull()
        full = self.clock() - begun
        item, score = self._first(book, ITEM), self._first(book, SCORE)
        begun = self.clock()
        item.Value = 8
        self.app.Calculate()
        edit = self.clock() - begun
        if (found := shown(score.Value)) != LOWER:
            raise Different(f"“{ITEM}”改为 8 后，“{SCORE}”为 {found}，应为 {LOWER}")
        told = f"全部重算 {full:.1f} 秒，改一个得分 {edit:.2f} 秒"
        if full > SLOW:
            raise Different(f"{told}（超过 {SLOW:.0f} 秒）")
        return told

    def _expect(self, sheet: Any, cell: str, value: Any) -> None:
        found = shown(sheet.Range(cell).Value)
        if found != value:
            raise Different(f"{cell} 为 {found}，应为 {value}")

    def _table(self, book: Any) -> Any:
        return book.Worksheets(TABLE).ListObjects(1)

    def _first(self, book: Any, column: str) -> Any:
        """The first person's cell of a column."""
        return self._table(book).ListColumns(column).DataBodyRange.Cells(1, 1)

    def _columns(self, table: Any) -> list[Any]:
        bodies = [table.ListColumns(place).DataBodyRange for place in range(1, table.ListColumns.Count + 1)]
        return [body for body in bodies if "KAOHE" in str(body.Cells(1, 1).Formula)]

    def _asked_for(self, macro: str) -> list[str]:
        """What a macro can't do without."""
        listed = self.folder / "名单.txt"
        listed.write_text("姓名\n新来的\n", encoding="utf-8")
        return {"add": ["names=新来的"], "paste": [f"file={listed}"]}.get(macro, [])

    def _workbook(self, name: str, people: int = 3) -> Path:
        from addin.headless.newbook import new_workbook
        from workbook_templates.scheme.catalogue import load, sample

        path = self.folder / name
        data = sample(SCHEME)
        first = data["tables"][TABLE][0]
        data["tables"][TABLE] = [{**first, "姓名": f"人员{number}"} for number in range(1, people + 1)]
        new_workbook(load(SCHEME), path, data, people)
        return path

    def _copy(self, source: Path, name: str) -> Path:
        return Path(shutil.copyfile(source, self.folder / name))

    def _open(self, path: Path) -> Any:
        return self.app.Workbooks.Open(str(path))

    def _close_all(self) -> None:
        for place in range(self.app.Workbooks.Count, 0, -1):
            book = self.app.Workbooks(place)
            if str(book.Name).lower() != ADDIN:
                book.Close(False)


def connect() -> Any:
    """An Excel (or the WPS that answers instead) of its own, visible. Raises UserError."""
    try:
        client = importlib.import_module("win32com.client")
    except ImportError:
        raise UserError("--excel 要在装有 Excel 的 Windows 上运行") from None
    for program in PROGRAMS:
        try:
            app = client.DispatchEx(program)
        except Exception:
            continue
        app.Visible = True
        return app
    raise UserError("这台电脑上没有可以控制的 Excel（Excel.Application），也没有 WPS 表格（Ket.Application）")


def report(
    app: Any,
    told: Callable[[str], None] = print,
    clock: Callable[[], float] = time.perf_counter,
    addin_file: Path | None = None,
) -> tuple[bool, str]:
    """Go through the steps; returns whether all are good, and the report's text."""
    lines = [f"KAOHE {version('kaohe')}，Python {sys.version.split()[0]}，{platform.platform()}"]
    is_good = True
    with tempfile.TemporaryDirectory(prefix="kaohe-", ignore_cleanup_errors=True) as folder:
        for step in Guide(app, Path(folder), clock, addin_file).steps():
            told(str(step))
            lines.append(str(step))
            is_good = is_good and step.is_good
    return is_good, "\n".join(lines) + "\n"
