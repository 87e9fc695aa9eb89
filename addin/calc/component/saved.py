"""Mends the functions' names in a workbook that Calc has saved, so that every other program knows them too."""

from __future__ import annotations

import errno
import html
import io
import re
import zipfile
from pathlib import Path
from typing import Match

from addin.calc.component.identity import SERVICE
from addin.calc.component.names import visible
from addin.portable.archive import rewrite
from addin.portable.replacing import replace

_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm")
_PARTS = re.compile(r"xl/(workbook|worksheets/[^/]+|tables/[^/]+)\.xml")
_FORMULA = re.compile(r"(<(f|formula1|formula2|formula|definedName|calculatedColumnFormula)\b[^>]*>)([^<]+)(</\2>)")
_SIGN = f"{SERVICE}.".encode("ascii")


def is_workbook(path: Path) -> bool:
    return path.suffix.lower() in _WORKBOOKS


def mend(path: Path, is_patient: bool = True) -> bool:
    """Rename ``KAOHE.SCORE(`` to ``KAOHE_SCORE(`` in a file's formulas; False where there is nothing to rename.

    The file is replaced as a whole and keeps its date, by which LibreOffice tells whether somebody else has changed it.
    Raises OSError, the file being as before, if it can't be replaced; where it is not patient, at once if the file is held.
    """
    if not zipfile.is_zipfile(str(path)):
        return False  # encrypted
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        mended = {name: _mended(package.read(name)) for name in package.namelist() if _PARTS.fullmatch(name)}
    changed = {name: part for name, part in mended.items() if part is not None}
    if not changed:
        return False

    def check() -> None:
        if path.read_bytes() != content:
            raise FileExistsError(errno.EEXIST, "changed meanwhile", str(path))

    replace(
        path, lambda file: rewrite(io.BytesIO(content), file, changed), check, keep_date=True, is_patient=is_patient
    )
    return True


def _mended(part: bytes) -> bytes | None:
    if _SIGN not in part:
        return None
    text = part.decode("utf-8")
    changed = _FORMULA.sub(_formula, text)
    return None if changed == text else changed.encode("utf-8")


def _formula(found: Match[str]) -> str:
    formula = html.unescape(found[3])
    renamed = visible(formula)
    return found[0] if renamed == formula else f"{found[1]}{html.escape(renamed, quote=False)}{found[4]}"
