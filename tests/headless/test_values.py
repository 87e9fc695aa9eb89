"""Functions of every subject against Excel's values: the tables of ``values/``, a line a formula.

The values are those of Microsoft's documentation, of workbooks that Excel saved, or agreed upon by two independent programs.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from addin.headless.functions import load
from addin.headless.numberformat import format_text
from addin.xlsx.dates import date_system
from addin.xlsx.model import Cell, CellError
from tests.headless.support import same, values

TABLES = sorted(Path(__file__).with_name("values").glob("*.txt"))
_ERRORS = {error.value: error for error in CellError}


def _expected(text: str) -> Cell:
    if text in _ERRORS:
        return _ERRORS[text]
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    return text[1:-1].replace('""', '"') if text.startswith('"') else float(text)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_table(table: Path) -> None:
    lines = [line.split(" -> ") for line in table.read_text("utf-8").splitlines()]
    ours = values([formula for formula, _ in lines])
    wrong = [
        f"{formula}: {value!r}, Excel {text}"
        for (formula, text), value in zip(lines, ours, strict=True)
        if not same(value, _expected(text))
    ]
    assert not wrong, "\n".join(wrong)


TREES: list[list[Any]] = [
    ["树种", "高度", "树龄", "产量", "利润", "高度", "树种", "树种"],
    ["=苹果", ">10", None, None, None, "<16", "苹", "=苹"],
    ["=梨", None, None, None, None, None, None, None],
    ["树种", "高度", "树龄", "产量", "利润", None],
    ["苹果", 18, 20, 14, 105, None],
    ["梨", 12, 12, 10, 96, None],
    ["樱桃", 13, 14, 9, 105, None],
    ["苹果", 14, None, 10, 75, None],
    ["梨", 9, 8, 8, 77, None],
    ["苹果", 8, 9, 6, 45, None],
]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('DCOUNT(A4:E10,"树龄",A1:F2)', 0), ('DCOUNTA(A4:E10,"利润",A1:F2)', 1), ('DMAX(A4:E10,"利润",A1:A3)', 105),
        ('DMIN(A4:E10,"利润",A1:B2)', 75), ('DSUM(A4:E10,"利润",A1:A2)', 225), ('DSUM(A4:E10,"利润",A1:F2)', 75),
        ('DPRODUCT(A4:E10,"产量",A1:B2)', 140), ('DAVERAGE(A4:E10,"产量",A1:B2)', 12), ("DAVERAGE(A4:E10,3,A4:E10)", 12.6),
        ('DSTDEV(A4:E10,"产量",A1:A3)', 2.9664793948382653), ('DSTDEVP(A4:E10,"产量",A1:A3)', 2.6532998322843198),
        ('DVAR(A4:E10,"产量",A1:A3)', 8.8), ('DVARP(A4:E10,"产量",A1:A3)', 7.04), ('DGET(A4:E10,"产量",A1:F2)', 10),
        ('DGET(A4:E10,"产量",A1:A3)', CellError.NUM), ('DGET(A4:E10,"产量",E4:E5)', CellError.NUM), ("DSUM(A4:E10,6,A1:A2)", CellError.VALUE),
        ('DSUM(A4:E10,"没有",A1:A2)', CellError.VALUE), ("DSUM(A4:E4,5,A1:A2)", CellError.VALUE), ("DCOUNT(A4:E10,,A1:A2)", 3),
        # A blank row of conditions asks for everything; a text asks for what begins with it.
        ("DSUM(A4:E10,5,B1:B3)", 503), ("DSUM(A4:E10,5,G1:G2)", 225), ("DSUM(A4:E10,5,H1:H2)", 0), ('DSUM(A4:E10,5,A1:B1)', 503), ('DVAR(A4:E10,"产量",A1:F2)', CellError.DIV0),
        ('DPRODUCT(A4:E10,"树种",A1:A2)', 0),
    ],
)  # fmt: skip
def test_database_function(formula: str, expected: Any) -> None:
    expected = float(expected) if type(expected) is int else expected
    assert same(values([formula], TREES)[0], expected), values([formula], TREES)[0]


def test_a_condition_that_reads_true_asks_for_the_truth() -> None:
    cells: list[list[Any]] = [["键", "值", "键"], [True, 1, "true"], ["TRUE", 2, None]]
    assert values(["DSUM(A1:B3,2,C1:C2)"], cells) == [1]


def test_negative_times_are_shown_in_the_1904_system_only() -> None:
    with date_system(date1904=True):
        assert format_text(-0.08546296296296296, "[h]:m:s.000") == "-2:3:4.000"
        assert format_text(-0.5, "h:mm") == "-12:00"


def test_every_function_is_called() -> None:
    files = [path for pattern in ("values/*.txt", "test_*.py") for path in Path(__file__).parent.glob(pattern)]
    called = {name for path in files for name in re.findall(r"[A-Z][A-Z0-9.]*(?=\()", path.read_text("utf-8"))}
    assert set(load()) - called == set()
