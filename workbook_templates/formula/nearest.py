"""Which name was meant by one that isn't there."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Iterable


def nearest(name: str, allowed: Iterable[str]) -> str:
    """A question that ends a message, where another name is near; else nothing."""
    known = {other.casefold(): other for other in allowed}
    near = get_close_matches(name.casefold(), known, 1)
    return f"；是不是 {known[near[0]]}？" if near else ""
