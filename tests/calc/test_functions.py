"""The functions as a user of Calc meets them: the wizard, typing, error values, whole columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.calc.compare import is_error
from tests.calc.office import Office
from udfs import FUNCTIONS

pytestmark = pytest.mark.slow


@pytest.fixture
def sheet(office: Office) -> Any:
    """An empty document, and its id."""
    document = office.new()
    yield document
    office.close(document)


def test_the_wizard_tells_every_function_in_chinese(office: Office) -> None:
    told = {each["name"]: each for each in office.functions("KAOHE_")}
    assert set(told) == set(FUNCTIONS)
    for name, function in FUNCTIONS.items():
        assert function.label in told[name]["description"]
        named = [argument[:2] for argument in told[name]["arguments"]]
        assert named == [[p.name, p.description] for p in function.parameters]
        optional = [argument[2] for argument in told[name]["arguments"]]
        assert all(is_optional for p, is_optional in zip(function.parameters, optional, strict=True) if p.optional)


def test_the_wizard_tells_every_function_in_english(soffice: str, extension: Path, tmp_path: Path) -> None:
    office = Office(tmp_path, extension, locale="en-US")
    told = {each["name"]: each for each in office.functions("KAOHE_")}
    assert office.menu()[0] == "Appraisal"
    assert office.end() == 0
    for name, function in FUNCTIONS.items():
        assert told[name]["description"] == function.description_en
        named = [argument[:2] for argument in told[name]["arguments"]]
        assert named == [[p.english, p.description_en] for p in function.parameters]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_of_every_function(office: Office, sheet: str, name: str) -> None:
    """As typed; arrays stand in cells where Calc wants cells (see docs/differences.md)."""
    formula, expected = FUNCTIONS[name].example
    office.put(sheet, "A1", [[in_cells(office, sheet, name, formula)]])
    result = expected[0][0] if isinstance(expected, tuple) else expected
    [[value]] = office.values(sheet, "A1")
    assert (float(f"{value:.15g}") if isinstance(value, float) else value) == result


def test_days_count_from_where_the_document_says(office: Office, sheet: str, tmp_path: Path) -> None:
    """The first day of 1904 was a Friday; as days of the 1900 system these are refused."""
    path = tmp_path / "1904.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        page = book.add_worksheet("表")
        page.write_row("A1", [0, 1, 366, 4])
        page.write_row("A2", ["到岗", "日期", "是", 5, "", "", "", ""])
        for place, formula in enumerate(
            ["KAOHE_WORKDAYS(A1,A1)", "KAOHE_WORKDAYS(B1,B1)", "KAOHE_YEARS(A1,C1)", 'KAOHE_CHECK("",D1,A2:H2)']
        ):
            page.write_formula(2, place, f"={formula}", None, "")
    document = office.open(path)
    assert office.values(document, "表!A3:D3") == [[1, 0, 1, "到岗:不能早于 1904-01-06"]]
    office.close(document)
    office.put(sheet, "A1:B1", [[0, 366]])
    office.put(sheet, "A2:B2", [["=KAOHE_YEARS(A1,B1)", "=KAOHE_YEARS(B1,B1)"]])
    refused, same = office.values(sheet, "A2:B2")[0]
    assert is_error(refused) and same == 0


def in_cells(office: Office, document: str, name: str, formula: str) -> str:
    """A formula with those arguments in cells that Calc takes from cells only."""
    arguments = split(formula[len(name) + 2 : -1])
    for place, (parameter, argument) in enumerate(zip(FUNCTIONS[name].parameters, arguments, strict=False)):
        if parameter.takes_cells and argument.startswith("{"):
            rows = [[read(cell) for cell in split(row)] for row in argument[1:-1].split(";")]
            first = 10 * (place + 1)
            where = f"A{first}:{'ABCDEFGHIJ'[len(rows[0]) - 1]}{first + len(rows) - 1}"
            office.put(document, where, rows)
            arguments[place] = where
    return f"={name}({','.join(arguments)})"


def split(text: str) -> list[str]:
    """At the commas that stand in no brackets and in no text."""
    parts, depth, quoted = [""], 0, False
    for char in text:
        quoted ^= char == '"'
        depth += (char in "({") - (char in ")}") if not quoted else 0
        if char == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def read(cell: str) -> Any:
    return cell[1:-1] if cell.startswith('"') else float(cell)


def test_error_values_of_every_kind_come_out(office: Office, sheet: str) -> None:
    office.put(sheet, "A1:A3", [[90], [80], ["=NA()"]])
    office.put(sheet, "B1:B4", [["甲"], ["乙"], ["丙"], ["丙"]])
    cases = {
        '=KAOHE_LOOKUP("丁",B1:B3,A1:A3)': "#N/A",
        '=KAOHE_LOOKUP("丙",B1:B3,A1:A3)': "#N/A",
        '=KAOHE_LOOKUP("丙",B1:B4,B1:B4)': "#VALUE!",
        "=KAOHE_COEF(90,{1.3},0.8,1.2)": "#NUM!",
        "=KAOHE_VOTE({0,0},{1,0.5})": "#DIV/0!",
        "=KAOHE_ROUND(A3)": "#N/A",
        "=KAOHE_ROUND(1/0)": "#DIV/0!",
        '=IFERROR(KAOHE_ROUND("x"),"无效")': "无效",
        "=ISNA(KAOHE_ROUND(A3))": 1,
    }
    for formula, expected in cases.items():
        office.put(sheet, "D1", [[formula]])
        assert office.values(sheet, "D1") == [[expected]], formula


def test_an_error_value_reaches_only_who_reads_it(office: Office, sheet: str) -> None:
    office.put(sheet, "A1:B3", [["甲", 1], ["乙", "=1/0"], ["甲", 2]])
    office.put(sheet, "C1", [['=KAOHE_SUM("甲",A1:A3,B1:B3)']])
    office.put(sheet, "C2", [['=KAOHE_SUM("乙",A1:A3,B1:B3)']])
    assert office.values(sheet, "C1:C2") == [[3], ["#DIV/0!"]]


def test_whole_columns_are_cut_to_what_is_used(office: Office, sheet: str) -> None:
    office.put(sheet, "A1:B3", [["甲", 90], ["乙", 95], ["丙", 90]])
    office.put(sheet, "D1", [['=KAOHE_RANK("丙",A:A,B:B)']])
    office.put(sheet, "D2", [['=KAOHE_COUNT("甲",A:A)']])
    assert office.values(sheet, "D1:D2") == [[2], [1]]


def test_whole_columns_may_begin_with_a_heading(office: Office, sheet: str) -> None:
    office.put(sheet, "A1:C4", [["姓名", "得分", "组"], ["甲", 90, "a"], ["乙", 95, "b"], ["丙", 80, "a"]])
    office.put(sheet, "E1", [['=KAOHE_RANK("丙",A:A,B:B)']])
    office.put(sheet, "E2", [['=KAOHE_RANK("丙",A:A,B:B,C:C)']])
    office.put(sheet, "E3", [['=KAOHE_RANK("丙",A1:A4,B1:B4)']])
    assert office.values(sheet, "E1:E3") == [[3], [2], ["#VALUE!"]]


def test_arguments_in_the_middle_can_be_left_out(office: Office, sheet: str) -> None:
    office.put(sheet, "A1:C3", [["甲", 90, 1], ["乙", 90, 2], ["丙", 80, 3]])
    office.put(sheet, "D1", [['=KAOHE_RANK("甲",A1:A3,B1:B3,,C1:C3,"并列靠后")']])
    assert office.values(sheet, "D1") == [[2]]


def test_results_are_ordinary_values_to_other_functions(office: Office, sheet: str) -> None:
    office.put(sheet, "A1:A3", [['=KAOHE_GRADE(95,{90,60},{"优秀","合格","不合格"})'], ["优秀"], ['=KAOHE_ROUND("")']])
    office.put(sheet, "B1:B5", [['=COUNTIF(A1:A2,"优秀")'], ['=IF(A1="优秀",1,0)'], ['=SUMPRODUCT((A1:A2=A1)*1)'], ['=MATCH(A1,A2:A2,0)'], ['=IF(A3="","空",1)']])  # fmt: skip
    assert office.values(sheet, "B1:B5") == [[2], [1], [2], [1], ["空"]]


def test_array_formulas_give_a_result_a_row(office: Office, sheet: str) -> None:
    office.put(sheet, "A1:B3", [["甲", 90], ["乙", 95], ["丙", 90]])
    office.put_array(sheet, "C1:C3", "KAOHE.RANK(A1:A3;A1:A3;B1:B3)")
    office.put_array(sheet, "D1:D3", 'KAOHE.GRADE(B1:B3;{95;60};{"优";"良";"差"})')
    assert office.values(sheet, "C1:D3") == [[2, "良"], [1, "优"], [2, "良"]]
