"""Mends the functions' names in a workbook that Calc has saved, so that every other program knows them too."""

from __future__ import annotations

import html
import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Match

from addin.calc.component.identity import SERVICE
from addin.calc.component.names import visible

_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm")
_PARTS = re.compile(r"xl/(workbook|worksheets/[^/]+|tables/[^/]+)\.xml")
_FORMULA = re.compile(r"(<(f|formula1|formula2|formula|definedName|calculatedColumnFormula)\b[^>]*>)([^<]+)(</\2>)")
_SIGN = f"{SERVICE}.".encode("ascii")


def is_workbook(path: Path) -> bool:
    return path.suffix.lower() in _WORKBOOKS


def mend(path: Path) -> bool:
    """Rename ``KAOHE.SCORE(`` to ``KAOHE_SCORE(`` in a file's formulas; False where there is nothing to rename.

    The file is replaced as a whole and keeps its date, by which LibreOffice tells whether somebody else has changed it.
    Raises OSError, the file being as before, if it can't be replaced.
    """
    if not zipfile.is_zipfile(str(path)):
        return False  # encrypted
    with zipfile.ZipFile(path) as package:
        mended = {name: _mended(package.read(name)) for name in package.namelist() if _PARTS.fullmatch(name)}
        changed = {name: content for name, content in mended.items() if content is not None}
        if not changed:
            return False
        before = path.stat()
        handle, name = tempfile.mkstemp(prefix=".kaohe-", suffix=path.suffix, dir=str(path.parent))
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                with zipfile.ZipFile(file, "w") as copy:
                    for member in package.infolist():
                        content = changed.get(member.filename)
                        copy.writestr(
                            member, package.read(member) if content is None else content, member.compress_type
                        )
                file.flush()
                os.fsync(file.fileno())
            shutil.copymode(str(path), name)
            os.utime(name, ns=(before.st_atime_ns, before.st_mtime_ns))
        except BaseException:
            beside.unlink()
            raise
    try:
        os.replace(name, str(path))
    except OSError:
        beside.unlink()
        raise
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
