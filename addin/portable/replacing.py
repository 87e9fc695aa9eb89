"""A file replaced as a whole or left as it was; also used inside LibreOffice, in its own Python (3.8 or newer)."""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any, Callable

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows, where an open file can neither be deleted nor renamed anyway.
    fcntl = None

PREFIX = ".kaohe-"
SELDOM = 60.0
"""So many seconds a folder is not looked through again: it may hold thousands of files."""
_looked_through = ("", 0.0)
"""The folder that was last, and when."""
PATIENCE = 2.0
"""So many seconds a file that is held is tried again on Windows: virus scanners and synchronizing programs hold each new one for a moment."""
YOUNG = 3600.0
"""For so many seconds an unfinished file that is closed may be one that is about to be renamed; only where there are no locks."""
_NO_RIGHTS = (errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
"""What folders of a network say that have no rights."""
_LEFT_OVER = re.compile(re.escape(PREFIX) + r"[a-z0-9_]{8}(\.[A-Za-z]{1,5})?")


def _nothing() -> None:
    pass


def replace(
    path: Path,
    write: Callable[[IO[bytes]], object],
    check: Callable[[], None] = _nothing,
    folder: Path | None = None,
    keep_date: bool = False,
    is_lasting: bool = True,
    meanwhile: Callable[[], None] | None = None,
    is_patient: bool = True,
) -> None:
    """Let ``write`` fill a file beside ``path``, then put it in its place. On any failure ``path`` is as before.

    A link stays a link to the new file, and the new file has owner, rights and attributes of the old one. ``check`` may
    raise in the last moment, ``meanwhile`` while the disk is waited for; ``folder`` is where the unfinished file stands (left out:
    beside the old one). Where it is not to be lasting, a loss of power in the next seconds may leave what was there before: it is
    one of many, and the folder is not looked through for unfinished files again for each of them. Where it is not patient, a file
    that is held is not waited for. Raises OSError.
    """
    target = Path(os.path.realpath(str(path)))
    folder = folder or target.parent
    if is_lasting:
        remove_left_overs(folder)
    else:
        _remove_left_overs_seldom(folder)
    handle, name = _locked(folder, path.suffix)
    try:
        with open(handle, "wb", closefd=False) as file:
            write(file)
        _take_over(target, name, keep_date)
        _reach_disk(handle, meanwhile)
        if fcntl is None:
            os.close(handle)
            handle = -1
        _put_in_place(name, str(target), check, PATIENCE if fcntl is None and is_patient else 0)
    except BaseException:
        if handle >= 0 and fcntl is None:
            os.close(handle)
            handle = -1
        try:
            os.unlink(name)
        except OSError:
            pass
        raise
    finally:
        if handle >= 0:
            os.close(handle)
    if is_lasting:
        _sync(target.parent)


def _put_in_place(name: str, target: str, check: Callable[[], None], patience: float) -> None:
    end = time.monotonic() + patience
    while True:
        check()
        try:
            os.replace(name, target)
            return
        except PermissionError:
            if time.monotonic() >= end:
                raise
        time.sleep(0.05)


def _reach_disk(handle: int, meanwhile: Callable[[], None] | None) -> None:
    """Wait until the file is on the disk, and do something else meanwhile."""
    if meanwhile is None:
        os.fsync(handle)
        return
    failed: list[OSError] = []

    def wait() -> None:
        try:
            os.fsync(handle)
        except OSError as error:
            failed.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    try:
        meanwhile()
    finally:
        waiting.join()
    if failed:
        raise failed[0]


def _locked(folder: Path, suffix: str) -> tuple[int, str]:
    """A new file that says by a lock that somebody is still writing it."""
    while True:
        handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=suffix, dir=str(folder))
        if fcntl is None:
            return handle, name
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_nlink:
                return handle, name
        except OSError:
            return handle, name  # A file system without locks.
        os.close(handle)  # Taken for a left-over in between.


def _remove_left_overs_seldom(folder: Path) -> None:
    global _looked_through
    last, when = _looked_through
    if last != str(folder) or time.monotonic() - when >= SELDOM:
        remove_left_overs(folder)
        _looked_through = str(folder), time.monotonic()


def remove_left_overs(folder: Path) -> None:
    """Remove the unfinished files of runs that were killed: nobody holds them open."""
    try:
        names = [name for name in os.listdir(str(folder)) if name.startswith(PREFIX) and _LEFT_OVER.fullmatch(name)]
    except OSError:
        return
    for name in names:
        try:
            _remove_unless_held(str(folder / name))
        except OSError:
            pass


def _remove_unless_held(name: str) -> None:
    if fcntl is None:
        if time.time() - os.stat(name).st_mtime > YOUNG:
            os.unlink(name)
        return
    handle = os.open(name, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(name)
    finally:
        os.close(handle)


def _take_over(old: Path, new: str, keep_date: bool) -> None:
    """Owner, rights and attributes of the file that is replaced; the rights of any new file where there is none."""
    try:
        before = os.stat(str(old))
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        _give_rights(new, 0o666 & ~mask)
        return
    if hasattr(os, "chown"):
        try:
            os.chown(new, before.st_uid, before.st_gid)
        except OSError:
            pass  # Only an administrator can give files away.
        _give_rights(new, stat.S_IMODE(before.st_mode))
    else:
        from addin.portable import windowsrights

        windowsrights.take_over(str(old), new)
    if hasattr(os, "listxattr"):
        _copy_attributes(str(old), new)
    if keep_date:
        os.utime(new, ns=(before.st_atime_ns, before.st_mtime_ns))


def _give_rights(path: str, mode: int) -> None:
    try:
        os.chmod(path, mode)
    except OSError as error:
        if error.errno not in _NO_RIGHTS:
            raise


def _copy_attributes(old: str, new: str) -> None:
    try:
        names = os.listxattr(old)
    except OSError:
        return
    for name in names:
        try:
            os.setxattr(new, name, os.getxattr(old, name))
        except OSError:
            pass  # The system's own, or a file system that has none.


def _sync(folder: Path) -> None:
    """Make the new name last through a power failure, where the system can; the file itself is safe already."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    try:
        handle = os.open(str(folder), os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
