"""Damaged and malicious workbooks: every command computes them, or refuses them in words."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from addin.headless.session import Session
from tests.faults.commands import BOOK, OTHER, Command, run, sources

COMMANDS = (
    Command(("calc", f"{{}}/{BOOK}", "-o", f"{{}}/{OTHER}")),
    Command(("check", f"{{}}/{BOOK}")),
    Command(("show", f"{{}}/{BOOK}", "--json")),
    Command(("run", "freeze", f"{{}}/{BOOK}")),
    Command(("run", "publish", f"{{}}/{BOOK}")),
    Command(("run", "slips", f"{{}}/{BOOK}")),
    Command(("run", "explain", f"{{}}/{BOOK}", "--option", "person=1")),
)
ODD_TEXTS = (
    b"", b"-1", b"1e999", b"NaN", b"99999999999999999999", b"XFE1", b"A0", b"A1048577", b"&#0;", b"&lt;", b"_xD800_", b"\xff",
    "考核".encode(), b"A1:B2:C3", b"SUM(", b"[#Data]", b"1" * 400, b"(" * 200, b"#REF!", b"str", b"inlineStr", b"../../x.xml",
)  # fmt: skip
_ATTRIBUTE = re.compile(rb"=\"[^\"]*\"")
_TEXT = re.compile(rb">[^<>]+<")
_ELEMENT = re.compile(rb"<[^<>/!?][^<>]*/?>")
Parts = dict[str, bytes]


def _between(chance: random.Random, xml: bytes, pattern: re.Pattern[bytes], inner: int) -> bytes:
    """One match with something odd in it, ``inner`` bytes of the match staying in front."""
    found = list(pattern.finditer(xml))
    if not found:
        return b""
    match = chance.choice(found)
    return xml[: match.start() + inner] + chance.choice(ODD_TEXTS) + xml[match.end() - 1 :]


def _without(chance: random.Random, xml: bytes, pattern: re.Pattern[bytes]) -> bytes:
    found = list(pattern.finditer(xml))
    match = chance.choice(found) if found else None
    return xml[: match.start()] + xml[match.end() :] if match else b""


def _flipped(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 2, 8))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


CHANGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    lambda chance, xml: b"",
    lambda chance, xml: b"<a/>",
    lambda chance, xml: xml[: chance.randrange(len(xml))],
    lambda chance, xml: b'<!DOCTYPE a [<!ENTITY b "bb">]>' + xml,
    lambda chance, xml: xml.decode("utf-8").encode("utf-16"),
    lambda chance, xml: _between(chance, xml, _ATTRIBUTE, 2),
    lambda chance, xml: _between(chance, xml, _ATTRIBUTE, 2),
    lambda chance, xml: _between(chance, xml, _TEXT, 1),
    lambda chance, xml: _between(chance, xml, _TEXT, 1),
    lambda chance, xml: _without(chance, xml, _ELEMENT),
    lambda chance, xml: _without(chance, xml, _ATTRIBUTE),
    _flipped,
)
"""What is done to a part."""


def mutated(seed: int) -> bytes:
    """A damaged workbook; the same for the same number."""
    chance = random.Random(seed)
    content = sources()[chance.randrange(2)]
    if chance.random() < 0.15:
        return content[: chance.randrange(len(content))] if chance.random() < 0.3 else _flipped(chance, content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = chance.choice(sorted(parts))
    if (kind := chance.random()) < 0.1:
        del parts[name]
    elif kind < 0.15:
        parts[name.upper() if name.upper() != name else name.lower()] = parts[name]
    elif kind < 0.2:
        other = chance.choice(sorted(parts))
        parts[name], parts[other] = parts[other], parts[name]
    else:
        parts[name] = chance.choice(CHANGES)(chance, parts[name])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return stream.getvalue()


def attack(folder: Path, seed: int, command: Command) -> str:
    """Run a command on a damaged workbook; returns what went wrong."""
    path, content = folder / BOOK, mutated(seed)
    for old in folder.glob("*.xlsx"):
        old.unlink()
    path.write_bytes(content)
    ended = run(command, folder)
    if ended.code not in (0, 1, 2) or "Traceback" in ended.told:
        return f"code {ended.code}: {ended.told[-300:]}"
    if path.read_bytes() != content:
        return "the file was changed"
    if ended.code == 2 and "kaohe：" not in ended.told:
        return "refused without a word"
    made = [other for other in folder.glob("*.xlsx") if other != path]
    for other in made:
        Session.open(other)
    return ""
