"""The names by which LibreOffice knows the extension and its parts."""

from __future__ import annotations

from udfs import Function
from udfs.registry import PREFIX

IDENTIFIER = "cn.kaohe.calc"
INTERFACE = "XKaohe"
SERVICE = "KAOHE"
"""The add-in's service: a function's programmatic name is ``KAOHE.SCORE``, which some versions write into files too."""

FUNCTIONS = f"{IDENTIFIER}.Functions"
DOCUMENTS = f"{IDENTIFIER}.Documents"
COMMANDS = f"{IDENTIFIER}.Commands"
PROTOCOL = f"{IDENTIFIER}:"
TOOLBAR = f"{IDENTIFIER}.toolbar"
SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"


def method(function: Function) -> str:
    """``SCORE``, the method of the service that computes KAOHE_SCORE."""
    return function.name[len(PREFIX) :]
