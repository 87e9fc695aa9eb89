"""``kaohe new``: a computed workbook from a scheme and data, or a clear refusal that leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from addin.headless import Problem, Report
from addin.portable.filenames import file_name
from tests.support import PERSON, PROJECT, SLUG, Kaohe, data
from workbook_templates.scheme.catalogue import load, sample, slugs


def test_one_person_is_entered_and_computed(kaohe: Kaohe, tmp_path: Path) -> None:
    made = kaohe("new", SLUG, "-o", "考核.xlsx", "--data", data(tmp_path, PERSON))
    assert (made.code, made.out) == (0, "已新建 考核.xlsx\n")
    shown = json.loads(kaohe("show", "考核.xlsx", "--json").out)
    assert [(row["姓名"], row["绩效考核得分"]) for row in shown["人员"]] == [("林海涛", 103.2)]
    assert shown["汇总"]["参加人数"] == 1


def test_the_file_is_named_after_the_scheme(kaohe: Kaohe, tmp_path: Path) -> None:
    assert kaohe("new", SLUG).out == (
        "已新建 乡镇卫生院工作人员绩效考核.xlsx\n填写、保存、关闭以后，运行 kaohe calc 乡镇卫生院工作人员绩效考核.xlsx\n"
    )
    assert (tmp_path / "乡镇卫生院工作人员绩效考核.xlsx").exists()


def test_every_title_makes_a_file_name() -> None:
    assert file_name('甲/乙:"丙"?') == "甲_乙__丙__"
    assert all(file_name(load(slug).title) for slug in slugs())


def test_parameters_of_the_data_replace_the_defaults(kaohe: Kaohe, tmp_path: Path) -> None:
    kaohe("new", SLUG, "-o", "a.xlsx", "--data", data(tmp_path, PERSON, 小数位=1))
    parameters = json.loads(kaohe("show", "a.xlsx", "--table", "参数", "--json").out)["参数"]
    assert next(line["值"] for line in parameters if line["名称"] == "小数位") == 1


def test_a_data_file_may_begin_with_a_mark(kaohe: Kaohe, tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text('{"params": {"小数位": 1}}', encoding="utf-8-sig")
    assert kaohe("new", SLUG, "-o", "a.xlsx", "--data", "data.json").code == 0


def test_more_rows_compute_the_same(kaohe: Kaohe, tmp_path: Path) -> None:
    for name, rows in (("few.xlsx", "10"), ("many.xlsx", "1500")):
        assert kaohe("new", SLUG, "-o", name, "--data", data(tmp_path, PERSON), "--rows", rows).code == 0
    assert kaohe("show", "few.xlsx", "--json").out == kaohe("show", "many.xlsx", "--json").out


def test_a_file_that_is_there_stays_as_it_is(kaohe: Kaohe, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("mine", encoding="utf-8")
    refused = kaohe("new", SLUG, "-o", "a.xlsx")
    assert (refused.code, refused.err) == (2, "kaohe：a.xlsx 已存在；请用 -o 换一个文件名，或加 --force 覆盖\n")
    assert (tmp_path / "a.xlsx").read_text(encoding="utf-8") == "mine"


def test_force_replaces_it(kaohe: Kaohe, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("mine", encoding="utf-8")
    assert kaohe("new", SLUG, "-o", "a.xlsx", "--force").code == 0
    assert kaohe("check", "a.xlsx").code == 0


def test_a_bad_value_is_entered_as_given(kaohe: Kaohe, tmp_path: Path) -> None:
    given = data(tmp_path, {**PERSON, "医德医风": "=1+1"})
    assert kaohe("new", SLUG, "-o", "a.xlsx", "--data", given).code == 0
    row = json.loads(kaohe("show", "a.xlsx", "--json").out)["人员"][0]
    assert row["医德医风"] == "=1+1"
    assert str(row["绩效考核得分"]).startswith("#")


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" + "0" * 400, "9" * 5000])
def test_a_number_that_no_cell_holds_is_entered_as_text(kaohe: Kaohe, tmp_path: Path, number: str) -> None:
    given = tmp_path / "data.json"
    given.write_text(f'{{"tables": {{"人员": [{{"姓名": "甲", "绩效基数": {number}}}]}}}}', encoding="utf-8")
    assert kaohe("new", SLUG, "-o", "a.xlsx", "--data", given).code == 0
    assert json.loads(kaohe("show", "a.xlsx", "--json").out)["人员"][0]["绩效基数"] == number


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "第 1 行第 2 列不是合法的 JSON"),
        ("[1, 2]", "数据应为"),
        ('{"param": {}}', "param；可用的名称：params、tables"),
        ('{"params": {"没有": 1}}', "没有；可用的名称："),
        ('{"params": 3}', "params 应为"),
        ('{"tables": {"人": []}}', "人；可用的名称："),
        ('{"tables": {"人员": {}}}', "应为行的列表"),
        ('{"tables": {"人员": [1]}}', "第 1 行应为"),
        ('{"tables": {"人员": [{"名": 1}]}}', "名；可用的名称：姓名"),
        ('{"tables": {"人员": [{"绩效考核得分": 1}]}}', "绩效考核得分；可用的名称：姓名"),
        ('{"tables": {"人员": [{"姓名": [1]}]}}', "应为单个值"),
        ('{"params": {}, "params": {}}', "名称 params 重复"),
        ('{"params": {"小数位": NaN}}', "NaN 不是数字"),
        ('{"tables": {"人员": [{"姓名": "\\ud800"}]}}', "不完整的字符"),
        ('{"tables": {"人员": [{"姓名": "' + "长" * 40_000 + '"}]}}', "超过 32767 个字符"),
        ("[" * 200_000, "嵌套过深"),
    ],
)
def test_data_that_cannot_be_used_is_refused(kaohe: Kaohe, tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "data.json").write_text(text, encoding="utf-8")
    run = kaohe("new", SLUG, "-o", "a.xlsx", "--data", "data.json")
    assert run.code == 2
    assert told in run.err and run.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["data.json"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-o", "a.xls"), "应以 .xlsx 结尾，现为 a.xls"),
        (("-o", "none/a.xlsx"), "文件夹 none 不存在"),
        (("-o", "folder.xlsx"), "folder.xlsx 是文件夹"),
        (("--data", "none.json"), "找不到数据文件 none.json"),
        (("--data", "gbk.json"), "不是 UTF-8 编码"),
        (("--rows", "0"), "行数应在"),
        (("--rows", "2000000"), "行数应在"),
    ],
)
def test_what_cannot_be_made_is_refused(kaohe: Kaohe, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "gbk.json").write_bytes('{"params": {"名称": 1}}'.encode("gbk"))
    before = sorted(tmp_path.iterdir())
    run = kaohe("new", SLUG, *arguments)
    assert run.code == 2 and told in run.err
    assert sorted(tmp_path.iterdir()) == before


def test_cells_that_could_not_be_computed_are_told(kaohe: Kaohe, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = Problem("人员", "Q6", "FOO(1)", "不支持的函数 FOO")
    monkeypatch.setattr("addin.cli.commands.new.new_workbook", lambda *_, **__: Report(1, (problem,)))
    run = kaohe("new", SLUG, "-o", "a.xlsx")
    assert run.code == 1
    assert run.out == (
        "无法计算 人员!Q6：不支持的函数 FOO（=FOO(1)）\n已新建 a.xlsx\n填写、保存、关闭以后，运行 kaohe calc a.xlsx\n"
    )


OWN = """
title = "我的方案"
summary = "自己写的。"
source = "无"

