"""What kaohe doctor finds out about Excel, by symptom, on a Windows that is made of a folder."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwings

from addin.excel import build, diagnosis
from addin.excel.connection import command
from addin.excel.installation import add_to_excel
from addin.excel.obstacles import paths
from addin.shared.diagnosis import Finding, State, good
from tests.excel.windows import EXCEL_SETTINGS, RUNNING, Build, Machine

LIBRARY = f"xlwings64-{xlwings.__version__}.dll"
Doctor = Callable[[], list[Finding]]


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The add-in as this version makes it."""
    return build(tmp_path_factory.mktemp("addin")).read_bytes()


@pytest.fixture
def machine(tmp_path: Path, addin: bytes, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A Windows on which the add-in is installed and works; the library tells how it was called."""
    monkeypatch.setattr(diagnosis, "try_out", lambda library, line: good(f"{library} {line}"))
    machine = Machine(tmp_path)
    machine.install_excel()
    python = machine.install_python(LIBRARY, f"xlwings32-{xlwings.__version__}.dll")
    add_to_excel(python, Build(addin), "win32", machine.windows)
    return machine


@pytest.fixture
def doctor(machine: Machine, monkeypatch: pytest.MonkeyPatch, addin: bytes) -> Doctor:
    """The findings on that machine; what this version makes is not made again for each."""

    def made(folder: Path) -> Path:
        (folder / "kaohe.xlam").write_bytes(addin)
        return folder / "kaohe.xlam"

    monkeypatch.setattr(diagnosis, "build", made)
    python = machine.folder / "project/.venv/Scripts/python.exe"
    return lambda: list(diagnosis.examine("win32", machine.windows, python))


def troubles(findings: list[Finding]) -> list[str]:
    assert all(finding.remedy for finding in findings if finding.state is State.BAD)
    return [finding.told for finding in findings if finding.state is State.BAD]


def notes(findings: list[Finding]) -> list[str]:
    return [finding.told for finding in findings if finding.state is State.NOTE]


def test_a_machine_on_which_all_is_well(machine: Machine, doctor: Doctor) -> None:
    findings = doctor()
    assert [finding.state for finding in findings] == [State.GOOD] * 4
    assert findings[0].told == f"Excel 2016 或更新的版本（64 位），{machine.folder / 'Office16-64' / 'EXCEL.EXE'}"
    assert findings[2].told.endswith("pythonw.exe")
    environment = machine.folder / "project/.venv"
    line = command(str(environment / "Scripts/pythonw.exe"))
    assert findings[3].told == f"{environment / LIBRARY} {line}"


def test_what_this_version_makes_is_made_to_compare(machine: Machine) -> None:
    """Without the stand-in of the other tests."""
    python = machine.folder / "project/.venv/Scripts/python.exe"
    findings = list(diagnosis.examine("win32", machine.windows, python))
    assert [finding.state for finding in findings] == [State.GOOD] * 4


# --- the add-in and its configuration


def test_a_missing_addin(machine: Machine, doctor: Doctor) -> None:
    machine.windows.addin.unlink()
    (told,) = troubles(doctor())
    assert told.startswith("Excel 没有装加载项") and "公式显示 #NAME?" in told


@pytest.mark.parametrize("content", [b"not a package", b""])
def test_an_addin_that_is_damaged_or_of_another_version(machine: Machine, doctor: Doctor, content: bytes) -> None:
    machine.windows.addin.write_bytes(content)
    (told,) = troubles(doctor())
    assert "不是这个版本的 KAOHE 生成的，或已损坏" in told


def test_an_addin_with_the_mark_of_the_internet(machine: Machine, doctor: Doctor) -> None:
    Path(f"{machine.windows.addin}:Zone.Identifier").touch()
    (told,) = troubles(doctor())
    assert "带有“来自 Internet”的标记" in told


def test_an_addin_that_excel_gave_up(machine: Machine, doctor: Doctor) -> None:
    machine.disable_addin()
    (told,) = troubles(doctor())
    assert r"出错后停用了考核加载项" in told and r"Resiliency\DisabledItems" in told


def test_a_missing_configuration(machine: Machine, doctor: Doctor) -> None:
    (machine.folder / "user/.kaohe/kaohe.conf").unlink()
    (told,) = troubles(doctor())
    assert "kaohe.conf 不在" in told


@pytest.mark.parametrize("content", ['"INTERPRETER_WIN","C:\\gone\\pythonw.exe"', "rubbish", ""])
def test_a_configuration_that_leads_nowhere(machine: Machine, doctor: Doctor, content: str) -> None:
    (machine.folder / "user/.kaohe/kaohe.conf").write_text(content, encoding="gbk")
    (told,) = troubles(doctor())
    assert "kaohe.conf 指向的 Python（" in told and "）不在" in told


def test_a_configuration_that_leads_to_another_environment(machine: Machine, doctor: Doctor) -> None:
    other = machine.program("other/Scripts/pythonw.exe")
    (machine.folder / "user/.kaohe/kaohe.conf").write_text(f'"INTERPRETER_WIN","{other}"', encoding="gbk")
    assert notes(doctor()) == [f"Excel 使用另一处的 Python（{other}）"]


def test_a_running_excel_is_noted(machine: Machine, doctor: Doctor) -> None:
    machine.processes = RUNNING
    assert notes(doctor()) == ["Excel 正在运行"]


# --- the library that Excel loads


def test_a_library_that_an_antivirus_took_away(machine: Machine, doctor: Doctor) -> None:
    (machine.folder / "project/.venv" / LIBRARY).unlink()
    machine.registry.set(r"HKLM\SYSTEM\CurrentControlSet\Services\HipsDaemon", "Start", 2)
    (told,) = troubles(doctor())
    assert f"中没有 {LIBRARY}，可能被杀毒软件（火绒）隔离" in told


def test_a_library_of_another_version_of_xlwings(machine: Machine, doctor: Doctor) -> None:
    environment = machine.folder / "project/.venv"
    (environment / LIBRARY).rename(environment / "xlwings64-0.33.1.dll")
    (told,) = troubles(doctor())
    assert told.startswith(f"Excel 用的 DLL 是 xlwings64-0.33.1.dll，加载项要 {LIBRARY}")


def test_the_library_follows_the_bitness_of_excel_not_of_python(machine: Machine, doctor: Doctor) -> None:
    machine.install_excel("15.0", 32)
    assert troubles(doctor()) == []
    (machine.folder / f"project/.venv/xlwings32-{xlwings.__version__}.dll").unlink()
    (told,) = troubles(doctor())
    assert f"中没有 xlwings32-{xlwings.__version__}.dll" in told


def test_a_python_for_which_xlwings_brings_no_library(machine: Machine, doctor: Doctor) -> None:
    machine.platform = "win32"
    (machine.folder / "project/.venv" / LIBRARY).unlink()
    (told,) = troubles(doctor())
    assert told.startswith("这个 Python 是 win32 的，xlwings 没有为它带 Excel 用的 DLL")


# --- other copies of the add-in


def test_other_copies_that_excel_opens(machine: Machine, doctor: Doctor) -> None:
    options = rf"{EXCEL_SETTINGS}\Options"
    shared, programs = machine.folder / "shared", machine.folder / "Office16-64" / "XLSTART"
    machine.registry.set(options, "OPEN", '/R "C:\\old\\kaohe.xlam"')
    machine.registry.set(options, "OPEN1", f'/R "{machine.windows.addin}"')
    machine.registry.set(options, "OPEN2", "other.xlam")
    machine.registry.set(options, "AltStartup", str(shared))
    machine.program("shared/kaohe.xlam")
    machine.program("Office16-64/XLSTART/kaohe.xlam")
    findings = doctor()
    assert troubles(findings) == [
        r"Excel 的加载项列表里另有一个 C:\old\kaohe.xlam（OPEN）",
        f"启动文件夹 {shared} 里另有一个 kaohe.xlam",
        f"启动文件夹 {programs} 里另有一个 kaohe.xlam",
    ]
    assert notes(findings) == [f"Excel 另有启动文件夹 {shared}，其中的文件每次启动都会打开"]


# --- WPS, the system's code page, the kinds of Excel and Python


def test_wps_beside_excel(machine: Machine, doctor: Doctor) -> None:
    excel = "{00024500-0000-0000-C000-000000000046}"
    machine.registry.set(r"HKLM\SOFTWARE\Classes\Excel.Application\CLSID", "", excel)
    server = rf"Classes\CLSID\{excel}\LocalServer32"
    machine.registry.set(rf"HKLM\SOFTWARE\{server}", "", r"C:\Office16\EXCEL.EXE /automation")
    assert notes(doctor()) == []
    machine.registry.set(rf"HKCU\Software\{server}", "", r'"C:\WPS Office\office6\et.exe" /automation')
    choice = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.xlsx\UserChoice"
    machine.registry.set(choice, "ProgId", "WPS.Xlsx.6")
    opened, registered = notes(doctor())
    assert opened.startswith("双击工作簿会用 WPS 打开。")
    assert registered.startswith("WPS 登记成了 Excel（Excel.Application）：单元格里的考核函数不受影响")


def test_wps_without_excel(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.registry.set(r"HKLM\SOFTWARE\Classes\Excel.Application\CLSID", "", "{X}")
    machine.registry.set(r"HKLM\SOFTWARE\Classes\CLSID\{X}\LocalServer32", "", r"C:\WPS Office\et.exe")
    (finding,) = diagnosis.examine("win32", machine.windows)
    assert finding.state is State.NOTE and finding.told.startswith("这台电脑上是 WPS，没有 Excel。")


def test_paths_outside_the_code_page(machine: Machine, doctor: Doctor) -> None:
    machine.encoding = "ascii"
    renamed = machine.folder / "用户"
    (machine.folder / "user").rename(renamed)
    machine.environment = {"USERPROFILE": str(renamed), "APPDATA": str(renamed / "Roaming")}
    (told,) = troubles(doctor())
    assert told.endswith("的名称里有系统字符集（ascii）以外的字，Excel 找不到 kaohe.conf")


def test_an_interpreter_outside_the_code_page(machine: Machine) -> None:
    machine.encoding = "ascii"
    python = Path("/考核/.venv/Scripts/python.exe")
    findings = list(diagnosis.examine("win32", machine.windows, python))
    assert f"路径 {python} 里有系统字符集（ascii）以外的字，Excel 不能启动它" in troubles(findings)


def test_a_signed_addin_is_ours_and_stays_until_there_is_another(
    machine: Machine, doctor: Doctor, addin: bytes
) -> None:
    with zipfile.ZipFile(machine.windows.addin, "a") as package:
        package.writestr("xl/vbaProjectSignature.bin", b"signature")
    signed = machine.windows.addin.read_bytes()
    assert troubles(doctor()) == []
    python = machine.folder / "project/.venv/Scripts/python.exe"
    add_to_excel(python, Build(addin), "win32", machine.windows)
    assert machine.windows.addin.read_bytes() == signed
    newer = machine.folder / "newer.xlam"
    with zipfile.ZipFile(newer, "w") as package:
        package.writestr("xl/vbaProject.bin", b"newer")
    add_to_excel(python, Build(newer.read_bytes()), "win32", machine.windows)
    assert machine.windows.addin.read_bytes() == newer.read_bytes()


@pytest.mark.parametrize(("encoding", "is_noted"), [("cp1252", True), ("gbk", False), ("utf-8", False)])
def test_a_windows_whose_messages_hold_no_chinese(
    machine: Machine, doctor: Doctor, encoding: str, is_noted: bool
) -> None:
    machine.encoding = encoding
    assert any("中文都显示为问号" in told for told in notes(doctor())) is is_noted


@pytest.mark.parametrize(
    ("encoding", "folder", "is_noted"),
    [("utf-8", "程序", True), ("cp65001", "程序", True), ("utf-8", "kaohe", False), ("gbk", "程序", False)],
)
def test_chinese_paths_on_a_windows_of_utf8_are_noted(
    machine: Machine, encoding: str, folder: str, is_noted: bool
) -> None:
    """VBA's own conversions fail there (github.com/joyfullservice/msaccess-vcs-addin/issues/180)."""
    machine.encoding = encoding
    for home, program in ((folder, "kaohe"), ("zhang", folder)):
        machine.environment["USERPROFILE"] = f"C:/Users/{home}"
        told = [each.told for each in paths(machine.windows, Path("C:/", program, "python.exe"))]
        assert any("系统字符集是 UTF-8" in each and folder in each for each in told) is is_noted


def test_an_excel_from_the_store_is_noted(machine: Machine, doctor: Doctor) -> None:
    app = r"C:\Program Files\WindowsApps\Microsoft.Office.Desktop.Excel_16051\Office16\EXCEL.EXE"
    machine.registry.set(r"HKCU\Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", "", app)
    (told,) = notes(doctor())
    assert "是 Microsoft Store 里的 Excel 应用" in told


def test_python_from_the_store(machine: Machine, doctor: Doctor) -> None:
    machine.python_home = r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12"
    (told,) = troubles(doctor())
    assert told.startswith("这个 Python 来自 Microsoft Store")


def test_other_systems(machine: Machine) -> None:
    (finding,) = diagnosis.examine("darwin")
    assert finding.state is State.NOTE and finding.told == "macOS 的 Excel 没有 KAOHE 加载项"
    assert list(diagnosis.examine("linux")) == []
