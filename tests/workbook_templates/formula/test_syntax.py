"""The lexer, the parser and the printer: what is written is read, what is read is written, and mistakes are told with their place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from xlsxwriter.utility import quote_sheetname

from addin.xlsx.reader import read_workbook
from udfs.values import CellError, typed_number
from workbook_templates.formula.parser import parse
from workbook_templates.formula.printer import text_of
from workbook_templates.formula.references import Address, Corner, Scope, Structured
from workbook_templates.formula.tokens import FormulaError, tokenise
from workbook_templates.formula.tree import Apply, Blank, Constant, Invoke, Matrix, Named, Node

SHEETS = ["", "一月", "Sheet 1", "it's", "A1", "R1C1", "RC", "(1)"]
CORPORA = os.environ.get("KAOHE_CORPORA")


def tree(text: str) -> str:
    """A formula with every operation in brackets of its own."""

    def told(node: Node) -> str:
        if isinstance(node, Apply):
            return f"{node.function}[{' '.join(map(told, node.arguments))}]"
        if isinstance(node, Invoke):
            return f"{told(node.function)}({' '.join(map(told, node.arguments))})"
        return "" if isinstance(node, Blank) else text_of(node)

    return told(parse(text))


@pytest.mark.parametrize(
    "name",
    [
        "一月", "1月", "A1", "xfd1048576", "XFE1", "ABCD1", "R", "c", "RC", "r1C1", "RC5", "R1C", "C2级", "R2部门", "R部门", "Cc",
        "表-1", "a.b", "a b", "it's", "Rx",
    ],
)  # fmt: skip
def test_sheets_that_excel_would_take_for_something_else_are_quoted(name: str) -> None:
    """XlsxWriter quotes as Excel does; quotes that need not be harm nothing."""
    written = text_of(Address(Scope(name), Corner(0, 0), Corner(0, 0)))
    assert written in {f"{quote_sheetname(name)}!A1", "'XFE1'!A1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-2^2", "^[U-[2] 2]"),
        ("2^-1^2", "^[^[2 U-[1]] 2]"),
        ("1+2*3-4", "-[+[1 *[2 3]] 4]"),
        ("--A1%", "%[U-[U-[A1]]]"),
        ("10%%", "%[%[10]]"),
        ('A1&"甲"="x"', '=[&[A1 "甲"] "x"]'),
        ("1<>2", "<>[1 2]"),
        ("SUM(A1:B2 B1:C3)", "SUM[ [A1:B2 B1:C3]]"),
        ("SUM((A1,B2),C3)", "SUM[,[A1 B2] C3]"),
        ("A1:INDEX(B:B,3)", ":[A1 INDEX[B:B 3]]"),
        ("SUM(A1#)", "SUM[ANCHORARRAY[A1]]"),
        ("_xlfn.ANCHORARRAY(A1)", "ANCHORARRAY[A1]"),
        ("@A1:A3", "SINGLE[A1:A3]"),
        ("_xlfn.SINGLE(A1:A3)*2", "*[SINGLE[A1:A3] 2]"),
        ("ROUND(1,)", "ROUND[1 ]"),
        ("IF(,,)", "IF[  ]"),
        ("NOW( )", "NOW[]"),
        ("_xlfn.LAMBDA(_xlpm.x,_xlpm.x+1)(2)", "LAMBDA[x +[x 1]](2)"),
        ("[1]!KAOHE_RANK(A1)", "KAOHE_RANK[A1]"),
        ("'C:\\x\\kaohe.xlam'!KAOHE_RANK(A1)", "KAOHE_RANK[A1]"),
        ("KAOHE.RANK(A1)", "KAOHE_RANK[A1]"),
        ("_xll.FOO(1)", "FOO[1]"),
        ("[2]!FOO(1)", "[2]!FOO[1]"),
        ("TRUE=false", "=[TRUE FALSE]"),
        (".5+1e3+2.", "+[+[0.5 1000] 2]"),
        ('" "" \n"', '" "" \n"'),
        ("#N/A+#ref!", "+[#N/A #REF!]"),
        ("Sheet1!#REF!", "#REF!"),
        ("#REF!$A$1+SUM(#REF!A:B,#REF!1:2)", "+[#REF! SUM[#REF! #REF!]]"),
        ("{1,-2.5;\"a\",TRUE}", '{1,-2.5;"a",TRUE}'),
        ("{ #N/A , +3 }", "{#N/A,3}"),
        ("系数下限*ABC12345678", "*[系数下限 ABC12345678]"),
        ("XFE1+XFD1", "+[XFE1 XFD1]"),
        ("LOG10(A1)", "LOG10[A1]"),
    ],
)  # fmt: skip
def test_how_a_formula_is_read(text: str, expected: str) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$A$1:B2", Address(Scope(), Corner(0, 0, True, True), Corner(1, 1))),
        ("'it''s'!A1", Address(Scope("it's"), Corner(0, 0), Corner(0, 0))),
        ("一月:三月!A$1", Address(Scope("一月", "三月"), Corner(0, 0, True), Corner(0, 0, True))),
        ("'1 月:3 月'!A1", Address(Scope("1 月", "3 月"), Corner(0, 0), Corner(0, 0))),
        ("[1]一月!$2:3", Address(Scope("一月", "", "[1]"), Corner(1, None, True), Corner(2, None))),
        (
            "'C:\\账[甲.xlsx]一月'!A:$B",
            Address(Scope("一月", "", "C:\\账[甲.xlsx]"), Corner(None, 0), Corner(None, 1, False, True)),
        ),
        ("人员[[#This Row],[师德]:[业绩]]", Structured("人员", ("#This Row",), ("师德", "业绩"))),
        ("[@师德]", Structured("", ("#This Row",), ("师德",))),
        ("人员[[#This Row],师德]", Structured("人员", ("#This Row",), ("师德",))),
        ("人员[[师德] : 业'#绩 ]", Structured("人员", (), ("师德", "业#绩"))),
        ("人员[]", Structured("人员", (), ())),
        ("T[[#Headers],[#Data],['[a'] '#'']]", Structured("T", ("#Headers", "#Data"), ("[a] #'",))),
        ("[第#题]", Structured("", (), ("第#题",))),
        ("人员[（甲），：]", Structured("人员", (), ("（甲），：",))),
    ],
)
def test_what_a_formula_refers_to(text: str, expected: Node) -> None:
    assert parse(text) == expected
    assert parse(text_of(expected)) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SUM（A1)", "第 5 个字符是全角的“（”，应为半角的 ("),
        ("SUM(A1，B1)", "第 8 个字符是全角的“，”，应为半角的 ,"),
        ("IF(A1=“x”,1)", "第 8 个字符是全角的““”，应为半角的 \""),
        ('IF(A1="x,1)', "第 8 个字符的引号没有配对"),
        ("SUM(A1", "括号不配对"),
        ("SUM(A1))", "第 9 个字符处括号不配对"),
        ("1+", "公式不完整"),
        ("*2", "第 2 个字符处* 前缺少内容"),
        ("A1(", "括号不配对"),
        ("1 2,", "公式不完整"),
        ("SUM(1+,2)", "第 8 个字符处参数不完整"),
        ("()", "第 3 个字符处括号中缺少内容"),
        ("\"a\"B1", "缺少运算符"),
        ("{1,2;3}", "第 2 个字符处数组常量各行的个数不同"),
        ("{1,A1}", "数组常量中只能有常数"),
        ("{1,2", "第 2 个字符处花括号不配对"),
        ("人员[师德", "第 4 个字符的方括号没有配对"),
        ("1048577:1048577", "第 2 个字符处的 1048577:1048577 不在工作表中"),
        ("", "公式不完整"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_their_place(text: str, told: str) -> None:
    with pytest.raises(FormulaError, match="公式写法有误") as error:
        parse(text)
    assert told in str(error.value)


def test_full_width_characters_in_texts_and_sheet_names_are_text() -> None:
    assert tree("'（甲）'!A1=\"，：“”\"") == "=['（甲）'!A1 \"，：“”\"]"


def test_excels_own_limits() -> None:
    assert text_of(parse("+" * 8191 + "1")) == "+" * 8191 + "1"
    with pytest.raises(FormulaError, match="8193 个字符，超过 Excel 的上限 8192 个"):
        parse("+" * 8192 + "1")
    assert parse("SUM(" + ",".join("1" * 255) + ")")
    with pytest.raises(FormulaError, match="参数超过 Excel 的上限 255 个"):
        parse("SUM(" + ",".join("1" * 256) + ")")
    assert parse("ABS(" * 64 + "1" + ")" * 64)
    with pytest.raises(FormulaError, match="函数嵌套超过 Excel 的上限 64 层"):
        parse("ABS(" * 65 + "1" + ")" * 65)
    assert len(text_of(parse("1" + "+1" * 4000))) == 8001
    assert text_of(parse("(" * 4000 + "1" + ")" * 4000)) == "1"


@pytest.mark.parametrize(
    "text",
    ['"' + '""' * 4000, "'" * 8191, "[" * 8192, "[[" * 2000 + "a" * 4000, "A" * 8192 + "！", "1:" * 4000, "A1:" * 2700, "((((" * 2000],
)  # fmt: skip
def test_what_is_no_formula_is_refused_at_once(text: str) -> None:
    with pytest.raises(FormulaError):
        parse(text)


def test_functions_and_variables_get_the_prefixes_of_files() -> None:
    text = "LET(x,XLOOKUP(1,A1:A3,B1:B3),SORT(FILTER(B1#,B1#>x)))+SUM(@A1:A3)"
    assert text_of(parse(text), stored=True) == (
        "_xlfn.LET(_xlpm.x,_xlfn.XLOOKUP(1,A1:A3,B1:B3),_xlfn._xlws.SORT(_xlfn._xlws.FILTER(_xlfn.ANCHORARRAY(B1),"
        "_xlfn.ANCHORARRAY(B1)>_xlpm.x)))+SUM(_xlfn.SINGLE(A1:A3))"
    )
    assert text_of(parse(text_of(parse(text), stored=True))) == text
    # What a variable is given is none, nor what is no variable here.
    given = "LET(x,税率,y,x,LAMBDA(a,b,a+b+x)(y,税率))"
    stored = (
        "_xlfn.LET(_xlpm.x,税率,_xlpm.y,_xlpm.x,_xlfn.LAMBDA(_xlpm.a,_xlpm.b,_xlpm.a+_xlpm.b+_xlpm.x)(_xlpm.y,税率))"
    )
    assert text_of(parse(given), stored=True) == stored


def corners() -> st.SearchStrategy[Corner]:
    return st.builds(Corner, st.integers(0, 1_048_575), st.integers(0, 16_383), st.booleans(), st.booleans())


def columns() -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.text("甲a1 []#'@(:,）", min_size=1).map(str.strip).filter(bool), max_size=2, unique=True).map(
        tuple
    )


references = st.one_of(
    st.builds(
        lambda sheet, last, corner, other: Address(Scope(sheet, last if sheet else ""), corner, other),
        st.sampled_from(SHEETS),
        st.sampled_from(["", "三月", "3 月"]),
        corners(),
        corners(),
    ),
    st.builds(
        Structured, st.sampled_from(["", "人员"]), st.sampled_from([(), ("#This Row",), ("#All",)]), columns()
    ).filter(lambda found: found.rows != () or found.columns != () or found.table != ""),
)
cells = st.one_of(
    st.floats(0, 1e300).map(lambda number: typed_number(repr(number))),
    st.text('甲a"\n“'),
    st.booleans(),
    st.sampled_from([CellError.NA, CellError.DIV0]),
)
leaves = st.one_of(
    cells.map(Constant),
    references,
    st.sampled_from([Named("系数下限"), Named("x_1"), Named("合计", "一月")]),
    st.lists(cells, min_size=2, max_size=2).map(lambda row: Matrix((tuple(row), tuple(row)))),
)


def grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        st.builds(Apply, st.sampled_from([*list("+-*/^&=<>"), "<>", "<=", ">=", ":", " ", ","]), pairs),
        st.builds(Apply, st.sampled_from(["U-", "U+", "%", "SINGLE", "ANCHORARRAY"]), st.tuples(inner)),
        st.builds(
            Apply, st.sampled_from(["IF", "SUM", "XLOOKUP", "KAOHE_RANK"]), st.tuples(inner, st.just(Blank()), inner)
        ),
        st.builds(Apply, st.just("NOW"), st.just(())),
        st.builds(lambda body, given: Invoke(Apply("LAMBDA", (Named("x"), body)), (given,)), inner, inner),
    )


@given(st.recursive(leaves, grown, max_leaves=12))
@example(parse("SUM(-(A1,B1),(A1,B1,C1))"))
@example(parse("LAMBDA(x,NOW())(-(0,0))"))
def test_what_is_printed_is_read_as_the_same(node: Node) -> None:
    assert parse(text_of(node)) == node
    assert parse(text_of(node, stored=True)) == node


@given(st.text("A1甲$:!'\"[](){}#@%+-<>=,; ._\n（", max_size=40))
def test_any_text_is_read_or_refused_and_no_character_is_lost(text: str) -> None:
    try:
        tokens = tokenise(text)
    except FormulaError:
        return
    assert "".join(token.text for token in tokens) == text
    try:
        node = parse(text)
    except FormulaError:
        return
    assert parse(text_of(node)) == node


@pytest.mark.skipif(not CORPORA, reason="KAOHE_CORPORA names no folder of public workbooks")
def test_all_formulas_of_public_workbooks_are_read_and_written_back() -> None:
    seen: set[str] = set()
    for path in sorted(Path(CORPORA or "").rglob("*.xls[xm]"))[::7]:
        try:
            sheets = read_workbook(path).sheets.values()
        except (ValueError, OSError):
            continue
        for text in {text for sheet in sheets for text in sheet.formulas.values()} - seen:
            seen.add(text)
            try:
                node = parse(text)
            except FormulaError as error:
                assert not _is_right(text), f"{path.name}: {text}: {error}"
                continue
            assert parse(text_of(node)) == node == parse(text_of(node, stored=True)), f"{path.name}: {text}"
    assert len(seen) > 1000


def _is_right(text: str) -> bool:
    """Whether Excel can have written the formula: some of the files were made with broken ones on purpose."""
    return text.count("(") == text.count(")") and not text.endswith(("(", ","))
