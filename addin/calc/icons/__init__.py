"""The icons of the menu and the toolbar, drawn on a grid of 16 by 16."""

from __future__ import annotations

from pathlib import Path

SIZES = (16, 26)
"""Small and big, in pixels, as LibreOffice wants them."""


def files() -> dict[str, str]:
    """Every icon in every size: ``check_16.svg`` and so on."""
    drawn = {path.stem: path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.svg"))}
    return {f"{name}_{size}.svg": _sized(svg, size) for name, svg in drawn.items() for size in SIZES}


def _sized(svg: str, size: int) -> str:
    return svg.replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
