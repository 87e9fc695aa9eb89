"""Whether the tables stand as their formulas read them: what rows say of it, and what they need not look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from addin.checking.workbook import all_faults
from addin.headless.formulas import Formulas, formulas_of
from addin.headless.session import Session
from addin.headless.skeleton import Skeleton
from addin.xlsx.model import Area, CellError, Table
from tests.checking.support import FIRST, HEADINGS, PEOPLE, SLUG, columns, computed, edited, filled, paid, told
from tests.support import Made, built, first_case
from workbook_templates.scheme.catalogue import load, slugs
from workbook_templates.scheme.columns import NUMBER_TYPES
from workbook_templates.workbook.layout import TABLE_LIMIT

BELOW = "表 人员 下面有 1 格内容不在表中，没有计算；请移入表内或删除"


def longer(place: Table, rows: int) -> Callable[[Workbook], None]:
    """As Excel does it: the table's range and every formula go on so many rows further."""

    def edit(book: Workbook) -> None:
        sheet = book[PEOPLE]
        table = sheet.tables[PEOPLE]
        inputs = {column.name for column in load(SLUG).table(PEOPLE).inputs}
        end = place.last_row + 1 + rows
        for row in range(place.last_row + 2, end + 1):
            for name, col in columns(sheet).items():
                source = sheet.cell(FIRST, col).value
                sheet.cell(row, col, source if name not in inputs else None if name == "工号" else source)
            sheet.cell(row, columns(sheet)["姓名"], f"新来的{row}")
        table.ref = f"A{HEADINGS}:{get_column_letter(len(place.columns))}{end}"
        table.autoFilter.ref = table.ref

    return edit


def test_a_table_that_was_drawn_longer_pays_the_new_person() -> None:
    template = filled(TABLE_LIMIT)
    place = computed(template).book.tables[PEOPLE]
    before, session = computed(template), edited(template, longer(place, 1))
    assert told(session) == []
    assert session.book.tables[PEOPLE].last_row == place.last_row + 1
    assert paid(session) > paid(before)


@pytest.mark.parametrize(("rows", "is_told"), [(1, True), (2, True), (3, False)])
def test_what_stands_below_a_table_that_was_drawn_longer(
    rows: int, is_told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows themselves tell it while they see the table's end, three rows below where it was; the table's state always does."""
    monkeypatch.setattr("workbook_templates.workbook.sheets.structure.DEPTH", 3)
    template = built(SLUG, first_case(SLUG))
    place = computed(template).book.tables[PEOPLE]

    def edit(book: Workbook) -> None:
        longer(place, rows)(book)
        book[PEOPLE].cell(place.last_row + rows + 2, 2, "多出来的")

    session = edited(template, edit)
    check = session.book.value(PEOPLE, place.first_row, place.columns.index("校验"))
    assert check == ("结构:" + BELOW if is_told else "通过")
    assert session.book.named_values("核对")["表 人员 无错误"] == BELOW
    assert isinstance(paid(session), CellError)


READ_BY_OTHERS = {("health-centre-heads", "人员", "任职月数")}
"""Numbers that a scheme has the other rows look at: the months of those who led a unit one after the other are no more than a year's."""


@pytest.mark.parametrize("slug", slugs())
def test_whatever_scheme_other_rows_need_not_be_checked_anew_for_a_number_and_tell_what_stands_below(
    slug: str, scheme_book: Made
) -> None:
    content = scheme_book(slug).read_bytes()
    before = computed(content)
    assert all_faults(before) == []
    formulas = Skeleton.of(before.workbook).once(formulas_of)
    for table in load(slug).tables:
        place = before.book.tables[table.name]
        numbers = {c.name for c in table.inputs if c.type in NUMBER_TYPES} if table.people else set()
        read = {name for name in numbers if (slug, table.name, name) in READ_BY_OTHERS}
        if numbers - read:
            assert _reached(formulas, place, numbers - read) == {place.first_row + 1}
        assert all(len(_reached(formulas, place, {name})) > 1 for name in read)
    declared = load(slug).tables[0]
    place = before.book.tables[declared.name]
    row, col = place.last_row + 1, place.first_col + place.columns.index(declared.inputs[0].name)
    below = f"{get_column_letter(col + 1)}{row + 1}"
    session = Session.of(content)
    session.type(place.sheet, below, "多出来的")
    session.compute()
    [line] = told(session)
    assert line.startswith(f"{place.sheet}!{below} 第 {row + 1} 行在表 {declared.name} 下面")
    check = place.first_col + place.columns.index("校验")
    verdicts = [session.book.value(place.sheet, r, check) for r in range(place.first_row, row)]
    assert all(str(verdict).startswith("结构:") for verdict in verdicts if verdict not in ("", None))


def _reached(formulas: Formulas, place: Table, names: set[str]) -> set[int]:
    """The rows that are checked anew where cells of the table's second row are changed, whatever the values in between."""
    found: dict[tuple[str, int], set[int]] = defaultdict(set)
    for name in names:
        found[place.sheet, place.first_col + place.columns.index(name)].add(place.first_row + 1)

    def is_met(area: Area) -> bool:
        columns = (found.get((area.sheet, col), set()) for col in range(area.left, area.right + 1))
        return any(area.top <= row <= area.bottom for rows in columns for row in rows)

    for component in formulas.order:
        # Groups that read each other are gone through until nothing is added.
        for _ in component:
            for group in component:
                new = {row for row in group.rows if any(map(is_met, group.single(row).sources()))}
                found[group.sheet, group.col] |= new
    # Above them stands what is said of other tables' rows.
    return {row for row in found[place.sheet, place.first_col + place.columns.index("校验")] if row >= place.first_row}
