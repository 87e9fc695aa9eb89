"""Imports go downwards only, through the levels that docs/architecture.md draws."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence

from tests.support import PROJECT

PICTURE = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
LEVELS = {
    package: level
    for level, line in enumerate(PICTURE.splitlines())
    for package in re.findall(r"(?:addin|workbook_templates)/\w+|udfs", line)
}
SOURCES = [path for folder in ("addin", "workbook_templates", "udfs") for path in (PROJECT / folder).rglob("*.py")]

HOST = {"uno", "unohelper", "com"}
"""What LibreOffice's Python brings."""


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


def test_the_product_declares_what_it_imports_and_no_more() -> None:
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (name for name in declared["optional-dependencies"] if name not in ("bench", "test", "dev"))
    wanted = {*declared["dependencies"], *(each for name in extras for each in declared["optional-dependencies"][name])}
    found = {name.split(".")[0] for path in SOURCES for name in imported(ast.parse(path.read_text(encoding="utf-8")))}
    known = sys.stdlib_module_names | HOST | {"addin", "udfs", "workbook_templates"}
    assert found - known == {re.split("[<>=]", each)[0] for each in wanted}


def test_imports_go_downwards() -> None:
    upwards = []
    for path in SOURCES:
        own = package(path.relative_to(PROJECT).parts)
        for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            other = package(name.split("."))
            if own and other and own != other and LEVELS[other] <= LEVELS[own]:
                upwards.append(f"{path.relative_to(PROJECT)} imports {name}")
    assert upwards == []


def test_no_test_file_leans_on_another() -> None:
    """What several share stands in support.py or conftest.py, so that each file may be changed and run by itself."""
    leaning = [
        f"{path.relative_to(PROJECT)} imports {name}"
        for path in (PROJECT / "tests").rglob("*.py")
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if name.startswith("tests.") and any(part.startswith("test_") for part in name.split("."))
    ]
    assert leaning == []
