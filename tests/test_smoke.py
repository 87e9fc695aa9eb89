"""The first of the README's two commands for real, in a copy of the project, and the command line in what it has made.

That environment holds the run-time dependencies only, so a module that needs more fails here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import PERSON, PROJECT, SLUG, data

pytestmark = pytest.mark.slow
PROGRAMS = "Scripts" if os.name == "nt" else "bin"
Program = Callable[..., "subprocess.CompletedProcess[str]"]


def call(command: list[str], folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_DATA_HOME": str(home), "LOCALAPPDATA": str(home), "PYTHONUTF8": "1"}
    # A LibreOffice of this machine is left as it is: the extension goes into a profile of its own.
    profile = (home / "libreoffice").as_uri()
    environment |= {"UserInstallation": profile, "UNO_SHARED_PACKAGES_CACHE": f"{profile}/shared"}
    # The tests' own settings (coverage of child processes) must not reach into the other environment.
    environment = {name: value for name, value in environment.items() if not name.startswith(("COV_", "PYTEST_"))}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a Chinese name and a space in it where install.py was run, and what that printed."""
    folder = tmp_path_factory.mktemp("smoke")
    project = folder / "年度 考核"
    left_out = shutil.ignore_patterns(
        ".git", ".venv", "tests", "build", "*.egg-info", "__pycache__", ".*_cache", "*.xlsx"
    )
    shutil.copytree(PROJECT, project, ignore=left_out)
    done = call([sys.executable, "install.py"], project, folder / "home")
    assert done.returncode == 0, done.stdout + done.stderr
    return project, done.stdout


def test_install_py_shows_a_first_result(installed: tuple[Path, str]) -> None:
    project, printed = installed
    assert "林海涛  103.2 " in printed and "汇总：参加人数 11，" in printed
    workbook = next(line.strip() for line in printed.splitlines() if line.endswith(".xlsx"))
    assert Path(workbook).parent == project and Path(workbook).stat().st_size > 10_000


def test_the_interpreter_is_noted_for_the_add_ins(installed: tuple[Path, str]) -> None:
    project, _ = installed
    noted = json.loads((project.parent / "home" / "kaohe" / "kaohe.json").read_text(encoding="utf-8"))
    assert Path(noted["python"]).parent == project / ".venv" / PROGRAMS


def test_only_what_running_needs_is_installed(installed: tuple[Path, str]) -> None:
    project, _ = installed
    python = project / ".venv" / PROGRAMS / "python"
    done = call([str(python), "-m", "pip", "list", "--format=json"], project, project.parent)
    names = {package["name"].lower() for package in json.loads(done.stdout)}
    assert {"kaohe", "pandas", "openpyxl", "xlsxwriter"} <= names
    assert names.isdisjoint({"pytest", "hypothesis", "mypy", "ruff", "openxml-audit", "formulas"})


def test_every_command_runs(installed: tuple[Path, str], tmp_path: Path) -> None:
    project, _ = installed
    program = str(project / ".venv" / PROGRAMS / "kaohe")

    def kaohe(*arguments: str) -> str:
        done = call([program, *arguments], tmp_path, tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        return done.stdout

    assert SLUG in kaohe("list")
    assert "KAOHE_SCORE" in kaohe("functions")
    assert "固化数值" in kaohe("run")
    assert kaohe("build", "calc") == "已生成 kaohe.oxt\n"
    refused = call([program, "build", "excel"], tmp_path, tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "") and "没有安装 xlwings" in refused.stderr
    assert kaohe("new", SLUG, "-o", "考核.xlsx", "--data", str(data(tmp_path, PERSON))) == "已新建 考核.xlsx\n"
    assert kaohe("calc", "考核.xlsx").startswith("已计算 ")
    assert "全部通过校验" in kaohe("check", "考核.xlsx")
    assert "已新建" in kaohe("run", "publish", "考核.xlsx")
    assert json.loads(kaohe("show", "考核.xlsx", "--json"))["人员"][0]["绩效考核得分"] == 103.2


def test_installing_again_keeps_the_environment(installed: tuple[Path, str]) -> None:
    project, _ = installed
    mark = project / ".venv" / "mark"
    mark.touch()
    done = call([sys.executable, "install.py"], project, project.parent / "home")
    assert done.returncode == 0, done.stdout + done.stderr
    assert mark.exists()
