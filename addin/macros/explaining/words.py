"""A cell's formula in words and numbers, as it applies to this cell: only the branches of IF that were taken are told."""

from __future__ import annotations

from dataclasses import dataclass, field

from addin.headless.tree import Apply, Blank, Cells, Constant, Invoke, Matrix, Named, Node
from addin.macros.explaining.formulas import SEVERAL, Formulas, Place, Several
from addin.macros.explaining.labels import Labels, number, own_row, said, with_value
from addin.macros.explaining.phrases import CALLED, PHRASES
from addin.xlsx.model import Area, Cell, CellError
from udfs import FUNCTIONS
from udfs.registry import Function, Style
from udfs.vocabulary import ABSENT, GOOD
from workbook_templates.scheme.checks import parameter_state
from workbook_templates.scheme.model import CHECK, state

DIGITS = "小数位"
MOST_DIGITS = 10
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷", "^": "^", "&": "&", "=": "=", "<>": "≠", ">": ">", "<": "<", ">=": "≥",
          "<=": "≤"}  # fmt: skip
_STRENGTH = {"=": 1, "<>": 1, ">": 1, "<": 1, ">=": 1, "<=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_COMPARING = {"=", "<>", ">", "<", ">=", "<="}


@dataclass
class Told:
    """A formula in words, the conditions that decided, the rounding, and everything that was read."""

    words: str = ""
    because: list[str] = field(default_factory=list)
    rounding: list[str] = field(default_factory=list)
    reads: list[Area] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    """Why a grade is not the one of the score, in a word."""


class Words:
    """Tells formulas; one for a workbook."""

    def __init__(self, formulas: Formulas, labels: Labels) -> None:
        self.formulas = formulas
        self.labels = labels

    def tell(self, place: Place) -> Told | None:
        """The formula of a cell; None where there is none that can be told."""
        tree = self.formulas.tree(place)
        if tree is None:
            return None
        teller = Teller(self.formulas, self.labels, place)
        teller.told.words = teller.last(tree)
        return teller.told


class Teller:
    """Tells one cell's formula."""

    def __init__(self, formulas: Formulas, labels: Labels, place: Place) -> None:
        self.formulas = formulas
        self.labels = labels
        self.place = place
        self.told = Told()
        self._last: Node | None = None

    def value(self, node: Node) -> Cell | Several:
        return self.formulas.value(node, self.place)

    def own(self, node: Node) -> Cell | Several:
        """What stands in this row of a whole column."""
        area = self._area(node)
        places = own_row(area, self.place) if area is not None else []
        return self.formulas.cell(places[0]) if len(places) == 1 else self.value(node)

    def last(self, node: Node) -> str:
        """The part of a formula whose result is the cell's own, so that its value needn't be told."""
        node = self._last = self._taken(node)
        if isinstance(node, Apply) and len(node.arguments) == 2 and node.function in _STRENGTH:
            return self._operation(node)
        return self.say(node)

    def _taken(self, node: Node) -> Node:
        """What is left of IF and IFERROR: the branch that was taken. Why it was is told."""
        match node:
            case Apply("IF", (condition, *branches)) if branches and (truth := self._truth(condition)) is not None:
                if not self._is_guard(condition) and not _only_filled(condition, truth):
                    self.told.because.append(self._condition(condition, truth))
                taken = branches[0] if truth else branches[1] if len(branches) > 1 else Constant(False)
                return self._taken(taken)
            case Apply("IFERROR" | "IFNA", (first, second)):
                failed = isinstance(self.value(first), CellError)
                if failed:
                    self.told.because.append("前面的算式得出错误值")
                return self._taken(second if failed else first)
        return node

    def say(self, node: Node) -> str:
        """A part of a formula, with its value."""
        node = self._taken(node)
        match node:
            case Constant(value):
                return said(value)
            case Blank():
                return ""
            case Matrix(rows):
                return "、".join(said(cell) for row in rows for cell in row)
            case Cells(reference):
                area = self.formulas.area(reference, self.place)
                return "#REF!" if area is None else self._cells(area)
            case Named(name):
                return self._named(name)
            case Apply("&", _) if not isinstance(joined := self.value(node), Several):
                self._operation(node)
                return said(joined)
            case Apply(name, arguments) if len(arguments) == 2 and name in _STRENGTH:
                return f"({self._operation(node)}{self._result(node)})"
            case Apply():
                return self._call(node)
            case Invoke():
                return "LAMBDA 的结果"
            case _:
                return "其他工作簿或多个工作表的单元格"

    def _cells(self, area: Area) -> str:
        self.told.reads.append(area)
        if area.rows == area.columns == 1:
            place = Place(area.sheet, area.top, area.left)
            return self.labels.told(place, self.place)
        return self.labels.block(area, self.place)

    def _named(self, name: str) -> str:
        meant = self.formulas.name(name, self.place.sheet)
        if isinstance(meant, Cells) and (area := self.formulas.area(meant.reference, self.place)) is not None:
            self.told.reads.append(area)
            if area.rows == area.columns == 1:
                return with_value(name, self.labels.value(Place(area.sheet, area.top, area.left)))
            return f"{name}({self.labels.extent(area)})"
        return with_value(name, said(self.value(Named(name))))

    def _result(self, node: Node) -> str:
        value = self.value(node)
        return "" if isinstance(value, Several) else f" = {said(value)}"

    def _operation(self, node: Apply) -> str:
        """``a + b × c``; brackets where the formula needs them, with what they come to."""
        strength = _STRENGTH[node.function]
        sides = []
        for position, side in enumerate(node.arguments):
            if isinstance(side, Apply) and len(side.arguments) == 2 and side.function in _STRENGTH:
                inner = _STRENGTH[side.function]
                loose = inner > strength or (inner == strength and position == 0)
                sides.append(self._operation(side) if loose else self.say(side))
            else:
                sides.append(self.say(side))
        return f"{sides[0]} {_SIGNS[node.function]} {sides[1]}"

    # Conditions

    def _truth(self, condition: Node) -> bool | None:
        value = self.value(condition)
        if isinstance(value, Several | CellError | str):
            return None
        return bool(value)

    def _is_guard(self, condition: Node) -> bool:
        """Whether a condition only asks if the row was checked: a clerk need not read that it was."""
        match condition:
            case Apply("=" | "<>", (Cells(reference), Constant(value))) if value in (GOOD, ABSENT, ""):
                area = self.formulas.area(reference, self.place)
                heading = self.labels.heading(Place(area.sheet, area.top, area.left)) if area else None
                return (heading or "").split("_")[0] == CHECK
            case Apply("=" | "<>", (Named(name), Constant(value))) if value == GOOD:
                return name.startswith(state("")) or name == parameter_state()
        return False

    def _condition(self, node: Node, truth: bool) -> str:
        """A condition and whether it holds, with the values that decide."""
        match node:
            case Apply("=" | "<>" as sign, (left, Constant(value))) if isinstance(value, str):
                if value == "":
                    return self.say(left)
                same = truth == (sign == "=")
                return self.say(left) if same else f"{self.say(left)},不是“{value}”"
            case Apply("*" | "AND", parts) if truth and len(parts) >= 2:
                return ",且".join(self._condition(part, True) for part in parts)
            case Apply("*" | "AND", parts) if len(parts) >= 2:
                return ",且".join(self._condition(part, False) for part in parts if not self._truth(part))
            case Apply(">", (Apply("+", parts), Constant(0.0))) | Apply("OR", parts) | Apply("+", parts) if (
                len(parts) > 1
            ):
                return ",且".join(self._condition(p, truth) for p in parts if not truth or self._truth(p))
            case Apply("NOT", (inner,)):
                return self._condition(inner, not truth)
            case Apply(name, arguments) if name in _COMPARING and len(arguments) == 2:
                return self._operation(node) + ("" if truth else " 不成立")
        return f"{self.say(node)} {'成立' if truth else '不成立'}"

    # Functions

    def _call(self, node: Apply) -> str:
        if phrase := PHRASES.get(node.function):
            return phrase(self, node)
        if node.function in ("U-", "U+") and len(node.arguments) == 1:
            return ("−" if node.function == "U-" else "") + self.say(node.arguments[0])
        if node.function == "%" and len(node.arguments) == 1:
            return self.say(node.arguments[0]) + "%"
        if function := FUNCTIONS.get(node.function):
            self.tell_rounding(node)
            return f"{function.label}({self.arguments(function, node)}){self.known(node)}"
        name = node.function
        told = ";".join(self.say(argument) for argument in node.arguments if argument != Blank())
        return f"{CALLED.get(name, name)}({told}){self.known(node)}"

    def known(self, node: Apply) -> str:
        """The result of a function inside of a formula (that of the whole formula is told by the cell)."""
        value = None if self.is_last(node) else self.value(node)
        return "" if value is None or isinstance(value, Several) else f"得 {said(value)}"

    def is_last(self, node: Node) -> bool:
        """Whether a part's result is the cell's own, but for rounding."""
        return self._last == node

    def arguments(self, function: Function, node: Apply) -> str:
        """``名称:值;…``; who is asked about, and left-out or blank optional arguments, go without saying."""
        told = []
        for position, (parameter, argument) in enumerate(zip(function.parameters, node.arguments, strict=False)):
            if argument == Blank() or (function.style is Style.PEOPLE and position < 2):
                continue
            if parameter.options and isinstance(chosen := self.value(argument), float):
                choice = next((name for name, option in parameter.options.items() if option == chosen), said(chosen))
                told.append(f"{parameter.name}:{choice}")
                continue
            text = self.say(argument)
            if parameter.name != DIGITS:
                told.append(f"{parameter.name}:{text}")
        return ";".join(told)

    def tell_rounding(self, node: Apply) -> None:
        """The number before it was rounded, if the function rounds and this number changed."""
        function = FUNCTIONS[node.function]
        at = next((i for i, p in enumerate(function.parameters) if p.name == DIGITS), None)
        if at is None or function.style is not Style.ROWS:
            return
        arguments = list(node.arguments) + [Blank()] * (at + 1 - len(node.arguments))
        digits = self.value(arguments[at]) if arguments[at] != Blank() else function.parameters[at].default
        arguments[at] = Constant(float(MOST_DIGITS))
        self.told_rounding(self.value(Apply(node.function, tuple(arguments))), self.value(node), digits)

    def told_rounding(self, before: Cell | Several, after: Cell | Several, digits: Cell | Several) -> None:
        if isinstance(before, float) and isinstance(after, float) and number(before) != number(after):
            told = f"四舍五入保留 {said(digits)} 位小数:{number(before)} → {number(after)}"
            if told not in self.told.rounding:
                self.told.rounding.append(told)

    def row(self, node: Node) -> list[tuple[str, Place | None, Cell | Several]]:
        """The cells of a row argument: what each is called, where it stands, and its value."""
        if (area := self._area(node)) is not None:
            self.told.reads.append(area)
            places = [
                Place(area.sheet, row, col)
                for row in range(area.top, area.bottom + 1)
                for col in range(area.left, area.right + 1)
            ]
            return [(self.labels.cell(p, self.place), p, self.formulas.cell(p)) for p in places]
        if isinstance(node, Matrix):
            return [("", None, cell) for row in node.rows for cell in row]
        return [(self.say(node), None, SEVERAL)]

    def items(self, node: Node) -> list[str]:
        return [
            label if isinstance(value, Several) else with_value(label, said(value))
            for label, _, value in self.row(node)
            if value not in (None, "")
        ]

    def wrapped(self, node: Apply, told: str) -> str:
        return told if self.is_last(node) else f"({told}{self._result(node)})"

    def column_of(self, node: Node) -> tuple[str, Area | None]:
        """A list's name, and its cells; the list itself is not counted among what was read."""
        if isinstance(node, Cells):
            area = self.formulas.area(node.reference, self.place)
            return (self.labels.column(area) if area else "#REF!"), area
        if isinstance(node, Named):
            return f"“{node.name}”", self._area(node)
        return self.say(node), None

    def _area(self, node: Node) -> Area | None:
        """The cells that a reference or a name means."""
        meant = self.formulas.name(node.name, self.place.sheet) if isinstance(node, Named) else node
        return self.formulas.area(meant.reference, self.place) if isinstance(meant, Cells) else None

    def found(self, key: Node, keys: Node, values: Node) -> list[Place]:
        """The cells of ``values`` beside the keys that equal ``key``."""
        wanted = said(self.value(key))
        _, where = self.column_of(keys)
        _, target = self.column_of(values)
        if where is None or target is None or (where.rows > 1 and where.rows != target.rows):
            return []
        return [
            Place(target.sheet, target.top + offset, target.left)
            for offset in range(where.rows)
            if said(self.formulas.cell(Place(where.sheet, where.top + offset, where.left))) == wanted
        ]


def _only_filled(condition: Node, truth: bool) -> bool:
    """Whether a condition only says that a cell isn't blank, which its value says as well."""
    return (
        isinstance(condition, Apply) and condition.function == "=" and not truth and Constant("") in condition.arguments
    )
