"""Where a batch reads and writes: files of this computer, or what the library fsspec finds under an address (``s3://…``, ``sftp://…``)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from addin.shared.exits import UserError
from addin.xlsx import files
from addin.xlsx.files import Fingerprint, WorkbookError

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://")


@dataclass(frozen=True)
class Address:
    """A file or folder elsewhere, or within an archive, which is only read: ``zip://folder::s3://…/a.zip``."""

    text: str

    @property
    def within(self) -> str:
        """What the archive's own address follows, with the sign between."""
        _, sign, archive = self.text.partition("::")
        return sign + archive

    def __str__(self) -> str:
        return self.text

    def __truediv__(self, name: str) -> Address:
        return Address(f"{self.text.rstrip('/')}/{name}")

    @property
    def name(self) -> str:
        return self.text.removesuffix(self.within).rstrip("/").rpartition("/")[2]

    def with_name(self, name: str) -> Address:
        return Address(self.text.rstrip("/").rpartition("/")[0]) / name

    def opened(self) -> tuple[Any, str]:
        """The file system, as it now is, and the path there; raises UserError where there is no way to it."""
        scheme = self.text.partition("://")[0]
        if scheme == "memory":
            raise UserError(f"{self} 只在一个进程内看得到，几个进程不能一起用；请换一个地址或文件夹")
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise UserError(f"地址 {self} 需要 fsspec，这里没有安装；请运行 pip install fsspec") from error
        try:
            system, path = url_to_fs(self.text)
        except ImportError as error:
            raise UserError(f"地址 {self} 另需要一个组件，这里没有安装：{error}") from error
        except ValueError as error:
            raise UserError(f"地址 {self} 不认识（{error}）") from error
        system.invalidate_cache()
        return system, path


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
        raise WorkbookError(f"无法{what} {address}：{error}") from error


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
        return str(system.ukey(path)) if system.exists(path) else None


def put(place: Place, write: Callable[[IO[bytes]], object], before: State, is_lasting: bool = True) -> tuple[str, ...]:
    """Put what ``write`` writes in the place of a file that is as it was before, at once or not at all; raises WorkbookError."""
    if isinstance(place, Path):
        assert not isinstance(before, str)
        return files.replace(place, write, before, is_lasting)
    with _told(place, "写入"):
        stream = io.BytesIO()
        write(stream)
        if state_of(place) != before:
            raise WorkbookError(f"{place} 刚刚被其他程序修改，未覆盖；请重新运行")
        system, path = place.opened()
        system.makedirs(system._parent(path), exist_ok=True)
        # A store of objects takes them whole anyway; elsewhere the file gets its name when it is complete.
        with system.transaction, system.open(path, "wb") as file:
            file.write(stream.getbuffer())
    return ()


def files_below(folder: Address) -> Iterator[tuple[str, Address]]:
    """All files with their names below the folder, or that match the pattern behind its fixed part; or the one file itself."""
    with _told(folder, "读取"):
        system, path = folder.opened()
        if any(sign in path for sign in "*?["):
            root = PurePosixPath(path)
            while any(sign in str(root) for sign in "*?["):
                root = root.parent
            found = [each for each in system.glob(path) if system.isfile(each)]
        elif system.isfile(path):
            root, found = PurePosixPath(path).parent, [path]
        else:
            root, found = PurePosixPath(path), system.find(path)
        for each in found:
            yield (
                PurePosixPath(each).relative_to(root).as_posix(),
                Address(f"{system.unstrip_protocol(each)}{folder.within}"),
            )


def sees(place: Place) -> bool:
    """Whether this process gets there."""
    if isinstance(place, Path):
        return place.exists()
    try:
        state_of(place)
    except Exception:
        return False
    return True
