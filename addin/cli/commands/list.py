"""``kaohe list``: the schemes that there are."""

from __future__ import annotations

import argparse
import sys

from addin.shared.exits import FAILED
from addin.shared.schemes import titles
from addin.shared.texts import aligned


def run(arguments: argparse.Namespace) -> int:
    known, wrong = titles()
    print(aligned([[slug, title] for slug, title in known.items()]))
    for told in wrong:
        print(f"kaohe:{told}", file=sys.stderr)
    return FAILED if wrong else 0
