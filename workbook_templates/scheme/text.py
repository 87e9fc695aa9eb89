"""The text of a scheme file: read as TOML, with what is wrong told as its author sees it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any

from workbook_templates.scheme.errors import SchemeError
from workbook_templates.scheme.lines import SECTIONS, lines_of

_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')
_FULL_WIDTH = dict(zip("“”‘’＝，：［］【】｛｝（）＃－＋．", "\"\"''=,:[][]{}()#-+.", strict=True))
_ODD_SPACES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u0085\u00a0\u2000-\u200d\u2028\u2029\u2060\u3000\ufeff]+")
"""What comes along from text processors and web pages, and means nothing outside texts; what no cell holds is told by itself."""

_HEADERS = f"方括号中写英文：{'、'.join(f'{name}（{told}）' for told, name in SECTIONS.items())}"
_ITEM = re.compile(r"""["'\[{+\-.\w]""")
_TABLE_HEADER = re.compile(r"\[+([A-Za-z_]+)[\].]")
BARE_NUMBER = "数字只写数字，不带单位、百分号和千位逗号；15% 写成 0.15"
_DAY = "日期写成 2024-12-31"
_OTHER_SIGNS = {":": "冒号应为 =", "(": "圆括号应为方括号", "=": "写一个 =", ";": "各项用逗号隔开"}
_LEFT_OUT = '没有值的键不写；列表的行中空白写 ""'
_QUOTES = "双引号的文本里又有双引号：外面改用单引号，如 formula = '=[@类别]=\"教师\"'"
_BRACES = "花括号 { } 中的各项用逗号隔开，写在一行内，最后一项后面没有逗号"
_REASONS = (
    (r"Cannot overwrite|Cannot declare|Cannot mutate", "这个键（或 [ ] 中的名称）前面已经写过"),
    (r"Unclosed array", "方括号 [ ] 没有配对"),
    (r"Unclosed inline|inline table", _BRACES),
    (r"Expected '='", "键后面应为 = 和值"),
    (r"Unterminated string|Expected \"'\"", "引号没有配对"),
    (r"Invalid date", f"没有这一天；{_DAY}"),
)


def read(text: str, place: str, tell: Callable[[str], None]) -> dict[str, Any]:
    """The data of a file's text; tells each line that is no TOML with what should stand there, and raises SchemeError for the last."""
    lines = lines_of(text)
    wrong: SchemeError | None = None
    while True:
        try:
            data = tomllib.loads("\n".join(lines))
            break
        except RecursionError as error:
            raise SchemeError(f"{place}：方括号、花括号一层套一层，太深了") from error
        except tomllib.TOMLDecodeError as error:
            at = _AT.search(str(error))
            number, column = (int(at[1]), int(at[2])) if at else (0, 0)
            line = lines[number - 1] if at else ""
            if odd := _ODD_SPACES.match(line, max(column - 1, 0)):
                lines[number - 1] = line[: odd.start()] + " " * len(odd[0]) + line[odd.end() :]
                continue
            if wrong:
                tell(str(wrong))
            if not at:
                raise SchemeError(f"{place}：不是合法的 TOML，{_unfinished(lines, str(error))}") from error
            if _lacks_comma(line, column, str(error)):
                wrong = SchemeError(f"{place}：{_after_item(lines, number, column)}少一个逗号")
                lines[number - 1] = f"{line[: column - 1]},{line[column - 1 :]}"
                continue
            reason = _reason(line, line[column - 1 :], str(error), lines[: number - 1])
            wrong = SchemeError(f"{place}：第 {number} 行第 {column} 个字符起不是合法的 TOML：{line.strip()}；{reason}")
            if not _stands_alone(line):
                raise wrong from error
            lines[number - 1] = ""
    if wrong:
        raise wrong
    return data


def _unfinished(lines: list[str], message: str) -> str:
    """What the end of the file was looked through for."""
    open_quotes = (number for number, line in enumerate(lines, start=1) if "'" in STRING.sub("", line))
    number = next(open_quotes, 0) if "'" in message else 0
    return f"第 {number} 行的单引号没有配对" if number else "最后一项没有写完"


def _lacks_comma(line: str, column: int, message: str) -> bool:
    """Whether an item of a list follows another one at once (the beginning of the next part doesn't: there the list isn't closed)."""
    rest = line[column - 1 :]
    is_next_part = not line[: column - 1].strip() and re.match(r"\[{1,2}[\w.]+\]{1,2}\s*(#|$)|[\w-]+\s*=", rest)
    is_unit = line[: column - 1][-1:].isdigit() and not rest[:1].isascii()
    return "Unclosed array" in message and bool(_ITEM.match(rest)) and not is_next_part and not is_unit


def _after_item(lines: list[str], number: int, column: int) -> str:
    """In words the place at which the item ends that stands before a place."""
    while not (ended := lines[number - 1][: column - 1].rstrip()) or ended.lstrip().startswith("#"):
        number, column = number - 1, len(lines[number - 2]) + 1
    return f"第 {number} 行第 {len(ended)} 个字符后面（{ended.strip()} 之后）"


def _stands_alone(line: str) -> bool:
    """Whether the lines below can be read as they are without this one."""
    bare = STRING.sub("", line).strip()
    return bare != "" and bare[0] not in "[［【" and all(bare.count(a) == bare.count(b) for a, b in ("[]", "{}"))


