"""The pieces of a number format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Part(NamedTuple):
    """A piece of a section: ``kind`` is text, digit, point, comma, power, slash, date, general or at."""

    kind: str
    text: str


@dataclass(frozen=True)
class Section:
    parts: tuple[Part, ...]
    condition: tuple[str, float] | None = None
    chinese: str = ""
    locale: str = ""
    percents: int = 0

    def has(self, *kinds: str) -> bool:
        return any(part.kind in kinds for part in self.parts)

    @property
    def is_date(self) -> bool:
        return self.has("date") and not self.has("general")
