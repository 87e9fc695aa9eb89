"""The entries of the menu and the toolbar 考核: the commands that every host has, and the macros."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from addin.calc.component.identity import PROTOCOL

MACROS_FILE = "macros.json"
"""The macros as they were declared when the extension was made; beside this module in the extension."""


@dataclass(frozen=True)
class Command:
    """An entry of the menu and the toolbar."""

    name: str
    label: str
    label_en: str

    @property
    def url(self) -> str:
        """The address by which LibreOffice calls it."""
        return PROTOCOL + self.name


NEW = Command("new", "新建考核表", "New appraisal workbook")
RECALCULATE = Command("recalculate", "重新计算", "Recalculate")
HANDBOOK = Command("handbook", "函数手册", "Function handbook")
ABOUT = Command("about", "关于", "About")


def macros() -> list[dict[str, Any]]:
    """Name, label, description and options of every macro."""
    declared: list[dict[str, Any]] = json.loads((Path(__file__).parent / MACROS_FILE).read_text(encoding="utf-8"))
    return declared
