"""The whole way of a value: a cell's formula, VBA, COM, xlwings' server, Python, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.interpreter._values import error

from addin.excel.wrappers import kinds
from tests.excel.dll import Clock, Program, cut
from tests.excel.simulated import Simulated
from tests.excel.standin import at_work, given, rows_of
from tests.excel.variants import PARAMETER_NOT_FOUND, to_python, to_vba
from tests.functions.cases import Case, cases
from udfs import FUNCTIONS, MISSING
from udfs.values import is_blank


@pytest.fixture(scope="module")
def office() -> Iterator[Simulated]:
    with at_work() as made:
        yield made


def shown(office: Simulated, function: str, arguments: tuple[Any, ...]) -> list[list[Any]]:
    return rows_of(office.call(function, *map(given, arguments)))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.identity)
def test_every_case_gives_the_same_in_excel(office: Simulated, case: Case) -> None:
    result = shown(office, case.function, case.call)
    if len(result) == 1:
        # A single value fills an array formula.
        result = result * len(case.rows)
    assert result == [list(row) for row in case.rows]
    assert office.evaluate("KaoheTrouble()") == ""


def by_rows() -> Iterator[tuple[Case, int, tuple[Any, ...]]]:
    """Every row of the cases that ask for several at once, as one that is asked for alone."""
    for case in cases():
        letters = kinds(FUNCTIONS[case.function])
        blocks = {
            place
            for place, argument in enumerate(case.call)
            if letters[place] != "."
            and isinstance(argument, list | tuple)
            and (len(argument) > 1 or letters[place] in "cCk")
            and not (letters[place] == "s" and len(argument[0]) == 1)
        }
        lengths = {len(case.call[place]) for place in blocks}
        if not blocks or len(lengths) != 1:
            continue
        for row in range(lengths.pop()):
            alone = [argument[row] if place in blocks else argument for place, argument in enumerate(case.call)]
            alone = [
                [each] if place in blocks and letters[place] in "rRs" else each[0] if place in blocks else each
                for place, each in enumerate(alone)
            ]
            left_out = any(
                letters[place].isupper() and (is_blank(alone[place]) or isinstance(alone[place], list))
                for place in blocks
            )
            if not left_out:
                yield case, row, tuple(alone)


@pytest.mark.parametrize(("case", "row", "alone"), list(by_rows()), ids=lambda part: getattr(part, "identity", None))
def test_a_row_alone_gives_what_it_gives_in_a_block(
    office: Simulated, case: Case, row: int, alone: tuple[Any, ...]
) -> None:
    expected = case.rows[row] if len(case.rows) > 1 else case.rows[0]
    assert shown(office, case.function, alone) == [list(expected)]


def test_there_are_rows_to_compare() -> None:
    assert len({case.function for case, *_ in by_rows()}) > 15


SHAPES = [
    ("a cell", [[2.35]], [[2.35]]),
    ("a row", [[1.0, "x", True]], [[1.0, "x", True]]),
    ("a column", [[1.0], [2.0], [""]], [[1.0], [2.0], [""]]),
    ("a block", [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
]


@pytest.mark.parametrize(("name", "block", "expected"), SHAPES, ids=[name for name, *_ in SHAPES])
def test_a_result_of_any_shape_comes_back_whole(name: str, block: list[list[Any]], expected: list[list[Any]]) -> None:
    class Python:
        _public_methods_ = ("CallUDF",)

        def CallUDF(self, *_: Any) -> Any:
            # As xlwings.com_server.XLPython.CallUDF unpacks one row and one cell.
            return block[0][0] if len(block) == 1 == len(block[0]) else block[0] if len(block) == 1 else block

    with at_work(lambda _: Program(Python())) as office:
        assert rows_of(office.call("KAOHE_WEIGHTS", given([[1.0]]), given([[1.0]]))) == expected


def test_a_tuple_would_lose_all_but_its_first_row() -> None:
    """Why results are lists: the stand-in does with a tuple what COM does."""

    class Python:
        _public_methods_ = ("CallUDF",)

        def CallUDF(self, *_: Any) -> Any:
            return ((1.0,), (2.0,))

    with at_work(lambda _: Program(Python())) as office:
        assert rows_of(office.call("KAOHE_WEIGHTS", given([[1.0]]), given([[1.0]]))) == [[1.0]]


def test_a_ragged_block_is_no_array() -> None:
    with pytest.raises(TypeError, match="same size"):
        to_vba([[1.0, 2.0], [3.0]])


def test_ten_thousand_rows_in_one_call(office: Simulated) -> None:
    rows = [[float(i % 100), 80.0] for i in range(10_000)]
    office.dll.traffic.reset()
    result = shown(office, "KAOHE_SCORE", (rows, [[0.5], [0.5]]))
    assert len(result) == 10_000 and result[1] == [40.5] and result[9_999] == [89.5]
    assert office.dll.traffic.calls == 1


# What goes wrong on the way, as a user reads it.

TROUBLES = [
    (Program(None, registers_after=None), "两分钟仍没有连上 Excel", 120.0),
    (Program(None, registers_after=None, ends_after=2.0), "一启动就结束了", 2.0),
    (Program(None, cannot_start="The system cannot find the file specified."), "无法启动计算程序", 0.0),
    (Program(None, activation=-2146959355), "Windows 不让 Excel 连接", 0.0),
]


@pytest.mark.parametrize(("program", "told", "seconds"), TROUBLES, ids=[told for _, told, _ in TROUBLES])
def test_a_start_that_fails_stops_excel_once_and_not_once_a_cell(program: Program, told: str, seconds: float) -> None:
    clock = Clock()
    with at_work(lambda _: program, clock) as office:
        for _ in range(100):
            assert str(office.call("KAOHE_ROUND", 1.005, 2.0)) == "Error 2015"
        assert office.dll is not None and office.dll.starts == 1
        assert clock.seconds == pytest.approx(seconds, abs=0.2)
        assert told in office.evaluate("KaoheTrouble()")


def test_a_start_is_tried_again_when_its_files_changed_or_somebody_reconnects() -> None:
    programs = [Program(None, registers_after=None, ends_after=0.1)]

    def start(python: Any) -> Program:
        return programs[-1] if programs[-1].ends_after else Program(python)

    with at_work(start) as office:
        library = office.dll
        assert library is not None
        office.call("KAOHE_ROUND", 1.0, 2.0)
        programs.append(Program(None))
        later(office, 2)
        assert str(office.call("KAOHE_ROUND", 1.5, 0.0)) == "Error 2015" and library.starts == 1
        library.written += 1.0  # install.py has run
        later(office, 4)
        assert office.call("KAOHE_ROUND", 1.5, 0.0) == 2.0 and library.starts == 2

    with at_work(start) as office:
        assert office.call("KAOHE_ROUND", 1.5, 0.0) == 2.0
    programs[:] = [Program(None, registers_after=None, ends_after=0.1)]
    with at_work(start) as office:
        office.call("KAOHE_ROUND", 1.0, 2.0)
        programs.append(Program(None))
        office.call("KaoheStopServer")
        assert office.call("KAOHE_ROUND", 1.5, 0.0) == 2.0


def test_reconnecting_replaces_a_server_that_the_library_takes_for_a_running_one() -> None:
    programs: list[Program] = []

    def start(python: Any) -> Program:
        programs.append(Program(python))
        return programs[-1]

    with at_work(start) as office:
        assert office.call("KAOHE_ROUND", 1.5, 0.0) == 2.0
        programs[0].is_disconnected = True
        assert str(office.call("KAOHE_ROUND", 2.5, 0.0)) == "Error 2015"
        assert "重新连接" in office.evaluate("KaoheTrouble()")
        office.call("KaoheStopServer")
        assert office.call("KAOHE_ROUND", 2.5, 0.0) == 3.0 and len(programs) == 2


def later(office: Simulated, seconds: int) -> None:
    import datetime

    office.application.freeze_clock(datetime.datetime(2026, 1, 5, 9, 0) + datetime.timedelta(seconds=seconds))


def test_missing_files_are_told_of_by_name() -> None:
    with at_work() as office:
        assert office.dll is not None
        office.dll.is_loadable = False
        office.call("KAOHE_ROUND", 1.0, 2.0)
        told = office.evaluate("KaoheTrouble()")
        assert "无法加载 xlwings" in told and "install.py" in told and office.dll.starts == 0
    with at_work() as office:
        assert office.dll is not None
        office.dll.settings.clear()
        office.call("KAOHE_ROUND", 1.0, 2.0)
        assert "kaohe.conf" in office.evaluate("KaoheTrouble()")


def test_a_server_that_somebody_ended_is_started_again_once() -> None:
    with at_work() as office:
        library = office.dll
        assert library is not None and office.call("KAOHE_ROUND", 1.25, 1.0) == 1.3
        next(iter(library.servers.values())).program.is_gone = True
        assert office.call("KAOHE_ROUND", 2.25, 1.0) == 2.3 and library.starts == 2
        assert office.evaluate("KaoheTrouble()") == ""


def test_esc_while_python_is_asked_is_no_failure_of_the_server() -> None:
    with at_work() as office:
        library = office.dll
        assert library is not None and office.call("KAOHE_ROUND", 1.25, 1.0) == 1.3
        (server,) = library.servers.values()
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr(server, "invoke", lambda *_: _raise(error(18)))
            office.run("On Error Resume Next", 'KaoheAsk "poll", "F"', "Debug.Print Err.Number")
        assert office.application.console[-1].strip() == "18" and library.starts == 1
        assert office.call("KAOHE_ROUND", 2.25, 1.0) == 2.3 and library.starts == 1


@pytest.mark.parametrize(("times", "given"), [(2, "1.3"), (3, "Error 2015")])
def test_esc_while_one_waits_for_a_macro_leaves_a_cell_its_value(times: int, given: str) -> None:
    """It comes to whatever runs as error 18 (Microsoft, "Application.EnableCancelKey property (Excel)"), here to a cell's function."""
    with at_work() as office:
        assert office.call("KAOHE_ROUND", 1.0, 1.0) == 1.0 and office.dll is not None
        (server,) = office.dll.servers.values()
        with pytest.MonkeyPatch.context() as monkeypatch:
            asked = server.invoke
            failures = [error(18)] * times
            monkeypatch.setattr(server, "invoke", lambda *a: _raise(failures.pop()) if failures else asked(*a))
            assert str(office.call("KAOHE_ROUND", 1.25, 1.0)) == given
        assert office.evaluate("KaoheTrouble()") == ""
        assert [office.evaluate("KaoheWasEsc()") for _ in range(2)] == [True, False]


