"""The commands of the menu 考核, called as the menu calls them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from addin.calc.component.menu import ABOUT, HANDBOOK, NEW, RECALCULATE
from addin.headless import calculate, read_book
from addin.macros import MACROS
from addin.macros.asking import as_json, questions
from addin.macros.macro import Kind
from tests.calc.office import Office
from tests.differing import differing
from tests.support import PERSON, SLUG, data
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.build import build

pytestmark = pytest.mark.slow


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "考核.xlsx"
    build(
        load(SLUG), path, json.loads(data(tmp_path, PERSON, {**PERSON, "姓名": "陈晓峰"}).read_text(encoding="utf-8"))
    )
    calculate(path)
    return path


def call(office: Office, document: str, name: str, **given: str) -> dict[str, Any]:
    result: dict[str, Any] = office.dispatch(document, f"cn.kaohe.calc:{name}", **given)
    return result


def test_the_menu_is_in_chinese(office: Office) -> None:
    title, *entries = office.menu()
    assert title == "考核"
    assert entries == [
        "新建考核表", "重新计算", None,
        "加人", "粘贴名单", "加行", "去空行", None,
        "校验数据", "解释得分", None,
        "固化数值", "打印稿", "公示表", "个人通知单", None,
        "函数手册", "关于",
    ]  # fmt: skip


@pytest.mark.parametrize("slug", differing())
def test_a_new_workbook_of_a_scheme_opens_computed(installed: Office, tmp_path: Path, slug: str) -> None:
    document = installed.new()
    path = tmp_path / f"{slug} 新.xlsx"
    made = call(installed, document, NEW.name, Scheme=slug, URL=path.as_uri())
    assert made == {"documents": [path.as_uri()]}
    assert path.as_uri() in installed.open_documents()
    assert "汇总" in read_book(path).sheets
    installed.close_all()


def test_recalculating_binds_and_computes(installed: Office, workbook: Path) -> None:
    document = installed.open(workbook, hidden=False)
    installed.put(document, "人员!F6", [[8]])
    assert call(installed, document, RECALCULATE.name) == {}
    assert installed.values(document, "人员!W6") == [[102]]
    installed.close_all()


def test_what_is_wrong_is_listed_with_its_cell(installed: Office, workbook: Path) -> None:
    """As it stands on the screen, saved or not; the copy that is read is gone afterwards."""
    document = installed.open(workbook.rename(workbook.with_name(f"{workbook.parent.name}.xlsx")), hidden=False)
    installed.put(document, "人员!F6", [["九分"]])
    outcome = call(installed, document, "check")
    [message] = outcome["messages"]
    assert (message["sheet"], message["cell"]) == ("人员", "F6")
    assert "应为数字" in message["text"]
    assert list(Path(tempfile.gettempdir()).glob(f"kaohe-*/{workbook.parent.name}.xlsx")) == []
    assert installed.choose_line("校验数据", 0).startswith("人员!F6")
    assert installed.state(document)["selection"] == "$人员.$F$6"
    installed.close_all()


def test_what_came_of_a_command_stands_above_its_list_and_the_last_list_only_is_left(
    installed: Office, workbook: Path
) -> None:
    document = installed.open(workbook, hidden=False)
    installed.put(document, "人员!F6", [["九分"]])
    for name in ("check", "print", "print"):
        summary = call(installed, document, name, Options="{}")["summary"]
    assert str(summary).startswith("没有生成打印稿：工作簿有 1 处错误，请先改正")
    assert installed.told("校验数据") == [] and [told for told, _ in installed.told("打印稿")] == [summary]
    installed.put(document, "人员!F6", [[9]])
    assert call(installed, document, "check")["messages"] == []
    assert installed.told("打印稿") == []
    installed.close_all()


def test_of_many_new_documents_the_first_are_opened(installed: Office, tmp_path: Path) -> None:
    path, people = tmp_path / "几个人.xlsx", [{**PERSON, "姓名": f"员工{number}"} for number in range(5)]
    build(load(SLUG), path, json.loads(data(tmp_path, *people).read_text(encoding="utf-8")))
    calculate(path)
    document = installed.open(path, hidden=False)
    before = len(installed.open_documents())
    documents = call(installed, document, "slips", Options='{"single": "是"}')["documents"]
    assert len(documents) == 6 and len(installed.open_documents()) == before + 3
    installed.close_all()


def test_nothing_wrong_is_told_too(installed: Office, workbook: Path) -> None:
    document = installed.open(workbook, hidden=False)
    outcome = call(installed, document, "check")
    assert outcome["messages"] == [] and outcome["summary"] == "填写的数据全部通过校验"
    installed.close_all()


def test_a_score_is_explained_for_the_chosen_cell(installed: Office, workbook: Path) -> None:
    document = installed.open(workbook, hidden=False)
    installed.select(document, "人员!W6")
    outcome = call(installed, document, "explain", Options="{}")
    told = "\n".join(message["text"] for message in outcome["messages"])
    assert "103.2" in told and "岗位系数" in told
    installed.close_all()


@pytest.mark.parametrize("name", [name for name, macro in MACROS.items() if macro.options])
def test_the_form_shows_every_option_as_it_is_proposed(installed: Office, workbook: Path, name: str) -> None:
    """LibreOffice without a screen cancels each dialog that is run; here it is only made."""
    document = installed.open(workbook, hidden=False)
    asked = as_json(questions(MACROS[name], workbook, "人员!W7"))
    asked = [each | {"default": str(workbook)} if each["kind"] == Kind.FILE.value else each for each in asked]
    filled, width, height = installed.form(document, name, asked)
    assert filled == {question["name"]: question["default"] for question in asked if question["default"]}
    # In the units of dialogs, two pixels high each: it has room on the smallest screens.
    assert width <= 560 and height <= 300
    installed.close_all()


@pytest.mark.parametrize("name", ["publish", "slips", "freeze"])
def test_new_documents_open_and_the_workbook_stays(installed: Office, workbook: Path, name: str) -> None:
    before = workbook.read_bytes()
    document = installed.open(workbook, hidden=False)
    outcome = call(installed, document, name, Options="{}")
    documents = outcome["documents"]
    assert isinstance(documents, list) and documents
    assert {Path(path).as_uri() for path in documents} <= set(installed.open_documents())
    assert workbook.read_bytes() == before and not installed.state(document)["modified"]
    installed.close_all()


def test_what_takes_long_can_be_cancelled(installed: Office, tmp_path: Path) -> None:
    path = tmp_path / "很多人.xlsx"
    people = [{**PERSON, "姓名": f"员工{number}"} for number in range(600)]
    build(load(SLUG), path, json.loads(data(tmp_path, *people).read_text(encoding="utf-8")))
    calculate(path)
    document = installed.open(path, hidden=False)
    url = "cn.kaohe.calc:slips"
    assert installed.dispatch_and_press(document, url, "个人通知单", "取消", Options='{"single": "true"}') == {}
    assert {each.name for each in tmp_path.iterdir()} == {path.name, "data.json", f".~lock.{path.name}#"}
    installed.close_all()


def test_the_handbook_describes_every_function(installed: Office) -> None:
    from urllib.parse import unquote, urlparse

    from udfs import FUNCTIONS

    document = installed.new()
    [page] = call(installed, document, HANDBOOK.name, Quiet="true")["documents"]
    text = Path(unquote(urlparse(page).path)).read_text(encoding="utf-8")
    assert all(f'id="{name}"' in text for name in FUNCTIONS)
    installed.close_all()


def test_about_tells_the_version_and_the_environment(installed: Office) -> None:
    import sys
    from importlib.metadata import version

    document = installed.new()
    told = str(call(installed, document, ABOUT.name)["summary"])
    assert version("kaohe") in told and sys.executable in told
    installed.close_all()


def test_whatever_goes_wrong_is_told(installed: Office, workbook: Path) -> None:
    document = installed.open(workbook)
    remote = call(installed, document, NEW.name, Scheme=SLUG, URL="https://example.org/a.xlsx")
    assert remote == {"error": "新工作簿只能保存在这台电脑的文件夹中，现为 https://example.org/a.xlsx"}
    assert str(call(installed, document, "explain", Options="{")["error"]).startswith("没有完成：JSONDecodeError")
    installed.close_all()


def test_without_an_installation_the_command_says_what_to_do(office: Office) -> None:
    document = office.new()
    told = str(call(office, document, NEW.name, Scheme=SLUG, URL="file:///nowhere.xlsx")["error"])
    assert "没有找到 KAOHE 的安装记录" in told and "python install.py" in told
    office.close(document)
