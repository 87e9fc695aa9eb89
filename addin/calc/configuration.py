"""The extension's configuration files (.xcu), from the functions' declarations and the menu's commands."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from addin.calc.component import identity
from addin.calc.component.menu import Command
from addin.calc.entries import entries
from addin.calc.typelibrary import argument_name
from udfs import FUNCTIONS
from udfs.registry import Function, Parameter

CHINESE, ENGLISH = "zh-CN", "en-US"
TITLE, TITLE_EN = "考核", "Appraisal"
_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="{0}" oor:package="org.openoffice.Office{1}">\n'
)


def files() -> dict[str, str]:
    """Every configuration file by its name."""
    return {
        "CalcAddIns.xcu": _file("CalcAddIns", _functions()),
        "Addons.xcu": _file("Addons", _addons()),
        "ProtocolHandler.xcu": _file("ProtocolHandler", _protocol()),
        "Jobs.xcu": _file("Jobs", _jobs()),
        "CalcWindowState.xcu": _file("CalcWindowState", _toolbar_place(), ".UI"),
    }


def _file(name: str, content: str, package: str = "") -> str:
    return f"{_OPEN.format(name, package)}{content}\n</oor:component-data>\n"


def _node(name: str, *content: str, replace: bool = False, fuse: bool = False) -> str:
    operation = ' oor:op="replace"' if replace else ' oor:op="fuse"' if fuse else ""
    return f"<node oor:name={quoteattr(name)}{operation}>{''.join(content)}</node>\n"


def _property(name: str, value: str) -> str:
    return f'<prop oor:name="{name}"><value>{escape(value)}</value></prop>'


def _translated(name: str, chinese: str, english: str) -> str:
    values = (
        f'<value xml:lang="{lang}">{escape(text)}</value>' for lang, text in ((ENGLISH, english), (CHINESE, chinese))
    )
    return f'<prop oor:name="{name}">{"".join(values)}</prop>'


def _functions() -> str:
    functions = (_function(function) for function in FUNCTIONS.values())
    return _node("AddInInfo", _node(identity.SERVICE, _node("AddInFunctions", *functions), replace=True))


def _function(function: Function) -> str:
    return _node(
        identity.method(function),
        _translated("DisplayName", function.name, function.name),
        _translated("Description", f"{function.label}：{function.description}", function.description_en),
        _property("Category", "Add-In"),
        _translated("CompatibilityName", function.name, function.name),
        _node("Parameters", *map(_parameter, function.parameters)),
        replace=True,
    )


def _parameter(parameter: Parameter) -> str:
    return _node(
        argument_name(parameter),
        _translated("DisplayName", parameter.name, parameter.english),
        _translated("Description", parameter.description, parameter.description_en),
        replace=True,
    )


def _addons() -> str:
    items = _items(entries())
    menu = _node(
        f"{identity.IDENTIFIER}.menu",
        _translated("Title", TITLE, TITLE_EN),
        _property("Context", identity.SPREADSHEET),
        _node("Submenu", *items),
        replace=True,
    )
    toolbar = _node(identity.TOOLBAR, *items, replace=True)
    images = _node("Images", *(_image(command) for group in entries() for command in group))
    return _node("AddonUI", _node("OfficeMenuBar", menu), _node("OfficeToolBar", toolbar), images)


def _items(groups: Iterable[Iterable[Command]]) -> list[str]:
    """Those of a group together, a line between it and the next one."""
    items = [item for group in groups for item in (_SEPARATOR, *map(_item, group))][1:]
    return [_node(f"m{place:02}", *properties, replace=True) for place, properties in enumerate(items)]


_SEPARATOR = [_property("URL", "private:separator")]


def _item(command: Command) -> list[str]:
    return [
        _property("URL", command.url),
        _translated("Title", command.label, command.label_en),
        _property("Target", "_self"),
        _property("Context", identity.SPREADSHEET),
    ]


def _image(command: Command) -> str:
    sizes = (("ImageSmallURL", 16), ("ImageBigURL", 26))
    urls = (_property(name, f"%origin%/icons/{command.name}_{size}.svg") for name, size in sizes)
    return _node(
        f"{identity.IDENTIFIER}.{command.name}",
        _property("URL", command.url),
        _node("UserDefinedImages", *urls),
        replace=True,
    )


def _protocol() -> str:
    protocols = f'<prop oor:name="Protocols" oor:type="oor:string-list"><value>{identity.PROTOCOL}*</value></prop>'
    return _node("HandlerSet", _node(identity.COMMANDS, protocols, replace=True))


EVENTS = ("OnLoadFinished", "OnNew", "OnSaveDone", "OnSaveAsDone", "OnUnload")
"""When documents want looking after: formulas are bound when one is loaded, their names mended when it has been saved."""


def _jobs() -> str:
    alias = identity.DOCUMENTS
    job = _node(
        alias, _property("Service", identity.DOCUMENTS), _property("Context", identity.SPREADSHEET), replace=True
    )
    events = (_node(event, _node("JobList", _node(alias, replace=True)), fuse=True) for event in EVENTS)
    return _node("Jobs", job) + _node("Events", *events)


def _toolbar_place() -> str:
    """Without it the toolbar floats, under a name that LibreOffice makes up."""
    state = _node(
        f"private:resource/toolbar/addon_{identity.TOOLBAR}",
        _translated("UIName", TITLE, TITLE_EN),
        _property("ContextSensitive", "false"),
        _property("Visible", "true"),
        _property("Docked", "true"),
        _property("DockingArea", "0"),
        _property("DockPos", "0,2"),
        replace=True,
    )
    return _node("UIElements", _node("States", state))
