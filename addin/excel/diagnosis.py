"""What may be wrong with KAOHE in Excel, found by symptom."""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from addin.excel import ADDIN, build
from addin.excel.conf import INTERPRETER, configuration_file
from addin.excel.connection import command, try_out
from addin.excel.contents import is_same
from addin.excel.obstacles import STORE_PYTHON, STORE_PYTHON_INSTEAD, obstacles, without_excel
from addin.excel.programs import Excel, find_excel, is_running
from addin.excel.project import xlwings_version
from addin.excel.startup import disabled
from addin.excel.windows import Windows, is_marked, this_windows
from addin.shared.diagnosis import Finding, State, bad, good, note
from addin.shared.exits import UserError

INSTALL = "关闭 Excel，运行 python install.py，再打开 Excel"


def examine(
    system: str = sys.platform,
    windows: Windows | None = None,
    python: Path | None = None,
) -> Iterator[Finding]:
    """Everything that keeps the functions and the ribbon from working in Excel; ``python`` is this environment's."""
    if system == "darwin":
        yield note("macOS 的 Excel 没有 KAOHE 加载项", "用命令行（kaohe calc 等），或 LibreOffice 的扩展")
    if system != "win32":
        return
    windows = windows or this_windows()
    python = python or Path(sys.executable)
    found = find_excel(windows)
    excels = [excel for excel in found if excel.is_supported]
    if not excels:
        yield without_excel(windows, found)
        return
    for excel in excels:
        yield good(f"{excel}，{excel.program}")
    if windows.is_store_python:
        yield bad(STORE_PYTHON, STORE_PYTHON_INSTEAD)
    if is_running(windows):
        yield note("Excel 正在运行", "安装、更新或移除加载项之前，关闭它的全部窗口")
    try:
        xlwings = xlwings_version()
    except UserError as error:
        yield bad(f"{error}：没有考核函数", f"{INSTALL}；杀毒软件隔离了它的文件的，先恢复并加入信任")
        return
    yield from _addin(windows.addin)
    configuration = _configuration(windows, python)
    yield configuration
    yield from _disabled(windows, excels)
    yield from obstacles(windows, excels, python, xlwings)
    if configuration.state is State.GOOD:
        yield from _connection(python, xlwings)


def _connection(python: Path, xlwings: str) -> Iterator[Finding]:
    """Whether what Excel does works, where this Python can load the library (of its own bitness) at all."""
    bits = 64 if sys.maxsize > 2**32 else 32
    for folder in (python.parent, python.parent.parent):
        library = folder / f"xlwings{bits}-{xlwings}.dll"
        if library.is_file():
            yield try_out(library, command(str(python.with_name("pythonw.exe"))))
            return


def _addin(path: Path) -> Iterator[Finding]:
    """Whether the add-in is there, is what this version makes, and may run."""
    if not path.is_file():
        yield bad(f"Excel 没有装加载项（{path}）：公式显示 #NAME?，没有“考核”选项卡", INSTALL)
        return
    if not is_same(path, _wanted()):
        yield bad(f"{path} 不是这个版本的 KAOHE 生成的，或已损坏：可能缺少函数，或显示 #VALUE!", INSTALL)
    else:
        yield good(f"Excel 加载项 {path}")
    if is_marked(path):
        yield bad(
            f"{ADDIN} 带有“来自 Internet”的标记，Excel 会禁用其中的宏", f"{INSTALL}；或在文件“属性”里勾选“解除锁定”"
        )


def _wanted() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return build(Path(folder)).read_bytes()


def _configuration(windows: Windows, python: Path) -> Finding:
    """Whether Excel finds the Python of this environment."""
    place = configuration_file(windows.home)
    try:
        rows = csv.reader(place.read_text(encoding=windows.encoding, errors="replace").splitlines())
    except OSError:
        return bad(f"Excel 的配置文件 {place} 不在：考核函数显示 #VALUE!", INSTALL)
    interpreter = {row[0]: row[1] for row in rows if len(row) == 2}.get(INTERPRETER, "")
    if not interpreter or not os.path.isfile(interpreter):
        return bad(f"{place} 指向的 Python（{interpreter or '没有写'}）不在：考核函数显示 #VALUE!", INSTALL)
    if os.path.normcase(Path(interpreter).parent) != os.path.normcase(python.parent):
        return note(f"Excel 使用另一处的 Python（{interpreter}）", f"要改用这里的（{python}），{INSTALL}")
    return good(f"Excel 使用 {interpreter}")


def _disabled(windows: Windows, excels: Sequence[Excel]) -> Iterator[Finding]:
    for excel in excels:
        entries = disabled(windows, excel)
        if entries:
            yield bad(f"{excel} 出错后停用了考核加载项（{entries[0][0]}）：没有“考核”选项卡", INSTALL)
