"""Putting the add-in into Excel, updating it and taking it out again. Standard library only.

Everything is this user's own: the add-in in Excel's startup folder, and one file that says which Python computes. Who
has no Excel, or one that may not have add-ins, uses everything else all the same: nothing here stops an installation.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from addin.excel import ADDIN
from addin.excel.conf import ConfigurationError, configuration, configuration_file
from addin.excel.contents import is_same, is_signed
from addin.excel.obstacles import STORE_PYTHON, STORE_PYTHON_INSTEAD, obstacles, without_excel
from addin.excel.programs import Excel, find_excel, is_running
from addin.excel.startup import enable
from addin.excel.windows import Windows, this_windows, unmark
from addin.portable.replacing import replace
from addin.shared.diagnosis import Finding, State
from addin.shared.exits import reason

Runner = Callable[[Sequence[str | Path], str], str]
ON_MAC = (
    "提示：macOS 的 Excel 没有 KAOHE 加载项。能用的是命令行（kaohe calc、kaohe run 等）和 LibreOffice 的扩展；"
    "Excel 里能打开、填写和打印工作簿，看到已经算好的数值"
)
CLOSE = "请关闭 Excel 的全部窗口（仍不行时，在任务管理器里结束 EXCEL.EXE），再运行"


def add_to_excel(python: Path, run: Runner, system: str = sys.platform, windows: Windows | None = None) -> None:
    """Put the add-in into Excel, or update and repair it, and print what came of it.

    ``python``: the interpreter of the environment, which also builds the add-in; ``run`` starts a program and raises
    what should end the installation.
    """
    if system == "darwin":
        print(ON_MAC)
    if system != "win32":
        return
    windows = windows or this_windows()
    found = find_excel(windows)
    excels = [excel for excel in found if excel.is_supported]
    if not excels:
        _tell(without_excel(windows, found))
        return
    if windows.is_store_python:
        print(f"提示：{STORE_PYTHON}。{STORE_PYTHON_INSTEAD}")
        return
    with tempfile.TemporaryDirectory() as folder:
        run([python, "-P", "-m", "addin.cli", "build", "excel", "-o", folder], "生成 Excel 加载项")
        made = (Path(folder) / ADDIN).read_bytes()
    if _put(windows, excels, python.with_name("pythonw.exe"), made):
        for finding in obstacles(windows, excels, python):
            if finding.state is State.BAD:
                _tell(finding)


def _put(windows: Windows, excels: Sequence[Excel], interpreter: Path, addin: bytes) -> bool:
    """Write the files and let Excel load them; returns whether the add-in is in its place."""
    running = is_running(windows)
    try:
        settings = configuration(str(interpreter), encoding=windows.encoding)
        # First, since an add-in that is open can't be replaced, but may need the Python that is new.
        place = configuration_file(windows.home)
        write(place, settings, place.parent)
        if not (is_signed(windows.addin) and is_same(windows.addin, addin)):
            write(windows.addin, addin, windows.excel_folder)
        unmark(windows.addin)
        enabled = enable(windows, excels)
    except ConfigurationError as error:
        print(f"提示：没有装入 Excel：{error}")
        return False
    except OSError as error:
        print(f"提示：没有装入 Excel：{_reason(error, running)}")
        return False
    if enabled:
        print(f"Excel 曾停用考核加载项，已重新启用（共 {enabled} 项）")
    then = "Excel 正在运行，关闭它的全部窗口再打开" if running else "打开 Excel"
    print(f"已装入 {excels[0]}：{then}，选项卡中有“考核”")
    return True


def write(path: Path, content: bytes, beside: Path) -> None:
    """Write a file at once or not at all, unless it is there already. Raises OSError.

    The unfinished file stands in ``beside``: whatever lies in its startup folder, Excel opens.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.read_bytes() == content:
        return
    replace(path, lambda file: file.write(content), folder=beside)


def _reason(error: OSError, running: bool) -> str:
    """Why a file couldn't be written or deleted, and what to do."""
    place = error.filename2 or error.filename or "注册表"
    if isinstance(error, PermissionError):
        told = "Excel 正在运行" if running else "文件正被使用，或没有写入权限"
        return f"{told}，不能写入 {place}。{CLOSE} python install.py"
    return f"不能写入 {place}（{reason(error)}）。请检查磁盘空间和文件夹的权限，再运行 python install.py"


def _tell(finding: Finding) -> None:
    print(f"提示：{finding.told}。{finding.remedy}")


def remove_from_excel(system: str = sys.platform, windows: Windows | None = None) -> bool:
    """Delete what was installed and nothing else, and print what was; returns whether all of it is gone."""
    if system != "win32":
        return True
    windows = windows or this_windows()
    settings = configuration_file(windows.home)
    try:
        was_there = windows.addin.exists()
        windows.addin.unlink(missing_ok=True)
        settings.unlink(missing_ok=True)
    except OSError as error:
        told = "Excel 正在运行" if is_running(windows) else f"不能删除 {error.filename}（{reason(error)}）"
        print(f"没有从 Excel 移除：{told}。{CLOSE} python install.py remove")
        return False
    try:
        settings.parent.rmdir()
    except OSError:
        # Not there, or somebody keeps other things in it.
        pass
    if was_there:
        print("已从 Excel 移除")
    return True
