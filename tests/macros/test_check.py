"""校验数据: the same errors as ``kaohe check``, as messages with their cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.macros.support import lines, run, texts
from tests.support import Made, built, edit
from workbook_templates.scheme.catalogue import load, slugs


@pytest.fixture
def copy(scheme_book: Made, tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    path.write_bytes(scheme_book("health-centre-staff").read_bytes())
    return path


@pytest.mark.parametrize("arrays", [False, True], ids=["tables", "arrays"])
@pytest.mark.parametrize("slug", ["health-centre-staff", "rank-steps", "township-votes"])
def test_good_data_passes(slug: str, arrays: bool, scheme_book: Made) -> None:
    outcome = run("check", scheme_book(slug, arrays))
    assert outcome.sound and not outcome.messages and outcome.summary == "填写的数据全部通过校验"


def test_each_error_is_told_with_its_cell_and_value(copy: Path) -> None:
    outcome = run("check", edit(copy, "人员", F6="85分", G7=99))
    assert lines(outcome) == [
        "医德医风：应为数字，填的是文本“85分”（现在的值：85分） [人员!F6]",
        "工作态度：不能大于 8（现在的值：99） [人员!G7]",
    ]
    assert outcome.summary == "共 2 处错误" and not outcome.sound


def test_what_breaks_the_same_rule_in_rows_below_each_other_is_told_at_once(copy: Path) -> None:
    posts = {"E6": "药剂", "E7": "检验", "E8": "药剂", "E9": "放射", "E11": "保洁", "F7": None}
    outcome = run("check", edit(copy, "人员", **posts, F6="甲", F8="乙"))
    unknown = "岗位类别：表 岗位 中没有这个岗位类别，请改正，或先填入表 岗位"
    assert lines(outcome) == [
        "医德医风：应为数字，填的是文本“甲”（现在的值：甲） [人员!F6]",
        f"{unknown}（现在的值：药剂、检验、放射） [人员!E6:E9]",
        "医德医风：应为数字，填的是文本“乙”（现在的值：乙） [人员!F8]",
        f"{unknown}（现在的值：保洁） [人员!E11]",
        "医德医风：待填（现在的值：空白） [人员!F7]",
    ]
    assert outcome.summary == "共 7 处错误，1 处待填"
    [told] = [line for line in lines(run("check", edit(copy, "人员", E10="后勤"))) if line.startswith(unknown)]
    assert told == f"{unknown}（现在的值：药剂、检验、放射 等 5 种） [人员!E6:E11]"


@pytest.mark.parametrize("macro", ["check", "print", "slips", "freeze"])
def test_what_is_to_be_filled_in_is_told_of_rows_that_lack_the_same_at_once(macro: str, copy: Path) -> None:
    outcome = run(macro, edit(copy, "人员", F6=None, H6=None, F7=None, H7=None, F9=None))
    assert "待填：医德医风、组织纪律 [人员!F6:H7]" in lines(outcome)
    assert sum("医德医风：待填" in line and line.endswith("[人员!F9]") for line in lines(outcome)) == 1
    assert "5 处待填" in outcome.summary and not outcome.sound


@pytest.mark.parametrize("macro", ["check", "print", "slips", "freeze"])
def test_wrong_rows_are_told_beside_what_is_wrong_with_the_whole(macro: str, copy: Path) -> None:
    outcome = run(macro, edit(copy, "人员", F6=99, F9=None, W7=100))
    assert [(m.sheet, m.cell) for m in outcome.messages] == [("人员", "W7"), ("人员", "F6"), ("人员", "F9")]
    assert "2 处错误，1 处待填" in outcome.summary


def test_what_lacks_on_slips_is_told_once(copy: Path) -> None:
    outcome = run("slips", edit(copy, "人员", F6=None, F7=None, F8=None), force=True)
    assert [m.cell for m in outcome.messages] == ["F6", "F7", "F8"]


def test_rows_that_wait_for_a_parameter_are_announced(copy: Path) -> None:
    edit(edit(copy, "参数", B15="两位"), "人员", F6=99)
    assert run("check", copy).summary == "共 1 处错误；另有 22 行要等改正以后才检查，请改正后再校验一次"


def test_what_is_made_all_the_same_says_how_much_is_wrong(copy: Path) -> None:
    made = run("print", edit(copy, "人员", F6=None, H6=None, F7=99), content="结果表", force=True)
    assert "工作簿有 1 处错误，2 处待填，本件系强制生成，仅供核对。" in str(texts(made.documents[0]))


def test_a_formula_that_was_pasted_over_is_told(copy: Path) -> None:
    outcome = run("check", edit(copy, "人员", W7=100))
    assert lines(outcome) == ["绩效考核得分：公式被改写成了固定内容，请从同列其他行复制公式（现在的值：100） [人员!W7]"]


def test_a_wrong_parameter_is_told_once(copy: Path) -> None:
    outcome = run("check", edit(copy, "参数", B15="两位"))
    assert [(m.sheet, m.cell) for m in outcome.messages] == [("参数", "B15")]


@pytest.mark.parametrize("slug", slugs())
def test_every_error_stands_in_a_cell_of_the_workbook(slug: str, tmp_path: Path) -> None:
    """Of somebody in each table nothing but the first cell is filled in."""
    scheme, path = load(slug), tmp_path / "a.xlsx"
    names = {table.name: table.inputs[0].name for table in scheme.tables}
    path.write_bytes(built(slug, {"tables": {table: [{first: "甲"}] for table, first in names.items()}}))
    outcome = run("check", path)
    assert not outcome.sound and outcome.messages
    for message in outcome.messages:
        assert message.sheet in {*names, "参数"} and message.cell and message.text


def test_a_workbook_without_checks_is_not_called_good(own_book: Path) -> None:
    assert "没有“校验”列，填写的数据没有检查" in run("check", own_book).summary
