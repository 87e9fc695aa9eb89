"""What clerks add to their sheets: idioms, subtotals, formats, spilled arrays, and what must never be silently wrong."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from addin.headless import calculate, read_book
from addin.headless.computation import compute
from addin.headless.subtotals import Hidden
from addin.xlsx.cells import FormulaCells
from addin.xlsx.model import Area, CellError, Sheet, Workbook

DATA: list[list[Any]] = [
    [1.0, "甲", 90.0, True, 42185.0, None],
    [2.0, "乙", 80.0, "90", 42186.0, "x"],
    [3.0, "甲", None, "", 42190.0, 3.5],
    [4.0, "丙", 70.5, None, 42200.0, -2.0],
    [5.0, "Abc", 75.5, False, 42300.0, 0.0],
    [None, "a*c", 99.6, "=x", 36526.0, "3"],
]


def evaluated(formula: str, array: bool = False) -> Any:
    sheet = Sheet("表")
    for row, line in enumerate(DATA):
        for col, cell in enumerate(line):
            if cell is not None:
                sheet.set(row, col, cell)
    sheet.formulas[20, 8] = formula
    if array:
        sheet.arrays[20, 8] = Area("表", 20, 8, 20, 8)
    computed, problems = compute(Workbook({"表": sheet}))
    assert problems == []
    return computed["表"][20, 8]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUMPRODUCT(--(A1:A5>2),A1:A5)", 12), ('--"12"', 12), ("SUM(D1)", 0), ("SUM(D2)", 0), ('SUM("3",2)', 5),
        ("(A1,A2)", CellError.VALUE), ("(A1,A2)+1", CellError.VALUE), ("ABS((A1,A2))", CellError.VALUE), ("COUNTIF((A1:A2,A4),1)", CellError.VALUE), ("IF((A1,A2)>0,1)", CellError.VALUE), ("SUBTOTAL(9,(A1:A2,A4))", 7),
        ("IF(TRUE,(A1,B1))", CellError.VALUE), ("CHOOSE(1,(A1,A2))", CellError.VALUE), ("IFERROR((A1,A2),5)", 5), ("SUM(IF(TRUE,(A1:A2,A4)))", 7), ("SUM((A1:A2,A4))", 7), ("SUM(A1:B3 A2:C5)", 5), ("RANK(A1,(A1:A3,C1:C3))", 5), ("SUM(A1:INDEX(A1:A6,3))", 6),
        ('SUMIF(A1:A6,">2",C1)', 146), ('AVERAGEIF(A1:A6,">3",C1:C2)', 73), ('LOOKUP(2,1/(B1:B6="甲"),A1:A6)', 3),
        ("INDEX(A1:C6,2,0)", CellError.VALUE), ("SUM(INDEX(A1:C6,2,0))", 82), ("1E20&\"\"", "1E+20"), ("0.00001&\"\"", "0.00001"),
        ('123456789012345678&""', "123456789012345000"), ('0.1+0.2&""', "0.3"), ("MAXA(D1:D5)", 1), ("AVERAGEA(D1:D5)", 0.25),
        ("AGGREGATE(9,6,A1:A5)", 15), ("AGGREGATE(14,6,C1:C6,2)", 90), ('AGGREGATE(14,6,A1:A5/(B1:B5="甲"),1)', 3), ("COMBIN(5,2)", 10), ('LENB("绩效a")', 5), ('LEFTB("绩效",3)', "绩 "),
        ("ADDRESS(2,3)", "$C$2"), ("RMB(1234.5)", "¥1,234.50"), ("PERCENTRANK(A1:A5,3)", 0.5), ("GEOMEAN(2,8)", 4), ("LOG(8,2)", 3),
        ('TEXT(75,"[>=90]优秀;[>=60]合格;不合格")', "合格"), ('TEXT(5,"[>=90]优秀;[>=60]合格;不合格")', "不合格"),
        ('TEXT(10204.5,"[DBNum2]")', "壹万零贰佰零肆.伍"), ('TEXT(100020003,"[DBNum1]General")', "一亿〇二万〇三"),
        ('TEXT(0.00012,"0.00E+00")', "1.20E-04"), ('TEXT(1.5,"[h]:mm")', "36:00"), ('TEXT(42185.5,"yyyy/m/d h:mm AM/PM")', "2015/6/30 12:00 PM"),
        ("LET(分,C1,分*2)", 180), ("3>2>1", True), ('TRUE>"z"', True), ("XLOOKUP(9,A1:A5,B1:B5)", CellError.NA), ("RAND()<1", True),
        ("RANDBETWEEN(3,3)", 3), ("COUNTIF(A1:A6,A6)", 0), ('COUNTIF(F1:F6,"3")', 1), ("ISBLANK(A6)", True), ("别名", CellError.NAME),
        ("ISFORMULA(A1)", False), ("PHONETIC(A1:D6)", "甲乙90甲丙Abca*c=x"), ("PHONETIC(B:B)", "甲乙甲丙Abca*c"), ('PHONETIC("甲")', CellError.VALUE), ("SUMPRODUCT(--ISFORMULA(A1:I21))", 1), ("SHEET()", 1), ("SHEET(A1)", 1), ('SHEET("表")', 1),
        ('SHEET("无")', CellError.NA), ('SUMIF(B1:B6,"甲",OFFSET(B1,0,-1))', 4), ('SUMIF(B1:B6,"甲",INDEX(A1:A6,1))', 4), ('SUMIF(B1:B6,"甲",IF(TRUE,A1))', 4), ('AVERAGEIF(B1:B6,"甲",INDIRECT("A1"))', 2),
        ('SUMIF(B1:B6,"甲",IFS(TRUE,A1))', 4), ('SUMIF(B1:B6,"甲",SWITCH(1,1,A1))', 4), ('SUMIF(OFFSET(B1,0,0,6),"甲",A1)', 4), ('SUMIF(B1:B6,"甲",LET(x,A1,x))', 4),
        ('COUNTIF(B1:B6,"<>甲")', 4), ('COUNTIF(D1:D6,"<>90")', 6), ('COUNTIFS(F:F,"",B:B,"甲")', 1), ('COUNTIF(F1:F6,"")', 1),
        ("RANK.EQ(A2,(A1:A2,A2:A3))", 2), ("RANK.AVG(A2,(A1:A2,A2:A3))", 2.5), ("RANK.EQ(A2,A1:A6,1)", 2), ("SUM(TRIMRANGE(A1:A9))", 15), ("ROWS(TRIMRANGE(A1:A9))", 5),
        ("COLUMNS(TOROW(A5:A6,1))", 1), ("COLUMNS(TOROW(A5:A6,2))", 2), ("ROWS(TOCOL(A5:B6,3))", 3),
        ('COUNTIFS(A:A,"",F:F,3)', 1), ('COUNTIF(A1:A6,"<3")', 2), ('SUMIF(A1:A6,"<3")', 3), ('SUMIF(A1:A6,"<=3")', 6), ('COUNTIFS(A1:A6,">1",A1:A6,"<4")', 2), ('COUNTIFS(A1:A6,">4",A1:A6,"<2")', 0),
        ('COUNTIFS(B1:B6,"甲",A1:A6,">1")', 1), ("XLOOKUP(5,A1:A6,C1:C6,,0,2)", 75.5),
        ("ABS(A1:A30)", 0), ("ABS(A21:A30)", 0), ("ABS(A1:A21)", 0), ("ABS(A1:A20)", CellError.VALUE), ("ABS(A2:I2)", 0), ("ABS(I2:K2)", 0), ("ABS(A2:H2)", CellError.VALUE),
        ("SUM((A1:A2,A4:A5) A2:A4)", 6), ("SUM(A2:A4 (A1:A2,A4:A5))", 6), ("AREAS((A1:A2,A4:A5) A2:A4)", 2), ("RANK(2,(A1:A2,A4:A5) A1:A4)", 2), ("RANK(3,(A1:A2,A4:A5) A1:A4)", CellError.NA), ("COLUMNS((A1:A2,A4:A5) A2:A4)", CellError.REF), ("SUM((A1:A2,A4) A3)", CellError.NULL),
        ("A1:B2", CellError.VALUE), ("ABS(A1:B2)", CellError.VALUE), ("ABS(A1:A1)", 1),
        ("COUNT(INDEX(F1:F6,6))", 0), ("COUNTA(INDEX(F1:F6,6))", 1), ("COUNTA(INDEX(A1:A6,6),IF(TRUE,A6))", 0), ("SUM(IF(1,F6,2))", 0), ("SUM(IF(0,F6,2))", 2), ("SUM(CHOOSE(2,1,B1))", 0), ("MAX(IFS(TRUE,B1))", 0),
        ("SUM(SWITCH(2,1,9,2,D1))", 0), ('COUNT(XLOOKUP("a~*c",B1:B6,F1:F6,,2))', 0), ("SUM(LET(x,INDEX(F1:F6,6),x))", 0), ("LET(x,INDEX(F1:F6,6),x+1)", 4), ('SUM(INDEX(A1:A6,"x"))', CellError.VALUE), ("SUM(INDEX(A1:A6,-1))", CellError.VALUE),
        ("SUM(INDEX(A1:A6,7))", CellError.REF), ("ISREF(IFS(TRUE,A1))", True), ("ISREF(SWITCH(1,1,A1))", True), ("ISREF(SWITCH(1,1,2))", False), ("ISREF(LET(x,A1,x))", True), ("ISREF(IF(1,2,A1))", False),
        ("SUM(N(OFFSET(A1,{0,2},0)))", 4), ("SUMPRODUCT(N(A1:A6>2))", 3), ('SUMPRODUCT(A1:A6,N(B1:B6="甲"))', 4), ("SUMPRODUCT(N(A2:A6))", 2), ("SUMPRODUCT(N(+C1:C6))", 415.6),
        ("SUMPRODUCT(IF(A1>0,A1:A5))", 15), ("SUMPRODUCT(IF({1;0},A1:A2))", 1), ("SUMPRODUCT(TRANSPOSE({1;2})*{1,2})", 5), ("SUMPRODUCT(IF(SUM(A1:A5)>9,A1:A5))", 15), ("LET(x,A1:A5,SUMPRODUCT(IF(x>2,x)))", 12),
        ('COUNTIF(A1:A3,REPT("x",255))', 0), ("SUM(N({1,2,3}))", 6), ('CONCAT(T({"a",1,"b"}))', "ab"), ("SUM(INDEX(A1:A6,N(IF(1,{1;3}))))", 4), ("T(B1:B6)", "甲"),
        ("SUMPRODUCT(EOMONTH(E1:E5,0))", CellError.VALUE), ("SUMPRODUCT(EOMONTH(+E1:E5,0))", 211141), ("SUMPRODUCT(--ISODD(A1:A6))", CellError.VALUE), ("SUMPRODUCT(EOMONTH(E1,{0,1}))", 84401), ('SUMPRODUCT(SUMIF(INDIRECT({"B1:B2","B3:B6"}),"甲",INDIRECT({"A1:A2","A3:A6"})))', 4),
        ('SUMPRODUCT(SUMIF(INDIRECT({"表","表"}&"!B:B"),"甲",INDIRECT({"表","表"}&"!A:A")))', 8), ('SUMPRODUCT(N(INDIRECT("A"&{1,3})))', 4),
        ('SUM(XLOOKUP("甲",B1:B6,A1:A6):XLOOKUP("丙",B1:B6,A1:A6))', 10), ('SUM(A1:XLOOKUP("乙",B1:B6,A1:C6))', 173),
        ('SUM(A2:XLOOKUP("无",B1:B6,A1:A6,A3))', 5), ('SUM(A1:XLOOKUP("无",B1:B6,A1:A6))', CellError.NA),
        ('SUM(A1:XLOOKUP("甲",B1:B6,A1:A5))', CellError.VALUE), ('ROW(XLOOKUP("丙",B1:B6,A1:A6))', 4), ("SUM(A2:XLOOKUP(90,A1:C1,A2:C2))", 82),
        ("XMATCH(3,A1:B6)", CellError.VALUE), ('LOOKUP("座",B1:B4)', "丙"), ('LOOKUP("々",B1:B4)', "丙"), ('"甲"<"乙"', True), ('"丙"<"丁"', True),
        ('"张三"<"张四"', True), ('"安"<"鑫"', True), ('"a"<"安"', True), ('"安2"<"安10"', False), ('CONCAT(SORT({"丁";"丙";"乙";"甲"}))', "丙丁甲乙"), ('AGGREGATE(9,6,A1:A5/(B1:B5="甲"))', CellError.VALUE), ("AGGREGATE(9,6,A1:A5,C1)", 105),
    ],
)  # fmt: skip
def test_ordinary_formula(formula: str, expected: Any) -> None:
    assert evaluated(formula) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("COUNTIF(TAKE(A1:A5,3),2)", 1), ("LET(x,A1:A5,COUNTIF(x,2))", 1), ("SUM(MAP(A1:A5,LAMBDA(c,COUNTIF(A1:c,c))))", 5), ("SUMPRODUCT(IF(A1:A5>2,A1:A5))", 12), ('SUM(IF(B1:B6="甲",C1:C6))', 90), ('MAX(TRANSPOSE(IF(B1:B6="甲",C1:C6)))', 90), ('MIN(IF((B1:B6="甲")*(C1:C6<>""),C1:C6))', 90), ('COUNT(IF(B1:B6="乙",C1:C6))', 1), ('SUM((B1:B6="甲")*A1:A6)', 4), ('MAX(IF(B1:B6="甲",C1:C6))', 90), ("SUM(1/COUNTIF(B1:B5,B1:B5))", 4), ("SUM(LEN(B1:B6))", 10),
        ('INDEX(B1:B6,MATCH(1,(A1:A6=3)*(B1:B6="甲"),0))', "甲"), ('SUM(FILTER(A1:A5,C1:C5>75))', 8), ("SUM(UNIQUE(A1:A5))", 15),
        ("COUNTA(UNIQUE(A1:A6))", 6), ("COUNTA(SORT(A1:A6))", 6), ("COUNTA(FILTER(A1:A6,C1:C6<>1))", 6), ("COUNTA(A1:A6)", 5),
        ("INDEX(SORT(C1:C6,1,-1),1)", 99.6), ("SUM(SEQUENCE(3,2))", 21), ("INDEX(SORTBY(B1:B5,C1:C5,-1),1)", "甲"),
    ],
)  # fmt: skip
def test_array_formula(formula: str, expected: Any) -> None:
    assert evaluated(formula, array=True) == pytest.approx(expected)


@pytest.mark.parametrize(
    "formula",
    [
        "COUNTIF(A1:A5*1,2)", 'SUMIF(FILTER(A1:A5,A1:A5>1),">2")', 'SUMIFS(A1:A5*1,B1:B5,"甲")', 'RANK(2,IF(B1:B5="甲",A1:A5))',
        "LET(x,FILTER(A1:A5,A1:A5>1),COUNTIF(x,2))", 'COUNTBLANK(A1:A5&"")', "COUNTIF(VSTACK(A1:A5),2)", "DSUM(VSTACK(A1:C5),1,A1:A2)",
    ],
)  # fmt: skip
def test_arrays_do_not_stand_for_cells(formula: str) -> None:
    assert evaluated(formula, array=True) is CellError.VALUE


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("人民币大写(1)", "人民币大写"), ("[1]表!A1", "其他工作簿"),
        ("[1]!算(1)", "其他工作簿"), ("SUBTOTAL(9,IFERROR(A1:A3,0))", "算出来的值"), ("SUBTOTAL(9,甲:乙!A1)", "几张工作表"), ("ROW((A1,A2))", "合并"), ("SUM((A1,A3):A2)", "冒号"), ('DATEDIF("2015-12-25","2016-3-17","YD")', "YD"), ("SUMPRODUCT(IF(A1:A5>2,1))", "Ctrl+Shift+Enter"), ("LOOKUP(1,0/IF(ROW(A1:A5)>2,1))", "Ctrl+Shift+Enter"), ("SUMPRODUCT(IF(LEN(列)>2,1))", "Ctrl+Shift+Enter"), ("SUMPRODUCT(IF($A$1:A1>2,1))", "Ctrl+Shift+Enter"), ("SUMPRODUCT(TRANSPOSE(A1:A3)*1)", "Ctrl+Shift+Enter"), ('COUNTIF(A1:A3,REPT("x",256))', "255"), ("TABLE()", "模拟运算表"), ("1+", "写法"), ('TEXT(1E20,"[DBNum2]")', "中文数字"), ('TEXT(9,"[$-411]e")', "年号"), ('TEXT(9,"[$-zh-TW]e年")', "年号"), ('TEXT(9,"[$-130000]m-d")', "农历"), ('TEXT(9,"B2yyyy-mm-dd")', "其他历法"), ('TEXT(9,"[$-zh-CN,130000]d")', "农历"),
    ],
)  # fmt: skip
def test_what_is_not_computed_is_told(formula: str, told: str) -> None:
    sheet = Sheet("表", {3: [7.0]}, FormulaCells({(0, 3): formula}))
    names = {"列": "甲!$A$1:$A$9"}
    computed, problems = compute(Workbook({"表": sheet, "甲": Sheet("甲"), "乙": Sheet("乙")}, names=names))
    assert computed == {} and sheet.get(0, 3) == 7.0
    assert [(problem.cell, told in problem.message) for problem in problems] == [("D1", True)]


@pytest.mark.parametrize(
    "formula",
    [
        'MIN(IF(B1:B6="甲",C1:C6))', 'AVERAGE(IF(B1:B6="甲",C1:C6))', 'LARGE(IF(B1:B6="甲",C1:C6),{1;2})',
        'COUNT(TRANSPOSE(IF(B1:B6="甲",C1:C6)))', "MIN(IF(A:A<>2,C:C))",
        'MIN(IFERROR(C1:C6,""))', 'COUNT(IFNA(C1:C6,""))', "AVERAGE(CHOOSE({1,2},C1:C6,A1:A6))",
    ],
)  # fmt: skip
def test_blanks_that_if_picks_are_refused_where_zeros_would_make_a_difference(formula: str) -> None:
    sheet = Sheet("表", {3: [7.0]}, FormulaCells({(0, 3): formula}), arrays={(0, 3): Area("表", 0, 3, 0, 3)})
    for row, line in enumerate(DATA):
        for col, cell in enumerate(line[:3]):
            if cell is not None:
                sheet.set(row, col, cell)
    _, problems = compute(Workbook({"表": sheet}))
    assert ["空单元格" in problem.message for problem in problems] == [True] and sheet.get(0, 3) == 7.0


def test_texts_are_strung_together_without_what_is_computed_and_without_guides() -> None:
    sheet = Sheet(
        "表", {0: ["甲", 5.0, "乙"], 1: [None, "丙"]}, FormulaCells({(2, 0): '"乙"', (0, 3): "PHONETIC(A1:B3)"})
    )
    book = Workbook({"表": sheet})
    assert compute(book)[0]["表"][0, 3] == "甲丙"
    book.has_guides = True
    assert [problem.cell for problem in compute(book)[1]] == ["D1"]


def test_subtotals_do_not_count_subtotals_nor_hidden_rows(tmp_path: Path) -> None:
    path = tmp_path / "小计.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("表")
        for row, amount in enumerate((1, 2, 4)):
            sheet.write_number(row, 0, amount)
        sheet.write_formula(3, 0, "=SUBTOTAL(9,A1:A3)")
        sheet.write_formula(4, 0, "=SUBTOTAL(9,A1:A4)")
        sheet.write_formula(5, 0, "=SUBTOTAL(109,A1:A4)")
        sheet.write_formula(6, 0, "=AGGREGATE(9,5,A1:A3)")
        sheet.set_row(1, None, None, {"hidden": True})
    assert calculate(path).problems == ()
    book = read_book(path)
    assert [book.value("表", row, 0) for row in range(3, 7)] == [7, 7, 5, 5]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUBTOTAL(109,OFFSET(A1,0,0,4))", 13), ("SUBTOTAL(109,(A1:A2,A3:A4))", 13), ("SUBTOTAL(109,并)", 13), ("SUBTOTAL(9,(A1:A2,A3:A5))", 15),
        ("SUBTOTAL(109,IF(TRUE,(A1:A2,A3)))", 5), ("AGGREGATE(9,5,(A1:A2,A3:A4))", 13), ("AGGREGATE(14,5,(A1:A2,A3:A4),3)", 1), ("COUNTIF(并,1)", CellError.VALUE),
        ("SUMPRODUCT(SUBTOTAL(103,OFFSET(A1,ROW(A1:A4)-1,0))*A1:A4)", 13), ("SUM(BYROW(A1:A4,LAMBDA(r,SUBTOTAL(103,r))))", 3), ("SUM(BYCOL(A1:A4,LAMBDA(c,SUBTOTAL(109,c))))", 13),
        ("SUM(FILTER(A1:A4,MAP(A1:A4,LAMBDA(r,SUBTOTAL(103,r)))))", 13),
    ],
)  # fmt: skip
def test_hidden_rows_do_not_count_however_they_are_referred_to(formula: str, expected: Any) -> None:
    sheet = Sheet("表", {0: [1.0, 2.0, 4.0, 8.0]}, FormulaCells({(4, 0): "SUBTOTAL(9,A1:A4)", (0, 5): formula}))
    names = {"并": "(表!$A$1:$A$2,表!$A$3:$A$4)"}
    computed, problems = compute(Workbook({"表": sheet}, names), lambda _: Hidden(frozenset({1})))
    assert problems == [] and computed["表"][0, 5] == expected


def test_hidden_rows_do_not_count_in_formulas_filled_down() -> None:
    formulas = {(row, 1): f"SUBTOTAL(103,IF(TRUE,A{row + 1}))" for row in range(3)}
    sheet = Sheet("表", {0: [1.0, 2.0, 4.0]}, FormulaCells(formulas))
    computed, problems = compute(Workbook({"表": sheet}), lambda _: Hidden(frozenset({1})))
    assert problems == [] and [computed["表"][row, 1] for row in range(3)] == [1, 0, 1]


def test_filtered_rows_do_not_count_nor_others_that_are_hidden_on_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "筛选.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("表")
        sheet.write_column(0, 0, ["金额", 1, 2, 4, 8])
        sheet.autofilter(0, 0, 3, 0)
        sheet.filter_column(0, "x != 2")
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.write_formula(5, 0, "=SUBTOTAL(9,A2:A5)")
        sheet.write_formula(6, 0, "=SUBTOTAL(109,A2:A5)")
    assert calculate(path).problems == ()
    assert [read_book(path).value("表", row, 0) for row in (5, 6)] == [5, 5]


@pytest.mark.parametrize(("mode", "expected"), [("1", 5), ("0", 7)])
def test_rows_that_an_advanced_filter_hides_do_not_count(tmp_path: Path, mode: str, expected: float) -> None:
    path, rewritten = tmp_path / "高级筛选.xlsx", tmp_path / "另存.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("表")
        sheet.write_column(0, 0, ["金额", 1, 2, 4])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.write_formula(5, 0, "=SUBTOTAL(9,A2:A4)")
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(rewritten, "w") as copy:
        for name in package.namelist():
            text = package.read(name).replace(b"<dimension", f'<sheetPr filterMode="{mode}"/><dimension'.encode())
            copy.writestr(name, text)
    assert calculate(rewritten).problems == ()
    assert read_book(rewritten).value("表", 5, 0) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("VSTACK(甲:乙!A1:B2)", [["甲", 1], ["丙", 2], ["甲", 10], ["丙", 20]]), ("HSTACK(甲:乙!B1:B2)", [[1, 10], [2, 20]]),
        ('VSTACK(甲:乙!B1,"x")', [[1], [10], ["x"]]), ('TEXTJOIN("、",TRUE,甲:乙!A1:A2)', [["甲、丙、甲、丙"]]), ("CONCAT(甲:乙!B1)", [["110"]]),
        ('LET(d,VSTACK(甲:乙!A1:B9),FILTER(d,CHOOSECOLS(d,1)<>""))', [["甲", 1], ["丙", 2], ["甲", 10], ["丙", 20]]), ("SUM(VSTACK(甲:乙!B:B))", [[33]]),
        ("甲:乙!B1", [[CellError.VALUE]]), ("甲:乙!B1+1", [[CellError.VALUE]]), ("COUNTIF(甲:乙!B1:B2,1)", [[CellError.VALUE]]), ("(甲!B1,甲!B2)", [[CellError.VALUE]]),
        ("VSTACK((甲!B1,甲!B2))", None), ("INDEX(甲:乙!A1:B2,1,1)", None), ("UNIQUE(甲:乙!A1:B2)", None), ("SUMPRODUCT(甲:乙!B1:B2)", None),
    ],
)  # fmt: skip
def test_an_area_of_several_sheets_is_stacked_added_up_or_refused(
    formula: str, expected: list[list[Any]] | None
) -> None:
    sheets = {
        name: Sheet(name, {0: ["甲", "丙"], 1: [times, 2.0 * times]}, height=2)
        for name, times in (("甲", 1.0), ("乙", 10.0))
    }
    own = Sheet("表", {}, FormulaCells({(0, 0): formula}), arrays={(0, 0): Area("表", 0, 0, 0, 0)}, dynamic={(0, 0)})
    computed, problems = compute(Workbook({**sheets, "表": own}))
    found: Any = computed.get("表", {})
    if expected is None:
        assert found == {} and "几张工作表" in problems[0].message
    else:
        assert problems == []
        assert found == {(row, col): cell for row, line in enumerate(expected) for col, cell in enumerate(line)}


def test_braces_stand_around_formulas_that_were_entered_as_arrays_only(tmp_path: Path) -> None:
    path = tmp_path / "大括号.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("表")
        sheet.write_dynamic_array_formula(0, 0, 1, 0, "=_xlfn.SEQUENCE(2)")
        sheet.write_array_formula(0, 1, 0, 1, "{=SUM(A1:A3*2)}")
        sheet.write_formula(3, 0, "=_xlfn.FORMULATEXT(A1)&_xlfn.FORMULATEXT(B1)")
    assert calculate(path).problems == ()
    assert read_book(path).value("表", 3, 0) == "=SEQUENCE(2){=SUM(A1:A3*2)}"


def test_a_dynamic_array_fills_as_many_cells_as_it_has(tmp_path: Path) -> None:
    path = tmp_path / "动态.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("表")
        sheet.write_column(0, 0, [3, 1, 2])
        sheet.write_dynamic_array_formula(0, 2, 2, 2, "=_xlfn._xlws.SORT(A1:A3)")
        sheet.write_dynamic_array_formula(0, 4, 0, 4, "=_xlfn._xlws.FILTER(A1:A3,A1:A3>1)", None, 9)
        sheet.write_dynamic_array_formula(0, 6, 4, 6, "=_xlfn._xlws.FILTER(A1:A3,A1:A3>2)", None, 9)
        sheet.write_dynamic_array_formula(0, 8, 0, 8, "=_xlfn._xlws.SORT(A1:A3)", None, 9)
        sheet.write(2, 8, "挡住")
        sheet.write_formula(5, 0, "=SUM(E1:E5)+SUM(_xlfn.ANCHORARRAY(G1))")
    assert calculate(path).problems == ()
    book = read_book(path)
    assert [book.value("表", row, 2) for row in range(3)] == [1, 2, 3]
    assert [book.value("表", row, 4) for row in range(3)] == [3, 2, None]
    assert [book.value("表", row, 6) for row in range(3)] == [3, None, None]
    assert [book.value("表", row, 8) for row in range(3)] == [CellError.VALUE, None, "挡住"]
    assert book.value("表", 5, 0) == 8
    arrays = {place: (area.bottom, area.right) for place, area in book.workbook.sheets["表"].arrays.items()}
    assert arrays == {(5, 0): (5, 0), (0, 2): (2, 2), (0, 4): (1, 4), (0, 6): (0, 6), (0, 8): (0, 8)}
    before = path.read_bytes()
    assert calculate(path).problems == () and path.read_bytes() == before


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('TEXTJOIN(",",FALSE,A:A)', CellError.VALUE), ('TEXTJOIN(",",TRUE,A:A)', "1,2,3,4,5"), ("ROWS(DROP(A:A,1))", 1_048_575), ("SUM(DROP(A:A,1))", 14),
        ("SUM(TAKE(A:A,-2))", 0), ("SUM(TAKE(A:B,2))", 3), ("ROWS(TAKE(A:A,-2))", 2), ('SUM(FILTER(DROP(A:A,1),DROP(B:B,1)="甲"))', 3), ("ROWS(TOCOL(A:A))", 1_048_576),
        ("ROWS(TOCOL(A:A,1))", 5), ("CHOOSEROWS(A:A,100)", 0), ("COLUMNS(DROP(1:1,,2))", 16_382), ("ARRAYTOTEXT(A:A)", CellError.VALUE),
    ],
)  # fmt: skip
def test_whole_columns_go_on_to_the_last_row(formula: str, expected: Any) -> None:
    assert evaluated(formula, array=True) == expected


def test_names_of_sheets_follow_the_sheet_that_uses_them() -> None:
    sheets = {
        name: Sheet(name, {0: [value]}, FormulaCells({(0, 1): "本表*2"})) for name, value in (("一", 1.0), ("二", 5.0))
    }
    computed, problems = compute(Workbook(sheets, {"一!本表": "一!$A$1", "本表": "二!$A$1"}))
    assert problems == [] and [computed[name][0, 1] for name in ("一", "二")] == [2, 10]


def test_whole_columns_up_to_a_stray_cell_in_the_last_corner_are_refused_in_that_cell() -> None:
    sheet = Sheet("表", {}, FormulaCells({(0, 1): "SUM(C:XFD)", (1, 1): "SUM(XFD:XFD)"}))
    sheet.set(1_048_575, 16_383, 5.0)
    computed, problems = compute(Workbook({"表": sheet}))
    assert [(problem.cell, "个单元格" in problem.message) for problem in problems] == [("B1", True)]
    assert computed["表"][1, 1] == 5.0
