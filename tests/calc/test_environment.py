"""Running KAOHE's own commands from inside LibreOffice, without LibreOffice."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from addin.calc.component.environment import Cancelled, CommandError, interpreter, kaohe
from addin.portable.userfolder import SETTINGS


@pytest.fixture(autouse=True)
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    path = tmp_path / "kaohe" / SETTINGS
    path.parent.mkdir()
    path.write_text(json.dumps({"python": sys.executable}), encoding="utf-8")
    return path


def test_a_command_runs_in_the_noted_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/libreoffice's own")
    assert str(interpreter()) == sys.executable
    assert "health-centre-staff" in kaohe("list")


def test_what_the_command_complains_of_is_told() -> None:
    with pytest.raises(CommandError, match="没有宏 dance"):
        kaohe("run", "dance", "a.xlsx")


def test_an_interpreter_that_does_not_work_is_told(noted: Path, tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho broken >&2\nexit 3\n", encoding="ascii")
    broken.chmod(0o755)
    noted.write_text(json.dumps({"python": str(broken)}), encoding="utf-8")
    with pytest.raises(CommandError, match="不能使用：broken"):
        kaohe("list")


def test_a_command_can_be_cancelled(noted: Path, tmp_path: Path) -> None:
    slow = tmp_path / "python"
    slow.write_text("#!/bin/sh\nexec sleep 60\n", encoding="ascii")
    slow.chmod(0o755)
    noted.write_text(json.dumps({"python": str(slow)}), encoding="utf-8")
    asked: list[int] = []

    def is_cancelled() -> bool:
        asked.append(1)
        return len(asked) == 2

    with pytest.raises(Cancelled):
        kaohe("run", is_cancelled=is_cancelled)
    assert len(asked) == 2
