"""Writes addin/headless/pinyin.txt: Chinese characters in the order of ICU, the library that holds Unicode's order of pinyin.

``python -m tests.headless.pinyin`` where ICU is installed. A character of which Unicode knows no pinyin is left out.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import re
from pathlib import Path

import addin.headless

TABLE = Path(addin.headless.__file__).with_name("pinyin.txt")
BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000))
LINE = 60


def characters() -> str:
    """The characters whose pinyin ICU knows, in order."""
    file = ctypes.util.find_library("icui18n") or ""
    library, version = ctypes.CDLL(file), re.search(r"\d+", file.partition(".so.")[2])
    assert version
    opened, keyed = (getattr(library, f"ucol_{name}_{version[0]}") for name in ("open", "getSortKey"))
    opened.restype = ctypes.c_void_p
    keyed.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32, ctypes.c_char_p, ctypes.c_int32)
    failed = ctypes.c_int(0)
    collator = opened(b"zh@collation=pinyin", ctypes.byref(failed))
    assert failed.value <= 0, failed

    def key(char: str) -> bytes:
        room = ctypes.create_string_buffer(64)
        length = keyed(collator, char.encode("utf-16-le"), 1, room, len(room))
        return room.raw[:length]

    chars = sorted((chr(code) for block in BLOCKS for code in range(*block)), key=key)
    # The others follow by their codes, from the first one of the rarest block on.
    return "".join(chars[: chars.index("\u3400")])


if __name__ == "__main__":
    known = characters()
    TABLE.write_text("".join(f"{known[at : at + LINE]}\n" for at in range(0, len(known), LINE)), "utf-8", newline="\n")
