"""What is in a built file, by its parts. Standard library only."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

PROJECT_PART, RIBBON_PART = "xl/vbaProject.bin", "customUI/customUI14.xml"
SIGNATURES = ("vbaProjectSignature.bin", "vbaProjectSignatureAgile.bin", "vbaProjectSignatureV3.bin")


def parts(file: Path | bytes) -> dict[str, int]:
    """The parts of a file of Office by name, with the checksum of each; none if it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file) as package:
            return {part.filename: part.CRC for part in package.infolist()}
    except (OSError, zipfile.BadZipFile):
        return {}


def is_signed(file: Path | bytes) -> bool:
    """Whether a file carries a signature of its VBA project."""
    return any(name.rsplit("/", 1)[-1] in SIGNATURES for name in parts(file))


def is_same(found: Path, wanted: bytes) -> bool:
    """Whether a file is what was built; signing adds parts to it, and says so in others."""
    compared = (PROJECT_PART, RIBBON_PART) if is_signed(found) else None
    one, other = (
        {name: crc for name, crc in parts(file).items() if not compared or name in compared} for file in (found, wanted)
    )
    return one == other
