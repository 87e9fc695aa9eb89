"""The configuration that the installation writes and VBA reads."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from addin.excel.conf import ConfigurationError, configuration, configuration_file
from tests.excel.simulated import excel

PYTHON = r"C:\考核\.venv\Scripts\pythonw.exe"


def test_lines_are_keys_and_values_in_the_systems_code_page() -> None:
    content = configuration(PYTHON, r"C:\a;D:\b", "gbk").decode("gbk")
    assert dict(csv.reader(content.splitlines())) == {"INTERPRETER_WIN": PYTHON, "PYTHONPATH": r"C:\a;D:\b"}
    assert content.endswith("\r\n")


def test_a_path_outside_the_code_page_is_refused_with_advice() -> None:
    with pytest.raises(ConfigurationError, match=r"考核.*请把程序文件夹移到"):
        configuration(PYTHON, encoding="cp1252")
    with pytest.raises(ConfigurationError, match="引号"):
        configuration('C:\\"x"\\python.exe')


def test_it_stands_in_the_users_folder() -> None:
    assert configuration_file(Path("/home/x")) == Path("/home/x/.kaohe/kaohe.conf")


def test_vba_reads_it_and_starts_one_server_whatever_workbook_is_active(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The command that VBA builds names the interpreter and nothing of a workbook."""
    office = excel(monkeypatch, ("kaohe_text",))
    from addin.excel.project import modules

    (code,) = [module.code for module in modules([]) if module.name == "kaohe_server"]
    start = code.index("Private Function KaoheCommand(")
    command = code[start : code.index("End Function", start)].replace("Private", "Public") + "End Function\n"
    office.application.add_module(command, name="command")
    assert office.evaluate(f'KaoheCommand("{PYTHON}", "")') == (
        f'"{PYTHON}" -B -E -P -c "import os,sys;os.chdir(sys.exec_prefix);import addin.excel.server as s;s.serve(\'$(CLSID)\')"'
    )
    with_path = office.evaluate(r'KaoheCommand("p.exe", "C:\it' + "'" + r's;D:\b")')
    assert r"sys.path[:0]='C:\\it\'s;D:\\b'.split(';');" in with_path
    assert len(with_path) < 2048
