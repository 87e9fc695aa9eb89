"""What a formula of a scheme reads is there, and can be read so; what isn't is told with what was meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from udfs import FUNCTIONS
from workbook_templates.formula import language as formulas
from workbook_templates.formula.language import FormulaError, Reference
from workbook_templates.formula.nearest import nearest
from workbook_templates.formula.tree import Apply, Blank, Constant, Named, calls
from workbook_templates.scheme.columns import TEXT_TYPES
from workbook_templates.scheme.conditions import is_condition
from workbook_templates.scheme.errors import unknown
from workbook_templates.scheme.mistakes import Mistakes
from workbook_templates.scheme.model import Scheme, Table
from workbook_templates.scheme.names import PERSON_KEY, column_key, state
from workbook_templates.scheme.parameters import Listing
from workbook_templates.scheme.traps import traps
from workbook_templates.scheme.wholes import whole_columns


class FormulaCheck:
    """Knows the names of a scheme, and tells where formulas have others."""

    def __init__(self, scheme: Scheme, mistakes: Mistakes) -> None:
        self.scheme = scheme
        self.mistakes, self.told = mistakes, mistakes.add
        self.place = mistakes.place
        self.tables = [table.name for table in scheme.tables]
        self.lists = [listing.name for listing in scheme.lists]
        self.parameters = [*(p.name for p in scheme.parameters), *scheme.cell_names]
        self.results = [result.name for result in scheme.results]
        scoped = [p.name for p in scheme.parameters if p.scope is not None]
        self.needable = [*self.tables, *self.lists, *(rule.name for rule in scheme.parameter_rules), *scoped]
        whole = ["参数名称", "参数值"] if scheme.parameters else []
        self._lists_and_views = [*self.lists, *(view.name for view in scheme.views)]
        self.names = [*self.parameters, *self.results, *whole, *(state(name) for name in self.needable)]

    def _formula(
        self,
        text: str,
        table: Table | None,
        here: str,
        among: Sequence[str] | None = None,
        of: Sequence[str] | None = None,
        condition: bool = False,
    ) -> None:
        """``among`` the names and ``of`` the tables and lists that this formula may read, where not all of them."""
        try:
            parsed = formulas.parse(text)
        except FormulaError as error:
            self.told(f"{here}：{error}")
            return
        for name in parsed.names():
            self._name(name, self.names if among is None else among, table, here)
        for reference in parsed.references():
            self._reference(reference, table, here, [*self.tables, *self._lists_and_views] if of is None else of)
        for whole in whole_columns(parsed.tree):
            self.told(
                f"{here}：公式 {text} 中 {whole.text} 是整列，这里要一个值；{self._one_of(whole, table)}", whole.first
            )
        for trap in traps(parsed.tree):
            self.told(f"{here}：公式 {text} 中 {trap}")
        for call in calls(parsed.tree):
            if call.function == "KAOHE_ALLOCATE":
                self._pool(call, f"{here}：公式 {text} 中 KAOHE_ALLOCATE")
        if condition and not is_condition(parsed.tree, lambda node: self._is_text(node, table)):
            self.told(f'{here}：公式 {text} 应为成立或不成立的条件，如 =[@列]="是"、=[@列]>=60')

    def _pool(self, call: Apply, here: str) -> None:
        """Groups and amounts for the groups go together."""
        _, _, pool, _, *others = call.arguments
        grouped = len(others) > 2 and not isinstance(others[2], Blank)
        if grouped and (isinstance(pool, Constant | Named) or (isinstance(pool, Reference) and pool.single)):
            self.told(f"{here} 写了组别，总额就要是组别、金额两列（表的 pools）")
        elif not grouped and isinstance(pool, Reference) and not pool.single:
            self.told(f"{here} 的总额是组别、金额两列，就要写组别")
        elif not grouped and isinstance(pool, Reference) and not pool.own_row and pool.table not in self.lists:
            self.told(f"{here} 的总额 {pool.text} 是整列，这里要一个值")

    def _one_of(self, whole: Reference, table: Table | None) -> str:
        """How one value of a column is read."""
        if whole.table in self._lists_and_views:
            return "列表中的一格用 KAOHE_LOOKUP、KAOHE_TIER、INDEX 取"
        if whole.table:
            return "对应的一行用 KAOHE_LOOKUP 取，几行用 KAOHE_SUM 等合计"
        blocks = [name for name, *ends in (table.blocks if table else ()) if ends == [whole.first, whole.last]]
        return f"本行的写 {replace(whole, own_row=True).text}" + "".join(f"（即 [@{name}]）" for name in blocks[:1])

    def _name(self, name: str, allowed: Sequence[str], table: Table | None, here: str) -> None:
        if name in allowed:
            return
        meant = "" if nearest(name, allowed) else self._elsewhere(name) or "；文本加引号"
        if table and name in table.column_names:
            meant = f"；本行的列写 [@{name}]，整列写 [{name}]"
        elif name in (*self.tables, *self._lists_and_views):
            meant = f"；表、列表写明列：{name}[列]"
        elif name.upper() in FUNCTIONS:
            meant = f"；函数名后面紧接着写括号：{name}(…)，中间没有空格"
        states = state("")
        plain = [other for other in allowed if name.startswith(states) or not other.startswith(states)]
        self.told(f"{here}：{unknown('没有名称', name, plain)}{meant}", name)

    def _is_text(self, node: Reference | Named, table: Table | None) -> bool:
        """Whether what is read holds a text, so that no condition can be meant."""
        if isinstance(node, Reference):
            own = table.inputs if table and node.own_row else ()
            return any(column.name == node.first and column.type in TEXT_TYPES for column in own)
        return any(parameter.name == node.name and parameter.type in TEXT_TYPES for parameter in self.scheme.parameters)

    def _reference(self, reference: Reference, table: Table | None, here: str, of: Sequence[str]) -> None:
        target = reference.table or (table.name if table else "")
        if not target:
            self.told(f"{here}：此处的公式须写明是哪个表的列（表[列]）")
        elif reference.table is None or self._among([target], of, "表或列表", here):
            for name in dict.fromkeys((reference.first, reference.last)):
                self._column(name, target, here)

    def _column(self, name: str, target: str, here: str) -> bool:
        """Whether a table or list has a column."""
        known = self._columns_of(target)
        if name in known:
            return True
        meant = nearest(name, known)
        if name.startswith("＠"):
            meant = f"；全角的 ＠ 应为半角的 @：[@{name[1:]}]"
        elif ":" in name:
            meant = "；从一列到另一列写 [[甲]:[乙]]，本行的写 [@[甲]:[乙]]"
        elif "{" in name:
            meant = "；{} 只用在写了 each 的项里；几列一起写合称（block）"
        elif name in (*self.parameters, *self.results):
            meant = f"；{name} 是参数或汇总，直接写名称，不加方括号"
        elif name == PERSON_KEY or name.startswith(column_key("")):
            meant = "；写了 people = true 的表才有“键”，写了指向它的 key 的列才有“键_列”"
        else:
            meant = self._elsewhere(name) or meant
        self.told(
            f"{here}：{self._kind(target)} {target} 没有列 {name}；可用的：{'、'.join(known)}{meant}", name, target
        )
        if name.startswith("＠"):
            self.mistakes.doubt(name)
        return False

    def _elsewhere(self, name: str) -> str:
        """The columns of this name, whosever they are."""
        owners: tuple[Table | Listing, ...] = (*self.scheme.tables, *self.scheme.lists)
        found = [f"{owner.name}[{name}]" for owner in owners if name in owner.column_names]
        return f"；别处有 {'、'.join(found)}" if found else ""

    def _kind(self, name: str) -> str:
        return "表" if name in self.tables else "列表" if name in self.lists else "合称"

    def _columns_of(self, name: str) -> tuple[str, ...]:
        if name in self.tables:
            return self.scheme.table(name).column_names
        return self._listing_of(name).column_names

    def _listing_of(self, name: str) -> Listing:
        views = {view.name: view.listing for view in self.scheme.views}
        return self.scheme.listing(views.get(name, name))

    def _among(self, names: Iterable[str], allowed: Collection[str], what: str, place: str, *within: str) -> bool:
        """Whether there are all of these names; ``within`` the table that they are looked for in."""
        missing = [name for name in names if name not in allowed]
        for name in missing:
            self.told(f"{place}：{unknown(f'没有{what}', name, allowed)}", name, *within)
        return not missing
