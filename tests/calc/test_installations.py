"""Finding LibreOffice, adding the extension to it, and what doctor says."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest

from addin.calc import diagnosis
from addin.calc.component.identity import IDENTIFIER
from addin.portable.userfolder import SETTINGS
from addin.setup import installer
from addin.setup.installer import Places
from addin.shared import libreoffice
from addin.shared.diagnosis import State
from addin.shared.libreoffice import WINDOWS_KEYS, ExtensionError, Installation, find
from tests.calc.office import Office
from tests.calc.support import plain
from tests.excel.windows import Registry
from tests.support import path_for_libreoffice


def program(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch()
        (folder / name).chmod(0o755)
    return folder


def test_windows_folders_are_searched(tmp_path: Path) -> None:
    old = program(tmp_path / "Program Files (x86)" / "LibreOffice 5" / "program", "unopkg.com")
    new = program(tmp_path / "Program Files" / "LibreOffice" / "program", "unopkg.com")
    folders = {
        "ProgramFiles": str(tmp_path / "Program Files"),
        "ProgramFiles(x86)": str(tmp_path / "Program Files (x86)"),
    }
    assert [i.programs for i in find(folders, "win32")] == [new, old]


def test_a_folder_that_the_user_has_chosen_is_found_in_the_registry(tmp_path: Path) -> None:
    chosen = program(tmp_path / "D" / "办公" / "program", "unopkg.com")
    usual = program(tmp_path / "C" / "LibreOffice" / "program", "unopkg.com")
    registry = Registry()
    registry.set(WINDOWS_KEYS[1], "", str(chosen))
    registry.set(WINDOWS_KEYS[2], "", str(tmp_path / "移走了"))
    found = find({"ProgramFiles": str(tmp_path / "C")}, "win32", registry)
    assert [each.programs for each in found] == [chosen, usual]


def test_folders_that_are_given_are_not_those_of_this_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = program(tmp_path / "program", "unopkg.com")
    monkeypatch.setattr(libreoffice, "os", SimpleNamespace(name="nt", environ=os.environ))
    registry = Registry()
    registry.set(WINDOWS_KEYS[0], "", str(chosen))
    monkeypatch.setattr(libreoffice, "WindowsRegistry", lambda: registry)
    assert find({}, "win32") == []
    assert Installation(chosen) in find(os.environ, "win32")


def test_mac_applications_are_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "MAC_FOLDERS", (str(tmp_path),))
    programs = program(tmp_path / "LibreOffice.app" / "Contents" / "MacOS", "unopkg", "soffice")
    python = program(tmp_path / "LibreOffice.app" / "Contents" / "Resources", "python") / "python"
    [found] = find({}, "darwin")
    assert found.programs == programs and found.python is not None and found.python.samefile(python)


def test_linux_folders_are_searched_and_the_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "LINUX_FOLDERS", (str(tmp_path / "opt"),))
    other = program(tmp_path / "opt" / "libreoffice7.6" / "program", "unopkg", "soffice")
    first = program(tmp_path / "usr" / "lib" / "libreoffice" / "program", "unopkg", "soffice")
    link = tmp_path / "bin"
    link.mkdir()
    (link / "soffice").symlink_to(first / "soffice")
    assert [i.programs for i in find({"PATH": str(link)}, "linux")] == [first, other]
    assert find({"PATH": ""}, "linux") == [Installation(other)]


def test_a_folder_without_the_program_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "LINUX_FOLDERS", (str(tmp_path),))
    program(tmp_path / "libreoffice7" / "program", "soffice")
    assert find({"PATH": ""}, "linux") == []


class Program(Installation):
    """Stands in for a LibreOffice: notes what is done, fails if told to."""

    done: list[str]
    failing: str
    installed: str | None
    shared: str | None

    def __new__(
        cls, folder: Path, failing: str = "", installed: str | None = None, shared: str | None = None
    ) -> Program:
        self = super().__new__(cls)
        object.__setattr__(self, "done", [])
        object.__setattr__(self, "failing", failing)
        object.__setattr__(self, "installed", installed)
        object.__setattr__(self, "shared", shared)
        return self

    def __init__(
        self, folder: Path, failing: str = "", installed: str | None = None, shared: str | None = None
    ) -> None:
        super().__init__(folder)

    def _run(self, verb: str, *arguments: str, profile: Path | None) -> str:
        if self.failing:
            raise ExtensionError(self.failing)
        if "--shared" in arguments:
            return f"Identifier: cn.kaohe.calc\n  Version: {self.shared}\n" if self.shared else "nothing"
        self.done.append(verb)
        listed = f"Identifier: cn.kaohe.calc\n  Version: {self.installed}\n" if self.installed else "nothing"
        return listed if verb == "list" else ""


@pytest.mark.skipif(os.name == "nt", reason="a script stands in for the program")
def test_a_program_that_hangs_or_cannot_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Installation(program(tmp_path / "program", "unopkg"))
    found.unopkg.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    monkeypatch.setattr(libreoffice, "_SECONDS", 0.1)
    with pytest.raises(ExtensionError, match="unopkg 过了 0 秒还没有做完，已停止"):
        found.remove(IDENTIFIER)
    monkeypatch.setattr(libreoffice, "_SECONDS", 60)
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    found.unopkg.write_text('#!/bin/sh\necho "$@ [$PYTHONPATH]"\nexit 3\n', encoding="utf-8")
    with pytest.raises(ExtensionError, match=r"add 失败：add .*--force --suppress-license a[.]oxt \[\]$"):
        found.add(Path("a.oxt"))
    found.unopkg.write_text("#!/bin/sh\necho\necho ERROR: it is already running >&2\nexit 1\n", encoding="utf-8")
    with pytest.raises(ExtensionError, match=r"^LibreOffice 正在运行；请关闭它的全部窗口（包括快速启动），再重试$"):
        found.remove(IDENTIFIER)
    left = "If this does not apply, delete the lock file at:\n/home/a b/.config/libreoffice/4/.lock"
    found.unopkg.write_text(f"#!/bin/sh\ncat >&2 <<'END'\nERROR: unopkg cannot be started. {left}\nEND\nexit 1\n")
    with pytest.raises(ExtensionError, match=r"没有正常退出，请删除 /home/a b/[.]config/libreoffice/4/[.]lock$"):
        found.remove(IDENTIFIER)
    found.unopkg.unlink()
    with pytest.raises(ExtensionError, match=r"^无法运行 .*unopkg：文件或文件夹不存在$"):
        found.remove(IDENTIFIER)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return installer.choose_places(tmp_path, tmp_path / "own")


def test_installing_adds_the_extension_to_every_libreoffice(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    calls: list[str] = []

    def run(command: Sequence[str | Path], told: str) -> str:
        calls.append(" ".join(map(str, command[:6])))
        return ""

    first, second = Program(places.project / "a"), Program(places.project / "b", failing="LibreOffice 正在运行")
    installer.add_to_libreoffice(places, run, [first, second])
    assert calls == [f"{places.python} -P -m addin.cli build calc"]
    assert first.done == ["add"]
    printed = capsys.readouterr().out
    assert f"已装入 LibreOffice（{first.programs}）" in printed
    assert f"提示：没有装入 LibreOffice（{second.programs}）：LibreOffice 正在运行" in printed


def test_what_an_administrator_has_added_for_all_users_is_left_and_told(
    places: Places, noted: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user's own beside it ends half registered ("An error occurred while enabling"), and ``list`` shows his own only."""
    monkeypatch.setattr(libreoffice, "_is_root", lambda: False)
    programs = program(places.project / "a", "unopkg", "libpythonloaderlo.so")
    found = Program(programs, shared=version("kaohe"))
    installer.add_to_libreoffice(places, lambda *_: "", [found])
    assert found.done == []
    assert capsys.readouterr().out == (
        f"提示：没有装入 LibreOffice（{programs}）：管理员已给所有用户装了扩展，别人不能改，照常可用；要更新，请他运行 python install.py\n"
    )
    assert f"的扩展 {version('kaohe')}" in told(found)
    assert installer.remove(places, [found]) == installer.FAILED
    assert "请他运行 python install.py remove" in capsys.readouterr().err
    both = Program(programs, installed="0.0.9", shared="0.0.9")
    assert installer.remove(places, [both]) == installer.FAILED
    assert both.done == ["list", "remove"]
    monkeypatch.setattr(libreoffice, "_is_root", lambda: True)
    assert installer.remove(places, [found]) == 0


