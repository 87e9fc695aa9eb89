"""Imported before pywin32's ``win32com.client``: its objects are what Excel says of itself, not classes generated beforehand.

Those stand in a folder of TEMP that all Pythons of a version share (``%TEMP%\\gen_py``). What cleaners of disks or another program
leave of it keeps ``win32com.client`` from being imported (a cut ``dicts.dat``), or makes every object of Excel's fail ("has no
attribute CLSIDToClassMap": pywin32's issue 1694, xlwings' issue 2490). And xlwings, when it is imported, would generate them anew,
for what we don't use (xlwings/__init__.py: asynchronous functions, legacy dynamic arrays, the caller as an argument).
"""

from __future__ import annotations

import sys
from types import ModuleType

NAME = "win32com.client.gencache"


class _NothingGenerated(ModuleType):
    """The one function of the cache that pywin32 itself calls; whoever wants another one finds that there is none."""

    @staticmethod
    def GetClassForCLSID(clsid: object) -> None:
        return None


sys.modules.setdefault(NAME, _NothingGenerated(NAME))
