"""install.py, step by step, with stand-ins for pip and venv; test_smoke.py runs it for real."""

from __future__ import annotations

import ast
import io
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from addin.portable.userfolder import user_folder
from addin.setup import installer
from addin.setup.installer import InstallError, Places
from tests.support import PROJECT


class Programs:
    """Stands in for the programs that the installer runs: notes the calls, fails or answers as told."""

    def __init__(self, failing: str = "", output: str = "") -> None:
        self.calls: list[str] = []
        self._failing, self._output = failing, output

    def __call__(self, command: Sequence[str | Path], told: str) -> str:
        call = " ".join(str(part) for part in command)
        self.calls.append(call)
        if self._failing and self._failing in call:
            raise InstallError(f"{told}失败")
        return self._output


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return installer.choose_places(tmp_path, tmp_path / "own")


def read_only(*folders: Path) -> Callable[[Path], bool]:
    return lambda folder: folder not in folders


def test_the_environment_stands_beside_install_py(tmp_path: Path) -> None:
    places = installer.choose_places(tmp_path, tmp_path / "own")
    assert places.environment == tmp_path / ".venv"
    assert places.results == tmp_path and places.is_editable


def test_a_read_only_folder_installs_among_the_users_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project, own = tmp_path / "project", tmp_path / "own"
    places = installer.choose_places(project, own, read_only(project))
    assert places.environment == own / "venv"
    assert places.results == own and not places.is_editable
    installer.make_environment(places, Programs())
    assert f"文件夹 {project} 是只读的，改为安装在 {own}" in capsys.readouterr().out


def test_nowhere_to_write_is_told(tmp_path: Path) -> None:
    project, own = tmp_path / "project", tmp_path / "own"
    with pytest.raises(InstallError, match="都不可写；请把整个程序文件夹复制到有写入权限的地方"):
        installer.choose_places(project, own, read_only(project, own))
    (tmp_path / "file").touch()
    with pytest.raises(InstallError, match=r"无法建立（(文件夹不存在|已存在同名的文件或文件夹)）；请把整个程序文件夹"):
        installer.choose_places(project, tmp_path / "file" / "own", read_only(project))