def _reason(line: str, rest: str, message: str, above: list[str]) -> str:
    bare = STRING.sub('""', line)
    _, _, value = bare.partition("=")
    if re.search(r"(?:^|\s)//", bare):
        return "注释以 # 开头"
    if rest and line[: -len(rest)].endswith('"') and re.match(r"[^\s\d,;:=\]}#，；：]", rest):
        return "前面少一个引号" if re.search(r',\s*\w+\s*=\s*"$', line[: -len(rest)]) else _QUOTES
    if "Unescaped" in message:
        return r"双引号的文本中 \ 要写成 \\，或外面改用单引号"
    if header := _reason_of_header(bare.rstrip()):
        return header
    if "character" in message and re.search("[\"']", bare.replace('""', "")):
        return "引号没有配对，或文本中有换行"
    if sign := full_width_sign(bare):
        return sign
    if re.search(r"[０-９．]", bare):
        return "数字用半角"
    return _reason_of_value(line, bare, value, rest) or _general_reason(bare, rest, message, above)


def _reason_of_header(bare: str) -> str:
    """What is wrong with a line that begins a part of the file; nothing where it is something else, or right by itself."""
    if re.match(r"\[+\s*[^\x00-\x7f]", bare):
        return _HEADERS
    header = re.match(r"\[+([A-Za-z_.]+)(\]*)(.*)", bare)
    if not header or re.fullmatch(r"\[\[[^][]*\]\]|\[[^][]*\]", bare):
        return ""
    name, closed, more = header.groups()
    if closed and more:
        return '方括号后面不写别的；名称写在下一行，如 name = "人员"'
    return "" if more else "应写成 [chart]" if name == "chart" else f"应写成 [[{name}]]"


def _reason_of_value(line: str, bare: str, value: str, rest: str) -> str:
    """What is wrong with a value that isn't in quotes; nothing where it is something else."""
    if line.startswith("{"):
        return "这像是 JSON；方案文件每行写 键 = 值，见方案格式说明"
    if re.search(r";\s*(?:$|#)", rest):
        return "行末不写分号"
    before = line[: len(line) - len(rest)]
    if re.match(r"\s*\d{4}[./年]\d", value) or (re.search(r"\b\d{4}$", before) and re.match(r"[-./年]\d", rest)):
        return f"没有这一天；{_DAY}" if re.match(r"-\d\d-\d\d\b", rest) else _DAY
    if rest[:1] == "," and re.search(r"[\[,]\s*$", before):
        return '逗号前面少一个值；空白写 ""'
    if re.match(r"[-+]?\.\d", rest) or re.match(r"\.(?!\d)", rest):
        return "小数写成 0.5，整数不带小数点"
    if rest[:1] in _OTHER_SIGNS:
        return _OTHER_SIGNS[rest[0]]
    if line[: -len(rest)].rstrip().endswith('"') and rest.startswith('"'):
        return '几个文本写成 ["甲", "乙"]'
    if re.match(r"(?i)(?:none|null|nil)\b", rest):
        return _LEFT_OUT
    if re.match(r"\s*0\d", value):
        return "数字前面不写 0；编号写成文本，加引号"
    if re.match(r"\s*\d[\d.]*\s*[^\s\d.,:\]}-]|\s*\d+,\d{3}\b(?!.*[\]}])", value) or (
        re.search(r"[\[,=]\s*\d[\d.]*$", before) and re.match(r"[%‰％\u4e00-\u9fff]", rest)
    ):
        return BARE_NUMBER
    if re.search(r"(?:^|[{,])\s*[^\x00-\x7f]+\s*=", bare):
        return '汉字的键要加引号，如 "类别" = …；键的名称都是英文，见方案格式说明'
    if re.match(r"(?i)\s*(?:是|否|对|真|假|true|false|yes|no)\b", rest):
        return "是、否写成 true、false（小写，不加引号）"
    if re.match(r"\s*[^\x00-\x7f]", value) or re.match(r"[^\x00-\x7f]", rest):
        return '文本要加引号，如 name = "得分"'
    return ""


def _general_reason(bare: str, rest: str, message: str, above: list[str]) -> str:
    if re.search(r",\s*}", bare) or bare.count("{") > bare.count("}"):
        return _BRACES
    part = re.match(r"\[\[\w+\.(\w+)\]\]", bare)
    if part and "Cannot" in message:
        return f"前面已写成 {part[1]} = […]；两种写法只用一种"
    header = _TABLE_HEADER.match(bare)
    if header and "Cannot" in message:
        if header[1] == "chart":
            return "图表只有一个，[chart] 前面已经写过"
        if header[1] not in SECTIONS.values():
            return f"{_HEADERS}；{header[1]} 前面已写了值"
        if bare.startswith(f"[{header[1]}]"):
            return f"每一项都写 [[{header[1]}]]，两层方括号"
        others = ((n, line) for n, line in enumerate(above, start=1) if re.match(rf"\[+{header[1]}[\].]", line))
        number, other = next(others, (0, ""))
        if number and not other.startswith(f"[[{header[1]}]]"):
            return (
                f"前面第 {number} 行是 {other.strip()}；每一项都写 [[{header[1]}]]，它的 [[{header[1]}.…]] 写在它后面"
            )
    if rest[:1] in ("]", "}") and "Cannot" not in message:
        return f"多了一个 {rest[0]}"
    return next((told for pattern, told in _REASONS if re.search(pattern, message)), f"从“{rest[:12]}”起的写法有误")


def full_width_sign(bare: str) -> str:
    """What is to be said of the first sign that should be half-width; nothing where all are. Texts in quotes are left out already."""
    return next((f"全角的 {char} 应为半角的 {_FULL_WIDTH[char]}" for char in bare if char in _FULL_WIDTH), "")
