"""LibreOffice with the extension, one for all tests of a worker."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from addin.calc.extension import build
from addin.portable.userfolder import SETTINGS
from tests.calc.office import ALWAYS, Office


@pytest.fixture(scope="session")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("extension") / "kaohe.oxt"
    build(path)
    return path


@pytest.fixture(scope="session")
def computing(soffice: str, extension: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Computes every formula of a file that it opens, whatever values are stored there."""
    yield from running(tmp_path_factory.mktemp("computing"), extension, ALWAYS)


@pytest.fixture(scope="session")
def office(soffice: str, extension: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """As it is after installing: stored values are shown as long as nothing changes."""
    yield from running(tmp_path_factory.mktemp("office"), extension, None)


@pytest.fixture(scope="module")
def installed(soffice: str, extension: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A LibreOffice whose user has KAOHE installed."""
    folder = tmp_path_factory.mktemp("installed")
    home = folder / "home" / "kaohe"
    home.mkdir(parents=True)
    (home / SETTINGS).write_text(json.dumps({"python": sys.executable, "project": ""}), encoding="utf-8")
    yield from running(folder, extension, None)


def running(folder: Path, extension: Path | None, recalculate: int | None) -> Iterator[Office]:
    office = Office(folder, extension, recalculate)
    try:
        yield office
    finally:
        office.end()
