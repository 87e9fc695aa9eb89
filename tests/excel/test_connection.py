"""doctor tries out what Excel does: load the library, start the server, compute; each symptom has its words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from addin.excel.connection import START, command, try_out
from addin.excel.reasons import REASONS, UNKNOWN, reason
from addin.shared.diagnosis import State
from tests.excel.simulated import excel


class Server:
    def __init__(self, value: Any) -> None:
        self.value = value

    def CallUDF(self, module: str, name: str, arguments: tuple[float, ...], *_: Any) -> Any:
        assert (module, name, arguments) == ("addin.excel.server", "KAOHE_ROUND", (1.005, 2.0))
        return self.value


def tried(value: Any, seconds: float = 1.0) -> tuple[Any, list[int]]:
    modes: list[int] = []

    def activate(line: str, mode: int) -> Any:
        modes.append(mode)
        if isinstance(value, Exception) and mode == START:
            raise value
        return Server(value)

    times = iter([0.0, seconds])
    return try_out(Path("x.dll"), command("pythonw.exe"), lambda _: activate, lambda: next(times)), modes


def test_a_server_that_answers_is_good_and_is_ended() -> None:
    finding, modes = tried(1.01)
    assert finding.state is State.GOOD and modes == [1, -1]
    assert tried(1.01, 20.0)[0].state is State.NOTE
    assert "算错" in tried(1.0)[0].told


@pytest.mark.parametrize(("sign", "sentence"), REASONS)
def test_a_failure_is_told_by_its_symptom(sign: str, sentence: str) -> None:
    finding, modes = tried(ConnectionError(f"x {sign} y"))
    assert finding.state is State.BAD and finding.remedy == reason(f"x {sign} y") and modes == [1, -1]
    assert reason(sign) in (sentence, *(told for _, told in REASONS))


def test_a_library_that_does_not_load_is_told_of() -> None:
    def refuse(_: Path) -> Any:
        raise OSError("[WinError 126] 找不到指定的模块。")

    finding = try_out(Path("xlwings64.dll"), "", refuse)
    assert finding.state is State.BAD and "杀毒软件" in finding.remedy


def test_excel_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    office = excel(monkeypatch, ("kaohe_text", "kaohe_sentences"))
    for sign, _ in REASONS:
        assert office.evaluate(f'KaoheReason("x {sign} y")') == reason(f"x {sign} y")
    assert office.evaluate('KaoheReason("other")') == f"{UNKNOWN}\nother"


@pytest.mark.parametrize("search_path", ["", r"C:\a'b;D:\c"])
def test_the_command_is_the_addins(monkeypatch: pytest.MonkeyPatch, search_path: str) -> None:
    office = excel(monkeypatch, ("kaohe_text", "kaohe_server"))
    assert office.call("KaoheCommand", r"C:\v\pythonw.exe", search_path) == command(r"C:\v\pythonw.exe", search_path)
