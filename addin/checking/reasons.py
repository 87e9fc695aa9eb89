"""Why a formula gives an error value: the part in which it arises, the argument, the cell, and the rule."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from addin.checking.overwritten import overwritten
from addin.checking.spellings import ALIKE, NO_PERSON
from addin.headless.inspection import CellFormulas, Place, Several, places
from addin.headless.tree import Apply, Blank, Cells, Constant, Matrix, Named, Node
from addin.shared.texts import shown
from addin.xlsx.book import Book
from addin.xlsx.model import BLANK, Area, Cell, CellError, area_name, is_number
from udfs import FUNCTIONS
from udfs.calling import SCORES
from udfs.registry import Function, Kind, Parameter, Style
from udfs.spelling import as_seen, is_line_of_figures
from udfs.values import UdfError, number

WEIGHTS, SHARES = "权重", "比例"
LOOKING = {"VLOOKUP", "HLOOKUP", "MATCH", "LOOKUP", "XLOOKUP", "XMATCH"}
OPERATORS = {"+", "-", "*", "/", "^", "U-", "U+", "%"}
GROUPS = "组别"
FREE = {"结果", "等次", "等级", "名单", GROUPS}
"""Arguments that hold words as well as numbers."""

DESCENDING = "从高到低"
"""In a parameter's description: its numbers must stand in this order."""
NOT_THERE, CORRECT = " 中没有 ", "，请改正，或在那里补上"
MOST_TOLD = 3
_WHOLE = (Decimal(1), Decimal(100))
Told = list[tuple[str, Cell]]
"""Cells, each with its place as it is told."""
Given = list[tuple[Parameter, Node, Told]]


