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
