"""The mistakes of a scheme file, all told at once; what only follows from another one is left out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from workbook_templates.scheme.errors import SchemeError
from workbook_templates.scheme.lines import line_of, lines_of, said_of_all

MOST = 20
EVERYTHING = "*"
"""In doubt where columns are made by the dozen: any name may be missing for want of what went wrong."""


class Mistakes:
    """Gathers what is wrong with one file; left as a context, it raises SchemeError with all of it."""

    def __init__(self, place: str, text: str) -> None:
        self.place = place
        self._text = text
        self._found: dict[str, None] = {}
        self._doubtful: set[str] = set()

    def __enter__(self) -> Mistakes:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, SchemeError):
            self.add(str(error), *error.about)
        if self and (error is None or isinstance(error, SchemeError)):
            raise SchemeError(self._told()) from error

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, message: str, *about: str) -> None:
        """``about`` the names that are missing: where these are in doubt already, another mistake is to blame."""
        if not self._follows(about):
            self._found[message] = None

    @contextmanager
    def gathered(self, *doubtful: str) -> Iterator[None]:
        """Goes on after a mistake; ``doubtful`` the names of what it may have made a part of the file lack."""
        before = len(self._found)
        try:
            yield
        except SchemeError as error:
            self.add(str(error), *error.about)
        if len(self._found) > before:
            self.doubt(*doubtful)

    def doubt(self, *names: str) -> None:
        self._doubtful.update(names)

    def is_doubtful(self, name: str) -> bool:
        """Whether the item of this name has mistakes of its own."""
        return name in self._doubtful

    def _follows(self, about: tuple[str, ...]) -> bool:
        """Names that are made of others (键_姓名) are in doubt with them."""
        parts = {part for name in about for part in (name, *name.split("_"))}
        return bool(about) and (EVERYTHING in self._doubtful or not parts.isdisjoint(self._doubtful))

    def _told(self) -> str:
        alike: dict[str, list[tuple[int, str]]] = {}
        lines = lines_of(self._text)
        for message in self._found:
            line = line_of(self._text, message) or 0
            alike.setdefault(said_of_all(lines[line - 1], message) if line else message, []).append((line, message))
        told = []
        for (line, message), *others in sorted(map(sorted, alike.values()), key=lambda group: group[0][0]):
            further = "、".join(dict.fromkeys(str(other) for other, _ in others if other != line))
            also = f"；第 {further} 行也是" if further else ""
            told.append(f"{message}{also}（文件第 {line} 行）" if line else message)
        if len(told) == 1:
            return told[0]
        shown = [f"  {message.removeprefix(self.place).lstrip(' ：')}" for message in told[:MOST]]
        more = [f"  另有 {len(told) - MOST} 处，改好以上各处再看"] if len(told) > MOST else []
        return "\n".join([f"{self.place} 有 {len(told)} 处错误：", *shown, *more])