[[tables]]
name = "人员"
people = true
columns = [
    { name = "姓名", type = "text", required = true, unique = true },
    { name = "得分", required = true, preset = "score" },
]
"""


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's own schemes."""
    monkeypatch.setattr("addin.shared.schemes.user_folder", lambda: tmp_path)
    folder = tmp_path / "schemes"
    folder.mkdir()
    return folder


def test_a_scheme_file_may_be_given_by_its_path_or_stand_in_the_users_folder(kaohe: Kaohe, own_folder: Path) -> None:
    (own_folder / "mine.toml").write_text(OWN, encoding="utf-8")
    assert "mine  " in kaohe("list").out
    for given in ("mine", own_folder / "mine.toml"):
        made = kaohe("new", given, "--force")
        assert (made.code, made.out.splitlines()[0]) == (0, "已新建 我的方案.xlsx")


def test_a_broken_file_is_told_beside_the_others(kaohe: Kaohe, own_folder: Path) -> None:
    (own_folder / "good.toml").write_text(OWN, encoding="utf-8")
    (own_folder / "bad.toml").write_text(OWN.replace("unique", "uniqe"), encoding="utf-8")
    (own_folder / "rank-steps.toml").write_text(OWN, encoding="utf-8")
    (own_folder / "odd.toml").write_bytes(b"\xff")
    listed = kaohe("list")
    assert listed.code == 1 and "good  " in listed.out and "rank-steps" in listed.out and "bad " not in listed.out
    assert "方案 bad 表 人员 列 姓名：不认识的键 uniqe；可用的键：name、type" in listed.err
    assert "rank-steps.toml 与自带的方案同名" in listed.err and "odd.toml 不是 UTF-8 编码" in listed.err
    assert kaohe("new", "good").code == 0