def _raise(failure: Exception) -> Any:
    raise failure


def test_nothing_that_python_raises_crosses_over(tmp_path: Path) -> None:
    with at_work() as office:
        import addin.excel.server as server

        def broken(*_: Any) -> Any:
            raise RuntimeError("出了意外")

        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr("addin.shared.crashes.user_folder", lambda: tmp_path)
            monkeypatch.setattr(server, "_called", lambda *_: broken())
            assert str(office.call("KAOHE_ROUND", 1.0, 2.0)) == "Error 2015"
        assert office.dll is not None and office.dll.starts == 1
        told = office.evaluate("KaoheTrouble()")
        assert told.startswith("程序内部出错（RuntimeError）") and "请连同它报告" in told


def test_an_exception_would_lose_its_message() -> None:
    """Why there are none: the DLL cuts a Chinese text to as many bytes as it has characters, and that cuts its end."""
    description = 'Unexpected Python Error: Traceback (most recent call last):\n  File "x.py", line 1, in f\n    说明说明说明说明说明说明说明\nUserError: 没有“张三”这个人\n'
    assert "张三" not in cut(description)
    assert (
        cut("Unexpected Python Error: Traceback (most recent call last):\n  File \"x\"\nKeyError: 'a'\n")
        == "KeyError: 'a'\n  File \"x\""
    )


