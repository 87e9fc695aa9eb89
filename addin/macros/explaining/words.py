"""A cell's formula in words and numbers, as it applies to this cell: only the branches of IF that were taken are told."""

from __future__ import annotations

from dataclasses import dataclass, field

from addin.headless.inspection import SEVERAL, CellFormulas, Place, Several, places
from addin.headless.tree import Apply, Blank, Cells, Constant, Invoke, Matrix, Named, Node
from addin.macros.explaining.amongphrases import AMONG_PHRASES
from addin.macros.explaining.conditions import condition_told, decides, truth_of
from addin.macros.explaining.labels import Labels, own_row, plain_name, said, with_value
from addin.macros.explaining.listphrases import LIST_PHRASES
from addin.macros.explaining.phrases import CALLED, PHRASES
from addin.xlsx.model import BLANK, Area, Cell, CellError
from udfs import FUNCTIONS
from udfs.registry import Function, Style
from udfs.values import number_text

DIGITS = "小数位"
MOST_DIGITS = 10
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷", "^": "^", "&": "&", "=": "=", "<>": "≠", ">": ">", "<": "<", ">=": "≥",
          "<=": "≤"}  # fmt: skip
_STRENGTH = {"=": 1, "<>": 1, ">": 1, "<": 1, ">=": 1, "<=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_JOINING = ("&", "CONCATENATE")
"""What puts texts together; array blocks join with the second."""
_PHRASES = PHRASES | LIST_PHRASES | AMONG_PHRASES
_ZERO, _ONE = Constant(0.0), Constant(1.0)


@dataclass
class Told:
    """A formula in words, the conditions that decided, the rounding, and everything that was read."""

    words: str = ""
    because: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """Those of the conditions that had to be tried first, and did not hold."""
    rounding: list[str] = field(default_factory=list)
    reads: list[Area] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    """Why a grade is not the one of the score, in a word."""
    sentence: str = ""
    """What the scheme says instead."""
    same: Place | None = None
    """The one cell that the result was taken from as it is."""


class Words:
    """Tells formulas; one for a workbook."""

    def __init__(self, formulas: CellFormulas, labels: Labels) -> None:
        self.formulas = formulas
        self.labels = labels

    def tell(self, place: Place) -> Told | None:
        """The formula of a cell; None where there is none that can be told."""
        tree = self.formulas.tree(place)
        if tree is None:
            return None
        teller = Teller(self.formulas, self.labels, place)
        told = teller.told
        told.words = teller.last(tree)
        told.because = [reason for reason in dict.fromkeys(told.because) if reason not in told.words]
        return told


class Teller:
    """Tells one cell's formula."""

    def __init__(self, formulas: CellFormulas, labels: Labels, place: Place) -> None:
        self.formulas = formulas
        self.labels = labels
        self.place = place
        self.told = Told()
        self._last: Node | None = None

    def value(self, node: Node) -> Cell | Several:
        return self.formulas.value(node, self.place)

    def own(self, node: Node) -> Cell | Several:
        """What stands in this row of a whole column."""
        area = self.area(node)
        found = own_row(area, self.place) if area is not None else []
        return self.formulas.cell(found[0]) if len(found) == 1 else self.value(node)

    def last(self, node: Node) -> str:
        """The part of a formula whose result is the cell's own, so that its value needn't be told."""
        node = self._last = self.taken(node)
        if isinstance(node, Apply) and node.function in _JOINING:
            return self._parts(node) or self.say(node)
        if isinstance(node, Apply) and len(node.arguments) == 2 and node.function in _STRENGTH:
            return self.operation(node)
        if (area := self.area(node)) is not None and area.rows == area.columns == 1:
            self.told.same = Place(area.sheet, area.top, area.left)
        value = self.formulas.cell(self.place)
        # The words that a scheme has given an error are told as its reason.
        return said(value) if isinstance(node, Constant) and isinstance(value, CellError) else self.say(node)

    def _parts(self, node: Node) -> str:
        """The cells of which a text was put together."""
        if isinstance(node, Apply) and node.function in _JOINING:
            return "、".join(part for side in node.arguments if (part := self._parts(self.taken(side))))
        told = "" if isinstance(node, Constant) else self.say(node)
        return told if isinstance(node, Cells | Named) else ""

    def taken(self, node: Node) -> Node:
        """What is left of IF and IFERROR: the branch that was taken. Why it was is told. Nothing that is added, and
        one that is multiplied by, are left out: templates add nothing to make numbers of blanks."""
        match node:
            case Apply("IF", (condition, *branches)) if branches and (truth := truth_of(self, condition)) is not None:
                if decides(self, condition, truth):
                    told = condition_told(self, condition, truth)
                    self.told.because.append(told)
                    if not truth:
                        self.told.failed.append(told)
                taken = branches[0] if truth else branches[1] if len(branches) > 1 else Constant(False)
                return self.taken(taken)
            case Apply("IFERROR" | "IFNA", (first, second)):
                failed = isinstance(self.value(first), CellError)
                if failed:
                    self.told.because.append("前面的算式得出错误值")
                return self.taken(second if failed else first)
            case Apply("N", (inner,)):
                return self.taken(inner) if isinstance(self.value(inner), float | None) else _ZERO
            case Apply("+" | "-" | "*" | "/" as sign, (first, second)):
                return self._simplified(sign, self.taken(first), self.taken(second))
        return node

    def _simplified(self, sign: str, left: Node, right: Node) -> Node:
        if sign == "-" and isinstance(right, Apply) and right.function == "U-":
            sign, right = "+", right.arguments[0]
        if sign in "+-" and self._is_nothing(right):
            return left
        if sign == "+" and self._is_nothing(left):
            return right
        if sign in "*/" and right == _ONE:
            return left
        return right if sign == "*" and left == _ONE else Apply(sign, (left, right))

    def _is_nothing(self, node: Node) -> bool:
        match node:
            case Apply("*", (factor, _)) if factor == _ZERO:
                return True
            case Cells() | Named() if self.value(node) in BLANK:
                self.say(node)
                return True
        return node == _ZERO

    def say(self, node: Node) -> str:
        """A part of a formula, with its value."""
        node = self.taken(node)
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
            case Apply(name, _) if name in _JOINING and not isinstance(joined := self.value(node), Several):
                self._parts(node)
                return said(joined)
            case Apply(name, arguments) if len(arguments) == 2 and name in _STRENGTH:
                return f"({self.operation(node)}{self.result(node)})"
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
                return with_value(plain_name(name), self.labels.value(Place(area.sheet, area.top, area.left)))
            return f"{plain_name(name)}({self.labels.extent(area)})"
        return with_value(plain_name(name), said(self.value(Named(name))))

    def result(self, node: Node) -> str:
        value = self.value(node)
        return "" if isinstance(value, Several) or self._is_of_many(node) else f" = {said(value)}"

    def _is_of_many(self, node: Node) -> bool:
        """Whether operators are given cells side by side, as within SUMPRODUCT: there is no single value to tell."""
        if isinstance(node, Apply):
            return node.function in _STRENGTH and any(map(self._is_of_many, node.arguments))
        area = self.area(node)
        return area is not None and (area.rows > 1 or area.columns > 1)

    def operation(self, node: Apply) -> str:
        """``a + b × c``; brackets where the formula needs them, with what they come to."""
        strength = _STRENGTH[node.function]
        sides = []
        for position, argument in enumerate(node.arguments):
            side = self.taken(argument)
            if isinstance(side, Apply) and len(side.arguments) == 2 and side.function in _STRENGTH:
                inner = _STRENGTH[side.function]
                loose = inner > strength or (inner == strength and position == 0)
                sides.append(self.operation(side) if loose else self.say(side))
            else:
                sides.append(self.say(side))
        return f"{sides[0]} {_SIGNS[node.function]} {sides[1]}"

    def _call(self, node: Apply) -> str:
        if phrase := _PHRASES.get(node.function):
            return phrase(self, node)
        if node.function in ("U-", "U+") and len(node.arguments) == 1:
            return ("−" if node.function == "U-" else "") + self.say(node.arguments[0])
        if node.function == "%" and len(node.arguments) == 1:
            return self.say(node.arguments[0]) + "%"
        if function := FUNCTIONS.get(node.function):
            self.tell_rounding(node)
            return f"{function.label}({self.arguments(function, node)}){self.known(node)}"
        name = node.function
        told = "；".join(self.say(argument) for argument in node.arguments if argument != Blank())
        return f"{CALLED.get(name, name)}({told}){self.known(node)}"

    def known(self, node: Apply) -> str:
        """The result of a function inside of a formula (that of the whole formula is told by the cell)."""
        value = None if self.is_last(node) else self.value(node)
        return "" if value is None or isinstance(value, Several) else f",得 {said(value)}"

    def is_last(self, node: Node) -> bool:
        """Whether a part's result is the cell's own, but for rounding."""
        return self._last == node

    def arguments(self, function: Function, node: Apply) -> str:
        """``名称：值;…``; who is asked about, and left-out or blank optional arguments, go without saying."""
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
        return "；".join(told)

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
        if isinstance(before, float) and isinstance(after, float) and number_text(before) != number_text(after):
            told = f"四舍五入保留 {said(digits)} 位小数：{number_text(before)} → {number_text(after)}"
            if told not in self.told.rounding:
                self.told.rounding.append(told)

    def told_of(self, node: Node) -> Told | None:
        """How the own cell of a column came about."""
        area = self.area(node)
        found = own_row(area, self.place) if area is not None else []
        if area is not None and not found and area.rows == area.columns == 1:
            found = places(area)
        return Words(self.formulas, self.labels).tell(found[0]) if len(found) == 1 else None

    def row(self, node: Node) -> list[tuple[str, Place | None, Cell | Several]]:
        """The cells of a row argument: what each is called, where it stands, and its value."""
        if (area := self.area(node)) is not None:
            self.told.reads.append(area)
            return [(self.labels.cell(p, self.place), p, self.formulas.cell(p)) for p in places(area)]
        if isinstance(node, Matrix):
            return [("", None, cell) for row in node.rows for cell in row]
        return [(self.say(node), None, SEVERAL)]

    def items(self, node: Node) -> list[str]:
        return [
            label
            if isinstance(value, Several)
            else with_value(label, self.labels.value(place) if place else said(value))
            for label, place, value in self.row(node)
            if value not in BLANK
        ]

    def wrapped(self, node: Apply, told: str) -> str:
        return told if self.is_last(node) or told == said(self.value(node)) else f"({told}{self.result(node)})"

    def area(self, node: Node) -> Area | None:
        """The cells that a reference or a name means."""
        meant = self.formulas.name(node.name, self.place.sheet) if isinstance(node, Named) else node
        return self.formulas.area(meant.reference, self.place) if isinstance(meant, Cells) else None
