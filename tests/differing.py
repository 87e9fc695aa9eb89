"""Which schemes differ: enough of them for what is done in the same way for all."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.support import PROJECT

SCHEMES = PROJECT / "workbook_templates" / "schemes"
OF_ONE_KIND = ("type", "preset")
"""Keys each value of which is a case of its own."""


@cache
def differing() -> list[str]:
    """Schemes that between them say whatever any scheme says: every key, by itself and as a formula, and every type."""
    texts = {file.stem: file.read_text(encoding="utf-8") for file in SCHEMES.glob("*.toml")}
    said = {slug: set(_said(tomllib.loads(text))) for slug, text in texts.items()}
    for slug in sorted(said, key=lambda slug: (-len(texts[slug]), slug)):
        others = (each for other, each in said.items() if other != slug)
        if said[slug] <= set().union(*others):
            del said[slug]
    return sorted(said)


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
        yield (*keys, isinstance(value, str) and value.startswith("="))
