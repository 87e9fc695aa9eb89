"""VBA source as text: Chinese in ASCII, statements that stay under the length of a line."""

from __future__ import annotations

LONGEST_LINE = 1023
PIECE = 120
"""Characters of a literal in one statement; each may take six in the source."""


def literal(text: str) -> str:
    """An expression for a text: ``"KAOHE"``, or ``U("\\u8003\\u6838")`` (kaohe_text.bas) where it isn't plain ASCII."""
    if all(_is_plain(char) for char in text):
        return f'"{text}"'
    units = text.encode("utf-16-be")
    codes = [int.from_bytes(units[place : place + 2], "big") for place in range(0, len(units), 2)]
    return 'U("' + "".join(chr(code) if _is_plain(chr(code)) else f"\\u{code:04x}" for code in codes) + '")'


def _is_plain(char: str) -> bool:
    return " " <= char <= "~" and char not in '\\"'


def assignment(variable: str, text: str) -> list[str]:
    """The statements that give a variable a text of any length."""
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)] or [""]
    first, *rest = [literal(piece) for piece in pieces]
    return [f"{variable} = {first}", *(f"{variable} = {variable} & {piece}" for piece in rest)]


def procedure(head: str, body: list[str]) -> str:
    """``Public Sub X()`` or ``Private Function …`` with its body and its end."""
    kind = next(word for word in head.split() if word in ("Sub", "Function"))
    lines = [head, *(f"    {line}" for line in body), f"End {kind}", ""]
    if longest := next((line for line in lines if len(line) > LONGEST_LINE), None):
        raise ValueError(f"VBA takes no line as long as {longest[:80]}…")
    return "\n".join(lines)
