"""The generated pages of the handbook, by file name in docs/; ``python -m addin.handbook`` writes them anew."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def _page(module: str) -> Callable[[], str]:
    """A page is written by ``<module>.<module>_document``, imported when it is wanted: one page need not wait for the others."""

    def write() -> str:
        text: str = getattr(import_module(f"{__name__}.{module}"), f"{module}_document")()
        return text

    return write


DOCUMENTS = {
    "functions.md": _page("functions"),
    "excel-functions.md": _page("excelfunctions"),
    "schemes.md": _page("schemes"),
    "scheme-format.md": _page("schemeformat"),
}
