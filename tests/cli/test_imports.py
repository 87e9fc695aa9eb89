"""A command imports what it uses and nothing else: that is what its start takes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.commands import BOOK, DATA, SAMPLE, SCHEME, sources
from tests.support import PROJECT

HEAVY = {
    "addin.excel", "addin.headless.functions", "addin.macros.printing", "addin.setup", "email", "formulas", "logging", "lxml",
    "numpy", "openpyxl", "pandas", "ssl", "urllib.request", "workbook_templates.scheme.model", "workbook_templates.workbook.build",
    "xlsxwriter", "xlwings",
}  # fmt: skip
ENGINE = {"addin.headless.functions", "lxml"}
MODEL = {"workbook_templates.scheme.model"}
BUILD = MODEL | {"workbook_templates.workbook.build", "xlsxwriter"}
"""What making a workbook takes; whoever checks compares with what the scheme makes, once for each size."""
FRAMES = {"logging", "numpy", "pandas"}
NEEDED: dict[tuple[str, ...], set[str]] = {
    ("list",): set(),
    ("functions",): set(),
    ("functions", "SCORE"): set(),
    ("show", BOOK): {"lxml"},
    ("calc", BOOK): ENGINE | BUILD,
    ("check", BOOK): ENGINE | BUILD,
    ("run", "check", BOOK): ENGINE | BUILD,
    ("run", "freeze", BOOK): ENGINE | BUILD | {"addin.macros.printing"},
    ("run", "explain", BOOK, "--option", "person=1"): ENGINE | BUILD | FRAMES,
    ("batch", BOOK, "-o", "out"): ENGINE | BUILD | {"email", "logging"},
    ("new", SCHEME, "--data", DATA): ENGINE | BUILD,
}
"""The heavy modules that a command may import."""


def imported(folder: Path, *arguments: str) -> set[str]:
    """The heavy modules that a command imports, which knows from earlier what stands in this folder only."""
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from addin.cli import main; code = main(sys.argv[1:]); "
    code += "print(*sys.modules, file=sys.stderr); sys.exit(code)"
    command = [sys.executable, "-c", code, str(PROJECT), *arguments]
    known = {name: str(folder / "known") for name in ("XDG_DATA_HOME", "LOCALAPPDATA")}
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, env={**os.environ, **known})
    return HEAVY.intersection(done.stderr.split())


@pytest.mark.parametrize("arguments", NEEDED, ids=" ".join)
def test_a_command_imports_only_what_it_uses(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / BOOK).write_bytes(sources()[1])
    (tmp_path / DATA).write_bytes(SAMPLE.read_bytes())
    assert imported(tmp_path, *arguments) - NEEDED[arguments] == set()


def test_a_workbook_is_made_for_the_first_check_of_a_scheme_only(tmp_path: Path) -> None:
    (tmp_path / BOOK).write_bytes(sources()[1])
    assert imported(tmp_path, "check", BOOK) == ENGINE | BUILD
    assert imported(tmp_path, "check", BOOK) == ENGINE | MODEL
    assert imported(tmp_path, "calc", BOOK) == ENGINE
