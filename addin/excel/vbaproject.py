"""vbaProject.bin: the modules of a VBA project, written as [MS-OVBA] asks of a writer that has no performance cache.

Own code rather than a library: the part of the format that a writer needs is these two pages, it is deterministic, and
so the libraries that know the format (oletools, pyOpenVBA) are left to the tests as independent readers. Sources are
pure ASCII: what an editor of another code page makes of other characters is anybody's guess.
"""

from __future__ import annotations

import enum
import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from addin.excel.cfb import compound_file

CODE_PAGE = 1252
ENGLISH = 0x0409
WIN64_AND_32 = 1
NO_CACHE = bytes.fromhex("cc61ffff000000")
"""The stream _VBA_PROJECT of a project that any version of Office has to compile anew."""

WORKBOOK_CLASS = "00020819-0000-0000-C000-000000000046"
SHEET_CLASS = "00020820-0000-0000-C000-000000000046"
CLASS_MODULE = "FCFB3D2A-A0FA-1068-A738-08002B3371B5"
REFERENCES = (
    ("stdole", r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation"),
    (
        "Office",
        r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared\OFFICE16"
        r"\MSO.DLL#Microsoft Office 16.0 Object Library",
    ),
)


class Kind(enum.Enum):
    """What a module is the code of."""

    WORKBOOK = "workbook"
    SHEET = "sheet"
    STANDARD = "standard module"
    CLASS = "class module"


_DECLARED = {Kind.STANDARD: "Module={}", Kind.CLASS: "Class={}"}
_DOCUMENT = "Document={}/&H00000000"


@dataclass(frozen=True)
class Module:
    """A module: its name, its code (without the attributes that every module of its kind has) and its kind."""

    name: str
    code: str
    kind: Kind = Kind.STANDARD

    @property
    def source(self) -> str:
        """The module's stream: its attributes, then the code, lines ending as VBA wants them."""
        code = self.code.replace("\r\n", "\n").rstrip("\n") + "\n" if self.code else ""
        return (_attributes(self) + code).replace("\n", "\r\n")


def _attributes(module: Module) -> str:
    attributes = [f'VB_Name = "{module.name}"']
    if module.kind is not Kind.STANDARD:
        is_document = module.kind is not Kind.CLASS
        base = {Kind.WORKBOOK: WORKBOOK_CLASS, Kind.SHEET: SHEET_CLASS}.get(module.kind, CLASS_MODULE)
        attributes += [
            f'VB_Base = "0{{{base}}}"',
            "VB_GlobalNameSpace = False",
            "VB_Creatable = False",
            f"VB_PredeclaredId = {is_document}",
            f"VB_Exposed = {is_document}",
            "VB_TemplateDerived = False",
            f"VB_Customizable = {is_document}",
        ]
    return "".join(f"Attribute {attribute}\n" for attribute in attributes)


def vba_project(modules: Sequence[Module], name: str) -> bytes:
    """The file vbaProject.bin; ``name`` is the project's, as the VBA editor shows it."""
    identity = "{" + str(uuid.uuid5(uuid.NAMESPACE_DNS, name)).upper() + "}"
    streams = {f"VBA/{module.name}": compressed(module.source.encode("ascii")) for module in modules}
    streams["VBA/dir"] = compressed(_directory(modules, name))
    streams["VBA/_VBA_PROJECT"] = NO_CACHE
    streams["PROJECT"] = _project(modules, name, identity).encode("ascii")
    names = b"".join(module.name.encode() + b"\0" + _utf16(module.name) + b"\0\0" for module in modules)
    streams["PROJECTwm"] = names + b"\0\0"
    return compound_file(streams)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _record(number: int, content: bytes) -> bytes:
    return struct.pack("<HI", number, len(content)) + content


def _directory(modules: Sequence[Module], name: str) -> bytes:
    """The stream dir ([MS-OVBA] 2.3.4.2): what the project is, what it refers to, which modules it has."""
    parts = [
        _record(0x01, struct.pack("<I", WIN64_AND_32)),
        _record(0x02, struct.pack("<I", ENGLISH)),
        _record(0x14, struct.pack("<I", ENGLISH)),
        _record(0x03, struct.pack("<H", CODE_PAGE)),
        _record(0x04, name.encode("ascii")),
        _record(0x05, b"") + _record(0x40, b""),  # description
        _record(0x06, b"") + _record(0x3D, b""),  # help file
        _record(0x07, bytes(4)),
        _record(0x08, bytes(4)),
        struct.pack("<HIIH", 0x09, 4, 0x65BE0257, 17),  # version; its length is stated as 4 and is 6
        _record(0x0C, b"") + _record(0x3C, b""),  # conditional compilation constants
    ]
    for reference, library in REFERENCES:
        path = library.encode("ascii")
        parts.append(_record(0x16, reference.encode()) + _record(0x3E, _utf16(reference)))
        parts.append(_record(0x0D, struct.pack("<I", len(path)) + path + bytes(6)))
    parts.append(_record(0x0F, struct.pack("<H", len(modules))) + _record(0x13, b"\xff\xff"))
    parts += [_module_record(module) for module in modules]
    return b"".join(parts) + _record(0x10, b"")


def _module_record(module: Module) -> bytes:
    name = module.name.encode("ascii")
    return b"".join(
        (
            _record(0x19, name) + _record(0x47, _utf16(module.name)),
            _record(0x1A, name) + _record(0x32, _utf16(module.name)),  # the stream has the module's name
            _record(0x1C, b"") + _record(0x48, b""),  # description
            _record(0x31, bytes(4)),  # the source begins at once, there is no cache before it
            _record(0x1E, bytes(4)),
            _record(0x2C, b"\xff\xff"),
            _record(0x21 if module.kind is Kind.STANDARD else 0x22, b""),
            _record(0x2B, b""),
        )
    )


def _project(modules: Sequence[Module], name: str, identity: str) -> str:
    """The stream PROJECT: the modules by kind; the project is neither locked nor protected by a password."""
    lines = [
        f'ID="{identity}"',
        *(_DECLARED.get(module.kind, _DOCUMENT).format(module.name) for module in modules),
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_encrypted(bytes(4), identity)}"',
        f'DPB="{_encrypted(bytes(1), identity)}"',
        f'GC="{_encrypted(bytes([255]), identity)}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
        "",
    ]
    return "\r\n".join(lines)


