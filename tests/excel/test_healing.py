"""Formulas that don't know the functions are entered again, and nothing else about the workbook changes."""

from __future__ import annotations

from typing import Any

import pytest
from pyopenvba.apps.excel._model import Application, Range
from pyopenvba.interpreter._objects import MemberSpec
from pyopenvba.interpreter._values import error

from tests.excel.healing import SCORE, heal, sheet, with_healing
from tests.excel.simulated import Simulated


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Simulated:
    return with_healing(monkeypatch)


def test_a_plain_formula_from_a_file_is_entered_again(office: Simulated) -> None:
    entered = heal(office, 'Range("B1").Formula = "=KAOHE_SCORE(A1)"', 'Range("B2").Formula = "=A1*2"')
    assert entered == [("Formula2", SCORE)]


def test_formulas_of_others_between_them_are_left(office: Simulated) -> None:
    office.run(
        'Range("B1:B9").Formula = "=KAOHE_SCORE(A1)"', 'Range("B4:B5").Formula = "=A4*2"', 'Range("B6").Value = 7'
    )
    assert heal(office) == [("Formula2", SCORE.replace("A1", f"A{row}")) for row in (1, 2, 3, 7, 8, 9)]
    assert sheet(office, 'Range("B5").Formula') == "=A5*2" and sheet(office, 'Range("B6").Value') == 7


@pytest.mark.parametrize("is_array", [False, True])
def test_what_spills_goes_on_spilling(office: Simulated, is_array: bool) -> None:
    """Microsoft doesn't say whether HasArray is true of it."""
    office.state["SpillsAreArrays"] = is_array
    office.run('Range("A1:A3").Value = 5', 'Range("C1").Formula2 = "=A1:A3*IFERROR(KAOHE_SCORE(5),1)"')
    assert sheet(office, 'Range("C3").HasSpill') is True and sheet(office, 'Range("C3").HasArray') is is_array
    assert heal(office) == [("Formula2", "=A1:A3*IFERROR(KAOHE_SCORE(5),1)")]


def test_an_array_formula_is_entered_as_a_whole(office: Simulated) -> None:
    entered = heal(office, 'Range("C1:C3").FormulaArray = "=KAOHE_SCORE(A1:A3)"')
    assert entered == [("FormulaArray", "=KAOHE_SCORE(A1:A3)")]
    assert sheet(office, 'Range("C2").CurrentArray.Address') == "$C$1:$C$3"


def test_so_it_is_where_references_are_shown_as_rows_and_columns(office: Simulated) -> None:
    office.run('Range("C1:C3").FormulaArray = "=KAOHE_SCORE(A1:A3)"')
    assert heal(office, "Application.ReferenceStyle = -4150") == [("FormulaArray", "=KAOHE_SCORE(A1:A3)")]
    assert office.evaluate("Application.ReferenceStyle") == -4150


def test_a_workbook_that_is_not_active_yet_is_healed_when_it_is(office: Simulated) -> None:
    """As when Excel leaves the protected view (Microsoft, "Application.ActiveWorkbook property (Excel)")."""
    office.run('Range("B1").Formula = "=KAOHE_SCORE(A1)"', "ActiveWorkbook.Saved = True")
    office.entered.clear()
    book = office.evaluate("ActiveWorkbook")
    office.application.application.active_book = None
    office.call("KaoheHealOnce", book)
    assert office.entered == [] and office.application.dialogs == []
    office.application.activate_workbook(book)
    office.call("KaoheHealOnce", book)
    assert office.entered == [("Formula2", SCORE)] and office.application.dialogs == []


def test_a_workbook_without_our_functions_is_not_touched(office: Simulated) -> None:
    assert heal(office, 'Range("B1").Formula = "=SUM(A1)"', 'Range("B2").Value = "KAOHE_SCORE(A1)"') == []
    assert "UpdateLinks" not in office.state


def test_a_workbook_that_knows_this_addin_already_is_not_touched(office: Simulated) -> None:
    office.links.append(office.evaluate("ThisWorkbook.FullName"))
    assert heal(office, 'Range("B1").Formula = "=IFERROR(KAOHE_SCORE(A1),0)"') == []
    assert heal(office, everything=True) == [("Formula2", "=IFERROR(@KAOHE_SCORE(A1),0)")]


