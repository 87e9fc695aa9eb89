"""What is seen of Windows: its registry, its programs, the Excel and WPS among them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from addin.excel import programs, windows
from tests.excel.windows import OFFICE, RUNNING, Machine, header
from tests.support import PROJECT


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_excel_is_found_where_its_installation_registers_it(machine: Machine) -> None:
    old = machine.install_excel("14.0", 32, r"HKLM\SOFTWARE\Wow6432Node\Microsoft\Office")
    new = machine.install_excel("16.0", 64)
    machine.registry.set(rf"{OFFICE}\15.0\Excel\InstallRoot", "Path", "/uninstalled/")
    found = programs.find_excel(machine.windows)
    assert [(excel.program, str(excel)) for excel in found] == [
        (new, "Excel 2016 或更新的版本（64 位）"),
        (old, "Excel 2010（32 位）"),
    ]


@pytest.mark.parametrize(
    ("registered", "found"),
    [("", "user/Documents"), (r"%UserProfile%/OneDrive/文档", "user/OneDrive/文档"), ("{}/D/文档", "D/文档")],
)
def test_documents_are_where_windows_has_them(machine: Machine, registered: str, found: str) -> None:
    folders = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
    machine.registry.set(folders, "Personal", registered.format(machine.folder))
    assert machine.windows.documents == machine.folder / found


def test_the_oldest_excel_has_all_functions_of_the_workbooks() -> None:
    """Those that came after Excel 2007 have a prefix in files; Microsoft's pages on ISFORMULA and SHEET name Excel 2013."""
    texts = (path.read_text(encoding="utf-8") for path in (PROJECT / "tests/workbook_templates/snapshots").iterdir())
    assert {name for text in texts for name in re.findall(r"_xlfn\.([\w.]+)", text)} == {"ISFORMULA", "SHEET"}
    found = [programs.Excel(version, Path(), None).is_supported for version in (14, 15)]
    assert found == [False, True] and programs.NAMES[programs.OLDEST] == "Excel 2013"


def test_excel_of_click_to_run_is_found_by_its_configuration(machine: Machine) -> None:
    program = machine.program("Microsoft Office/root/Office16/EXCEL.EXE", None)
    for name, value in (
        ("InstallationPath", str(machine.folder / "Microsoft Office")),
        ("VersionToReport", "16.0.17328.20162"),
        ("Platform", "x86"),
    ):
        machine.registry.set(rf"{OFFICE}\ClickToRun\Configuration", name, value)
    (excel,) = programs.find_excel(machine.windows)
    assert (excel.program, excel.version) == (program, 16)
    assert excel.bits == 32, "the registry tells where the program's own header can't be read"


def test_excel_is_found_by_the_path_of_its_program(machine: Machine) -> None:
    app_paths = r"HKLM\Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
    machine.registry.set(app_paths, "", f'"{machine.program("Office15/excel.exe", 32)}"')
    (excel,) = programs.find_excel(machine.windows)
    assert (excel.version, excel.bits) == (15, 32)
    # Without a folder that tells the version, what Excel.Application stands for tells it.
    machine.registry.set(app_paths, "", str(machine.program("Office/excel.exe", None)))
    machine.registry.set(r"HKLM\SOFTWARE\Classes\Excel.Application\CurVer", "", "Excel.Application.14")
    (excel,) = programs.find_excel(machine.windows)
    assert (excel.version, excel.bits) == (14, None)
    machine.registry.set(app_paths, "", str(machine.program("WPS Office/et.exe")))
    assert programs.find_excel(machine.windows) == []


def test_excel_from_the_store_is_known_by_its_folder(machine: Machine) -> None:
    app = r"C:\Program Files\WindowsApps\Microsoft.Office.Desktop.Excel_16051_x86\Office16\EXCEL.EXE"
    machine.registry.set(r"HKCU\Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", "", app)
    (excel,) = programs.find_excel(machine.windows)
    assert excel.is_store_app and excel.version == 16


