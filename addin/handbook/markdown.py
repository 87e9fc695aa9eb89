"""The pieces of Markdown that the pages are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> list[str]:
    """A table, or nothing where it has no lines."""
    body = [_line(line) for line in lines]
    return [_line(headings), "|" + "---|" * len(headings), *body, ""] if body else []


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def bullets(items: Iterable[str]) -> list[str]:
    lines = [f"- {item}" for item in items]
    return [*lines, ""] if lines else []


def code(text: str) -> str:
    return f"`{text}`"


def document(lines: Iterable[str]) -> str:
    """Lines as a file's text, without blank lines at its end."""
    return "\n".join(lines).rstrip("\n") + "\n"
