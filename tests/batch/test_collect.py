"""``kaohe batch --collect``: the people and figures of all files in one workbook, and what does not fit."""

from __future__ import annotations

import io
import shutil
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from addin.batch.collect import Seen, _people
from addin.batch.extract import _COUNT, _EXACT, _SUM, Wanted, _of_rows, extract
from addin.batch.places import REPORT
from addin.batch.sheets import Written
from addin.batch.work import digest_of
from addin.headless import calculate
from addin.headless.newbook import new_workbook
from addin.headless.session import Session
from addin.portable.archive import rewrite
from addin.shared.schemes import load
from tests.support import PERSON, SLUG, Kaohe, edit
from workbook_templates.scheme.catalogue import sample
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.names import CARRIED, SUMMARY

POSTS = [{"岗位类别": "医", "岗位系数": 1.2}]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Workbooks of two people and of three."""
    folder = tmp_path_factory.mktemp("books")
    for name, count in (("甲", 2), ("乙", 3)):
        people = [{**PERSON, "姓名": f"{name}{number}", "工作数量": 10 + number} for number in range(count)]
        new_workbook(load(SLUG), folder / f"{name}.xlsx", {"tables": {"岗位": POSTS, "人员": people}})
    edit(folder / "甲.xlsx", "首页", C4="甲卫生院")
    # As in workbooks that have no 首页.
    edit(folder / "乙.xlsx", "人员", A2="单位名称:乙卫生院    考核期间:2025年")
    return folder / "甲.xlsx", folder / "乙.xlsx"


def listed(path: Path, sheet: str) -> list[dict[str, Any]]:
    rows: list[Any] = list(load_workbook(path)[sheet].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_people_and_figures_of_all_files_stand_together(kaohe: Kaohe, tmp_path: Path, books: tuple[Path, Path]) -> None:
    (tmp_path / "in").mkdir()
    for book in books:
        shutil.copy(book, tmp_path / "in")
    plain = Workbook()
    for row in (("姓名", "得分"), ("张三", 90)):
        plain.active.append(row)
    plain.save(tmp_path / "in" / "另一种.xlsx")
    (tmp_path / "in" / "坏.xlsx").write_bytes(b"PK")
    run = kaohe("batch", "in", "-o", "out", "--collect", "汇总.xlsx")
    assert run.code == 1 and "已汇总到 汇总.xlsx" in run.out
    collected = tmp_path / "汇总.xlsx"
    assert [(line["文件"], line["单位"], line["姓名"]) for line in listed(collected, "人员")] == [
        *(("乙.xlsx", "乙卫生院", f"乙{number}") for number in range(3)),
        *(("甲.xlsx", "甲卫生院", f"甲{number}") for number in range(2)),
    ]
    figures = {line["文件"]: line for line in listed(collected, "汇总")}
    assert figures["合计"]["参加人数"] == figures["甲.xlsx"]["参加人数"] + figures["乙.xlsx"]["参加人数"] == 5
    paid = [Decimal(str(line["实发绩效"])) for line in listed(collected, "人员")]
    assert Decimal(str(figures["合计"]["实发合计"])) == sum(paid)
    assert figures["合计"]["人均实发"] is None
    assert [line["姓名"] for line in listed(collected, "Sheet")] == ["张三"]
    people = load_workbook(collected)["人员"]
    wrapped = {str(head.value) for head, cell in zip(people[1], people[2], strict=True) if cell.alignment.wrap_text}
    assert {"文件", "单位", "姓名", "岗位类别"} <= wrapped and not {"医德医风", "实发绩效"} & wrapped
    assert people.print_title_cols == "$A:$D" and people.freeze_panes == "E2", "whose the figures are, on every page"
    attention = {line["文件"]: line["说明"] for line in listed(collected, "须注意")}
    assert set(attention) == {"另一种.xlsx", "坏.xlsx"}
    # What is of several schemes is not added up.
    assert (figures["甲.xlsx"]["人数或单位数"], figures["合计"]["人数或单位数"]) == (2, None)
    assert figures["合计"]["单位"] == "1 个文件没有计入或没有全部计入，见“须注意”"
    assert (
        f"方案是 （没有），多数文件是 {load(SLUG).title}" in attention["另一种.xlsx"]
        and "没有汇入" in attention["坏.xlsx"]
    )
    # What was made here is made again, also where a program has saved it; anything else of that name is not touched.
    load_workbook(collected).save(collected)
    assert kaohe("batch", "in", "-o", "out", "--collect", "汇总.xlsx").code == 1
    plain.save(collected)
    run = kaohe("batch", "in", "-o", "out", "--collect", "汇总.xlsx")
    assert run.code == 2 and "不是 kaohe batch 写的" in run.err


def test_a_file_whose_scheme_says_something_else_is_told(
    kaohe: Kaohe, tmp_path: Path, books: tuple[Path, Path]
) -> None:
    (tmp_path / "in").mkdir()
    for name in ("一", "二", "三"):
        shutil.copy(books[0], tmp_path / "in" / f"{name}.xlsx")
    other = load_workbook(tmp_path / "in" / "三.xlsx")
    other[CARRIED]["B2"] = "0123456789ab"
    other.save(tmp_path / "in" / "三.xlsx")
    kaohe("batch", "in", "-o", "out", "--collect", "汇总.xlsx")
    for path, sheet in ((tmp_path / "汇总.xlsx", SUMMARY), (tmp_path / "out" / REPORT, "文件")):
        editions = {line["文件"]: line["版本"] for line in listed(path, sheet)}
        assert [editions[f"{name}.xlsx"] for name in ("一", "二", "三")] == ["现在的", "现在的", "与现在的不同"]
    told = [line["说明"] for line in listed(tmp_path / "汇总.xlsx", "须注意") if line["文件"] == "三.xlsx"]
    assert "方案与多数文件的内容不同（是另一个版本的）" in told


def test_what_the_total_lacks_and_what_it_has_twice_is_told(
    kaohe: Kaohe, tmp_path: Path, books: tuple[Path, Path]
) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(books[0], tmp_path / "in" / "1.xlsx")
    shutil.copy(books[1], tmp_path / "in" / "2.xlsx")
    edit(Path(shutil.copy(books[0], tmp_path / "in" / "3.xlsx")), "首页", C4="甲 卫生院")
    edit(tmp_path / "in" / "3.xlsx", "人员", L6="十")
    run = kaohe("batch", "in", "-o", "out", "--collect", "汇总.xlsx")
    assert run.code == 1 and "报送了几个文件的单位 1 个：甲卫生院\n" in run.out
    assert listed(tmp_path / "out" / REPORT, "单位") == [
        {"单位": "甲卫生院", "文件数": 2, "文件": "1.xlsx、3.xlsx"},
        {"单位": "乙卫生院", "文件数": 1, "文件": "2.xlsx"},
    ]
    told = [(line["文件"], line["说明"]) for line in listed(tmp_path / "汇总.xlsx", "须注意")]
    assert told[0] == ("1.xlsx、3.xlsx", "报送了 2 个文件")
    assert [name for name, _ in told[1:]] == ["3.xlsx"] * 2 and told[2][1].startswith("汇总中算不出来的：参加人数、")
    total = listed(tmp_path / "汇总.xlsx", "汇总")[-1]
    assert (total["单位"], total["参加人数"]) == ("1 个文件没有计入或没有全部计入，见“须注意”", 5)


def test_times_are_shown_as_times_and_numbers_of_most_files_as_numbers(kaohe: Kaohe, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, late in (("一", time(8, 31)), ("二", 0.5), ("三", 0.25)):
        book = Workbook()
        for row in (("姓名", "到岗", "加班", "迟到"), (name, time(8, 31), timedelta(hours=26), late)):
            book.active.append(row)
        book.save(tmp_path / "in" / f"{name}.xlsx")
    assert kaohe("batch", "in", "-o", "out", "--collect", "汇总.xlsx").code == 0
    sheet = load_workbook(tmp_path / "汇总.xlsx")["Sheet"]
    assert [cell.value for cell in sheet[1]][3:] == ["到岗", "加班", "迟到"]
    assert [cell.number_format for cell in sheet[2]][3:] == ["[h]:mm", "[h]:mm", "General"]
    assert [sheet.cell(2, col).value for col in (4, 5)] == [timedelta(hours=8, minutes=31), timedelta(hours=26)]


def test_a_frozen_copy_beside_its_original_is_not_counted_and_told(
    kaohe: Kaohe, tmp_path: Path, books: tuple[Path, Path]
) -> None:
    for folder in ("in", "in/乙"):
        (tmp_path / folder).mkdir()
        shutil.copy(books[0], tmp_path / folder / "考核.xlsx")
        assert kaohe("run", "freeze", f"{folder}/考核.xlsx").code == 0
    (tmp_path / "in" / "乙" / "考核.xlsx").unlink()
    kaohe("batch", "in", "-o", "out", "--collect", "汇总.xlsx")
    told = [(line["文件"], line["说明"]) for line in listed(tmp_path / "汇总.xlsx", "须注意")]
    assert ("考核_固化.xlsx", "没有汇入：是“考核.xlsx”的固化副本，原文件已经在内") in told
    people = [line["文件"] for line in listed(tmp_path / "汇总.xlsx", "人员")]
    assert set(people) == {"考核.xlsx", "乙/考核_固化.xlsx"}
    assert [line["文件"] for line in listed(tmp_path / "汇总.xlsx", "汇总")] == ["乙/考核_固化.xlsx", "考核.xlsx", "合计"]


def test_a_result_that_was_changed_meanwhile_goes_by_its_name(tmp_path: Path) -> None:
    found = extract(Wanted("甲.xlsx", tmp_path / "甲.xlsx", "x"))
    assert found.told == ("没有汇入：结果文件夹中的 甲.xlsx 计算之后又被改动或删除",)


def test_units_that_are_appraised_are_collected_and_not_missed(kaohe: Kaohe, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    new_workbook(load("county-schools"), tmp_path / "in" / "甲县.xlsx", sample("county-schools"))
    new_workbook(load("county-schools"), tmp_path / "in" / "乙县.xlsx")
    assert kaohe("batch", "in", "-o", "out", "--collect", "汇总.xlsx").code == 0
    schools = listed(tmp_path / "汇总.xlsx", "单位")
    assert [line["文件"] for line in schools] == ["甲县.xlsx"] * 15 and schools[0]["学校"] == "县一中"
    told = [(line["文件"], line["说明"]) for line in listed(tmp_path / "汇总.xlsx", "须注意")]
    assert told == [("乙县.xlsx", "没有填写单位")]
    figures = listed(tmp_path / "汇总.xlsx", "汇总")
    assert [(line["文件"], line["人数或单位数"]) for line in figures] == [
        ("乙县.xlsx", 0),
        ("甲县.xlsx", 15),
        ("合计", 15),
    ]
    assert [line["人数或单位数"] for line in listed(tmp_path / "out" / REPORT, "文件")] == [0, 15]


def test_a_total_that_is_not_the_sum_of_its_rows_is_told(tmp_path: Path, books: tuple[Path, Path]) -> None:
    path = Path(shutil.copy(books[0], tmp_path / "甲.xlsx"))
    calculate(path)
    good = extract(Wanted("甲.xlsx", path, digest_of(path)))
    assert good.told == () and {"参加人数", "合格人数", "实发合计", "扣减合计"} <= good.sums.keys()
    content = path.read_bytes()
    session = Session.open(path)
    sheet = session.workbook.parts["汇总"]
    total = session.book.named_values("汇总")["实发合计"]
    assert isinstance(total, float | int)
    text = session.package.read(sheet).replace(f"<v>{total:.15g}</v>".encode(), b"<v>1.01</v>")
    with path.open("wb") as file:
        rewrite(io.BytesIO(content), file, {sheet: text})
    told = extract(Wanted("甲.xlsx", path, digest_of(path))).told
    assert told[0].startswith("汇总的“实发合计”是 1.01，各行合计是 ")
    assert "又被改动" in extract(Wanted("甲.xlsx", path, "0")).told[0]


def test_a_long_table_is_summed_as_a_short_one(
    tmp_path: Path, books: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its figures read addresses, and not columns by name."""
    short = Path(shutil.copy(books[0], tmp_path / "短.xlsx"))
    calculate(short)
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", 0)
    people = [{**PERSON, "姓名": f"甲{number}", "工作数量": 10 + number} for number in range(2)]
    long = tmp_path / "长.xlsx"
    new_workbook(load(SLUG), long, {"tables": {"岗位": POSTS, "人员": people}})
    found = [extract(Wanted(path.name, path, digest_of(path))) for path in (short, long)]
    assert found[0].sums and found[0].sums == found[1].sums


