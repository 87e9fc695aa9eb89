"""What ``install.py`` does: an environment of its own, the project inside it, a first result. Standard library only.

Every step takes the function that runs a program, so that tests can stand in for pip and venv.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from addin.calc.component.identity import IDENTIFIER
from addin.excel.installation import Runner, add_to_excel, remove_from_excel
from addin.portable.replacing import replace
from addin.portable.userfolder import SETTINGS, user_folder
from addin.shared.exits import reason
from addin.shared.failures import OFFLINE, advice
from addin.shared.kept import FOLDER
from addin.shared.libreoffice import ExtensionError, Installation, find
from addin.shared.texts import aligned, as_typed, shown

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = "health-centre-staff"
SAMPLE_FILE = "示例-乡镇卫生院工作人员绩效考核.xlsx"
SAMPLE_COLUMNS = ("姓名", "绩效考核得分", "名次", "等次", "实发绩效")
PACKAGED = ("pyproject.toml", "README.md", "LICENSE", "udfs", "workbook_templates", "addin")
"""What the installation is built from."""

NEEDED_BYTES = 700 << 20
LONGEST = 60 * 60
"""Seconds after which a program is taken to hang; pip on a slow line needs many minutes."""

FAILED = 2


class InstallError(Exception):
    """What the user can mend; the message is all that is printed."""


def run(command: Sequence[str | Path], told: str) -> str:
    """Run a program quietly and return what it printed; raises InstallError, which says what can be done about it."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONUTF8": "1"},
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired as error:
        raise InstallError(f"{told}失败。过了 {error.timeout / 60:.0f} 分钟还没有做完，已停止；{_SLOW}") from error
    except OSError as error:
        raise InstallError(f"{told}失败。{advice(str(error))}") from error
    if done.returncode:
        raise InstallError(f"{told}失败。{advice(done.stdout)}")
    return done.stdout


_SLOW = f"多半是网络太慢，或杀毒软件挡住了它。请排除以后重试，{OFFLINE}"


def is_writable(folder: Path) -> bool:
    """Whether files can be made in a folder; only trying tells (network drives, sandboxes)."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@dataclass(frozen=True)
class Places:
    """Where the parts of an installation stand."""

    project: Path
    environment: Path
    results: Path
    settings: Path

    @property
    def is_editable(self) -> bool:
        """Whether the environment stands in the project's folder and uses its files as they are."""
        return self.environment.parent == self.project

    @property
    def python(self) -> Path:
        return self._program("python")

    @property
    def kaohe(self) -> Path:
        return self._program("kaohe")

    def _program(self, name: str) -> Path:
        return self.environment / (f"Scripts/{name}.exe" if os.name == "nt" else f"bin/{name}")


def choose_places(
    project: Path = PROJECT, own: Path | None = None, writable: Callable[[Path], bool] = is_writable
) -> Places:
    """Everything in the project's folder; among the user's own files where that is read-only. Raises InstallError."""
    own = own or user_folder()
    if writable(project):
        return Places(project, project / ".venv", project, own)
    try:
        own.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InstallError(f"文件夹 {project} 是只读的，{own} 也无法建立（{reason(error)}）；{_ELSEWHERE}") from error
    if not writable(own):
        raise InstallError(f"文件夹 {project} 和 {own} 都不可写；{_ELSEWHERE}")
    return Places(project, own / "venv", own, own)


_ELSEWHERE = "请把整个程序文件夹复制到有写入权限的地方再运行"


def free_bytes(folder: Path) -> int:
    """The room that is left where a folder stands."""
    return shutil.disk_usage(folder).free


def make_environment(places: Places, run: Runner = run, free: Callable[[Path], int] = free_bytes) -> None:
    """Make the environment if it isn't there or doesn't work any more; raises InstallError."""
    if not places.is_editable:
        print(f"文件夹 {places.project} 是只读的，改为安装在 {places.environment.parent}")
    if places.python.exists():
        try:
            run([places.python, "-m", "pip", "--version"], "检查环境")
            return
        except InstallError:
            print("已有的 Python 环境不能使用，重新建立")
    left = free(places.environment.parent)
    if left < NEEDED_BYTES:
        # Asked beforehand, since venv does not tell why it failed.
        raise InstallError(
            f"磁盘空间不足：{places.environment.parent} 只剩 {left >> 20} MB，需要约 {NEEDED_BYTES >> 20} MB"
        )
    print(f"建立 Python 环境 {places.environment}")
    run([sys.executable, "-m", "venv", "--clear", places.environment], "建立 Python 环境")


