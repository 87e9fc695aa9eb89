"""Finding, counting and adding up by key: exact where spreadsheet look-ups take wildcards and near numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Union

from udfs.coefficients import outcome
from udfs.registry import Kind, Shape, entries, option, optional, required, udf
from udfs.scores import ZERO, Row
from udfs.values import Cell, CellError, Result, UdfError, is_blank, key, maybe_number, number, raise_errors, whole

CATEGORY = "查找与汇总"
Key = Union[str, Decimal]


def _readable(cell: Cell) -> Key | None:
    """A key, or None for a cell that can't be one."""
    return None if is_blank(cell) or isinstance(cell, (bool, CellError)) else key(cell)


@udf(
    "KAOHE_LOOKUP",
    "精确查找",
    "Exact lookup",
    CATEGORY,
    "在键列中精确查找,返回对应的结果;不使用通配符,数字按 15 位有效数字比较。",
    "The result beside the key that equals the value exactly.",
    required("值", "value", Shape.CELL, "要查找的值。", "The value.", Kind.ANY),
    entries("键", "keys", "查找的列。", "Where to look.", Kind.ANY),
    entries("结果", "results", "与键一一对应的结果。", "Results, one a key.", Kind.ANY),
    example=('=KAOHE_LOOKUP("护",{"医","护"},{1.2,1.1})', 1.1),
    remarks="找不到得 #N/A,有重复的键得 #VALUE!;只受找到的那一行的错误值影响。",
    result=Kind.ANY,
)
def lookup(keys: Row, results: Row) -> Callable[[Cell], Result]:
    """The result at the only place where key = value."""
    if len(keys) != len(results):
        raise UdfError(CellError.VALUE)
    places: dict[Key, int] = {}
    repeated: set[Key] = set()
    for place, cell in enumerate(keys):
        found = _readable(cell)
        if found is None:
            continue
        if found in places:
            repeated.add(found)
        places[found] = place

    def one(value: Cell) -> Result:
        wanted = key(value)
        if wanted in repeated:
            raise UdfError(CellError.VALUE)
        if wanted not in places:
            raise UdfError(CellError.NA)
        return outcome(results[places[wanted]])

    return one


@udf(
    "KAOHE_COUNT",
    "精确计数",
    "Exact count",
    CATEGORY,
    "某个值在一列中出现几次;不使用通配符。",
    "How often exactly this value stands in the list.",
    required("值", "value", Shape.CELL, "要数的值。", "The value.", Kind.ANY),
    entries("列", "cells", "在其中计数的列。", "Where to count.", Kind.ANY),
    example=('=KAOHE_COUNT("甲",{"甲","乙","甲"})', 2),
    remarks="列中的错误值不等于任何值。",
)
def count(cells: Row) -> Callable[[Cell], int]:
    """Number of places where cell = value."""
    counted = Counter(found for cell in cells if (found := _readable(cell)) is not None)
    return lambda value: counted[key(value)]


@udf(
    "KAOHE_SUM",
    "按键汇总",
    "Sum by key",
    CATEGORY,
    "把属于同一个键的数值精确相加;可以只取最大的几个。",
    "Exact sum of the numbers of one key; of the largest n if wanted.",
    required("谁", "who", Shape.CELL, "要汇总的键。", "The key.", Kind.ANY),
    entries("键", "keys", "各行的键。", "The key of each row.", Kind.ANY),
    entries("数值", "values", "各行的数值;空白为 0。", "The number of each row; blanks are 0."),
    optional("前几", "largest", Shape.SCALAR, "只取最大的几个,省略时全取。", "Only the largest n; all if omitted."),
    example=('=KAOHE_SUM("甲",{"甲","乙","甲"},{0.1,5,0.2})', 0.3),
    remarks="没有这个键得 0。本键的数值中有错误值或文本时结果为错误值,其他键的不影响。",
)
def sum_by_key(keys: Row, values: Row, largest: Decimal | None) -> Callable[[Cell], Decimal]:
    """Σ of the values whose key equals the wanted one, of the ``largest`` greatest if given."""
    if len(keys) != len(values) or (largest is not None and whole(largest) < 0):
        raise UdfError(CellError.VALUE)
    by_key = _values_by_key(keys, values)

    def one(who: Cell) -> Decimal:
        found = [maybe_number(cell) or ZERO for cell in _clean(by_key.get(key(who), []))]
        if largest is not None:
            found = sorted(found, reverse=True)[: whole(largest)]
        return sum(found, ZERO)

    return one


def _values_by_key(keys: Row, values: Row) -> dict[Key, Row]:
    raise_errors(keys)
    by_key: dict[Key, Row] = {}
    for cell, value in zip(keys, values):
        if not is_blank(cell):
            by_key.setdefault(key(cell), []).append(value)
    return by_key


