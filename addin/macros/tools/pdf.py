"""Workbooks as PDF, made by the LibreOffice of this machine, which need not be closed for it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from operator import methodcaller
from pathlib import Path

from addin.shared.libreoffice import environment, failure, find
from addin.xlsx.files import replace

_SECONDS = 300


class PdfError(Exception):
    """Why there is no PDF; the message (Chinese) says what can be done."""


def pdfs(files: Sequence[Path]) -> list[Path]:
    """A PDF beside each workbook, all in one go; one of that name is replaced. Raises PdfError."""
    if not files:
        return []
    programs = find()
    if not programs:
        raise PdfError("没有做 PDF：没有找到 LibreOffice；请打开 xlsx 另存为 PDF")
    # A profile of its own: LibreOffice that is open already would take the files, and do nothing.
    with tempfile.TemporaryDirectory(prefix="kaohe-pdf-", ignore_cleanup_errors=True) as folder:
        made, profile = Path(folder), (Path(folder) / "profile").as_uri()
        command = [str(programs[0].soffice), f"-env:UserInstallation={profile}", "--headless", "--norestore"]
        command += ["--convert-to", "pdf", "--outdir", folder, *(str(file.absolute()) for file in files)]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_SECONDS, env=environment()
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PdfError(f"没有做 PDF：{failure(programs[0].soffice, error)}") from error
        found = []
        for file in files:
            printed = made / f"{file.stem}.pdf"
            if not printed.is_file():
                raise PdfError(f"没有做 {file.stem}.pdf：LibreOffice 没有转换成功（返回 {done.returncode}）")
            replace(file.with_suffix(".pdf"), methodcaller("write", printed.read_bytes()), None)
            found.append(file.with_suffix(".pdf"))
        return found
