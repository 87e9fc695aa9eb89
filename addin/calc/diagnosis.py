"""What may be wrong with KAOHE in LibreOffice, found by symptom."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from addin.calc.component.environment import CommandError, interpreter
from addin.calc.component.identity import IDENTIFIER
from addin.shared.diagnosis import Finding, bad, good, note
from addin.shared.libreoffice import ExtensionError, Installation, find

OLDEST_PYTHON = (3, 8)
INSTALL = "运行 python install.py，然后重新启动 LibreOffice"
LOADERS = (
    "libpythonloaderlo.so",
    "pythonloaderlo.dll",
    "pythonloader.uno.so",
    "pythonloader.uno.dll",
    "libpythonloaderlo.dylib",
)
SYSTEM_FOLDERS = (Path("/usr/bin"), Path("/bin"), Path("/usr/local/bin"))
_SECONDS = 60
_VERSION = "import sys; print(*sys.version_info[:2])"


def examine(installations: Sequence[Installation] | None = None) -> Iterator[Finding]:
    """Everything that keeps the functions and the menu from working in Calc."""
    found = find() if installations is None else installations
    if not found:
        yield note(
            "没有找到 LibreOffice",
            "不用 LibreOffice 可以不管，命令行（kaohe calc 等）照样能用；装在别处时，请把它的 program 文件夹加入环境变量 PATH",
        )
        return
    for installation in found:
        yield from _extension(installation)
        yield _python(installation)
    yield _environment()


def _extension(installation: Installation) -> Iterator[Finding]:
    place = installation.programs
    try:
        installed = installation.version(IDENTIFIER) or installation.shared_version(IDENTIFIER)
    except ExtensionError as error:
        yield bad(f"LibreOffice（{place}）：{error}", "关闭 LibreOffice 后重试；仍不行时重新安装 LibreOffice")
        return
    ours = version("kaohe")
    if installed is None:
        yield bad(f"LibreOffice（{place}）没有装扩展：公式显示 #NAME?，没有“考核”菜单", INSTALL)
    elif installed != ours:
        yield bad(f"LibreOffice（{place}）的扩展是 {installed}，应为 {ours}", INSTALL)
    else:
        yield good(f"LibreOffice（{place}）的扩展 {installed}")


def _python(installation: Installation) -> Finding:
    """Whether LibreOffice can run Python at all, and one that is new enough."""
    place = installation.programs
    if not any((folder / name).is_file() for folder in _libraries(place) for name in LOADERS):
        return bad(
            f"LibreOffice（{place}）不能运行 Python：公式显示 #NAME? 或 Err:508",
            "Debian、Ubuntu、统信、麒麟运行 sudo apt install python3-uno libreoffice-script-provider-python；其他系统修复安装 LibreOffice",
        )
    if installation.python is None:
        return _path() or good(f"LibreOffice（{place}）使用系统的 Python")
    numbers = _version(installation.python)
    if numbers < OLDEST_PYTHON:
        told = ".".join(map(str, numbers)) or "不能运行"
        return bad(f"LibreOffice（{place}）自带的 Python：{told}，需要 3.8 或更新", "安装 LibreOffice 7.2 或更新的版本")
    return good(f"LibreOffice（{place}）自带 Python {'.'.join(map(str, numbers))}")


def _version(python: Path) -> tuple[int, ...]:
    """Empty where it doesn't run."""
    try:
        done = subprocess.run([python, "-c", _VERSION], capture_output=True, check=True, timeout=_SECONDS)
        return tuple(map(int, done.stdout.split()))
    except (OSError, subprocess.SubprocessError, ValueError):
        return ()


def _path() -> Finding | None:
    """LibreOffice's Python takes the first one on the path for its own home, and crashes with another's modules."""
    first = shutil.which("python3")
    if first is None or Path(first).parent in SYSTEM_FOLDERS or Path(first).parent.name == "shims":
        return None
    return note(
        f"PATH 中排在最前的 Python 是 {first}：在这个终端里启动的 LibreOffice 会崩溃",
        "从桌面或应用菜单启动 LibreOffice，或在没有激活 conda、pyenv、venv 的终端里启动",
    )


def _libraries(programs: Path) -> tuple[Path, ...]:
    return (programs, programs.parent / "Frameworks", programs.parent / "PlugIns")


def _environment() -> Finding:
    """Whether the menu's commands find the environment that the installation has noted."""
    try:
        return good(f"“考核”菜单的命令使用 {interpreter()}")
    except CommandError as error:
        return bad(f"“考核”菜单的命令不能运行：{str(error).splitlines()[0]}", INSTALL)
