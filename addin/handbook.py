"""Generates docs/functions.md and docs/schemes.md: ``python -m addin.handbook`` writes them anew."""

from __future__ import annotations

from pathlib import Path

from udfs import FUNCTIONS, CellError, Function
from workbook_templates.scheme import Computed, Input, Scheme, Table, load, slugs
from workbook_templates.sheets.validation import describe

DOCS = Path(__file__).parent.parent / "docs"


def functions_document() -> str:
    """All functions, by category."""
    lines = ["# KAOHE 函数", "", "本页由函数的声明生成。", ""]
    categories = dict.fromkeys(function.category for function in FUNCTIONS.values())
    for category in categories:
        members = [function for function in FUNCTIONS.values() if function.category == category]
        lines += [f"## {category}", "", "| 函数 | 作用 |", "|---|---|"]
        lines += [f"| [{f.name}](#{f.name.lower()}) | {f.label} |" for f in members]
        lines.append("")
        lines += [function_page(function) + "\n" for function in members]
    return "\n".join(lines)


def function_page(function: Function) -> str:
    """One function: syntax, arguments, remarks, example."""
    lines = [f"### {function.name}", "", f"`={function.syntax}`", "", f"{function.label}({function.label_en})。{function.description}", ""]
    lines += ["| 参数 | 形状 | 说明 |", "|---|---|---|"]
    lines += [f"| {p.name}{'(可省略)' if p.optional else ''} | {p.shape.value} | {p.description} |" for p in function.parameters]
    if function.remarks:
        lines += ["", function.remarks]
    formula, result = function.example
    lines += ["", f"例:`{formula}` 得 {_told(result)}"]
    return "\n".join(lines)


def _told(result: object) -> str:
    if isinstance(result, CellError):
        return f"`{result.value}`"
    if isinstance(result, tuple):
        return "`{" + ";".join(",".join(str(cell) for cell in row) for row in result) + "}`"
    return f"`{result}`"


def schemes_document() -> str:
    """All schemes: where they come from, what is filled in and what is computed."""
    lines = ["# 考核方案", "", "本页由方案文件生成。`kaohe new SLUG` 新建工作簿。", ""]
    schemes = [load(slug) for slug in slugs()]
    lines += ["| 方案 | 名称 | 用途 |", "|---|---|---|"]
    lines += [f"| [{s.slug}](#{s.slug}) | {s.title} | {s.summary} |" for s in schemes]
    for scheme in schemes:
        lines += ["", *_scheme_lines(scheme)]
    return "\n".join(lines) + "\n"


def _scheme_lines(scheme: Scheme) -> list[str]:
    lines = [f"## {scheme.slug}", "", f"**{scheme.title}**。{scheme.summary}", "", f"依据:{scheme.source} {scheme.date}".rstrip(), ""]
    if scheme.parameters:
        lines += ["| 参数 | 默认值 | 含义 |", "|---|---|---|"]
        lines += [f"| {p.name} | {'' if p.value is None else p.value} | {p.note} |" for p in scheme.parameters]
        lines.append("")
    for table in scheme.tables:
        lines += _table_lines(table)
    if scheme.results:
        lines += ["汇总:" + "、".join(result.name for result in scheme.results), ""]
    for heading, items in (("约定", scheme.decided), ("未包括", scheme.limitations)):
        if items:
            lines += [f"{heading}:", "", *(f"- {item}" for item in items), ""]
    return lines


def _table_lines(table: Table) -> list[str]:
    lines = [f"### 表 {table.name}", "", table.note, "", "| 列 | 填写或计算 | 说明 |", "|---|---|---|"]
    for column in (*table.inputs, *table.computed):
        if isinstance(column, Input):
            lines.append(f"| {column.name} | 填写 | {'。'.join(filter(None, [describe(column), column.note]))} |")
        elif isinstance(column, Computed) and not column.hidden:
            lines.append(f"| {column.name} | `{column.formula}` | {column.note} |".replace("|\"|\"", "\"\\|\""))
    return [*lines, ""]



def main() -> None:
    (DOCS / "functions.md").write_text(functions_document(), encoding="utf-8")
    (DOCS / "schemes.md").write_text(schemes_document(), encoding="utf-8")


if __name__ == "__main__":
    main()
