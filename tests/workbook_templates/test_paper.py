"""Pages of the workbook itself, printed as they are: what stands on them can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from addin.headless import calculate
from tests.macros.paper import Sheet, render
from workbook_templates.scheme.catalogue import load, sample
from workbook_templates.workbook.build import build

SMALLEST = 8.0
HOME_WORDS, RULES_WORDS = "第一步", "填写规则（由方案生成"


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["county-hospital-two-level", "designers", "retail-store"])
def test_home_parameters_and_the_last_sheet_can_be_read(slug: str, soffice: str, tmp_path: Path) -> None:
    path = tmp_path / f"{slug}.xlsx"
    build(load(slug), path, sample(slug))
    calculate(path)
    pages = render(soffice, [path], tmp_path)[0]
    first = next(page for page in pages if HOME_WORDS in page.text)
    rules = next(number for number, page in enumerate(pages) if RULES_WORDS in page.text)
    assert pages.index(first) == 0 and "领导概览" in first.text, "all of it on one page"
    assert pages[1].text.find("参数") > 0, "the parameters begin"
    for page in (first, pages[1], *pages[rules:]):
        assert _smallest(page) >= SMALLEST - 0.06


@pytest.mark.slow
def test_charts_can_be_read_and_are_whole(soffice: str, tmp_path: Path) -> None:
    """Two rows of them on a page, the title on each."""
    path = tmp_path / "x.xlsx"
    build(load("county-group-quota"), path, sample("county-group-quota"))
    calculate(path)
    title = f"{load('county-group-quota').title}领导概览"
    pages = [page for page in render(soffice, [path], tmp_path)[0] if title in page.text]
    assert len(pages) == 2
    for page in pages:
        # Nine points, in Excel at nine tenths.
        assert _smallest(page) >= 7.4


def _smallest(page: Sheet) -> float:
    return min(run.size for run in page.runs)
