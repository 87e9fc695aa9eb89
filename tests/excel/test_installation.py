"""Putting the add-in into Excel and taking it out, step by step, on a Windows that is made of a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from addin.excel import installation
from addin.excel.installation import add_to_excel, remove_from_excel, write
from tests.excel.windows import EXCEL_SETTINGS, POLICY, RUNNING, Build, Machine
from tests.support import PROJECT

LIBRARIES = ("xlwings32-0.37.8.dll", "xlwings64-0.37.8.dll")
Output = pytest.CaptureFixture[str]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Windows with Excel 2016 or newer of 64 bits."""
    machine = Machine(tmp_path)
    machine.install_excel()
    return machine


def install(machine: Machine, build: Build | None = None, python: Path | None = None) -> Path:
    python = python or machine.install_python(*LIBRARIES)
    add_to_excel(python, build or Build(), "win32", machine.windows)
    return python


def files(machine: Machine) -> set[str]:
    return {path.relative_to(machine.folder).as_posix() for path in (machine.folder / "user").rglob("*.*")}


def test_the_addin_is_put_into_the_startup_folder(machine: Machine, capsys: Output) -> None:
    build = Build()
    python = install(machine, build)
    (command,) = build.calls
    assert command[:-1] == [str(python), "-P", "-m", "addin.cli", "build", "excel", "-o"]
    assert files(machine) == {
        "user/Roaming/Microsoft/Excel/XLSTART/kaohe.xlam",
        "user/.kaohe",
        "user/.kaohe/kaohe.conf",
    }
    assert machine.windows.addin.read_bytes() == b"new"
    settings = (machine.folder / "user/.kaohe/kaohe.conf").read_bytes()
    assert settings == f'"INTERPRETER_WIN","{python.with_name("pythonw.exe")}"\r\n'.encode("gbk")
    assert capsys.readouterr().out == "已装入 Excel 2016 或更新的版本（64 位）：打开 Excel，选项卡中有“考核”\n"


def test_installing_again_updates(machine: Machine, capsys: Output) -> None:
    python = install(machine)
    install(machine, Build(b"newer"), python)
    assert machine.windows.addin.read_bytes() == b"newer"
    assert len(files(machine)) == 3


def test_an_unchanged_addin_is_left_alone(machine: Machine) -> None:
    python = install(machine)
    os.utime(machine.windows.addin, (1, 1))
    install(machine, python=python)
    assert machine.windows.addin.stat().st_mtime == 1


def test_the_mark_of_the_internet_is_taken_off(machine: Machine) -> None:
    machine.windows.addin.parent.mkdir(parents=True)
    mark = Path(f"{machine.windows.addin}:Zone.Identifier")
    mark.write_text("[ZoneTransfer]\nZoneId=3\n")
    install(machine)
    assert not mark.exists()


def test_an_addin_that_excel_gave_up_is_enabled_again(machine: Machine, capsys: Output) -> None:
    machine.disable_addin()
    install(machine)
    assert "Excel 曾停用考核加载项，已重新启用（共 1 项）" in capsys.readouterr().out
    (left,) = machine.registry.values(rf"{EXCEL_SETTINGS}\Resiliency\DisabledItems")
    assert left == "77B0E2", "other add-ins stay as they are"


def test_a_running_excel_has_to_be_opened_again(machine: Machine, capsys: Output) -> None:
    machine.processes = RUNNING
    install(machine)
    assert "Excel 正在运行，关闭它的全部窗口再打开" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("running", "told"), [(RUNNING, "Excel 正在运行，不能写入"), ("", "文件正被使用，或没有写入权限，不能写入")]
)
def test_an_addin_in_use_stays_as_it_was(
    machine: Machine, capsys: Output, monkeypatch: pytest.MonkeyPatch, running: str, told: str
) -> None:
    python = install(machine)
    capsys.readouterr()
    machine.processes = running

    def refuse(source: str, target: Path) -> None:
        raise PermissionError(13, "Permission denied", source, None, str(target))

    monkeypatch.setattr(os, "replace", refuse)
    install(machine, Build(b"newer"), python)
    shown = capsys.readouterr().out
    assert shown.startswith(f"提示：没有装入 Excel：{told} {machine.windows.addin}")
    assert "请关闭 Excel 的全部窗口" in shown and "再运行 python install.py" in shown
    assert machine.windows.addin.read_bytes() == b"new"
    assert len(files(machine)) == 3, "nothing unfinished is left where Excel would open it"


