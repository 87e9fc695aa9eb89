"""How a command ends: its exit codes, and the errors that a user can mend."""

from __future__ import annotations

FAILED = 1
WRONG_USE = 2
BROKEN = 3
"""An error of the program itself."""
INTERRUPTED = 130


class UserError(Exception):
    """What the user can mend; the message (Chinese) is all that is printed."""


def told(error: BaseException) -> str | None:
    """What to print of an error that the user can mend; None for an error of the program."""
    from addin.xlsx.files import WorkbookError, reason
    from workbook_templates.scheme.data import DataError
    from workbook_templates.scheme.errors import SchemeError

    if isinstance(error, UserError | DataError | SchemeError | WorkbookError):
        return str(error)
    if isinstance(error, OSError):
        return f"无法读写 {error.filename or '文件'}:{reason(error)}"
    return None
