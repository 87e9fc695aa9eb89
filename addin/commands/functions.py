"""``kaohe functions [NAME]``: the functions, or one of them in full."""

from __future__ import annotations

import argparse

from addin.cli import UserError
from addin.handbook import function_page
from udfs import FUNCTIONS


def run(arguments: argparse.Namespace) -> int:
    if arguments.name is None:
        for function in FUNCTIONS.values():
            print(f"{function.syntax}\n    {function.label}:{function.description}")
        return 0
    function = FUNCTIONS.get(arguments.name.upper()) or FUNCTIONS.get(f"KAOHE_{arguments.name.upper()}")
    if function is None:
        raise UserError(f"没有函数 {arguments.name};可用的函数:{'、'.join(FUNCTIONS)}")
    print(function_page(function))
    return 0