def test_without_libreoffice_nothing_is_built(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    def run(command: Sequence[str | Path], told: str) -> str:
        raise AssertionError(command)

    installer.add_to_libreoffice(places, run, [])
    assert "没有找到 LibreOffice" in capsys.readouterr().out


def test_removing_takes_the_extension_out(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    installer.record(places)
    (places.settings / "cache").mkdir()
    there, not_there = Program(places.project / "a", installed="0.1.0"), Program(places.project / "b")
    assert installer.remove(places, [there, not_there]) == 0
    assert there.done == ["list", "remove"] and not_there.done == ["list"]
    assert not (places.settings / SETTINGS).exists() and not (places.settings / "cache").exists()
    assert installer.remove(places, [Program(places.project, failing="坏了")]) == installer.FAILED
    told = capsys.readouterr()
    assert "没有从 LibreOffice" in told.err and "没有全部移除" in told.err and told.out.count("已移除。") == 1
    assert f"删除文件夹 {places.project} 即可" in told.out
    elsewhere = replace(places, environment=places.settings / "venv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(installer, "remove_from_excel", lambda: False)
        assert installer.remove(elsewhere, []) == installer.FAILED
    assert "没有全部移除" in capsys.readouterr().err
    assert installer.remove(elsewhere, []) == 0
    assert f"删除文件夹 {places.project} 和 {places.settings / 'venv'} 即可" in capsys.readouterr().out


@pytest.fixture(autouse=True)
def system_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", path_for_libreoffice(os.environ["PATH"]))


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The record of the installation, with this interpreter."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    path = tmp_path / "kaohe" / SETTINGS
    path.parent.mkdir()
    path.write_text(json.dumps({"python": sys.executable}), encoding="utf-8")
    return path


def told(*found: Installation) -> str:
    return "\n".join(map(str, diagnosis.examine(found)))


def test_a_good_installation_has_nothing_bad(tmp_path: Path, noted: Path) -> None:
    programs = program(tmp_path / "program", "unopkg", "libpythonloaderlo.so")
    found = list(diagnosis.examine([Program(programs, installed=version("kaohe"))]))
    assert {finding.state for finding in found} == {State.GOOD}, told(Program(programs))


def test_every_symptom_has_its_remedy(tmp_path: Path, noted: Path) -> None:
    programs = program(tmp_path / "program", "unopkg")
    assert "没有装扩展：公式显示 #NAME?" in told(Program(programs))
    assert f"的扩展是 0.0.9，应为 {version('kaohe')}" in told(Program(programs, installed="0.0.9"))
    assert "sudo apt install python3-uno" in told(Program(programs))
    assert "关闭 LibreOffice 后重试" in told(Program(programs, failing="LibreOffice 正在运行"))
    assert "没有找到 LibreOffice" in told()
    noted.write_text(json.dumps({"python": str(tmp_path / "gone")}), encoding="utf-8")
    assert "KAOHE 的 Python 环境不在了" in told(Program(programs))
    noted.write_text("{", encoding="utf-8")
    assert "无法读取" in told(Program(programs))
    noted.unlink()
    assert "没有找到 KAOHE 的安装记录" in told(Program(programs))
    assert all(f.remedy for f in diagnosis.examine([Program(programs)]) if f.state is State.BAD)


def test_an_old_python_of_libreoffice_is_told(tmp_path: Path, noted: Path) -> None:
    programs = program(tmp_path / "program", "unopkg", "libpythonloaderlo.so", "python")
    (programs / "python").write_text("#!/bin/sh\necho 3 5\n", encoding="ascii")
    assert "自带的 Python：3.5，需要 3.8" in told(Program(programs))
    (programs / "python").write_text("#!/bin/sh\necho 3 10\n", encoding="ascii")
    assert "自带 Python 3.10" in told(Program(programs))
    for other in ("#!/bin/sh\necho 3 x\n", "#!/bin/sh\nexit 1\n", "#!/none\n"):
        (programs / "python").write_text(other, encoding="ascii")
        assert "自带的 Python：不能运行，需要 3.8" in told(Program(programs))


def test_another_python_on_the_path_is_told(tmp_path: Path, noted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = program(tmp_path / "program", "unopkg", "libpythonloaderlo.so")
    other = program(tmp_path / "conda", "python3")
    monkeypatch.setenv("PATH", str(other))
    assert f"PATH 中排在最前的 Python 是 {other / 'python3'}" in told(Program(programs))


@pytest.mark.slow
def test_added_updated_and_removed_for_real(soffice: str, extension: Path, tmp_path: Path) -> None:
    installation, profile = find()[0], tmp_path / "profile"
    assert installation.version(IDENTIFIER, profile) is None
    installation.add(extension, profile)
    assert installation.version(IDENTIFIER, profile) == version("kaohe")
    installation.add(extension, profile)
    installation.remove(IDENTIFIER, profile)
    assert installation.version(IDENTIFIER, profile) is None
    with pytest.raises(ExtensionError):
        installation.add(tmp_path / "none.oxt", profile)


@pytest.mark.slow
def test_libreoffice_starts_and_ends_five_times(soffice: str, extension: Path, tmp_path: Path) -> None:
    """With the extension at work each time, and without a hang."""
    path = plain(tmp_path / "a.xlsx", [1.005, "=KAOHE_ROUND(A1)"])
    codes = []
    for cycle in range(5):
        office = Office(tmp_path / str(cycle), extension)
        document = office.open(path)
        assert office.values(document, "B1") == [[1.01]]
        office.close(document)
        codes.append(office.end())
    assert codes == [0] * 5
