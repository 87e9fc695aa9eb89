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

from addin.excel.editing import seen
from addin.shared.crashes import crashed
from addin.shared.exits import told

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
        outcome = _new_workbook(request) if request.scheme else _run_macro(request)
    except Exception as error:
        outcome = {"error": told(error) or crashed(error)}
    (folder / OUTCOME).write_text(json.dumps(outcome, ensure_ascii=False), encoding="utf-8")
    return 0


def _new_workbook(request: Request) -> dict[str, Any]:
    """A computed workbook from a scheme, in place of what may be there (Excel has asked)."""
    from addin.headless.newbook import new_workbook
    from addin.shared.schemes import load

    new_workbook(load(request.scheme), Path(request.results), progress=tell)
    return {"documents": [request.results]}


def _run_macro(request: Request) -> dict[str, Any]:
    """A macro's outcome; Excel makes the edits itself, for the workbook is open there."""
    from addin.macros import MACROS
    from addin.macros.runner import run

    ran = run(
        MACROS[request.macro],
        Path(request.workbook),
        Path(request.results),
        request.options,
        request.selection or None,
        tell,
        edits_file=False,
    )
    outcome = ran.as_json()
    changed = dict.fromkeys(each["sheet"] for each in (*outcome["rows"], *outcome["edits"]))
    return {**outcome, "seen": seen(Path(request.workbook), changed) if changed else {}}


def tell(done: int, total: int, what: str) -> None:
    """A line of progress."""
    print(f"{what} {done}/{total}" if total > 1 else what)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
