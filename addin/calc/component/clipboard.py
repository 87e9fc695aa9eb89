"""What was copied, as a file that KAOHE's own commands can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_CLIPBOARD = "com.sun.star.datatransfer.clipboard.SystemClipboard"
_TEXT = "text/plain;charset=utf-16"


def copied_file(context: Any, folder: Path) -> str:
    """The path of a file in the folder with the copied text; empty where no text was copied."""
    contents = context.ServiceManager.createInstanceWithContext(_CLIPBOARD, context).getContents()
    flavors = contents.getTransferDataFlavors() if contents is not None else ()
    flavor = next((each for each in flavors if each.MimeType.lower() == _TEXT), None)
    if flavor is None:
        return ""
    path = folder / "copied.txt"
    path.write_text(str(contents.getTransferData(flavor)), encoding="utf-8", errors="replace")
    return str(path)
