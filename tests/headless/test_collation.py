"""The order of texts: Chinese by pinyin, as Excel in Chinese sorts."""

from __future__ import annotations

from itertools import pairwise

import pytest

from addin.headless.collation import sort_key
from addin.headless.operators import compare
from tests.headless.pinyin import TABLE
from tests.headless.support import values

LETTERS = {"嚓": "簿", "丌": "靃", "咔": "攟", "七": "巭", "他": "嗦", "夕": "錻", "丫": "鑂", "帀": "繧"}
"""The first characters of a letter of pinyin (cā, jī, kā, qī, tā, xī, yā, zā) and the last of the one before."""
SORTED = [
    "", " ", "(一)", "（一）", "_", "、", "+", "<", "0", "0-1", "1", "１", "10", "2", "2024年", "a", "Ab", "A-b", "ac", "z",
    "艾", "毕", "曹", "岑", "龚", "胡", "靳", "李", "李娜", "林", "亓", "佘", "覃", "王", "奚", "鑫", "闫", "张", "张1", "张三", "张伟", "章", "禚", "座", "々",
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), list(pairwise(SORTED)))
def test_stands_before(before: str, after: str) -> None:
    assert compare(before, after) == -1
    assert compare(after, before) == 1


def test_case_alone_makes_no_difference() -> None:
    assert compare("Ab鑫", "aB鑫") == 0


def test_letters_of_pinyin_begin_where_they_should() -> None:
    known = TABLE.read_text("utf-8").replace("\n", "")
    assert len(known) == len(set(known)) == 20_892
    assert {first: known[known.index(first) - 1] for first in LETTERS} == LETTERS


def test_every_character_has_its_own_place() -> None:
    chars = [chr(code) for code in range(0x3400, 0xA000)]
    assert len({sort_key(char)[0] for char in chars}) == len(chars)


def test_names_are_found_and_sorted_by_pinyin() -> None:
    names = [["亓官"], ["鑫磊"], ["闫芳"]]
    assert values(
        ['MATCH("张",A1:A3)', 'LOOKUP("奚",A1:A3)', 'TEXTJOIN(",",TRUE,SORT({"章";"鑫";"覃";"A"}))'], names
    ) == [
        3.0,
        "亓官",
        "A,覃,鑫,章",
    ]
