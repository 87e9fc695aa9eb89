"""What happens to documents that are opened and saved in Calc with the extension."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from addin.headless import calculate, read_book
from tests.calc.compare import differences
from tests.calc.office import Office
from tests.calc.support import plain
from tests.support import PERSON, SLUG, data
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.build import build

pytestmark = pytest.mark.slow
PEOPLE = [PERSON, {**PERSON, "姓名": "陈晓峰", "岗位类别": "护", "满意度": 0.9}]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The health centre's workbook with two people, computed."""
    import json

    path = tmp_path / "考核 表.xlsx"
    build(load(SLUG), path, json.loads(data(tmp_path, *PEOPLE).read_text(encoding="utf-8")))
    assert calculate(path).problems == ()
    return path


def formulas(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        return [f for name in sorted(sheets) for f in re.findall(r"<f[^>]*>([^<]*)</f>", package.read(name).decode())]


def test_users_see_the_names_that_they_type(office: Office) -> None:
    document = office.new()
    office.put(document, "A1:B2", [[80, 90], [0.4, 0.6]])
    office.put(document, "C1", [["=kaohe_score(A1:B1,A2:B2)"]])
    assert office.formula(document, "C1") == "=KAOHE_SCORE(A1:B1,A2:B2)"
    assert office.values(document, "C1") == [[86]]
    office.close(document)


def test_opening_shows_every_result_and_changes_nothing(office: Office, workbook: Path) -> None:
    document = office.open(workbook, hidden=False)
    assert differences(office, document, workbook) == []
    state = office.state(document)
    assert not state["modified"] and state["undo"] == []
    # Newer versions tell of two joined cells by the first.
    assert state["selection"] in ("$首页.$C$4:$D$4", "$首页.$C$4")
    assert state["protected"] == ["首页", "汇总", "领导概览", "说明", "填写规则", "KAOHE"]
    assert ',IF(人员[[#This Row],[校验]]="通过",KAOHE_RANK(' in office.formula(document, "人员!X6")
    office.close(document)


def test_what_is_changed_is_computed_at_once(office: Office, workbook: Path) -> None:
    document = office.open(workbook)
    score = office.values(document, "人员!W6")[0][0]
    office.put(document, "人员!F6", [[8]])
    assert office.values(document, "人员!W6")[0][0] == pytest.approx(score - 1.2)
    assert office.state(document)["modified"]
    office.close(document)


@pytest.mark.parametrize("password", [None, "", "secret"])
def test_formulas_in_protected_sheets_are_bound(office: Office, tmp_path: Path, password: str | None) -> None:
    path = plain(tmp_path / "a.xlsx", [1.005, "=KAOHE_ROUND(A1)"], protect=password)
    document = office.open(path)
    assert office.values(document, "B1") == [[1.01]]
    assert office.state(document)["protected"] == ([] if password is None else ["表"])
    office.close(document)


@pytest.mark.parametrize("password", [None, "", "secret"])
def test_array_formulas_are_bound_whole(office: Office, tmp_path: Path, password: str | None) -> None:
    rows: list[list[Any]] = [[1.005, ("B1:B3", "=KAOHE_ROUND(A1:A3)")], [2.675], [""]]
    document = office.open(plain(tmp_path / "a.xlsx", *rows, protect=password))
    assert office.values(document, "B1:B3") == [[1.01], [2.68], [""]]
    assert {office.formula(document, f"B{row}") for row in (1, 2, 3)} == {"{=KAOHE_ROUND(A1:A3)}"}
    office.close(document)


def test_array_formulas_among_other_formulas_of_a_column(office: Office, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [1.005, "=KAOHE_ROUND(A1)"],
        [2.675, ("B2:B3", "=KAOHE_ROUND(A2:A3)")],
        [3.335],
        [4, "=KAOHE_ROUND(A4)+B1"],
        [5, ("B5:C6", "=A5:A6*{1,2}"), None],
        [6],
        [None, ("B7:B7", "=SUM(KAOHE_ROUND(A1:A3))"), ("C7:C8", "=KAOHE_ROUND(A1:A2)")],
        [None, "=1+1"],
    ]
    document = office.open(plain(tmp_path / "a.xlsx", *rows))
    assert [row[0] for row in office.values(document, "B1:B8")] == [1.01, 2.68, 3.34, 5.01, 5, 6, 7.03, 2]
    assert office.values(document, "C5:C8") == [[10], [12], [1.01], [2.68]]
    assert office.formula(document, "B3") == "{=KAOHE_ROUND(A2:A3)}"
    assert office.formula(document, "C6") == "{=A5:A6*{1,2}}"
    office.close(document)


def test_array_formulas_are_saved_whole(office: Office, tmp_path: Path) -> None:
    """Of one cell, of a column, of a row, of a block; each is still as large as it was."""
    rows: list[list[Any]] = [
        [1.005, ("B1:B2", "=KAOHE_ROUND(A1:A2)"), ("C1:C1", "=SUM(KAOHE_ROUND(A1:A3))")],
        [2.675],
        [3, ("B3:D3", "=KAOHE_ROUND(A1:A1)*{1,2,3}"), None, None, ("E3:F4", "=KAOHE_ROUND(A1:A2)*{1,2}")],
    ]
    document = office.open(plain(tmp_path / "a.xlsx", *rows))
    saved = tmp_path / "saved.xlsx"
    office.save_as(document, saved)
    office.close(document)
    with zipfile.ZipFile(saved) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    arrays = " ".join(re.findall(r'<f [^>]*t="array"[^>]*>', sheet))
    assert set(re.findall(r'ref="([A-Z0-9:]+)"', arrays)) == {"B1:B2", "C1:C1", "B3:D3", "E3:F4"}


def test_array_formulas_without_our_functions_stay_as_they_are(office: Office, tmp_path: Path) -> None:
    rows: list[list[Any]] = [[1, ("B1:B2", "=A1:A2*2"), "=KAOHE_ROUND(A1)"], [2]]
    document = office.open(plain(tmp_path / "a.xlsx", *rows))
    assert office.values(document, "B1:C2") == [[2, 1], [4, ""]]
    assert office.formula(document, "B2") == "{=A1:A2*2}"
    office.close(document)


def test_defined_names_with_our_functions_are_bound(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("表")
    sheet.write("A1", 2.345)
    book.define_name("取整", "=KAOHE_ROUND(表!$A$1)")
    sheet.write_formula("B1", "=取整+1", None, 0)
    book.close()
    document = office.open(path)
    office.recalculate(document)
    assert office.values(document, "B1") == [[3.35]]
    office.close(document)


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_saved_and_opened_again_it_is_the_same(computing: Office, workbook: Path, ending: str) -> None:
    document = computing.open(workbook)
    saved = workbook.with_name(f"saved{ending}")
    computing.save_as(document, saved)
    computing.close(document)
    document = computing.open(saved)
    assert differences(computing, document, workbook) == []
    computing.close(document)


def test_saved_files_keep_the_names_that_every_program_knows(office: Office, workbook: Path) -> None:
    document = office.open(workbook)
    saved = workbook.with_name("saved.xlsx")
    office.save_as(document, saved)
    assert not [formula for formula in formulas(saved) if "KAOHE." in formula]
    assert sum("KAOHE_" in formula for formula in formulas(saved)) > 80
    office.put(document, "人员!F6", [[8]])
    office.save(document)
    assert not [formula for formula in formulas(saved) if "KAOHE." in formula]
    assert not office.state(document)["modified"]
    office.close(document)


def test_what_calc_has_saved_is_computed_headless_alike(office: Office, workbook: Path) -> None:
    document = office.open(workbook)
    office.put(document, "人员!F6", [[8]])
    saved = workbook.with_name("saved.xlsx")
    office.save_as(document, saved)
    assert calculate(saved).problems == ()
    assert differences(office, document, saved) == []
    office.close(document)
    book = read_book(saved)
    assert book.value("人员", 5, 22) == 102


def test_large_workbooks_keep_their_array_formulas(
    office: Office, workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", 0)
    test_what_calc_has_saved_is_computed_headless_alike(office, _arrays(workbook))
    with zipfile.ZipFile(workbook.with_name("saved.xlsx")) as package:
        sheets = [package.read(n).decode() for n in package.namelist() if n.startswith("xl/worksheets/sheet")]
    assert sum(sheet.count('t="array"') for sheet in sheets) > 10


def _arrays(workbook: Path) -> Path:
    import json

    content = json.loads((workbook.parent / "data.json").read_text(encoding="utf-8"))
    build(load(SLUG), workbook, content)
    calculate(workbook)
    return workbook


def test_documents_without_our_functions_are_left_alone(office: Office, tmp_path: Path) -> None:
    path = plain(tmp_path / "a.xlsx", [1, 2, "=A1+B1"])
    document = office.open(path, hidden=False)
    saved = tmp_path / "b.xlsx"
    office.save_as(document, saved)
    assert office.state(document)["undo"] == []
    office.save(document)
    assert formulas(saved) == ["A1+B1"] and not office.state(document)["modified"]
    office.close(document)


def test_opening_and_closing_changes_no_file(office: Office, tmp_path: Path) -> None:
    """Not even one in which the names want mending."""
    path = plain(tmp_path / "a.xlsx", [1.005, "=KAOHE.ROUND(A1)"])
    before = path.read_bytes()
    office.close(office.open(path))
    assert path.read_bytes() == before


def test_stored_values_are_shown_until_something_changes(office: Office, tmp_path: Path) -> None:
    """As of any other formula: opening a file doesn't compute it."""
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("表")
    sheet.write("A1", 1)
    sheet.write_formula("B1", "=A1*2", None, 99)
    book.close()
    document = office.open(tmp_path / "a.xlsx")
    assert office.values(document, "B1") == [[99]]
    office.close(document)


def test_results_that_another_program_could_not_compute_are_computed_on_opening(office: Office, tmp_path: Path) -> None:
    """Excel without the add-in stores an error, some programs store nothing."""
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("表")
    sheet.write("A1", 1.005)
    sheet.write_formula("B1", "=KAOHE_ROUND(A1)", None, "#NAME?")
    sheet.write_formula("C1", "=B1+1", None, "#NAME?")
    sheet.write_formula("D1", "=KAOHE_ROUND(C1,1)", None, "")
    book.close()
    document = office.open(tmp_path / "a.xlsx")
    assert office.values(document, "B1:D1") == [[1.01, 2.01, 2]]
    office.close(document)


LINK = (
    '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><externalBook '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"/></externalLink>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BY_PATH = f'Type="{RELATIONS}/externalLinkPath" Target="file:///C:/XLSTART/kaohe.xlam"'
IN_STARTUP = (
    'Type="http://schemas.microsoft.com/office/2006/relationships/xlExternalLinkPath/xlStartup" Target="kaohe.xlam"'
)
"""[MS-XLSB] 2.1.10.1: of a workbook in Excel's startup folder, wherever that is."""


def linked(path: Path, *rows: list[Any], protect: str | None = None, target: str = BY_PATH) -> Path:
    """As Excel saves a workbook that uses an add-in's functions: its first link to another file is the add-in."""
    links = {
        "xl/externalLinks/externalLink1.xml": LINK,
        "xl/externalLinks/_rels/externalLink1.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
            f'{target} TargetMode="External"/></Relationships>'
        ),
    }
    plain(path, *rows, protect=protect)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    reference = f'<externalReferences><externalReference xmlns:r="{RELATIONS}" r:id="rId99"/></externalReferences>'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("</sheets>", f"</sheets>{reference}")
    relation = f'<Relationship Id="rId99" Type="{RELATIONS}/externalLink" Target="externalLinks/externalLink1.xml"/>'
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace("</Relationships>", f"{relation}</Relationships>")
    override = (
        '<Override PartName="/xl/externalLinks/externalLink1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"/>'
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", f"{override}</Types>")
    with zipfile.ZipFile(path, "w") as package:
        for name, text in {**parts, **links}.items():
            package.writestr(name, text)
    return path


@pytest.mark.parametrize(("protect", "target"), [(None, BY_PATH), ("", BY_PATH), (None, IN_STARTUP)])
def test_functions_that_excel_saved_with_its_add_in_are_bound(
    office: Office, tmp_path: Path, protect: str | None, target: str
) -> None:
    path = linked(
        tmp_path / "a.xlsx",
        [85, 90, "=[1]!KAOHE_SCORE(A1:B1,A2:B2)", "=_xlfn.KAOHE_ROUND(88.55,1)"],
        [0.3, 0.7, "=IF(C1>80,[1]!KAOHE_ROUND(C1,0),0)", "=kaohe.xlam!KAOHE_ROUND(88.55,1)+1"],
        [1, 2, ("C3:C3", "=SUM([1]!KAOHE_ROUND(A1:A2,0))")],
        protect=protect,
        target=target,
    )
    document = office.open(path)
    assert office.values(document, "C1:D2") == [[88.5, 88.6], [89, 89.6]]
    assert office.values(document, "C3") == [[85]]
    assert office.formula(document, "C2") == "=IF(C1>80,KAOHE_ROUND(C1,0),0)"
    office.save_as(document, tmp_path / "b.xlsx")
    office.close(document)
    assert all("KAOHE_" in formula and "!" not in formula for formula in formulas(tmp_path / "b.xlsx"))
