"""docs/macros.md describes every macro and every option, and shows what the macros really say."""

from __future__ import annotations

import re

import pytest

from addin.macros import MACROS
from tests.macros.support import lines, run
from tests.support import PROJECT, Made

PAGE = (PROJECT / "docs" / "macros.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MACROS)
def test_every_macro_has_a_section_with_its_options(name: str) -> None:
    macro = MACROS[name]
    section = PAGE.partition(f"## {macro.label} `{name}`\n")[2].partition("\n## ")[0]
    assert section, f"docs/macros.md lacks {name}"
    assert re.findall(r"^\| `([a-z]+)` \| (.+?) \|", section, re.MULTILINE) == [
        (option.name, option.label) for option in macro.options
    ]


def test_the_explanation_shown_is_a_true_one(scheme_book: Made) -> None:
    shown = PAGE.partition("```\n绩效考核得分")[2].partition("\n    ……")[0]
    told = lines(run("explain", scheme_book("health-centre-staff"), person="郑美珍"))
    assert f"绩效考核得分{shown}".replace("  [", " [").splitlines() == told[:6]
