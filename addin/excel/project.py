"""The modules of the VBA project: those written by hand in ``vba/``, and those generated from the declarations."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import xlwings

from addin.excel.vbaproject import Kind, Module, vba_project
from addin.excel.wrappers import describing_module, functions_module
from udfs import FUNCTIONS

SOURCES = Path(__file__).parent / "vba"
WORKBOOK = "ThisWorkbook"
PROJECT = "Kaohe"
XLWINGS_VERSION = "@XLWINGS@"
"""Stands in kaohe_server.bas for the version that the name of xlwings' library carries."""


def modules(sheets: Iterable[str]) -> list[Module]:
    """Every module; ``sheets`` are the code names of the workbook's sheets, each of which has an (empty) module."""
    written = sorted(SOURCES.glob("*.bas"))
    classes = [path for path in sorted(SOURCES.glob("*.cls")) if path.stem != WORKBOOK]
    functions = list(FUNCTIONS.values())
    return [
        Module(WORKBOOK, _code(SOURCES / f"{WORKBOOK}.cls"), Kind.WORKBOOK),
        *(Module(name, "", Kind.SHEET) for name in sheets),
        *(Module(path.stem, _code(path), Kind.CLASS) for path in classes),
        *(Module(path.stem, _code(path)) for path in written),
        Module("kaohe_functions", functions_module(functions)),
        Module("kaohe_describe", describing_module(functions)),
    ]


def _code(path: Path) -> str:
    return path.read_text(encoding="ascii").replace(XLWINGS_VERSION, xlwings.__version__)


def project(sheets: Iterable[str]) -> bytes:
    """vbaProject.bin for a workbook with these sheets."""
    return vba_project(modules(sheets), PROJECT)
