"""The ribbon tab 考核: groups, buttons and what they call, made from the schemes and the macros that are declared."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from addin.macros.macro import COMPUTING, FILLING, RESULTS, Macro
from workbook_templates.scheme.catalogue import load, titles

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
MODULE = "kaohe_ribbon"
OWN = "Own"
"""In the names of callbacks of a workbook that brings the functions itself: Office takes those of the active workbook for
the add-in's, if they are called alike."""

LONGEST_TIP = 1024
CALLBACKS = ("KaoheIsVisible", "KaoheNew", "KaoheMacro", "KaoheCalculate", "KaoheMend", "KaoheRestart", "KaoheHelp")


def own_name(name: str) -> str:
    """``KaoheOwnMacro`` for ``KaoheMacro``, ``kaohe_ribbon_own`` for the module."""
    return f"{name}_{OWN.lower()}" if name == MODULE else name.replace("Kaohe", f"Kaohe{OWN}", 1)


def ribbon(macros: Iterable[Macro], is_own: bool = False) -> bytes:
    """The part customUI14.xml: of the add-in, or of a workbook that brings the functions itself."""
    ElementTree.register_namespace("", NAMESPACE)
    root = _element(None, "customUI")
    tabs = _element(_element(root, "ribbon"), "tabs")
    tab = _element(tabs, "tab", id="kaohe", label="考核", getVisible="KaoheIsVisible", insertAfterMso="TabData")
    _gallery(_group(tab, "templates", "模板"))
    macros = list(macros)
    for identity, label in (("filling", FILLING), ("computing", COMPUTING), ("results", RESULTS)):
        group = _group(tab, identity, label)
        for macro in macros:
            if macro.group == label:
                _button(group, f"macro.{macro.name}", "KaoheMacro", macro.label, macro.icon, macro.description)
        if label == COMPUTING:
            _button(
                group, "calculate", "KaoheCalculate", "全部重算", "CalculateNow", "重新计算所有打开的工作簿。"
            )  # fmt: skip
            _button(
                group, "mend", "KaoheMend", "修复公式", "Refresh",
                "公式显示 #NAME?，或指向别的电脑上的 kaohe.xlam 时使用：重新连接本工作簿的全部考核公式，数值和格式不变。",
            )  # fmt: skip
    group = _group(tab, "help", "帮助")
    _button(group, "handbook", "KaoheHelp", "函数说明", "Help", "打开全部考核函数的说明。")
    _button(
        group, "restart", "KaoheRestart", "重新连接", "RefreshAll",
        "考核函数全部显示 #VALUE! 时使用：重新启动计算程序，并显示它是哪一个 Python。",
    )  # fmt: skip
    for element in root.iter():
        for attribute in ("onAction", "getVisible"):
            if callback := element.get(attribute):
                place = f"{own_name(MODULE)}.{own_name(callback)}" if is_own else f"{MODULE}.{callback}"
                element.set(attribute, place)
    ElementTree.indent(root)
    part: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return part


def _element(parent: ElementTree.Element | None, name: str, **attributes: str) -> ElementTree.Element:
    tag = f"{{{NAMESPACE}}}{name}"
    return ElementTree.Element(tag, attributes) if parent is None else ElementTree.SubElement(parent, tag, attributes)


def _group(tab: ElementTree.Element, identity: str, label: str) -> ElementTree.Element:
    return _element(tab, "group", id=f"group.{identity}", label=label)


def _button(group: ElementTree.Element, identity: str, action: str, label: str, icon: str, told: str) -> None:
    _element(
        group, "button", id=identity, label=label, size="large", imageMso=icon, screentip=label, supertip=told[:LONGEST_TIP],
        onAction=action,
    )  # fmt: skip


def _gallery(group: ElementTree.Element) -> None:
    gallery = _element(
        group, "gallery", id="schemes", label="新建考核表", size="large", imageMso="FileNew", columns="1",
        screentip="新建考核表", supertip="按一个考核方案新建工作簿：填写规则、参数、人员表和汇总都已备好。",
        onAction="KaoheNew",
    )  # fmt: skip
    for slug in titles()[0]:
        scheme = load(slug)
        _element(
            gallery, "item", id=f"scheme.{slug}", label=scheme.title, screentip=scheme.title,
            supertip=scheme.summary[:LONGEST_TIP] or scheme.title,
        )  # fmt: skip
