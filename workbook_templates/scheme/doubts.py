"""Comparisons with a text that the compared value never is: a misspelt grade counts 0 without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from udfs import FUNCTIONS
from udfs.distribution import DEFAULT_LOWER
from udfs.registry import Kind, Shape
from udfs.vocabulary import ABSENT, GOOD, NO, YES
from workbook_templates.formula.columns import Reference
from workbook_templates.formula.language import parse
from workbook_templates.formula.tree import Apply, Blank, Constant, Named, Node, walk
from workbook_templates.scheme.columns import TEXT_TYPES, Limits
from workbook_templates.scheme.missed import LOOKED_FOR
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import CHECK

Texts = frozenset[str] | None
"""The texts that a value may be, as far as they are known."""

_PATTERN = re.compile(r"[<>=*?~]")
"""What COUNTIF reads as more than a text."""

_NUMBER = re.compile(r"[-\d.]+")
_NUMBERS = (Kind.NUMBER, Kind.WHOLE)
TEXTS_TOO = ("结果", "参与")
"""Parameters of functions that take texts as well as numbers."""


class Doubts:
    """Looks at the formulas of one scheme."""

    def __init__(self, scheme: Scheme) -> None:
        self.tables = {table.name: table for table in scheme.tables}
        self.lists = {listing.name: listing for listing in scheme.lists}
        self.parameters = {parameter.name: parameter for parameter in scheme.parameters}
        self.items = {value for listing in scheme.lists for row in listing.rows for value in row.values()}

    def of(self, formula: str, own: Table | None) -> Iterator[str]:
        """What is to be said of a formula, of the table in which it stands."""
        for node in walk(parse(formula).tree):
            if isinstance(node, Apply) and node.function in FUNCTIONS:
                yield from self._given(node, own)
            if isinstance(node, Reference) and not node.single:
                yield from self._woven(node, own)
            match node:
                case Apply("=" | "<>", (Reference() | Named() as compared, Constant(str() as text))):
                    yield from self._never(text, compared, own)
                case Apply(name, arguments) if name in LOOKED_FOR:
                    yield from self._looked_for(name, arguments, own)
                case Apply("KAOHE_LIMIT", (_, _, _, Reference() as compared, Constant(str() as text), *_)):
                    yield from self._never(text, compared, own)
                case Apply("+" | "-" | "*" | "/", given):
                    yield from self._computed_with(given, own)
                case Apply("=" | "<>", (Reference() | Named() as compared, Constant(bool() as given))):
                    yield from self._never(str(given).upper(), compared, own)
                case Apply("IF", (Reference() | Named() as asked, *_)) if any(self._texts(asked, own) or ()):
                    name = asked.name if isinstance(asked, Named) else asked.text
                    yield f'公式把 {name} 当作条件，它却是文本；写 {name}="{YES}"'
                case Apply("IF", (_, _)):
                    yield "公式中有 IF 没有写不成立时的值，会显示 FALSE"
                case Apply("SUMPRODUCT", (condition, *_)):
                    yield from self._blank_rows(condition, own)

    def _woven(self, reference: Reference, own: Table | None) -> Iterator[str]:
        """Columns from the first to the last of one item of the file, between which those of others stand."""
        table = self.tables.get(reference.table) if reference.table else own
        between = reference.among(table.column_names) if table else ()
        for names in table.woven if table else ():
            others = [name for name in between if name not in names]
            if reference.first in names and reference.last in names and others:
                yield (
                    f"公式读 {reference.text}，其中还有 {others[0]} 等 {len(others)} 列"
                    f"（each 相同的相邻几列轮流排列）；只要 {reference.first} 这样的几列，给它写 block，公式写它的合称"
                )

    def _given(self, call: Apply, own: Table | None) -> Iterator[str]:
        """Texts where a function wants numbers, and keys that stand in a list twice."""
        for parameter, given in zip(FUNCTIONS[call.function].parameters, call.arguments, strict=False):
            wants_numbers = parameter.kind in _NUMBERS and parameter.shape is not Shape.BLOCK
            if not wants_numbers or parameter.name in TEXTS_TOO or not isinstance(given, Reference):
                continue
            if self._is_text(given, own):
                told = "它却是文本" if given.single else "其中却有文本"
                yield f"公式把 {given.text} 作为 {call.function} 的{parameter.name}，{told}"
        match call:
            case Apply("KAOHE_LOOKUP", (_, Reference(table, column), *_)) if table in self.lists:
                keys = [row.get(column) for row in self.lists[table].rows]
                for twice in dict.fromkeys(key for key in keys if key not in (None, "") and keys.count(key) > 1):
                    yield f"公式在 {table}[{column}] 中查找，那里有几行都是 {twice}：查到它的得 #VALUE!"

    def _table(self, reference: Reference, own: Table | None) -> Table | None:
        """The table that a reference is to; None for a list."""
        return self.tables.get(reference.table) if reference.table else own

    def _is_text(self, reference: Reference, own: Table | None) -> bool:
        """Whether one of the columns never has a number."""
        if self._is_entered_as_text(reference, own):
            return True
        table = self._table(reference, own)
        if table is None:
            return False
        between = reference.among(table.column_names)
        known = [self._of_column(table, made.name) for made in table.computed if made.name in between]
        return any(texts is not None and any(texts) and not any(map(_NUMBER.fullmatch, texts)) for texts in known)

    def _is_entered_as_text(self, reference: Reference, own: Table | None) -> bool:
        """Whether texts are filled in, in one of the columns."""
        owner = self._table(reference, own) or self.lists.get(reference.table or "")
        if owner is None:
            return False
        between = reference.among(owner.column_names)
        given = owner.inputs if isinstance(owner, Table) else owner.columns
        return any(limits.name in between and limits.type in TEXT_TYPES for limits in given)

    def _looked_for(self, function: str, given: tuple[Node, ...], own: Table | None) -> Iterator[str]:
        """Rows counted or summed by a text that none of them has; an item of a list is spelt right, and may have none."""
        for places in LOOKED_FOR[function]:
            match [given[place] for place in places if place < len(given)]:
                case [Constant(str() as text), Reference() as compared]:
                    if text in self.items and any(self._texts(compared, own) or ()):
                        continue
                    ordinary = function not in FUNCTIONS and function != "MATCH"
                    if not (ordinary and (_PATTERN.search(text) or _NUMBER.fullmatch(text))):
                        yield from self._never(text, compared, own)

    def _never(self, text: str, compared: Reference | Named, own: Table | None) -> Iterator[str]:
        known = self._texts(compared, own)
        if text and known is not None and text not in known:
            name = compared.name if isinstance(compared, Named) else compared.text
            texts = "、".join(sorted(filter(None, known)))
            yield f"公式把 {name} 与“{text}”比较，它却{f'只会是 {texts}' if texts else '不是文本'}"

    def _computed_with(self, given: tuple[Node, ...], own: Table | None) -> Iterator[str]:
        for cell in given:
            if isinstance(cell, Reference) and self._is_entered_as_text(cell, own):
                yield f"公式用 {cell.text} 加减乘除，它却是文本"

    def _blank_rows(self, condition: Node, own: Table | None) -> Iterator[str]:
        """Columns whose empty texts, of blank rows and of people who take no part, are more than any number; not more than some other."""
        larger, smaller = dict[Reference, None](), set[Node]()
        for node in walk(condition):
            match node:
                case Apply(">" | ">=", (above, below)) | Apply("<" | "<=", (below, above)):
                    smaller.add(below)
                    if isinstance(above, Reference) and not above.own_row:
                        larger[above] = None
        for column in (column for column in larger if column not in smaller):
            table = self._table(column, own)
            if table and any(computed.name == column.first for computed in table.computed):
                yield (
                    f"公式的 SUMPRODUCT 把 {column.text} 与数比大小：空行和不参加的人是空文本，比任何数都大，也数了进去；"
                    "用 COUNTIF、COUNTIFS、KAOHE_RANK"
                )

    def _texts(self, node: Node, own: Table | None) -> Texts:
        match node:
            case Constant(str() as text):
                return frozenset([text])
            case Named(name) if name in self.parameters:
                return _of_limits(self.parameters[name])
            case Reference(single=True):
                return self._of_column(self._table(node, own), node.first)
            case Apply("&", (left, Constant(""))):
                return self._texts(left, own)
            case Apply("IF", (_, *branches)) | Apply("IFERROR", branches) if len(branches) == 2:
                some, other = (self._texts(branch, own) for branch in branches)
                return None if some is None or other is None else some | other
            case Apply("KAOHE_GRADE", (_, _, Reference(table, column), *others)) if (
                table in self.lists and len(others) < 2
            ):
                return self._listed(table, column)
            case Apply("KAOHE_LIMIT", (_, _, _, Reference() as current, _, _, *others)):
                some = self._texts(current, own)
                lower = others[0] if others and not isinstance(others[0], Blank) else Constant(DEFAULT_LOWER)
                other = self._texts(lower, own)
                return None if some is None or other is None else some | other
            case Apply("KAOHE_DISTRIBUTE", (_, _, _, Reference(str(table), column), _, *others)) if table in self.lists:
                fixed = self._texts(others[0], own) if others and not isinstance(others[0], Blank) else frozenset[str]()
                return None if fixed is None else self._listed(table, column) | fixed
        return None

    def _listed(self, table: str, column: str) -> frozenset[str]:
        return frozenset(str(row.get(column, "")) for row in self.lists[table].rows)

    def _of_column(self, table: Table | None, name: str) -> Texts:
        if name == CHECK:
            return frozenset([GOOD, ABSENT])
        for given in table.inputs if table else ():
            if given.name == name:
                return _of_limits(given)
        for computed in table.computed if table else ():
            if computed.name == name:
                texts = self._texts(parse(computed.formula).tree, table)
                return None if texts is None else texts | {str(computed.absent)}
        return None


def _of_limits(limits: Limits) -> Texts:
    if limits.type not in TEXT_TYPES:
        return frozenset([""])
    return frozenset([YES, NO]) if limits.type == "flag" else frozenset(limits.choices) or None