@pytest.mark.parametrize("everything", [True, False])
def test_the_formulas_of_names_are_entered_again_where_somebody_asks(office: Simulated, everything: bool) -> None:
    """No cell shows them; of other people's workbooks nobody wants to pay for thousands of names."""
    refers = "=KAOHE.ROUND(Sheet1!$A$1,0)"
    names = (f'ActiveWorkbook.Names.Add "rounded", "{refers}"', 'ActiveWorkbook.Names.Add "other", "=Sheet1!$A$1"')
    heal(office, *names, everything=everything)
    found = [office.evaluate(f'ActiveWorkbook.Names("{name}").RefersTo') for name in ("rounded", "other")]
    assert found == [refers.replace("KAOHE.", "KAOHE_") if everything else refers, "=Sheet1!$A$1"]


def test_an_unknown_name_is_mended_in_any_workbook(office: Simulated) -> None:
    office.links.append(office.evaluate("ThisWorkbook.FullName"))
    assert heal(office, 'Range("B1").Formula = "=KAOHE_SCORE(A1)"') == [("Formula2", SCORE)]


def test_a_link_to_the_addin_on_another_machine_leads_here(office: Simulated) -> None:
    here = office.evaluate("ThisWorkbook.FullName")
    elsewhere = rf"C:\Users\someone\{office.evaluate('ThisWorkbook.Name')}"
    office.links += [elsewhere, r"C:\data\prices.xlsx"]
    heal(office, 'Range("B1").Formula = "=KAOHE_SCORE(A1)"')
    assert office.relinked == [(elsewhere, here)]
    # Excel goes on asking about the user's own links.
    assert "UpdateLinks" not in office.state


def test_excel_does_not_ask_about_links_that_are_only_ours(office: Simulated) -> None:
    office.links.append(rf"C:\Users\someone\{office.evaluate('ThisWorkbook.Name')}")
    heal(office, 'Range("B1").Formula = "=KAOHE_SCORE(A1)"')
    assert office.state["UpdateLinks"] == 2


def test_protection_without_a_password_is_put_back_as_it_was(office: Simulated) -> None:
    entered = heal(
        office,
        'Range("B1").Formula = "=KAOHE_SCORE(A1)"',
        "ActiveSheet.Protect AllowSorting:=True, AllowFormattingColumns:=True, DrawingObjects:=False",
    )
    assert entered == [("Formula2", SCORE)]
    assert sheet(office, "ProtectContents") is True and sheet(office, "ProtectDrawingObjects") is False
    assert (
        sheet(office, "Protection.AllowSorting") is True and sheet(office, "Protection.AllowFormattingColumns") is True
    )
    assert sheet(office, "Protection.AllowFiltering") is False
    assert sheet(office, "ProtectionMode") is False


def test_a_sheet_that_only_users_are_kept_out_of_stays_open_to_macros(office: Simulated) -> None:
    heal(office, 'Range("B1").Formula = "=KAOHE_SCORE(A1)"', "ActiveSheet.Protect UserInterfaceOnly:=True")
    assert sheet(office, "ProtectContents") is True and sheet(office, "ProtectionMode") is True


def test_a_sheet_with_a_password_is_left_and_told_of(office: Simulated) -> None:
    entered = heal(office, 'Range("B1").Formula = "=KAOHE_SCORE(A1)"', 'ActiveSheet.Protect "secret"')
    assert entered == [] and sheet(office, "ProtectContents") is True
    (_, told, _, _) = office.application.dialogs[-1]
    assert "密码" in told and told.endswith("Sheet1\n")


def test_excel_and_the_workbook_are_afterwards_as_before(office: Simulated) -> None:
    heal(
        office,
        'Range("B1").Formula = "=KAOHE_SCORE(A1)"',
        'Range("D4").Select',
        "Application.Calculation = xlCalculationSemiautomatic",
    )
    assert office.evaluate("ActiveWorkbook.Saved") is True
    assert office.evaluate("ActiveCell.Address") == "$D$4"
    assert office.evaluate("Application.Calculation = xlCalculationSemiautomatic") is True
    assert (
        office.evaluate("Application.EnableEvents And Application.ScreenUpdating And Application.DisplayAlerts") is True
    )


def test_nobody_stops_the_code_by_esc_while_formulas_are_entered(office: Simulated) -> None:
    table(office, "=KAOHE.SCORE([@x])")
    office.run('Range("B1").Formula = "=KAOHE_SCORE(A1)"')
    office.is_stopping, office.state["Formula"] = True, []
    assert heal(office) == [("Formula2", SCORE)] and [place for place, _ in formulas(office)] == ["$E$2:$E$4"]
    assert office.evaluate("Application.EnableEvents And Application.EnableCancelKey = xlInterrupt") is True


