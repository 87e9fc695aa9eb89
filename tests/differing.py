"""Which schemes differ: enough of them for what is done in the same way for all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.support import PROJECT

SCHEMES = PROJECT / "workbook_templates" / "schemes"
OF_ONE_KIND = ("type", "preset")
"""Keys each value of which is a case of its own."""
_CALL = r"[A-Z][A-Z0-9_.]*(?=\()"


@cache
def differing() -> list[str]:
    """Schemes that between them say whatever any scheme says: every key, by itself and as a formula, every type and function."""
    said = {file.stem: set(_said(tomllib.loads(file.read_text(encoding="utf-8")))) for file in SCHEMES.glob("*.toml")}
    left, found = set[tuple[object, ...]]().union(*said.values()), list[str]()
    while left:
        found.append(max(sorted(said), key=lambda slug: len(said[slug] & left)))
        left -= said[found[-1]]
    return sorted(found)


def _said(value: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[object, ...]]:
    if isinstance(value, dict):
        for key, each in value.items():
            # Other keys are a scheme's own names.
            yield from _said(each, (*keys[-1:], key) if key.isascii() and key.islower() else keys)
    elif isinstance(value, list):
        for each in value:
            yield from _said(each, keys)
    elif isinstance(value, bool) or keys[-1] in OF_ONE_KIND:
        yield (*keys, value)
    else:
        is_formula = isinstance(value, str) and value.startswith("=")
        yield (*keys, is_formula)
        for function in re.findall(_CALL, value) if is_formula else ():
            yield (function,)
