"""The add-in's configuration: one small file that the installation writes and VBA reads once a session."""

from __future__ import annotations

from pathlib import Path

INTERPRETER = "INTERPRETER_WIN"


class ConfigurationError(Exception):
    """A path that the configuration can't hold; the message (Chinese) says what to do."""


def configuration_file(home: Path) -> Path:
    """``%USERPROFILE%\\.kaohe\\kaohe.conf``, where VBA looks for it; ``home`` is that folder."""
    return home / ".kaohe" / "kaohe.conf"


def configuration(interpreter: str, encoding: str) -> bytes:
    """The file's content: a line ``"KEY","VALUE"`` in the system's code page, the one that VBA reads files in.

    Raises ConfigurationError.
    """
    if any(mark in interpreter for mark in '"\r\n'):
        raise ConfigurationError(f"路径中不能有引号或换行：{interpreter}")
    text = f'"{INTERPRETER}","{interpreter}"\r\n'
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise ConfigurationError(
            f"Excel 无法使用路径 {interpreter}：其中的“{text[error.start : error.end]}”不在系统的字符集里；"
            "请把程序文件夹移到只含中文和英文字母的路径"
        ) from error
