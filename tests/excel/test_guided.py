"""The check list driven through Excel, here through the stand-in; what differs is told step by step."""

from __future__ import annotations

import functools
import importlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyopenvba.apps.excel._model import Application, Range, Workbook, Workbooks, Worksheet
from pyopenvba.apps.excel._tables import ListRows
from pyopenvba.interpreter._objects import MemberSpec
from pyopenvba.interpreter._values import error

from addin.excel import guided
from addin.headless import calculate
from addin.shared.exits import UserError
from tests.excel import pywin as com
from tests.excel.dll import Program
from tests.excel.simulated import Simulated, working
from tests.excel.windows import Machine
from tests.functions.cases import cases
from tests.functions.workbook import build
from tests.support import Kaohe
from udfs import FUNCTIONS

FEW = ("KAOHE_YEARS", "KAOHE_COEF")
"""The whole of the check workbook takes minutes in the simulation; every case goes through test_gateway.py."""


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("few") / "few.xlsx"
    build(path, [case for case in cases() if case.function in FEW][:12])
    calculate(path)
    return path


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, few: Path) -> Iterator[Simulated]:
    from addin.macros import MACROS

    monkeypatch.setattr(guided, "MANY", 3)
    monkeypatch.setattr(guided, "CHECK", few)
    # Every macro goes through test_macros_at_work.py.
    monkeypatch.setattr("addin.macros.MACROS", {name: MACROS[name] for name in ("add", "publish")})
    with com.windows() as server, working(monkeypatch, lambda _: Program(server.XLPython())) as made:
        made.application.workbooks()[0].name = "kaohe.xlam"
        yield made


def guide(office: Simulated, folder: Path, clock: Callable[[], float] = lambda: 0.0) -> guided.Guide:
    return guided.Guide(com.CDispatch(office.application.application), folder, clock)


def refusing(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, message: str) -> None:
    """Excel refuses a method from now on."""

    def refuse(*_: Any) -> Any:
        raise error(1004, message)

    spec = owner._vba_members[name.lower()]
    refused = MemberSpec(name=name, kind="method", getter=refuse, parameters=spec.parameters)
    monkeypatch.setitem(owner._vba_members, name.lower(), refused)


def test_each_step_says_what_it_saw(office: Simulated, tmp_path: Path) -> None:
    lines: list[str] = []
    is_good, text = guided.report(com.CDispatch(office.application.application), lines.append, lambda: 0.0)
    assert is_good and text.splitlines()[0].startswith("KAOHE ") and text.splitlines()[1:] == lines
    told = {line.split("（")[0].split()[1]: line.split("：", 1)[1] for line in lines}
    assert list(told) == [
        "程序",
        "加载项",
        "输入函数",
        "全部函数",
        "模板和重新连接",
        "表格加一行",
        "加行和写入",
        "宏",
        "3",
    ]
    assert told["输入函数"].startswith("C1 = 88.5") and told["全部函数"] == "全部通过"
    assert (
        told["宏"].startswith("加人 0 个文件")
        and "公示表 1 个文件" in told["宏"]
        and told["3"] == "全部重算 0.0 秒，改一个得分 0.00 秒"
    )


