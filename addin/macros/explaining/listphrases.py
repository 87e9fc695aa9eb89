"""How formulas that look into lists are put into words: what was found, counted, added up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from addin.headless.inspection import Place, Several
from addin.headless.tree import Apply, Blank, Cells, Constant, Named, Node
from addin.macros.explaining.labels import OWN, names_people, plain_heading, said, titled, with_value
from addin.xlsx.model import BLANK, Area
from udfs.vocabulary import NO, YES
from workbook_templates.scheme.names import PERSON_KEY

if TYPE_CHECKING:
    from addin.macros.explaining.words import Teller

MOST_TERMS = 12
_COMPARED = {"<=": "不大于 ", ">=": "不小于 ", "<>": "不是", "<": "小于 ", ">": "大于 "}
_CRITERION = re.compile("(<=|>=|<>|<|>)(.+)")


def spaced(text: str) -> str:
    """Words within a sentence: figures and Latin letters have a space between them and Chinese characters."""
    return f"{' ' * _is_latin(text[:1])}{text}{' ' * _is_latin(text[-1:])}"


def _is_latin(char: str) -> bool:
    return char.isascii() and char not in "()"


def arguments(node: Apply, count: int) -> list[Node]:
    """So many arguments, those that are left out being blank."""
    return [*node.arguments, *[Blank() for _ in range(count)]][:count]


def place_and_column(teller: Teller, node: Node) -> tuple[str, str]:
    """A list, and what a column of it is called: 岗位表, 岗位系数."""
    if isinstance(node, Apply) and node.function == "INDEX":
        teller.say(node)
        return place_and_column(teller, node.arguments[0])[0], ""
    area = teller.area(node)
    table = teller.labels.table_of(area) if area else None
    if isinstance(node, Named):
        name, _, column = node.name.partition("_")
        return titled(name), plain_heading(column)
    if area is None or table is None:
        return (teller.labels.column(area), "") if area else (teller.say(node), "")
    return titled(table.name), plain_heading(teller.labels.heading(Place(area.sheet, area.top, area.left)) or "")


def found(teller: Teller, pairs: Sequence[tuple[Node, Node]], values: Node) -> list[Place]:
    """The cells of ``values`` in whose rows every key stands in the column that belongs to it."""
    target = teller.area(values)
    if target is None:
        return []
    rows = set(range(target.rows))
    for key, keys in pairs:
        where, wanted = teller.area(keys), said(teller.value(key))
        if where is None or (where.rows > 1 and where.rows != target.rows):
            return []
        rows &= {
            at for at in rows if said(teller.formulas.cell(Place(where.sheet, where.top + at, where.left))) == wanted
        }
    return [Place(target.sheet, target.top + at, target.left) for at in sorted(rows)]


def _looked_up(teller: Teller, node: Apply) -> str:
    """``岗位表中岗位类别“医”的岗位系数 1.2``."""
    key, keys, values = node.arguments[:3]
    where, what = place_and_column(teller, values)
    cells = found(teller, [(key, keys)], values)[:1]
    _read(teller, cells)
    told = f"{where}中{spaced(teller.say(key))}的{what or '值'}"
    return with_result(teller, node, told, cells)


def _looked_up_right(teller: Teller, node: Apply) -> str:
    """VLOOKUP: the cell that was found is told where the key stands there exactly."""
    key, block, number = node.arguments[:3]
    area = teller.area(block)
    offset = teller.value(number)
    if area is None or not isinstance(offset, float) or not 1 <= offset <= area.columns:
        return f"查找({';'.join(teller.say(a) for a in node.arguments)}){teller.known(node)}"
    wanted, col = said(teller.value(key)), area.left + int(offset) - 1
    rows = range(area.top, area.bottom + 1)
    at = [row for row in rows if said(teller.formulas.cell(Place(area.sheet, row, area.left))) == wanted]
    teller.told.reads.append(Area(area.sheet, at[0], col, at[0], col) if at else area)
    return f"按{spaced(teller.say(key))}查{teller.labels.column(area)}第 {int(offset)} 列{teller.known(node)}"


def _summed(teller: Teller, node: Apply) -> str:
    """``记录表中本人“考勤”的计分(−1 − 0.5 = −1.5)``."""
    key, keys, values, only = arguments(node, 4)
    pairs = [(key, keys), *_pairs(node.arguments[4:])]
    where, what = place_and_column(teller, values)
    cells = [place for place in found(teller, pairs, values) if teller.formulas.cell(place) not in BLANK]
    _read(teller, cells)
    whose = _keys(teller, pairs)
    if not cells and teller.is_last(node):
        return f"{where}中没有{spaced(whose)}的{what}"
    told = f"{where}中{spaced(whose)}的{what}"
    if only != Blank():
        told += f",只计最大的 {teller.say(only)} 个"
    area = teller.area(values)
    private = teller.labels.private and area is not None and teller.labels.is_of_people(area) and OWN not in whose
    if len(cells) <= 1 and only == Blank():
        return with_result(teller, node, told, cells)
    if private or len(cells) > MOST_TERMS:
        return f"{told}({len(cells)} 条){teller.known(node)}"
    if only != Blank():
        return f"{told}({'、'.join(teller.labels.value(place) for place in cells)}){teller.known(node)}"
    terms = " + ".join(teller.labels.value(place) for place in cells)
    return f"{told}({terms})" if teller.is_last(node) else f"{told}({terms}{teller.result(node)})"


def _counted(teller: Teller, node: Apply) -> str:
    """``成绩表中本人的记录 2 条``; in a row of its own: ``“一季度”至“四季度”中“优秀”的个数``."""
    keys = node.arguments[1]
    area = teller.area(keys)
    result = "条数" if teller.is_last(node) else f" {said(teller.value(node))} 条"
    if area is not None and area.rows == 1:
        told = f"{teller.labels.headings(area)}中{spaced(teller.say(node.arguments[0]))}的个数"
        return with_result(teller, node, told)
    where, _ = place_and_column(teller, keys)
    whose = _keys(teller, list(_pairs(node.arguments)))
    return f"{where}中{spaced(whose)}的记录{result}"


def _pairs(nodes: Sequence[Node]) -> Iterator[tuple[Node, Node]]:
    return zip(nodes[::2], nodes[1::2], strict=False)


def _keys(teller: Teller, pairs: Sequence[tuple[Node, Node]]) -> str:
    """Which rows are meant: 本人, 本人“考勤”, 班级“一(1)班”; where it isn't clear, with the column in which it stands."""
    told = ""
    for key, keys in pairs:
        text, column = teller.say(key), place_and_column(teller, keys)[1]
        if isinstance(key, Constant) and isinstance(key.value, float):
            text = f"{column} {text}"
        elif (text == OWN and not _is_who(teller, keys, column)) or text in (f"“{YES}”", f"“{NO}”"):
            text = f"{column}为{text}"
        told += text if not told or text[:1] == "“" else f"、{text}"
    return told


