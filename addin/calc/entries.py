"""The menu's entries as the extension is made: the host's own commands around the macros that there are."""

from __future__ import annotations

import json
from typing import Any

from addin.calc.component.menu import ABOUT, HANDBOOK, NEW, RECALCULATE, Command
from addin.macros import MACROS
from addin.macros.macro import GROUPS, Kind, Macro


def entries() -> list[list[Command]]:
    """By groups."""
    groups = [
        [Command(macro.name, macro.label, macro.label_en) for macro in MACROS.values() if macro.group == group]
        for group in GROUPS
    ]
    return [[NEW, RECALCULATE], *groups, [HANDBOOK, ABOUT]]


def macros_json() -> str:
    """The macros' declarations as the component reads them."""
    return json.dumps([_macro(macro) for macro in MACROS.values()], ensure_ascii=False, indent=1)


def _macro(macro: Macro) -> dict[str, Any]:
    options = [
        {
            "name": option.name,
            "label": option.label,
            "description": option.description,
            "is_flag": option.kind is Kind.FLAG,
            "is_file": option.kind is Kind.FILE,
            "choices": option.choices,
            "default": option.default,
        }
        for option in macro.options
    ]
    return {"name": macro.name, "label": macro.label, "options": options}
