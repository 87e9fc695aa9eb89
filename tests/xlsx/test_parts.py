"""Parts of a package are found whatever their names are written like, changed, and declared."""

from __future__ import annotations

import io
import zipfile

import pytest

from addin.xlsx.package import CONTENT_TYPES
from addin.xlsx.parts import (
    PACKAGE,
    content_type,
    declare,
    main_part,
    parse_part,
    parsed,
    relate,
    relations_of,
    without_chain,
    written,
)
from tests.xlsx.support import relations, types

MAIN_RELATIONS = "xl/_rels/workbook.xml.rels"


def package(**parts: str) -> zipfile.ZipFile:
    """``parts`` beside those that every workbook has."""
    own = {CONTENT_TYPES: types("xl/workbook.xml"), "_rels/.rels": relations(a="officeDocument:xl/workbook.xml")}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, text in (own | parts).items():
            made.writestr(name, text)
    return zipfile.ZipFile(stream)


@pytest.mark.parametrize(
    ("target", "part"),
    [("a.xml", "xl/a.xml"), ("./b/a.xml", "xl/b/a.xml"), ("/b/a.xml", "b/a.xml"), ("../a.xml", "a.xml"), ("A.XML", "xl/a.xml")],
)  # fmt: skip
def test_a_target_is_found_from_where_it_is_named(target: str, part: str) -> None:
    found = package(**{"XL/_rels/Workbook.xml.rels": relations(s=f"worksheet:{target}"), part: ""})
    assert main_part(found) == "xl/workbook.xml"
    assert relations_of(found, "xl/workbook.xml") == {"s": ("worksheet", part)}


def test_what_stands_elsewhere_is_no_part() -> None:
    outside = relations(a="hyperlink:x.xml", b="worksheet:b.xml").replace('"x.xml"', '"x.xml" TargetMode="External"')
    found = package(**{MAIN_RELATIONS: outside})
    assert relations_of(found, "xl/workbook.xml") == {"b": ("worksheet", "xl/b.xml")}
    assert relations_of(found, "xl/b.xml") == {}


def test_a_new_relationship_has_an_id_that_is_free() -> None:
    root = parsed(relations(rId1="worksheet:a.xml", rId3="worksheet:b.xml").encode())
    assert [relate(root, "urn:x", "/c.xml") for _ in range(3)] == ["rId2", "rId4", "rId5"]
    assert root[-1].attrib == {"Id": "rId5", "Type": "urn:x", "Target": "/c.xml"}


def test_parts_are_declared_by_name_or_by_ending() -> None:
    kinds = parsed(types("xl/a.xml", "a").encode())
    kinds.append(parsed(f'<Default xmlns="{PACKAGE}/content-types" Extension="PNG" ContentType="image/png"/>'.encode()))
    declare(kinds, "xl/b.xml", "b")
    found = package(**{CONTENT_TYPES: written(kinds).decode()})
    told = [content_type(found, part) for part in ("xl/A.xml", "xl/b.xml", "x/y.png", "xl/c.xml")]
    assert told == ["application/vnd.a", "b", "image/png", ""]


def test_the_order_of_computing_is_forgotten() -> None:
    kinds = types("xl/calcChain.xml", "openxmlformats-officedocument.spreadsheetml.calcChain+xml")
    found = package(
        **{CONTENT_TYPES: kinds, MAIN_RELATIONS: relations(c="calcChain:calcChain.xml", s="worksheet:s.xml"), "xl/calcChain.xml": ""}
    )  # fmt: skip
    changed, gone = without_chain(found)
    assert gone == ["xl/calcChain.xml"] and changed.keys() == {CONTENT_TYPES, MAIN_RELATIONS}
    assert len(parsed(changed[CONTENT_TYPES])) == 0
    assert [each.get("Id") for each in parsed(changed[MAIN_RELATIONS])] == ["s"]
    assert without_chain(package(**{MAIN_RELATIONS: relations(s="worksheet:s.xml")})) == ({}, [])
    assert len(parse_part(found, MAIN_RELATIONS)) == 2
