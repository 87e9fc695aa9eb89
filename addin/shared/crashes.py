"""The last resort: an error of the program is told in one line, and its details are kept in a file."""

from __future__ import annotations

import sys
import tempfile
import traceback
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from addin.portable.userfolder import user_folder
from addin.shared.kept import thin_out

FOLDER = "errors"
MOST = 200


def crashed(error: BaseException) -> str:
    """Write the details down; returns the line for the user."""
    kind = "内存不足" if isinstance(error, MemoryError) else f"程序内部出错（{type(error).__name__}）"
    details = [
        f"KAOHE {version('kaohe')}, Python {sys.version}, {sys.platform}",
        f"{datetime.now():%Y-%m-%d %H:%M:%S}  {sys.argv}",
        "",
        "".join(traceback.format_exception(error)),
    ]
    for folder in (user_folder() / FOLDER, Path(tempfile.gettempdir())):
        path = folder / f"kaohe-{datetime.now():%Y%m%d-%H%M%S-%f}.txt"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(details), encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        with suppress(OSError):  # A batch may fail with one file after the other.
            thin_out(folder, "kaohe-[0-9]*.txt", MOST)
        return f"{kind}，没有完成；详情已写入 {path}，请连同它报告"
    return f"{kind}，没有完成；详情无处可写：{traceback.format_exception_only(error)[-1].strip()}"