@pytest.mark.parametrize("hidden", [2, 3, 4])
def test_rows_that_a_filter_hides_are_entered_too(office: Simulated, hidden: int) -> None:
    """What is entered into a range on a filtered sheet reaches visible cells only (pyOpenVBA, measured in Excel)."""
    table(office, "=KAOHE.SCORE(D2)+D$1")
    office.run(f'Range("G1:G4").Value = "a": Range("G{hidden}").Value = "b": Range("G1:G4").AutoFilter 1, "a"')
    office.state["Formula"] = []
    heal(office)
    assert [place for place, _ in formulas(office)] == ["$E$2:$E$4", f"$E${hidden}"]
    assert [sheet(office, f'Range("E{row}").Formula') for row in (2, 3, 4)] == [
        f"=KAOHE_SCORE(D{row})+D$1" for row in (2, 3, 4)
    ]


def test_a_workbook_is_looked_through_once(office: Simulated) -> None:
    office.run('Range("B1").Formula = "=KAOHE_SCORE(A1)"', "KaoheHealOnce ActiveWorkbook")
    office.entered.clear()
    office.run("KaoheHealOnce ActiveWorkbook")
    assert office.entered == []
    office.run("KaoheForget ActiveWorkbook", "KaoheHealOnce ActiveWorkbook")
    assert office.entered == [("Formula2", SCORE)]


