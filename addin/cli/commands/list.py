"""``kaohe list``: the schemes that there are."""

from __future__ import annotations

import argparse

from addin.shared.schemes import load, slugs
from addin.shared.texts import aligned


def run(arguments: argparse.Namespace) -> int:
    print(aligned([[slug, load(slug).title] for slug in slugs()]))
    return 0
