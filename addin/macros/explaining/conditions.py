"""Conditions of formulas in words: those that decided what a cell is, with the values that decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.checking.overwritten import is_of_formulas
from addin.headless.inspection import Place, Several
from addin.headless.tree import Apply, Cells, Constant, Named, Node
from addin.xlsx.model import CellError
from udfs.vocabulary import ABSENT, GOOD
from workbook_templates.scheme.names import is_check, parameter_state, state

if TYPE_CHECKING:
    from addin.macros.explaining.words import Teller

_OPPOSITE = {"=": "<>", "<>": "=", ">": "<=", "<": ">=", ">=": "<", "<=": ">"}


def truth_of(teller: Teller, condition: Node) -> bool | None:
    value = teller.value(condition)
    return None if isinstance(value, Several | CellError | str) else bool(value)


def decides(teller: Teller, condition: Node, truth: bool) -> bool:
    """Whether a reader needs to know of a condition; not that a row was checked or is filled in, nor what a scheme requires."""
    match condition:
        case Constant():
            return False
        case Apply() if is_of_formulas(condition):
            return False
        case Apply("ISNUMBER", _) | Apply("IFERROR", (_, Constant(False))) if truth:
            return False
        case Apply("*" | "AND", parts) if truth and len(parts) >= 2:
            return any(decides(teller, part, True) for part in parts)
        case Apply("=", sides) if not truth and Constant("") in sides:
            return False
        case Apply("<>", sides) if truth and Constant("") in sides:
            return False
        case Apply("=", (Apply("COUNT"), _)) | Apply(">", (Apply("COUNT" | "KAOHE_COUNT"), _)) if truth:
            return False
        case Apply("=", (Apply("COUNT"), counted)) if not truth and counted == Constant(0.0):
            return False
        case Apply("=" | "<>", (Cells(reference), Constant(value))) if value in (GOOD, ABSENT, ""):
            area = teller.formulas.area(reference, teller.place)
            heading = teller.labels.heading(Place(area.sheet, area.top, area.left)) if area else None
            return not is_check(heading or "")
        case Apply("=" | "<>", (Named(name), Constant(value))) if value == GOOD:
            return not (name.startswith(state("")) or name == parameter_state())
    return True


def condition_told(teller: Teller, node: Node, truth: bool) -> str:
    """A condition as it holds (the opposite of one that doesn't), with the values that decide."""
    match node:
        case Apply("IFERROR", (inner, Constant(False))):
            return condition_told(teller, inner, truth)
        case Apply(">" | "<>" | "=" | "<=" as sign, (inner, Constant(0.0))) if _is_of_conditions(inner):
            return condition_told(teller, inner, truth == (sign in (">", "<>")))
        case Apply("=" | "<>" as sign, (left, Constant(value))) if isinstance(value, str):
            same = truth == (sign == "=")
            return teller.say(left) if same or value == "" else f"{teller.say(left)}，不是“{value}”"
        case Apply("*" | "AND", parts) if truth and len(parts) >= 2:
            return ",且".join(condition_told(teller, part, True) for part in parts if decides(teller, part, True))
        case Apply("*" | "AND", parts) if len(parts) >= 2:
            failed = (part for part in parts if not truth_of(teller, part))
            return ",且".join(condition_told(teller, part, False) for part in failed)
        case Apply(">", (Apply("+", parts), Constant(0.0))) | Apply("OR", parts) | Apply("+", parts) if len(parts) > 1:
            told = (part for part in parts if not truth or truth_of(teller, part))
            return ",且".join(condition_told(teller, part, truth) for part in told)
        case Apply("NOT", (inner,)):
            return condition_told(teller, inner, not truth)
        case Apply("ISNUMBER", (inner,)):
            return f"{teller.say(inner)} {'是' if truth else '不是'}数"
        case Apply(sign, (left, right)) if sign in _OPPOSITE:
            holds, plain = sign if truth else _OPPOSITE[sign], teller.taken(left)
            if isinstance(plain, Cells) and (
                (holds == "=" and isinstance(right, Constant)) or (holds == ">" and right == Constant(0.0))
            ):
                return teller.say(plain)
            return teller.operation(Apply(holds, (left, right)))
        case Cells():
            return teller.say(node)
    return f"{teller.say(node)} {'成立' if truth else '不成立'}"


def _is_of_conditions(node: Node) -> bool:
    """Whether a number is one of conditions, added or multiplied."""
    match node:
        case Apply("+" | "*" | "AND" | "OR", parts) if len(parts) > 1:
            return all(_is_of_conditions(part) for part in parts)
        case Apply(sign):
            return sign in _OPPOSITE
    return False