@pytest.mark.parametrize(("machine_code", "bits"), [(0x014C, 32), (0x8664, 64), (0xAA64, 64), (0x0200, None)])
def test_a_programs_bitness_stands_in_its_header(tmp_path: Path, machine_code: int, bits: int | None) -> None:
    program = tmp_path / "EXCEL.EXE"
    program.write_bytes(header(machine_code))
    assert programs.bits_of(program) == bits
    program.write_bytes(b"MZ")
    assert programs.bits_of(program) is None
    assert programs.bits_of(tmp_path / "none.exe") is None


def test_a_running_excel_is_seen_in_any_language(machine: Machine) -> None:
    machine.processes = "信息: 没有运行的任务匹配指定标准。"
    assert not programs.is_running(machine.windows)
    machine.processes = RUNNING
    assert programs.is_running(machine.windows)


@pytest.mark.parametrize(
    ("command", "is_wps"),
    [
        (r'"C:\Users\zhang\AppData\Local\Kingsoft\WPS Office\12.1.0.16250\office6\et.exe" /Automation', True),
        (r"C:\Program Files\WPS Office\et.exe -Embedding", True),
        (r"C:\Kingsoft\launcher.exe", True),
        (r'"C:\Program Files\Microsoft Office\Root\Office16\EXCEL.EXE" /automation', False),
        ("", False),
    ],
)
def test_wps_is_known_by_its_program(command: str, is_wps: bool) -> None:
    assert programs.is_wps(command) is is_wps


class FakeWinreg:
    """Stands in for the module of the standard library that only Windows has."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE = "user", "machine"
    KEY_READ, KEY_SET_VALUE, KEY_WOW64_64KEY = 1, 2, 256

    class Key:
        def __init__(self, name: str) -> None:
            self.name = name

        def __enter__(self) -> FakeWinreg.Key:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    def __init__(self) -> None:
        self.keys = {"user\\Software\\A": {"": "text", "number": 1, "list": ["x"], "data": b"\0"}}
        self.opened: list[int] = []

    def OpenKey(self, hive: str, path: str, reserved: int, access: int) -> Key:
        self.opened.append(access)
        if f"{hive}\\{path}" not in self.keys:
            raise FileNotFoundError(2, "not found")
        return self.Key(f"{hive}\\{path}")

    def QueryInfoKey(self, key: Key) -> tuple[int, int, int]:
        return 0, len(self.keys[key.name]), 0

    def EnumValue(self, key: Key, index: int) -> tuple[str, object, int]:
        name = list(self.keys[key.name])[index]
        return name, self.keys[key.name][name], 0

    def DeleteValue(self, key: Key, name: str) -> None:
        del self.keys[key.name][name]


def test_the_registry_is_read_as_64_bit_programs_see_it(monkeypatch: pytest.MonkeyPatch) -> None:
    winreg = FakeWinreg()
    monkeypatch.setitem(sys.modules, "winreg", winreg)
    system = windows.this_windows()
    assert system.registry.values(r"HKCU\Software\A") == {"": "text", "number": 1, "data": b"\0"}
    assert system.registry.values(r"HKLM\Software\A") == {}
    system.registry.delete(r"HKCU\Software\A", "data")
    assert (system.value(r"HKCU\Software\A", "NUMBER"), system.text(r"HKCU\Software\A")) == (1, "text")
    assert all(access & winreg.KEY_WOW64_64KEY for access in winreg.opened)


def test_numbers_may_be_written_as_texts(machine: Machine) -> None:
    for name, value in (("a", 1), ("b", " 4 "), ("c", "x"), ("d", b"1")):
        machine.registry.set(r"HKCU\Software\A", name, value)
    assert [machine.windows.number(r"HKCU\Software\A", name) for name in "abcde"] == [1, 4, None, None, None]
    assert machine.windows.text(r"HKCU\Software\A", "a") == ""


def test_without_its_variables_the_usual_folders_are_meant(machine: Machine) -> None:
    machine.environment = {"USERPROFILE": "/home/zhang"}
    usual = "/home/zhang/AppData/Roaming/Microsoft/Excel/XLSTART/kaohe.xlam"
    assert machine.windows.addin == Path(usual)


def test_a_program_that_cannot_run_prints_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert windows.run_program([sys.executable, "-c", "print('EXCEL.EXE')"]).strip() == "EXCEL.EXE"
    assert windows.run_program(["no-such-program"]) == ""
