"""The parts of a package as trees: found by their relationships, read, changed and declared."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple, TypeVar

from lxml import etree

from addin.xlsx.package import CONTENT_TYPES, read_xml

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MOST_BYTES, MOST_KEPT = 256 * 1024, 128
"""Of a part whose meaning is kept; so many of each kind are."""
_CHAIN = "calcchain.xml"
Found = TypeVar("Found")


def once(find: Callable[..., Found]) -> Callable[..., Found]:
    """What is found in a part is found once for all workbooks that have the same one, as those of one scheme do."""
    kept = lru_cache(maxsize=MOST_KEPT)(find)

    def found(xml: bytes, *more: str) -> Found:
        return kept(xml, *more) if len(xml) <= MOST_BYTES else find(xml, *more)

    return found


def parse_part(package: zipfile.ZipFile, part: str) -> Any:
    return parsed(read_xml(package, part))


def parsed(xml: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)
    return etree.fromstring(xml, parser)


def written(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def local_name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Any, name: str) -> list[Any]:
    return [child for child in element if local_name(child) == name] if element is not None else []


def child(element: Any, name: str) -> Any:
    return next(iter(children(element, name)), None)


class Relation(NamedTuple):
    """A relationship of a part: to another part of the package, or to what stands elsewhere."""

    identifier: str
    kind: str
    target: str
    is_external: bool


def relations_of(package: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Type and target part by relationship id; raises ValueError for one that is there twice."""
    parts = _by_lower_case(tuple(package.namelist()))
    found: dict[str, tuple[str, str]] = {}
    for identifier, kind, target, is_external in all_relations(package, part):
        if is_external:
            continue
        if identifier in found:
            raise ValueError(f"{_relations_name(part)} 中有两个 {identifier}")
        found[identifier] = kind, parts.get(target.lower(), target)
    return found


def all_relations(package: zipfile.ZipFile, part: str) -> list[Relation]:
    path = _by_lower_case(tuple(package.namelist())).get(_relations_name(part).lower())
    return _relations(read_xml(package, path), posixpath.dirname(part)) if path is not None else []


@lru_cache(maxsize=8)
def _by_lower_case(parts: tuple[str, ...]) -> dict[str, str]:
    """The parts of a package by their names in lower case: names are equal whatever their case."""
    return {name.lower(): name for name in parts}


@once
def _relations(xml: bytes, folder: str) -> list[Relation]:
    found = []
    for relation in parsed(xml):
        if not isinstance(relation.tag, str):
            continue
        target, is_external = relation.get("Target", ""), relation.get("TargetMode") == "External"
        if not is_external:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found.append(Relation(relation.get("Id"), relation.get("Type", "").rpartition("/")[2], target, is_external))
    return found


def named(parts: Iterable[str], wanted: str) -> str:
    """A part's name as the package has it: names are equal whatever their case."""
    return next((name for name in parts if name.lower() == wanted.lower()), wanted)


def relations_part(parts: Iterable[str], part: str) -> str:
    """The part with the relationships of a part ("" for the package)."""
    return named(parts, _relations_name(part))


@lru_cache(maxsize=1024)
def _relations_name(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def main_part(package: zipfile.ZipFile) -> str:
    """The workbook's own part; "" where there is none."""
    return next((target for kind, target in relations_of(package, "").values() if kind == "officeDocument"), "")


@once
def _content_types(xml: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """By part and by ending."""
    root = parsed(xml)
    types = {e.get("PartName", "").lstrip("/").lower(): e.get("ContentType", "") for e in children(root, "Override")}
    return types, {e.get("Extension", "").lower(): e.get("ContentType", "") for e in children(root, "Default")}


def content_type(package: zipfile.ZipFile, part: str) -> str:
    """What a part is declared to be; "" where nothing is said of it."""
    types, defaults = _content_types(read_xml(package, CONTENT_TYPES))
    return types.get(part.lower()) or defaults.get(part.rpartition(".")[2].lower(), "")


def relate(relations: Any, kind: str, target: str) -> str:
    """Add a relationship; gives its id."""
    taken = {relation.get("Id") for relation in relations}
    identifier = next(f"rId{number}" for number in count(1) if f"rId{number}" not in taken)
    etree.SubElement(relations, f"{{{PACKAGE}/relationships}}Relationship", Id=identifier, Type=kind, Target=target)
    return identifier


def declare(types: Any, part: str, kind: str) -> None:
    """Say in the content types what a part is."""
    etree.SubElement(types, f"{{{PACKAGE}/content-types}}Override", PartName=f"/{part}", ContentType=kind)


def without_chain(package: zipfile.ZipFile) -> tuple[dict[str, bytes], list[str]]:
    """The parts that change, and those that go, where the order of computing is no longer true: programs make it anew."""
    chains = [part for part in package.namelist() if part.lower().endswith(_CHAIN)]
    changed = {}
    for part in (CONTENT_TYPES, relations_part(package.namelist(), main_part(package))) if chains else ():
        root = parse_part(package, part)
        for entry in [each for each in root if _CHAIN in "".join(each.attrib.values()).lower()]:
            root.remove(entry)
        changed[part] = written(root)
    return changed, chains
