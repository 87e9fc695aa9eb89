"""Values between COM and the functions; the whole way is tested in test_gateway.py."""

from __future__ import annotations

import atexit
import importlib
import os
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from addin.excel import server
from addin.excel.server import COM_ERROR, ERROR_CODES, FAILURES_END, TOLD, block_of, cell_of, cells_of, each, telling
from addin.shared.exits import UserError
from tests.excel.pywin import windows
from udfs import FUNCTIONS, MISSING, CellError
from udfs.values import WholeColumns

ROOT = Path(__file__).parents[2]
NA = -2146826246
DISP_E_TYPEMISMATCH = -0x7FFDFFFB
"""What pywin32 puts in the place of what it can't convert."""


@pytest.mark.parametrize("error", CellError)
def test_every_error_value_goes_there_and_back(error: CellError) -> None:
    ((code,),) = block_of(error)
    assert code == COM_ERROR + ERROR_CODES[error]
    assert cell_of(code) is error


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (COM_ERROR + 2099, CellError.VALUE),
        (COM_ERROR - 1, CellError.VALUE),
        (DISP_E_TYPEMISMATCH, CellError.VALUE),
        (COM_ERROR + 0x10000, CellError.VALUE),
        (FAILURES_END - 1, CellError.VALUE),
        (FAILURES_END, float(FAILURES_END)),
        (3, 3.0),
        (-5, -5.0),
        (Decimal("1.25"), 1.25),
        (datetime(2024, 1, 2, 12), 45293.5),
        (object(), CellError.VALUE),
    ],
)
def test_what_else_com_may_hand_over(value: Any, cell: Any) -> None:
    assert cell_of(value) == cell and type(cell_of(value)) is type(cell)


def test_plain_rows_are_not_copied() -> None:
    row = (80.0, "x", None, True)
    assert cells_of((row,))[0] is row


def test_results_are_blocks_of_doubles() -> None:
    assert block_of(((1, "x"), (CellError.NA, 2.5))) == [[1.0, "x"], [NA, 2.5]]
    assert type(block_of(1)[0][0]) is float


def test_whole_columns_come_in_an_array_of_their_own() -> None:
    block = (("得分",), (90.0,))
    assert isinstance(cells_of((block,)), WholeColumns)
    assert cells_of((block,)) == [("得分",), (90.0,)]
    assert not isinstance(cells_of(block), WholeColumns)
    assert not isinstance(cells_of(((90.0,),)), WholeColumns)


def test_calls_with_nothing_in_common_are_made_row_by_row() -> None:
    full, deductions = ((10.0,), (8.0,), ("缺",)), ((1.0, None), (2.0, 3.0), (0.0, 0.0))
    assert each("KAOHE_ITEM", "vv.", full, deductions, MISSING) == [[9.0], [3.0], [COM_ERROR + 2015]]
    assert each("KAOHE_ITEM", "..v..", 10.0, ((1.0, 2.0),), full, MISSING, 12.0)[:2] == [[12.0], [12.0]]
    first, last = ((44565.0,), (44565.0,)), ((44569.0,), (44568.0,))
    assert each("KAOHE_WORKDAYS", "vv", first, last) == [[4.0], [4.0]]
    assert each("KAOHE_WORKDAYS_1904", "vv", first, last) == [[5.0], [4.0]]
    assert str(each("KAOHE_NOTHING", "v", full)[0][0]).startswith(TOLD)


def test_results_are_lists_at_both_levels() -> None:
    """COM takes a tuple for a result with further ones behind it."""
    for result in (1.0, ((1.0,), (2.0,)), ((1.0, 2.0),)):
        block = block_of(result)
        assert type(block) is list and all(type(row) is list for row in block)


