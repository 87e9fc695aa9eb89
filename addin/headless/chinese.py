"""Numbers in Chinese characters, as ``[DBNum1]`` … ``[DBNum3]`` and NUMBERSTRING show them."""

from __future__ import annotations

from decimal import Decimal

from addin.headless.context import Unsupported

DIGITS = {"1": "〇一二三四五六七八九", "2": "零壹贰叁肆伍陆柒捌玖", "3": "０１２３４５６７８９"}
MOST_WORDS = Decimal(10) ** 20
_UNITS = {"1": ("", "十", "百", "千"), "2": ("", "拾", "佰", "仟"), "3": ("", "十", "百", "千")}


def digits_only(text: str, kind: str) -> str:
    """Each digit for itself: 二〇二三."""
    return "".join(DIGITS[kind][int(char)] if char.isdigit() else char for char in text)


def in_words(value: Decimal, kind: str) -> str:
    """With 十, 百, 千, 万, 亿: 一百二十三."""
    if abs(value) >= MOST_WORDS:
        raise Unsupported("20 位以上的数不能写成中文数字")
    digits, units = DIGITS[kind], _UNITS[kind]
    whole, _, fraction = format(abs(value), "f").partition(".")
    groups = [whole[max(0, end - 4) : end] for end in range(len(whole), 0, -4)][::-1]
    text, gap = "", False
    for place, group in enumerate(groups):
        for position, digit in enumerate(group):
            if digit == "0":
                gap = True
                continue
            text += (digits[0] if gap and text else "") + digits[int(digit)] + units[len(group) - 1 - position]
            gap = False
        if group.strip("0"):
            text += ("", "万", "亿", "万亿", "亿亿")[min(len(groups) - 1 - place, 4)]
    if fraction.strip("0"):
        text = (text or digits[0]) + "." + digits_only(fraction.rstrip("0"), kind)
    return ("-" if value < 0 else "") + (text or digits[0])
