"""A macro run beside Excel, in a process of its own: ``python -m addin.excel.job FOLDER``.

The folder holds ``request.json`` and a copy of the workbook; its progress is printed a line at a time, and the result is
``outcome.json`` with the documents in a folder beside the user's workbook. So a long macro neither stops Excel nor the
cells that compute meanwhile, and can be ended at any moment.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REQUEST, OUTCOME, PROGRESS = "request.json", "outcome.json", "progress.txt"


@dataclass(frozen=True)
class Request:
    """What is wanted: a macro on a copy of a workbook, or a new workbook from a scheme (macro ``new``)."""

    macro: str
    workbook: str = ""
    options: list[str] = field(default_factory=list)
    selection: str = ""
    results: str = ""
    scheme: str = ""


def main(arguments: list[str]) -> int:
    """Do what the folder asks for; what went wrong is in the outcome as well."""
    folder = Path(arguments[0])
    # Progress goes into a file that Excel's side reads meanwhile; elsewhere than on Windows nothing says it is UTF-8.
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)  # type: ignore[union-attr]
    request = Request(**json.loads((folder / REQUEST).read_text(encoding="utf-8")))
    try:
        outcome = new_workbook(request) if request.scheme else run_macro(request)
    except Exception as error:
        if not is_told(error):
            raise
        outcome = {"error": str(error)}
    (folder / OUTCOME).write_text(json.dumps(outcome, ensure_ascii=False), encoding="utf-8")
    return 0


def is_told(error: Exception) -> bool:
    """Whether an exception's message was written for the user; anything else is an error of the program."""
    from addin.headless import WorkbookError
    from addin.shared.exits import UserError
    from workbook_templates.scheme.data import DataError
    from workbook_templates.scheme.model import SchemeError

    return isinstance(error, UserError | WorkbookError | DataError | SchemeError | OSError)


def new_workbook(request: Request) -> dict[str, Any]:
    """A computed workbook from a scheme, in place of what may be there (Excel has asked)."""
    from addin.headless import calculate
    from addin.xlsx.package import replace
    from workbook_templates.scheme.model import load
    from workbook_templates.workbook.build import build

    def write(beside: Path) -> None:
        tell(1, 3, "建立工作簿")
        build(load(request.scheme), beside)
        tell(2, 3, "计算")
        calculate(beside)

    replace(Path(request.results), write)
    return {"documents": [request.results]}


def run_macro(request: Request) -> dict[str, Any]:
    """A macro's outcome as JSON has it, its documents written."""
    from addin.macros import MACROS
    from addin.macros.subject.reading import read_subject
    from addin.macros.tools.options import given_options
    from addin.macros.tools.telling import told

    macro = MACROS[request.macro]
    options = given_options(macro, request.options)
    outcome = macro(read_subject(Path(request.workbook), request.selection or None, progress=tell), options, tell)
    folder = Path(request.results)
    for document in outcome.documents:
        path = folder / document.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document.content)
    return told(outcome, outcome.messages, [folder / document.name for document in outcome.documents])


def tell(done: int, total: int, what: str) -> None:
    """A line of progress."""
    print(f"{what} {done}/{total}" if total > 1 else what)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
