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
from addin.excel.ribbon import NAMESPACE, ribbon
from addin.macros import MACROS
from tests.excel.simulated import Simulated, excel
from workbook_templates.scheme.catalogue import load, slugs

ARGUMENTS = {
    "onLoad": "ribbon As IRibbonUI",
    "onAction": "control As IRibbonControl",
    "getEnabled": "control As IRibbonControl, ByRef enabled As Variant",
    "getVisible": "control As IRibbonControl, ByRef visible As Variant",
}
GALLERY = "control As IRibbonControl, id As String, index As Integer"


@pytest.fixture(scope="module")
def root() -> Any:
    return etree.fromstring(ribbon(MACROS.values()))


def elements(root: Any, name: str) -> list[Any]:
    return list(root.iter(f"{{{NAMESPACE}}}{name}"))


def test_groups_stand_in_their_order(root: Any) -> None:
    assert [group.get("label") for group in elements(root, "group")] == ["模板", "计算", "结果", "帮助"]
    assert [tab.get("label") for tab in elements(root, "tab")] == ["考核"]


def test_every_scheme_is_in_the_gallery(root: Any) -> None:
    assert [item.get("id") for item in elements(root, "item")] == [f"scheme.{slug}" for slug in slugs()]
    assert [item.get("label") for item in elements(root, "item")] == [load(slug).title for slug in slugs()]


def test_every_macro_has_a_button_in_its_group(root: Any) -> None:
    found = {
        button.get("id"): group.get("label")
        for group in elements(root, "group")
        for button in elements(group, "button")
    }
    assert {name: group for name, group in found.items() if name.startswith("macro.")} == {
        f"macro.{macro.name}": macro.group for macro in MACROS.values()
    }


def test_every_button_has_a_picture_a_tip_and_knows_when_it_makes_sense(root: Any) -> None:
    for button in elements(root, "button") + elements(root, "gallery"):
        assert all(button.get(name) for name in ("imageMso", "screentip", "supertip", "getEnabled", "onAction")), (
            button.get("id")
        )


def test_identities_are_unique(root: Any) -> None:
    identities = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(identities)) == len(identities)


def test_every_callback_is_there_with_the_arguments_that_office_gives(root: Any) -> None:
    code = {module.name: module.code for module in modules([])}
    called = 0
    for element in root.iter():
        for attribute, arguments in ARGUMENTS.items():
            if callback := element.get(attribute):
                module, name = callback.split(".")
                wanted = GALLERY if element.tag.endswith("}gallery") and attribute == "onAction" else arguments
                assert f"Public Sub {name}({wanted})" in code[module], callback
                called += 1
    assert called > len(MACROS)


def test_a_validator_knows_the_ribbon_and_finds_nothing(tmp_path: Path) -> None:
    (path,) = build(tmp_path)
    assert OpenXmlValidator().validate(str(path)).errors == []
    broken = tmp_path / "broken.xlam"
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(broken, "w") as copy:
        for name in package.namelist():
            content = package.read(name)
            copy.writestr(name, content.replace(b'size="large"', b'size="huge"') if "customUI" in name else content)
    assert any("size" in str(error) for error in OpenXmlValidator().validate(str(broken)).errors)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Simulated:
    simulated = excel(monkeypatch, ("kaohe_text",))
    (code,) = [module.code for module in modules([]) if module.name == "kaohe_ribbon"]
    # Office's own types of the ribbon are not there; the callbacks get along with any object.
    simulated.application.add_module(re.sub(r"As IRibbon\w+", "As Object", code), name="kaohe_ribbon")
    simulated.application.add_module(
        "Public Function KaoheIsBusy()\nKaoheIsBusy = False\nEnd Function\n", name="stand_in"
    )
    return simulated


def enabled(office: Simulated, callback: str) -> bool:
    office.application.console.clear()
    office.run("Dim v As Variant", f"{callback} Nothing, v", "Debug.Print v")
    return str(office.application.console[-1]).strip() == "True"


def test_buttons_are_enabled_where_they_make_sense(office: Simulated) -> None:
    assert enabled(office, "KaoheMayStart") and enabled(office, "KaoheHasWorkbook")
    assert not enabled(office, "KaoheHasTable") and not enabled(office, "KaoheHasChecks")
    office.run(r'Range("B5").Value = U("\u59d3\u540d")')
    assert enabled(office, "KaoheHasTable") and not enabled(office, "KaoheHasChecks")
    office.run(r'Range("C5").Value = U("\u6821\u9a8c")')
    assert enabled(office, "KaoheHasChecks")
