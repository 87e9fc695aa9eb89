"""Every case of every function, by calling it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.cases import Case, Rows, cases, typed
from udfs import FUNCTIONS, CellError


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.identity)
def test_the_function_itself(case: Case) -> None:
    found = FUNCTIONS[case.function](*case.call)
    assert filled(found, case.rows) == typed(case.rows)


def filled(found: Any, rows: Rows) -> Any:
    """A result as rows; an error value that concerns every row may come as a single one, which fills the cells of a formula."""
    if isinstance(found, CellError):
        return typed(((found,) * len(rows[0]),) * len(rows))
    assert isinstance(found, tuple) == (len(rows) * len(rows[0]) > 1)
    return typed(found if isinstance(found, tuple) else ((found,),))
