"""Texts as file names; also used inside LibreOffice, in its own Python (3.8 or newer)."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 60
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])(\s*\..*)?", re.IGNORECASE)


def file_name(text: str) -> str:
    """A text as a file name that every system takes; ``_`` stands for what none would take."""
    name = unicodedata.normalize("NFC", _FORBIDDEN.sub("_", text)).strip(" .")[:LONGEST_NAME].strip(" .")
    return f"_{name}" if not name or _RESERVED.fullmatch(name) else name
