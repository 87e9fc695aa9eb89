"""``kaohe new``: a workbook from a scheme, filled with data if given, computed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from addin.cli import FAILED, UserError
from addin.headless import calculate
from addin.headless.package import replace
from workbook_templates.build import build
from workbook_templates.scheme import load


def run(arguments: argparse.Namespace) -> int:
    scheme = load(arguments.slug)
    path = Path(arguments.output or f"{scheme.title}.xlsx")
    if path.suffix.lower() != ".xlsx":
        raise UserError(f"新工作簿的文件名应以 .xlsx 结尾,现为 {path}")
    if path.exists() and not arguments.force:
        raise UserError(f"{path} 已存在;请换一个文件名,或加 --force 覆盖")
    if not path.parent.is_dir():
        raise UserError(f"文件夹 {path.parent} 不存在")
    data = _read_data(Path(arguments.data)) if arguments.data else None
    problems: list[Any] = []

    def write(beside: Path) -> None:
        build(scheme, beside, data, arguments.rows)
        problems.extend(calculate(beside).problems)

    replace(path, write)
    for problem in problems:
        print(f"无法计算 {problem}")
    print(f"已新建 {path}")
    return FAILED if problems else 0


def _read_data(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UserError(f"找不到数据文件 {path}") from None
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"数据文件 {path} 不是合法的 JSON:{error}") from error
