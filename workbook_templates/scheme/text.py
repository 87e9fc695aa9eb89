"""The text of a scheme file: read as TOML, with what is wrong told as its author sees it; and where in it a record stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

from workbook_templates.scheme.errors import SchemeError

_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')
_FULL_WIDTH = dict(zip("“”‘’＝，：［］｛｝（）＃", "\"\"''=,:[]{}()#", strict=True))
BARE_NUMBER = "数字只写数字，不带单位、百分号和千位逗号；15% 写成 0.15"
_REASONS = (
    (r"Cannot overwrite|Cannot declare|Cannot mutate", "这个键（或 [ ] 中的名称）前面已经写过"),
    (r"Unclosed array", "方括号 [ ] 没有配对"),
    (r"Unclosed inline|inline table", "花括号 { } 中的各项用逗号隔开，写在一行内，最后一项后面没有逗号"),
    (r"Expected '='", "键后面应为 = 和值"),
    (r"Unterminated string", "引号没有配对"),
    (r"Unescaped '\\'", "双引号的文本中 \\ 要写成 \\\\"),
    (r"Invalid date", "没有这一天；日期写成 2024-12-31"),
)
_SECTIONS = {
    "参数": "parameters",
    "列表": "lists",
    "参数规则": "parameter_rules",
    "表": "tables",
    "汇总": "results",
    "核对": "balances",
}
_SAID = re.compile(rf" ({'|'.join(_SECTIONS)}|列) ")
_NAME = re.compile(r"""\bname\s*=\s*(["'])(.*?)\1""")
_HEADER = re.compile(r"\[{1,2}(\w+)|(\w+) *= *\[")


def read(text: str, place: str, tell: Callable[[str], None]) -> dict[str, Any]:
    """The data of a file's text; tells each line that is no TOML with what should stand there, and raises SchemeError for the last."""
    lines = text.split("\n")
    wrong: SchemeError | None = None
    while True:
        try:
            data = tomllib.loads("\n".join(lines))
            break
        except tomllib.TOMLDecodeError as error:
            if wrong:
                tell(str(wrong))
            at = _AT.search(str(error))
            if not at:
                raise SchemeError(f"{place}：不是合法的 TOML，最后一项没有写完") from error
            number, column = int(at[1]), int(at[2])
            line = lines[number - 1]
            reason = _reason(line, line[column - 1 :], str(error))
            wrong = SchemeError(f"{place}：第 {number} 行第 {column} 个字符起不是合法的 TOML：{line.strip()}；{reason}")
            if not _stands_alone(line):
                raise wrong from error
            lines[number - 1] = ""
    if wrong:
        raise wrong
    return data


def _stands_alone(line: str) -> bool:
    """Whether the lines below can be read as they are without this one."""
    bare = STRING.sub("", line).strip()
    return bare != "" and bare[0] != "[" and all(bare.count(a) == bare.count(b) for a, b in ("[]", "{}"))


def _reason(line: str, rest: str, message: str) -> str:
    bare = STRING.sub('""', line)
    _, _, value = bare.partition("=")
    if "Illegal character" in message and '"' in bare.replace('""', ""):
        return "引号没有配对，或文本中有换行"
    if sign := full_width_sign(bare):
        return sign
    if re.search(r"[０-９．]", bare):
        return "数字用半角"
    if re.match(r"\s*\d[\d.]*\s*[^\s\d.,:\]}-]|\s*\d+,\d{3}\b(?!.*[\]}])", value):
        return BARE_NUMBER
    if re.search(r"(?:^|[{,])\s*[^\x00-\x7f]+\s*=", bare):
        return '汉字的键要加引号，如 "类别" = …；键的名称都是英文，见方案格式说明'
    if re.match(r"\s*[^\x00-\x7f]", value):
        return '文本要加引号，如 name = "得分"'
    if re.search(r",\s*}", bare):
        message = "inline table"
    return next((told for pattern, told in _REASONS if re.search(pattern, message)), f"从“{rest[:12]}”起的写法有误")


def full_width_sign(bare: str) -> str:
    """What is to be said of the first sign that should be half-width; nothing where all are. Texts in quotes are left out already."""
    return next((f"“{char}”是全角的，应为半角的 {_FULL_WIDTH[char]}" for char in bare if char in _FULL_WIDTH), "")


def line_of(text: str, message: str) -> int | None:
    """The line at which the record stands that a message names (``方案 x 表 人员 列 得分：…``), if it can be told."""
    found, section = 0, ""
    for said in _SAID.finditer(re.split("[:：]", message, maxsplit=1)[0]):
        section = _SECTIONS.get(said[1], section)
        rest, repeated = said.string[said.end() :] + " ", 0
        for number, part, line in _lines(text):
            if number > found > 0 and line.startswith(f"[[{section}]]"):
                found = repeated or found
                break
            if number < found or part != section:
                continue
            names = [name[2] for name in _NAME.finditer(line)]
            if any(rest.startswith(f"{name} ") for name in names):
                found = number
                break
            if not repeated and any(re.match(f"{_repeated(name)} ", rest) for name in names):
                repeated = number
        else:
            found = repeated or found
    return found or None


def _repeated(name: str) -> str:
    """A pattern for what a name with braces may become."""
    return ".+".join(map(re.escape, re.split(r"\{[^{}]*\}", name)))


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """The lines by number, each with the part of the file that it belongs to."""
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header and (header[1] or header[2] in _SECTIONS.values()):
            section = header[1] or header[2]
        yield number, section, line
