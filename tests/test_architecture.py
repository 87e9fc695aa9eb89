"""Imports go downwards only, through the levels that docs/architecture.md draws."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from tests.support import PROJECT

PICTURE = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
LEVELS = {
    package: level
    for level, line in enumerate(PICTURE.splitlines())
    for package in re.findall(r"(?:addin|workbook_templates)/\w+|udfs", line)
}
SOURCES = [path for folder in ("addin", "workbook_templates", "udfs") for path in (PROJECT / folder).rglob("*.py")]


def package(parts: Sequence[str]) -> str | None:
    return next((name for name in (parts[0], "/".join(parts[:2])) if name in LEVELS), None)


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module}.{name.name}" for name in node.names)


def test_every_package_stands_in_the_picture() -> None:
    elsewhere = [name for path in SOURCES for name in [path.relative_to(PROJECT)] if package(name.parts) is None]
    assert {str(name.parent) for name in elsewhere} == {"addin", "workbook_templates"}
    assert {name.name for name in elsewhere} == {"__init__.py"}


def test_imports_go_downwards() -> None:
    upwards = []
    for path in SOURCES:
        own = package(path.relative_to(PROJECT).parts)
        for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            other = package(name.split("."))
            if own and other and own != other and LEVELS[other] <= LEVELS[own]:
                upwards.append(f"{path.relative_to(PROJECT)} imports {name}")
    assert upwards == []
