"""What parts of formulas come to whatever the values are: whether cells hold formulas is known from the formulas alone.

Workbooks of schemes ask it of every cell that they read, and the answer is yes in nearly all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from addin.headless.schedule import Group
from addin.headless.skeleton import Skeleton
from addin.headless.tree import Apply, Cells, Constant, Named, Node
from addin.xlsx.model import Area
from workbook_templates.formula.references import Reference
from workbook_templates.formula.tokens import LAST_ROW

ASKING = "ISFORMULA"
_TRUE, _FALSE, _ZERO = Constant(True), Constant(False), Constant(0.0)


class Foreseen:
    """``name``: what a defined name means on a sheet."""

    def __init__(self, skeleton: Skeleton, groups: Iterable[Group], name: Callable[[str, str], Node | None]) -> None:
        self._name = name
        self._formulas: dict[tuple[str, int], list[tuple[int, int]]] = {}
        self._singles: dict[tuple[str, int, int], Group] = {}
        self._known: dict[int, Node] = {}
        self._asking: list[str] = []
        """What a formula says, in small letters, that asks."""
        groups = list(groups)
        if not any(ASKING in group.text for group in groups):
            return
        for group in groups:
            for col in group.columns:
                self._formulas.setdefault((group.sheet, col), []).extend(group.segments)
            if group.array is None and len(group.rows) == 1:
                self._singles[group.sheet, group.rows[0], group.col] = group
        self._asking.append(ASKING.lower())
        for key in skeleton.names:
            told = self._told(key, "")
            if told is not None and ASKING in told.text:
                self._asking.append(key)

    def tree(self, group: Group) -> Node:
        """The group's tree, without what is known."""
        text = group.text.lower() if self._asking else ""
        if not any(asking in text for asking in self._asking):
            return group.tree
        if id(group) not in self._known:
            self._known[id(group)] = group.tree
            self._known[id(group)] = self._simple(group.tree, group)
        return self._known[id(group)]

    def _simple(self, node: Node, group: Group) -> Node:
        if isinstance(node, Named):
            told = self._told(node.name, node.sheet or group.sheet)
            known = self.tree(told) if told is not None else None
            return known if isinstance(known, Constant) else node
        if not isinstance(node, Apply):
            return node
        match node:
            case Apply("ISFORMULA", (Cells(reference),)):
                one = reference.is_cell and group.array is None
                return _TRUE if one and self._are_formulas(reference, group) else node
            case Apply("ISFORMULA", (Named(name, sheet),)):
                return _TRUE if self._told(name, sheet or group.sheet) is not None else node
            case Apply("SUMPRODUCT", (Apply("-", (Constant(1.0), Apply("ISFORMULA", (Cells(reference),)))),)):
                return _ZERO if not reference.moves and self._are_formulas(reference, group) else node
            case Apply("SUMPRODUCT", (Apply("+", (asked, Apply("*", (empty, blank)))),)):
                known = self._counted(asked, empty, blank, group)
                return node if known is None else Apply("SUMPRODUCT", (known,))
            case Apply("IF", (condition, yes, no)):
                asked = self._simple(condition, group)
                if asked in (_TRUE, _FALSE) and isinstance(branch := yes if asked == _TRUE else no, Apply | Constant):
                    return self._simple(branch, group)
        arguments = [self._simple(argument, group) for argument in node.arguments]
        match node.function, arguments:
            case "*", [Constant(True), Constant(True)]:
                return _TRUE
            case "=" | "<>", [Constant(left), Constant(right)] if type(left) is type(right) and left == right:
                return _TRUE if node.function == "=" else _FALSE
        same = all(new is old for new, old in zip(arguments, node.arguments, strict=True))
        return node if same else Apply(node.function, tuple(arguments))

    def _counted(self, asked: Node, empty: Node, blank: Node, group: Group) -> Node | None:
        """What ``ISFORMULA(A1:A9)+ISFORMULA(C1:C9)+(A1:A9="")*(ISBLANK(A1:A9)+ISBLANK(C1:C9))`` is where all are formulas."""
        cells = _asked("ISFORMULA", asked)
        match empty:
            case Apply("=", (Cells(reference), Constant(""))) if cells and cells == _asked("ISBLANK", blank):
                sizes = {(each.bottom - each.top, each.right - each.left) for each in (reference, *cells)}
            case _:
                return None
        if len(sizes) > 1 or not all(each.fixed and self._are_formulas(each, group) for each in cells):
            return None
        # No formula is blank; an error value among the cells that may be empty is left.
        return Apply("+", (Constant(float(len(cells))), Apply("*", (empty, _ZERO))))

    def _told(self, name: str, sheet: str) -> Group | None:
        """The formula of the one cell that a name means."""
        meant = self._name(name, sheet)
        if not isinstance(meant, Cells) or not meant.reference.fixed or not meant.reference.is_cell:
            return None
        return self._singles.get((meant.reference.sheet, meant.reference.top, meant.reference.left))

    def _are_formulas(self, reference: Reference, group: Group) -> bool:
        """Whether all these cells hold formulas, of whichever row of the group."""
        top, bottom = reference.within or (0, LAST_ROW)
        if not reference.valid or group.rows[0] < top or group.rows[-1] > bottom:
            return False
        first, last = (reference.at(row, group.col) for row in (group.rows[0], group.rows[-1]))
        if first.top > last.top:
            return False  # Beyond the end of the sheet.
        area = Area(first.sheet, first.top, first.left, last.bottom, first.right)
        return all(self._count(area, col) == area.rows for col in range(area.left, area.right + 1))

    def _count(self, area: Area, col: int) -> int:
        spans = self._formulas.get((area.sheet, col), ())
        return sum(max(0, min(last, area.bottom) - max(first, area.top) + 1) for first, last in spans)


def _asked(function: str, node: Node) -> list[Reference]:
    """The cells of a sum of calls of a function; none if it is something else."""
    cells: list[Reference] = []
    rest: Node | None = node
    while rest is not None:
        rest, last = rest.arguments if isinstance(rest, Apply) and rest.function == "+" else (None, rest)
        match last:
            case Apply(name, (Cells(reference),)) if name == function:
                cells.append(reference)
            case _:
                return []
    return cells
