"""What the parts of a scheme say of each other: every name in it is there, can be used in every program, and stands once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from workbook_templates.scheme.columns import BOUNDS, SAID, TEXT_TYPES, Computed, Input, Limits, Refer
from workbook_templates.scheme.errors import written
from workbook_templates.scheme.formulacheck import FormulaCheck
from workbook_templates.scheme.mistakes import Mistakes
from workbook_templates.scheme.model import MOST_ROWS, Chart, Scheme, Summary, Table
from workbook_templates.scheme.names import (
    BOARD,
    CARRIED,
    HELP,
    HOME,
    MADE_NAMES,
    PARAMETERS,
    RULES,
    SUMMARY,
    column_key,
    list_column,
)
from workbook_templates.scheme.parameters import ListColumn, Listing
from workbook_templates.scheme.usable import (
    LONGEST_NAME,
    LONGEST_SHEET,
    WIDEST,
    is_choice,
    is_format,
    is_heading,
    is_name,
    is_plain,
    units,
)

OWN_SHEETS = (HOME, HELP, PARAMETERS, SUMMARY, BOARD, RULES, CARRIED)
RESERVED_SHEET = "history"
"""Excel keeps this name for itself."""


def verify(scheme: Scheme, mistakes: Mistakes) -> None:
    """Tells everything that doesn't fit."""
    _Verifier(scheme, mistakes).run()


