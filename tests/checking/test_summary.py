"""What 汇总 says of the whole: balances that don't hold, figures in error."""

from __future__ import annotations

import pytest

from addin.checking.summary import broken_balances, is_broken, summary_errors
from tests.checking.support import computed, filled
from tests.support import built, first_case
from udfs import CellError
from udfs.vocabulary import BROKEN, GOOD
from workbook_templates.scheme.names import BALANCES, SUMMARY

NAME = "考核基金合计 = 已发 + 春节前 + 三月 + 未发"


@pytest.mark.parametrize("is_named", [True, False], ids=["now", "in older workbooks"])
def test_a_balance_that_does_not_hold_is_told_with_its_name(is_named: bool) -> None:
    book = computed(built("foreman-fund", first_case("foreman-fund"))).book
    sheet = book.workbook.sheets[SUMMARY]
    row = next(row for row in range(sheet.height) if sheet.get(row, 0) == NAME)
    if not is_named:
        headings = book.tables.pop(BALANCES).first_row - 1
        sheet.set(headings, 0, "合计 = 总额")
        sheet.set(headings, 1, GOOD)
    assert list(broken_balances(book)) == []
    sheet.set(row, 1, BROKEN)
    [fault] = broken_balances(book)
    assert str(fault) == f"{SUMMARY}!B{row + 1} 的值 {BROKEN}：{NAME}：核对没有通过" and is_broken(fault)
    sheet.set(row, 1, CellError.DIV0)
    assert [is_broken(fault) for fault in broken_balances(book)] == [False]


def test_a_figure_in_error_is_told_with_its_name() -> None:
    book = computed(filled()).book
    table = book.tables[SUMMARY]
    book.workbook.sheets[SUMMARY].set(table.first_row, 1, CellError.NUM)
    [fault] = summary_errors(book)
    assert str(fault) == f"{SUMMARY}!B{table.first_row + 1} 的值 #NUM!：参加人数：算不出来，请先改正它读取的表"
