"""The job that LibreOffice runs when a spreadsheet has been loaded or saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import uno
import unohelper
from com.sun.star.lang import XServiceInfo
from com.sun.star.task import XJob

from addin.calc.component.binding import bind, mark_unmodified
from addin.calc.component.identity import DOCUMENTS
from addin.calc.component.saved import is_workbook, mend

_unmended: set[Path] = set()
"""Saved files that could not be replaced yet."""


class Documents(unohelper.Base, XJob, XServiceInfo):
    """Binds formulas after loading; mends the file after saving, or on closing if it could not be replaced before."""

    def __init__(self, context: Any, *_: Any) -> None:
        pass

    def getImplementationName(self) -> str:
        return DOCUMENTS

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return ("com.sun.star.task.Job", DOCUMENTS)

    def supportsService(self, name: str) -> bool:
        return name in self.getSupportedServiceNames()

    def execute(self, arguments: Any) -> None:
        environment = {value.Name: value.Value for value in _value(arguments, "Environment")}
        document, event = environment["Model"], environment["EventName"]
        if event in ("OnLoadFinished", "OnNew"):
            if bind(document):
                mark_unmodified(document)
            return
        url = document.getURL()
        path = Path(uno.fileUrlToSystemPath(url)) if url.startswith("file:") else None
        if path is None or not is_workbook(path) or (event == "OnUnload" and path not in _unmended):
            return
        _unmended.discard(path)
        try:
            # While the document is open Windows never lets its file be replaced.
            mend(path, is_patient=event == "OnUnload")
        except OSError:
            # A disk may be full, too; it is mended when the document is closed.
            _unmended.add(path)


def _value(arguments: Any, name: str) -> Any:
    return next(argument.Value for argument in arguments if argument.Name == name)
