"""``kaohe list``: the schemes that there are."""

from __future__ import annotations

import argparse

from addin.shared.texts import aligned
from workbook_templates.scheme.model import load, slugs


def run(arguments: argparse.Namespace) -> int:
    print(aligned([[slug, load(slug).title] for slug in slugs()]))
    return 0
