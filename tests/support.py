"""What several test files use beside the fixtures of conftest.py."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.build import build

PROJECT = Path(__file__).parents[1]
CASES = PROJECT / "tests" / "schemes"
SYSTEM_FOLDERS = ("/usr/bin", "/bin", "/usr/local/bin")
SLUG = "health-centre-staff"
PERSON: dict[str, Any] = {
    "姓名": "林海涛",
    "岗位类别": "医",
    "医德医风": 9,
    "工作态度": 7,
    "组织纪律": 8,
    "服务对象满意": 7,
    "工作数量": 17,
    "工作质量": 17,
    "工作效率": 8,
    "服务成效": 13,
    "满意度": 0.96,
    "绩效基数": 3000,
}
"""A row of the scheme's 人员 without errors; its 绩效考核得分 is 103.2."""


def data(folder: Path, *people: dict[str, Any], **params: Any) -> Path:
    """A data file of the scheme with these people and parameters."""
    posts = [{"岗位类别": "医", "岗位系数": 1.2}, {"岗位类别": "护", "岗位系数": 1.1}]
    path = folder / "data.json"
    filled = {"params": params, "tables": {"岗位": posts, "人员": people}}
    path.write_text(json.dumps(filled, ensure_ascii=False), encoding="utf-8")
    return path


def scheme_cases() -> list[Any]:
    """Every case of every scheme, with the scheme's name before it."""
    return [
        pytest.param(path.stem, case, id=f"{path.stem}-{case['name']}")
        for path in sorted(CASES.glob("*.json"))
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
    ]


def first_case(slug: str) -> dict[str, Any]:
    """What the first case of a scheme fills in."""
    case = json.loads((CASES / f"{slug}.json").read_text(encoding="utf-8"))["cases"][0]
    return {"params": case.get("params", {}), "tables": case["tables"]}


def built(slug: str, data: dict[str, Any] | None = None, rows: int | None = None) -> bytes:
    """A scheme's workbook, not computed."""
    stream = io.BytesIO()
    build(load(slug), stream, data, rows)
    return stream.getvalue()


def path_for_libreoffice(path: str) -> str:
    """PATH without folders that hold a Python other than the system's.

    The Python inside LibreOffice takes the first one there for its own home, and crashes with another's modules.
    """
    folders = path.split(os.pathsep)
    return os.pathsep.join(f for f in folders if f in SYSTEM_FOLDERS or not (Path(f) / "python3").exists())


@dataclass(frozen=True)
class Run:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


Kaohe = Callable[..., Run]
Made = Callable[..., Path]


def charts(sheet: Any) -> list[Any]:
    """Those that openpyxl has read."""
    found: list[Any] = sheet._charts
    return found


def edit(path: Path, sheet: str, **cells: Any) -> Path:
    """Change cells as pasting does: data validation does not see it."""
    book = load_workbook(path)
    for place, value in cells.items():
        book[sheet][place] = value
    book.save(path)
    return path