class Reasons:
    """Explains the error values of a computed workbook."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._formulas = CellFormulas(book)

    def reason(self, sheet: str, row: int, col: int) -> str:
        """In words; an empty text where nothing is known."""
        place = Place(sheet, row, col)
        tree = self._formulas.tree(place)
        if tree is None:
            return ""
        if found := overwritten(self._book, self._formulas, tree, place):
            return "；".join(found[:MOST_TOLD]) + (f"；共 {len(found)} 格" if len(found) > MOST_TOLD else "")
        return self._why(self._failing(self._spelt_out(tree, place), place), place)

    def _spelt_out(self, node: Node, place: Place) -> Node:
        """The same with the cells in the place of names that mean several."""
        if isinstance(node, Apply):
            return Apply(node.function, tuple(self._spelt_out(argument, place) for argument in node.arguments))
        meant = self._formulas.name(node.name, place.sheet) if isinstance(node, Named) else None
        area = self._formulas.area(meant.reference, place) if isinstance(meant, Cells) else None
        return meant if meant is not None and area and area.rows * area.columns > 1 else node

    def _failing(self, node: Node, place: Place) -> Node:
        """The innermost part that gives an error value."""
        if isinstance(node, Apply):
            for argument in self._computed(node, place):
                if self._is_error(argument, place):
                    return self._failing(argument, place)
        return node

    def _is_error(self, node: Node, place: Place) -> bool:
        if isinstance(node, Cells) and self._formulas.area(node.reference, place) is not None:
            return any(isinstance(value, CellError) for _, value in self._cells(node, place))
        return isinstance(self._formulas.value(node, place), CellError)

    def _computed(self, node: Apply, place: Place) -> tuple[Node, ...]:
        """The arguments on which the result depends: of IF the condition and the branch that is taken."""
        if node.function != "IF" or len(node.arguments) < 2:
            return node.arguments
        condition = self._formulas.value(node.arguments[0], place)
        if isinstance(condition, CellError):
            return node.arguments[:1]
        return node.arguments[1:2] if condition else node.arguments[2:3]

    def _why(self, node: Node, place: Place) -> str:
        if isinstance(node, Cells):
            area = self._formulas.area(node.reference, place)
            return "引用的单元格已被删除" if area is None else f"{_address(area)} 是错误值"
        if isinstance(node, Named):
            return f"不认识的名称 {node.name}"
        if not isinstance(node, Apply):
            return ""
        if (function := FUNCTIONS.get(node.function)) is not None:
            found = list(dict.fromkeys(self._of_function(function, node, place)))
            if not found and self._formulas.value(node, place) is CellError.NA and function.name == "KAOHE_LOOKUP":
                return self._not_found(node, place)
            told = "；".join(found[:MOST_TOLD]) or f"参数不合要求。{function.remarks or function.description}"
            return f"{node.function}：{told}"
        if node.function in OPERATORS:
            return "；".join(self._of_operator(node, place))
        if node.function in LOOKING and node.arguments:
            return self._not_found(node, place)
        return ""

    def _not_found(self, node: Apply, place: Place) -> str:
        """Of the functions that look something up in their second argument."""
        where = self._address_of(node.arguments[1], place) if len(node.arguments) > 1 else ""
        return f"{where or '要查的表'}{NOT_THERE}{self._told(node.arguments[0], place)}{CORRECT}"

    def _of_operator(self, node: Apply, place: Place) -> Iterator[str]:
        for side, argument in enumerate(node.arguments):
            value = self._formulas.value(argument, place)
            if isinstance(argument, Constant) and isinstance(value, str):
                yield value  # An error that a scheme has given words.
            elif isinstance(value, str):
                yield f"{self._told(argument, place)} 是文本，不能计算"
            elif node.function == "/" and side == 1 and value in (0, None):
                yield f"除数 {self._told(argument, place)} 是 0 或空白"

    def _of_function(self, function: Function, node: Apply, place: Place) -> Iterator[str]:
        given = [
            (parameter, argument, self._cells(argument, place))
            for parameter, argument in zip(function.parameters, node.arguments, strict=False)
            if argument != Blank()
        ]
        for parameter, argument, cells in given:
            yield from self._of_parameter(parameter, argument, cells, place)
        if function.style is Style.PEOPLE and len(given) >= 2:
            yield from _of_people(given)
        else:
            yield from _of_lengths(function, given)

    def _of_parameter(self, parameter: Parameter, argument: Node, cells: Told, place: Place) -> Iterator[str]:
        area = self._formulas.area(argument.reference, place) if isinstance(argument, Cells) else None
        # Whole columns may begin with their heading.
        is_heading = area is not None and area.top == 0 and area.rows > 1 and isinstance(cells[0][1], str)
        for where, value in cells[is_heading:]:
            if isinstance(value, CellError):
                yield f"参数“{parameter.name}”中的 {where} 是错误值 {value.value}"
            elif parameter.kind in (Kind.NUMBER, Kind.WHOLE) and _is_no_number(parameter, value):
                yield f"参数“{parameter.name}”中的 {where} 是“{shown(value)}”，应为数字"
            elif parameter.kind is Kind.OPTION and not _is_option(parameter, value):
                yield f"参数“{parameter.name}”是“{shown(value)}”，应为 {'、'.join(parameter.options or ())}"
        if DESCENDING in parameter.description:
            bounds = [value for _, value in cells if isinstance(value, int | float)]
            if bounds != sorted(set(bounds), reverse=True):
                yield f"参数“{parameter.name}” {self._address_of(argument, place)} 应{DESCENDING}，没有重复"
        if parameter.name == WEIGHTS:
            total = sum((number(v) for _, v in cells if isinstance(v, int | float)), Decimal(0))
            if cells and total not in _WHOLE:
                yield f"{WEIGHTS} {self._address_of(argument, place)} 合计为 {total.normalize():f}，应为 1 或 100"

        is_list = isinstance(argument, Matrix) or (area is not None and min(area.rows, area.columns) == 1)
        if parameter.name == SHARES and is_list:
            yield from _of_shares(self._address_of(argument, place), cells)

    def _address_of(self, node: Node, place: Place) -> str:
        area = self._formulas.area(node.reference, place) if isinstance(node, Cells) else None
        return _address(area) if area is not None else ""

    def _told(self, node: Node, place: Place) -> str:
        value = self._formulas.value(node, place)
        return f"{self._address_of(node, place)}“{'' if isinstance(value, Several) else shown(value)}”"

    def _cells(self, node: Node, place: Place) -> Told:
        """The cells of an argument, each with its name."""
        if isinstance(node, Cells) and (area := self._formulas.area(node.reference, place)) is not None:
            return [(_address(each.area), self._formulas.cell(each)) for each in places(area)]
        if isinstance(node, Matrix):
            return [("值", cell) for row in node.rows for cell in row]
        value = self._formulas.value(node, place)
        return [] if isinstance(value, Several) else [("值", value)]


def _of_shares(address: str, cells: Told) -> Iterator[str]:
    """Shares of grades that come to more than the whole."""
    shares = [number(value) for _, value in cells if isinstance(value, int | float)]
    whole = _WHOLE[any(share > 1 for share in shares)]
    if (total := sum(shares, Decimal(0))) > whole:
        yield f"{SHARES} {address} 合计为 {total.normalize():f}，不能超过 {whole}".replace("  ", " ")


def _of_people(given: Given) -> Iterator[str]:
    """Names that occur twice, columns of another length, somebody who isn't there."""
    (_, _, wanted), (listed, _, people), *columns = given
    names = [value for _, value in people if value not in BLANK]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            where = "、".join(place for place, value in people if value == name)
            yield f"参数“{listed.name}”中“{shown(name)}”有 {names.count(name)} 个（{where}），应各不相同"
    for parameter, _, cells in columns:
        if parameter.name == SCORES:
            for (place, name), (_, score) in zip(people, cells, strict=False):
                if is_line_of_figures(name) and is_number(score):
                    yield f"参数“{listed.name}”中的 {place}“{name}”{NO_PERSON}"
        if parameter.name == GROUPS:
            pairs = zip(cells, people, strict=False)
            blank = [place for (place, group), (_, name) in pairs if group in BLANK and name not in BLANK]
            if blank:
                yield f"参数“{GROUPS}”中的 {'、'.join(blank[:MOST_TOLD])} 是空白"
            yield from _of_groups(cells)
        if parameter.by_entry and len(cells) % max(1, len(people)):
            yield f"参数“{parameter.name}”有 {len(cells)} 格，“{listed.name}”有 {len(people)} 格，应一样长"
    if len(wanted) == 1 and wanted[0][1] not in BLANK and wanted[0][1] not in names:
        yield f"参数“{listed.name}”中没有“{shown(wanted[0][1])}”"


