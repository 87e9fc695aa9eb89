"""The configuration that the installation writes and VBA reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from addin.excel.conf import ConfigurationError, configuration, configuration_file

PYTHON = r"C:\考核\.venv\Scripts\pythonw.exe"


def test_lines_are_keys_and_values_in_the_systems_code_page() -> None:
    assert configuration(PYTHON, "gbk").decode("gbk") == f'"INTERPRETER_WIN","{PYTHON}"\r\n'


def test_a_path_outside_the_code_page_is_refused_with_advice() -> None:
    with pytest.raises(ConfigurationError, match=r"考核.*请把程序文件夹移到"):
        configuration(PYTHON, encoding="cp1252")
    with pytest.raises(ConfigurationError, match="引号"):
        configuration('C:\\"x"\\python.exe', "gbk")


def test_it_stands_in_the_users_folder() -> None:
    assert configuration_file(Path("/home/x")) == Path("/home/x/.kaohe/kaohe.conf")
