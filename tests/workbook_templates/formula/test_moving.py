"""A formula filled down or shared reads in each cell as Excel would write it there."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workbook_templates.formula.moving import SharedFormula, calls_any, filled_down


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A1+$B$2+$C3+D$4", "B3+$B$2+$C5+E$4"),
        ("SUM(A1:$B2,'it''s A1'!A1,[1]一月!A1)", "SUM(B3:$B4,'it''s A1'!B3,[1]一月!B3)"),
        ("SUM(A:B,$C:C,1:2,$3:4)", "SUM(B:C,$C:D,3:4,$3:6)"),
        ('"A1"&人员[A1]&LOG10(A1)&A1B2', '"A1"&人员[A1]&LOG10(B3)&A1B2'),
        ("XFD1048575%", "#REF!%"),
        ("XFC1048574", "XFD1048576"),
        ("A1（", "A1（"),
    ],
)
def test_two_rows_down_and_one_column_to_the_right(text: str, expected: str) -> None:
    assert SharedFormula(text, 0, 0).at(2, 1) == expected


@pytest.mark.parametrize("text", ["1:3", "A1+2:$3", "SUM(甲!4:5)"])
def test_moving_whole_rows_are_not_told_by_the_text(text: str) -> None:
    assert filled_down(text) == (None, ())


def test_a_per_cent_sign_is_not_taken_for_a_place() -> None:
    text, numbers = filled_down("A9%+$B$2*10%+$1:$2")
    assert text is not None and text % tuple(number + 1 for number in numbers) == "A10%+$B$2*10%+$1:$2"


pieces = st.sampled_from(
    [
        "A1",
        "$B3",
        "C$4",
        "$D$5",
        "A1:B9",
        "甲!A2",
        "'A1 (1)'!B7:$C$8",
        "E:F",
        "人员[A1]",
        '"A1"',
        "ABC",
        "LOG10(A1)",
        "10%",
        "1.5E3",
    ]
)


@given(st.lists(pieces, min_size=1), st.integers(0, 1000))
def test_both_ways_of_moving_agree(parts: list[str], rows: int) -> None:
    text = "+".join(parts)
    pattern, numbers = filled_down(text)
    assume(pattern is not None)
    assert pattern is not None
    assert pattern % tuple(number + rows for number in numbers) == SharedFormula(text, 5, 5).at(5 + rows, 5)


def test_calls_are_told_from_texts() -> None:
    names = frozenset({"SUBTOTAL", "AGGREGATE"})
    assert calls_any("1+_xlfn.aggregate(9,5,A1:A3)", names) and calls_any("IF(1,SUBTOTAL(9,A1))", names)
    assert not calls_any('"SUBTOTAL("&A1', names) and not calls_any("MYSUBTOTAL(1)", names)
