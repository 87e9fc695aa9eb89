"""The picture in the handbook can be taken again."""

from __future__ import annotations

import os
import shutil
import struct
from pathlib import Path

import pytest

from tests.calc.screenshot import HEIGHT, WIDTH, take

pytestmark = pytest.mark.slow
TOOLS = ("Xvfb", "xdotool", "import")


def test_the_picture_shows_calc_with_the_menu_down(soffice: str, tmp_path: Path) -> None:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        assert not os.environ.get("KAOHE_REQUIRE_LIBREOFFICE"), f"{missing} are required here"
        pytest.skip(f"{missing} are not installed")
    picture = tmp_path / "calc.png"
    take(picture)
    content = picture.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (WIDTH, HEIGHT)
    assert len(content) > 50_000, "a screen with next to nothing on it"
