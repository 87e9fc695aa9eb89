"""Functions of references: the places and sizes of cells, what they are, and the cells that are referred to."""

from __future__ import annotations

import os
import re
from typing import ClassVar

from addin.headless.areas import Meaning
from addin.headless.broadcasting import marks
from addin.headless.context import Context, Unsupported
from addin.headless.lambdas import Special
from addin.headless.operators import bounded
from addin.headless.tree import Apply, Cells
from addin.headless.values import (
    MOST_CELLS,
    Block,
    LaneRows,
    Lanes,
    RowByRow,
    TooLarge,
    Value,
    is_beside,
    is_union,
    united,
)
from addin.xlsx.model import Area, Cell, CellError, column_name
from workbook_templates.formula.references import Reference
from workbook_templates.formula.signatures import Takes

_CELL_KINDS = frozenset(
    {
        "address",
        "col",
        "color",
        "contents",
        "filename",
        "format",
        "parentheses",
        "prefix",
        "protect",
        "row",
        "type",
        "width",
    }
)
_OPTIONAL = re.compile(r"_xlop\.([^\W\d][\w.]*)", re.IGNORECASE)
_PREFIX = re.compile(r"_xlfn\.(?:_xlws\.)?|_xlws\.|_xlpm\.|_xleta\.|_xll\.", re.IGNORECASE)

SEVERAL = "{} 的参数是合并的几块区域（或几张工作表），不知道 Excel 怎样计算；请改成一块区域"
_OF_UNIONS = frozenset(
    {
        "AGGREGATE", "AND", "AVEDEV", "AVERAGE", "AVERAGEA", "COUNT", "COUNTA", "DEVSQ", "FREQUENCY", "GEOMEAN",
        "HARMEAN", "IRR", "KURT", "LARGE", "MAX", "MAXA", "MEDIAN", "MIN", "MINA", "MODE", "MODE.SNGL", "NPV", "OR",
        "PERCENTILE", "PERCENTILE.EXC", "PERCENTILE.INC", "PERCENTRANK", "PERCENTRANK.EXC", "PERCENTRANK.INC",
        "PRODUCT", "QUARTILE", "QUARTILE.EXC", "QUARTILE.INC", "RANK", "RANK.AVG", "RANK.EQ", "SKEW", "SKEW.P",
        "SMALL", "STDEV", "STDEV.P", "STDEV.S", "STDEVA", "STDEVP", "STDEVPA", "SUBTOTAL", "SUM", "SUMSQ",
        "TRIMMEAN", "VAR", "VAR.P", "VAR.S", "VARA", "VARP", "VARPA", "XOR",
    }
)  # fmt: skip
"""The functions that are known to take several areas as one."""
OF_SHEETS = frozenset({"CONCAT", "HSTACK", "TEXTJOIN", "VSTACK"})
"""Those that take the same area of several sheets besides."""


