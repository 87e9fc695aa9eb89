"""The words of the scheme format in Calc: words.toml, with data that is right and data that is wrong, in both layouts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.calc.compare import computed_alike
from tests.calc.office import Office
from tests.workbook_templates.support import DATA, PUBLIC, WORDS, case
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.layout import TABLE_LIMIT

pytestmark = pytest.mark.slow

TABLES = DATA["tables"]
WRONG: dict[str, Any] = {
    "params": {"奖金总额": "很多"},
    "tables": {
        **TABLES,
        "人员": [*TABLES["人员"], {"姓名": "王五", "部门": "甲", "德": 90, "能": 80, "绩": 40, "加分": 99}],
        "记录": [*TABLES["记录"], {"姓名": "李四", "月份": 1, "项目": "没有的", "次数": 1}],
    },
}


@pytest.mark.parametrize("limit", [TABLE_LIMIT, 0], ids=["tables", "arrays"])
@pytest.mark.parametrize("data", [DATA, WRONG], ids=["right", "wrong"])
def test_words(
    data: dict[str, Any], limit: int, computing: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    path = tmp_path / "words.xlsx"
    computed_alike(computing, load(WORDS), path, data)


@pytest.mark.parametrize("name", ["department-costs", "transfers"])
def test_public_schemes(name: str, computing: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", 0)
    computed_alike(computing, load(str(PUBLIC / f"{name}.toml")), tmp_path / "x.xlsx", {"tables": case(name)["tables"]})
