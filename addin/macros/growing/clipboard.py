"""The text that was copied in another program."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
import time
from contextlib import suppress

from addin.shared.exits import UserError

_UNICODE_TEXT = 13
_READERS = (
    ("pbpaste",),
    ("wl-paste", "--no-newline"),
    ("xclip", "-selection", "clipboard", "-o"),
    ("xsel", "-b", "-o"),
)
_LONGEST = 10
"""Seconds; a program that waits for a screen gives way to the next one."""
_TRIES = 20
"""Only one program has the clipboard at a time, and remote desktops and password managers look into it at every change."""
INSTEAD = "或者写出名单文件（选项“名单文件”）"
NOTHING = f"剪贴板中没有名单。请先在别的工作簿或文档中复制名单（连同列标题），{INSTEAD}"


def copied_text() -> str:
    """Raises UserError where nothing has been copied or the clipboard can't be read."""
    text = _windows() if sys.platform == "win32" else _others()
    if not text.strip():
        raise UserError(NOTHING)
    return text


def _windows() -> str:
    try:
        clipboard = importlib.import_module("win32clipboard")
    except ImportError as error:  # It comes with what Excel needs, which antivirus programs may have kept out.
        raise UserError(f"读取剪贴板的组件 pywin32 没有装上；请再运行一次 python install.py，{INSTEAD}") from error
    for _ in range(_TRIES):
        try:
            clipboard.OpenClipboard()
            break
        except clipboard.error:
            time.sleep(0.05)
    else:
        raise UserError(f"剪贴板正被其他程序占用；请再试一次，{INSTEAD}")
    try:
        has_text = clipboard.IsClipboardFormatAvailable(_UNICODE_TEXT)
        return str(clipboard.GetClipboardData(_UNICODE_TEXT)) if has_text else ""
    finally:
        clipboard.CloseClipboard()


def _others() -> str:
    for command in _READERS:
        if shutil.which(command[0]):
            with suppress(OSError, subprocess.SubprocessError):
                read = subprocess.run(command, capture_output=True, timeout=_LONGEST, check=True)
                return read.stdout.decode(errors="replace")
    raise UserError(NOTHING)
