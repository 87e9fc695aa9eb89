"""What a scheme's formula refers to: columns of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbook_templates.formula.tree import Operand


@dataclass(frozen=True)
class Reference(Operand):
    """Cells of a table: of the own row (``own_row``), or whole columns; ``table`` is None for the own table."""

    table: str | None
    first: str
    last: str
    own_row: bool

    @property
    def single(self) -> bool:
        return self.first == self.last

    def among(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Those that it spans of a table's columns, which are given in their order."""
        return tuple(columns[columns.index(self.first) : columns.index(self.last) + 1])

    @property
    def text(self) -> str:
        """As a scheme writes it."""
        if self.single:
            columns = f"@{self.first}" if self.own_row else self.first
        else:
            columns = f"{'@' * self.own_row}[{self.first}]:[{self.last}]"
        return f"{self.table or ''}[{columns}]"
