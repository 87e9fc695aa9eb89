"""How a command ends: its exit codes, and the errors that a user can mend."""

from __future__ import annotations

import errno

FAILED = 1
WRONG_USE = 2
BROKEN = 3
"""An error of the program itself."""
INTERRUPTED = 130

_REASONS = {
    errno.ENOENT: "文件或文件夹不存在",
    errno.ENOTDIR: "文件夹不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT if hasattr(errno, "EDQUOT") else -1: "磁盘配额已用完",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EISDIR: "它是文件夹",
    errno.EIO: "磁盘读写出错",
}


class UserError(Exception):
    """What the user can mend; the message (Chinese) is all that is printed."""


def told(error: BaseException) -> str | None:
    """What to print of an error that the user can mend; None for an error of the program."""
    from workbook_templates.scheme.data import DataError
    from workbook_templates.scheme.errors import SchemeError

    if isinstance(error, UserError | DataError | SchemeError):
        return str(error)
    if isinstance(error, OSError):
        return f"无法读写 {error.filename or '文件'}：{reason(error)}"
    return None


def reason(error: OSError) -> str:
    """In Chinese, where it is a common one."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)
