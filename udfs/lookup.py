"""Finding, counting and adding up by key: exact where spreadsheet look-ups take wildcards and near numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Tuple, Union

from udfs.coefficients import outcome
from udfs.columns import KEYS, ByColumns, Columns, are_keys
from udfs.registry import Kind, Parameter, Shape, entries, optional, required, udf
from udfs.scores import ZERO, Row
from udfs.spelling import as_seen, is_doubtful
from udfs.values import (
    Cell,
    CellError,
    Result,
    UdfError,
    is_blank,
    key,
    leave,
    maybe_number,
    number,
    raise_errors,
    whole,
)

CATEGORY = "查找与汇总"
Key = Union[str, Decimal]
Keys = Tuple[Key, ...]


def _further(number: int, english: str) -> list[Parameter]:
    """The second and third key: what is wanted, and where it stands."""
    return [
        optional(f"值{number}", f"{english}{number}", Shape.CELL, f"第 {number} 个键的值。", "Another key.", Kind.ANY),
        optional(
            f"键{number}", f"keys{number}", Shape.LIST, f"各行的第 {number} 个键。", "That key of each row.", Kind.ANY
        ),
    ]


FURTHER = [*_further(2, "who"), *_further(3, "who")]
COUNTED = [
    required("值", "value", Shape.CELL, "要数的值。", "The value.", Kind.ANY),
    entries("列", "cells", "在其中计数的列。", "Where to count.", Kind.ANY),
]


def _readable(cell: Cell) -> Key | None:
    """A key, or None for a cell that can't be one."""
    return None if is_blank(cell) or isinstance(cell, (bool, CellError)) else key(cell)


@udf(
    "KAOHE_LOOKUP",
    "精确查找",
    "Exact lookup",
    CATEGORY,
    "在键列中精确查找，返回对应的结果；不使用通配符，数字按 15 位有效数字比较。",
    "The result beside the key that equals the value exactly.",
    required("值", "value", Shape.CELL, "要查找的值。", "The value.", Kind.ANY),
    entries("键", "keys", "查找的列。", "Where to look.", Kind.ANY),
    entries("结果", "results", "与键一一对应的结果。", "Results, one a key.", Kind.ANY),
    example=('=KAOHE_LOOKUP("护",{"医","护"},{1.2,1.1})', 1.1),
    remarks="找不到得 #N/A，有重复的键得 #VALUE!；只受找到的那一行的错误值影响。",
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
    "某个值在一列中出现几次，或几个键都相同的行有几行；不使用通配符。",
    "How often exactly this value stands in the list, or in how many rows all of several keys.",
    *COUNTED,
    *FURTHER,
    example=('=KAOHE_COUNT("甲",{"甲","乙","甲"})', 2),
    remarks="列中的错误值不等于任何值。值2、键2（及值3、键3）要一起给出。",
)
def count(cells: Row, second: Row | None, third: Row | None) -> Callable[[Cell, Cell, Cell], int]:
    """Number of places where cell = value (in every column of keys)."""
    columns = _columns(cells, second, third)
    counted = Counter(_keys(row, _readable) for row in zip(*columns))

    def one(value: Cell, value2: Cell, value3: Cell) -> int:
        return counted[_wanted([second, third], value, value2, value3)]

    def many(*values: Columns | None) -> list[Cell] | None:
        wanted = _all_wanted([second, third], values)
        return None if wanted is None else [float(counted.get(keys, 0)) for keys in wanted]

    return ByColumns(one, many, [KEYS] * 3)


@udf(
    "KAOHE_ALIKE",
    "看似相同的个数",
    "Count of what looks the same",
    CATEGORY,
    "一列中看起来与某个值一样的有几个：不计空格和看不见的字符、全角半角、大小写、间隔号和短横的写法、数前面的 0、是数字还是文本。",
    "How many cells of the list look like the value, whatever their spaces, width and case.",
    *COUNTED,
    example=('=KAOHE_ALIKE("陆海生",{"陆 海生","陆海生","陆海"})', 2),
    remarks="列中的错误值不等于任何值。",
)
def alike(cells: Row) -> Callable[[Cell], int]:
    """Number of cells that nobody can tell from the value (``as_seen``)."""
    named = [cell for cell in cells if _readable(cell) is not None]
    texts = [cell for cell in named if isinstance(cell, str)]
    is_plain = len(texts) == len(named) and not is_doubtful(texts)
    counted: dict[Cell, int] = Counter(texts if is_plain else map(as_seen, named))

    def one(value: Cell) -> int:
        # What looks like itself stands there as it is.
        return counted.get(value) or counted.get(as_seen(key(value)), 0)

    def many(values: Columns | None) -> list[Cell] | None:
        if values is None or not are_keys(values[0]):
            return None
        return [float(one(value)) for value in values[0]]

    return ByColumns(one, many, [KEYS])


def _columns(first: Row, *further: Row | None) -> list[Row]:
    columns = [first, *(column for column in further if column is not None)]
    if any(len(column) != len(first) for column in columns):
        raise UdfError(CellError.VALUE)
    return columns