COUNTS = """title = "{title}的考核"
summary = "测试用。"
source = "无"

[[tables]]
name = "人员"
people = true
columns = [{{ name = "姓名", type = "text", required = true, unique = true }}, {{ name = "分", required = true }}]

[[results]]
name = "总分"
formula = "=SUM(人员[分])"

[[results]]
name = "总数"
formula = "=SUM(人员[分]){more}"
"""


def test_a_figure_that_some_file_computes_otherwise_has_no_total(kaohe: Kaohe, tmp_path: Path) -> None:
    """A total of the other files alone would stand under all of them."""
    (tmp_path / "in").mkdir()
    for title, more in (("甲", ""), ("乙", "*2")):
        people = [{"姓名": "张三", "分": 3}]
        scheme = parse(COUNTS.format(title=title, more=more), title)
        new_workbook(scheme, tmp_path / "in" / f"{title}.xlsx", {"tables": {"人员": people}})
    kaohe("batch", "in", "-o", "out", "--collect", "汇总.xlsx")
    lines = listed(tmp_path / "汇总.xlsx", "汇总")
    assert [(line["总分"], line["总数"]) for line in lines] == [(3, 6), (3, 3), (6, None)]
    assert load_workbook(tmp_path / "汇总.xlsx").sheetnames[2:] == ["人员 乙的考核", "人员 甲的考核"]
    # Schemes that a unit has written itself are called by the titles that the workbooks carry.
    assert [line["方案"] for line in lines] == ["乙的考核", "甲的考核", None]
    assert [line["方案"] for line in listed(tmp_path / "out" / REPORT, "文件")] == ["乙的考核", "甲的考核"]
    assert [line["说明"] for line in listed(tmp_path / "汇总.xlsx", "须注意")] == [
        "方案是 甲的考核，多数文件是 乙的考核"
    ]


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("SUM(人员[绩效])", "绩效"),
        ("KAOHE_ROUND(SUM(人员[绩效]))", "绩效"),
        ('IF(状态_人员="通过",KAOHE_ROUND(SUM(人员[绩效])),状态_人员*1)', "绩效"),
        ('IF(状态_人员="通过",COUNTIF(人员[等次],"优秀"),状态_人员*1)', "等次"),
        (
            'IF((公式_人员_校验="通过")*(公式_人员_等次="通过"),IF(状态_人员="通过",IF(SUMPRODUCT(1*ISERROR(人员[等次]))=0,'
            'COUNTIF(人员[等次],"优秀"),"人员[等次] 有错误值"*1),状态_人员*1),"有公式被改写"*1)',
            "等次",
        ),
        (
            'IF(ISFORMULA(状态_人员),IF(状态_人员="通过",IF(_xlfn.ISFORMULA(状态_岗位),IF(状态_岗位="通过",SUM(人员[绩效]),'
            '状态_岗位*1),"有公式被改写"*1),状态_人员*1),"有公式被改写"*1)',
            "绩效",
        ),
        ('IF(状态_人员="通过",KAOHE_COUNT("优秀",人员[等次]),状态_人员*1)', "等次"),
        ('KAOHE_COUNT("优秀",人员[等次],"甲",人员[部门])', None),
        ("KAOHE_ROUND(SUM(人员[绩效])", None),
        ('IF(参加人数>0,SUM(人员[绩效]),"没有人"*1)', None),
        ("SUM(人员[绩效])/2", None),
        ('COUNTIF(人员[得分],">=90")', None),
        ("SUM(人员[[#This Row],[绩效]])", None),
    ],
)
def test_only_plain_sums_and_counts_are_compared(formula: str, found: str | None) -> None:
    match = _SUM.fullmatch(formula) or _COUNT.fullmatch(formula) or _EXACT.fullmatch(formula)
    assert (match and match["column"]) == found


