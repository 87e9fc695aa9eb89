"""Excel's side of a macro: what VBA asks (kaohe_jobs.bas), step by step, and what is done with the outcome.

Answers are texts, the one thing that passes between VBA and Python without any doubt. The user's workbook is reached
through the xlwings API only, and only to apply the edits that the macro declares.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from addin.excel.editing import edit
from addin.excel.job import OUTCOME, PROGRESS, REQUEST, Request
from addin.excel.lightweight import xlwings
from addin.excel.reasons import said_by_excel
from addin.excel.server import TOLD, telling
from addin.excel.windows import this_windows
from addin.shared.exits import UserError

if TYPE_CHECKING:
    from addin.excel.asking import Box

Thing = TypeVar("Thing")
MOST_OPENED = 3
MOST_IN_BOX = 3
MOST_PRINTED = 600
"""Characters of what an ended job printed last: a box holds about 1,000."""

OTHER_VERSION = (
    "加载项或这个自带函数的 .xlsm 与装着的 KAOHE 不是同一版，这次操作没有进行；加载项请运行 python install.py 更新，"
    ".xlsm 请用新版的 kaohe build excel --scheme 方案 重做，把数据贴过去"
)
JOB_FOLDER = "kaohe-job-"
LONGEST_JOB = 24 * 3600
"""Seconds."""

BUSY_EXCEL = (-2146777998, -2147418111, -2147417846)
"""VBA_E_IGNORE (0x800AC472), RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER: a cell is being edited, or a dialog is open."""

MOST_ATTEMPTS = 10_000
"""At one call, until Excel counts as busy: xlwings itself tries for ever, one attempt right after the other."""

_PASSING = re.compile(
    r"[\\/]AppData[\\/]Local[\\/](Temp|Packages|Microsoft[\\/]Windows[\\/]INetCache)[\\/]", re.IGNORECASE
)
"""Where a workbook stands that was opened within a mail or an archive: nobody looks there, and who opened it empties it."""

_jobs: dict[str, subprocess.Popen[bytes]] = {}
_boxes: dict[str, Box] = {}
_lasting: dict[str, str] = {}
"""What is asked before a job is started, and the lasting names of its workbooks, by the jobs' folders."""


class MacroError(UserError):
    """What VBA shows to the user."""


def answer(name: str, *arguments: str) -> str:
    """What VBA asks for, by name; a text with a mark where it should be told and not used."""
    said: str = telling(_asked, name, *arguments)
    if name != finish.__name__ and not said.startswith(TOLD):
        return said
    from addin.excel.asking import fitted

    return fitted(said)


def _asked(name: str, *arguments: str) -> str:
    """Raises MacroError for what VBA of another version asks: it stands in workbooks, which no installation renews."""
    asked = _ASKED.get(name)
    try:
        if asked is not None:
            signature(asked).bind(*arguments)
    except TypeError:
        asked = None
    if asked is None:
        raise MacroError(OTHER_VERSION)
    return asked(*arguments)


def about() -> str:
    """Which Python computes."""
    return f"Python {sys.version.split()[0]}\n{sys.executable}\nxlwings {xlwings.__version__}"


def handbook() -> str:
    """Where the functions are described, as a page for the browser."""
    from addin.handbook.page import functions_page

    page = Path(tempfile.gettempdir()) / "kaohe-functions.html"
    page.write_text(functions_page(), encoding="utf-8")
    return str(page)


def questions(folder: str, name: str, workbook: str, selection: str, lasting: str) -> str:
    """The options of a macro, as the text of a box; empty where there are none. ``workbook`` is the copy."""
    from addin.excel.asking import Box
    from addin.macros import MACROS
    from addin.macros.asking import questions as asked

    macro = MACROS[name]
    if not macro.options:
        return ""
    box = _boxes[folder] = Box(macro, asked(macro, Path(workbook), selection or None, lasting))
    _lasting[folder] = lasting
    return box.text()


def answered(folder: str, typed: str) -> str:
    """The next box after what was typed into one; empty when all is said."""
    box = _kept(_boxes, folder)
    return "" if box.answer(typed) else box.text()


def file_name(slug: str) -> str:
    """What a new workbook is called at first."""
    from addin.portable.filenames import file_name as safe
    from addin.shared.schemes import load

    return f"{safe(load(slug).title)}.xlsx"


def there_is(path: str) -> str:
    """The path, if there is such a file."""
    return path if os.path.lexists(path) else ""