def _keys(row: Sequence[Cell], read: Callable[[Cell], Key | None]) -> Keys | None:
    """A row's keys; None if one is missing."""
    keys = [read(cell) for cell in row]
    return None if None in keys else tuple(found for found in keys if found is not None)


def _wanted(columns: list[Row | None], value: Cell, *further: Cell) -> Keys:
    """The keys that are looked for: as many as there are columns of them."""
    if any((column is None) != is_blank(cell) for column, cell in zip(columns, further)):
        raise UdfError(CellError.VALUE)
    return (key(value), *(key(cell) for cell in further if not is_blank(cell)))


def _all_wanted(columns: list[Row | None], values: tuple[Columns | None, ...]) -> list[Keys] | None:
    """As ``_wanted``, for many rows; None where a row needs a look of its own."""
    first, *further = values
    given = [first, *(column for column in further if column is not None)]
    if first is None or any((column is None) != (value is None) for column, value in zip(columns, further)):
        return None
    keys = [column[0] for column in given if column is not None]
    if not all(map(are_keys, keys)) or any("" in column for column in keys[1:]):
        return None
    return list(zip(*keys))


@udf(
    "KAOHE_SUM",
    "按键汇总",
    "Sum by key",
    CATEGORY,
    "把属于同一个键的数值精确相加；可以只取最大的几个。",
    "Exact sum of the numbers of one key; of the largest n if wanted.",
    required("谁", "who", Shape.CELL, "要汇总的键。", "The key.", Kind.ANY),
    entries("键", "keys", "各行的键。", "The key of each row.", Kind.ANY),
    entries("数值", "values", "各行的数值；空白为 0。", "The number of each row; blanks are 0."),
    optional("前几", "largest", Shape.SCALAR, "只取最大的几个，省略时全取。", "Only the largest n; all if omitted."),
    *FURTHER,
    example=('=KAOHE_SUM("甲",{"甲","乙","甲"},{0.1,5,0.2})', 0.3),
    remarks="没有这个键得 0。本键的数值中有错误值或文本时结果为错误值，其他键的不影响。值2、键2（及值3、键3）要一起给出。",
)
def sum_by_key(
    keys: Row, values: Row, largest: Decimal | None, second: Row | None, third: Row | None
) -> Callable[[Cell, Cell, Cell], Decimal]:
    """Σ of the values whose keys equal the wanted ones, of the ``largest`` greatest if given."""
    if len(keys) != len(values) or (largest is not None and whole(largest) < 0):
        raise UdfError(CellError.VALUE)
    by_key = _values_by_key(_columns(keys, second, third), values)

    def total(wanted: Keys) -> Decimal:
        cells = by_key.get(wanted, [])
        found = [maybe_number(cell) or ZERO for cell in _clean(cells)]
        if largest is not None:
            found = sorted(found, reverse=True)[: whole(largest)]
        return sum(found, ZERO)

    def one(who: Cell, who2: Cell, who3: Cell) -> Decimal:
        return total(_wanted([second, third], who, who2, who3))

    def many(*values: Columns | None) -> list[Cell] | None:
        wanted = _all_wanted([second, third], values)
        if wanted is None:
            return None
        totals: dict[Keys, Cell] = {keys: leave(total(keys)) for keys in by_key.keys() & set(wanted)}
        return [totals.get(keys, 0.0) for keys in wanted]

    return ByColumns(one, many, [KEYS] * 3)


def _values_by_key(columns: list[Row], values: Row) -> dict[Keys, Row]:
    by_key: dict[Keys, Row] = {}
    for column in columns:
        raise_errors(column)
    for row, value in zip(zip(*columns), values):
        keys = _keys(row, lambda cell: None if is_blank(cell) else key(cell))
        if keys is not None:
            by_key.setdefault(keys, []).append(value)
    return by_key


def _clean(cells: Row) -> Row:
    raise_errors(cells)
    return cells


@udf(
    "KAOHE_LOG",
    "记录计分",
    "Points from a log",
    CATEGORY,
    "按标准给记录逐条计分，合计到人；每人每项可以封顶。",
    "A person's total from a log of events priced by a catalogue, with a cap a person and item.",
    required("谁", "who", Shape.CELL, "要谁的合计。", "Whose total.", Kind.ANY),
    entries("记录人", "names", "每条记录是谁的；空白行不计。", "Whose record each row is.", Kind.ANY),
    entries("记录项目", "items", "每条记录的项目。", "The item of each row.", Kind.ANY),
    entries("记录次数", "counts", "每条记录的次数；空白为 0。", "The count of each row; blanks are 0."),
    entries("标准项目", "catalogue", "标准中的项目，不得重复。", "The catalogue's items.", Kind.ANY),
    entries("标准分值", "prices", "各项目每次的分值。", "Points a time."),
    optional("每项上限", "caps", Shape.LIST, "各项目每人的上限；空白为不封顶。", "Cap a person; blank is none."),
    example=('=KAOHE_LOG("甲",{"甲","乙","甲"},{"迟到","旷工","迟到"},{1,1,2},{"迟到","旷工"},{0.5,3})', 1.5),
    remarks="标准中没有的项目使有该项目的人得 #N/A；次数为负得 #VALUE!；没有记录的人为 0。",
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
