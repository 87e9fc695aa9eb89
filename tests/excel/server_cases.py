"""Calls functions through the true ``xlwings.udfs.call_udf``: cases in JSON come in, results go out.

A case is a function's name and its arguments; a whole number in a block is an error's code, None an empty cell, and
``"<missing>"`` an argument that was left out.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.excel import com

MISSING = "<missing>"
MODULE = "addin.excel.server"


def argument(value: Any) -> Any:
    if value == MISSING:
        return com.MISSING
    if isinstance(value, list):
        return tuple(map(tuple, value)) if value and isinstance(value[0], list) else tuple(value)
    if isinstance(value, dict):
        return com.TimeType.fromisoformat(value["date"])
    return value


def main() -> None:
    udfs = com.install()
    results = [
        udfs.call_udf(MODULE, name, tuple(map(argument, arguments)), None, None)
        for name, arguments in json.load(sys.stdin)
    ]
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
