"""Amounts in capital figures."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.macros.tools.capitals import DIGITS, capitals


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角整"),
        ("0.15", "壹角伍分"),
        ("10", "壹拾元整"),
        ("1840", "壹仟捌佰肆拾元整"),
        ("1005.30", "壹仟零伍元叁角整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("10001", "壹万零壹元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("20300", "贰万零叁佰元整"),
        ("1000000000000", "壹万亿元整"),
        ("1000100000000", "壹万零壹亿元整"),
        ("-12.34", "负壹拾贰元叁角肆分"),
        ("-0.001", "零元整"),
        ("0.995", "壹元整"),
    ],
)
def test_amounts_as_banks_write_them(amount: str, told: str) -> None:
    assert capitals(Decimal(amount)) == told


@given(st.decimals(0, 10**15, places=2))
def test_nothing_is_lost(amount: Decimal) -> None:
    told = capitals(amount)
    assert "零零" not in told
    yuan, _, rest = told.rpartition("元") if "元" in told else ("", "", told)
    read = Decimal(_read(yuan))
    for digit, place in re.findall("(.)([角分])", rest):
        read += DIGITS.index(digit) * {"角": Decimal("0.1"), "分": Decimal("0.01")}[place]
    assert read == amount


def _read(told: str) -> int:
    for name, size in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
        head, mark, tail = told.rpartition(name)
        if mark:
            return _read(head) * size + _read(tail.removeprefix("零"))
    return DIGITS.index(told) if told else 0


def test_an_amount_beyond_all_money_is_refused() -> None:
    with pytest.raises(ValueError):
        capitals(Decimal(10) ** 16)
