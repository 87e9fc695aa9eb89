"""Products that the sheets of schemes ask for in every row and that mostly come to nothing: told without making their factors."""

from __future__ import annotations

from addin.headless.tree import Apply, Cells, Constant, Node
from addin.headless.values import NOTHING_BEYOND, Block, Value
from addin.xlsx.model import Cell, CellError
from udfs.columns import blank_rows


def asked_for_blank_rows(node: Apply) -> list[Cells] | None:
    """The columns of ``(A1:A9="")*(B1:B9="")*(C1:C9="")``."""
    columns: list[Cells] = []
    rest: Node | None = node
    while rest is not None:
        rest, last = rest.arguments if isinstance(rest, Apply) and rest.function == "*" else (None, rest)
        match last:
            case Apply("=", (Cells() as column, Constant(""))):
                columns.append(column)
            case _:
                return None
    return columns


def of_blank_rows(columns: list[Value]) -> Block | None:
    """1 in the rows that are blank in all columns, else 0; None where that isn't what the product is, or can't be told so."""
    height = columns[0].height if type(columns[0]) is Block else 0
    cells: list[list[Cell]] = []
    for column in columns:
        if type(column) is not Block or (column.size, column.beyond) != ((height, 1), NOTHING_BEYOND) or height == 1:
            return None
        cells += column.columns
        if CellError in set(map(type, cells[-1])):
            return None
    found: list[Cell] = [0.0] * height
    for place in blank_rows(cells, range(height)):
        found[place] = 1.0
    return Block([found])
