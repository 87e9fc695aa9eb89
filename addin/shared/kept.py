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
from typing import Any

from addin.portable.replacing import replace
from addin.portable.userfolder import user_folder

FOLDER = "cache"
MOST = 300
_PACKAGES = ("addin", "udfs", "workbook_templates", "xlsxwriter")


def kept(kind: str, inputs: Iterable[str], find: Callable[[], Any]) -> Any:
    """What ``find`` gives (plain data), or gave before for the same inputs."""
    path = _path(kind, inputs)
    is_known, found = _read(path)
    if not is_known:
        found = find()
        _write(path, found)
    return found


def keep(kind: str, inputs: Iterable[str], found: Any) -> None:
    """For ``recalled``."""
    _write(_path(kind, inputs), found)


def recalled(kind: str, inputs: Iterable[str]) -> Any:
    """What was kept for the same inputs; None if nothing was."""
    return _read(_path(kind, inputs))[1]


def _path(kind: str, inputs: Iterable[str]) -> Path:
    name = _digest("\0".join([program(), *inputs]))
    return user_folder() / FOLDER / f"{kind}-{name}.json"


def _read(path: Path) -> tuple[bool, Any]:
    try:
        seal, _, text = path.read_text(encoding="utf-8").partition("\n")
        if seal == _digest(text):
            return True, json.loads(text)
    except (OSError, ValueError):
        pass
    return False, None


def _write(path: Path, found: Any) -> None:
    text = json.dumps(found, ensure_ascii=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, lambda file: file.write(f"{_digest(text)}\n{text}".encode()), is_lasting=False)
        thin_out(path.parent, "*.json", MOST)
    except (OSError, ValueError):
        pass


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]


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
    return _digest("\n".join(f"{path} {state.st_size} {state.st_mtime_ns}" for path, state in states))


def thin_out(folder: Path, pattern: str, most: int) -> None:
    """Remove the oldest files beyond so many. Raises OSError."""
    files = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime_ns)
    for path in files[: max(0, len(files) - most)]:
        path.unlink(missing_ok=True)