class Referring(Meaning):
    """Part of the evaluator."""

    def _referred(self, node: Apply, context: Context) -> Value:
        """The cells of a computed reference."""
        if not context.single:
            raise RowByRow
        finder = {"OFFSET": self._offset_references, "INDIRECT": self._indirect_references}.get(node.function)
        several = finder(node, context) if finder is not None else None
        if several is not None:
            return several
        areas = self.areas(node, context)
        if isinstance(areas, CellError):
            return areas
        if areas is None:
            raise Unsupported("区域运算符两边应为单元格引用")
        blocks = list(map(self.read, areas))
        return blocks[0] if len(blocks) == 1 else united(blocks, [cell for block in blocks for cell in block.flat()])

    def _union(self, node: Apply, context: Context) -> Value:
        """``(A1:A3,C1)``: all cells one after the other."""
        cells: list[Cell] = []
        blocks: list[Block] = []
        for argument in node.arguments:
            value = self.as_block(argument, context.in_array())
            if isinstance(value, Lanes | LaneRows):
                raise RowByRow
            if isinstance(value, CellError):
                return value
            if not isinstance(value, Block):
                raise Unsupported("合并运算符（逗号）两边应为单元格引用")
            cells += value.flat()
            blocks.append(value)
        return united(blocks, cells)

    def _evaluated(self, node: Apply, context: Context) -> Value:
        """EVALUATE, of the old macro sheets: what a text says as a formula."""
        if not context.single or self._resolve is None:
            raise RowByRow
        text = self._operand(node.arguments[0], context) if len(node.arguments) == 1 else CellError.VALUE
        if not isinstance(text, str):
            return text
        tree = self._resolve(text.strip().removeprefix("="), context.sheet, context.rows[0], context.col)
        if tree is None:
            return CellError.VALUE
        before, self.lazy = self.lazy, True
        try:
            return self.value(tree, context)
        finally:
            self.lazy = before

    def _position(self, node: Apply, context: Context) -> Value:
        rows = node.function == "ROW"
        if not node.arguments:
            if not rows:
                return float(context.col + 1)
            found: list[Cell] = [float(row + 1) for row in context.rows]
            return found[0] if context.single else Lanes(found)
        areas = self.areas(node.arguments[0], context)
        if areas is None or isinstance(areas, CellError):
            return CellError.VALUE if areas is None else areas
        _refuse_several(node.function, areas, context)
        several = areas[0].rows > 1 if rows else areas[0].columns > 1
        if context.array and several:
            if len(areas) > 1:
                raise RowByRow
            return _counted(areas[0], rows)
        numbers: list[Cell] = [float((area.top if rows else area.left) + 1) for area in areas]
        return numbers[0] if len(numbers) == 1 else Lanes(numbers)

    def _size(self, node: Apply, context: Context) -> Value:
        if len(node.arguments) != 1:
            return CellError.VALUE
        rows = node.function == "ROWS"
        areas = self.areas(node.arguments[0], context)
        if isinstance(areas, CellError):
            return areas
        if areas is None:
            value = self.value(node.arguments[0], context.in_array())
            if isinstance(value, Block):
                return float(value.size[0] if rows else value.size[1])
            if isinstance(value, Lanes | LaneRows):
                raise RowByRow
            return value if isinstance(value, CellError) else 1.0
        if context.single and len(areas) > 1:
            return CellError.REF
        numbers: list[Cell] = [float(area.rows if rows else area.columns) for area in areas]
        return numbers[0] if len(numbers) == 1 else Lanes(numbers)

    def _isref(self, node: Apply, context: Context) -> Value:
        if len(node.arguments) != 1:
            return CellError.VALUE
        areas = self.areas(node.arguments[0], context)
        return areas is not None and not isinstance(areas, CellError)

    def _formula_at(self, node: Apply, context: Context) -> tuple[str | None, bool] | CellError:
        """The formula of the first cell that is referred to, and whether it was entered as an array formula."""
        if not context.single:
            raise RowByRow
        areas = self.areas(node.arguments[0], context) if len(node.arguments) == 1 else None
        if not areas or isinstance(areas, CellError):
            return areas if isinstance(areas, CellError) else CellError.VALUE
        sheet = self._store.workbook.sheets[areas[0].sheet]
        place = areas[0].top, areas[0].left
        return sheet.formulas.get(place), place in sheet.arrays and place not in sheet.dynamic

    def _isformula(self, node: Apply, context: Context) -> Value:
        match node.arguments:
            case (Cells(reference),) if (
                reference.valid and reference.own_row and reference.is_cell and not context.array
            ) and not is_beside(reference.within, context):
                return self._are_formulas(reference, context)
        areas = self.areas(node.arguments[0], context) if len(node.arguments) == 1 else None
        if areas is None or isinstance(areas, CellError):
            return CellError.VALUE if areas is None else areas
        _refuse_several(node.function, areas, context)
        if context.array and len(areas) == 1:
            if areas[0].rows * areas[0].columns > MOST_CELLS:
                raise TooLarge
            return marks(self._store.are_formulas(areas[0]))
        found = [self._store.are_formulas(Area(a.sheet, a.top, a.left, a.top, a.left))[0][0] for a in areas]
        return found[0] if len(found) == 1 else Lanes(found)

    def _are_formulas(self, reference: Reference, context: Context) -> Value:
        """Of a cell in the own row; one value where it is so in all rows, as in nearly every workbook."""
        first, last = (reference.at(row, context.col) for row in (context.rows[0], context.rows[-1]))
        if first.top > last.top:
            raise RowByRow  # Beyond the end of the sheet.
        found = self._store.are_formulas(Area(first.sheet, first.top, first.left, last.top, first.left))[0]
        if all(found):
            return True
        return found[0] if context.single else Lanes([found[row - context.rows[0]] for row in context.rows])

    def _formulatext(self, node: Apply, context: Context) -> Value:
        found = self._formula_at(node, context)
        if isinstance(found, CellError):
            return found
        text, entered = found
        if text is None:
            return CellError.NA
        shown = "=" + _PREFIX.sub("", _OPTIONAL.sub(r"[\1]", text))
        return f"{{{shown}}}" if entered else shown

    def _phonetic(self, node: Apply, context: Context) -> Value:
        """Without phonetic guides: the texts that were typed, row by row; what formulas give doesn't count, nor do numbers."""
        if not context.single:
            raise RowByRow
        areas = self.areas(node.arguments[0], context) if len(node.arguments) == 1 else None
        if not areas or isinstance(areas, CellError):
            return areas if isinstance(areas, CellError) else CellError.VALUE
        if self._store.workbook.has_guides:
            raise Unsupported("工作簿中的文本带有拼音，函数 PHONETIC 不受支持")
        block = self.read(areas[0])
        if block.height * block.width > MOST_CELLS:
            raise TooLarge
        top, left = areas[0].top, areas[0].left
        held = Area(areas[0].sheet, top, left, top + block.height - 1, left + block.width - 1)
        computed = zip(*self._store.are_formulas(held), strict=True)
        pairs = (pair for row in zip(block.rows, computed, strict=True) for pair in zip(*row, strict=True))
        return bounded("".join(cell for cell, is_computed in pairs if isinstance(cell, str) and not is_computed))

    def _sheet(self, node: Apply, context: Context) -> Value:
        """A sheet's place in the workbook: that of the formula itself, of a reference, or of a name given as text."""
        if not node.arguments:
            return self._store.sheet_number(context.sheet)
        if not context.single:
            raise RowByRow
        areas = self.areas(node.arguments[0], context)
        if isinstance(areas, CellError):
            return areas
        named = areas[0].sheet if areas else self._operand(node.arguments[0], context)
        if isinstance(named, CellError):
            return named
        return self._store.sheet_number(named) if isinstance(named, str) else CellError.NA

    def _sheets(self, node: Apply, context: Context) -> Value:
        return float(len(self._store.workbook.sheets)) if not node.arguments else 1.0

    def _count_areas(self, node: Apply, context: Context) -> Value:
        areas = self.areas(node.arguments[0], context) if len(node.arguments) == 1 else None
        if areas is None or isinstance(areas, CellError):
            return CellError.VALUE if areas is None else areas
        return float(len(areas)) if context.single else 1.0

    def _cell_info(self, node: Apply, context: Context) -> Value:
        if not context.single:
            raise RowByRow
        kind = self._operand(node.arguments[0], context) if node.arguments else None
        if isinstance(kind, CellError):
            return kind
        if not isinstance(kind, str) or kind.lower() not in _CELL_KINDS:
            return CellError.VALUE
        if len(node.arguments) != 2:
            raise Unsupported("函数 CELL 只有写明单元格时才能计算")
        areas = self.areas(node.arguments[1], context)
        if isinstance(areas, CellError):
            return areas
        if not areas:
            return CellError.VALUE
        area = areas[0]
        match kind.lower():
            case "row":
                return float(area.top + 1)
            case "col":
                return float(area.left + 1)
            case "address" if area.sheet == context.sheet:
                return f"${column_name(area.left)}${area.top + 1}"
            case "filename":
                folder, name = os.path.split(os.path.abspath(self._store.workbook.path))
                return f"{os.path.join(folder, f'[{name}]')}{area.sheet}"
            case "contents":
                return self.read(Area(area.sheet, area.top, area.left, area.top, area.left)).first
            case "type":
                cell = self.read(Area(area.sheet, area.top, area.left, area.top, area.left)).first
                return "b" if cell is None else "l" if isinstance(cell, str) else "v"
        raise Unsupported(f"函数 CELL 的 {kind} 不受支持")

    def _single(self, node: Apply, context: Context) -> Value:
        return self.reduced(self.value(node.arguments[0], context), context.plain())

    of_references: ClassVar[Special] = {
        "ROW": _position,
        "COLUMN": _position,
        "ROWS": _size,
        "COLUMNS": _size,
        "ISREF": _isref,
        "ISFORMULA": _isformula,
        "FORMULATEXT": _formulatext,
        "PHONETIC": _phonetic,
        "SHEET": _sheet,
        "SHEETS": _sheets,
        "AREAS": _count_areas,
        "CELL": _cell_info,
        "EVALUATE": _evaluated,
        "OFFSET": _referred,
        "INDIRECT": _referred,
        ":": _referred,
        " ": _referred,
        ",": _union,
        "SINGLE": _single,
        "ANCHORARRAY": _referred,
    }


def _counted(area: Area, rows: bool) -> Block:
    if (area.rows if rows else area.columns) > MOST_CELLS:
        raise TooLarge
    if rows:
        return Block([[*map(float, range(area.top + 1, area.bottom + 2))]])
    return Block([[float(col + 1)] for col in range(area.left, area.right + 1)])


def reads_unions(name: str, takes: Takes) -> bool:
    """Whether a function takes several areas as one; raises Unsupported where it is not known what Excel makes of them."""
    if takes.by_value or name in _OF_UNIONS:
        return not takes.by_value
    if takes is not Takes.CELLS:
        raise Unsupported(SEVERAL.format(name))
    return False


def refuse_union(name: str, *arguments: Value) -> None:
    if any(map(is_union, arguments)):
        raise Unsupported(SEVERAL.format(name))


def _refuse_several(name: str, areas: list[Area], context: Context) -> None:
    if context.single and len(areas) > 1:
        raise Unsupported(SEVERAL.format(name))
