"""The add-in's configuration: one small file that the installation writes and VBA reads once a session."""

from __future__ import annotations

import locale
import os
from pathlib import Path

INTERPRETER = "INTERPRETER_WIN"
SEARCH_PATH = "PYTHONPATH"


class ConfigurationError(Exception):
    """A path that the configuration can't hold; the message (Chinese) says what to do."""


def configuration_file(home: Path | None = None) -> Path:
    """``%USERPROFILE%\\.kaohe\\kaohe.conf``, where VBA looks for it."""
    return (home or Path(os.environ.get("USERPROFILE") or Path.home())) / ".kaohe" / "kaohe.conf"


def configuration(interpreter: str, search_path: str = "", encoding: str | None = None) -> bytes:
    """The file's content: lines of ``"KEY","VALUE"`` in the system's code page, the one that VBA reads files in.

    ``search_path``: further folders for imports, with semicolons between them; none where the project is installed into
    the interpreter's environment. Raises ConfigurationError.
    """
    settings = {INTERPRETER: interpreter, SEARCH_PATH: search_path}
    if any(mark in value for value in settings.values() for mark in '"\r\n'):
        raise ConfigurationError(f"路径中不能有引号或换行：{interpreter}")
    text = "".join(f'"{key}","{value}"\r\n' for key, value in settings.items() if value)
    try:
        return text.encode(encoding or locale.getencoding())
    except UnicodeEncodeError as error:
        raise ConfigurationError(
            f"Excel 无法使用路径 {interpreter}：其中的“{text[error.start : error.end]}”不在系统的字符集里；"
            "请把程序文件夹移到只含中文和英文字母的路径"
        ) from error