def prepare() -> str:
    """A folder for a job, into which Excel saves a copy of the workbook; those go that were left when Excel ended in its midst."""
    for left in Path(tempfile.gettempdir()).glob(f"{JOB_FOLDER}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > LONGEST_JOB:
                shutil.rmtree(left)
    return tempfile.mkdtemp(prefix=JOB_FOLDER)


def start(folder: str, workbook: str, name: str, selection: str, beside: str) -> str:
    """Start a macro on the copy ``workbook``; its documents go into a new folder ``beside`` the original."""
    from addin.macros import MACROS
    from addin.macros.tools.answers import remember

    chosen = []
    if box := _boxes.pop(folder, None):
        chosen = box.options
        remember(_lasting.pop(folder), box.macro, chosen)
    results = results_folder(beside, Path(workbook).stem, MACROS[name].label)
    return begin(folder, Request(name, workbook, chosen, selection, str(results)))


def start_new(folder: str, slug: str, path: str) -> str:
    """Start making a workbook from a scheme."""
    return begin(folder, Request("new", results=path, scheme=slug))


def results_folder(beside: str, workbook: str, label: str, now: datetime | None = None) -> Path:
    """A folder that isn't there yet: beside the workbook, or among the user's documents where nothing can be written there, or
    nothing lasts.

    The path of a workbook in the cloud is an address of the web, that of an unsaved one is empty.
    """
    is_good = beside and not _PASSING.search(f"{beside}/") and _may_write(Path(beside))
    parent = Path(beside) if is_good else _documents()
    return parent / f"{workbook} {label} {(now or datetime.now()):%Y-%m-%d %H%M%S}"


def _may_write(folder: Path) -> bool:
    """Whether a folder can be made in this one: of a folder that is shared, Windows' own answer (os.access) knows no permissions."""
    try:
        with tempfile.TemporaryDirectory(prefix="~kaohe", dir=folder):
            return True
    except OSError:
        return False


def _documents() -> Path:
    return this_windows().documents if sys.platform == "win32" else Path.home() / "Documents"


def begin(folder: str, request: Request) -> str:
    """Start what is wanted in a process of its own."""
    Path(folder, REQUEST).write_text(json.dumps(asdict(request), ensure_ascii=False), encoding="utf-8")
    # PYTHONHOME and its like may be of another Python.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with Path(folder, PROGRESS).open("wb") as progress:
        _jobs[folder] = subprocess.Popen(
            [_console(sys.executable), "-P", "-m", "addin.excel.job", folder],
            stdin=subprocess.DEVNULL,
            stdout=progress,
            stderr=subprocess.STDOUT,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            env={**inherited, "PYTHONUTF8": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    return folder


def _console(interpreter: str) -> str:
    """The interpreter that can print: pythonw has nowhere to."""
    return re.sub(r"pythonw(?=(\.exe)?$)", "python", interpreter)


def poll(folder: str) -> str:
    """``running`` and how far it is, or ``done``."""
    if _kept(_jobs, folder).poll() is not None:
        return "done"
    lines = _printed(folder)
    return f"running {lines[-1] if lines else '准备'}"


def _kept(things: dict[str, Thing], folder: str) -> Thing:
    """What is held here for a job; nothing where this program has been ended and started again. Raises MacroError."""
    if folder not in things:
        raise MacroError("计算程序中途重新启动过，这次操作没有完成，工作簿没有改动。请再点一次")
    return things[folder]


def _printed(folder: str) -> list[str]:
    return Path(folder, PROGRESS).read_text(encoding="utf-8", errors="replace").split("\n")[:-1]


def cancel(folder: str) -> str:
    """End a job; the user's workbook is as it was."""
    _boxes.pop(folder, None)
    _lasting.pop(folder, None)
    if process := _jobs.pop(folder, None):
        process.kill()
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)
    return ""


def outcome_of(folder: str) -> dict[str, Any]:
    """What an ended job gave; its folder is removed. Raises MacroError with what the user should read."""
    process = _kept(_jobs, folder)
    del _jobs[folder]
    process.wait()
    try:
        outcome: dict[str, Any] = json.loads(Path(folder, OUTCOME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        last = "\n".join(_printed(folder))[-MOST_PRINTED:]
        raise MacroError(f"没有完成，程序出错（代码 {process.returncode}）：\n{last}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if "error" in outcome:
        raise MacroError(outcome["error"])
    return outcome


def finish_new(folder: str) -> str:
    """The path of the workbook that was made."""
    path: str = outcome_of(folder)["documents"][0]
    return path


def finish(folder: str) -> str:
    """Apply a macro's outcome to the workbook that called; returns what to say about it."""
    driver: Any = xlwings._xlwindows  # type: ignore[attr-defined]
    driver.N_COM_ATTEMPTS = MOST_ATTEMPTS
    try:
        return apply(outcome_of(folder), xlwings.Book.caller())
    except Exception as error:
        if _is_busy(error):
            raise MacroError(
                "Excel 正忙（正在编辑单元格，或有对话框开着），可能没有写完。请结束编辑、关闭对话框，看过结果以后再运行一次；"
                "改了分数不再重算的，把 公式 ▸ 计算选项 改回“自动”"
            ) from error
        if said := said_by_excel(error):
            raise MacroError(f"Excel 没有完成这个操作，可能只写了一部分，请看过工作簿：\n{said}") from error
        raise
    finally:
        # Excel doesn't end while a workbook of its is held here.
        driver.BOOK_CALLER = None


def _is_busy(error: Exception) -> bool:
    """Whether Excel takes no calls now; where a cell is being edited, the code stands inside (scode, the details' last)."""
    if isinstance(error, xlwings._xlwindows.ExcelBusyError):  # type: ignore[attr-defined]
        return True
    match error.args:
        case (code, _, (*_, inner), *_):
            return code in BUSY_EXCEL or inner in BUSY_EXCEL
        case (code, *_):
            return code in BUSY_EXCEL
    return False


def apply(outcome: dict[str, Any], book: xlwings.Book) -> str:
    """Edits into the workbook, messages into a list in a workbook of their own, documents opened beside it."""
    if outcome["rows"] or outcome["edits"]:
        edit(outcome, book)
    messages, documents = outcome["messages"], outcome["documents"]
    told = [outcome["summary"]] if outcome["summary"] else []
    if len(messages) > MOST_IN_BOX or any(message["cell"] for message in messages):
        list_messages(messages, book)
    else:
        told += [message["text"] for message in messages]
    unopened = [Path(path).name for path in documents[:MOST_OPENED] if not _is_opened(book.app, path)]
    if documents:
        told.append(f"共生成 {len(documents)} 个文件，保存在 {_common_folder(documents)}")
    if unopened:
        told.append(
            f"Excel 没有打开 {'、'.join(unopened)}：可能开着同名的工作簿，或路径太长。请关闭同名的，再从文件夹里打开"
        )
    return "\n".join(told)


def _is_opened(app: xlwings.App, path: str) -> bool:
    """Open a document; Excel refuses one of whose name another is open, or whose path has more than 218 characters."""
    try:
        app.books.open(path)
    except Exception:
        return False
    return True


def _common_folder(documents: list[str]) -> str:
    return os.path.commonpath([str(Path(path).parent) for path in documents])


def list_messages(messages: list[dict[str, Any]], book: xlwings.Book) -> None:
    """A new workbook that lists the messages; a click on a cell's name goes to the cell."""
    sheet = book.app.books.add().sheets[0]
    rows = [[number, "", message["text"]] for number, message in enumerate(messages, 1)]
    last = len(rows) + 1
    # Text first: a message that begins with "=" is no formula.
    sheet.range((1, 1), (last, 3)).number_format = "@"
    sheet.range((1, 1)).value = [["序号", "单元格", "说明"], *rows]
    cells = sheet.range((2, 2), (last, 2))
    cells.number_format = "General"
    cells.formula = [
        [link(book.name, message["sheet"], message["cell"]) if message["cell"] else ""] for message in messages
    ]
    for column, width in ((1, 6), (2, 24), (3, 90)):
        sheet.range((1, column)).column_width = width


def link(book: str, sheet: str, cell: str) -> str:
    """The formula of a link to a cell of another open workbook, saved or not: "#" is what Excel has open."""
    quoted = f"[{book}]{sheet}".replace("'", "''")
    target, shown = f"#'{quoted}'!{cell}".replace('"', '""'), f"{sheet}!{cell}".replace('"', '""')
    return f'=HYPERLINK("{target}","{shown}")'


_ASKED: dict[str, Callable[..., str]] = {
    asked.__name__: asked
    for asked in (
        about,
        handbook,
        questions,
        answered,
        file_name,
        there_is,
        prepare,
        start,
        start_new,
        poll,
        cancel,
        finish_new,
        finish,
    )
}
"""What VBA may ask."""
