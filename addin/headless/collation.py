"""The order of texts, as Excel in Chinese has it.

Signs stand before digits, digits before letters, letters before Chinese, which goes by pinyin, tone and strokes. Hyphens and apostrophes
count only where nothing else differs, as does the width of signs, digits and letters.
"""

from __future__ import annotations

from functools import lru_cache

# The order that Microsoft documents; Chinese signs stand where its other signs of writing end.
_SIGNS = ' !"#$%&()*,./:;?@[\\]^_`{|}~、。·…—‘’“”〈〉《》「」『』【】〔〕￥¥×÷+<=>'
_ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyz"
_IGNORED = "-'"
_FIRST_ALPHANUMERIC = 0x80
_ACCENTED, _AFTER_ACCENTED = 0xC0, 0x250
_WIDE, _WIDE_SPACE = 0xFEE0, 0x3000
_FIRST_CHINESE, _LAST_CHINESE = 0x3400, 0x9FFF


@lru_cache(maxsize=1 << 14)
def sort_key(text: str) -> tuple[str, int, str]:
    """A key of a text in lower case: its order among others."""
    return text.translate(_order()), len(text), text


@lru_cache
def _order() -> dict[int, int | None]:
    """What characters are taken for, so that their codes stand in order."""
    # Most workbooks order no texts, and need not wait for these.
    from importlib.resources import files
    from unicodedata import normalize

    order: dict[int, int | None] = {ord(char): place for place, char in enumerate(_SIGNS, start=1)}
    order |= {ord(char): place for place, char in enumerate(_ALPHANUMERIC, start=_FIRST_ALPHANUMERIC)}
    order |= dict.fromkeys(map(ord, _IGNORED))
    # é stands beside e.
    order |= {code: order.get(ord(normalize("NFD", chr(code))[0]), code) for code in range(_ACCENTED, _AFTER_ACCENTED)}
    order |= {code + _WIDE: place for code, place in order.items() if 0x20 < code < 0x7F}
    order[_WIDE_SPACE] = order[ord(" ")]
    known = files("addin.headless").joinpath("pinyin.txt").read_text("utf-8").replace("\n", "")
    order |= {ord(char): place for place, char in enumerate(known, start=_FIRST_CHINESE)}
    # Characters of which no pinyin is known stand behind the others, and 々 behind all: LOOKUP("々",A:A) finds the last text.
    rare = (code for code in range(_FIRST_CHINESE, _LAST_CHINESE + 1) if code not in order)
    order |= {code: place for place, code in enumerate(rare, start=_FIRST_CHINESE + len(known))}
    return order | {ord("々"): _LAST_CHINESE + 1}
