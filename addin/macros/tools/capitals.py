"""Amounts of money in the capital figures that papers about money need: 壹仟捌佰肆拾元整."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_LARGEST = Decimal(10) ** 16


def capitals(amount: Decimal) -> str:
    """An amount in 元, to the fen, in capital figures; raises ValueError for one of 10^16 or more."""
    fen = int((abs(amount) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    yuan, fen = divmod(fen, 100)
    if yuan >= _LARGEST:
        raise ValueError(amount)
    jiao, fen = divmod(fen, 10)
    told = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        told += f"{DIGITS[jiao]}角"
    elif fen and yuan:
        told += DIGITS[0]
    told = told + f"{DIGITS[fen]}分" if fen else (told or "零元") + "整"
    return ("负" if amount < 0 and told != "零元整" else "") + told


def _whole(number: int) -> str:
    """A whole number; one 零 for every run of zeros inside of it."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            zero = DIGITS[0] if 0 < low < size // 10 else ""
            return _whole(high) + name + zero + (_whole(low) if low else "")
    return _group(number)


def _group(number: int) -> str:
    """Up to four digits, without a 零 in front."""
    told, zero = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit == 0:
            zero = bool(told)
            continue
        told += (DIGITS[0] if zero else "") + DIGITS[digit] + _PLACES[place]
        zero = False
    return told
