"""docs/schemes.md, from the scheme files."""

from __future__ import annotations

from collections.abc import Iterator

from addin.handbook.markdown import bullets, code, document, table
from addin.shared.texts import shown
from workbook_templates.scheme.catalogue import load, slugs
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.workbook.sheets.validation import describe


def schemes_document() -> str:
    """All schemes: where they come from, what is filled in, and what is computed."""
    return document(_lines([load(slug) for slug in slugs()]))


def _lines(schemes: list[Scheme]) -> Iterator[str]:
    yield from ("# 考核方案", "", "> 本页由方案文件生成（`python -m addin.handbook`），请勿手工修改。", "")
    yield from ("`kaohe new 方案` 新建工作簿。方案文件的写法见 [scheme-format.md](scheme-format.md)。", "")
    yield from table(("方案", "名称", "用途"), [(f"[{s.slug}](#{s.slug})", s.title, s.summary) for s in schemes])
    for scheme in schemes:
        yield from _page(scheme)


def _page(scheme: Scheme) -> Iterator[str]:
    dated = f"（{scheme.date}）" if scheme.date else ""
    yield from (f"## {scheme.slug}", "", f"**{scheme.title}**", "", scheme.summary, "")
    yield from (f"依据：{scheme.source}{dated}", "")
    if scheme.parameters:
        yield from ("### 参数", "")
        parameters = [(p.name, shown(p.value), p.unit, p.note, describe(p)) for p in scheme.parameters]
        yield from table(("参数", "默认值", "单位", "含义", "填写规则"), parameters)
    for listing in scheme.lists:
        yield from (f"列表 {listing.name}：{listing.note}".rstrip("："), "")
        names = [column.name for column in listing.columns]
        yield from table(names, [[shown(row.get(name)) for name in names] for row in listing.rows])
        yield from bullets(f"{column.name}：{describe(column)}" for column in listing.columns)
    if scheme.parameter_rules:
        yield from bullets(f"{rule.message}：{code(rule.formula)}" for rule in scheme.parameter_rules)
    for sheet in scheme.tables:
        yield from _table(sheet)
    if scheme.results:
        yield from ("### 汇总", "")
        results = [(r.shown_name, r.unit, code(r.formula), r.note) for r in scheme.results]
        yield from table(("名称", "单位", "公式", "说明"), results)
    if scheme.balances:
        yield from ("核对：", "", *bullets(f"{b.name}：{code(b.formula)}" for b in scheme.balances))
    for heading, items in (("约定", scheme.decided), ("未包括", scheme.limitations)):
        if items:
            yield from (f"### {heading}", "", *bullets(items))


def _table(sheet: Table) -> Iterator[str]:
    yield from (f"### 表 {sheet.name}", "")
    if sheet.note:
        yield from (sheet.note, "")
    filled = [(c.name, "；".join(filter(None, (describe(c), c.note)))) for c in sheet.inputs]
    yield from table(("填写列", "填写规则"), filled)
    computed = [(c.name + "（隐藏）" * c.hidden, c.unit, code(c.formula), c.note) for c in sheet.computed]
    yield from table(("计算列", "单位", "公式", "说明"), computed)
    yield from bullets(f"{rule.message}：{code(rule.formula)}" for rule in sheet.rules)
