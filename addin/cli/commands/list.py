"""``kaohe list``: the schemes that there are, or those whose titles have a word."""

from __future__ import annotations

import argparse
import sys

from addin.shared.exits import FAILED, UserError
from addin.shared.schemes import titles
from addin.shared.texts import aligned


def run(arguments: argparse.Namespace) -> int:
    known, wrong = titles()
    word = arguments.word or ""
    found = [[slug, title] for slug, title in known.items() if word in title or word in slug]
    if not found:
        raise UserError(f"没有名称中有“{word}”的方案；kaohe list 列出全部方案")
    print(aligned(found))
    for told in wrong:
        print(f"kaohe：{told}", file=sys.stderr)
    return FAILED if wrong else 0