def _of_groups(cells: Told) -> Iterator[str]:
    """Groups that only look the same."""
    first: dict[str, tuple[str, Cell]] = {}
    told: set[Cell] = set()
    for where, group in cells:
        if group in BLANK or isinstance(group, bool | CellError):
            continue
        there, usual = first.setdefault(as_seen(group), (where, group))
        if group != usual and group not in told:
            told.add(group)
            yield f"参数“{GROUPS}”中的 {there}“{shown(usual)}”与 {where}“{shown(group)}”{ALIKE}"


def _of_lengths(function: Function, given: Given) -> Iterator[str]:
    """Lists that belong together and are of different lengths."""
    first = next(((p, cells) for p, _, cells in given if function.parameters[0] is p), None)
    for parameter, _, cells in given[1:]:
        if first and parameter.name == WEIGHTS and len(first[1]) != len(cells):
            yield f"参数“{parameter.name}”有 {len(cells)} 格，“{first[0].name}”有 {len(first[1])} 格，应一样多"


def _is_no_number(parameter: Parameter, value: Cell) -> bool:
    return isinstance(value, str | bool) and value != "" and parameter.name not in FREE


def _is_option(parameter: Parameter, value: Cell) -> bool:
    options = parameter.options or {}
    try:
        return value in options or value in BLANK or number(value) in map(Decimal, options.values())
    except UdfError:
        return False


def _address(area: Area) -> str:
    return f"{area.sheet}!{area_name(area)}"
