"""The options of a macro in boxes: all on one page, one to be changed by its number."""

from __future__ import annotations

import pytest

from addin.excel.asking import LONGEST, LONGEST_TYPED, Box
from addin.macros import MACROS
from addin.macros.asking import Question
from addin.macros.macro import Macro
from addin.shared.widths import width

COLUMNS = tuple(f"第{number}项考核得分" for number in range(1, 200))


def box() -> Box:
    return Box(
        MACROS["publish"],
        [
            Question("table", "表", "公示哪个表", "表", ("人员", "单位"), ""),
            Question("columns", "列", "公示哪些列", "列", COLUMNS, "第3项考核得分"),
            Question("days", "公示天数", "公示多少个工作日", "数字", (), "5"),
            Question("absent", "列出不参加考核的人", "也列出", "是否", ("是", "否"), "否"),
        ],
    )


def test_all_options_stand_on_one_page_with_what_they_are() -> None:
    lines = box().text().split("\n")
    assert lines[1:] == ["1 表：（不填）", "2 列：第3项考核得分", "3 公示天数：5", "4 列出不参加考核的人：否"]


def test_one_is_chosen_from_its_list() -> None:
    asked = box()
    assert asked.answer("1") is False
    assert "1 人员　2 单位" in asked.text()
    assert asked.answer("2") is False and "1 表：单位" in asked.text()
    asked.answer("2")
    assert LONGEST - 30 <= width(asked.text()) <= LONGEST and asked.text().endswith("……其余请写名称")
    asked.answer("1，3")
    asked.answer("3=7")
    assert asked.answer("") is True
    assert asked.options == ["columns=第1项考核得分、第3项考核得分", "days=7", "absent=否", "table=单位"]


def test_what_is_not_in_the_list_is_asked_again() -> None:
    asked = box()
    asked.answer("1")
    asked.answer("科室")
    assert asked.text().startswith("【没有 科室】\n表：公示哪个表")
    asked.answer("人员")
    asked.answer("3=五天")
    assert "应为整数" in asked.text().split("\n")[0]
    asked.answer("")
    asked.answer("9")
    assert asked.text().startswith("【没有 9，请输入下面的编号】")
    asked.answer("表＝单位")
    assert "1 表：单位" in asked.text()
    asked.answer("1=0")
    assert "1 表：（不填）" in asked.text()
    asked.answer("3=0")
    assert "3 公示天数：0" in asked.text(), "a number, and not the sign to clear it"
    assert asked.answer("") and asked.options == ["columns=第3项考核得分", "days=0", "absent=否"]


def test_what_vba_may_have_cut_is_not_taken() -> None:
    asked = Box(MACROS["add"], [Question("names", "姓名", "要加的人", "文字", (), "")])
    longest = "甲" * ((LONGEST_TYPED - len("1=")) // 2)
    assert asked.answer(f"1={longest}") is False and asked.options == [f"names={longest}"]
    assert asked.answer(f"1={longest}乙") is False and asked.options == [f"names={longest}"]
    assert asked.text().startswith("【太长，可能被截断，没有采用：一次最多填 126 个汉字】\n直接按“确定”就开始")


def test_a_box_of_long_values_says_what_can_be_done() -> None:
    asked = box()
    asked.answers["columns"] = "、".join(COLUMNS)
    asked.answer("2")
    text = asked.text()
    assert width(text) <= LONGEST and "请输入编号（几个用逗号隔开）" in text and text.endswith("……其余请写名称")
    asked.answer("")


@pytest.mark.parametrize("macro", MACROS.values(), ids=lambda macro: macro.name)
def test_the_page_has_room_for_all_options_of_a_macro(macro: Macro) -> None:
    asked = Box(
        macro, [Question(o.name, o.label, o.description, o.kind.value, (), "很长的值" * 40) for o in macro.options]
    )
    asked.answer("=")
    lines = asked.text().split("\n")
    assert width(asked.text()) < LONGEST and len(lines) == len(macro.options) + 2
    assert all(line.endswith("……") for line in lines[2:])
