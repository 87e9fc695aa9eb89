"""What takes long to find out is kept for the next run, in this user's folder, under all that it depends on.

Other inputs, another version or an edited file of the program make another name; a file that isn't whole is not taken. Nothing
in the folder is needed: where it can't be written, everything is found out again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from addin.portable.replacing import replace
from addin.portable.userfolder import user_folder

FOLDER = "cache"
MOST = 300
_PACKAGES = ("addin", "udfs", "workbook_templates", "xlsxwriter")


class Form(NamedTuple):
    """How what is found is written down and read again; both raise ValueError where it can't be."""

    written: Callable[[Any], bytes]
    read: Callable[[bytes], Any]


PLAIN = Form(lambda found: json.dumps(found, ensure_ascii=False).encode(), json.loads)


def kept(kind: str, inputs: Iterable[str], find: Callable[[], Any], form: Form = PLAIN) -> Any:
    """What ``find`` gives (plain data, if no other form is named), or gave before for the same inputs."""
    path = _path(kind, inputs)
    is_known, found = _read(path, form)
    if not is_known:
        found = find()
        _write(path, found, form)
    return found


def keep(kind: str, inputs: Iterable[str], found: Any) -> None:
    """For ``recalled``."""
    _write(_path(kind, inputs), found, PLAIN)


def recalled(kind: str, inputs: Iterable[str]) -> Any:
    """What was kept for the same inputs; None if nothing was."""
    return _read(_path(kind, inputs), PLAIN)[1]


def _path(kind: str, inputs: Iterable[str]) -> Path:
    name = _digest("\0".join([program(), *inputs]).encode(errors="surrogatepass"))
    return user_folder() / FOLDER / f"{kind}-{name}"


def _read(path: Path, form: Form) -> tuple[bool, Any]:
    try:
        seal, _, content = path.read_bytes().partition(b"\n")
        if seal == _digest(content).encode():
            return True, form.read(content)
    except (OSError, ValueError):
        pass
    return False, None


def _write(path: Path, found: Any, form: Form) -> None:
    try:
        content = form.written(found)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, lambda file: file.write(_digest(content).encode() + b"\n" + content), is_lasting=False)
        thin_out(path.parent, path.name.partition("-")[0] + "-*", MOST)
    except (OSError, ValueError):
        pass


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


@cache
def program() -> str:
    """Tells one state of the program's files from another."""
    found = []
    for package in _PACKAGES:
        for place in getattr(find_spec(package), "submodule_search_locations", None) or ():
            for folder, _, names in os.walk(place):
                found += [os.path.join(folder, name) for name in names if name.endswith((".py", ".toml"))]
    # Plain paths: to make and sort hundreds of Path objects takes longer than to look at the files.
    states = ((path, os.stat(path)) for path in sorted(found))
    lines = [f"{path} {state.st_size} {state.st_mtime_ns}" for path, state in states]
    return _digest("\n".join(lines).encode(errors="surrogatepass"))


def thin_out(folder: Path, pattern: str, most: int) -> None:
    """Remove the oldest files beyond so many. Raises OSError."""
    files = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime_ns)
    for path in files[: max(0, len(files) - most)]:
        path.unlink(missing_ok=True)
