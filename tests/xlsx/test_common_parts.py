"""Parts that many workbooks have in common are inflated once, and damage is seen nevertheless."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from addin.xlsx import package as package_module
from addin.xlsx.files import WorkbookError
from addin.xlsx.package import CONTENT_TYPES, _Kept, damage_told, package_of, read_part


def archive(*parts: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in ((CONTENT_TYPES, b"<Types/>"), *parts):
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def test_a_part_that_was_met_is_taken_as_it_was_read_and_another_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = _Kept()
    monkeypatch.setattr(package_module, "_KEPT", kept)
    packages = [package_of(archive(("a.xml", content)), Path("a.xlsx")) for content in (b"<a/>", b"<a/>", b"<b/>")]
    found = [read_part(each, "a.xml") for each in packages]
    assert found == [b"<a/>", b"<a/>", b"<b/>"] and found[0] is found[1]
    with pytest.raises(ValueError, match="缺少部件"):
        read_part(packages[0], "b.xml")


@pytest.mark.parametrize("place", ["sum", "size", "name", "listed", "data"])
def test_damage_is_seen_though_the_part_was_met_whole(place: str) -> None:
    whole = archive(("xl/a.xml", b"<a>" + b"1234567" * 20 + b"</a>"))
    assert read_part(package_of(whole, Path("a.xlsx")), "xl/a.xml")
    directory, local = whole.rindex(b"PK\x01\x02"), whole.rindex(b"PK\x03\x04")
    at = {"sum": directory + 16, "size": directory + 24, "name": local + 33, "listed": directory + 49, "data": local + 45}[place]
    damaged = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    with pytest.raises(WorkbookError, match="已损坏"), damage_told(Path("a.xlsx")):
        read_part(package_of(damaged, Path("a.xlsx")), "xl/`.xml" if place == "listed" else "xl/a.xml")


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_module, "MOST_KEPT", 1000)
    kept = _Kept()
    monkeypatch.setattr(package_module, "_KEPT", kept)
    package = package_of(archive(*((f"{n}.xml", b"%03d" % n * 100) for n in range(9))), Path("a.xlsx"))
    for _ in range(2):
        for number in range(9):
            assert read_part(package, f"{number}.xml") == b"%03d" % number * 100
            assert sum(map(len, kept._contents.values())) <= 1000
