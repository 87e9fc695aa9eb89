"""The modules of the VBA project: those written by hand in ``vba/``, and those generated from the declarations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from addin.excel.ribbon import CALLBACKS, MODULE, own_name
from addin.excel.sentences import sentences_module
from addin.excel.vbaproject import Kind, Module, vba_project
from addin.excel.wrappers import describing_module, functions_module
from addin.shared.exits import UserError
from udfs import FUNCTIONS

SOURCES = Path(__file__).parent / "vba"
WORKBOOK = "ThisWorkbook"
PROJECT = "Kaohe"
XLWINGS_VERSION = "@XLWINGS@"
"""Stands in kaohe_server.bas for the version that the name of xlwings' library carries."""


_COMMENT = re.compile(r"^[ ]*'.*\n", re.MULTILINE)


def modules(sheets: Iterable[str], is_own: bool = False) -> list[Module]:
    """Every module; ``sheets`` are the code names of the workbook's sheets, each of which has an (empty) module.

    ``is_own``: of a workbook that brings the functions itself, whose ribbon calls procedures of other names.
    """
    written = sorted(SOURCES.glob("*.bas"))
    classes = [path for path in sorted(SOURCES.glob("*.cls")) if path.stem != WORKBOOK]
    functions = list(FUNCTIONS.values())
    return [
        Module(WORKBOOK, _code(SOURCES / f"{WORKBOOK}.cls"), Kind.WORKBOOK),
        *(Module(name, "", Kind.SHEET) for name in sheets),
        *(Module(path.stem, _code(path), Kind.CLASS) for path in classes),
        *(_own(path) if is_own and path.stem == MODULE else Module(path.stem, _code(path)) for path in written),
        Module("kaohe_functions", functions_module(functions)),
        Module("kaohe_describe", describing_module(functions)),
        Module("kaohe_sentences", sentences_module()),
    ]


def _code(path: Path) -> str:
    """A module as it is built: without the lines of comment, whose words scanners of mail take for what they mean."""
    text = _COMMENT.sub("", path.read_text(encoding="ascii"))
    return text.replace(XLWINGS_VERSION, xlwings_version()) if XLWINGS_VERSION in text else text


def xlwings_version() -> str:
    """The version whose library the add-in asks for; raises UserError where xlwings is not installed."""
    try:
        return version("xlwings")
    except PackageNotFoundError:
        raise UserError(
            "没有安装 xlwings，Excel 的加载项要用它；请运行 python install.py，或 pip install xlwings"
        ) from None


def _own(path: Path) -> Module:
    return Module(
        own_name(MODULE), re.sub("|".join(rf"\b{name}\b" for name in CALLBACKS), lambda m: own_name(m[0]), _code(path))
    )


def project(sheets: Iterable[str], is_own: bool = False) -> bytes:
    """vbaProject.bin for a workbook with these sheets."""
    return vba_project(modules(sheets, is_own), PROJECT)
