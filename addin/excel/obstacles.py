"""What else keeps an installed add-in from working: its library, paths, other programs. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from addin.excel.conf import configuration_file
from addin.excel.policies import blocks, machine_blocks
from addin.excel.programs import NAMES, OLDEST, Excel, excel_is_wps, files_open_in_wps, find_wps
from addin.excel.startup import other_copies
from addin.excel.windows import Windows
from addin.shared.diagnosis import Finding, bad, note

SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
ANTIVIRUS = {"ZhuDongFangYu": "360", "HipsDaemon": "火绒", "QQPCRTP": "腾讯电脑管家", "WinDefend": "Microsoft Defender"}
"""Antivirus programs by the Windows service that each runs as."""

WPS_WORKS = (
    "WPS 表格里能做的：打开、填写和打印考核工作簿，看到已经算好的数值。"
    "不能做的：在单元格里计算 KAOHE_ 函数（一重算就显示 #NAME?），“考核”选项卡"
)
WPS_INSTEAD = (
    f"用 kaohe calc 计算工作簿，或在 LibreOffice 里打开和计算；要在单元格里计算，请安装 {NAMES[OLDEST]} 或更新的版本"
)
STORE_PYTHON = "这个 Python 来自 Microsoft Store，它写入 AppData 的文件 Excel 看不到，不能装入 Excel"
STORE_PYTHON_INSTEAD = "从 python.org 安装 Python，删除程序文件夹中的 .venv，再用新的 Python 运行 install.py"
CHINESE_REGION = "在“控制面板→区域→管理→更改系统区域设置”里选“中文（简体，中国）”"
WRONG_CODE_PAGE = "把程序文件夹移到只含英文字母和中文的路径，再运行 python install.py"


def obstacles(windows: Windows, excels: Sequence[Excel], python: Path, xlwings: str = "") -> Iterator[Finding]:
    """Everything that keeps the add-in from working though it is installed, the newest Excel's first.

    ``python``: the interpreter that Excel is to start; ``xlwings``: the version whose library the add-in asks for, if
    it is known.
    """
    for excel in excels:
        if excel.is_store_app:
            yield note(
                f"{excel} 是 Microsoft Store 里的 Excel 应用，加载项在其中可能不出现",
                "函数不能用时，请卸载它，改从 office.com 或单位的安装包安装",
            )
        yield from library(windows, excel, python, xlwings)
        yield from other_copies(windows, excel)
        yield from blocks(windows, excel)
    yield from machine_blocks(windows)
    yield from paths(windows, python)
    yield from wps_beside(windows)


def library(windows: Windows, excel: Excel, python: Path, xlwings: str) -> Iterator[Finding]:
    """Whether the library that Excel loads is there: of Excel's own bitness, whatever Python's is."""
    bits = f"{excel.bits}" if excel.bits else "*"
    # Where VBA looks: beside the interpreter, and one folder up.
    folders = (python.parent, python.parent.parent)
    names = sorted(path.name for folder in folders for path in folder.glob(f"xlwings{bits}-*.dll"))
    wanted = f"xlwings{bits}-{xlwings}.dll"
    if not names and windows.platform != "win-amd64":
        yield bad(
            f"这个 Python 是 {windows.platform} 的，xlwings 没有为它带 Excel 用的 DLL：考核函数显示 #VALUE!",
            "从 python.org 安装 64 位（x86-64）的 Python，删除程序文件夹中的 .venv，再运行 install.py",
        )
    elif not names:
        yield bad(
            f"{folders[1]} 中没有 {wanted if xlwings else f'xlwings{bits}-….dll'}，"
            f"可能被杀毒软件（{_antivirus(windows)}）隔离：考核函数显示 #VALUE!",
            "在杀毒软件里恢复这个文件，把程序文件夹加入信任（排除）列表，再运行 python install.py",
        )
    elif xlwings and bits != "*" and wanted not in names:
        yield bad(f"Excel 用的 DLL 是 {names[-1]}，加载项要 {wanted}：考核函数显示 #VALUE!", "运行 python install.py")


def _antivirus(windows: Windows) -> str:
    found = [name for service, name in ANTIVIRUS.items() if windows.registry.values(rf"{SERVICES}\{service}")]
    return "、".join(found) or "360、火绒等"


def paths(windows: Windows, python: Path) -> Iterator[Finding]:
    """Paths that VBA can't use, which knows only the characters of the system's code page."""
    if not windows.can_hold(python):
        yield bad(f"路径 {python} 里有系统字符集（{windows.encoding}）以外的字，Excel 不能启动它", WRONG_CODE_PAGE)
    if "onedrive" in str(python).lower():
        yield note(
            f"程序文件夹在 OneDrive 中（{python.parent}）：文件可能只在云端，或正在同步，Excel 启动计算程序会慢或失败",
            "把程序文件夹移到不同步的地方（如 C:\\kaohe），再运行 python install.py",
        )
    place = configuration_file(windows.home)
    chinese = [path for path in (python, place) if not str(path).isascii()]
    if _is_utf8(windows) and chinese:
        yield note(
            f"系统字符集是 UTF-8（“Beta 版：使用 Unicode UTF-8 提供全球语言支持”），路径 {chinese[0]} 里有汉字：VBA 和 Excel 用的 DLL "
            "不是为它写的，考核函数可能显示 #VALUE!",
            "函数不能用时，去掉“控制面板→区域→管理→更改系统区域设置”里的这一勾选，或换只含英文字母的路径（程序文件夹，或用户名）",
        )
    if not windows.can_hold(place):
        yield bad(
            f"用户文件夹 {windows.home} 的名称里有系统字符集（{windows.encoding}）以外的字，Excel 找不到 {place.name}",
            f"{CHINESE_REGION}，或换一个用户名只含中文和英文字母的帐户",
        )
    if not windows.can_hold("考核"):
        yield note(
            f"系统字符集（{windows.encoding}）里没有中文：加载项的消息框和输入框里，中文都显示为问号；单元格里的函数不受影响",
            CHINESE_REGION,
        )


def _is_utf8(windows: Windows) -> bool:
    return windows.encoding.lower().replace("-", "") in ("utf8", "cp65001")


def wps_beside(windows: Windows) -> Iterator[Finding]:
    """What WPS takes over on a machine that has Excel too."""
    if files_open_in_wps(windows):
        yield note(
            f"双击工作簿会用 WPS 打开。{WPS_WORKS}", "右击工作簿→打开方式→选择其他应用→Excel，勾选“始终使用此应用打开”"
        )
    if excel_is_wps(windows):
        yield note(
            "WPS 登记成了 Excel（Excel.Application）：单元格里的考核函数不受影响，别的程序调用 Excel 时启动的是 WPS",
            "在 WPS 的“配置工具→高级→兼容设置”里取消“WPS Office 兼容第三方系统和软件”，或修复安装 Office",
        )


def without_excel(windows: Windows, excels: Sequence[Excel]) -> Finding:
    """What to say where no Excel can take the add-in; ``excels`` are those that are too old."""
    if excels:
        return note(f"只找到 {excels[0]}，加载项需要 {NAMES[OLDEST]} 或更新的版本", "用 kaohe calc 或 LibreOffice 计算")
    if find_wps(windows) or excel_is_wps(windows):
        return note(f"这台电脑上是 WPS，没有 Excel。{WPS_WORKS}", WPS_INSTEAD)
    return note("没有找到 Excel", "不用 Excel 可以不管；刚装好 Excel 的，先打开一次，再运行 python install.py")