def test_only_trying_tells_whether_a_folder_is_writable(tmp_path: Path) -> None:
    assert installer.is_writable(tmp_path)
    assert not installer.is_writable(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_settings_stand_where_the_system_wants_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    variable = "LOCALAPPDATA" if os.name == "nt" else "XDG_DATA_HOME"
    monkeypatch.setenv(variable, str(tmp_path))
    assert user_folder() == tmp_path / "kaohe"
    monkeypatch.delenv(variable)
    assert user_folder().is_relative_to(Path.home())


def test_a_user_whom_the_system_does_not_know_has_a_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(Path, "home", unknown)
    assert user_folder().parts[0] == os.sep


def test_the_environment_is_made_once(places: Places) -> None:
    programs = Programs()
    installer.make_environment(places, programs)
    assert programs.calls == [f"{sys.executable} -m venv --clear {places.environment}"]
    places.python.parent.mkdir(parents=True)
    places.python.touch()
    again = Programs()
    installer.make_environment(places, again)
    assert again.calls == [f"{places.python} -m pip --version"]


def test_an_environment_that_does_not_work_is_made_anew(places: Places) -> None:
    places.python.parent.mkdir(parents=True)
    places.python.touch()
    programs = Programs(failing="pip --version")
    installer.make_environment(places, programs)
    assert programs.calls[-1] == f"{sys.executable} -m venv --clear {places.environment}"


def test_a_full_disk_is_told_beforehand(places: Places) -> None:
    with pytest.raises(InstallError, match=r"磁盘空间不足：.* 只剩 30 MB，需要约 700 MB"):
        installer.make_environment(places, Programs(), free=lambda folder: 30 << 20)
    programs = Programs()
    for free in (installer.NEEDED_BYTES, installer.NEEDED_BYTES - 1):
        with suppress(InstallError):
            installer.make_environment(places, programs, free=lambda folder, free=free: free)  # type: ignore[misc]
    assert len(programs.calls) == 1
    assert installer.free_bytes(places.project) > 0


def test_the_project_is_installed_as_it_stands(places: Places) -> None:
    programs = Programs()
    installer.install_project(places, "test", run=programs)
    pip = f"{places.python} -m pip install --disable-pip-version-check"
    assert programs.calls == [f"{pip} --editable {places.project}[test]"]


def test_offline_only_the_wheels_are_used(places: Places, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    with pytest.raises(InstallError, match="中没有安装包"):
        installer.install_project(places, wheels=wheels, run=Programs())
    (wheels / "lxml-5.0-py3-none-any.whl").touch()
    programs = Programs()
    installer.install_project(places, wheels=wheels, run=programs)
    assert f"--no-index --find-links {wheels}" in programs.calls[0]


def test_excel_alone_suffers_where_xlwings_cannot_be_installed(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = Programs()
    assert installer.install_for_excel(places, run=programs, system="linux") and not programs.calls
    assert installer.install_for_excel(places, run=programs, system="win32")
    assert programs.calls[0].endswith(f"{places.project}[excel]")

    def quarantined(command: Sequence[str | Path], told: str) -> str:
        raise installer.InstallError("安装失败。[WinError 225] 文件包含病毒")

    assert not installer.install_for_excel(places, run=quarantined, system="win32")
    told = capsys.readouterr().out
    assert "没有装入 Excel" in told and "命令行、LibreOffice 和工作簿都能用" in told and "WinError 225" in told


def test_a_read_only_project_is_built_from_a_copy(tmp_path: Path) -> None:
    places = installer.choose_places(PROJECT, tmp_path, read_only(PROJECT))
    copied: list[str] = []

    def pip(command: Sequence[str | Path], told: str) -> str:
        assert "--upgrade" in command
        copied.extend(path.name for path in Path(command[-1]).iterdir())
        return ""

    installer.install_project(places, run=pip)
    assert sorted(copied) == sorted(installer.PACKAGED)


def test_the_interpreter_is_noted_for_the_add_ins(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    installer.record(places)
    noted = json.loads((places.settings / "kaohe.json").read_text(encoding="utf-8"))
    assert noted == {"python": str(places.python), "project": str(places.project)}
    (places.project / "file").touch()
    installer.record(Places(places.project, places.environment, places.results, places.project / "file"))
    assert "不影响使用" in capsys.readouterr().out


def test_the_sample_is_computed_and_shown_as_a_table(places: Places) -> None:
    person = {"姓名": "林海涛", "绩效考核得分": 103.2, "名次": 2, "等次": "合格", "实发绩效": 3000, "满意度": 0.96}
    programs = Programs(output=json.dumps({"人员": [person], "汇总": {"参加人数": 1, "实发合计": 3000}}))
    path, table = installer.compute_sample(places, programs)
    assert path.parent == places.results and path.suffix == ".xlsx"
    assert [call.split()[4] for call in programs.calls] == ["new", "show"] and "--force" in programs.calls[0]
    assert table.splitlines() == [
        "姓名    绩效考核得分  名次  等次  实发绩效",
        "林海涛  103.2         2     合格  3000",
        "",
        "汇总：参加人数 1，实发合计 3000",
    ]


@pytest.mark.parametrize(("folder", "quote"), [("文-件.1", ""), ("我的 文件", '"'), ("文件(1)", '"')])
def test_the_whole_runs_in_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], places: Places, folder: str, quote: str
) -> None:
    """The command can be copied, whatever its path."""
    places = replace(places, environment=Path("/") / folder / ".venv")
    steps: list[str] = []
    monkeypatch.setattr(installer, "choose_places", lambda: places)
    names = ["make_environment", "install_project", "record", "add_to_libreoffice", "install_for_excel", "add_to_excel"]
    for name in names:
        monkeypatch.setattr(installer, name, lambda *given, name=name, **named: not steps.append(name))
    monkeypatch.setattr(installer, "compute_sample", lambda places: (places.results / "a.xlsx", "表"))
    assert installer.main([]) == 0
    assert steps == names
    assert capsys.readouterr().out.endswith(
        f"表\n\n安装完成。请打开示例工作簿：\n  {places.results / 'a.xlsx'}\n命令行：\n  {quote}{places.kaohe}{quote} --help\n"
    )


def test_the_folder_of_wheels_is_told_by_its_whole_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """pip may run in another folder."""
    given: list[Path | None] = []
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wheels").mkdir()
    monkeypatch.setattr(installer, "install", lambda wheels: given.append(wheels) or 0)
    assert installer.main(["--wheels", "wheels"]) == 0 and given == [tmp_path / "wheels"]


@pytest.mark.parametrize("is_read_only", [False, True])
def test_test_runs_pytest_with_what_follows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_read_only: bool
) -> None:
    own = tmp_path / "own"
    places = installer.choose_places(tmp_path, own, read_only(*[tmp_path] * is_read_only))
    commands: list[list[str]] = []

    def pytest_program(command: list[str], cwd: Path, check: bool) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 5)

    monkeypatch.setattr(installer, "choose_places", lambda: places)
    monkeypatch.setattr(installer, "make_environment", lambda places: None)
    monkeypatch.setattr(installer, "install_project", lambda places, extra, wheels: None)
    monkeypatch.setattr(subprocess, "run", pytest_program)
    assert installer.main(["test", "tests/test_cli.py", "-n", "2", "-k", "a or b"]) == 5
    cache = ["-p", "no:cacheprovider"] if is_read_only else []
    assert commands == [[str(places.python), "-m", "pytest", *cache, "tests/test_cli.py", "-n", "2", "-k", "a or b"]]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["tset"], "没有 tset；可用的：test"),
        (["--fast"], "不认识的参数 --fast"),
        (["--wheels", "none"], "找不到文件夹 none"),
    ],
)
def test_a_wrong_command_line_is_told(capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    with pytest.raises(SystemExit) as end:
        installer.main(arguments)
    assert end.value.code == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (InstallError("安装失败。无法连接网络"), "没有完成：安装失败。无法连接网络"),
        (OSError(28, "No space left on device"), "没有完成：磁盘空间不足"),
        (KeyboardInterrupt(), "已中断"),
    ],
)
def test_what_stops_the_installation_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, told: str
) -> None:
    def fail() -> Places:
        raise error

    monkeypatch.setattr(installer, "choose_places", fail)
    assert installer.main([]) == 2
    assert told in capsys.readouterr().err


