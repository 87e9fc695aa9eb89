"""The words of a scheme file that stand for several columns, carried out: afterwards there are plain columns only.

``each`` repeats a column (rule, result …) over a list, ``block`` gives the repeated columns a name in common, ``preset`` fills in what one
word says, ``orders`` and ``pools`` put columns side by side for functions that take them so, ``identity`` gives people a 工号 and a 部门.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from workbook_templates.formula import language
from workbook_templates.formula.language import FormulaError, Reference
from workbook_templates.scheme.columns import BOUNDS
from workbook_templates.scheme.errors import SchemeError, unknown, written
from workbook_templates.scheme.keys import Form
from workbook_templates.scheme.mistakes import EVERYTHING, Mistakes
from workbook_templates.scheme.names import PERSON_KEY, STAFF_NUMBER
from workbook_templates.scheme.parameters import Listing, View

Raw = dict[str, Any]
Aliases = dict[str, dict[str, tuple[str, str]]]
"""By table: what a name for several columns stands for, its first and last column."""

REPEATING = ("each", "where", "before", "block")
PRESETS: dict[str, Raw] = {
    "money": {"min": 0, "unit": "元", "format": "#,##0.00"},
    "score": {"min": 0, "unit": "分", "format": "0.00"},
    "percent": {"min": 0, "max": 1, "format": "0.##%"},
    "day": {"min": 0, "unit": "天"},
    "count": {"type": "whole", "min": 0},
}
SHOWN = ("unit", "format")
"""What a preset says of a computed value."""

STAFF_COLUMNS: dict[str, Raw] = {
    STAFF_NUMBER: {"type": "text", "note": "可不填；同名的人须填，以工号区分"},
    "部门": {"type": "text", "note": "可不填"},
    "身份证号": {"type": "text", "width": 20, "note": "可不填"},
    "银行账号": {"type": "text", "width": 22, "note": "可不填"},
}


def with_presets(items: list[Raw]) -> list[Raw]:
    """What ``preset`` says, under what is written beside it; bounds that are days as formulas."""
    done = []
    for item in items:
        if "preset" in item:
            said = PRESETS[item["preset"]]
            if "formula" in item:
                said = {name: value for name, value in said.items() if name in SHOWN}
            excluding = {"min": "above", "max": "below"}
            said = {name: value for name, value in said.items() if excluding.get(name) not in item}
            item = {**said, **{name: value for name, value in item.items() if name != "preset"}}
        done.append({name: _day(value) if name in BOUNDS else value for name, value in item.items()})
    return done


def _day(bound: Any) -> Any:
    try:
        day = date.fromisoformat(bound) if isinstance(bound, str) else bound
    except ValueError:
        return bound
    return f"=DATE({day.year},{day.month},{day.day})" if isinstance(day, date) else bound


def repeated_tables(tables: list[Raw]) -> Iterator[Raw]:
    """Tables alike are written once; ``{表}`` stands for the item."""
    for table in tables:
        items = table.get("each")
        if not Form.TEXTS.fits(items):
            yield table
            continue
        for item in items or [""]:
            yield _replaced({**table, "each": []}, "{表}", item)


def _replaced(value: Any, old: str, new: str) -> Any:
    match value:
        case str():
            return value.replace(old, new)
        case list():
            return [_replaced(part, old, new) for part in value]
        case dict():
            return {_replaced(name, old, new): _replaced(part, old, new) for name, part in value.items()}
        case _:
            return value


Blocks = tuple[tuple[str, str, str], ...]
"""Names that columns side by side have in common, each with the first and the last column."""


class Repeater:
    """Carries out ``each`` for the records of one kind in one place; remembers blocks and the lists used."""

    def __init__(self, lists: dict[str, Listing], mistakes: Mistakes) -> None:
        self.lists = lists
        self.mistakes = mistakes
        self.used: set[str] = set()
        self.views: list[View] = []
        self.blocks: dict[str, Blocks] = {}
        self.woven: dict[str, list[tuple[str, ...]]] = {}
        """By place, the columns made of one item each, where several items were repeated together."""

    def repeated(self, items: list[Raw], place: str, blocks: dict[str, tuple[str, str]] | None = None) -> list[Raw]:
        """Neighbours that are repeated over the same list are repeated together, those with a block each by itself.

        Columns that are filled in stand before those that are computed, and are repeated before them.
        """
        done: list[Raw] = []
        for _, neighbours in groupby(
            items, key=lambda item: repr([*(item.get(name) for name in ("each", "where", "block")), "formula" in item])
        ):
            run = list(neighbours)
            if "each" in run[0]:
                with self.mistakes.gathered(EVERYTHING):
                    done += self._each(run, place, blocks)
                continue
            for item in run:
                name = str(item.get("name", "?"))
                here = f"{place} {name}"
                if "{" in name:
                    self.mistakes.add(f"{here}：name 中有花括号，须写 each")
                    self.mistakes.doubt(EVERYTHING)
                else:
                    for lonely in (word for word in REPEATING if word in item):
                        self.mistakes.add(f"{here}：{lonely} 须与 each 同时写")
                done.append({word: value for word, value in item.items() if word not in REPEATING})
        return done

    def _each(self, run: list[Raw], place: str, blocks: dict[str, tuple[str, str]] | None) -> list[Raw]:
        before = next((item["before"] for item in run if "before" in item), None)
        here = f"{place} {run[0].get('name', '?')}"
        contexts = list(self._contexts(run[0], before, here))
        if not contexts:
            raise SchemeError(f"{here}：each 没有一项（列表中没有符合的行）", str(run[0]["each"]))
        made = [[context.filled(item) for item in run] for context in contexts]
        for column, item in enumerate(run):
            _told_apart([str(row[column]["name"]) for row in made if "name" in row[column]], item, place)
            _refuse_unreadable(made[0][column], place)
            if "block" in item:
                names = [row[column].get("name", "") for row in made]
                self._block(item, names, len(run), contexts, blocks, here)
            elif len(run) > 1:
                self.woven.setdefault(place, []).append(tuple(str(row[column].get("name", "")) for row in made))
        return [item for row in made for item in row]

    def _contexts(self, item: Raw, before: str | None, place: str) -> Iterator[_Context]:
        each, where = item["each"], item.get("where", {})
        if isinstance(each, list):
            if where:
                raise SchemeError(f"{place}：where 只用于 each 是列表名称时")
            for number, text in enumerate(each, start=1):
                yield _Context(str(text), number, before, {}, {}, {}, place)
                before = str(text)
            return
        if each not in self.lists:
            several = '；几项写成列表，如 ["甲", "乙"]' if re.search("[,，、]", each) else ""
            raise SchemeError(f"{place}：{unknown('没有列表', each, self.lists)}{several}", each)
        listing = self.lists[each]
        self.used.add(each)
        names = [column.name for column in listing.columns]
        for name in where:
            if name not in names:
                raise SchemeError(f"{place}：where 中{unknown(f'列表 {each} 没有列', name, names)}", each)
        cells = {place_of: name for name, place_of in listing.cells(listing.rows).items()}
        for number, row in enumerate(listing.rows, start=1):
            if any(row.get(name) != value for name, value in where.items()):
                continue
            texts = {name: str(row.get(name) or "") for name in names}
            formulas, bounds = dict(texts), {}
            for column in listing.columns:
                cell = cells.get((number - 1, column.name), f"INDEX({each}[{column.name}],{number})")
                if column.type not in ("text", "choice", "flag"):
                    formulas[column.name] = cell
                bounds[column.name] = cell if (number - 1, column.name) in cells else f"={cell}"
            item_name = texts[names[0]]
            if not item_name:
                raise SchemeError(f"{place}：列表 {each} 第 {number} 行的 {names[0]} 空白，不能作名称", each)
            yield _Context(item_name, number, before, texts, formulas, bounds, place)
            before = item_name

    def _block(
        self,
        item: Raw,
        names: list[str],
        width: int,
        contexts: list[_Context],
        blocks: dict[str, tuple[str, str]] | None,
        place: str,
    ) -> None:
        block = item["block"]
        if blocks is None:
            raise SchemeError(f"{place}：block 只用于表的列")
        if width > 1:
            raise SchemeError(f"{place}：block {block} 与相邻的列的合称相同")
        blocks[block] = (names[0], names[-1])
        numbers = [context.number for context in contexts]
        if isinstance(item["each"], str) and block != item["each"]:
            if numbers != list(range(numbers[0], numbers[-1] + 1)):
                raise SchemeError(f"{place}：block 要求列表 {item['each']} 中的这些行相邻")
            view = View(block, item["each"], numbers[0] - 1, numbers[-1] - 1)
            if view not in self.views:
                self.views.append(view)


def _refuse_unreadable(item: Raw, place: str) -> None:
    """A formula that is repeated is told once."""
    try:
        language.parse(str(item.get("formula", "=0")))
    except FormulaError as error:
        raise SchemeError(f"{place} {item.get('name', '')}：{error}") from error


def _told_apart(names: list[str], item: Raw, place: str) -> None:
    here = f"{place} {item.get('name', '')}"
    for name in names:
        if "{" in name:
            raise SchemeError(
                f"{here}：name 中有不认识的花括号，现为 {name}；可用的：{{}}、{{n}}、{{前}}、{{列表的列}}"
            )
        if names.count(name) > 1:
            told = f"{here}：each 重复出来的各项名称都是 {name}；name 中写 {{}}，列表的第一列各行不相同"
            raise SchemeError(told, *([str(item["each"])] if "{" in item["name"] else ()))


class _Context:
    """One item of ``each``: what the braces stand for."""

    def __init__(
        self,
        item: str,
        number: int,
        before: str | None,
        texts: dict[str, str],
        formulas: dict[str, str],
        bounds: dict[str, str],
        place: str,
    ) -> None:
        self.number = number
        self.place = place
        self.bounds = bounds
        common = {"": item, "n": str(number)} | ({"前": before} if before is not None else {})
        self.texts, self.formulas = common | texts, common | formulas

    def filled(self, item: Raw) -> Raw:
        done = {name: self._value(value) for name, value in item.items() if name not in REPEATING}
        for bound in BOUNDS:
            if done.get(bound) in self.bounds:
                done[bound] = self.bounds[done[bound]]
        return done

    def _value(self, value: Any) -> Any:
        match value:
            case str():
                known = self.formulas if value.startswith("=") else self.texts
                if "{前}" in value and "前" not in known:
                    raise SchemeError(f"{self.place}：第一项没有 {{前}}，请写 before")
                return re.sub(r"\{([^{}]*)\}", lambda match: known.get(match[1], match[0]), value)
            case list():
                return [self._value(part) for part in value]
            case dict():
                return {name: self._value(part) for name, part in value.items()}
            case _:
                return value


def with_identity(columns: list[Raw], wanted: list[str], place: str, mistakes: Mistakes) -> list[Raw]:
    """A table of people with the columns that tell them apart, after its first one."""
    for name in wanted:
        if name not in STAFF_COLUMNS:
            mistakes.add(f"{place} identity：{unknown('没有', name, STAFF_COLUMNS)}")
            mistakes.doubt(PERSON_KEY)
    present = {column.get("name") for column in columns}
    added = [{"name": name, **STAFF_COLUMNS[name]} for name in wanted if name in STAFF_COLUMNS.keys() - present]
    return [*columns[:1], *added, *columns[1:]]


def with_conditions(columns: list[Raw], table: Raw, place: str, mistakes: Mistakes) -> list[Raw]:
    """The columns, a condition written out where ``when`` says its name."""
    conditions, done = table.get("conditions", {}), []
    for column in columns:
        when = column.get("when", "=")
        if not when.startswith("="):
            if when not in conditions:
                known = "、".join(conditions) or "无"
                mistakes.add(
                    f"{place} 列 {column.get('name', '?')}：when 应以 = 开头，或为 conditions 中的名称（{known}），现为 {written(when)}",
                    table["name"],
                )
            column = {**column, "when": conditions.get(when, "")}
        done.append(column)
    return done


def side_by_side(
    table: Raw, columns: list[Raw], aliases: dict[str, tuple[str, str]], place: str, mistakes: Mistakes
) -> list[Raw]:
    """Hidden copies for ``orders`` and ``pools``, where the columns don't stand side by side already.

    An error value in such a copy would spoil everybody's result in some spreadsheet programs. In an order it is left out; in a pool it
    becomes a text, an error for the group that is given it.
    """
    inputs = [column.get("name") for column in columns if "formula" not in column]
    known = [str(column.get("name")) for column in columns]
    added: list[Raw] = []
    for word, replacement in (("orders", ""), ("pools", "有错误")):
        for alias, names in table.get(word, {}).items():
            with mistakes.gathered(alias):
                if alias in aliases:
                    raise SchemeError(f"{place} {word} {alias}：与另一个合称（block、orders、pools）同名", alias)
                _refuse_unfit(names, word, alias, known, place, table["name"])
                bare = [name.removeprefix("-") for name in names]
                start = inputs.index(bare[0]) if bare[0] in inputs else None
                if start is not None and inputs[start : start + len(bare)] == names:
                    aliases[alias] = (bare[0], bare[-1])
                    continue
                made = [f"{alias}{number}" for number in range(1, len(names) + 1)]
                for new, name in zip(made, names, strict=True):
                    copied = f"-[@{name[1:]}]" if name.startswith("-") else f"[@{name}]"
                    formula = f'=IFERROR({copied},"{replacement}")'
                    added.append({"name": new, "formula": formula, "guard": False, "hidden": True})
                aliases[alias] = (made[0], made[-1])
    return [*columns, *added]


def _refuse_unfit(names: list[str], word: str, alias: str, known: list[str], place: str, table: str) -> None:
    here = f"{place} {word} {alias}"
    if alias in known:
        raise SchemeError(f"{here}：与列 {alias} 同名")
    if not names:
        raise SchemeError(f"{here}：至少要有一列")
    for name in (name.removeprefix("-") for name in names):
        if name not in known:
            raise SchemeError(f"{here}：{unknown('没有列', name, known)}", name, table)
    if word == "pools" and len(names) != 2:
        raise SchemeError(f"{here}：应为组别与金额两列，现为 {'、'.join(names)}")


def rewritten(value: Any, aliases: Aliases, own: str | None) -> Any:
    """The same value, names for several columns in its formulas written out; a formula that can't be read is told later."""
    match value:
        case str() if value.startswith("=") and any(f"[{a}]" in value or f"[@{a}]" in value for a in _words(aliases)):
            return _written_out(value, aliases, own)
        case list():
            return [rewritten(part, aliases, own) for part in value]
        case dict():
            return {name: rewritten(part, aliases, own) for name, part in value.items()}
        case _:
            return value


def _words(aliases: Aliases) -> set[str]:
    return {word for words in aliases.values() for word in words}


def _written_out(text: str, aliases: Aliases, own: str | None) -> str:
    def resolve(reference: Reference) -> str:
        words = aliases.get(reference.table or own or "", {})
        first, last = reference.first, reference.last
        if reference.single and first in words:
            first, last = words[first]
        return replace(reference, first=first, last=last).text

    try:
        return "=" + language.parse(text).render(resolve)
    except FormulaError:
        return text