def _is_who(teller: Teller, keys: Node, column: str) -> bool:
    """Whether a column plainly says whose a row is, or is not seen by anybody."""
    area = teller.area(keys)
    unseen = area is not None and teller.labels.is_hidden(area)
    return unseen or column == PERSON_KEY or names_people(column)


def with_result(teller: Teller, node: Apply, told: str, cells: Sequence[Place] = ()) -> str:
    """A noun and its number, as its cell shows it."""
    if teller.is_last(node):
        return told
    value = teller.labels.value(cells[0]) if len(cells) == 1 else said(teller.value(node))
    return with_value(told, value)


def _read(teller: Teller, places: Sequence[Place]) -> None:
    for place in places:
        teller.told.reads.append(place.area)


def _counted_if(teller: Teller, node: Apply) -> str:
    """``“1月”至“12月”中小于 60 的个数``."""
    told = "、".join(
        f"{_subject(teller, cells)}中{_criterion(teller, wanted)}" for cells, wanted in _pairs(node.arguments)
    )
    return with_result(teller, node, f"{told}的个数")


def _of_which(teller: Teller, node: Apply) -> str:
    """``记录表“计分”列中姓名为“张三”、次数大于 2 的合计``."""
    cells, wanted, *more = node.arguments
    if node.function in ("SUMIFS", "AVERAGEIFS"):
        values, pairs = cells, list(_pairs([wanted, *more]))
    else:
        values, pairs = more[0] if more else cells, [(cells, wanted)]
    told = "、".join(
        f"{'' if where == values else place_and_column(teller, where)[1] or _subject(teller, where)}{_criterion(teller, what)}"
        for where, what in pairs
    )
    kind = "合计" if node.function.startswith("SUM") else "平均"
    return with_result(teller, node, f"{_subject(teller, values)}中{told}的{kind}")


def _top_mean(teller: Teller, node: Apply) -> str:
    """``教学人员表中组别“高三组”最高的 3 个得分的平均``."""
    scores, count, _, group = arguments(node, 4)
    where, what = place_and_column(teller, scores)
    number = teller.value(count)
    for each in node.arguments:
        teller.say(each)
    whose = teller.say(group) if group != Blank() else ""
    most = f"最高的 {said(number)} 个{what}的平均"
    if isinstance(number, float) and number <= 1:
        most = f"最高的{what}" if number == 1 else f"最高的百分之 {said(number * 100)} 的{what}的平均"
    return with_result(teller, node, f"{where}中{whose}{most}")