def install_project(places: Places, extra: str = "", wheels: Path | None = None, run: Runner = run) -> None:
    """Install the project and what it needs, from where pip is set up to take it or from a folder of wheels only."""
    command: list[str | Path] = [places.python, "-m", "pip", "install", "--disable-pip-version-check"]
    if wheels is not None:
        if not any(wheels.glob("*.whl")):
            raise InstallError(f"文件夹 {wheels} 中没有安装包（.whl）；准备办法见 README.md 的“离线安装”")
        command += ["--no-index", "--find-links", wheels]
    what = "Excel 加载项所需的组件" if extra == "excel" else "KAOHE 和所需的组件"
    print(f"安装 {what}" + ("" if wheels else "，约需一两分钟"))
    wanted = f"[{extra}]" if extra else ""
    if places.is_editable:
        run([*command, "--editable", f"{places.project}{wanted}"], "安装")
        return
    # A build writes into its source folder, so a read-only one is copied first.
    with tempfile.TemporaryDirectory() as folder:
        copy_project(places.project, Path(folder) / "kaohe")
        # The version stays the same while the files change: pip must not take the installed one for this one.
        run([*command, "--upgrade", f"{Path(folder) / 'kaohe'}{wanted}"], "安装")


def install_for_excel(
    places: Places, wheels: Path | None = None, run: Runner = run, system: str = sys.platform
) -> bool:
    """On Windows, what the add-in for Excel needs beside; returns whether it can be put in. All else works without it."""
    if system != "win32":
        return True
    try:
        install_project(places, "excel", wheels, run)
    except InstallError as error:
        print(
            f"提示：没有装入 Excel：组件 xlwings 装不上（杀毒软件会隔离它带的文件）。命令行、LibreOffice 和工作簿都能用；"
            f"排除以后再运行 python install.py。{error}"
        )
        return False
    return True


def copy_project(project: Path, copy: Path) -> None:
    """Copy what the installation is built from, writable whatever the original is."""
    copy.mkdir()
    for name in PACKAGED:
        source = project / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, copy / name, ignore=ignored, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(source, copy / name)


def record(places: Places) -> None:
    """Remember where the environment is, for the add-ins; without it the command line works all the same."""
    where = {"python": str(places.python), "project": str(places.project)}
    try:
        places.settings.mkdir(parents=True, exist_ok=True)
        text = json.dumps(where, ensure_ascii=False, indent=1)
        replace(places.settings / SETTINGS, lambda file: file.write(text.encode()))
    except OSError as error:
        print(f"提示：无法写入 {places.settings}（{reason(error)}），不影响使用")


def compute_sample(places: Places, run: Runner = run) -> tuple[Path, str]:
    """Make and compute the sample workbook; returns its path, and its result as a table."""
    path = places.results / SAMPLE_FILE
    data = places.project / "workbook_templates" / "samples" / f"{SAMPLE}.json"
    # -P: what stands in the folder that the user happens to be in must not be taken for the installed package.
    kaohe: list[str | Path] = [places.python, "-P", "-m", "addin.cli"]
    run([*kaohe, "new", SAMPLE, "--data", data, "--force", "-o", path], "计算示例工作簿")
    shown = run([*kaohe, "show", path, "--json"], "读取示例工作簿")
    return path, sample_table(json.loads(shown))


def sample_table(result: dict[str, Any]) -> str:
    """The sample's people with what matters to them, and its totals."""
    people = [[shown(row[name]) for name in SAMPLE_COLUMNS] for row in result["人员"]]
    totals = [f"{name} {shown(value)}" for name, value in result["汇总"].items()]
    return "\n".join([aligned([SAMPLE_COLUMNS, *people]), "", "汇总：" + "，".join(totals)])


_FOR_ALL = "管理员已给所有用户装了扩展，别人不能改"