def test_a_program_that_fails_says_what_to_do(tmp_path: Path) -> None:
    assert installer.run([sys.executable, "-c", "print('甲')"], "试运行") == "甲\n"
    with pytest.raises(InstallError, match="试运行失败。磁盘空间不足"):
        installer.run([sys.executable, "-c", "raise SystemExit('No space left on device')"], "试运行")
    with pytest.raises(InstallError, match="试运行失败。"):
        installer.run([tmp_path / "no-such-program"], "试运行")


def test_a_program_that_hangs_is_stopped_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer, "LONGEST", 0.1)
    with pytest.raises(InstallError, match="试运行失败。过了 0 分钟还没有做完，已停止；多半是网络太慢"):
        installer.run([sys.executable, "-c", "import time; time.sleep(60)"], "试运行")


def test_install_py_can_be_read_by_old_pythons() -> None:
    """Nothing in it that Python 2 could not read: no f-strings, no annotations, no star-only or named expressions."""
    tree = ast.parse((PROJECT / "install.py").read_text(encoding="utf-8"))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.Match, ast.Starred, ast.Nonlocal)
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert not [f for f in functions if f.returns or f.args.kwonlyargs or any(a.annotation for a in f.args.args)]
    # Else what is told in Chinese is bytes there, and not encoded but refused.
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    assert [name.name for node in imports for name in node.names] == ["unicode_literals"]


@pytest.mark.parametrize("isolated", ["-I", "-P"])
def test_isolated_python_finds_the_modules_beside_install_py(isolated: str, tmp_path: Path) -> None:
    command = [sys.executable, isolated, str(PROJECT / "install.py"), "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0 and b"--wheels" in done.stdout


def test_an_old_python_is_told_that_it_is_too_old() -> None:
    code = (
        "import sys, runpy; sys.version_info = (3, 8, 18); sys.version = '3.8.18 (main)'; "
        "runpy.run_path('install.py', run_name='__main__')"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("KAOHE 需要 Python 3.11 或更新的版本，当前是 3.8.18。")
    assert "KAOHE needs Python 3.11 or newer; this is 3.8.18." in done.stderr


def test_it_is_told_too_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", io.StringIO())  # Of no encoding.
    told = runpy.run_path(str(PROJECT / "install.py"))["complain"]("3.8.18")
    assert told.decode().startswith("KAOHE 需要 Python 3.11 或更新的版本，当前是 3.8.18。")


def test_the_installer_needs_only_the_standard_library() -> None:
    code = (
        "import sys; from addin.cli import arguments; from addin.setup import installer; from addin.shared import texts; "
        "own = {'addin', 'udfs', '__main__'}; "
        "print(*{name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names) - own)"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert [name for name in done.stdout.split() if not name.startswith("_")] == []
