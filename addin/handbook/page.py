"""The functions' handbook as one page for a browser, which add-ins bring along."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from addin.handbook.functions import ERRORS, GENERAL, RESULTS, categorised, told
from udfs import Function

STYLE = """
body { font: 15px/1.7 "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }
code, pre { background: #f2f5f9; font-family: Consolas, "Noto Sans Mono CJK SC", monospace } pre { padding: .6em 1em; overflow-x: auto }
table { border-collapse: collapse; width: 100% } td, th { border: 1px solid #c8d2dd; padding: .3em .6em; text-align: left; vertical-align: top }
th { background: #e8eff7 } h2 { border-bottom: 2px solid #3a6ea5 } nav a { margin-right: 1em; white-space: nowrap }
"""


def functions_page() -> str:
    """All functions in one HTML page that needs nothing from elsewhere."""
    heading, body = "", []
    for category, function in categorised():
        if category != heading:
            heading = category
            body.append(f"<h2>{escape(heading)}</h2>")
        body.append(_section(function))
    links = "".join(f'<a href="#{f.name}">{f.name} {escape(f.label)}</a> ' for _, f in categorised())
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>KAOHE 函数手册</title>'
        f"<style>{STYLE}</style></head><body><h1>KAOHE 函数手册</h1><nav>{links}</nav>"
        f"<h2>对所有函数都成立</h2>{_list(GENERAL)}"
        f"{_table(('错误值', '含义'), [(error.value, meaning) for error, meaning in ERRORS])}"
        f"{''.join(body)}</body></html>\n"
    )


def _section(function: Function) -> str:
    formula, result = function.example
    rows = [(p.name + ("（可省略）" if p.optional else ""), p.shape.value, p.description) for p in function.parameters]
    return (
        f'<h3 id="{function.name}">{function.name} {escape(function.label)}</h3><pre>={escape(function.syntax)}</pre>'
        f"<p>{escape(function.description)}</p>{_table(('参数', '形状', '说明'), rows)}"
        f"<p>{escape(RESULTS[function.style])}{escape(function.remarks)}</p>"
        f"<p>例：<code>{escape(formula)}</code> 得 <code>{escape(told(result))}</code></p>\n"
    )


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{lines}</table>\n"


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>\n"
