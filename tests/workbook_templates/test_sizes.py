"""Formulas that no workbook can hold are refused before there is one, however many characters the workbook adds to them."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from lxml import etree

from workbook_templates.formula.tokens import LONGEST
from workbook_templates.scheme.errors import SchemeError
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.model import Scheme
from workbook_templates.scheme.usable import text_fault
from workbook_templates.workbook.build import DataError, build

SCHEME = """
title = "长"
summary = "长。"
source = "无"

[[tables]]
name = "人员"
people = true
rules = [{rules}]
columns = [
    {{ name = "姓名", type = "text", required = true }},
    {{ name = "分{{}}", each = [{each}], block = "各分", preset = "score" }},
    {{ name = "乙", formula = '={formula}' }},
]
"""


def scheme(formula: str = "1", rules: str = "", columns: int = 1) -> Scheme:
    each = ", ".join(f'"{n}"' for n in range(columns))
    return parse(SCHEME.format(formula=formula, rules=rules, each=each), "t")


def written(made: Scheme) -> str:
    """The sheet of the people as the file has it."""
    stream = io.BytesIO()
    build(made, stream)
    with zipfile.ZipFile(stream) as package:
        names = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        return next(text for name in names if "分0" in (text := package.read(name).decode()) and "KAOHE_CHECK" in text)


def nested(levels: int) -> str:
    return "IF([@分0]=1,1," * levels + "0" + ")" * levels


def test_a_formula_may_be_as_long_as_excel_allows() -> None:
    check, serial = "人员[[#This Row],[校验]]", "人员[[#This Row],[序号]]"
    guarded = f'IF({check}="通过",{{}},IF({check}="","",{check}*1))'
    guarded = f'IF(_xlfn.ISFORMULA({check}),{guarded},IF({serial}="","","有公式被改写"*1))'
    room = LONGEST - len(guarded.format(""))
    longest = "1" * (2 - room % 2) + "+1" * ((room - 1) // 2)
    assert f"<f>{guarded.format(longest)}</f>" in written(scheme(longest))
    with pytest.raises(SchemeError, match=f"表 人员 列 乙：公式连同工作簿加上的检查有 {LONGEST + 1} 个字符"):
        scheme("1" + longest)


def test_the_formula_of_a_file_that_is_too_long_is_named_by_its_beginning() -> None:
    with pytest.raises(
        SchemeError, match=r"表 人员 列 乙：以 =1\+1\+1\+.+ 开头的公式有 8193 个字符，超过 Excel 的上限 8192 个（"
    ):
        scheme("1" + "+1" * 4096)


def test_a_formula_may_be_as_deep_as_excel_allows() -> None:
    assert nested(62) in written(scheme(nested(62))).replace("人员[[#This Row],[分0]]", "[@分0]")
    with pytest.raises(SchemeError, match="表 人员 列 乙：公式连同工作簿加上的检查太长，或嵌套太深"):
        scheme(nested(63))


@pytest.mark.parametrize(
    ("place", "where"),
    [("formula", "表 人员 列 乙"), ("rules", "表 人员 列 校验")],
)
def test_a_text_within_a_formula_may_have_255_characters(place: str, where: str) -> None:
    def given(length: int) -> dict[str, Any]:
        if place == "formula":
            return {"formula": f'"{"长" * length}"'}
        # The check writes a mark before the message and a stop behind it.
        return {"rules": f'{{ formula = "=[@分0]>1", message = "{"长" * (length - 2)}" }}'}

    assert "长" * 250 in written(scheme(**given(255)))
    with pytest.raises(SchemeError, match=f"{where}：公式中的一段文本最多 255 个字，以“.?长+”开头的有 256 个"):
        scheme(**given(256))


def test_a_condition_may_be_a_long_chain() -> None:
    scheme(rules=f'{{ formula = "={"+".join(["(1=1)"] * 1000)}", message = "甲" }}')


def test_values_of_the_summary_are_looked_at_too() -> None:
    deep = f"[[results]]\nname = '丙'\nformula = '={nested(64).replace('[@分0]', '人数')}'\nneeds = ['人员']\n"
    count = '[[results]]\nname = "人数"\nformula = "=COUNTA(人员[姓名])"\n'
    text = SCHEME.format(formula=1, rules="", each='"0"')
    with pytest.raises(SchemeError, match="汇总 丙：公式连同工作簿加上的检查太长，或嵌套太深"):
        parse(text + count + deep, "t")


def test_too_many_rules_are_told_with_a_way_out() -> None:
    days = ", ".join(f'"{day}"' for day in range(90))
    rule = f'{{ each = [{days}], formula = "=IF([@分{{}}]>0,[@分{{}}]>[@分0],TRUE)", message = "太少" }}'
    with pytest.raises(SchemeError, match=r"表 人员 列 校验：公式连同.+各条件写成 guard = false 的隐藏列"):
        scheme(rules=rule, columns=90)


def test_there_may_be_sixty_tables() -> None:
    head, _, table = SCHEME.format(formula=1, rules="", each='"0"').partition("[[tables]]")
    tables = [f"[[tables]]{table}".replace("人员", f"表{number}号") for number in range(61)]
    parse(head + "".join(tables[:60]), "t")
    with pytest.raises(SchemeError, match="方案 t：有 61 张表，最多 60 张"):
        parse(head + "".join(tables), "t")


def test_a_table_too_wide_for_one_formula_is_told() -> None:
    many = ", ".join(f'"第{number}"' for number in range(230))
    further = f"    {{ name = '{{}}项', each = [{many}], formula = '=[@分0]*{{n}}' }},\n]"
    text = SCHEME.format(formula=1, rules="", each='"0"').rstrip().removesuffix("]") + further
    with pytest.raises(
        DataError,
        match=r"表的列太多，请分成几张表：以 =234\*ROWS.+ 开头的公式有 \d+ 个字符，超过 Excel 的上限 8192 个",
    ):
        build(parse(text, "t"), io.BytesIO())


def test_a_workbook_that_excel_would_repair_is_not_written() -> None:
    with pytest.raises(
        DataError, match=r"工作表 填写规则 要有一个 \d+ 个字符的公式，超过 Excel 的上限 8192 个：表的列太多"
    ):
        build(scheme(columns=200), io.BytesIO())


def test_too_many_columns_to_fill_in_are_told() -> None:
    """As many as one formula can ask of a row whether they are blank; the builder's own bound, of all columns, is lower."""
    with pytest.raises(SchemeError, match="表 人员：有 703 个填写列，太多了；请分成几张表（文件第 7 行）"):
        scheme(columns=700)
    with pytest.raises(DataError, match="表的列太多，请分成几张表"):
        written(scheme(columns=600))


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ('source = "无"', 'source = "{}"', "方案 t：source 中的文本"),
        ('source = "无"', 'source = "无"\nsteps = ["一", "{}"]', "方案 t：steps 中的文本"),
        ("formula = '=1'", "formula = '=1', note = \"{}\"", "方案 t 表 人员 列 乙：note 中的文本"),
        ("people = true", 'people = true\ndefault = [{{ "姓名" = "{}" }}]', "方案 t 表 人员：default 中的文本"),
    ],
)
def test_a_text_that_no_cell_holds_is_refused(before: str, after: str, where: str) -> None:
    """Rare characters count twice, as in Excel; a text of just the most that there may be is taken."""
    text = SCHEME.format(formula=1, rules="", each='"0"')
    assert before in text
    after = after.replace('"{}"', '"""{}\\\n{}"""')
    parse(text.replace(before, after.format("𠮷" * 8000, "𠮷" * 8383 + "长")), "t")
    with pytest.raises(SchemeError, match=rf"{where}有 32768 个字，一格最多 32767 个（文件第 \d+ 行）$"):
        parse(text.replace(before, after.format("𠮷" * 8000, "𠮷" * 8384)), "t")


def test_a_line_of_the_file_that_no_cell_holds_is_refused() -> None:
    """The workbook carries the file line by line."""
    text = SCHEME.format(formula=1, rules="", each='"0"')
    parse(f"{text}#{'长' * 32766}", "t")
    with pytest.raises(SchemeError, match=r"^方案 t：文件的第 15 行有 32768 个字，一格最多 32767 个；分成几行写$"):
        parse(f"{text}#{'长' * 32767}", "t")


def test_characters_that_no_xml_holds_are_refused() -> None:
    """As a parser judges every one of them."""
    for number in (*range(0x20, 0x800), *range(0x20), 0xD7FF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000):
        try:
            etree.fromstring(f"<a>&#{number};</a>")
        except etree.XMLSyntaxError:
            assert text_fault(chr(number)) == f"有不能写进工作簿的字符（U+{number:04X}），请删去"
        else:
            assert text_fault(chr(number)) == ""