def test_a_formula_that_excel_refuses_is_told_of_and_the_others_go_on(
    office: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = Range._vba_members["formula2"]

    def put(block: Any, value: Any) -> None:
        if block.Address().startswith("$B"):
            raise error(1004, "Application-defined or object-defined error")
        spec.setter(block, value)

    refusing = MemberSpec(name="Formula2", kind="property", getter=spec.getter, setter=put)
    monkeypatch.setitem(Range._vba_members, "formula2", refusing)
    office.run('Range("B1:B12").Formula = "=KAOHE_SCORE(A1)"', 'Range("E1").Formula = "=KAOHE_SCORE(A1)"')
    assert heal(office) == [("Formula2", SCORE)]
    (_, told, _, _) = office.application.dialogs[-1]
    assert told.split("\n")[1:] == [*(f"Sheet1!B{row}" for row in range(1, 11)), "等共 12 处", ""]


def table(office: Simulated, formula: str) -> None:
    """A table of three rows whose second column holds a formula, as it stands in a file."""
    office.run(
        'Range("D1").Value = "x": Range("E1").Value = "y"', 'Range("D2:D4").Value = 5',
        'ActiveSheet.ListObjects.Add(1, Range("D1:E4"), , 1).Name = "T"', f'Range("E2:E4").Formula = "{formula}"',
    )  # fmt: skip


def formulas(office: Simulated) -> list[tuple[str, str]]:
    """What was written into Formula: the range and the text."""
    found: list[tuple[str, str]] = office.state["Formula"]
    return found


def test_a_column_of_a_table_is_entered_once(office: Simulated) -> None:
    table(office, "=IF([@x]>0,KAOHE.SCORE([@x]),0)")
    office.run('Range("B1").Formula = "=KAOHE_SCORE(A1)"')
    office.state["Formula"] = []
    assert heal(office) == [("Formula2", SCORE)]
    assert formulas(office) == [("$E$2:$E$4", "=IF([@x]>0,KAOHE_SCORE([@x]),0)")] or formulas(office) == [
        ("$E$2:$E$4", "=IF(T[@x]>0,KAOHE_SCORE(T[@x]),0)")
    ]
    assert "KAOHE_SCORE" in sheet(office, 'Range("E4").Formula')


def test_a_column_that_computes_arrays_goes_on_doing_so(office: Simulated) -> None:
    table(office, "=[@x]")
    office.run('Range("E2:E4").Formula2 = "=SUM(KAOHE.SCORE($D$2:$D$4)*($D$2:$D$4=5))"')
    office.state["Formula"] = []
    assert heal(office) == [("Formula2", "=SUM(KAOHE_SCORE($D$2:$D$4)*($D$2:$D$4=5))")] and formulas(office) == []
    office.run('Range("E3").Value = 7')
    assert len(heal(office)) == 2 and formulas(office) == []
    office.state["Unknown"] = ("Formula2",)
    heal(office)
    assert [place for place, _ in formulas(office)] == ["$E$2", "$E$4"] and office.application.dialogs == []


@pytest.mark.parametrize("cells", ["E2:E4", "E3", "E2"])
def test_a_cell_formatted_as_text_holds_its_formula_afterwards(office: Simulated, cells: str) -> None:
    """A cell of texts keeps as a text whatever is written to it (pyOpenVBA, measured in Excel)."""
    table(office, "=KAOHE.SCORE([@x])")
    office.run('Range("B1").Formula = "=KAOHE.SCORE(A1)"', f'Range("{cells}").NumberFormat = "@"')
    office.run('Range("B1").NumberFormat = "@"', 'Range("A3").NumberFormat = "@"', 'Range("A3").Formula = "=1"')
    assert sheet(office, 'Range("A3").HasFormula') is False
    heal(office)
    assert [sheet(office, f'Range("{cell}").HasFormula') for cell in ("B1", "E2", "E3", "E4")] == [True] * 4
    assert "KAOHE_SCORE" in sheet(office, 'Range("E3").Formula') and "KAOHE_SCORE" in sheet(
        office, 'Range("B1").Formula'
    )
    assert [sheet(office, f'Range("{cell}").NumberFormat') for cell in ("B1", cells[:2])] == ["@", "@"]


@pytest.mark.parametrize("row", [2, 3, 4])
def test_a_column_in_which_one_row_is_an_array_formula_keeps_it(office: Simulated, row: int) -> None:
    table(office, "=SUM(KAOHE.SCORE($D$2:$D$4)*2)")
    office.run(f'Range("E{row}").FormulaArray = "=SUM(KAOHE.SCORE($D$2:$D$4)*2)"')
    heal(office)
    assert [sheet(office, f'Range("E{each}").HasArray') for each in (2, 3, 4)] == [each == row for each in (2, 3, 4)]
    assert all("KAOHE_SCORE" in sheet(office, f'Range("E{each}").Formula') for each in (2, 3, 4))


def test_a_column_with_an_exception_is_entered_cell_by_cell_and_keeps_it(office: Simulated) -> None:
    table(office, "=KAOHE.SCORE([@x])")
    office.run('Range("E3").Value = 7')
    office.state["Formula"] = []
    heal(office)
    assert [place for place, _ in formulas(office)] == ["$E$2", "$E$4"]
    assert sheet(office, 'Range("E3").Value') == 7


def test_a_workbook_of_others_costs_one_search_a_sheet(office: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    spec = Range._vba_members["specialcells"]
    counted = MemberSpec(
        name="SpecialCells",
        kind="method",
        getter=lambda *given: read.append("cells") or spec.getter(*given),
        parameters=spec.parameters,
    )
    monkeypatch.setitem(Range._vba_members, "specialcells", counted)
    office.run('Range("B1").Formula = "=SUM(A1)"', "KaoheHeal ActiveWorkbook, False")
    assert read == []
    office.run('Range("B2").Formula = "=KAOHE_SCORE(A1)"', "KaoheHeal ActiveWorkbook, False")
    assert read == ["cells"]


def test_a_workbook_counts_as_seen_only_after_it_was_healed(office: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    office.run('Range("B1").Formula = "=KAOHE_SCORE(A1)"')
    spec = Application._vba_members["statusbar"]

    def broken(application: Any, value: Any) -> None:
        raise error(1004, "busy")

    with monkeypatch.context() as context:
        context.setitem(
            Application._vba_members,
            "statusbar",
            MemberSpec(name="StatusBar", kind="property", getter=spec.getter, setter=broken),
        )
        office.entered.clear()
        office.run("KaoheHealOnce ActiveWorkbook", "KaoheHealOnce ActiveWorkbook")
        assert office.entered == [] and [dialog[1].split("\n")[-1] for dialog in office.application.dialogs] == ["busy"]
    office.run("KaoheHealOnce ActiveWorkbook")
    assert office.entered == [("Formula2", SCORE)]
    assert office.evaluate("Application.EnableEvents And Application.ScreenUpdating") is True


def test_new_rows_of_a_healed_table_have_the_living_formula(office: Simulated) -> None:
    table(office, "=KAOHE.SCORE([@x])")
    heal(office)
    office.run('ActiveSheet.ListObjects("T").ListRows.Add', 'Range("D5").Value = 9')
    assert "KAOHE_SCORE" in sheet(office, 'Range("E5").Formula')


def test_the_columns_are_calculated_one_by_one(office: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    table(office, "=KAOHE_SCORE([@x])")
    calculated: list[str] = []
    spec = Range._vba_members["calculate"]
    monkeypatch.setitem(
        Range._vba_members, "calculate",
        MemberSpec(name="Calculate", kind="method", getter=lambda block: calculated.append(block.Address())),
    )  # fmt: skip
    assert spec.getter
    office.run("KaoheCalculateColumns ActiveWorkbook")
    assert calculated == ["$E$2:$E$4"] and office.evaluate("Application.Calculation = xlCalculationAutomatic") is True
