"""A formula as it is meant in one cell: its references resolved to blocks, equal for all cells of a filled-down column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Dict, Tuple

from udfs.values import CellError
from workbook_templates.formula.parser import Item, checked, named, operand
from workbook_templates.formula.references import (
    INVALID,
    Address,
    Area,
    Book,
    Reference,
    Scope,
    Structured,
    Table,
    known_sheet,
    meant,
    relative,
    scope,
    sheets_between,
)
from workbook_templates.formula.tokens import CELLS, NAME, NOWHERE, SPACE, STRUCTURED, Token
from workbook_templates.formula.tree import Constant, Named, Operand


@dataclass(frozen=True)
class Cells(Operand):
    """A block of cells of this workbook."""

    reference: Reference

    @cached_property
    def fixed(self) -> Area | None:
        """The block where it is the same for whatever formula; None where it is not, or is none."""
        known = self.reference
        return known.at(0, 0) if known.fixed and known.valid and known.within is None else None


@dataclass(frozen=True)
class Sheets(Operand):
    """The same block on several sheets: ``Sheet1:Sheet3!A1``."""

    references: tuple[Reference, ...]


@dataclass(frozen=True)
class External(Operand):
    """Cells of another workbook, ``[1]Sheet1!A1``; ``reference`` names that workbook's sheet."""

    book: str
    reference: Reference


@dataclass(frozen=True)
class ExternalName(Operand):
    """A name or a table of another workbook, ``[1]!NAME``."""

    book: str
    name: str


@dataclass(frozen=True)
class Resolved:
    """A formula's tokens with its references as operands among them."""

    items: tuple[Item, ...]

    @cached_property
    def _hash(self) -> int:
        return hash(self.items)

    def __hash__(self) -> int:
        """Found once: it is looked up whenever the formula is met."""
        return self._hash


Met = Dict[Tuple[str, str, str], Item]
"""By kind, text and sheet (where that makes a difference), the items that are the same in all cells of a book."""


def resolve(
    text: str, sheet: str, row: int, col: int, book: Book, here: Sequence[Table], met: Met | None = None
) -> Resolved:
    """The formula (without ``=``) of a cell that stands among the tables ``here``; raises FormulaError.

    ``met`` holds the items that are the same in all cells of the book, as far as they were met, and takes those that are met now.
    """
    met = {} if met is None else met
    known, places = _items(text)
    items = list(known)
    for place, token in places:
        key = token.kind, token.text, sheet if token.kind == CELLS else ""
        item = met.get(key)
        if item is None:
            item = _resolved(token, sheet, row, col, book, here)
            if _is_everywhere(token, item):
                met[key] = item
        items[place] = item
    return Resolved(tuple(items))


@lru_cache(maxsize=4096)
def _items(text: str) -> tuple[list[Item], list[tuple[int, Token]]]:
    """The tokens of a formula, those that mean the same everywhere as they are meant, and the others with their places."""
    items: list[Item] = []
    places: list[tuple[int, Token]] = []
    for place, token in enumerate(checked(text)):
        if token.kind in (CELLS, STRUCTURED, NAME):
            places.append((place, token))
            items.append(token)
        else:
            items.append(_everywhere(token.kind, token.text, token.scope))
    return items, places


@lru_cache(maxsize=4096)  # Most tokens are signs and functions' names.
def _everywhere(kind: str, text: str, scope: str) -> Item:
    """A token that refers to nothing, as it is meant in all cells."""
    return _SPACE if kind == SPACE else operand(Token(kind, text, NOWHERE, scope))


def _is_everywhere(token: Token, item: Item) -> bool:
    """Whether a token means this in all cells of its sheet."""
    if token.kind == CELLS:
        return isinstance(item, Cells) and item.reference.fixed
    return token.kind != STRUCTURED or not token.body.startswith("[")


_SPACE = Token(SPACE, " ", NOWHERE)


def _resolved(token: Token, sheet: str, row: int, col: int, book: Book, here: Sequence[Table]) -> Item:
    where = scope(token.scope)
    if token.kind == NAME:
        return _name(token, where, book)
    reference = operand(token)
    if where.book:
        if isinstance(reference, Address):
            return External(where.book, relative(reference, where.sheet, row, col))
        return ExternalName(where.book, token.body)
    if isinstance(reference, Address) and where.last:
        names = sheets_between(where.sheet, where.last, book)
        return Sheets(tuple(relative(reference, name, row, col) for name in names)) if names else Cells(INVALID)
    if isinstance(reference, (Address, Structured)):
        return Cells(meant(reference, sheet, row, col, book, here))
    raise AssertionError(f"{token} refers to cells")


def _name(token: Token, where: Scope, book: Book) -> Item:
    if where.book or (where.sheet and known_sheet(where.sheet, book) is None):
        # Without a sheet of that name it is the file in which the name stands.
        return ExternalName(where.book or where.sheet, token.body)
    known = named(token)
    if isinstance(known, Named) and where.sheet:
        return Named(known.name, where.sheet)
    return Constant(CellError.REF) if where.last else known
