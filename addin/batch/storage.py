"""Where a batch reads and writes: files of this computer, or what the library fsspec finds under an address (``s3://…``, ``sftp://…``)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any
from uuid import uuid4

from addin.portable.replacing import PREFIX
from addin.shared.exits import UserError
from addin.xlsx import files
from addin.xlsx.files import Fingerprint, WorkbookError

_OF_OBJECTS = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oss", "obs", "cos"})
_WHEN_READ = frozenset({"time", "atime", "last_access_time"})
"""What a server tells of a file that reading it changes (of SFTP ``time`` is that)."""
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://")


@dataclass(frozen=True)
class Address:
    """A file or folder elsewhere: ``path`` below an address as it was given, in which signs such as # and ? have a meaning.

    An archive is only read: ``zip://folder::s3://…/a.zip``.
    """

    given: str
    path: str = ""

    @property
    def within(self) -> str:
        """What the archive's own address follows, with the sign between."""
        _, sign, archive = self.given.partition("::")
        return sign + archive

    @property
    def _plain(self) -> str:
        return "/".join(filter(None, (self.given.removesuffix(self.within).rstrip("/"), self.path)))

    def __str__(self) -> str:
        return (self._plain if self.path else self.given.removesuffix(self.within)) + self.within

    def __truediv__(self, name: str) -> Address:
        return Address(self.given, "/".join(filter(None, (self.path, name))))

    @property
    def name(self) -> str:
        return self._plain.rpartition("/")[2]

    @property
    def parent(self) -> Address:
        if self.path:
            return Address(self.given, self.path.rpartition("/")[0])
        return Address(self._plain.rpartition("/")[0] + self.within)

    def with_name(self, name: str) -> Address:
        return self.parent / name

    def opened(self) -> tuple[Any, str]:
        """The file system, as it now is, and the path there; raises UserError where there is no way to it."""
        if self._scheme == "memory":
            raise UserError(f"{self} 只在一个进程内看得到，几个进程不能一起用；请换一个地址或文件夹")
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise UserError(f"地址 {self} 需要 fsspec，这里没有安装；请运行 pip install fsspec") from error
        try:
            system, path = url_to_fs(self.given)
        except ImportError as error:
            raise UserError(f"地址 {self} 另需要一个组件，这里没有安装：{error}") from error
        except ValueError as error:
            raise UserError(f"地址 {self} 不认识（{error}）") from error
        system.invalidate_cache()
        if self.path:
            path = f"{path}{'' if not path or path.endswith('/') else '/'}{self.path}"
        return system, path

    @property
    def _scheme(self) -> str:
        return self.given.partition("://")[0]

    @property
    def holds_objects(self) -> bool:
        """Whether a file is taken whole or not at all, and moved by copying it."""
        return self._scheme in _OF_OBJECTS

    def forget(self) -> None:
        """A connection may be broken: the next file gets another one."""
        from fsspec import get_filesystem_class

        get_filesystem_class(self._scheme).clear_instance_cache()


Place = Path | Address
State = Fingerprint | str | None


def place_of(given: str) -> Place:
    return Address(given) if _SCHEME.match(given) else Path(given)


def absolute(place: Place) -> Place:
    """As other processes know it."""
    return place.absolute() if isinstance(place, Path) else place


@contextmanager
def _told(address: Address, what: str) -> Iterator[None]:
    """Whatever the library of a kind of storage raises becomes a WorkbookError."""
    try:
        yield
    except UserError:
        raise
    except FileNotFoundError as error:
        raise WorkbookError(f"找不到文件 {address}") from error
    except PermissionError as error:
        raise WorkbookError(f"没有权限{what} {address}") from error
    except Exception as error:
        address.forget()
        raise WorkbookError(f"无法{what} {address}：{error or type(error).__name__}") from error


