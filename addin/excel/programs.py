"""The Excel and WPS programs of a Windows, found in its registry. Standard library only."""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from addin.excel.windows import Windows

VERSIONS = ("16.0", "15.0", "14.0", "12.0", "11.0")
NAMES = {16: "Excel 2016 或更新的版本", 15: "Excel 2013", 14: "Excel 2010", 12: "Excel 2007", 11: "Excel 2003"}
OLDEST = 15
"""Excel 2013: the first that has all functions of the workbooks (ISFORMULA, SHEET)."""

PROGRAM = "EXCEL.EXE"
CLICK_TO_RUN = (
    r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration",
    r"HKLM\SOFTWARE\Microsoft\Office\15.0\ClickToRun\Configuration",
)
APP_PATHS = tuple(
    rf"{hive}\Software\Microsoft\Windows\CurrentVersion\App Paths" for hive in ("HKCU", "HKLM")
)  # fmt: skip
CLASSES = (r"HKCU\Software\Classes", r"HKLM\SOFTWARE\Classes")
SOFTWARE = (r"HKCU\Software", r"HKLM\SOFTWARE", r"HKLM\SOFTWARE\Wow6432Node")
FILE_CHOICE = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.xlsx\UserChoice"
_BITS_OF_MACHINE = {0x014C: 32, 0x8664: 64, 0xAA64: 64}
_BITS_OF_NAME = {"x86": 32, "x64": 64, "arm64": 64}
_WPS_PROGRAMS = ("et.exe", "wps.exe", "wpsoffice.exe", "ksolaunch.exe")
_OFFICE_FOLDER = re.compile(r"office(1[0-9])", re.IGNORECASE)
_PROGRAM_OF_COMMAND = re.compile(r'"([^"]+)"|(.+?\.exe)', re.IGNORECASE)


@dataclass(frozen=True)
class Excel:
    """One Excel of this machine."""

    version: int
    program: Path
    bits: int | None
    """32 or 64, which its add-ins' libraries must be too; None if nothing tells."""

    is_store_app: bool = False

    @property
    def is_supported(self) -> bool:
        return self.version >= OLDEST

    @property
    def office(self) -> str:
        """Its version as the registry's keys write it."""
        return f"{self.version}.0"

    def __str__(self) -> str:
        bits = f"（{self.bits} 位）" if self.bits else ""
        return f"{NAMES.get(self.version, f'Excel {self.version}')}{bits}"


def find_excel(windows: Windows) -> list[Excel]:
    """Every Excel that is registered and there, the newest first."""
    found: dict[str, Excel] = {}
    for version, program in _candidates(windows):
        is_app = "windowsapps" in str(program).lower()
        # The folders of apps can't be looked into.
        if PureWindowsPath(program).name.upper() == PROGRAM and (is_app or os.path.isfile(program)):
            bits = bits_of(program) or _registered_bits(windows, version)
            found.setdefault(str(program).lower(), Excel(version, program, bits, is_app))
    return sorted(found.values(), key=lambda excel: -excel.version)


def _candidates(windows: Windows) -> Iterator[tuple[int, Path]]:
    for version in VERSIONS:
        for software in SOFTWARE:
            root = windows.text(rf"{software}\Microsoft\Office\{version}\Excel\InstallRoot", "Path")
            if root:
                yield int(float(version)), Path(root) / PROGRAM
    for key in CLICK_TO_RUN:
        root = windows.text(key, "InstallationPath")
        number = windows.text(key, "VersionToReport").partition(".")[0]
        version_number = int(number) if number.isdecimal() else 16
        if root:
            yield version_number, Path(root) / "root" / f"Office{version_number}" / PROGRAM
    for paths in APP_PATHS:
        program = windows.text(rf"{paths}\excel.exe").strip('"')
        if program:
            yield _version_of(windows, program), Path(program)


def _version_of(windows: Windows, program: str) -> int:
    """The version of an Excel that is known by its program only."""
    folder = _OFFICE_FOLDER.search(program)
    if folder:
        return int(folder[1])
    for classes in CLASSES:
        number = windows.text(rf"{classes}\Excel.Application\CurVer").rpartition(".")[2]
        if number.isdecimal():
            return int(number)
    return 16


def bits_of(program: Path) -> int | None:
    """Whether a program (or library) is of 32 or 64 bits, from its own header; None if it can't be read."""
    try:
        with program.open("rb") as file:
            start = file.read(64)
            file.seek(struct.unpack_from("<I", start, 0x3C)[0])
            header = file.read(6)
        return _BITS_OF_MACHINE.get(struct.unpack_from("<4xH", header)[0]) if header[:4] == b"PE\0\0" else None
    except (OSError, struct.error):
        return None


def _registered_bits(windows: Windows, version: int) -> int | None:
    places = [(key, "Platform") for key in CLICK_TO_RUN]
    places += [(rf"{software}\Microsoft\Office\{version}.0\Outlook", "Bitness") for software in SOFTWARE[1:]]
    told = (windows.text(*place).lower() for place in places)
    return next((_BITS_OF_NAME[name] for name in told if name in _BITS_OF_NAME), None)


def is_running(windows: Windows) -> bool:
    """Whether Excel runs, with or without a window."""
    listed = windows.run(["tasklist", "/FI", f"IMAGENAME eq {PROGRAM}", "/FO", "CSV", "/NH"])
    # What it prints where there is none is in the language of the system, without the name.
    return PROGRAM in listed.upper()


def find_wps(windows: Windows) -> str:
    """The folder or the program of WPS; an empty text if it isn't installed."""
    keys = [(rf"{software}\Kingsoft\Office\6.0\Common", "InstallRoot") for software in SOFTWARE]
    keys += [(rf"{paths}\{name}", "") for paths in APP_PATHS for name in _WPS_PROGRAMS[:2]]
    return next((place for place in (windows.text(*key) for key in keys) if place), "")


def excel_is_wps(windows: Windows) -> bool:
    """Whether programs that ask for Excel get WPS, which registers itself under Excel's name."""
    return is_wps(_automation_server(windows))


def is_wps(command: str) -> bool:
    """Whether a command starts WPS."""
    program = _PROGRAM_OF_COMMAND.match(command.strip())
    path = PureWindowsPath((program[1] or program[2]) if program else command)
    return path.name.lower() in _WPS_PROGRAMS or "kingsoft" in str(path).lower()


def _automation_server(windows: Windows) -> str:
    """The command behind ``Excel.Application``; a user's own classes come before the machine's."""
    for name in _texts(windows, [rf"{classes}\Excel.Application\CLSID" for classes in CLASSES]):
        folders = [rf"{classes}{node}\CLSID\{name}" for classes in CLASSES for node in ("", r"\Wow6432Node")]
        for command in _texts(windows, [rf"{folder}\LocalServer32" for folder in folders]):
            return command
    return ""


def _texts(windows: Windows, keys: Sequence[str]) -> Iterator[str]:
    return (text for text in map(windows.text, keys) if text)


def files_open_in_wps(windows: Windows) -> bool:
    """Whether a double click on a workbook opens it in WPS."""
    chosen = windows.text(FILE_CHOICE, "ProgId")
    chosen = chosen or next(_texts(windows, [rf"{classes}\.xlsx" for classes in CLASSES]), "")
    return chosen.upper().startswith(("WPS.", "ET.", "KET.", "WPSOFFICE"))
