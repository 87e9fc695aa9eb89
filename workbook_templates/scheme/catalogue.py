"""Which schemes there are: those of the house, and those in folders of the user's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.model import Scheme, SchemeError

ENDING = ".toml"


def slugs(folders: Iterable[Path] = ()) -> list[str]:
    """The schemes that there are."""
    return sorted({*_own(), *_users(folders)})


def titles(folders: Iterable[Path] = ()) -> tuple[dict[str, str], list[str]]:
    """The titles by slug, read from the heads of the files; and what is wrong with files that have none."""
    found, wrong = {}, []
    for slug, file in sorted({**_users(folders), **_own()}.items()):
        try:
            found[slug] = _title(file)
        except (SchemeError, OSError, UnicodeDecodeError) as error:
            wrong.append(str(error) if isinstance(error, SchemeError) else f"方案 {slug}:无法读取({error})")
    return found, wrong


def load(slug: str, folders: Iterable[Path] = ()) -> Scheme:
    """One scheme by its name, or by the path of its file; raises SchemeError."""
    if slug.endswith(ENDING):
        return _read(Path(slug))
    if slug in _own():
        return _loaded(slug)
    users = _users(folders)
    if slug in users:
        return _read(users[slug])
    raise SchemeError(f"没有名为 {slug} 的考核方案;可用的方案:{'、'.join(slugs(folders))}")


@lru_cache(maxsize=64)
def _loaded(slug: str) -> Scheme:
    return parse(_own()[slug].read_text(encoding="utf-8"), slug)


def _read(path: Path) -> Scheme:
    try:
        return parse(path.read_text(encoding="utf-8-sig"), path.stem)
    except FileNotFoundError:
        raise SchemeError(f"找不到方案文件 {path}") from None
    except UnicodeDecodeError as error:
        raise SchemeError(f"方案文件 {path} 不是 UTF-8 编码;请另存为 UTF-8") from error


def _own() -> dict[str, Traversable]:
    folder = files("workbook_templates") / "schemes"
    return {f.name.removesuffix(ENDING): f for f in folder.iterdir() if f.name.endswith(ENDING)}


def _users(folders: Iterable[Path]) -> dict[str, Path]:
    return {file.stem: file for folder in folders for file in sorted(folder.glob(f"*{ENDING}"))}


def _title(file: Traversable | Path) -> str:
    """The title alone: it stands before the first [table], and reading a whole file takes long."""
    text = file.read_text(encoding="utf-8-sig")
    head = text.partition("\n[")[0]
    try:
        title = tomllib.loads(head).get("title")
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(f"方案 {file.name.removesuffix(ENDING)}:不是合法的 TOML({error})") from error
    if not isinstance(title, str):
        raise SchemeError(f"方案 {file.name.removesuffix(ENDING)}:缺少 title")
    return title
