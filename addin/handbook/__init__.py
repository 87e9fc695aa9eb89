"""The generated pages of the handbook, by file name in docs/; ``python -m addin.handbook`` writes them anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from addin.handbook.excelfunctions import excel_functions_document
from addin.handbook.functions import functions_document
from addin.handbook.schemeformat import format_document
from addin.handbook.schemes import schemes_document

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENTS: dict[str, Callable[[], str]] = {
    "functions.md": functions_document,
    "excel-functions.md": excel_functions_document,
    "schemes.md": schemes_document,
    "scheme-format.md": format_document,
}
