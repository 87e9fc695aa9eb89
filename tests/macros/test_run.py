"""``kaohe run MACRO FILE``: messages, new files, edits, and what is refused."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from addin.batch.work import FAILED, Task, work
from addin.checking.meanings import IS_PRINTED
from addin.cli import main
from addin.cli.commands.run import run as command
from addin.headless import WorkbookError
from addin.macros import MACROS
from addin.macros.macro import (
    RESULTS,
    Cancelled,
    Document,
    Edit,
    Kind,
    Message,
    Option,
    Outcome,
    Progress,
    Subject,
    macro,
)
from addin.macros.runner import run
from addin.shared.exits import UserError
from tests.support import Made, edit

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def kaohe_run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(
        name: str | None, file: Path | None = None, *options: str, cell: str | None = None, **more: Any
    ) -> tuple[int, str]:
        arguments = {"output": None, "json": False, "ask": False, "remember": None} | more
        capsys.readouterr()
        namespace = argparse.Namespace(
            macro=name, file=file and str(file), option=list(options), cell=cell, **arguments
        )
        return command(namespace), capsys.readouterr().out

    return run


@pytest.fixture
def book(scheme_book: Made, tmp_path: Path) -> Path:
    path = tmp_path / "考核.xlsx"
    path.write_bytes(scheme_book("health-centre-staff").read_bytes())
    return path


@pytest.fixture
def declared() -> Iterator[Callable[[Callable[..., Outcome]], None]]:
    """Declare a macro ``trial`` for one test."""

    def declare(compute: Callable[..., Outcome]) -> None:
        flag = Option("flag", "开关", Kind.FLAG, False, "试一试")
        macro("trial", "试用", "Trial", "试。", "Try.", RESULTS, "Lock", flag)(compute)

    yield declare
    MACROS.pop("trial", None)


def test_without_arguments_the_macros_are_listed(kaohe_run: Run) -> None:
    code, out = kaohe_run(None)
    told = [line.split(maxsplit=2) for line in out.splitlines()[: len(MACROS)]]
    assert code == 0 and told == [[each.name, each.label, each.description] for each in MACROS.values()]


@pytest.mark.parametrize("name", MACROS)
def test_without_a_workbook_a_macro_and_its_options_are_described(name: str, kaohe_run: Run) -> None:
    code, out = kaohe_run(name, None)
    assert code == 0 and f"{MACROS[name].label}：{MACROS[name].description}\n用法：kaohe run {name} 工作簿" in out
    options = [line.split()[:2] for line in out.splitlines() if line.startswith("  ")]
    assert options == [[option.label, option.name] for option in MACROS[name].options]


def test_messages_are_printed_with_their_cells(kaohe_run: Run, book: Path) -> None:
    code, out = kaohe_run("explain", book, "person=林海涛", "columns=公共项目得分")
    assert code == 0
    assert out.splitlines()[:3] == [
        "公共项目得分 = 31  [人员!S6]",
        "  算法：医德医风 9 + 工作态度 7 + 组织纪律 8 + 服务对象满意 7",
        "  医德医风 = 9  [人员!F6]",
    ]


def test_the_chosen_cell_and_the_chinese_name_are_understood(kaohe_run: Run, book: Path) -> None:
    assert kaohe_run("解释得分", book, cell="人员!S6")[1].startswith("公共项目得分 = 31")


@pytest.mark.parametrize("macro", ["publish", "slips", "print"])
def test_what_a_macro_has_made_to_be_printed_is_no_workbook_for_another(macro: str, book: Path, tmp_path: Path) -> None:
    """Nor for a batch: it would count the same people once more."""
    main(["run", macro, str(book)])
    [made] = set(book.parent.glob("*.xlsx")) - {book}
    for name in MACROS:
        with pytest.raises(WorkbookError, match="不是考核工作簿"):
            run(MACROS[name], made, tmp_path)
    done = work(Task(made.name, made, tmp_path / "out" / made.name))
    assert done is not None and (done.state, done.note) == (FAILED, IS_PRINTED)


def test_what_is_found_wrong_gives_exit_code_1(kaohe_run: Run, book: Path) -> None:
    assert kaohe_run("check", book) == (0, "填写的数据全部通过校验\n")
    code, out = kaohe_run("check", edit(book, "人员", F6=99))
    assert code == 1 and out.startswith("医德医风：不能大于") and out.endswith("[人员!F6]\n共 1 处错误\n")


def test_new_files_stand_beside_the_workbook_which_stays_as_it_is(kaohe_run: Run, book: Path) -> None:
    before = book.read_bytes()
    code, out = kaohe_run("publish", book, "absent=是")
    assert code == 0 and f"已新建 {book.parent / '考核_公示表.xlsx'}" in out
    assert book.read_bytes() == before
    assert sorted(file.name for file in book.parent.iterdir()) == ["考核.xlsx", "考核_公示表.xlsx"]


def test_a_file_that_is_there_already_is_kept(kaohe_run: Run, book: Path) -> None:
    (book.parent / "考核_固化.xlsx").write_text("mine")
    kaohe_run("freeze", book)
    assert (book.parent / "考核_固化.xlsx").read_text() == "mine"
    assert load_workbook(book.parent / "考核_固化 (2).xlsx").sheetnames[-1] == "固化说明"


def test_single_files_go_into_a_folder_of_their_own(kaohe_run: Run, book: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    out.mkdir()
    for _ in range(2):
        assert kaohe_run("slips", book, "单独文件=是", "person=林海涛,郑美珍", output=str(out))[0] == 0
    assert {file.relative_to(out).as_posix() for file in out.rglob("*.xlsx")} == {
        "考核_通知单.xlsx",
        "考核_通知单/林海涛.xlsx",
        "考核_通知单/郑美珍.xlsx",
        "考核_通知单 (2).xlsx",
        "考核_通知单 (2)/林海涛.xlsx",
        "考核_通知单 (2)/郑美珍.xlsx",
    }


def test_a_host_gets_one_json_object(kaohe_run: Run, book: Path) -> None:
    code, out = kaohe_run("freeze", book, json=True)
    told = json.loads(out)
    assert code == 0 and list(told) == ["messages", "rows", "edits", "documents", "summary", "sound"]
    assert told["documents"] == [str(book.parent / "考核_固化.xlsx")]
    told = json.loads(kaohe_run("check", edit(book, "人员", F6=99), json=True)[1])
    assert told["messages"][0] | {"text": ""} == {"text": "", "sheet": "人员", "cell": "F6"}


def test_cells_that_cannot_be_computed_are_told_whatever_the_macro(kaohe_run: Run, book: Path) -> None:
    code, out = kaohe_run("check", edit(book, "汇总", F1="=NOSUCH(1)"))
    assert code == 1
    assert "无法计算：函数 NOSUCH 不受支持（=NOSUCH(1)）  [汇总!F1]" in out


def test_what_an_explanation_has_read_is_not_told_by_it(kaohe_run: Run, tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "表"
    book.active.append(["姓名", "得分", "名次"])
    for row in range(2, 22):
        book.active.append([f"人{row}", 100 - row, f"=RANK(B{row},B$2:B$21)"])
    book.active["B9"] = "=NOSUCH(1)"
    book.save(tmp_path / "a.xlsx")
    code, out = kaohe_run("explain", tmp_path / "a.xlsx", cell="表!C2")
    assert code == 1 and "[表!B2:B21]" in out and "无法计算：函数 NOSUCH" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nosuch", "考核.xlsx"), "没有宏 nosuch；可用的宏：加人 add、粘贴名单 paste、加行 rows"),
        (("publish", "考核.xlsx", "甲=1"), "公示表没有选项 甲；可用的选项"),
    ],
)
def test_what_is_not_there_is_refused(arguments: tuple[str, ...], told: str, kaohe_run: Run, book: Path) -> None:
    name, file, *options = arguments
    with pytest.raises(UserError) as caught:
        kaohe_run(name, file and book.with_name(file), *options)
    assert told in str(caught.value)


def test_a_file_that_is_not_there_is_refused_and_a_folder_made(kaohe_run: Run, book: Path, tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="找不到文件"):
        kaohe_run("check", tmp_path / "没有.xlsx")
    assert kaohe_run("freeze", book, output=str(tmp_path / "新的" / "文件夹"))[0] == 0
    assert [path.suffix for path in (tmp_path / "新的" / "文件夹").iterdir()] == [".xlsx"]
    with pytest.raises(UserError, match="不是文件夹"):
        kaohe_run("freeze", book, output=str(book))
    with pytest.raises(UserError, match="单元格应写成 工作表!A1"):
        kaohe_run("explain", book, cell="S6")


def test_edits_are_made_and_the_workbook_is_computed_again(
    kaohe_run: Run, book: Path, declared: Callable[..., None]
) -> None:
    declared(lambda subject, options, progress: Outcome(edits=(Edit("人员", "F6", 8.0),), summary="好"))
    _, out = kaohe_run("trial", book, json=True)
    assert json.loads(out)["edits"] == [{"sheet": "人员", "cell": "F6", "value": 8.0}]
    assert load_workbook(book)["人员"]["F6"].value == 9, "a host makes the edits itself"
    assert kaohe_run("trial", book) == (0, f"已修改 {book} 的 1 个单元格\n好\n")
    sheet = load_workbook(book, data_only=True)["人员"]
    assert (sheet["F6"].value, sheet["S6"].value) == (8, 30)


def test_a_formula_is_never_overwritten(kaohe_run: Run, book: Path, declared: Callable[..., None]) -> None:
    declared(lambda subject, options, progress: Outcome(edits=(Edit("人员", "S6", 8.0),)))
    before = book.read_bytes()
    with pytest.raises(WorkbookError, match="人员!S6 是公式，未改动"):
        kaohe_run("trial", book)
    assert book.read_bytes() == before


def test_a_cancelled_macro_writes_nothing(kaohe_run: Run, book: Path, declared: Callable[..., None]) -> None:
    def cancelled(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
        progress(1, 2, "一半")
        raise Cancelled

    declared(cancelled)
    assert kaohe_run("trial", book) == (130, "")

    def interrupted(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
        raise KeyboardInterrupt

    declared(interrupted)
    assert kaohe_run("trial", book) == (130, "")
    assert list(book.parent.iterdir()) == [book]


@pytest.mark.parametrize("name", ["check", "explain", "freeze", "print", "publish", "slips"])
def test_every_macro_can_be_cancelled_while_it_works(name: str, book: Path) -> None:
    from tests.macros.support import read

    def enough(done: int, total: int, what: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        MACROS[name](read(book, "人员!S6"), {}, enough)


def test_options_that_are_left_out_have_their_defaults(
    book: Path, declared: Callable[..., None], kaohe_run: Run
) -> None:
    def told(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
        return Outcome((Message(str(options)),), documents=(Document("甲.txt", b"x"),))

    declared(told)
    assert kaohe_run("trial", book)[1].startswith("{'flag': False}")
    assert kaohe_run("trial", book, "flag=是")[1].startswith("{'flag': True}")
