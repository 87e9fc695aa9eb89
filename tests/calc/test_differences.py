"""What LibreOffice itself imposes: one test for each heading of docs/differences.md, named by it."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from addin.headless import calculate, read_book
from tests.calc.office import Office
from tests.headless.support import values
from tests.support import PROJECT

pytestmark = pytest.mark.slow
PAGE = PROJECT / "docs" / "differences.md"
SHOWN: dict[str, Callable[[Office, str], None]] = {}
Test = Callable[[Office, str], None]


def shows(heading: str) -> Callable[[Test], Test]:
    def note(test: Test) -> Test:
        SHOWN[heading] = test
        return test

    return note


@pytest.fixture
def sheet(office: Office) -> Iterator[str]:
    document = office.new()
    yield document
    office.close(document)


def headings() -> list[str]:
    section = PAGE.read_text(encoding="utf-8").split("## LibreOffice Calc")[1].split("\n## ")[0]
    return re.findall(r"^### (.+)$", section, re.MULTILINE)


def test_every_difference_is_shown_by_a_test() -> None:
    assert headings() == list(SHOWN)


@pytest.mark.parametrize("heading", headings())
def test_difference(office: Office, sheet: str, heading: str) -> None:
    SHOWN[heading](office, sheet)


def result(office: Office, sheet: str, formula: str) -> Any:
    office.put(sheet, "H1", [[formula]])
    return office.values(sheet, "H1")[0][0]


@shows("相减剩下的误差")
def what_subtracting_leaves(office: Office, sheet: str) -> None:
    formulas = ["0.1+0.2-0.3", "(0.1+0.2-0.3)*1", "0.1+0.2-0.3=0", "ROUND(0.1+0.2-0.3,10)=0"]
    assert [result(office, sheet, f"={formula}") for formula in formulas] == [0, 0, 1, 1]
    assert values(formulas) == [0, 2.0**-54, False, True]


@shows("合计的最后一位")
def last_digit_of_sums(office: Office, sheet: str) -> None:
    cells = [591.72, 1539.35, 1624.13, 560.1, 660.72, 505.26, 364.82, 299.43]
    office.put(sheet, "A1:A8", [[cell] for cell in cells])
    office.put(sheet, "B1:B8", [[f"=A{row}*1"] for row in range(1, 9)])
    assert values([f"SUM({','.join(map(str, cells))})"]) == [6145.53] == [result(office, sheet, "=SUM(A1:A8)")]
    assert result(office, sheet, "=SUM(B1:B8)") in (6145.53, 6145.530000000001)
    same = ("SUM(B1:B8)=6145.53", "INT(SUM(B1:B8)*100)=614553", 'KAOHE_ROUND(SUM(B1:B8),10)&""="6145.53"')
    assert [result(office, sheet, f"={each}") for each in same] == [1, 1, 1]


@shows("第 16 位以后的数字")
def digits_after_the_fifteenth(office: Office, sheet: str) -> None:
    formula = '="110101199003078812"-110101199003078000'
    assert result(office, sheet, formula) == 816 and values([formula[1:]]) == [0]
    assert result(office, sheet, "=12345678901234567-12345678901234000") == 568
    office.put(sheet, "A1:A2", [["110101199003078812"], ["110101199003078112"]])
    found = result(office, sheet, "=COUNTIF(A1:A2,A1)")
    assert found == 1 and values(["COUNTIF(A1:A2,A1)"], [["110101199003078812"], ["110101199003078112"]]) == [2]
    assert result(office, sheet, '=COUNTIF(A1:A2,A1&"*")') == 1


@shows("引用单个空单元格得 0")
def blank_cell(office: Office, sheet: str) -> None:
    assert result(office, sheet, "=KAOHE_ROUND(A1)") == 0
    assert result(office, sheet, "=KAOHE_ROUND(A1:A1)") == ""


@shows("TRUE 和 FALSE 是 1 和 0")
def truth(office: Office, sheet: str) -> None:
    assert result(office, sheet, "=KAOHE_ROUND(TRUE())") == 1


@shows("整列的参数要写区域")
def columns(office: Office, sheet: str) -> None:
    office.put(sheet, "A1:B2", [["甲", 90], ["乙", 80]])
    assert result(office, sheet, '=KAOHE_RANK("乙",A1:A2,B1:B2)') == 2
    assert result(office, sheet, '=KAOHE_RANK("乙",{"甲";"乙"},{90;80})') == "Err:504"
    assert result(office, sheet, '=KAOHE_RANK("乙",INDEX(A1:B2,0,1),INDEX(A1:B2,0,2))') == 2


@shows("区域中有错误值")
def errors_in_ranges(office: Office, sheet: str) -> None:
    office.put(sheet, "A1:C1", [[90, "=NA()", 80]])
    assert result(office, sheet, "=KAOHE_SCORE(A1:C1)") == "Err:504"
    assert result(office, sheet, "=KAOHE_ROUND(B1)") == "#N/A"
    assert result(office, sheet, "=KAOHE_WORKLOAD(90,A1:C1,30)") == "#N/A"


@shows("数组公式中有一行出错")
def errors_in_arrays(office: Office, sheet: str) -> None:
    office.put(sheet, "A1:B3", [[1, 1], [2, 0], [3, 1]])
    office.put_array(sheet, "C1:C3", "KAOHE.ROUND(A1:A3/B1:B3)")
    assert office.values(sheet, "C1:C3") == [["#DIV/0!"], ["#DIV/0!"], ["#DIV/0!"]]
    office.put(sheet, "D1:D3", [["=KAOHE_ROUND(A1/B1)"], ["=KAOHE_ROUND(A2/B2)"], ["=KAOHE_ROUND(A3/B3)"]])
    assert office.values(sheet, "D1:D3") == [[1], ["#DIV/0!"], [3]]


@shows("数组公式得出的文本")
def texts_in_arrays(office: Office, sheet: str) -> None:
    office.put(sheet, "A1:A2", [[95], [70]])
    office.put_array(sheet, "B1:B2", 'KAOHE.GRADE(A1:A2;{90;60};{"优";"良";"差"})')
    office.put_array(sheet, "C1:C2", 'KAOHE.GRADE(A1:A2;{90;60};{"优";"良";"差"})&""')
    assert office.values(sheet, "B1:B2") == office.values(sheet, "C1:C2") == [["优"], ["良"]]
    assert result(office, sheet, '=COUNTIF(B1:B2,"优")') == 0
    assert result(office, sheet, '=COUNTIF(C1:C2,"优")') == 1


@shows("数组公式占用的内存")
def memory_of_arrays(office: Office, sheet: str) -> None:
    """Calc keeps what a function gave until the document is closed; equal results are kept once."""
    office.put(sheet, "A1:A2", [[1], [2]])
    office.put_array(sheet, "B1:B2", "KAOHE.ROUND(A1:A2)")
    for value in (1.005, 1, 1.005):
        office.put(sheet, "A1", [[value]])
        assert office.values(sheet, "B1") == [[1.01 if value > 1 else 1]]


@shows("另存副本和批量转换")
def copies(office: Office, sheet: str) -> None:
    office.put(sheet, "A1:A2", [["=KAOHE_ROUND(1.005)"]])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.xlsx"
        office.save_copy(sheet, path)
        with zipfile.ZipFile(path) as package:
            sign = b"_" if office.is_newer() else b"."
            assert b">KAOHE" + sign + b"ROUND(1.005)<" in package.read("xl/worksheets/sheet1.xml")
        assert calculate(path).problems == ()
        book = read_book(path)
        assert book.value(next(iter(book.sheets)), 0, 0) == 1.01


@shows("汉字的先后")
def order_of_characters(office: Office, sheet: str) -> None:
    for left, right, ours in (("座", "啊", True), ("々", "座", True), ("鑫", "座", False)):
        assert values([f'"{left}">"{right}"']) == [ours]
    assert result(office, sheet, '="々">"座"') == 0


@shows("DATEDIF 的 YD")
def days_without_years(office: Office, sheet: str) -> None:
    formula = 'DATEDIF("2000-2-15","2003-3-15","YD")'
    assert values([formula]) == [29] and result(office, sheet, f"={formula}") == 28


@shows("SUMPRODUCT 中的 IF")
def if_within_arrays(office: Office, sheet: str) -> None:
    office.put(sheet, "A1:A3", [[1], [2], [3]])
    assert result(office, sheet, "=SUMPRODUCT(IF(A1:A3>1,A1:A3))") == 5
    assert result(office, sheet, "=SUMPRODUCT((A1:A3>1)*A1:A3)") == 5


@shows("Calc 没有的函数")
def functions_of_newer_excel(office: Office, sheet: str) -> None:
    """Which of them there are depends on the version; none gives another number."""
    for formula, ours in (
        ("SUM(FILTER({1;2;3},{0;1;1}))", 5),
        ("SUM(TAKE({1;2;3},2))", 3),
        ("SUM(MAP({1;2;3},LAMBDA(x,x+1)))", 9),
    ):
        assert values([formula]) == [ours]
        assert result(office, sheet, f"={formula}") in (ours, "#NAME?", "Err:509")