def _taken_from(teller: Teller, node: Apply) -> str:
    """INDEX: what was taken out of a list: ``工资表中职级“三级”的二档 1200``."""
    for argument in node.arguments:
        teller.say(argument)
    value = teller.value(node)
    block, at = node.arguments[:2]
    where, what = place_and_column(teller, block)
    if isinstance(value, Several):
        return where
    area = teller.area(block)
    if isinstance(value, str) or area is None:
        return said(value)
    if (place := _taken(teller, node, area)) and area.columns > 1:
        what = plain_heading(teller.labels.heading(place) or "")
    if isinstance(at, Apply) and at.function == "MATCH":
        where += f"中{spaced(_keys(teller, [(at.arguments[0], at.arguments[1])]))}"
    return with_result(teller, node, f"{where}{'的' if what else ''}{what}")


def _position(teller: Teller, node: Apply) -> str:
    """MATCH: ``职级“三级”在工资表的职级中的位置 3``."""
    key, keys = node.arguments[:2]
    told, (where, what) = teller.say(key), place_and_column(teller, keys)
    teller.say(keys)
    return with_result(teller, node, f"{spaced(told)}在{where}{'的' if what else ''}{what}中的位置")


def _taken(teller: Teller, node: Apply, area: Area) -> Place | None:
    """The cell that INDEX takes, where it is one."""
    steps = [teller.value(argument) for argument in node.arguments[1:3]]
    down, right = steps if len(steps) == 2 else (1.0, *steps) if area.rows == 1 else (*steps, 1.0)
    if not isinstance(down, float) or not isinstance(right, float) or not (down >= 1 and right >= 1):
        return None
    return Place(area.sheet, area.top + int(down) - 1, area.left + int(right) - 1)


def _subject(teller: Teller, node: Node) -> str:
    teller.say(node)
    area = teller.area(node)
    if area is None:
        return teller.say(node)
    is_own = (area.rows, area.sheet, area.top) == (1, teller.place.sheet, teller.place.row)
    return teller.labels.headings(area) if is_own else teller.labels.column(area)


def _criterion(teller: Teller, node: Node) -> str:
    value = teller.value(node)
    if isinstance(value, str) and (match := _CRITERION.fullmatch(value)):
        return _COMPARED[match[1]] + match[2] + " "
    return f"为{spaced(said(value))}".rstrip()


def _sum(teller: Teller, node: Apply) -> str:
    """A short row is added up cell by cell."""
    areas = [teller.area(a) for a in node.arguments if isinstance(a, Cells)]
    short_ones = len(areas) == len(node.arguments) and all(a and a.rows * a.columns <= MOST_TERMS for a in areas)
    if not short_ones:
        return f"{'、'.join(teller.say(a) for a in node.arguments)}的合计{teller.known(node)}"
    terms = [item for argument in node.arguments for item in teller.items(argument)]
    return teller.wrapped(node, " + ".join(terms) or "（没有数）")


def _products(teller: Teller, node: Apply) -> str:
    """``德 90 × 0.2 + 能 85 × 0.2``, for a row of scores and one of weights."""
    areas = [teller.area(a) for a in node.arguments if isinstance(a, Cells)]
    sizes = {(area.rows, area.columns) for area in areas if area}
    if len(areas) != len(node.arguments) or len(sizes) != 1 or areas[0] is None or _size(areas[0]) > MOST_TERMS:
        return f"乘积之和({';'.join(teller.say(argument) for argument in node.arguments)}){teller.known(node)}"
    rows = [teller.row(argument) for argument in node.arguments]
    terms = [
        " × ".join([with_value(first[0], said(first[2])), *(said(value) for _, _, value in others)])
        for first, *others in zip(*rows, strict=True)
    ]
    return teller.wrapped(node, " + ".join(terms))


def _size(area: Area) -> int:
    return area.rows * area.columns


LIST_PHRASES: dict[str, Callable[[Teller, Apply], str]] = {
    "KAOHE_LOOKUP": _looked_up,
    "XLOOKUP": _looked_up,
    "VLOOKUP": _looked_up_right,
    "KAOHE_SUM": _summed,
    "KAOHE_COUNT": _counted,
    "INDEX": _taken_from,
    "MATCH": _position,
    "COUNTIF": _counted_if,
    "COUNTIFS": _counted_if,
    "SUMIF": _of_which,
    "SUMIFS": _of_which,
    "AVERAGEIF": _of_which,
    "AVERAGEIFS": _of_which,
    "KAOHE_TOPMEAN": _top_mean,
    "SUM": _sum,
    "SUMPRODUCT": _products,
}
