"""The check list driven through Excel, here through the stand-in; what differs is told step by step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from addin.excel import guided
from addin.headless import calculate
from tests.excel import pywin as com
from tests.excel.library import Program
from tests.excel.simulated import Simulated, working
from tests.functions.cases import cases
from tests.functions.workbook import build


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setattr(guided, "MANY", 4)
    # The whole of it takes minutes in the simulation; every case goes through test_gateway.py.
    few = [case for case in cases() if case.function in ("KAOHE_YEARS", "KAOHE_COEF")][:12]
    build(tmp_path / "few.xlsx", few)
    calculate(tmp_path / "few.xlsx")
    monkeypatch.setattr(guided, "CHECK", tmp_path / "few.xlsx")
    with com.windows() as server, working(monkeypatch, lambda _: Program(server.XLPython())) as made:
        made.application.workbooks()[0].name = "kaohe.xlam"
        yield made


def guide(office: Simulated, folder: Path) -> guided.Guide:
    return guided.Guide(com.CDispatch(office.application.application), folder, lambda: 0.0)


def test_each_step_says_what_it_saw(office: Simulated, tmp_path: Path) -> None:
    steps = {step.name: step for step in guide(office, tmp_path).steps()}
    assert {name: step.told for name, step in steps.items() if not step.is_good} == {}
    assert steps["输入函数"].told.startswith("C1 = 88.5")
    assert steps["全部函数"].told == "全部通过"
    assert "公示表" in steps["宏"].told


def test_wps_is_told_apart_by_its_path(office: Simulated, tmp_path: Path) -> None:
    office.state["Path"] = r"C:\Program Files\Kingsoft\WPS Office\office6"
    tried = guide(office, tmp_path)
    assert tried.is_wps
    with pytest.raises(guided.Different, match="WPS 表格"):
        tried.program()


def test_a_wrong_value_is_told_with_what_it_should_be(
    office: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = guide(office, tmp_path)
    office.library.is_loadable = False  # type: ignore[union-attr]
    with pytest.raises(guided.Different, match=r"C1 为 -2146826273,应为 88.5"):
        tried.functions()


def test_without_excel_it_says_so() -> None:
    from addin.shared.exits import UserError

    with pytest.raises(UserError, match="Windows"):
        guided.connect()
