"""Readers of VBA projects that other people wrote."""

from __future__ import annotations

import warnings
from pathlib import Path

with warnings.catch_warnings():
    # oletools uses names that newer versions of its own libraries warn of.
    warnings.simplefilter("ignore")
    from oletools.olevba import VBA_Parser


def read_by_olevba(path: Path) -> dict[str, str]:
    """The modules of a file and their sources."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parser = VBA_Parser(str(path))
        found = {name.split(".")[0]: code for _, _, name, code in parser.extract_macros()}
        parser.close()
    return found


def scanned(path: Path) -> list[tuple[str, str]]:
    """What olevba says about a file's macros, as scanners of mail do: kind and word."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parser = VBA_Parser(str(path))
        found = [(kind, word) for kind, word, _ in parser.analyze_macros()]
        parser.close()
    return found
