"""``kaohe new``: a workbook from a scheme, filled with data if given, computed."""

from __future__ import annotations

import argparse
import json
import math
import re
from pathlib import Path
from typing import Any

from addin.checking.rows import parameter_faults
from addin.cli import DATA_FORM
from addin.headless.newbook import new_workbook
from addin.portable.filenames import file_name
from addin.shared.exits import FAILED, UserError
from addin.shared.schemes import load
from addin.shared.texts import as_typed
from addin.xlsx.book import Book
from addin.xlsx.files import refuse_as_new
from workbook_templates.formula.tokens import LONGEST_TEXT
from workbook_templates.scheme.catalogue import is_scheme_file, sample
from workbook_templates.scheme.text import BARE_NUMBER, STRING, full_width_sign


def run(arguments: argparse.Namespace) -> int:
    scheme = load(arguments.slug)
    path = Path(arguments.output or f"{file_name(scheme.title)}.xlsx")
    refuse_as_new(path, "新工作簿", arguments.force)
    data = read_data(Path(arguments.data)) if arguments.data else sample(scheme.slug) if arguments.sample else None
    report = new_workbook(scheme, path, data, arguments.rows, notes_on=_wrong_parameters)
    for problem in report.problems:
        print(f"无法计算 {problem}")
    print(f"已新建 {path}")
    notes = [*report.notes]
    if is_scheme_file(arguments.slug):
        from addin.checking.draft import remarks

        notes += remarks(scheme)
    for note in notes:
        print(f"注意：{note}")
    if data is None:
        print(f"填写、保存、关闭以后，运行 kaohe calc {as_typed(path)}")
    return FAILED if report.problems else 0


def _wrong_parameters(book: Book) -> list[str]:
    """What nobody's results come out of: parameters that are wrong, or don't go together."""
    return [str(fault) for fault in parameter_faults(book) if not fault.is_unfinished]


def read_data(path: Path) -> Any:
    """The data of a JSON file; raises UserError for a file that isn't one, or a value that no cell can hold."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"找不到数据文件 {path}") from None
    except UnicodeDecodeError as error:
        raise UserError(f"数据文件 {path} 不是 UTF-8 编码；请另存为 UTF-8") from error
    try:
        data = json.loads(
            text, object_pairs_hook=_no_name_twice, parse_constant=_refuse_constant, parse_float=_float, parse_int=_int
        )
        _refuse_what_no_cell_holds(data)
    except json.JSONDecodeError as error:
        where = f"第 {error.lineno} 行第 {error.colno} 列不是合法的 JSON"
        raise UserError(f"数据文件 {path} {where}；{_reason(error)}") from error
    except RecursionError as error:
        raise UserError(f"数据文件 {path} 嵌套过深；应为 {DATA_FORM} 的形式") from error
    except ValueError as error:
        raise UserError(f"数据文件 {path}：{error}") from error
    return data


def _reason(error: json.JSONDecodeError) -> str:
    """What is wrong with a text that JSON doesn't have; the mistake may stand in the line before."""
    lines = error.doc.splitlines()[max(0, error.lineno - 2) : error.lineno]
    bare = " ".join(STRING.sub('""', line) for line in lines)
    if "//" in bare or "/*" in bare:
        return "JSON 中不能写注释"
    if sign := full_width_sign(bare):
        return sign
    if "'" in error.doc[error.pos : error.pos + 1]:
        return "名称和文本用双引号"
    # Before 3.13 Python tells the place of the bracket, since then that of the comma.
    left, right = error.doc[: error.pos].rstrip(), error.doc[error.pos :]
    if re.match(r",?\s*[}\]]", right) and (left.endswith(",") or right.startswith(",")):
        return "最后一项后面没有逗号"
    if re.search(r"\d\s*[^\s\d.,eE+\-\]}]", bare):
        return BARE_NUMBER
    if error.pos >= len(error.doc.rstrip()):
        return "没有写完，括号没有配对"
    return f"从“{error.doc[error.pos : error.pos + 12]}”起的写法有误，名称和文本加双引号，各项之间用逗号"


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"名称 {next(name for name in names if names.count(name) > 1)} 重复")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} 不是数字")


def _float(text: str) -> float | str:
    """A number beyond what a cell holds is entered as the text that it is, and the workbook shows the error."""
    number = float(text)
    return number if math.isfinite(number) else text


def _int(text: str) -> int | str:
    return int(text) if math.isfinite(float(text)) else text


def _refuse_what_no_cell_holds(value: Any) -> None:
    match value:
        case dict():
            for name, item in value.items():
                _refuse_what_no_cell_holds(name)
                _refuse_what_no_cell_holds(item)
        case list():
            for item in value:
                _refuse_what_no_cell_holds(item)
        case str():
            if len(value) > LONGEST_TEXT:
                raise ValueError(f"有一段文本超过 {LONGEST_TEXT} 个字符：{value[:20]}……")
            if any("\ud800" <= char <= "\udfff" for char in value):
                raise ValueError("有一段文本含有不完整的字符（半个代理对）")
