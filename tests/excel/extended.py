"""What Excel's objects have and the simulation lacks, as far as the add-in uses it."""

from __future__ import annotations

import datetime
import functools
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyopenvba._a1 import Area
from pyopenvba.apps.excel._calc import Calculator
from pyopenvba.apps.excel._model import Application, ExcelObject, Range, Workbook, Worksheet
from pyopenvba.apps.excel._tables import ListObject
from pyopenvba.exceptions import VBAUnsupportedError
from pyopenvba.interpreter import _runtime
from pyopenvba.interpreter._objects import MemberSpec, VBAObject
from pyopenvba.interpreter._runtime import Slot
from pyopenvba.interpreter._values import EMPTY, NOTHING, VBAArray, VBADate, VBAErrorValue, VBAInt, error

from tests.excel.compiledvalues import Keyed
from workbook_templates.formula.parser import parse
from workbook_templates.formula.tokens import FormulaError

if TYPE_CHECKING:
    from tests.excel.simulated import Simulated

XL_INTERRUPT = 1
A1_STYLE = 1
LONGEST_TEXT = 255
"""Of what FormulaArray and both texts of Replace take."""

NOT_FOR_CELLS = {
    Application: "Calculate CalculateFull Goto Run OnTime MacroOptions",
    Workbook: "Activate Close Save SaveAs SaveCopyAs ChangeLink Protect Unprotect",
    Worksheet: "Activate Calculate Delete Protect Select Unprotect",
    Range: "Activate AutoFill Calculate Clear ClearContents Copy Cut Delete Dirty Insert Replace Select Sort SpecialCells",
}
"""Methods that change something, or (SpecialCells) do nothing where a cell calls."""

MOST_CELLS = 100_000
TODAY = datetime.datetime(2026, 1, 5, 9, 0)


class Interrupted(BaseException):
    """Esc while EnableCancelKey is xlInterrupt: the user ends the code, whatever handlers there are."""


class AutoCorrect(VBAObject):
    vba_type_name = "AutoCorrect"


class TableFilter(VBAObject):
    vba_type_name = "AutoFilter"


@dataclass(frozen=True)
class Members:
    """Members for the classes of the simulation, for as long as they are wanted."""

    monkeypatch: Any

    def property(self, owner: Any, name: str, get: Callable[..., Any], put: Callable[..., Any] | None = None) -> None:
        self._add(owner, MemberSpec(name=name, kind="property", getter=get, setter=put))

    def method(self, owner: Any, name: str, run: Callable[..., Any], *parameters: str) -> None:
        self._add(owner, MemberSpec(name=name, kind="method", getter=run, parameters=parameters))

    def _add(self, owner: Any, spec: MemberSpec) -> None:
        self.monkeypatch.setitem(owner._vba_members, spec.name.lower(), spec)


def extend(monkeypatch: Any, simulated: Simulated) -> None:
    members = Members(monkeypatch)
    _values(monkeypatch, simulated)
    _functions(simulated)
    _application(members, simulated)
    _filters(members, simulated)
    _links(members, simulated)
    _workbook(members, simulated)
    _array_kinds(members, simulated)
    _entering(members, simulated)
    _for_cells(members, simulated)


