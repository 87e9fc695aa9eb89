"""Whether the workbooks to come are taken to be made alike, as those of a folder mostly are.

What they have in common is then found out with the first of them, not with the second: for a single workbook that would be in vain.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_expected = False


def are_many_expected() -> bool:
    return _expected


@contextmanager
def many_expected() -> Iterator[None]:
    """Meanwhile many are."""
    global _expected
    before, _expected = _expected, True
    try:
        yield
    finally:
        _expected = before
