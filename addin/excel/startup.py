"""What Excel opens when it starts, and what it has put on its lists of add-ins that it won't. Standard library only."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PureWindowsPath

from addin.excel import ADDIN
from addin.excel.programs import Excel
from addin.excel.windows import Windows
from addin.shared.diagnosis import Finding, bad, note

RESILIENCY = ("DisabledItems", "CrashingAddinList", "StartupItems")
"""Excel's lists: what it doesn't load any more, what ended it, what it was loading when it ended."""

_OPENED = re.compile(r"OPEN\d*", re.IGNORECASE)
_NAME = f"\\{ADDIN}".encode("utf-16-le")


def _settings(excel: Excel) -> str:
    return rf"HKCU\Software\Microsoft\Office\{excel.office}\Excel"


def disabled(windows: Windows, excel: Excel) -> list[tuple[str, str]]:
    """The entries (key, value) by which Excel keeps the add-in from loading.

    An entry is a few numbers, then the file's path in UTF-16, in small letters or as it is.
    """
    found = []
    for name in RESILIENCY:
        key = rf"{_settings(excel)}\Resiliency\{name}"
        values = windows.registry.values(key).items()
        found += [(key, entry) for entry, data in values if isinstance(data, bytes) and _NAME in data.lower()]
    return found


def enable(windows: Windows, excels: Sequence[Excel]) -> int:
    """Take the add-in off those lists; returns how many entries went. Raises OSError."""
    entries = [entry for excel in excels for entry in disabled(windows, excel)]
    for entry in entries:
        windows.registry.delete(*entry)
    return len(entries)


def other_copies(windows: Windows, excel: Excel) -> Iterator[Finding]:
    """Other copies of the add-in that Excel opens too: whichever comes first answers, perhaps an old one."""
    for name, command in sorted(windows.registry.values(rf"{_settings(excel)}\Options").items()):
        if _OPENED.fullmatch(name) and isinstance(command, str) and ADDIN in command.lower():
            # As in /R "C:\folder\kaohe.xlam".
            path = command.split('"')[1] if '"' in command else command.removeprefix("/R").strip()
            if not _is_same(path, windows.addin):
                yield bad(
                    f"Excel 的加载项列表里另有一个 {path}（{name}）",
                    f"在 Excel 的“文件→选项→加载项→转到”里取消 {PureWindowsPath(path).stem}，或删除那个文件",
                )
    other = windows.text(rf"{_settings(excel)}\Options", "AltStartup")
    folders = [Path(other)] if other else []
    for folder in [*folders, excel.program.parent / "XLSTART"]:
        if os.path.isfile(folder / ADDIN) and not _is_same(folder / ADDIN, windows.addin):
            yield bad(f"启动文件夹 {folder} 里另有一个 {ADDIN}", "删除那个文件，再重新启动 Excel")
    if other:
        yield note(f"Excel 另有启动文件夹 {other}，其中的文件每次启动都会打开")


def _is_same(one: Path | str, other: Path | str) -> bool:
    return os.path.normcase(one).lower() == os.path.normcase(other).lower()