def _for_cells(members: Members, simulated: Simulated) -> None:
    """Microsoft, "Description of limitations of custom functions in Excel" (170787): a function that a cell calls can't set
    properties or execute most methods."""
    known_set = ExcelObject.vba_set

    def refuse() -> None:
        if simulated.is_reading:
            raise error(1004, "Application-defined or object-defined error")

    def put(target: Any, *given: Any, **named: Any) -> None:
        refuse()
        known_set(target, *given, **named)

    def guarded(run: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(run)
        def running(*given: Any) -> Any:
            refuse()
            return run(*given)

        return running

    members.monkeypatch.setattr(ExcelObject, "vba_set", put)
    for owner, names in NOT_FOR_CELLS.items():
        for name in names.split():
            if spec := owner._vba_members.get(name.lower()):
                members.method(owner, name, guarded(spec.getter), *spec.parameters)


def _values(monkeypatch: Any, simulated: Simulated) -> None:
    """How cells are read and values are kept."""
    known_value_of, known_bounded = Calculator.value_of, Range.bounded
    known_set, known_element = Slot.set, VBAArray.set

    def value_of(calculator: Any, sheet: str, row: int, column: int, *, force: bool = False) -> Any:
        cell = calculator.book.sheet_named(sheet).cells_.get((row, column))
        if simulated.is_reading and cell is not None and cell.formula and cell.stale:
            return EMPTY if simulated.is_stale_empty else cell.value
        return known_value_of(calculator, sheet, row, column, force=force)

    def bounded(block: Any) -> Any:
        """Excel gives all cells of a range, also those beyond the used ones."""
        return block.first if block.first.rows * block.first.columns < MOST_CELLS else known_bounded(block)

    monkeypatch.setattr(Calculator, "value_of", value_of)
    monkeypatch.setattr(Range, "bounded", bounded)
    monkeypatch.setattr(_runtime, "Collection", Keyed)
    # VBA copies an array when it is assigned; the simulation would let two variables share it.
    monkeypatch.setattr(Slot, "set", lambda slot, value: known_set(slot, _copied(value)))
    monkeypatch.setattr(VBAArray, "set", lambda array, place, value: known_element(array, place, _copied(value)))


def _copied(value: Any) -> Any:
    if not isinstance(value, VBAArray):
        return value
    return VBAArray(list(value.bounds), element_type=value.element_type, fixed=value.fixed, items=list(value.items))


def _functions(simulated: Simulated) -> None:
    """What VBA itself asks of the system, and the library."""
    interpreter = simulated.application.interpreter
    interpreter.freeze(TODAY)
    interpreter._intrinsics = interpreter._intrinsics | {
        "environ": lambda *_: r"C:\Users\someone",
        "doevents": lambda interpreter, *_: _passed(interpreter, 1),
        "sleep": lambda interpreter, given, _: _passed(interpreter, int(given[0])),
        "strptr": lambda _, given, __: VBAInt(1),
        "filedatetime": lambda _, given, __: VBADate(simulated.dll.written),
        "dir": lambda _, given, __: _listed(str(given[0])),
    }
    known_global = interpreter.host.global_object
    interpreter.host.global_object = lambda name: simulated.dll if name == "xlwingslibrary" else known_global(name)


def _listed(path: str) -> str:
    """Dir finds nothing here, and fails with a path that the code page doesn't have (GCuser99/SeleniumVBA, issue 79); here it is an
    English Windows'."""
    try:
        path.encode("cp1252")
    except UnicodeEncodeError:
        raise error(52, "Bad file name or number") from None
    return ""


def _passed(interpreter: Any, milliseconds: int) -> VBAInt:
    """Time passes while Excel waits: for the simulation's clock, and for the programs beside it."""
    interpreter.freeze(interpreter.clock() + datetime.timedelta(milliseconds=milliseconds))
    time.sleep(milliseconds / 1000)
    return VBAInt(0)


def _application(members: Members, simulated: Simulated) -> None:
    state = simulated.state

    def kept(name: str, at_first: Any) -> None:
        """A setting that keeps what it was set to."""
        members.property(
            Application, name, lambda _: state.get(name, at_first), lambda _, value: state.update({name: value})
        )

    members.property(Application, "Path", lambda _: state.get("Path", r"C:\Program Files\Microsoft Office"))
    members.property(Application, "Hwnd", lambda _: VBAInt(1))
    members.property(Application, "PathSeparator", lambda _: os.sep)
    members.property(Application, "Caller", lambda _: simulated.caller or VBAErrorValue(2023))
    members.property(Application, "AutoCorrect", lambda _: AutoCorrect())
    members.property(AutoCorrect, "AutoFillFormulasInLists", lambda _: True, lambda _, value: None)
    members.method(Application, "CalculateFull", lambda _: simulated.recalculate())
    kept("ReferenceStyle", A1_STYLE)
    mode = Application._vba_members["calculation"]

    def mode_of(application: Any) -> Any:
        """Without an active workbook there is no mode, and none can be set (stackoverflow.com/questions/275630)."""
        return mode.getter(application) if application.active_book is not None else VBAErrorValue(2042)

    def set_mode(application: Any, value: Any) -> None:
        if application.active_book is None:
            raise error(1004, "Unable to set the Calculation property of the Application class")
        mode.setter(application, value)

    members.property(Application, "Calculation", mode_of, set_mode)
    kept("EnableCancelKey", XL_INTERRUPT)
    kept("OperatingSystem", "Windows (64-bit) NT 10.00")


def _filters(members: Members, simulated: Simulated) -> None:
    """Microsoft, "ListObject.AutoFilter property (Excel)": Nothing for a table without filter buttons."""

    def filter_of(table: Any) -> Any:
        return TableFilter() if table.vba_get("ShowAutoFilter") else NOTHING

    members.property(ListObject, "AutoFilter", filter_of)
    members.property(TableFilter, "FilterMode", lambda _: bool(simulated.state.get("IsTableFiltered")))


def _links(members: Members, simulated: Simulated) -> None:
    def change(_: Any, name: str, new: str, kind: Any) -> None:
        simulated.relinked.append((name, new))
        simulated.links[simulated.links.index(name)] = new

    def sources(_: Any, kind: Any = None) -> Any:
        return VBAArray([(1, len(simulated.links))], items=list(simulated.links)) if simulated.links else EMPTY

    members.method(Workbook, "LinkSources", sources, "Type")
    members.method(Workbook, "ChangeLink", change, "Name", "NewName", "Type")
    members.property(
        Workbook,
        "UpdateLinks",
        lambda _: simulated.state.get("UpdateLinks"),
        lambda _, value: simulated.state.update(UpdateLinks=value),
    )


def _workbook(members: Members, simulated: Simulated) -> None:
    def is_addin(book: Any) -> bool:
        return book is simulated.application.workbooks()[0] and bool(simulated.state.get("IsAddin", True))

    def save_copy(book: Any, path: str) -> Any:
        """What was opened; the tests that use it have edited nothing."""
        shutil.copyfile(Path(book.path) / book.name, path)
        return EMPTY

    known_close = Workbook._vba_members["close"]

    def close(book: Any, *given: Any) -> Any:
        """What is left of a closed workbook has no members any more ("Automation error")."""
        done = known_close.getter(book, *given)
        book.invalidated = book not in simulated.application.workbooks()
        return done

    members.method(Workbook, "Close", close, *known_close.parameters)
    members.property(Workbook, "IsAddin", is_addin)
    members.property(Workbook, "Date1904", lambda _: bool(simulated.state.get("Date1904")))
    members.method(Workbook, "SaveCopyAs", save_copy, "Filename")


def _array_kinds(members: Members, simulated: Simulated) -> None:
    """Which formulas are arrays, and which spill."""
    array, spill = Range._vba_members["hasarray"].getter, Range._vba_members["hasspill"].getter

    def saved_as_array(block: Any) -> bool:
        """Microsoft, "Range.SavedAsArray property (Excel)"; here of everything that was entered by Formula2."""
        _refuse_unknown(simulated, "Formula2")
        return bool(block.sheet.cell(block.first.top, block.first.left).dynamic)

    def has_array(block: Any) -> Any:
        found = array(block)
        return found if found is not False else bool(simulated.state.get("SpillsAreArrays") and spill(block))

    members.property(Range, "SavedAsArray", saved_as_array)
    members.property(Range, "HasArray", has_array)


def _refuse_unknown(simulated: Simulated, name: str) -> None:
    if name in simulated.state.get("Unknown", ()):
        raise error(438, "Object doesn't support this property or method")


def _entering(members: Members, simulated: Simulated) -> None:
    """How formulas are entered, and entered again."""
    formula = Range._vba_members["formula"]

    def interrupt() -> None:
        """Microsoft, "Application.EnableCancelKey property (Excel)"."""
        if simulated.is_stopping and simulated.state.get("EnableCancelKey", XL_INTERRUPT) == XL_INTERRUPT:
            raise Interrupted

    if simulated.dll is not None:
        simulated.dll.after_waiting = interrupt

    def put_formula(block: Any, value: Any) -> None:
        interrupt()
        simulated.state.setdefault("Formula", []).append((block.Address(), str(value)))
        formula.setter(block, value)

    def entered_as(name: str) -> None:
        spec = Range._vba_members[name.lower()]

        def get(block: Any) -> Any:
            """Of a formula that names a table's column, which the simulation doesn't give, as Formula shows it."""
            _refuse_unknown(simulated, name)
            try:
                return spec.getter(block)
            except VBAUnsupportedError:
                return formula.getter(block)

        def put(block: Any, value: Any) -> None:
            interrupt()
            is_array = name == "FormulaArray"
            # Microsoft doesn't say any more which style FormulaArray wants where references are shown as R1C1.
            is_unclear = is_array and simulated.state.get("ReferenceStyle", A1_STYLE) != A1_STYLE
            if is_unclear or (is_array and len(value) > LONGEST_TEXT) or name in simulated.state.get("Refused", ()):
                raise error(1004, f"Unable to set the {name} property of the Range class")
            simulated.entered.append((name, str(value)))
            spec.setter(block, value)

        members.property(Range, name, get, put)

    def replace(block: Any, what: str, by: str, *how: Any) -> bool:
        """Microsoft, "Range.Replace method (Excel)"; it may make an array formula longer than FormulaArray takes."""
        if max(len(what), len(by)) > LONGEST_TEXT:
            raise error(13, "Type mismatch")
        for row, column in {(area.top, area.left) for area in block.areas}:
            cell = block.sheet.cell(row, column)
            becomes = cell.formula.replace(what.replace("~~", "~"), by)
            if is_formula(becomes[1:]):
                cell.formula, cell.stale = becomes, True
                simulated.entered.append(("Replace", becomes))
        return True

    known_insert = Range._vba_members["insert"]

    def insert(block: Any, *how: Any) -> Any:
        """After Copy it is "Insert Copied Cells", as Excel's macro recorder writes that."""
        clip, first = block.sheet.book.application.clipboard, block.first
        done = known_insert.getter(block, *how)
        if clip is not None:
            clip.source.copy_to(Range(block.sheet, [Area(first.top, 1, first.top, 1, block.sheet.name)]))
        return done

    members.method(Range, "Insert", insert, *known_insert.parameters)
    members.property(Range, "Formula", formula.getter, put_formula)
    entered_as("Formula2")
    entered_as("FormulaArray")
    members.method(Range, "Replace", replace, "What", "Replacement", "LookAt", "SearchOrder", "MatchCase")
    members.method(Range, "Dirty", lambda _: None)


def is_formula(text: str) -> bool:
    """Whether Excel can read a formula: the others it leaves as they were."""
    try:
        parse(text)
    except FormulaError:
        return False
    return True