def test_a_full_disk_is_told(machine: Machine, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, content: bytes, beside: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(installation, "write", fail)
    install(machine)
    assert "（磁盘已满）。请检查磁盘空间" in capsys.readouterr().out


def test_a_locked_registry_is_told(machine: Machine, capsys: Output) -> None:
    machine.disable_addin()
    machine.registry.is_locked = True
    install(machine)
    assert "不能写入 注册表" in capsys.readouterr().out


def test_a_path_that_vba_cannot_read_is_told_with_advice(machine: Machine, capsys: Output) -> None:
    machine.encoding = "cp1252"
    python = machine.folder / "考核" / ".venv" / "Scripts" / "python.exe"
    install(machine, python=python)
    assert "提示：没有装入 Excel：Excel 无法使用路径" in capsys.readouterr().out
    assert not machine.windows.addin.exists()


def test_a_file_is_written_at_once_or_not_at_all(tmp_path: Path) -> None:
    write(tmp_path / "new" / "a.txt", b"1", tmp_path)
    assert (tmp_path / "new" / "a.txt").read_bytes() == b"1"
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        write(tmp_path / "folder", b"1", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "new"]


def test_what_keeps_the_addin_from_working_is_told_at_once(machine: Machine, capsys: Output) -> None:
    machine.registry.set(rf"{POLICY}\Excel\Security", "DisableAllAddins", 1)
    machine.registry.set(rf"{POLICY}\Excel\Security", "BlockContentExecutionFromInternet", 1)
    install(machine)
    shown = capsys.readouterr().out
    assert "提示：组策略“禁用所有应用程序加载项（Disable all application add-ins）”" in shown
    assert "DisableAllAddins = 1" in shown and "请管理员把这条策略改为未配置" in shown
    assert "BlockContent" not in shown, "what does no harm is left to kaohe doctor"


# --- where there is nothing to install into


def test_without_excel_it_is_said_what_works_in_wps(tmp_path: Path, capsys: Output) -> None:
    machine = Machine(tmp_path)
    machine.registry.set(r"HKCU\Software\Kingsoft\Office\6.0\Common", "InstallRoot", r"C:\Kingsoft")
    build = Build()
    install(machine, build)
    shown = capsys.readouterr().out
    assert shown.startswith("提示：这台电脑上是 WPS，没有 Excel。WPS 表格里能做的：打开、填写和打印")
    assert "不能做的：在单元格里计算 KAOHE_ 函数" in shown and "用 kaohe calc 计算工作簿" in shown
    assert build.calls == [] and files(machine) == set()


def test_without_any_spreadsheet_program_nothing_is_installed(tmp_path: Path, capsys: Output) -> None:
    install(Machine(tmp_path))
    assert capsys.readouterr().out.startswith("提示：没有找到 Excel。")


def test_an_excel_that_is_too_old_is_refused(tmp_path: Path, capsys: Output) -> None:
    machine = Machine(tmp_path)
    machine.install_excel("12.0", 32)
    install(machine)
    assert "提示：只找到 Excel 2007（32 位），加载项需要 Excel 2013 或更新的版本" in capsys.readouterr().out
    assert files(machine) == set()


def test_python_from_the_store_cannot_reach_excel(machine: Machine, capsys: Output) -> None:
    machine.python_home = r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_3.12.1264.0_x64"
    install(machine)
    assert "这个 Python 来自 Microsoft Store" in capsys.readouterr().out
    assert files(machine) == set()


def test_on_a_mac_it_is_said_what_works(capsys: Output) -> None:
    add_to_excel(Path("python"), Build(), "darwin")
    assert "能用的是命令行" in capsys.readouterr().out
    assert remove_from_excel("darwin")


def test_on_linux_excel_is_not_mentioned(capsys: Output) -> None:
    add_to_excel(Path("python"), Build(), "linux")
    assert remove_from_excel("linux")
    assert capsys.readouterr().out == ""


# --- removing


def test_removing_deletes_what_was_installed_and_nothing_else(machine: Machine, capsys: Output) -> None:
    install(machine)
    (machine.windows.addin.parent / "PERSONAL.XLSB").touch()
    machine.disable_addin()
    assert remove_from_excel("win32", machine.windows)
    assert files(machine) == {"user/Roaming/Microsoft/Excel/XLSTART/PERSONAL.XLSB"}
    assert capsys.readouterr().out.endswith("已从 Excel 移除\n")
    assert remove_from_excel("win32", machine.windows)
    assert capsys.readouterr().out == "", "there is nothing left to remove"


def test_other_things_in_the_folder_of_the_configuration_stay(machine: Machine) -> None:
    install(machine)
    (machine.folder / "user/.kaohe/notes.txt").touch()
    assert remove_from_excel("win32", machine.windows)
    assert files(machine) == {"user/.kaohe", "user/.kaohe/notes.txt"}


@pytest.mark.parametrize(("running", "told"), [(RUNNING, "Excel 正在运行"), ("", "不能删除")])
def test_an_addin_in_use_cannot_be_removed(
    machine: Machine, capsys: Output, monkeypatch: pytest.MonkeyPatch, running: str, told: str
) -> None:
    install(machine)
    machine.processes = running

    def refuse(path: Path, missing_ok: bool) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "unlink", refuse)
    assert not remove_from_excel("win32", machine.windows)
    assert f"没有从 Excel 移除：{told}" in capsys.readouterr().out


def test_installing_needs_only_the_standard_library() -> None:
    code = (
        "import sys; from addin.excel import installation; own = {'addin', '__main__'}; "
        "print(*{name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names) - own)"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert [name for name in done.stdout.split() if not name.startswith("_")] == []