def _encrypted(data: bytes, identity: str, seed: int = 0x07) -> str:
    """Data Encryption ([MS-OVBA] 2.4.3.2), which hides nothing; the seed may be any byte."""
    key = sum(identity.encode("ascii")) & 0xFF
    version, project_key = seed ^ 2, seed ^ key
    result = [seed, version, project_key]
    plain, last, before = key, project_key, version
    for byte in bytes([0x07]) * ((seed & 6) // 2) + struct.pack("<I", len(data)) + data:
        hidden = byte ^ ((before + plain) & 0xFF)
        result.append(hidden)
        before, last, plain = last, hidden, byte
    return bytes(result).hex().upper()


CHUNK = 4096


def compressed(data: bytes) -> bytes:
    """A CompressedContainer ([MS-OVBA] 2.4.1)."""
    chunks = (data[start : start + CHUNK] for start in range(0, len(data), CHUNK))
    return b"\x01" + b"".join(_compressed_chunk(chunk) for chunk in chunks)


def _compressed_chunk(chunk: bytes) -> bytes:
    body = bytearray()
    place = 0
    while place < len(chunk):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if place >= len(chunk):
                break
            offset_bits = max(4, (place - 1).bit_length())
            offset, length = _match(chunk, place, (0xFFFF >> offset_bits) + 3)
            if length:
                flags |= 1 << bit
                tokens += struct.pack("<H", (offset - 1) << (16 - offset_bits) | (length - 3))
                place += length
            else:
                tokens.append(chunk[place])
                place += 1
        body.append(flags)
        body += tokens
    if len(body) > CHUNK or len(body) >= len(chunk) == CHUNK:
        return struct.pack("<H", 0x3000 | (CHUNK - 1)) + chunk.ljust(CHUNK, b"\0")
    return struct.pack("<H", 0xB000 | (len(body) - 1)) + bytes(body)


def _match(chunk: bytes, place: int, longest: int) -> tuple[int, int]:
    """How far back the longest repetition of what follows begins, and its length; (0, 0) for none worth a token."""
    longest = min(longest, len(chunk) - place)
    offset = length = 0
    wanted = 3
    while wanted <= longest:
        found = chunk.rfind(chunk[place : place + wanted], 0, place + wanted - 1)
        if found < 0:
            break
        length = wanted
        while length < longest and chunk[found + length] == chunk[place + length]:
            length += 1
        offset, wanted = place - found, length + 1
    return offset, length