def _clean(cells: Row) -> Row:
    raise_errors(cells)
    return cells


@udf(
    "KAOHE_LOG",
    "记录计分",
    "Points from a log",
    CATEGORY,
    "按标准给记录逐条计分,合计到人;每人每项可以封顶。",
    "A person's total from a log of events priced by a catalogue, with a cap a person and item.",
    required("谁", "who", Shape.CELL, "要谁的合计。", "Whose total.", Kind.ANY),
    entries("记录人", "names", "每条记录是谁的;空白行不计。", "Whose record each row is.", Kind.ANY),
    entries("记录项目", "items", "每条记录的项目。", "The item of each row.", Kind.ANY),
    entries("记录次数", "counts", "每条记录的次数;空白为 0。", "The count of each row; blanks are 0."),
    entries("标准项目", "catalogue", "标准中的项目,不得重复。", "The catalogue's items.", Kind.ANY),
    entries("标准分值", "prices", "各项目每次的分值。", "Points a time."),
    optional("每项上限", "caps", Shape.LIST, "各项目每人的上限;空白为不封顶。", "Cap a person; blank is none."),
    example=('=KAOHE_LOG("甲",{"甲","乙","甲"},{"迟到","旷工","迟到"},{1,1,2},{"迟到","旷工"},{0.5,3})', 1.5),
    remarks="标准中没有的项目使有该项目的人得 #N/A;次数为负得 #VALUE!;没有记录的人为 0。",
)
def log(
    names: Row, items: Row, counts: Row, catalogue: Row, prices: Row, caps: Row | None
) -> Callable[[Cell], Decimal]:
    """Σ over items of min(Σ counts · price, cap)."""
    if not len(names) == len(items) == len(counts):
        raise UdfError(CellError.VALUE)
    priced = _catalogue(catalogue, prices, caps)
    raise_errors(names)
    rows: dict[Key, list[tuple[Cell, Cell]]] = {}
    for name, item, times in zip(names, items, counts):
        if not is_blank(name):
            rows.setdefault(key(name), []).append((item, times))

    def one(who: Cell) -> Decimal:
        own = rows.get(key(who), [])
        raise_errors(cell for row in own for cell in row)
        totals: dict[Key, Decimal] = {}
        for item, times in own:
            if is_blank(item) and is_blank(times):
                continue
            counted = maybe_number(times) or ZERO
            if counted < 0 or is_blank(item):
                raise UdfError(CellError.VALUE)
            totals[key(item)] = totals.get(key(item), ZERO) + counted
        return sum((_priced(priced, item, times) for item, times in totals.items()), ZERO)

    return one


def _catalogue(items: Row, prices: Row, caps: Row | None) -> dict[Key, tuple[Cell, Cell]]:
    if len(items) != len(prices) or (caps is not None and len(caps) != len(items)):
        raise UdfError(CellError.VALUE)
    raise_errors(items)
    priced: dict[Key, tuple[Cell, Cell]] = {}
    for place, item in enumerate(items):
        if is_blank(item):
            continue
        if key(item) in priced:
            raise UdfError(CellError.VALUE)
        priced[key(item)] = prices[place], caps[place] if caps is not None else None
    return priced


def _priced(priced: dict[Key, tuple[Cell, Cell]], item: Key, times: Decimal) -> Decimal:
    if item not in priced:
        raise UdfError(CellError.NA)
    price, cap = priced[item]
    amount, most = times * number(price), maybe_number(cap)
    return amount if most is None else min(amount, most)


@udf(
    "KAOHE_RUN",
    "最长连续",
    "Longest run",
    CATEGORY,
    "一行中最长连续多少格低于(或达到)界限,例如连续不合格的月数。",
    "The longest run of neighbouring cells under (or at least) a bound.",
    required("数值", "values", Shape.ROW, "一行数值;空白格使连续中断。", "A row of numbers; a blank breaks a run."),
    required("界限", "threshold", Shape.SCALAR, "比较的界限。", "The bound."),
    option("比较", "comparison", "数哪些格", "Which cells count.", "低于", "达到"),
    example=("=KAOHE_RUN({55,58,70,50},60)", 2),
    remarks="整行空白得空文本。",
)
def run(bound: Decimal, reaching: int) -> Callable[[Row], int]:
    """Length of the longest run of cells with value < bound (0) or value ≥ bound (1)."""

    def one(row: Row) -> int:
        raise_errors(row)
        longest = current = 0
        for cell in row:
            value = maybe_number(cell)
            hit = value is not None and (value >= bound) == bool(reaching)
            current = current + 1 if hit else 0
            longest = max(longest, current)
        return longest

    return one