def test_copied_cells_in_a_new_row_and_a_filter_that_is_not_seen_are_told_of(
    office: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = guide(office, tmp_path)
    with monkeypatch.context() as patched:
        keeping = MemberSpec(name="CutCopyMode", kind="property", getter=lambda _: 1, setter=lambda _, value: None)
        patched.setitem(Application._vba_members, "cutcopymode", keeping)
        assert tried.step("加行和写入", tried.editing).told == "C4 为 复制的，应为 None"
    unseen = MemberSpec(name="FilterMode", kind="property", getter=lambda _: False)
    monkeypatch.setitem(Worksheet._vba_members, "filtermode", unseen)
    assert tried.step("加行和写入", tried.editing).told == "没有看出工作表正在筛选"


def test_wps_is_told_apart_by_its_path(office: Simulated, tmp_path: Path) -> None:
    office.state["Path"] = r"C:\Program Files\Kingsoft\WPS Office\office6"
    tried = guide(office, tmp_path)
    assert tried.is_wps
    step = tried.step("程序", tried.program)
    assert not step.is_good and "这是 WPS 表格，不是 Excel" in step.told and office.state["Path"] in step.told


def test_a_missing_addin_is_told_of(office: Simulated, tmp_path: Path) -> None:
    office.application.workbooks()[0].name = "other.xlsx"
    tried = guide(office, tmp_path)
    assert tried.step("加载项", tried.addin).told == "没有装 kaohe.xlam：请运行 python install.py，或看 kaohe doctor"


def test_an_addin_that_excel_did_not_open_by_itself_is_opened(office: Simulated, tmp_path: Path, few: Path) -> None:
    office.application.workbooks()[0].name = "other.xlsx"
    tried = guide(office, tmp_path)
    tried.addin_file = Path(shutil.copyfile(few, tmp_path / "kaohe.xlam"))
    assert tried.step("加载项", tried.addin).told.endswith("kaohe.xlam")


def test_a_wrong_value_is_told_with_what_it_should_be(office: Simulated, tmp_path: Path) -> None:
    tried = guide(office, tmp_path)
    office.dll.is_loadable = False
    assert tried.step("输入函数", tried.functions).told == "C1 为 #VALUE!，应为 88.5"


def test_a_case_that_comes_out_otherwise_is_told_of(
    office: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = MemberSpec(name="Value", kind="property", getter=lambda *_: "不一致:函数核对!D3 KAOHE_YEARS")
    tried = guide(office, tmp_path)
    with monkeypatch.context() as patched:
        patched.setitem(Range._vba_members, "value", spec)
        assert tried.step("全部函数", tried.all_functions).told == "“结论”表 B3：不一致:函数核对!D3 KAOHE_YEARS"


def test_where_the_cases_are_not_at_hand_it_is_told_where_they_are(
    office: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guided, "CHECK", tmp_path / "excel-check.xlsx")
    tried = guide(office, tmp_path)
    told = f"没有 {tmp_path / 'excel-check.xlsx'}：请打开程序文件夹中的 docs/excel-check.xlsx，看“结论”表"
    assert tried.step("全部函数", tried.all_functions).told == told


def test_formulas_that_were_not_connected_are_told_of(
    office: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = guide(office, tmp_path)
    known = Range._vba_members["formula"]
    elsewhere = MemberSpec(
        name="Formula",
        kind="property",
        getter=lambda *a: str(known.getter(*a)).replace("KAOHE_", "'C:\\x\\kaohe.xlam'!KAOHE_"),
        setter=known.setter,
    )
    with monkeypatch.context() as patched:
        patched.setitem(Range._vba_members, "formula", elsewhere)
        step = tried.step("模板和重新连接", tried.template)
    assert not step.is_good and step.told.startswith("公式 =") and step.told.count(";") + step.told.count("；") >= 2


def test_names_that_excel_does_not_know_are_told_of(
    office: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyopenvba.formula._calc import registry

    for name in FUNCTIONS:
        del registry.FUNCTIONS[name]
    tried = guide(office, tmp_path)
    step = tried.step("模板和重新连接", tried.template)
    assert not step.is_good and "为 #NAME?" in step.told


def test_a_new_row_without_the_formula_is_told_of(
    office: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = ListRows._vba_members["add"]

    def add(rows: Any, *given: Any) -> Any:
        added = spec.getter(rows, *given)
        office.run('ActiveSheet.Range("C4").Value = 5')
        return added

    without = MemberSpec(name="Add", kind="method", getter=add, parameters=spec.parameters)
    monkeypatch.setitem(ListRows._vba_members, "add", without)
    tried = guide(office, tmp_path)
    assert tried.step("表格加一行", tried.new_row).told == "新的一行没有公式"


def test_what_excel_refuses_during_a_macro_is_told_in_its_words(
    office: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, Workbook, "SaveCopyAs", "磁盘已满")
    tried = guide(office, tmp_path)
    step = tried.step("宏", tried.macros)
    assert not step.is_good and step.told.startswith("ComError：") and step.told.endswith("磁盘已满")


def test_a_slow_excel_is_told_of(office: Simulated, tmp_path: Path) -> None:
    passed = iter(range(0, 10_000, 11))
    tried = guide(office, tmp_path, lambda: float(next(passed)))
    step = tried.step("千人", tried.many)
    assert step.told == "全部重算 11.0 秒，改一个得分 11.00 秒（超过 10 秒）" and not step.is_good


def test_an_excel_that_was_closed_meanwhile_fails_every_step_and_ends_nothing(
    office: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, Workbooks, "Add", "Excel 已关闭")
    refusing(monkeypatch, Workbooks, "Open", "Excel 已关闭")
    count = MemberSpec(name="Count", kind="property", getter=lambda _: (_ for _ in ()).throw(error(462, "没有服务器")))
    monkeypatch.setitem(Workbooks._vba_members, "count", count)
    path = MemberSpec(name="Path", kind="property", getter=lambda _: (_ for _ in ()).throw(error(462, "没有服务器")))
    monkeypatch.setitem(Application._vba_members, "path", path)
    steps = list(guide(office, tmp_path).steps())
    assert len(steps) == 9 and not any(step.is_good for step in steps)
    assert all("没有关闭打开的工作簿" in step.told for step in steps)


def test_without_excel_it_says_so() -> None:
    with pytest.raises(UserError, match="Windows"):
        guided.connect()


def test_the_command_writes_the_report_whatever_becomes_of_excel(
    kaohe: Kaohe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = SimpleNamespace()  # has not even a path, and can't be closed
    monkeypatch.setattr(guided, "connect", lambda: gone)
    monkeypatch.setattr("addin.excel.windows.this_windows", lambda: Machine(tmp_path).windows)
    run = kaohe("doctor", "--excel", "-o", "r.txt")
    assert run.code == 1 and "报告已写入 r.txt" in run.out and run.err == ""
    report = (tmp_path / "r.txt").read_text(encoding="utf-8-sig")
    assert report.count("不符") == 9 and "程序（" in report


def test_wps_is_asked_only_where_excel_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def client(*answering: str) -> Any:
        def dispatch(program: str) -> Any:
            if program not in answering:
                raise com.ComError(-2147221005, "无效的类字符串", None, None)
            return SimpleNamespace(program=program)

        return SimpleNamespace(DispatchEx=dispatch)

    for answering, expected in ((("Excel.Application", "Ket.Application"), "Excel"), (("Ket.Application",), "Ket")):
        found = client(*answering)
        monkeypatch.setattr(importlib, "import_module", functools.partial(lambda found, _: found, found))
        app = guided.connect()
        assert app.program.startswith(expected) and app.Visible is True
    monkeypatch.setattr(importlib, "import_module", lambda _: client())
    with pytest.raises(UserError, match="没有可以控制的 Excel"):
        guided.connect()
