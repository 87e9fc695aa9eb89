"""Texts as names of files that every system takes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.portable.filenames import file_name

PORTS = [f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"]
DEVICES = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", *PORTS]


@given(st.text(max_size=120) | st.builds("".join, st.tuples(st.sampled_from(DEVICES), st.text(" .aX1", max_size=3))))
def test_any_text_becomes_a_file_name_that_every_system_takes(text: str) -> None:
    name = file_name(text)
    assert name and len(name) <= 62
    assert not re.search(r'[\\/:*?"<>|\x00-\x1f]', name) and name == name.strip(" .")
    assert name.upper().split(".")[0].rstrip() not in DEVICES


@pytest.mark.parametrize("text", ["CON", "con", "Nul.2024", "NUL .x", "COM9", "lpt0", "COM¹", "CONIN$", "conout$.xlsx"])
def test_what_windows_keeps_for_devices_is_no_file_name(text: str) -> None:
    assert file_name(text) == f"_{text}"


@pytest.mark.parametrize("text", ["CONS", "COM", "COM10", "NULL", "A.CON", "CONIN", "张三"])
def test_what_only_looks_like_a_device_stays(text: str) -> None:
    assert file_name(text) == text
