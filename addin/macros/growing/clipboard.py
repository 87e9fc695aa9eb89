"""The text that was copied in another program."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
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
NOTHING = "剪贴板中没有名单。请先在别的工作簿或文档中复制名单（连同列标题），或者写出名单文件（选项“名单文件”）"


def copied_text() -> str:
    """Raises UserError where nothing has been copied or the clipboard can't be read."""
    text = _windows() if sys.platform == "win32" else _others()
    if not text.strip():
        raise UserError(NOTHING)
    return text


def _windows() -> str:
    clipboard = importlib.import_module("win32clipboard")
    clipboard.OpenClipboard()
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
