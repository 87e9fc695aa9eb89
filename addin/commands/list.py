"""``kaohe list``: the schemes that there are."""

from __future__ import annotations

import argparse

from workbook_templates.scheme import load, slugs


def run(arguments: argparse.Namespace) -> int:
    schemes = [load(slug) for slug in slugs()]
    width = max(len(scheme.slug) for scheme in schemes)
    for scheme in schemes:
        print(f"{scheme.slug:<{width}}  {scheme.title}")
    return 0