@pytest.mark.parametrize(("asked", "count"), [("90", 2), ("Ａ", 0), ("a", 3), ("1级", 1), ("", None)])
def test_what_is_counted_is_what_the_cell_counts(asked: str, count: int | None) -> None:
    """COUNTIF takes a text of digits for the number, and small letters for capital ones."""
    rows: list[dict[str, Any]] = [
        {"得分": 90, "等次": "A"},
        {"得分": 90.0, "等次": "a"},
        {"得分": 89.5, "等次": "A"},
        {"得分": None, "等次": "1级"},
    ]
    column = "得分" if asked == "90" else "等次"
    found = _of_rows(f'COUNTIF(人员[{column}],"{asked}")', {"人员": rows})
    assert (found and found[0]) == count


def test_more_people_than_a_sheet_holds_go_on_in_another_and_into_parquet(
    kaohe: Kaohe, tmp_path: Path, books: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("addin.batch.sheets.MOST_ROWS", 4)
    monkeypatch.setattr("addin.batch.collect.MOST_ROWS", 4)
    (tmp_path / "in").mkdir()
    for book in books:
        shutil.copy(book, tmp_path / "in")
    edit(tmp_path / "in" / "乙.xlsx", "人员", L6="十")
    run = kaohe("batch", "in", "-o", "out", "--collect", "汇总.xlsx")
    assert run.code == 1 and "全部的行另见 汇总-1-人员.parquet" in run.out
    first, second = listed(tmp_path / "汇总.xlsx", "人员"), listed(tmp_path / "汇总.xlsx", "人员（续1）")
    frame = pd.read_parquet(tmp_path / "汇总-1-人员.parquet")
    assert list(frame["姓名"]) == [line["姓名"] for line in first + second] == ["乙0", "乙1", "乙2", "甲0", "甲1"]
    assert frame["绩效基数"].dtype == "float64" and frame["绩效基数"].sum() == 15000
    assert "=" in frame["不是数字的值"].iloc[0]


def test_tables_of_one_name_stand_on_sheets_that_excel_tells_apart(tmp_path: Path) -> None:
    """Excel takes names for the same that differ in case only, and has no room for long ones."""
    seen = Seen()
    names = ("Staff", "STAFF", "staff", SUMMARY, "人" * 25, "人" * 24)
    for place, name in enumerate(names):
        seen.kinds["方案", name, ("姓名", f"列{place}")] = 9 - place
    written = Written()
    assert len(_people(written, seen)) == len(names)
    written.save(tmp_path / "a.xlsx", None)
    assert load_workbook(tmp_path / "a.xlsx").sheetnames == [
        "Staff", "STAFF 2", "staff 3", f"{SUMMARY} 2", "人" * 20, f"{'人' * 20} 2"
    ]  # fmt: skip


def test_a_sheets_name_does_not_end_with_a_quote_where_it_is_cut(tmp_path: Path) -> None:
    """Excel refuses one that does."""
    title = "考" * 16 + "'核"
    seen = Seen(titles={"甲": title, "乙": "乙"})
    for scheme in seen.titles:
        seen.kinds[scheme, "人员", ("姓名",)] = 1
    written = Written()
    assert len(_people(written, seen)) == 2
    written.save(tmp_path / "a.xlsx", None)
    assert load_workbook(tmp_path / "a.xlsx").sheetnames == [f"人员 {'考' * 16}", "人员 乙"]
