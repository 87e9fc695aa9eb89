"""A scheme file is read strictly: every mistake is refused with its place and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, replace
from datetime import date
from typing import Any, TypeVar

from workbook_templates.formula.nearest import nearest
from workbook_templates.formula.tokens import LAST_COLUMN
from workbook_templates.scheme.columns import Computed, Input, Refer, Requirement, Rule
from workbook_templates.scheme.cycles import cycles
from workbook_templates.scheme.defaults import default_faults
from workbook_templates.scheme.errors import unknown, written
from workbook_templates.scheme.expand import (
    Aliases,
    Raw,
    Repeater,
    repeated_tables,
    rewritten,
    side_by_side,
    with_conditions,
    with_identity,
    with_presets,
)
from workbook_templates.scheme.keys import Form, Key, keys_of
from workbook_templates.scheme.mistakes import EVERYTHING, Mistakes
from workbook_templates.scheme.model import IDENTITY, Balance, Chart, Preset, Repeat, Scheme, Summary, Table
from workbook_templates.scheme.names import PERSON_KEY
from workbook_templates.scheme.parameters import ListColumn, Listing, Parameter, ParameterRule
from workbook_templates.scheme.relations import fixed, linked, sum_rules
from workbook_templates.scheme.sizes import size_faults
from workbook_templates.scheme.text import read
from workbook_templates.scheme.times import in_days
from workbook_templates.scheme.usable import text_fault
from workbook_templates.scheme.verify import verify

Record = TypeVar("Record")


PLAIN: tuple[tuple[str, type[Any], str], ...] = (
    ("parameters", Parameter, "参数"),
    ("parameter_rules", ParameterRule, "参数规则"),
    ("results", Summary, "汇总"),
    ("balances", Balance, "核对"),
)

COLUMNS = Key("columns", Form.RECORDS, "", 'columns = [{ name = "姓名", type = "text" }]', (), True)
"""What a table must have in its file beside what ``Table`` has."""


def parse(text: str, slug: str) -> Scheme:
    """A scheme from the text of its file; raises SchemeError with all that is wrong."""
    with Mistakes(f"方案 {slug}", text) as mistakes:
        return _Reader(mistakes).scheme(text, slug)


class _Reader:
    """Makes records of what a file has. What is wrong is told and left out, and the rest is read as if it were not there."""

    def __init__(self, mistakes: Mistakes) -> None:
        self.mistakes = mistakes
        self.place = mistakes.place
        self.lists: dict[str, Listing] = {}
        self.repeater = Repeater(self.lists, mistakes)
        self.aliases: Aliases = {}

    def scheme(self, text: str, slug: str) -> Scheme:
        data = in_days(read(text, self.place, self.mistakes.add))
        with self.mistakes.gathered(EVERYTHING):
            data = self._known(data, list(keys_of(Scheme)), self.place)
            if not data.get("tables") and not self.mistakes:
                self.mistakes.add(f"{self.place}：缺少 tables；每张表以 [[tables]] 开头")
        for item in self._items(data, "lists", self.place):
            with self.mistakes.gathered(_name(item)):
                self._listing(item, f"{self.place} 列表 {_name(item)}")
        repeated = list(repeated_tables(self._items(data, "tables", self.place)))
        written_out = [made for item in repeated if (made := self._columns(item))]
        parts: Raw = {word: self._records(data, word, kind, told) for word, kind, told in PLAIN}
        parts["parameter_rules"] += tuple(sum_rules(self.lists))
        parts["tables"] = linked(tuple(table for item in written_out if (table := self._table(item))))
        parts["chart"] = self._chart(data)
        used = self.repeater.used
        parts["lists"] = tuple(fixed(item) if name in used else item for name, item in self.lists.items())
        parts["views"] = tuple(self.repeater.views)
        scheme = self._record(Scheme, {**data, **parts}, self.place, slug=slug, text=text)
        if scheme is None:
            scheme = Scheme(slug, "", "", "", **parts)
        verify(scheme, self.mistakes)
        for told, *names in default_faults(scheme, self.place):
            if not any(map(self.mistakes.is_doubtful, names)):
                self.mistakes.add(told)
        if not self.mistakes:
            for fault in size_faults(scheme, self.place):
                self.mistakes.add(fault)
        for fault in cycles(scheme, self.place, sound=not self.mistakes):
            self.mistakes.add(fault)
        return scheme

    def _items(self, data: Raw, word: str, place: str) -> list[Raw]:
        items = data.get(word, [])
        if Form.RECORDS.fits(items):
            return list(items)
        self.mistakes.add(f"{place}：{word} 应写成 [[{word}]]")
        if Form.RECORD.fits(items):
            return [items]
        self.mistakes.doubt(EVERYTHING)
        return []

    def _records(self, data: Raw, word: str, kind: type[Record], told: str) -> tuple[Record, ...]:
        place = f"{self.place} {told}"
        items = self._plain(self._items(data, word, self.place), kind, place)
        return self._named(kind, [rewritten(item, self.aliases, None) for item in items], place)

    def _named(self, kind: type[Record], items: list[Raw], place: str) -> tuple[Record, ...]:
        return tuple(record for item in items if (record := self._record(kind, item, f"{place} {_name(item)}")))

    def _plain(self, items: list[Raw], kind: type[Any], place: str) -> list[Raw]:
        """The items of one kind, repeated where they say so, with what their presets say."""
        keys = [*keys_of(kind), *_further(kind)]
        sound = [made for item in items if (made := self._sound(item, keys, f"{place} {_name(item)}"))]
        return with_presets(self.repeater.repeated(sound, place))

    def _chart(self, data: Raw) -> Chart | None:
        chart = data.get("chart", {})
        if Form.RECORD.fits(chart):
            return self._record(Chart, chart, f"{self.place} 图表") if chart else None
        self.mistakes.add(f"{self.place}：chart 应写成 [chart]")
        return None

    def _listing(self, data: Raw, place: str) -> None:
        """A list; where rows or columns are left out, names that are made of them may be missing anywhere."""
        given, data = data, self._sound(data, list(keys_of(Listing)), place) or {}
        if len(data) < len(given):
            self.mistakes.doubt(EVERYTHING)
        if "columns" in given and "columns" not in data:
            return
        columns = []
        for here, item in _placed(data.get("columns", []), place):
            sound = self._sound(item, [*keys_of(ListColumn), *keys_of(Preset)], here) or {}
            columns += [self._record(ListColumn, made, here) for made in with_presets([sound])]
        kept = tuple(self._named_cells(columns, place))
        whole = data.get("rows", []) if kept and len(kept) == len(columns) else []
        with self.mistakes.gathered(EVERYTHING):
            rows = self._rows(whole, [column.name for column in kept], place)
        listing = self._record(Listing, {**data, "columns": kept, "rows": rows}, place)
        if not kept and listing:
            self.mistakes.add(f"{place}：至少要有一列")
        elif listing and listing.name in self.lists:
            self.mistakes.add(f"{place}：名称 {listing.name} 重复")
            self.mistakes.doubt(EVERYTHING)
        elif listing:
            self.lists[listing.name] = listing

    def _named_cells(self, columns: list[ListColumn | None], place: str) -> Iterator[ListColumn]:
        """The columns that there are, their cells named after others of them."""
        names = [column.name for column in columns if column]
        for column in (column for column in columns if column):
            wrong = [name for name in re.findall(r"\{([^{}]*)\}", column.cell) if name not in names]
            for name in wrong:
                self.mistakes.add(f"{place} 列 {column.name}：cell 中{unknown('没有列', name, names)}")
                self.mistakes.doubt(EVERYTHING)
            yield replace(column, cell="") if wrong else column

    def _rows(self, rows: list[Any], names: list[str], place: str, *about: str) -> tuple[Raw, ...]:
        """Rows by column, of rows that are lists of values or records; what is blank is left out."""
        done = []
        for number, row in enumerate(rows, start=1):
            here = f"{place} 第 {number} 行"
            if isinstance(row, list):
                if len(row) != len(names):
                    told = f"有 {len(row)} 个值，应为 {len(names)} 个：{'、'.join(names)}"
                    self.mistakes.add(f"{here}：{told}", *about)
                    continue
                row = dict(zip(names, row, strict=True))
            for name in row:
                if name not in names:
                    self.mistakes.add(f"{here}：{unknown('没有列', name, names)}", name)
                elif not Form.VALUE.fits(row[name]):
                    self.mistakes.add(f"{here} {name}：应为单个值，现为 {written(row[name])}")
            kept = {name: value for name, value in row.items() if name in names and Form.VALUE.fits(value)}
            done.append({name: _value(value) for name, value in kept.items() if value != ""})
        return tuple(done)

    def _columns(self, given: Raw) -> Raw | None:
        """A table whose columns are written out."""
        place = f"{self.place} 表 {_name(given)}"
        if (data := self._headed(given, place)) is None:
            return None
        name = data["name"]
        words = self.aliases.setdefault(name, {})
        columns = with_presets(self.repeater.repeated(self._sound_columns(data, place), f"{place} 列", words))
        columns_names = {_name(column) for column in columns}
        for block in words:
            if block in columns_names:
                self.mistakes.add(
                    f"{place}：合称（block）{block} 与列 {block} 同名；公式里的 [@{block}] 不知是哪一个", name
                )
        if len(columns) > LAST_COLUMN:
            self.mistakes.add(f"{place}：有 {len(columns)} 列，工作表最多 {LAST_COLUMN + 1} 列")
            self.mistakes.doubt(EVERYTHING)
            return None
        self.repeater.blocks[name] = tuple((block, first, last) for block, (first, last) in words.items())
        columns = with_conditions(columns, data, place, self.mistakes)
        if data.get("people"):
            if any(
                "name" not in item or self.mistakes.is_doubtful(_name(item)) for item in data.get("columns", [])[:1]
            ):
                self.mistakes.doubt(PERSON_KEY)
            columns = with_identity(columns, data.get("identity", list(IDENTITY[:2])), place, self.mistakes)
        columns = side_by_side(data, columns, words, place, self.mistakes)
        return {**data, "columns": columns, "rules": self._plain(data.get("rules", []), Rule, f"{place} 规则")}

    def _headed(self, given: Raw, place: str) -> Raw | None:
        """What is right of a table with a name of its own; None without one."""
        data = self._sound(given, [*keys_of(Table), COLUMNS], place) or {}
        if "people" in given and "people" not in data:
            self.mistakes.doubt(PERSON_KEY)
        name = data.get("name")
        if name is None:
            if not self.mistakes.is_doubtful("?"):
                self.mistakes.add(f"{place}：缺少 name")
            self.mistakes.doubt(EVERYTHING)
            return None
        if name in self.aliases:
            meant = "；写了 each 的，name 中写 {表}" if "each" in data else ""
            self.mistakes.add(f"{place}：名称 {name} 重复（已有表 {name}）{meant}")
            self.mistakes.doubt(EVERYTHING)
            return None
        if "columns" not in data:
            self.mistakes.add(f"{place}：缺少 columns；例如 {COLUMNS.example}", name)
            self.mistakes.doubt(name, EVERYTHING)
        return data

    def _sound_columns(self, data: Raw, place: str) -> list[Raw]:
        """What is right of the columns as they are written; of one without a name nothing."""
        sound = []
        for here, item in _placed(data.get("columns", []), place):
            kind, other = (Computed, Input) if "formula" in item else (Input, Computed)
            made = self._sound(item, [*keys_of(kind), *_further(kind)], here, other)
            if made and "name" in made and (kind is Input or "formula" in made):
                sound.append(made)
            else:
                self.mistakes.doubt(data["name"])
            if "name" not in item and made == item:
                self.mistakes.add(f"{here}：缺少 name")
        return sound

    def _table(self, data: Raw) -> Table | None:
        place = f"{self.place} 表 {data['name']}"
        data = rewritten(data, self.aliases, data["name"])
        columns = data["columns"]
        first_computed = next((i for i, column in enumerate(columns) if "formula" in column), len(columns))
        for late in (_name(column) for column in columns[first_computed:] if "formula" not in column):
            self.mistakes.add(f"{place} 列 {late}：填写列应排在所有计算列之前", late)
        inputs = self._named(Input, [column for column in columns if "formula" not in column], f"{place} 列")
        parts = {
            "inputs": inputs,
            "computed": self._named(Computed, [column for column in columns if "formula" in column], f"{place} 列"),
            "rules": self._several(Rule, data["rules"], f"{place} 规则"),
            "refers": self._several(Refer, data.get("refers", []), f"{place} refers"),
        }
        names = [column.name for column in inputs]
        default = self._rows(data.get("default", []), names, f"{place} default", data["name"])
        plain = {word: value for word, value in data.items() if word != "columns"}
        blocks = self.repeater.blocks[data["name"]]
        woven = tuple(self.repeater.woven.get(f"{place} 列", ()))
        return self._record(Table, {**plain, **parts, "default": default}, place, blocks=blocks, woven=woven)

    def _several(self, kind: type[Record], items: list[Raw], place: str) -> tuple[Record, ...]:
        return tuple(record for item in items if (record := self._record(kind, item, place)))

    def _record(self, kind: type[Record], data: Raw, place: str, **internal: Any) -> Record | None:
        """A record of what is right; None where something is missing that it can't do without."""
        if kind in (Summary, Computed):
            data = {**data, "require": self._several(Requirement, data.get("require", []), f"{place} require")}
        made = {word: value for word, value in data.items() if _is_made(value)}
        given = {word: value for word, value in data.items() if word not in made}
        good = (self._sound(given, list(keys_of(kind)), place) or {}) | made
        examples = {key.name: key.example for key in keys_of(kind)}
        doubtful = kind is not Scheme and self.mistakes.is_doubtful(_name(data))
        complete = True
        for item in fields(kind):  # type: ignore[arg-type]
            missing = item.default is MISSING and item.default_factory is MISSING
            if missing and item.name not in good and item.name not in internal:
                complete = False
                if item.name == "name":
                    self.mistakes.doubt(EVERYTHING)
                if item.name not in data and not doubtful:
                    self.mistakes.add(f"{place}：缺少 {item.name}；例如 {examples[item.name]}")
        names = {item.name for item in fields(kind)}  # type: ignore[arg-type]
        kept = {word: _frozen(value) for word, value in good.items() if word in names}
        return kind(**kept, **internal) if complete else None

    def _sound(self, data: Raw, keys: list[Key], place: str, other: type[Any] | None = None) -> Raw | None:
        """What is right of an item, the rest told; nothing of one that is repeated: its columns would be others."""
        good = {}
        for word, value in self._known(data, keys, place, other).items():
            declared = next(key for key in keys if key.name == word)
            if declared.required and value == "":
                self.mistakes.add(f"{place}：{word} 不能空白")
            elif not declared.form.fits(value) or (declared.allowed and value not in declared.allowed):
                self.mistakes.add(
                    f"{place}：{declared.should_be}，现为 {written(value)}；{_meant(declared, value, keys)}"
                )
            elif told := next(filter(None, map(text_fault, _texts(value, declared.form))), ""):
                self.mistakes.add(f"{place}：{word} 中的文本{told}")
            else:
                good[word] = value
        if len(good) == len(data):
            return good
        repeated = bool(data.get("each")) or "{" in _name(data)
        doubtful = (_name(data), _name(good), str(data.get("group", "")))
        self.mistakes.doubt(*((EVERYTHING,) if repeated else doubtful))
        return None if repeated else good

    def _known(self, data: Raw, keys: list[Key], place: str, other: type[Any] | None = None) -> Raw:
        """What has a known key; one that only the ``other`` kind of column has is told as such."""
        names = [declared.name for declared in keys]
        others = [declared.name for declared in keys_of(other) if declared.name not in names] if other else []
        for word in data:
            if word in others:
                told = "计算列（有 formula 的列）" if other is Computed else "填写列（没有 formula 的列）"
                self.mistakes.add(f"{place}：{word} 只用于{told}{nearest(word, names)}")
            elif word not in names:
                meant = next((told for key, wrong, told in _ELSEWHERE if wrong == word and key in names), "")
                meant = meant or nearest(word, [*names, *others])
                self.mistakes.add(f"{place}：不认识的键 {word}；可用的键：{'、'.join(names)}{meant}")
        return {word: value for word, value in data.items() if word in names}


