"""No formula waits for itself, whatever a program takes a formula to read.

Microsoft's pages say of ``FORMULATEXT`` alone that the own cell may be asked; of ``ISFORMULA`` they say nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from addin.headless import formulas
from addin.headless.schedule import Group, by_cell, is_circle
from addin.headless.session import Session
from addin.headless.skeleton import Skeleton
from tests.differing import differing
from tests.support import Made
from workbook_templates.scheme.catalogue import slugs


class Unforeseen:
    """Formulas as they are written, without what is known of them beforehand."""

    def __init__(self, *_: object) -> None: ...

    def tree(self, group: Group) -> object:
        return group.tree


def rings(path: Path) -> list[set[tuple[str, int]]]:
    """Sheets and columns of cells that read each other."""
    order = formulas.Formulas(Skeleton.of(Session.open(path).workbook)).order
    circles = (cells for component in order if is_circle(component) for cells in by_cell(component))
    return [{(group.sheet, group.col) for group in cells} for cells in circles if is_circle(cells)]


TABLES = [pytest.param(slug, False, id=f"{slug}-tables") for slug in slugs()]
ARRAYS = [pytest.param(slug, True, id=f"{slug}-arrays") for slug in differing()]


@pytest.mark.parametrize(("slug", "arrays"), TABLES + ARRAYS)
def test_no_formula_waits_for_itself(
    slug: str, arrays: bool, scheme_book: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = scheme_book(slug, arrays)
    monkeypatch.setattr(formulas, "_OF_PLACES", formulas._OF_PLACES - {"ISFORMULA"})
    monkeypatch.setattr(formulas, "Foreseen", Unforeseen)
    assert rings(path) == []
