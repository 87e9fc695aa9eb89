"""Which schemes there are: those of the house, and those in folders of the user's own."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook_templates.formula.nearest import nearest
from workbook_templates.scheme.errors import SchemeError

if TYPE_CHECKING:
    from workbook_templates.scheme.model import Scheme

ENDING = ".toml"


def slugs(folders: Iterable[Path] = ()) -> list[str]:
    """The schemes that there are."""
    return sorted({*_own(), *_users(folders)})


def titles(folders: Iterable[Path] = ()) -> tuple[dict[str, str], list[str]]:
    """The titles by slug, as a Chinese list is sorted, and what is wrong with the user's files; of the house's own only
    the heads are read."""
    found, wrong = {slug: title_in(file.read_text(encoding="utf-8")) for slug, file in _own().items()}, []
    for slug, path in _users(folders).items():
        if slug in found:
            wrong.append(f"方案文件 {path} 与自带的方案同名，没有用它；请改文件名")
            continue
        try:
            found[slug] = _read(path).title
        except SchemeError as error:
            wrong.append(str(error))
    return dict(sorted(found.items(), key=_pinyin)), wrong


def sample(slug: str) -> dict[str, Any]:
    """The data of the people that a scheme's sample workbook shows; raises SchemeError."""
    file = files("workbook_templates") / "samples" / f"{slug}.json"
    if not file.is_file():
        raise SchemeError(f"方案 {slug} 没有示例数据")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def load(slug: str, folders: Iterable[Path] = ()) -> Scheme:
    """One scheme by its slug, its title, or the path of its file; raises SchemeError."""
    if is_scheme_file(slug):
        return _read(Path(slug))
    if slug in _own():
        return _loaded(slug)
    users = _users(folders)
    if slug in users:
        return _read(users[slug])
    known, _ = titles(folders)
    titled = [other for other, title in known.items() if title == slug]
    if len(titled) == 1:
        return load(titled[0], folders)
    alike = "、".join(f"{other}（{title}）" for other, title in known.items() if slug in title)
    alike = f"；名称中有它的：{alike}" if alike else nearest(slug, known)
    raise SchemeError(f"没有名为 {slug} 的考核方案；kaohe list 列出全部方案{alike}")


def is_scheme_file(slug: str) -> bool:
    """Whether a scheme is given by the path of its file."""
    return slug.lower().endswith(ENDING)


@lru_cache(maxsize=64)
def _loaded(slug: str) -> Scheme:
    from workbook_templates.scheme.loader import parse

    return parse(_own()[slug].read_text(encoding="utf-8"), slug)


def _read(path: Path) -> Scheme:
    from workbook_templates.scheme.loader import parse

    try:
        data = path.read_bytes()
        if data.startswith(b"PK\3\4"):
            raise SchemeError(f"{path} 是工作簿或压缩文件，不是方案文件；工作簿的扩展名应为 .xlsx")
        return parse(data.decode("utf-8-sig"), path.stem)
    except FileNotFoundError:
        raise SchemeError(f"找不到方案文件 {path}") from None
    except UnicodeDecodeError as error:
        told = "在记事本中打开，选“另存为”，编码选 UTF-8"
        raise SchemeError(f"方案文件 {path} 不是 UTF-8 编码；{told}") from error
    except OSError as error:
        raise SchemeError(f"无法读取方案文件 {path}：{error.strerror or error}") from error


def _own() -> dict[str, Traversable]:
    folder = files("workbook_templates") / "schemes"
    return {f.name.removesuffix(ENDING): f for f in folder.iterdir() if f.name.endswith(ENDING)}


def _users(folders: Iterable[Path]) -> dict[str, Path]:
    return {file.stem: file for folder in folders for file in sorted(folder.glob(f"*{ENDING}"))}


def _pinyin(titled: tuple[str, str]) -> bytes:
    """Common characters have their numbers in GB 18030 in the order of pinyin."""
    slug, title = titled
    return f"{title} {slug}".encode("gb18030")


def title_in(text: str) -> str:
    """The title alone of a scheme's text: it stands before the first [table], and reading all of it takes long.

    Empty where there is none. Raises TOMLDecodeError.
    """
    return str(tomllib.loads(text.partition("\n[")[0]).get("title", ""))
