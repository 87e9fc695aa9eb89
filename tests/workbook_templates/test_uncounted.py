"""Above 校验 a sheet says that rows of a table read for it have not passed: a misspelt name is nobody's row."""

from __future__ import annotations

import io
from copy import deepcopy
from typing import Any

import pytest

from addin.headless.session import Session
from tests.support import first_case
from workbook_templates.scheme.catalogue import load
from workbook_templates.scheme.names import CHECK
from workbook_templates.workbook.build import build
from workbook_templates.workbook.layout import TABLE_LIMIT
from workbook_templates.workbook.sheets.headings import MARK_ROW

NOWHERE = "查无此名"


def above_checks(slug: str, data: dict[str, Any], *sheets: str) -> list[Any]:
    stream = io.BytesIO()
    build(load(slug), stream, data)
    session = Session.of(stream.getvalue())
    assert session.compute().problems == ()
    return [session.book.value(name, MARK_ROW, session.book.places[name].column(CHECK)) for name in sheets]


@pytest.mark.parametrize(
    ("slug", "source", "column", "sheets"),
    [
        ("security-guards", "月考核", "姓名", ["人员"]),
        ("middle-school-groups", "扣分记录", "姓名", ["教学人员", "非教学人员"]),
        ("foreman-fund", "扣款记录", "姓名", ["月度", "班长"]),
        ("factory-calibrated", "日报", "姓名", ["人员", "部门"]),
        ("health-centre-heads", "托管", "托管院", ["人员"]),
        ("corporate-kpi-grades", "人员", "部门", ["部门"]),
        ("clinic-institutions", "日历", "类型", ["单位"]),
    ],
)
def test_a_row_that_names_nobody_is_told_where_results_are_read(
    slug: str, source: str, column: str, sheets: list[str]
) -> None:
    data = deepcopy(first_case(slug))
    data["tables"][source][0][column] = NOWHERE
    assert set(above_checks(slug, data, *sheets)) == {f"▲ {source} 1 行未通过"}


@pytest.mark.parametrize("limit", [TABLE_LIMIT, 0], ids=["tables", "arrays"])
def test_a_row_that_is_not_complete_is_told_likewise(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    data = deepcopy(first_case("security-guards"))
    assert above_checks("security-guards", data, "人员") == [""]
    del data["tables"]["月考核"][0]["姓名"]
    assert above_checks("security-guards", data, "人员") == ["▲ 月考核 1 行未通过"]
