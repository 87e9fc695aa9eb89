"""The built files: what is in them, that others can read it, that the same declarations make the same file."""

from __future__ import annotations

import zipfile
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula
from openxml_audit import OpenXmlValidator
from pyopenvba import ExcelFile
from pyopenvba.integrity import check_file
from pyvbaanalysis import DEFAULT_COMPILER_CONSTANTS, ConditionalCompilationEnvironment, analyze_office_file

from addin.cli import main
from addin.excel import build, build_selfcontained
from addin.excel.package import Form, with_project
from addin.excel.project import modules
from addin.excel.vbaproject import Kind
from addin.headless import WorkbookError, calculate
from addin.xlsx.parts import MAIN
from tests.excel.readers import read_by_olevba, scanned
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.build import build as build_workbook

SCHEME = "health-centre-staff"


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("addin"))


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_selfcontained(load(SCHEME), tmp_path_factory.mktemp("workbook"))


@pytest.fixture(params=["addin", "workbook"])
def made(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


def expected(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as package:
        count = sum(name.startswith("xl/worksheets/sheet") for name in package.namelist())
    return {m.name: m.source for m in modules([f"Sheet{n}" for n in range(1, count + 1)], path.suffix == ".xlsm")}


def test_olevba_reads_every_module_as_it_was_written(made: Path) -> None:
    assert read_by_olevba(made) == expected(made)


def test_a_second_reader_reads_the_same_and_finds_the_project_sound(made: Path) -> None:
    with ExcelFile(str(made)) as book:
        assert {name: book.get_module(name) for name in book.module_names()} == expected(made)
        assert book.vba_project().validate() == []


def test_the_compound_file_inside_is_sound(made: Path) -> None:
    assert [issue.message for issue in check_file(made).errors] == []


def test_static_analysis_of_the_vba_finds_nothing(addin: Path) -> None:
    found = analyze_office_file(str(addin))
    assert set(found) == set(expected(addin))
    assert {module: [each.message for each in problems] for module, problems in found.items() if problems} == {}


@pytest.mark.parametrize("compiler", [{"Win64": 0}, {"Mac": 1}])
def test_static_analysis_finds_nothing_in_what_other_excels_compile(addin: Path, compiler: dict[str, int]) -> None:
    chosen = [module.name for module in modules([]) if "#If" in module.code]
    environment = ConditionalCompilationEnvironment(compiler_constants={**DEFAULT_COMPILER_CONSTANTS, **compiler})
    found = analyze_office_file(str(addin), only=chosen, conditional_compilation=environment)
    assert found == {module: [] for module in chosen} and len(found) == 2


def test_static_analysis_would_find_something(tmp_path: Path, addin: Path) -> None:
    broken = tmp_path / addin.name
    broken.write_bytes(addin.read_bytes())
    with ExcelFile(str(broken)) as book:
        for module in modules([]):
            if module.kind is Kind.STANDARD:
                book.set_module(module.name, "Option Explicit\r\n")
        book.set_module("kaohe_values", "Option Explicit\r\nPublic Sub X()\r\nundeclared = Missing(1)\r\nEnd Sub\r\n")
        book.save()
    assert analyze_office_file(str(broken))["kaohe_values"]


def test_a_validator_finds_nothing(made: Path) -> None:
    assert OpenXmlValidator().validate(str(made)).errors == []


def test_the_sources_are_plain_ascii_with_lines_as_vba_wants_them(made: Path) -> None:
    for name, source in expected(made).items():
        assert source.isascii() and source.count("\n") == source.count("\r\n"), name
        assert max(map(len, source.splitlines())) <= 1023, name
        assert len(source) < 64_000, name


def test_every_sheet_and_the_workbook_have_their_modules(made: Path) -> None:
    with zipfile.ZipFile(made) as package:
        names = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        codes = [etree.fromstring(package.read(name))[0].get("codeName") for name in names]
        book = etree.fromstring(package.read("xl/workbook.xml")).find(f"{{{MAIN}}}workbookPr")
    assert book is not None and book.get("codeName") == "ThisWorkbook"
    assert set(codes) <= set(expected(made)) and len(set(codes)) == len(names)


def test_an_addin_says_what_it_is(addin: Path) -> None:
    with zipfile.ZipFile(addin) as package:
        assert "addin.macroEnabled.main+xml" in package.read("[Content_Types].xml").decode()
        assert "KAOHE 绩效考核" in package.read("docProps/core.xml").decode()
        assert package.namelist()[0] == "[Content_Types].xml"


def test_the_same_declarations_make_the_same_file(addin: Path, tmp_path: Path) -> None:
    again = build(tmp_path)
    assert again.read_bytes() == addin.read_bytes()


def contents(sheet: Any) -> list[list[Any]]:
    """Values and formulas, of array formulas their block and text."""
    return [[vars(cell.value) if isinstance(cell.value, ArrayFormula) else cell.value for cell in row] for row in sheet]


def test_a_workbook_of_its_own_functions_keeps_its_formulas_and_values(workbook: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.xlsx"
    build_workbook(load(SCHEME), plain)
    calculate(plain)
    for data_only in (False, True):
        old, new = (load_workbook(path, data_only=data_only) for path in (plain, workbook))
        for sheet in old:
            assert contents(sheet) == contents(new[sheet.title])
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(workbook) as after:
        assert set(after.namelist()) - set(before.namelist()) == {"xl/vbaProject.bin", "customUI/customUI14.xml"}


def test_a_workbook_computes_the_same_when_headless_computes_it_again(workbook: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsm"
    assert calculate(workbook, again).problems == ()
    assert OpenXmlValidator().validate(str(again)).errors == []


def test_a_scheme_of_ones_own_makes_such_a_workbook(tmp_path: Path, workbook: Path) -> None:
    scheme = tmp_path / "unit.toml"
    scheme.write_text(load(SCHEME).text.replace(load(SCHEME).title, "本单位考核"), encoding="utf-8")
    assert main(["build", "excel", "--scheme", str(scheme), "-o", str(tmp_path / "made")]) == 0
    assert {path.name for path in (tmp_path / "made").iterdir()} == {"kaohe.xlam", "本单位考核.xlsm"}


def test_where_the_addin_cannot_be_made_no_folder_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    with monkeypatch.context() as without:
        without.setattr("addin.excel.project.version", missing)
        assert main(["build", "excel", "-o", str(tmp_path / "a" / "b")]) == 2
    assert list(tmp_path.iterdir()) == []
    assert main(["build", "excel", "-o", str(tmp_path / "a" / "b")]) == 0
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["kaohe.xlam"]


def test_what_cannot_be_made_is_told(tmp_path: Path, workbook: Path) -> None:
    with pytest.raises(WorkbookError, match="已经带有宏"):
        with_project(workbook, tmp_path / "y.xlsm", Form.WORKBOOK, b"")


KNOWN = {"Workbook_Open", "Workbook_BeforeClose", "Environ", "Open", "Lib", "ChrW", "Hex Strings", "Base64 Strings"} | {
    "create",
    "call",
    "Windows",
}
"""What a scanner of mail has to say: events, the library, the user's folder, Chinese in codes, and three words in our own sentences (docs/excel-admin.md)."""


def test_a_scanner_of_mail_finds_what_must_be_and_nothing_else(addin: Path) -> None:
    found = scanned(addin)
    assert {word for kind, word in found if kind in ("AutoExec", "Suspicious")} <= KNOWN | {
        word.lower() for word in KNOWN
    }
