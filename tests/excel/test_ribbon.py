"""The ribbon: valid, complete, and calling only what there is."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator

from addin.excel import build
from addin.excel.project import modules
from addin.excel.ribbon import CALLBACKS, NAMESPACE, ribbon
from addin.excel.sentences import SENTENCES
from addin.macros import MACROS
from tests.excel.simulated import Simulated, excel
from tests.support import PROJECT
from workbook_templates.scheme.catalogue import slugs, titles

ARGUMENTS = {
    "onAction": "control As IRibbonControl",
    "getVisible": "control As IRibbonControl, ByRef visible As Variant",
}
GALLERY = "control As IRibbonControl, id As String, index As Integer"


@pytest.fixture(scope="module")
def root() -> Any:
    return etree.fromstring(ribbon(MACROS.values()))


def elements(root: Any, name: str) -> list[Any]:
    return list(root.iter(f"{{{NAMESPACE}}}{name}"))


def test_groups_stand_in_their_order(root: Any) -> None:
    assert [group.get("label") for group in elements(root, "group")] == ["模板", "填写", "计算", "结果", "帮助"]
    assert [tab.get("label") for tab in elements(root, "tab")] == ["考核"]


def test_every_scheme_is_in_the_gallery_sorted_as_a_list_of_names(root: Any) -> None:
    shown = [(item.get("id").removeprefix("scheme."), item.get("label")) for item in elements(root, "item")]
    known, _ = titles()
    assert shown == list(known.items()) and sorted(known) == slugs()


def test_every_macro_has_a_button_in_its_group(root: Any) -> None:
    found = {
        button.get("id"): group.get("label")
        for group in elements(root, "group")
        for button in elements(group, "button")
    }
    assert {name: group for name, group in found.items() if name.startswith("macro.")} == {
        f"macro.{macro.name}": macro.group for macro in MACROS.values()
    }


def test_the_check_list_names_every_group_and_button_in_its_order(root: Any) -> None:
    groups = [
        (group.get("label"), [each.get("label") for each in group if each.get("label")])
        for group in elements(root, "group")
    ]
    listed = "、".join(f"{group}（{'、'.join(buttons)}）" for group, buttons in groups)
    assert f"组：{listed}；" in (PROJECT / "docs" / "excel.md").read_text(encoding="utf-8")


def test_every_button_has_a_picture_and_a_tip(root: Any) -> None:
    for button in elements(root, "button") + elements(root, "gallery"):
        assert all(button.get(name) for name in ("imageMso", "screentip", "supertip", "onAction")), button.get("id")


def test_identities_are_unique(root: Any) -> None:
    identities = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(identities)) == len(identities)


@pytest.mark.parametrize("is_own", [False, True])
def test_every_callback_is_there_with_the_arguments_that_office_gives(is_own: bool) -> None:
    code = {module.name: module.code for module in modules([], is_own)}
    called = 0
    for element in etree.fromstring(ribbon(MACROS.values(), is_own)).iter():
        for attribute, arguments in ARGUMENTS.items():
            if callback := element.get(attribute):
                module, name = callback.split(".")
                wanted = GALLERY if element.tag.endswith("}gallery") and attribute == "onAction" else arguments
                assert f"Public Sub {name}({wanted})" in code[module], callback
                called += 1
    assert called > len(MACROS)


def test_a_workbook_of_its_own_functions_shares_no_callback_with_the_addin() -> None:
    def callbacks(is_own: bool) -> set[str]:
        root = etree.fromstring(ribbon(MACROS.values(), is_own))
        return {element.get(name).split(".")[1] for element in root.iter() for name in ARGUMENTS if element.get(name)}

    assert callbacks(False) == set(CALLBACKS) and not callbacks(False) & callbacks(True)
    (own,) = [module.code for module in modules([], is_own=True) if module.name == "kaohe_ribbon_own"]
    assert not any(re.search(rf"\b{name}\b", own) for name in CALLBACKS)


def test_a_validator_knows_the_ribbon_and_finds_nothing(tmp_path: Path) -> None:
    path = build(tmp_path)
    assert OpenXmlValidator().validate(str(path)).errors == []
    broken = tmp_path / "broken.xlam"
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(broken, "w") as copy:
        for name in package.namelist():
            content = package.read(name)
            copy.writestr(name, content.replace(b'size="large"', b'size="huge"') if "customUI" in name else content)
    assert any("size" in str(error) for error in OpenXmlValidator().validate(str(broken)).errors)


CLICKS = """Public Said As String
Public Watches As Long
Public Sub KaoheNewBook(ByVal Scheme As String)
Said = Said & "new " & Scheme
End Sub
Public Sub KaoheRunMacro(ByVal MacroName As String)
Said = Said & "macro " & MacroName
End Sub
Public Sub KaoheCalculateColumns(ByVal Wb As Workbook)
Said = Said & "columns " & IIf(Application.EnableCancelKey = xlDisabled, "", "may be stopped ")
End Sub
Public Function KaoheHeal(ByVal Wb As Workbook, ByVal Everything As Boolean) As Long
If Everything Then Err.Raise 1004, , "protected"
End Function
Public Function KaoheTrouble() As String
KaoheTrouble = "away"
End Function
Public Sub KaoheWatch()
Watches = Watches + 1
End Sub
Public Sub KaoheStopServer()
Said = Said & "stop "
End Sub
Public Function KaoheAsk(ByVal FunctionName As String) As String
Err.Raise 5, , "no " & FunctionName
End Function
"""
CONTROL = """Public ID As String
"""


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Simulated:
    simulated = excel(monkeypatch, ("kaohe_text",))
    (code,) = [module.code for module in modules([]) if module.name == "kaohe_ribbon"]
    # Office's own types of the ribbon are not there; the callbacks get along with any object.
    code = re.sub(r"As IRibbon\w+", "As Object", code).replace("Application.CalculateFull", "Application.Calculate")
    simulated.application.add_module(code, name="kaohe_ribbon")
    simulated.application.add_module(CLICKS, name="stand_in")
    simulated.application.add_module(CONTROL, name="Control", kind="class")
    return simulated


def click(office: Simulated, callback: str, identity: str = "") -> None:
    office.run("Dim c As New Control", f'c.ID = "{identity}"', f"{callback} c")


def test_buttons_do_what_they_are_called(office: Simulated) -> None:
    click(office, "KaoheMacro", "macro.check")
    click(office, "KaoheCalculate")
    assert office.evaluate("Said") == "macro checkcolumns "
    assert "away" in office.application.dialogs[-1][1] and "重新连接" in office.application.dialogs[-1][1]
    office.run("Dim c As New Control", 'KaoheNew c, "scheme.rank-steps", 0')
    assert str(office.evaluate("Said")).endswith("new rank-steps")


@pytest.mark.parametrize(
    ("callback", "told"), [("KaoheMend", "protected"), ("KaoheRestart", "no about"), ("KaoheHelp", "no handbook")]
)
def test_what_fails_is_told_and_nothing_stops(office: Simulated, callback: str, told: str) -> None:
    click(office, callback)
    assert office.application.dialogs[-1][1] == SENTENCES["unexpected"].replace("{1}", told)


def test_every_button_watches_the_workbooks_again_if_somebody_stopped_the_code(office: Simulated) -> None:
    for number, callback in enumerate(sorted({*CALLBACKS} - {"KaoheIsVisible", "KaoheNew"}), 1):
        click(office, callback, "macro.check")
        assert office.evaluate("Watches") == number
    office.run("Dim c As New Control", 'KaoheNew c, "scheme.rank-steps", 0')
    assert office.evaluate("Watches") == len(CALLBACKS) - 1


def test_without_a_workbook_a_button_says_so(office: Simulated) -> None:
    office.application.application.active_book = None
    click(office, "KaoheMacro", "macro.check")
    assert office.application.dialogs[-1][1] == SENTENCES["no_workbook"] and office.evaluate("Said") == ""