def test_what_is_told_has_a_mark_and_is_no_exception(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("addin.shared.crashes.user_folder", lambda: tmp_path)

    def refuse(name: str) -> str:
        raise UserError(f"没有 {name}")

    assert telling(refuse, "张三") == f"{TOLD}没有 张三"
    assert telling(str.upper, "a") == "A"
    broken = [telling(lambda: 1 / 0) for _ in range(3)]
    assert "程序内部出错（ZeroDivisionError）" in broken[0] and len(set(broken)) == 1
    # One file of details, though it happened three times.
    assert len(list(tmp_path.rglob("kaohe-*.txt"))) == 1


def test_errors_of_the_program_are_not_remembered_without_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("addin.shared.crashes.user_folder", lambda: tmp_path)
    monkeypatch.setattr(server, "_crashes", {})
    monkeypatch.setattr(server, "MOST_CRASHES", 3)

    def fail(number: int) -> None:
        raise KeyError(number)

    told = [telling(fail, number) for number in (*range(4), 3)]
    assert len(server._crashes) == 1 and told[3] == told[4] and len(set(told)) == 4


@pytest.mark.parametrize("settings", [b'"INTERPRETER_WIN","C:\\\xbf\xbc\xff"\n', b'"LICENSE_KEY","noncommercial"\n'])
def test_a_users_own_settings_of_xlwings_are_no_matter_of_ours(tmp_path: Path, settings: bytes) -> None:
    (tmp_path / ".xlwings").mkdir()
    (tmp_path / ".xlwings" / "xlwings.conf").write_bytes(settings)
    code = "import sys, addin.excel.server as s; print(s.xlwings.__pro__, 'xlwings.pro' in sys.modules)"
    environment = {**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment,
    )
    assert done.stdout.strip() == "False False", done.stderr


def test_functions_need_neither_pandas_nor_numpy() -> None:
    code = (
        "import sys, addin.excel.server as server; from udfs import FUNCTIONS;"
        "server._called(FUNCTIONS['KAOHE_ROUND'], False, (1.005, 2.0));"
        "print([name for name in ('numpy', 'pandas', 'polars', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="xlwings has loaded the module there already")
def test_no_other_excel_is_ended_with_this_program(monkeypatch: pytest.MonkeyPatch) -> None:
    at_exit: list[Any] = []
    monkeypatch.setattr(atexit, "register", lambda function: at_exit.append(function) or function)
    monkeypatch.setattr(atexit, "unregister", at_exit.remove)
    with windows():
        assert [f"{each.__module__}.{each.__name__}" for each in at_exit] == ["xlwings._xlwindows.cleanup"]
        # On Windows xlwings loads that module itself, before this line is reached.
        importlib.reload(importlib.import_module("addin.excel.lightweight"))
        assert at_exit == []


@pytest.mark.parametrize("stays", [False, True])
def test_an_update_beside_an_open_excel_changes_nothing_in_its_program(
    monkeypatch: pytest.MonkeyPatch, stays: bool
) -> None:
    def written(path: str) -> float:
        times.append(len(times))
        if stays:
            raise FileNotFoundError(path)  # it is just being replaced
        return times[-1]

    times: list[int] = []
    loaded: list[Any] = []
    with windows() as com, monkeypatch.context() as context:
        module, udfs = (importlib.import_module(name) for name in ("addin.excel.server", "xlwings.udfs"))
        context.setattr(udfs.os.path, "getmtime", written)
        context.setattr(udfs, "reload", lambda module: loaded.append(module) or module)
        if stays:
            module.stay_loaded()
        answers = [com.XLPython().CallUDF("addin.excel.server", "KAOHE_ROUND", (1.005, 2.0)) for _ in range(2)]
    assert answers == [1.01, 1.01] and bool(loaded) is not stays and bool(times) is not stays


def test_results_are_remembered_for_the_latest_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_results", type(server._results)())
    monkeypatch.setattr(server, "MOST_REMEMBERED", 2)
    function = FUNCTIONS["KAOHE_ROUND"]
    first, second, third = ((number, 1.0) for number in (1.25, 2.25, 3.25))
    kept = server._called(function, False, first)
    server._called(function, False, second)
    assert server._called(function, False, first) is kept
    server._called(function, False, third)
    assert len(server._results) == 2 and server._called(function, False, first) is kept == [[1.3]]
