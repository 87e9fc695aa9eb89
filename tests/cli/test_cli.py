"""The command line as a whole: its help, what it says of wrong use, and the two commands that only list."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from addin import cli
from addin.cli.arguments import in_chinese
from addin.shared.crashes import crashed
from addin.shared.exits import UserError, told
from addin.shared.widths import width
from tests.support import PROJECT, Kaohe
from udfs import FUNCTIONS
from workbook_templates.scheme.catalogue import slugs


def test_help_names_every_command(kaohe: Kaohe) -> None:
    told = kaohe("--help")
    assert told.code == 0
    assert all(f"  {name} " in told.out for name in ("list", "functions", "new", "calc", "check", "show"))


def test_help_is_chinese_throughout(kaohe: Kaohe) -> None:
    for command in ((), *((name,) for name in cli.COMMANDS)):
        told = kaohe(*command, "--help")
        assert told.out.startswith("用法：kaohe")
        assert not any(english in told.out for english in ("usage", "options", "positional", "show this"))


def test_explanations_stand_below_each_other(kaohe: Kaohe) -> None:
    """A Chinese character takes two columns."""
    for command in cli.COMMANDS:
        lines = [
            line for line in kaohe(command, "--help").out.splitlines() if line.startswith("  ") and "  " in line.strip()
        ]
        assert len({width(line[: line.rindex("  ") + 2]) for line in lines}) == 1, command


def test_schemes_are_listed_by_a_word(kaohe: Kaohe) -> None:
    assert kaohe("list", "卫生院").out.splitlines() == [
        "health-centre-heads  乡镇卫生院负责人奖励性绩效工资",
        "health-centre-staff  乡镇卫生院工作人员绩效考核",
        "clinic-institutions  乡镇卫生院和村卫生室机构绩效考核",
    ]
    refused = kaohe("list", "火箭")
    assert (refused.code, refused.err) == (2, "kaohe：没有名称中有“火箭”的方案；kaohe list 列出全部方案\n")


def test_start_up_imports_nothing_heavy() -> None:
    heavy = {"xlwings", "pandas", "numpy", "formulas", "openpyxl", "xlsxwriter", "lxml", "udfs", "workbook_templates"}
    code = "import sys; from addin import cli; cli.parser(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True, capture_output=True, text=True)
    assert heavy.isdisjoint(done.stdout.split())


def test_no_command_imports_xlwings() -> None:
    """It looks for Excel when it is imported; a machine without Excel has no use for it."""
    code = "import sys, addin.cli.commands as c, importlib as i; [i.import_module(f'addin.cli.commands.{n}') for n in sys.argv[1:]]"
    command = [sys.executable, "-c", f"{code}; print(*sys.modules)", *cli.COMMANDS]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    assert "xlwings" not in done.stdout.split()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "用法：kaohe"),
        (("lst",), "没有 lst；可用的：list、functions、new、calc、check、upgrade、show"),
        (("new",), "缺少 方案"),
        (("new", "x", "--rows", "many"), "--rows 应为整数，现为 many"),
        (("calc", "a.xlsx", "-o"), "-o/--output 后面要有一个值"),
        (("show", "a.xlsx", "--json", "--csv"), "--csv 不能与 --json 同时使用"),
        (("check", "a.xlsx", "b.xlsx"), "不认识的参数 b.xlsx"),
        (("new", "x", "--force=1"), "--force 后面不能有值，现为 1"),
        (("new", "no-such-scheme"), "没有名为 no-such-scheme 的考核方案；kaohe list 列出全部方案"),
        (("calc", "none.xlsx"), "找不到文件 none.xlsx"),
        (("show", "."), "文件夹"),
        (("--",), "不认识的参数 --"),
    ],
)
def test_wrong_use_is_one_chinese_line_and_exit_code_2(kaohe: Kaohe, arguments: tuple[str, ...], told: str) -> None:
    run = kaohe(*arguments)
    assert run.code == 2
    assert told in run.err + run.out
    assert "Traceback" not in run.err and len(run.err.splitlines()) <= 1


def test_a_message_of_argparse_that_is_not_known_stays_as_it_is() -> None:
    assert in_chinese("something new") == "something new"


@pytest.mark.parametrize("error", [UserError("名称不对"), OSError(28, "No space left on device", "a.xlsx")])
def test_errors_of_a_command_end_in_one_line(kaohe: Kaohe, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(arguments: object) -> int:
        raise error

    monkeypatch.setattr("addin.cli.commands.list.run", fail)
    run = kaohe("list")
    assert run.code == 2
    assert run.err in ("kaohe：名称不对\n", "kaohe：无法读写 a.xlsx：磁盘已满\n")


def test_interrupting_is_no_error_of_the_program(kaohe: Kaohe, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("addin.cli.commands.list.run", interrupted)
    run = kaohe("list")
    assert (run.code, run.err) == (130, "kaohe：已中断\n")


def test_output_is_utf8_whatever_the_terminal_is() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    command = [sys.executable, "-m", "addin.cli", "list"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)
    assert "乡镇卫生院工作人员绩效考核" in done.stdout.decode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="names are in Unicode there")
def test_a_name_that_the_system_has_no_characters_for_is_told(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    code = "import sys; from addin.cli import main; sys.exit(main(['batch', sys.argv[1], '-o', sys.argv[1] + '/out']))"
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, cwd=PROJECT, env=environment, check=False, capture_output=True)
    (line,) = done.stderr.decode("utf-8").splitlines()
    assert done.returncode == 2 and "批量报告.xlsx" in line and "PYTHONUTF8=1" in line


@pytest.mark.parametrize(("names", "texts"), [("utf-8", "utf-8"), ("iso8859-1", "gbk")])
def test_a_character_that_is_not_of_a_name_is_an_error_of_the_program(
    monkeypatch: pytest.MonkeyPatch, names: str, texts: str
) -> None:
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: names)
    assert told(UnicodeEncodeError(texts, "\ud800", 0, 1, "")) is None


def test_the_names_of_an_encoding_are_all_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "iso8859-1")
    assert "写不出名称 考核" in str(told(UnicodeEncodeError("latin-1", "考核", 0, 2, "")))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no broken pipes of this kind")
def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = [sys.executable, "-m", "addin.cli", "functions"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert isinstance(program.stdout, io.BufferedReader) and program.stderr is not None
        program.stdout.close()
        assert program.stderr.read() == b""
        assert program.wait() == 0


def test_list_shows_every_scheme_with_its_title(kaohe: Kaohe) -> None:
    listed = [line.split(maxsplit=1) for line in kaohe("list").out.splitlines()]
    assert sorted(slug for slug, _ in listed) == slugs()
    assert ["health-centre-staff", "乡镇卫生院工作人员绩效考核"] in listed
    starts = [title[0] for _, title in listed]
    assert list(dict.fromkeys(starts)) == list("安班保发工公教酒连社设县乡小学研医义中"), "in the order of pinyin"


def test_functions_shows_every_function(kaohe: Kaohe) -> None:
    told = kaohe("functions").out
    assert all(function.syntax in told and function.label in told for function in FUNCTIONS.values())


@pytest.mark.parametrize("name", ["KAOHE_SCORE", "kaohe_score", "score"])
def test_functions_explains_one(kaohe: Kaohe, name: str) -> None:
    told = kaohe("functions", name).out
    assert told.startswith("=KAOHE_SCORE(得分, [权重]")
    assert "例：=KAOHE_SCORE({85,90},{0.3,0.7}) 得 88.5" in told


def test_functions_names_the_functions_there_are(kaohe: Kaohe) -> None:
    run = kaohe("functions", "SCROE")
    assert run.code == 2
    assert "没有函数 SCROE；可用的函数：" in run.err and "KAOHE_SCORE" in run.err


@pytest.mark.parametrize("error", [ZeroDivisionError("考核"), RecursionError(), MemoryError(), KeyError("\ud800")])
def test_an_error_of_the_program_is_one_line_that_says_where_the_details_are(
    kaohe: Kaohe, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception
) -> None:
    def fail(arguments: object) -> int:
        raise error

    monkeypatch.setattr("addin.cli.commands.list.run", fail)
    monkeypatch.setattr("addin.shared.crashes.user_folder", lambda: tmp_path)
    run = kaohe("list")
    assert run.code == 3 and run.out == ""
    written = next((tmp_path / "errors").iterdir())
    kind = "内存不足" if isinstance(error, MemoryError) else f"程序内部出错（{type(error).__name__}）"
    assert run.err == f"kaohe：{kind}，没有完成；详情已写入 {written}，请连同它报告\n"
    assert "Traceback" in (details := written.read_text(encoding="utf-8")) and "in fail" in details


def test_of_many_errors_the_latest_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("addin.shared.crashes.user_folder", lambda: tmp_path)
    monkeypatch.setattr("addin.shared.crashes.MOST", 2)
    told = [crashed(ValueError(number)) for number in range(4)]
    (tmp_path / "errors" / "kaohe-own.txt").touch()
    told.append(crashed(ValueError("last")))
    left = [path for path in (tmp_path / "errors").iterdir() if path.name != "kaohe-own.txt"]
    assert len(left) == 2 and all(any(path.name in line for line in told[-2:]) for path in left)
    assert (tmp_path / "errors" / "kaohe-own.txt").exists()


def test_where_nothing_can_be_written_the_error_itself_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("addin.shared.crashes.user_folder", lambda: tmp_path / "file")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "file"))
    assert crashed(ValueError("坏")).endswith("详情无处可写：ValueError: 坏")


@pytest.mark.parametrize("arguments", [("--", "show", "-a.xlsx"), ("show", "--", "-a.xlsx")])
def test_names_may_begin_with_a_dash_behind_two_dashes(kaohe: Kaohe, arguments: tuple[str, ...]) -> None:
    assert kaohe(*arguments).err.startswith("kaohe：找不到文件 -a.xlsx")