_ELSEWHERE = (
    ("value", "formula", "；算出来的数写在 [[results]] 或表的计算列"),
    ("cell", "formula", "；列表只填数，算出来的写在表的计算列"),
    ("value", "default", "；默认值写 value"),
)
"""What is meant by keys of tables in a parameter (which has a ``value``) or in a list's column (which has a ``cell``)."""


def _name(item: Raw) -> str:
    name = item.get("name", "?")
    return "?" if isinstance(name, dict | list) else str(name)


def _placed(columns: list[Raw], place: str) -> Iterator[tuple[str, Raw]]:
    """Columns with where they stand: one without a name is told by the column before it."""
    next_one = f"{place} 的第一列"
    for item in columns:
        here = f"{place} 列 {_name(item)}" if "name" in item else next_one
        yield here, item
        next_one = f"{here} 之后的一列" if "name" in item else next_one


def _meant(declared: Key, value: Any, keys: list[Key]) -> str:
    """What stands for a value that a key can't have: the key's words with what they mean, or an example; another key's word."""
    if isinstance(value, str) and value.startswith("＝"):
        return "全角的 ＝ 应为半角的 ="
    meaning = re.sub("；.*", "", declared.meaning) if declared.allowed else f"例如 {declared.example}"
    word = next((word for word in declared.allowed if str(value).lower() == word or f"{word} {value}" in meaning), "")
    if word:
        return f"{meaning}；是不是 {written(word)}？"
    return meaning + next((f"；是不是 {key.name} = {written(value)}？" for key in keys if value in key.allowed), "")


def _texts(value: Any, form: Form) -> Iterator[str]:
    """The texts within a value, but for records, which are looked at key by key."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict) and form not in (Form.RECORD, Form.RECORDS):
        for item in value if isinstance(value, list) else value.values():
            yield from _texts(item, form)


def _further(kind: type[Any]) -> list[Key]:
    """The keys that any record of a kind may have beside its own."""
    return [*([] if kind is Rule else keys_of(Preset)), *keys_of(Repeat)]


def _is_made(value: Any) -> bool:
    """Whether a value is no longer as the file has it."""
    return value is None or isinstance(value, tuple | Chart)


def _frozen(value: Any) -> Any:
    match value:
        case list():
            return tuple(_frozen(item) for item in value)
        case dict():
            return {name: _value(item) for name, item in value.items()}
        case _:
            return _value(value)


def _value(value: Any) -> Any:
    """A date as the text that the data has it in."""
    return value.isoformat() if isinstance(value, date) else value
