"""What a scheme file can be told to be wrong, and the words for it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from typing import Any

from workbook_templates.formula.nearest import nearest


class SchemeError(ValueError):
    """A scheme file that can't be used; the message (Chinese) names the place and the allowed names."""

    def __init__(self, message: str, *about: str) -> None:
        """``about`` the names that aren't there, or don't stand where they should."""
        super().__init__(message)
        self.about = about


def written(value: Any) -> str:
    """A value as a scheme file has it."""
    match value:
        case date():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(written, value))}]"
        case dict():
            return f"{{ {', '.join(f'{name if name.isascii() else written(name)} = {written(item)}' for name, item in value.items())} }}"
        case _:
            return json.dumps(value, ensure_ascii=False)


def unknown(what: str, name: str, allowed: Collection[str]) -> str:
    """That there is no such name, and which there are."""
    return f"{what} {name}；可用的：{'、'.join(allowed) or '无'}{nearest(name, allowed)}"
