"""How a command ends: its exit codes, and the errors that a user can mend."""

from __future__ import annotations

import codecs
import errno
import os
import sys

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
    errno.EEXIST: "已存在同名的文件或文件夹",
}
_TAKEN, _UNREACHABLE, _SCANNED = "正被其他程序占用", "网络上的这个位置连不上", "被杀毒软件拦下了"
_WINDOWS_REASONS = {
    19: "磁盘是只读的",
    32: _TAKEN,
    33: _TAKEN,
    39: "磁盘已满",
    53: _UNREACHABLE,
    64: _UNREACHABLE,
    67: _UNREACHABLE,
    123: "名称中有不能用的字符",
    206: "文件名太长",
    225: _SCANNED,
    226: _SCANNED,
    1231: _UNREACHABLE,
}
"""By Windows's own numbers, where ``errno`` tells less: a file that is held is no lack of rights."""
_LONGEST_PATH = 259


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
    if isinstance(error, UnicodeEncodeError) and _is_of_names(error.encoding):
        return (
            f"这里的字符编码是 {error.encoding}，写不出名称 {error.object}；"
            "请先设环境变量 PYTHONUTF8=1，或改用 UTF-8 的语言环境（如 LC_ALL=C.UTF-8）"
        )
    return None


def _is_of_names(encoding: str) -> bool:
    """Whether it is that of the system's file names, and not every name can be written in it."""
    own = codecs.lookup(sys.getfilesystemencoding()).name
    return own != "utf-8" and codecs.lookup(encoding).name == own


def reason(error: OSError) -> str:
    """In Chinese, where it is a common one."""
    if known := windows_reason(error):
        return known
    why = _REASONS.get(error.errno or 0) or (error.strerror or str(error)).rstrip("。. ")
    return why + (too_long(error.filename) if error.errno == errno.ENOENT and error.filename else "")


def windows_reason(error: BaseException) -> str | None:
    """What Windows's own number says of it where ``errno`` tells less."""
    return _WINDOWS_REASONS.get(getattr(error, "winerror", None) or 0)


def too_long(path: object, system: str = os.name) -> str:
    """What to say beside "not found" of a path that most Windows take for not there because of its length; "" for any other."""
    length = len(os.path.abspath(str(path)))
    if system != "nt" or length <= _LONGEST_PATH:
        return ""
    return f"（文件名太长：连同文件夹有 {length} 个字符，Windows 一般最多 {_LONGEST_PATH} 个；请移到上层的文件夹，或改短名称）"


def not_loaded(error: ImportError) -> str:
    """Why a library that not everybody needs can't be used, and what to do: it isn't there, or the system doesn't take its files."""
    if isinstance(error, ModuleNotFoundError):
        return f"这里没有安装 {error.name}；请运行 pip install {error.name}"
    return f"这里装了但不能加载（{error}）；请重新安装它，或看杀毒软件是否隔离了它的文件"
