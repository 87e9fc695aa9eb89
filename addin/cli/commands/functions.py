"""``kaohe functions [NAME]``: the functions, or one of them in full."""

from __future__ import annotations

import argparse

from addin.handbook.functions import function_text
from addin.shared.exits import UserError
from udfs import FUNCTIONS
from udfs.registry import PREFIX


def run(arguments: argparse.Namespace) -> int:
    if arguments.name is None:
        for function in FUNCTIONS.values():
            print(f"{function.syntax}\n    {function.label}：{function.description}")
        return 0
    name = arguments.name.upper()
    name = name if name in FUNCTIONS else PREFIX + name
    if name not in FUNCTIONS:
        raise UserError(f"没有函数 {arguments.name}；可用的函数：{'、'.join(FUNCTIONS)}")
    print(function_text(FUNCTIONS[name]))
    return 0
