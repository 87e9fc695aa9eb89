"""Where in a scheme file the record stands that a message names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

SECTIONS = {
    "参数": "parameters",
    "列表": "lists",
    "参数规则": "parameter_rules",
    "表": "tables",
    "汇总": "results",
    "核对": "balances",
}
_SAID = re.compile(rf" ({'|'.join(SECTIONS)}|列) ")
_NAME = re.compile(r"""\bname\s*=\s*(["'])(.*?)\1""")
_WITHIN = re.compile(r" (orders|pools|identity|unique|refers|absent_when)(?: |$)")
"""Keys of a table that hold more than one value, as places name them."""

_NAMELESS = re.compile(r" 之后的一列$| 的第一列$")
_BRACES = re.compile(r"\{[^{}]*\}")
_HEADER = re.compile(r"\[{1,2}(\w+)|(\w+) *= *\[")


def lines_of(text: str) -> list[str]:
    """The lines of a file as TOML and editors count them."""
    return re.split("\r\n?|\n", text)


def line_of(text: str, message: str) -> int | None:
    """The line at which the record stands that a message names (``方案 x 表 人员 列 得分：…``), if it can be told."""
    found, section = 0, ""
    place, _, told = message.replace(":", "：").partition("：")
    for said in _SAID.finditer(place):
        section = SECTIONS.get(said[1], section)
        rest = said.string[said.end() :] + " "
        matches: list[int] = []
        repeated: list[tuple[int, int]] = []
        for number, part, line in _lines(text):
            if number > found > 0 and line.startswith(f"[[{section}]]"):
                break
            if number <= found or part != section:
                continue
            names = [name[2] for name in _NAME.finditer(line)]
            if any(rest.startswith(f"{name} ") for name in names):
                matches.append(number)
            repeated += [(-len(name), number) for name in names if re.match(f"{_repeated(name)} ", rest)]
        if rest.startswith("? "):
            return next(_nameless(text, section), None)
        # Of names with braces the longest says most. The second one is too many; else the first is the record itself.
        matches = matches or [number for _, number in sorted(repeated)[:1]]
        if matches:
            found = matches[-1 if "重复" in told and said.end() == _last(place) else 0]
    lines = lines_of(text)
    key = re.search(r"^不认识的键 (\w+)", told) or _WITHIN.search(place)
    if found and not key and _NAMELESS.search(place):
        return _next_record(lines, found)
    return _at_key(lines, found, key[1]) if key else _row(lines, found, place) if found else _top(lines, place, told)


def _last(place: str) -> int:
    """Where the name of the last record begins that a place names."""
    return max((said.end() for said in _SAID.finditer(place)), default=0)


def _next_record(lines: list[str], found: int) -> int:
    """The line where a column begins that stands behind one, or first in its table; the same one where it stands in that."""
    for number, line in enumerate(lines[found:], start=found + 1):
        if re.match(r"\s*\{|\[\[\w+\.columns\]\]|columns\s*=\s*\[\s*\{", line):
            return number
        if line.startswith("[[") or re.match(r"\s*\]", line):
            break
    return found


def _at_key(lines: list[str], found: int, key: str) -> int:
    """The first line from the record on in which a key stands."""
    written = re.compile(rf"(?:^|[\s{{,.\[]){re.escape(key)}(?:\s*=|\]\])")
    below = range(max(found, 1), len(lines) + 1)
    return next((number for number in below if written.search(lines[number - 1])), found)


def _row(lines: list[str], found: int, place: str) -> int:
    """The line of a row of a list (or of ``default``) that a place names, below the line of the list."""
    row = re.search(r" (default )?第 (\d+) 行", place)
    if not row:
        return found
    below = list(enumerate(lines, start=1))[found:]
    key = re.compile(rf"\s*{'default' if row[1] else 'rows'}\s*=\s*\[\s*(\S?)")
    start, opened = next(((number, match[1]) for number, line in below if (match := key.match(line))), (found, "["))
    rows = [number for number, line in below if number > start and re.match(r"\s*[\[{]", line)]
    place_of = int(row[2]) - 1
    return rows[place_of] if opened not in ("[", "{") and place_of < len(rows) else start


def _top(lines: list[str], place: str, told: str) -> int | None:
    """The line of the chart, or of a key at the top of the file."""
    word = re.match(r"\w*", "chart" if place.endswith(" 图表") else told)
    at_top = re.compile(rf"\[*{word[0]}(?:\]|\s*=)") if word and word[0] else None
    return next((n for n, line in enumerate(lines, start=1) if at_top and at_top.match(line)), None)


def _nameless(text: str, section: str) -> Iterator[int]:
    """The headers of a part's records that have no name."""
    headers = [(number, line) for number, _, line in _lines(text) if line.startswith("[")]
    lines = lines_of(text)
    for (number, line), (after, _) in pairwise([*headers, (len(lines) + 1, "")]):
        if line.startswith(f"[[{section}]]") and not any(
            re.match(r"\s*name\s*=", x) for x in lines[number : after - 1]
        ):
            yield number


def _repeated(name: str) -> str:
    """A pattern for what a name with braces may become."""
    return "(.+)".join(map(re.escape, _BRACES.split(name)))


def said_of_all(line: str, message: str) -> str:
    """What a message says that stands at a line, whichever of the items that the line is repeated for it names."""
    place, _, told = message.partition("：")
    said = place[_last(place) :] + " "
    names = (name[2] for name in _NAME.finditer(line) if _BRACES.search(name[2]))
    item = next((match[1] for name in names if (match := re.match(f"{_repeated(name)} ", said))), "")
    return re.sub("；可用的：[^；]*", "", told).replace(item, "{}") if item else told


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """The lines by number, each with the part of the file that it belongs to."""
    section = ""
    for number, line in enumerate(lines_of(text), start=1):
        header = _HEADER.match(line)
        if header and (header[1] or header[2] in SECTIONS.values()):
            section = header[1] or header[2]
        yield number, section, line
