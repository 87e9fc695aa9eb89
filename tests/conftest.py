"""What tests share: a way to make and compute workbooks, the command line, and LibreOffice where it is installed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from addin.cli import main
from addin.headless import calculate
from addin.headless.session import Session
from addin.xlsx.results import results
from tests.support import Kaohe, Made, Run, built, first_case, path_for_libreoffice
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.build import build

# How long one example takes says little on a machine that runs two workers at once.
settings.register_profile("kaohe", deadline=None, print_blob=True)
settings.load_profile("kaohe")

Computed = dict[str, Any]


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all processes of a run: what one has made, the others need not make again."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(autouse=True, scope="session")
def apart_from_the_user(shared_folder: Path) -> Iterator[None]:
    """What tests keep (answers, parsed schemes, reports of crashes) doesn't go to the user's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOCALAPPDATA" if os.name == "nt" else "XDG_DATA_HOME", str(shared_folder))
        yield


@pytest.fixture
def kaohe(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kaohe:
    """Run ``kaohe …`` inside a folder of its own (``tmp_path``)."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Run:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return Run(code, printed.out, printed.err)

    return run


@pytest.fixture
def compute() -> Callable[..., Computed]:
    """Make a scheme's workbook and compute it, both in memory; its values are what `kaohe show --json` gives."""

    def run(slug: str, data: dict[str, Any] | None = None, rows_wanted: int | None = None) -> Computed:
        session = Session.of(built(slug, data, rows_wanted))
        assert session.compute().problems == ()
        return results(session.book)

    return run


@pytest.fixture(scope="session")
def case_book(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A scheme's workbook with a case's data, computed once for all processes; ``arrays``: in the layout of large workbooks."""
    folder, own = shared_folder / "books", tmp_path_factory.mktemp("books")

    def make(slug: str, case: dict[str, Any], arrays: bool = False) -> Path:
        data = {"params": case.get("params", {}), "tables": case["tables"]}
        digest = sha256(json.dumps([data, arrays]).encode()).hexdigest()
        path = folder / digest / f"{slug}.xlsx"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = own / f"{digest}.xlsx"
            with pytest.MonkeyPatch.context() as patch:
                if arrays:
                    patch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", 0)
                build(load(slug), unfinished, data)
            assert calculate(unfinished).problems == ()
            # Another process may have made it meanwhile, or be reading that one.
            unfinished.replace(path)
        return path

    return make


@pytest.fixture(scope="session")
def scheme_book(case_book: Made) -> Made:
    """The same with the data of the scheme's first case."""

    def make(slug: str, arrays: bool = False) -> Path:
        return case_book(slug, first_case(slug), arrays)

    return make


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice's program; a test that needs it is skipped without it, unless it is required."""
    program = shutil.which("soffice")
    os.environ["PATH"] = path_for_libreoffice(os.environ["PATH"])
    if program is None:
        if os.environ.get("KAOHE_REQUIRE_LIBREOFFICE"):
            pytest.fail("LibreOffice is required here and not installed")
        pytest.skip("LibreOffice is not installed")
    return program