def add_to_libreoffice(places: Places, run: Runner = run, found: Sequence[Installation] | None = None) -> None:
    """Add the extension to every LibreOffice, or update it; without it everything else works all the same."""
    installations = find() if found is None else found
    if not installations:
        print("没有找到 LibreOffice，没有装它的扩展；以后装了 LibreOffice，再运行一次 python install.py")
        return
    with tempfile.TemporaryDirectory() as folder:
        extension = Path(folder) / "kaohe.oxt"
        run([places.python, "-P", "-m", "addin.cli", "build", "calc", "-o", extension], "生成 LibreOffice 扩展")
        for installation in installations:
            try:
                if installation.shared_version(IDENTIFIER) is not None:
                    raise ExtensionError(f"{_FOR_ALL}，照常可用；要更新，请他运行 python install.py")
                installation.add(extension)
                print(f"已装入 LibreOffice（{installation.programs}）：打开 Calc，菜单中有“考核”")
            except ExtensionError as error:
                print(f"提示：没有装入 LibreOffice（{installation.programs}）：{error}")


def remove(places: Places, found: Sequence[Installation] | None = None) -> int:
    """Take the extension out of every LibreOffice, and forget where the environment is and what was kept for speed."""
    failed = 0
    for installation in find() if found is None else found:
        try:
            if installation.version(IDENTIFIER) is not None:
                installation.remove(IDENTIFIER)
                print(f"已从 LibreOffice（{installation.programs}）移除")
            if installation.shared_version(IDENTIFIER) is not None:
                raise ExtensionError(f"{_FOR_ALL}；请他运行 python install.py remove")
        except ExtensionError as error:
            failed = FAILED
            print(f"没有从 LibreOffice（{installation.programs}）移除：{error}", file=sys.stderr)
    if not remove_from_excel():
        failed = FAILED
    (places.settings / SETTINGS).unlink(missing_ok=True)
    shutil.rmtree(places.settings / FOLDER, ignore_errors=True)
    if failed:
        print("没有全部移除；排除上面说的原因以后，再运行一次 python install.py remove", file=sys.stderr)
        return failed
    folders = str(places.project) if places.is_editable else f"{places.project} 和 {places.environment}"
    print(f"已移除。不再需要时，删除文件夹 {folders} 即可；工作簿不受影响")
    return 0


def install(wheels: Path | None) -> int:
    """Set up and show a first result."""
    places = choose_places()
    make_environment(places)
    install_project(places, wheels=wheels)
    record(places)
    add_to_libreoffice(places)
    if install_for_excel(places, wheels):
        add_to_excel(places.python, run)
    path, table = compute_sample(places)
    print(f"\n{table}\n\n安装完成。请打开示例工作簿：\n  {path}\n命令行：\n  {as_typed(places.kaohe)} --help")
    return 0


def test(wheels: Path | None, arguments: Iterable[str]) -> int:
    """Install what the tests need, and run them all."""
    places = choose_places()
    make_environment(places)
    install_project(places, "test", wheels)
    if not places.is_editable:
        arguments = ["-p", "no:cacheprovider", *arguments]
    command = [places.python, "-m", "pytest", *arguments]
    return subprocess.run([str(part) for part in command], cwd=places.project, check=False).returncode


def parse(argv: Sequence[str] | None) -> tuple[argparse.Namespace, list[str]]:
    """The command line; what follows ``test`` and isn't ours is pytest's."""
    from addin.cli.arguments import Parser

    parser = Parser(prog="install.py", description="安装 KAOHE 并计算一个示例工作簿；或运行全部测试。")
    told = "test：安装测试组件并运行全部测试；remove：从 Excel 和 LibreOffice 移除"
    parser.add_argument("command", nargs="?", choices=["test", "remove"], metavar="test | remove", help=told)
    parser.add_argument("--wheels", metavar="文件夹", type=Path, help="离线安装：只用这个文件夹中的安装包")
    arguments, rest = parser.parse_known_args(argv)
    if rest and arguments.command != "test":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if arguments.wheels is not None and not arguments.wheels.is_dir():
        parser.error(f"找不到文件夹 {arguments.wheels}")
    return arguments, rest


def main(argv: Sequence[str] | None = None) -> int:
    """Install, or test; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace", line_buffering=True)
    arguments, rest = parse(argv)
    wheels = arguments.wheels.resolve() if arguments.wheels else None
    try:
        if arguments.command == "remove":
            return remove(choose_places())
        return test(wheels, rest) if arguments.command == "test" else install(wheels)
    except InstallError as error:
        print(f"没有完成：{error}", file=sys.stderr)
    except OSError as error:
        print(f"没有完成：{advice(str(error))}", file=sys.stderr)
    except KeyboardInterrupt:
        print("已中断", file=sys.stderr)
    return FAILED