class _Verifier(FormulaCheck):
    def run(self) -> None:
        self._names()
        for column in (column for table in self.scheme.tables for column in table.inputs):
            if column.key and column.key.partition(".")[0] not in (*self.tables, *self.lists):
                self.mistakes.doubt(column_key(column.name))
        for parameter in self.scheme.parameters:
            here = f"{self.place} 参数 {parameter.name}"
            self._limits(parameter, None, here)
            self._among(parameter.scope or (), self.tables, "表", here)
        for listing in self.scheme.lists:
            self._listing(listing, f"{self.place} 列表 {listing.name}")
        for rule in self.scheme.parameter_rules:
            here = f"{self.place} 参数规则 {rule.name}"
            self._formula(rule.formula, None, here, among=self.parameters, of=self._lists_and_views, condition=True)
            self._among(rule.scope or (), self.tables, "表", here)
        for table in self.scheme.tables:
            self._table(table, f"{self.place} 表 {table.name}")
        shown = {result.name: result.shown_name for result in self.scheme.results}
        self._once(shown.values(), f"{self.place} 汇总")
        for result in self.scheme.results:
            self._summary(result, f"{self.place} 汇总 {result.name}")
        for balance in self.scheme.balances:
            self._formula(balance.formula, None, f"{self.place} 核对 {balance.name}", condition=True)
        if self.scheme.chart:
            self._chart(self.scheme.chart, f"{self.place} 图表")

    def _names(self) -> None:
        named = [
            *(("参数", name) for name in self.parameters),
            *(("汇总", name) for name in self.results),
            *(("表", name) for name in self.tables),
            *(("列表", name) for name in self.lists),
            *(("合称", view.name) for view in self.scheme.views),
        ]
        seen: dict[str, str] = {}
        for kind, name in named:
            here = f"{self.place} {kind} {name}"
            self._usable(name, here)
            if other := seen.get(name.casefold()):
                self.told(f"{here}：名称 {name} 重复（已有{other}）")
            else:
                seen[name.casefold()] = f"{kind} {name}"
        for name in self.tables:
            if name.upper() in OWN_SHEETS:
                self.told(f"{self.place} 表 {name}：{name} 是自动的工作表，请换一个表名")
            elif name.casefold() == RESERVED_SHEET:
                self.told(f"{self.place} 表 {name}：Excel 不许工作表叫 {name}，请换一个表名")
            elif units(name) > LONGEST_SHEET:
                self.told(f"{self.place} 表 {name}：表名最多 {LONGEST_SHEET} 个字，现有 {units(name)} 个")
        for listing in self._lists_and_views:
            for column in self._listing_of(listing).columns:
                name = list_column(listing, column.name)
                if other := seen.get(name.casefold()):
                    told = f"这一列在工作簿中名称为 {name}，与{other} 重复；请改列名或那一个的名称"
                    self.told(f"{self.place} 列表 {listing} 列 {column.name}：{told}")
                seen.setdefault(name.casefold(), f"列表 {listing} 的列 {column.name}")

    def _listing(self, listing: Listing, here: str) -> None:
        self._once(listing.column_names, here)
        for column in listing.columns:
            if is_name(listing.name):
                self._usable(list_column(listing.name, column.name), f"{here} 列 {column.name}")
            self._limits(column, None, f"{here} 列 {column.name}")
        filled = [row for c in listing.columns if c.cell for row in listing.rows if row.get(c.name) not in (None, "")]
        if len(listing.cells(listing.rows)) < len(filled):
            first = listing.columns[0].name
            self.told(f'{here}：cell 使几格名称相同；名称中写 {{列}}，如 cell = "{{{first}}}线"', listing.name)
        self._among(listing.scope or (), self.tables, "表", here)

    def _table(self, table: Table, here: str) -> None:
        if not table.inputs:
            self.told(f"{here}：至少要有一个填写列", table.name)
        if table.capacity < 1:
            self.told(f"{here}：capacity 应为 1 以上的整数，现为 {table.capacity}")
        if table.capacity > MOST_ROWS:
            self.told(f"{here}：capacity 最多 {MOST_ROWS}，现为 {table.capacity}")
        self._named(table, here)
        for column in table.inputs:
            self._input(column, table, f"{here} 列 {column.name}")
        for computed in table.computed:
            self._computed(computed, table, f"{here} 列 {computed.name}")
        inputs = [column.name for column in table.inputs]
        for rule in table.rules:
            self._formula(rule.formula, table, f"{here} 规则“{rule.message}”", condition=True)
            if rule.column:
                self._among([rule.column], inputs, "填写列", f"{here} 规则“{rule.message}”", table.name)
        self._joined(table, inputs, here)
        if table.absent_when:
            self._formula(table.absent_when, table, f"{here} absent_when", condition=True)

    def _named(self, table: Table, here: str) -> None:
        """The names of its columns and groups."""
        own = [*(column.name for column in table.inputs), *(column.name for column in table.computed)]
        for name, count in (Counter(table.column_names) - Counter(own)).items():
            if name in own:
                self.told(f"{here} 列 {name}：{name} 是自动的列，不用写；要写别的数，请换一个列名")
            elif count > 1 and all(len(joined) > 1 for joined in table.joint_keys):
                self.told(
                    f"{here}：自动的列 {name} 有 {count} 个，列 {name.partition('_')[2]} 请换一个列名", table.name
                )
        self._once(own, f"{here} 列", each_in_place=True)
        for group in table.groups:
            if not is_name(f"组{group}"):
                self.told(f"{here}：分组 {group} 不能用作名称（只含文字、数字、下划线，没有空格）")
        for name in own:
            if not is_heading(name):
                in_file = written(name)
                told = f"{in_file} 不能用作列名（不能有 [ ] # ' @ \"、换行和看不见的字符，首尾不能有空格，最多 {LONGEST_NAME} 个字）"
                self.told(f"{here} 列 {in_file[1:-1]}：{told}")

    def _joined(self, table: Table, inputs: list[str], here: str) -> None:
        """Columns that together tell rows apart, or are another table's."""
        for joined in table.unique:
            if len(joined) < 2:
                self.told(
                    f"{here} unique：合起来的至少有两列；一列各行不得相同，写在那一列上：unique = true", table.name
                )
            self._among(joined, inputs, "填写列", f"{here} unique")
        for refer in table.refers:
            if len(refer.columns) < 2:
                self.told(
                    f"{here} refers：合起来的至少有两列；一列对应另一表，写在那一列上：key = {written(refer.table)}",
                    table.name,
                )
            self._among(refer.columns, inputs, "填写列", f"{here} refers")
            known = self._among([refer.table], self.tables, "表", f"{here} refers")
            if known and len(refer.columns) > 1:
                self._referred(refer, f"{here} refers")
            if refer.unknown_spoils_all and not refer.spoils:
                self.told(f"{here} refers：unknown_spoils_all 须与 spoils 同时写")

    def _referred(self, refer: Refer, here: str) -> None:
        """Whether the columns are what tells the rows of the other table apart."""
        allowed = self.scheme.table(refer.table).unique
        if refer.columns not in allowed:
            known = "、".join(map(written, map(list, allowed))) or "没有写"
            wanted = written([list(refer.columns)])
            self.told(f"{here}：表 {refer.table} 要写 unique = {wanted}，它的 unique 现在是：{known}", refer.table)

    def _input(self, column: Input, table: Table, here: str) -> None:
        if self.mistakes.is_doubtful(column.name):
            return
        self._limits(column, table, here)
        self._readable_width(column.width, here)
        if column.key:
            target, _, name = column.key.partition(".")
            if target == table.name and (name or table.inputs[0].name) == column.name:
                self.told(f"{here}：key 不能指向本列自己")
            elif self._among([target], self.tables + self.lists, "表或列表", here) and (
                not name or self._column(name, target, here)
            ):
                self._same_type(column, target, name, here)
        target = column.key.partition(".")[0]
        for word, given in (("spoils", column.spoils), ("unknown_spoils_all", column.unknown_spoils_all)):
            if given and (not column.key or target in self.lists):
                self.told(f"{here}：{word} 须与指向表的 key 同时写")
        for word, given in (("key_single", column.key_single), ("key_valid", column.key_valid)):
            if given and not column.key:
                self.told(f"{here}：{word} 须与 key 同时写")
        for word, given in (("key_optional", column.key_optional), ("key_repeated", column.key_repeated)):
            if given and not column.person and (not column.key or target in (*self.tables, *self.lists)):
                self.told(f"{here}：{word} 须与指向人员表的 key 同时写", target)
        if column.spoils and column.key_valid:
            self.told(f"{here}：spoils 与 key_valid 不能同时写（两表的校验会互相等待）")
        if column.unknown_spoils_all and not column.spoils:
            self.told(f"{here}：unknown_spoils_all 须与 spoils 同时写")
        for condition in (column.when, column.required):
            if isinstance(condition, str) and condition:
                self._formula(condition, table, here, condition=True)

    def _same_type(self, column: Input, target: str, name: str, here: str) -> None:
        columns = self.scheme.table(target).inputs if target in self.tables else self.scheme.listing(target).columns
        named = next((other for other in columns if not name or other.name == name), None)
        if named and (named.type in TEXT_TYPES) != (column.type in TEXT_TYPES):
            self.told(
                f"{here}：type 为 {written(column.type)}，key 所指的 {target} 的 {named.name} 却为 {written(named.type)}",
                named.name,
            )

    def _computed(self, column: Computed, table: Table, here: str) -> None:
        self._formula(column.formula, table, here)
        self._readable_format(column.format, here)
        self._readable_width(column.width, here)
        if column.absent not in ("", None) and not table.absent_when:
            self.told(f"{here}：absent 须与表的 absent_when 同时写", table.name)
        if not column.guard:
            for word in ("when", "absent", "needs", "require", "groups"):
                if getattr(column, word):
                    self.told(f"{here}：guard = false 的列不看 {word}，两者不能同时写")
        if column.when:
            self._formula(column.when, table, f"{here} when", condition=True)
        self._among(column.needs, self.needable, "表、列表、参数规则（或有 scope 的参数）", here)
        self._among(column.groups, table.groups, "分组", here)
        for own_row, name in SAID.findall(column.say):
            what, allowed = (
                ("列", list(table.column_names)) if own_row else ("参数或汇总", [*self.parameters, *self.results])
            )
            self._among([name], allowed, what, f"{here} say")
        for requirement in column.require:
            self._formula(requirement.formula, table, f"{here} require", condition=True)
        if isinstance(column.absent, str) and column.absent.startswith("="):
            self._formula(column.absent, table, here)

    def _summary(self, result: Summary, here: str) -> None:
        self._formula(result.formula, None, here)
        self._readable_format(result.format, here)
        self._among(result.needs, self.needable, "表、列表、参数规则（或有 scope 的参数）", here)
        for requirement in result.require:
            self._formula(requirement.formula, None, f"{here} require", condition=True)

    def _limits(self, limits: Limits, table: Table | None, here: str) -> None:
        if self.mistakes.is_doubtful(limits.name):
            return
        if limits.type == "choice" and not limits.choices:
            self.told(f'{here}：type = "choice" 要写出可选的文本，如 choices = ["从严", "从宽"]')
            self.mistakes.doubt(limits.name)
        if limits.choices and limits.type != "choice":
            self.told(f'{here}：choices 须与 type = "choice" 同时写')
        for choice in limits.choices:
            if not is_choice(choice) or limits.choices.count(choice) > 1:
                self.told(f"{here}：{written(choice)} 不能用作选项（不能是空白，不能有逗号和 /，各项不同）")
        self._readable_format(limits.format, here)
        bounds = {word: getattr(limits, word) for word in BOUNDS if getattr(limits, word) is not None}
        if bounds and limits.type in TEXT_TYPES:
            self.told(f"{here}：{'、'.join(bounds)} 只用于数字和日期，type 现为 {written(limits.type)}")
        for pair in (("min", "above"), ("max", "below")):
            if bounds.keys() >= set(pair):
                self.told(f"{here}：{' 与 '.join(pair)} 不能同时写")
        low, high = bounds.get("min", bounds.get("above")), bounds.get("max", bounds.get("below"))
        if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            self.told(f"{here}：下限 {low} 大于上限 {high}")
            self.mistakes.doubt(limits.name)
        for bound in bounds.values():
            if isinstance(bound, str) and bound.startswith("["):
                if bound == f"[{limits.name}]":
                    self.told(f"{here}：上下限不能是本列自己")
                columns = [c.name for c in table.inputs] if table else []
                self._among([bound.strip("[]")], columns, "填写列", here)
            elif isinstance(bound, str) and bound.startswith("="):
                self._formula(bound, table, here)
            elif isinstance(bound, str) and not is_plain(bound):
                self.told(
                    f"{here}：{written(bound)} 应为数字（不加引号，15% 写成 0.15）、日期、名称、[列] 或以 = 开头的公式"
                )
            elif bound == limits.name:
                self.told(f"{here}：上下限不能是它自己")
            elif isinstance(bound, str) and table and any(column.name == bound for column in table.inputs):
                self.told(f"{here}：没有参数或汇总 {bound}；同一行的填写列写 {written(f'[{bound}]')}", bound)
            elif isinstance(bound, str):
                self._among([bound], [*self.parameters, *self.results], "参数或汇总", here)
        if isinstance(limits, ListColumn) and limits.type in TEXT_TYPES:
            for word in ("sorted", "sum"):
                if getattr(limits, word) not in ("", None):
                    self.told(f"{here}：{word} 只用于数字和日期")
                    self.mistakes.doubt(limits.name)

    def _chart(self, chart: Chart, here: str) -> None:
        if chart.table and self._among([chart.table], self.tables, "表", here):
            known = self.scheme.table(chart.table).column_names
            self._among([name for name in (chart.category, *chart.values) if name], known, "列", here, chart.table)
        of_table = chart.table and chart.category and chart.values
        if bool(chart.items) == bool(of_table) or bool(chart.items) == bool(chart.table):
            self.told(f"{here}：应写 items（几个汇总项），或 table、category、values（一个表的几列）")
        if self._among(chart.items, self.results, "汇总项", here):
            places = sorted(self.results.index(item) for item in chart.items)
            if places and places != list(range(places[0], places[0] + len(places))):
                self.told(f"{here}：items 应为汇总中相邻的几项；汇总依次为 {'、'.join(self.results)}")

    def _readable_format(self, text: str, place: str) -> None:
        if text and not is_format(text):
            self.told(
                f"{place}：format 应为 Excel 的数字格式，如 0.00、#,##0.00、0.00%、yyyy-mm-dd，现为 {written(text)}；符号用半角，颜色写 [Red]，最多四段"
            )

    def _readable_width(self, width: float, place: str) -> None:
        if not 0 <= width <= WIDEST:
            self.told(f"{place}：width 应为 0 至 {WIDEST} 的数字，现为 {width}")

    def _usable(self, name: str, place: str) -> None:
        if MADE_NAMES.fullmatch(name):
            self.told(f"{place}：{name} 是工作簿自己的名称，请换一个")
        elif not is_name(name):
            bare = re.sub(r"\W", "", name)
            meant = f"；可以写成 {bare}" if is_name(bare) else ""
            if meant:
                self.mistakes.doubt(bare)
            self.told(
                f"{place}：{name} 不能用作名称（须以文字开头，只含文字、数字、下划线，没有空格，不像单元格地址如 KPI1，不是 C、R，不以 KAOHE_ 开头）{meant}"
            )

    def _once(self, names: Iterable[str], place: str, each_in_place: bool = False) -> None:
        """Excel takes names that differ in case only for the same."""
        seen: dict[str, str] = {}
        for name in names:
            if (other := seen.get(name.casefold())) is not None:
                here = f"{place} {name}" if each_in_place else place
                self.told(f"{here}：名称 {name} 重复" + (f"（Excel 不区分大小写：{other}）" if other != name else ""))
            seen[name.casefold()] = name
