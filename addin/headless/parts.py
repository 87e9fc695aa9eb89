"""Parts of array expressions that come again, for other cells or in the columns beside, are computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from addin.headless.context import Context
from addin.headless.tree import Apply, Cells, Named, Node
from addin.headless.values import MOST_CELLS, Block, Value

_CHANGING = frozenset({"RAND", "RANDBETWEEN", "LET", "NOW", "OFFSET", "INDIRECT", "SINGLE"})
_OF_OWN_CELL = frozenset({"ROW", "COLUMN"})
"""Of the formula's own cell, if they aren't given another."""


class Parts:
    """The values of parts that are the same for all cells, as long as somebody may ask for them again."""

    def __init__(self, names: Callable[[str, str], Node | None], is_function: Callable[[str], bool]) -> None:
        self._names = names
        self._is_function = is_function
        self._kept: dict[str, Value] | None = None
        self._of_columns: dict[str, Value] = {}
        self._cells = 0
        self._keys: dict[tuple[int, str], tuple[Node, str | None]] = {}

    @contextmanager
    def of_rows(self) -> Iterator[None]:
        """Meanwhile one expression is computed for many cells."""
        outer, self._kept = self._kept, {}
        try:
            yield
        finally:
            self._kept = outer

    @contextmanager
    def of_columns(self, come_again: bool) -> Iterator[None]:
        """Meanwhile a column is computed as one array; ``come_again``: others have parts in common with it."""
        outer, self._kept = self._kept, self._of_columns if come_again else None
        try:
            yield
        finally:
            self._kept = outer

    def value(self, node: Apply, context: Context, compute: Callable[[Apply, Context], Value]) -> Value | None:
        """None for a part that has to be computed for itself."""
        if self._kept is None or not context.array or not context.single or context.variables:
            return None
        key = self._key(node, context.sheet)
        if key is None:
            return None
        if key not in self._kept:
            self._keep(key, compute(node, context))
        return self._kept[key]

    def _keep(self, key: str, value: Value) -> None:
        assert self._kept is not None
        self._cells += value.height * value.width if isinstance(value, Block) else 1
        if self._cells > MOST_CELLS:
            self._kept.clear()
            self._cells = 0
        self._kept[key] = value

    def _key(self, node: Node, sheet: str) -> str | None:
        """What tells a part from others; None for one that isn't the same for all cells."""
        known = self._keys.get((id(node), sheet))
        if known is None:
            # The node is kept: while it lives, no other has its identity. What it reads as tells 1 from TRUE.
            known = self._keys[id(node), sheet] = node, f"{sheet}!{node}" if self._is_fixed(node, sheet) else None
        return known[1]

    def _is_fixed(self, node: Node, sheet: str) -> bool:
        match node:
            case Cells(reference):
                return not reference.moves
            case Named(name, own):
                tree = self._names(name, own or sheet)
                return tree is not None and self._is_fixed(tree, own or sheet)
            case Apply(function, arguments):
                known = function not in _CHANGING and (arguments or function not in _OF_OWN_CELL)
                return (
                    bool(known)
                    and self._is_function(function)
                    and all(self._is_fixed(argument, sheet) for argument in arguments)
                )
        return True