def read(place: Place) -> bytes:
    """A workbook's file; raises WorkbookError for what is none."""
    if isinstance(place, Path):
        return files.read_file(place).content or b""
    content = content_of(place)
    files.refuse_what_is_no_package(content, place)
    return content


def content_of(place: Place) -> bytes:
    """Raises WorkbookError (or OSError for a file of this computer)."""
    if isinstance(place, Path):
        return place.read_bytes()
    with _told(place, "读取"):
        system, path = place.opened()
        if system.size(path) > files.MOST_BYTES:
            raise WorkbookError(f"{place} 超过 {files.MOST_BYTES >> 20} MB，未打开")
        content: bytes = system.cat_file(path)
        return content


def state_of(place: Place) -> State:
    """By what a file is known to be the same still; None for one that is not there."""
    if isinstance(place, Path):
        return files.fingerprint(place)
    with _told(place, "读取"):
        system, path = place.opened()
        try:
            known = system.info(path)
        except FileNotFoundError:
            return None
        return str({name: fact for name, fact in known.items() if name not in _WHEN_READ})


def put(
    place: Place,
    write: Callable[[IO[bytes]], object],
    before: State,
    is_lasting: bool = True,
    meanwhile: Callable[[], None] | None = None,
) -> tuple[str, ...]:
    """Put what ``write`` writes in the place of a file that is as it was before, at once or not at all; raises WorkbookError.

    ``meanwhile`` is done before the file gets its name; what it raises keeps it from that.
    """
    if isinstance(place, Path):
        assert not isinstance(before, str)
        return files.replace(place, write, before, is_lasting, meanwhile)
    if meanwhile is not None:
        meanwhile()
    with _told(place, "写入"):
        stream = io.BytesIO()
        write(stream)
        if state_of(place) != before:
            raise WorkbookError(f"{place} 刚刚被其他程序修改，未覆盖；请重新运行")
        system, path = place.opened()
        _make_folder(system, system._parent(path))
        if place.holds_objects:
            system.pipe_file(path, stream.getvalue())
        else:
            _put_beside(system, path, stream.getvalue(), before)
    return ()


def _make_folder(system: Any, folder: str) -> None:
    """Others may make it, or one that it stands in, at the same time."""
    for _ in PurePosixPath(folder).parts:
        with suppress(Exception):
            system.makedirs(folder, exist_ok=True)
            return
        system.invalidate_cache()
    system.makedirs(folder, exist_ok=True)


def _put_beside(system: Any, path: str, content: bytes, before: State) -> None:
    """The file gets its name when it is complete."""
    beside = f"{system._parent(path).rstrip('/')}/{PREFIX}{uuid4().hex}"
    try:
        system.pipe_file(beside, content)
        try:
            system.mv(beside, path)
            return
        except Exception:
            if before is None:
                raise
        # There are servers that don't move a file over another one.
        system.rm_file(path)
    except BaseException:
        with suppress(Exception):
            system.rm_file(beside)
        raise
    system.mv(beside, path)  # From here on there is no other.


def files_below(folder: Address) -> Iterator[tuple[str, Address]]:
    """All files with their names below the folder, or that match the pattern behind its fixed part; or the one file itself."""
    with _told(folder, "读取"):
        system, path = folder.opened()
        if any(sign in path for sign in "*?["):
            base, root = folder, PurePosixPath(path)
            while any(sign in str(root) for sign in "*?["):
                base, root = base.parent, root.parent
            found = [each for each in system.glob(path) if system.isfile(each)]
        elif system.isfile(path):
            yield PurePosixPath(path).name, folder
            return
        else:
            base, root, found = folder, PurePosixPath(path), system.find(path)
        for each in found:
            name = PurePosixPath(each).relative_to(root).as_posix()
            yield name, base / name


def sees(place: Place) -> bool:
    """Whether this process gets there."""
    if isinstance(place, Path):
        return place.exists()
    try:
        state_of(place)
    except Exception:
        return False
    return True
