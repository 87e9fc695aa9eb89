"""The handbook says what is there: generated pages are up to date, every command and option is described, links lead somewhere."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from addin.checking.draft import remarks
from addin.cli import parser
from addin.cli.arguments import Parser
from addin.handbook import DOCS, DOCUMENTS
from addin.handbook.functions import function_text
from addin.handbook.markdown import table
from addin.macros import MACROS
from tests.support import PROJECT
from udfs import FUNCTIONS
from workbook_templates.scheme.catalogue import load, slugs

PAGES = sorted([PROJECT / "README.md", PROJECT / "CHANGELOG.md", *DOCS.glob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def commands() -> dict[str, Parser]:
    return next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)).choices


@pytest.mark.parametrize("name", DOCUMENTS)
def test_generated_pages_are_up_to_date(name: str) -> None:
    """If not: ``python -m addin.handbook``."""
    assert (DOCS / name).read_text(encoding="utf-8") == DOCUMENTS[name]()


@pytest.mark.parametrize("name", commands())
def test_every_command_and_option_is_described(name: str) -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    section = re.search(rf"^## kaohe {name}\b.*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert section, f"docs/cli.md has no section on kaohe {name}"
    for action in commands()[name]._actions:
        for option in set(action.option_strings) - {"-h", "--help"}:
            assert f"`{option}" in section[0], f"docs/cli.md does not describe kaohe {name} {option}"
        if not action.option_strings:
            assert str(action.metavar) in section[0]


def test_the_commands_shown_are_ones_that_can_be_given() -> None:
    """What stands at the beginning of a line; a description follows after some blanks."""
    shown = {
        line for page in PAGES for line in re.findall(r"^kaohe (.*?)(?:  .*)?$", page.read_text("utf-8"), re.MULTILINE)
    }
    assert len(shown) > 20
    for line in shown:
        given = parser().parse_args(line.split())
        if given.command == "run" and given.macro:
            options = {option.name for option in MACROS[given.macro].options}
            assert {text.partition("=")[0] for text in given.option or ()} <= options, line
        assert given.command != "new" or given.slug in slugs(), line


def test_the_readme_shows_every_command_at_work() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert all(f"\nkaohe {name}" in readme for name in commands())


def test_the_readme_begins_with_the_two_commands() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    first_block = readme.split("```")[1].strip().splitlines()
    assert first_block == ["python install.py", "python install.py test"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_function_has_its_section_with_all_arguments() -> None:
    page = DOCUMENTS["functions.md"]()
    for function in FUNCTIONS.values():
        section = page.split(f"\n### {function.name}\n")[1].split("\n### ")[0]
        assert f"={function.syntax}" in section and function.label_en in section
        assert all(f"| {parameter.name}" in section for parameter in function.parameters)
        assert function.example[0] in section


def test_every_scheme_has_its_section_with_all_columns() -> None:
    page = DOCUMENTS["schemes.md"]()
    for scheme in map(load, slugs()):
        section = page.split(f"\n## {scheme.slug}\n")[1].split("\n## ")[0]
        assert scheme.title in section and scheme.source in section
        for sheet in scheme.tables:
            assert all(f"| {column.name}" in section for columns in (sheet.inputs, sheet.computed) for column in columns)
        assert all(f"| {parameter.name} " in section for parameter in scheme.parameters)
        assert all(limitation in section for limitation in scheme.limitations)


def test_a_bar_in_a_formula_does_not_break_the_table() -> None:
    assert table(("列", "公式"), [("键", '`=[@甲]&"|"&[@乙]`')])[2] == '| 键 | `=[@甲]&"\\|"&[@乙]` |'


def test_a_function_as_the_terminal_shows_it() -> None:
    told = function_text(FUNCTIONS["KAOHE_QUOTA"])
    assert "例：=KAOHE_QUOTA(11,{0.2,0.7,0.1}) 得 {2,8,1}" in told


def test_the_scheme_to_begin_with_is_whole(tmp_path: Path, compute: Callable[..., dict[str, Any]]) -> None:
    page = (DOCS / "scheme-format.md").read_text(encoding="utf-8")
    found = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert found
    path = tmp_path / "x.toml"
    path.write_text(found[1], encoding="utf-8")
    assert list(remarks(load(str(path)))) == []
    names = ("姓名", "工作业绩", "工作态度", "不参加")
    people = [("甲", 90, 90, None), ("乙", 60, 60, "否"), ("丙", 59.99, 60, None), ("丁", None, None, "是")]
    result = compute(str(path), {"tables": {"人员": [dict(zip(names, person, strict=True)) for person in people]}})
    assert [(row["得分"], row["等次"], row["奖金"]) for row in result["人员"]] == [
        (90, "优秀", 1200), (60, "合格", 1000), (59.99, "不合格", 0), ("", "不参加", 0)
    ]  # fmt: skip
    assert result["汇总"] == {"优秀人数": 1} and set(result["核对"].values()) == {"通过"}
