"""How an elementwise formula is written as one array block for a whole column, so that every host computes it alike.

LibreOffice Calc differs from the others in two ways, which ordinary formula text makes up for:

- One error value in an array that a function is given makes the whole result that error. So the rows for which the function isn't
  asked (spare ones, those in which something is wrong, those that an IF around it turns elsewhere) are given as blanks:
  ``IF(校验="通过",KAOHE_ROUND(IF(校验="通过",…,"")),…)``.
- Texts from a function's array equal no other text before they are joined with something, if only with an empty one: ``…&""``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import udfs
from udfs import Function
from udfs.registry import Kind
from workbook_templates.formula.language import Call, Formula, Name, Parts, Reference, arguments_in, closing

LONGEST = 4000
"""Characters; a formula with many branches grows so long that it is better written row by row."""

_COMPARISONS = ("=", "<>")


def render(formula: Formula, resolve: Callable[[Reference], str]) -> str:
    """The formula without ``=``, every reference written as ``resolve`` says."""
    return _Array(resolve, ()).text(formula.parts)


@dataclass(frozen=True)
class _Array:
    """Writes a part of a formula; ``conditions`` are those of the IFs around it, each with the branch it stands in."""

    resolve: Callable[[Reference], str]
    conditions: tuple[tuple[str, bool], ...]

    def text(self, parts: Parts) -> str:
        texts: list[str] = []
        place = 0
        while place < len(parts):
            match parts[place]:
                case Reference() as reference:
                    is_compared = _is_compared(parts[place + 1 : place + 3])
                    texts.append(self.resolve(reference) + ('&""' if is_compared and reference.own_row else ""))
                case Name(text):
                    texts.append(text)
                case Call(name):
                    end = closing(parts, place)
                    texts.append(self._call(name, parts[place + 1 : end], parts[end + 1 : end + 3]))
                    place = end
                case text:
                    texts.append(text)
            place += 1
        return "".join(texts)

    def _call(self, name: str, inside: Parts, following: Parts) -> str:
        arguments = list(arguments_in(inside))
        function = udfs.FUNCTIONS.get(name)
        if name == "IF":
            return self._choice(*arguments)
        if function is None:
            return f"{name}({','.join(map(self.text, arguments))})"
        texts = [self._argument(function, place, argument) for place, argument in enumerate(arguments)]
        text = f"{name}({','.join(texts)})"
        return f'({text}&"")' if function.result is Kind.TEXT or _is_compared(following) else text

    def _argument(self, function: Function, place: int, parts: Parts) -> str:
        text = self.text(parts)
        is_block = function.is_by_row(place) and any(isinstance(part, Reference) for part in parts)
        if is_block and not function.parameters[place].takes_cells:
            for condition, holds in reversed(self.conditions):
                text = f'IF({condition},{text},"")' if holds else f'IF({condition},"",{text})'
        return text

    def _choice(self, condition: Parts, *branches: Parts) -> str:
        asked = self.text(condition)
        texts = [
            replace(self, conditions=(*self.conditions, (asked, holds))).text(branch)
            for branch, holds in zip(branches, (True, False), strict=False)
        ]
        return f"IF({','.join([asked, *texts])})"


def _is_compared(following: Parts) -> bool:
    """Whether what stands before is compared with a text."""
    if len(following) < 2:
        return False
    operator, operand = following
    return operator in _COMPARISONS and isinstance(operand, str) and operand.startswith('"')
