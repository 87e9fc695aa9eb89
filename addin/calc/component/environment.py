"""Runs KAOHE's own commands in the environment that the installation has noted."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Callable

from addin.portable.userfolder import SETTINGS, user_folder

INSTALL_AGAIN = "请在 KAOHE 的文件夹中运行 python install.py，然后重新启动 LibreOffice。"
_BETWEEN_QUESTIONS = 0.1  # seconds
_NO_WINDOW = 0x0800_0000  # Windows: no console flashes up
_OURS = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV")
"""LibreOffice sets these for itself; another Python must not see them."""


class Cancelled(Exception):
    """The user has cancelled."""


class CommandError(Exception):
    """What the user can mend; the message (Chinese) is shown as it is."""


def interpreter() -> Path:
    """The interpreter in which KAOHE is installed; raises CommandError."""
    settings = user_folder() / SETTINGS
    try:
        python = Path(json.loads(settings.read_text(encoding="utf-8"))["python"])
    except FileNotFoundError:
        raise CommandError(f"没有找到 KAOHE 的安装记录 {settings}。\n{INSTALL_AGAIN}") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"KAOHE 的安装记录 {settings} 无法读取（{error}）。\n{INSTALL_AGAIN}") from error
    if not python.is_file():
        raise CommandError(f"KAOHE 的 Python 环境不在了：{python}。\n{INSTALL_AGAIN}")
    return python


def kaohe(*arguments: str, is_cancelled: Callable[[], bool] = lambda: False) -> str:
    """What a command prints; raises CommandError with its own message if it could not be done.

    ``is_cancelled`` is asked ten times a second; where it says so, the command is ended and Cancelled is raised.
    """
    command = [str(interpreter()), "-P", "-m", "addin.cli", *arguments]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            creationflags=_NO_WINDOW if os.name == "nt" else 0,
        )
    except OSError as error:
        raise CommandError(f"无法运行 {command[0]}：{error.strerror or error}。\n{INSTALL_AGAIN}") from error
    printed, complaint = map(_text, _streams(process, is_cancelled))
    if process.returncode not in (0, 1):
        # A command says itself what the user can mend; anything else is an installation that doesn't work.
        if complaint.startswith("kaohe："):
            raise CommandError(complaint.partition("：")[2])
        raise CommandError(f"KAOHE 的 Python 环境不能使用：{_last_line(complaint)}。\n{INSTALL_AGAIN}")
    return printed


def _streams(process: subprocess.Popen[bytes], is_cancelled: Callable[[], bool]) -> tuple[bytes, bytes]:
    while True:
        try:
            return process.communicate(timeout=_BETWEEN_QUESTIONS)
        except subprocess.TimeoutExpired:
            if is_cancelled():
                process.kill()
                process.communicate()
                raise Cancelled from None


def run(macro: str, *arguments: str, is_cancelled: Callable[[], bool]) -> dict[str, Any]:
    """The outcome of a macro, as ``kaohe run --json`` tells it."""
    outcome: dict[str, Any] = json.loads(kaohe("run", macro, *arguments, "--json", is_cancelled=is_cancelled))
    return outcome


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    return {**kept, "PYTHONUTF8": "1"}


def _text(stream: bytes) -> str:
    return stream.decode("utf-8", "replace").strip()


def _last_line(text: str) -> str:
    return (text.splitlines() or ["没有输出"])[-1]
