"""Numbers that are drawn by chance."""

from __future__ import annotations

from typing import ClassVar

from addin.headless.broadcasting import guarded
from addin.headless.context import Context, Unsupported
from addin.headless.lambdas import Special
from addin.headless.tree import Apply, Node
from addin.headless.values import Lanes, RowByRow, Value
from addin.xlsx.model import CellError


class Chance:
    """Part of the evaluator."""

    def _operand(self, node: Node, context: Context) -> Value:
        raise NotImplementedError

    def _chance(self, node: Apply, context: Context) -> Value:
        from addin.headless.functions.counting import draw

        bounds = [self._operand(argument, context) for argument in node.arguments]
        if len(bounds) != (0 if node.function == "RAND" else 2):
            return CellError.VALUE
        if not all(isinstance(bound, float) for bound in bounds):
            raise Unsupported("RANDBETWEEN 的上下限应为数字")
        found = [guarded(draw, node.function, *bounds) for _ in context.rows]
        return found[0] if context.single else Lanes(found)

    def _random_array(self, node: Apply, context: Context) -> Value:
        from addin.headless.functions.counting import drawn

        if not context.single:
            raise RowByRow
        given = [self._operand(argument, context) for argument in node.arguments]
        found: Value = guarded(drawn, *given) if len(given) <= 5 else CellError.VALUE
        return found

    of_chance: ClassVar[Special] = {
        **dict.fromkeys(("RAND", "RANDBETWEEN"), _chance),
        "RANDARRAY": _random_array,
    }