def test_a_scheme_with_its_sample(kaohe: Kaohe) -> None:
    assert kaohe("new", SLUG, "--sample", "-o", "示例.xlsx").code == 0
    people = json.loads(kaohe("show", "示例.xlsx", "--table", "人员", "--json").out)["人员"]
    assert len(people) >= 12 and all(row["校验"] in ("通过", "不参加") for row in people)
    assert "不能与" in kaohe("new", SLUG, "--sample", "--data", "x.json").err


def test_every_sample_belongs_to_a_scheme() -> None:
    samples = {path.stem for path in (PROJECT / "workbook_templates" / "samples").glob("*.json")}
    assert samples <= set(slugs()) and all(sample(slug)["tables"] for slug in samples)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"tables": {"人员": [{"姓名": "甲",}]}}', "列不是合法的 JSON；最后一项后面没有逗号"),
        ('{"unit": "甲",\n\n\n}', "列不是合法的 JSON；最后一项后面没有逗号"),
        ('{"unit": "甲" // 单位\n}', "JSON 中不能写注释"),
        ('{"unit"： "甲"}', "全角的 ： 应为半角的 :"),
        ("{'unit': '甲'}", "名称和文本用双引号"),
        ('{"params": {"优秀比例": 15%}}', "15% 写成 0.15"),
        ('{"params": {"优秀比例": 0.15}', "没有写完，括号没有配对"),
        ("{unit: 1}", "从“unit: 1}”起的写法有误"),
        ('{"tables": {"人员": [{"姓名": ["甲"]}]}}', '表 人员 第 1 行 姓名 的值应为单个值，现为 ["甲"]'),
    ],
)
def test_what_is_wrong_with_a_data_file(text: str, told: str, kaohe: Kaohe, tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(text, encoding="utf-8")
    run = kaohe("new", "health-centre-staff", "--data", "d.json", "-o", "a.xlsx")
    assert run.code == 2 and told in run.err and not (tmp_path / "a.xlsx").exists()


def test_parameters_that_do_not_go_together_are_told_at_once(kaohe: Kaohe, tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text('{"params": {"公共项目满分": 36}}', encoding="utf-8")
    run = kaohe("new", "health-centre-staff", "--data", "d.json", "-o", "a.xlsx")
    assert run.code == 0 and "注意：参数!" in run.out and "公共项目满分与岗位项目满分之和应为 100" in run.out
    assert "注意" not in kaohe("new", "health-centre-staff", "-o", "b.xlsx").out