def test_what_is_left_out_and_what_is_blank_reach_python_apart(office: Simulated) -> None:
    log = office.dll.traffic
    log.reset()
    office.call("KAOHE_COEF", 91.75, given([[1.2, None]]), given(MISSING), 1.3)
    ((_, (_, _, arguments, _, _)),) = log.log
    assert to_python(arguments) == (91.75, ((1.2, None),), PARAMETER_NOT_FOUND, 1.3, PARAMETER_NOT_FOUND)


@pytest.mark.parametrize(("is_1904", "days"), [(False, 4), (True, 5)])
def test_days_count_as_the_workbook_counts_them(office: Simulated, is_1904: bool, days: int) -> None:
    """44,565 is the 4th of January 2022, a Tuesday, or the 5th of January 2026, a Monday."""
    office.state["Date1904"] = is_1904
    office.run(
        "Dim sheet As Object",
        "Set sheet = Workbooks.Add.Worksheets(1)",
        'sheet.Range("A1:A3").Value = 44565',
        'sheet.Range("B1:B3").Formula = "=A1+4"',
        'sheet.Range("C1:C3").Formula = "=KAOHE_WORKDAYS(A1,B1)"',
        'sheet.Range("D1").Formula = "=SUM(C1:C3)"',
    )
    office.recalculate()
    assert office.evaluate('Range("D1").Value') == 3 * days
