"""The table of functions: read as written, and complete for what the engine computes."""

from __future__ import annotations

import pytest

import udfs
from addin.headless.functions import load
from workbook_templates.formula.signatures import Takes, for_schemes, signature, signatures


def letters(name: str, count: int) -> str:
    known = signature(name)
    assert known is not None
    return "".join(known.takes(place, count).value for place in range(count))


@pytest.mark.parametrize(
    ("name", "count", "expected"),
    [
        ("MATCH", 3, "cbc"),
        ("SUM", 4, "bbbb"),
        ("SUMIFS", 7, "rrcrcrc"),
        ("SORTBY", 5, "aacac"),
        ("CHOOSE", 4, "slll"),
        ("LET", 5, "nlnll"),
        ("LET", 3, "nll"),
    ],
)
def test_what_stands_at_each_place(name: str, count: int, expected: str) -> None:
    assert letters(name, count) == expected


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("PI", [0], [1]),
        ("SUM", [1, 255], [0, 256]),
        ("POWER", [2], [1, 3]),
        ("VLOOKUP", [3, 4], [2, 5]),
        ("SUMIFS", [3, 5, 255], [1, 2, 4, 256]),
        ("LET", [3, 5], [1, 2, 4]),
        ("XLOOKUP", [3, 6], [2, 7]),
    ],
)
def test_how_many_arguments_may_be_given(name: str, right: list[int], wrong: list[int]) -> None:
    known = signature(name)
    assert known is not None
    assert all(map(known.accepts, right)) and not any(map(known.accepts, wrong))


def test_prefixes_that_files_write() -> None:
    prefixes = {known.name: known.prefix for known in signatures()}
    assert [prefixes[name] for name in ("SUM", "XLOOKUP", "FILTER", "STDEV.S", "NETWORKDAYS.INTL")] == [
        "",
        "_xlfn.",
        "_xlfn._xlws.",
        "_xlfn.",
        "",
    ]


def test_our_functions_join_with_what_belongs_to_a_row() -> None:
    known = signature("KAOHE_COEF")
    assert known is not None
    assert [argument.takes for argument in known.leading[:3]] == [Takes.VALUE, Takes.ROW, Takes.SHARED]
    assert all(signature(name) is not None for name in udfs.FUNCTIONS)


def test_the_engine_takes_no_more_than_the_table_says() -> None:
    for name, ordinary in load().items():
        assert ordinary.letters(ordinary.signature.least) is not None, name


def test_schemes_use_nothing_that_changes_by_itself_and_little_that_old_programs_lack() -> None:
    chosen = [signature(name) for name in for_schemes()]
    assert len(chosen) > 50
    assert all(known is not None and not known.volatile for known in chosen)
    # Older programs don't know these; formulas guard them by IFERROR.
    assert {known.name for known in chosen if known is not None and known.prefix} == {"ISFORMULA", "SHEET"}
