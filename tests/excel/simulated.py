"""Excel as pyOpenVBA simulates it, in which the VBA of the add-in runs; what it lacks is added here.

Cells call our functions as Excel does: with ranges as Range objects, values that are worked out as values, what is left
out as missing; Application.Caller is the cell. Where an argument refers to cells that are still to be calculated, Excel
calls the function all the same, with those cells empty, calculates them, and calls again ("Writing efficient VBA UDFs,
part 7: UDFs calculated multiple times", fastexcel.wordpress.com). Evaluate takes 255 characters.
"""

from __future__ import annotations

import datetime
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyopenvba._a1 import Area
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._calc import Calculator
from pyopenvba.apps.excel._model import Application, Range, Workbook
from pyopenvba.exceptions import VBAUnsupportedError
from pyopenvba.formula._calc import registry
from pyopenvba.formula._calc.cells import CellError
from pyopenvba.formula._calc.nodes import Missing
from pyopenvba.formula._calc.values import EMPTY as NOTHING_THERE
from pyopenvba.formula._calc.values import Array, Empty, Reference
from pyopenvba.interpreter import _runtime
from pyopenvba.interpreter._objects import MemberSpec, VBAObject
from pyopenvba.interpreter._runtime import Slot
from pyopenvba.interpreter._values import EMPTY, MISSING, VBAArray, VBADate, VBAErrorValue, VBAInt, error

from addin.excel.project import modules
from addin.excel.vbaproject import Kind
from tests.excel.compiled import Project, translate
from tests.excel.compiledvalues import Keyed
from tests.excel.dll import Clock, Library
from udfs import FUNCTIONS
from workbook_templates.formula.parser import parse
from workbook_templates.formula.tokens import FormulaError

XL_INTERRUPT = 1
LONGEST_TEXT = 255
"""Of what FormulaArray and both texts of Replace take."""

ADDIN_PATH = r"C:\XLSTART\kaohe.xlam"
ERRORS = {
    "#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042,
    "#GETTING_DATA": 2043, "#SPILL!": 2045, "#CONNECT!": 2046, "#BLOCKED!": 2047, "#UNKNOWN!": 2048, "#FIELD!": 2049,
    "#CALC!": 2050, "#BUSY!": 2051, "#PYTHON!": 2222,
}  # fmt: skip
NAMES_OF_ERRORS = {number: name for name, number in ERRORS.items()}
LIBRARY = """Option Private Module
Public Function XLPyDLLActivateAuto(ByRef Result As Variant, Optional ByVal Config As String = "", Optional ByVal mode As Long = 1) As Long
    XLPyDLLActivateAuto = XlwingsLibrary.Activate(Config, mode)
    If IsObject(XlwingsLibrary.Result) Then Set Result = XlwingsLibrary.Result Else Result = XlwingsLibrary.Result
End Function
Public Function LoadLibrary(ByVal path As String) As Long
    LoadLibrary = XlwingsLibrary.Load(path)
End Function
Public Function KaoheSetting(ByVal Key As String) As String
    KaoheSetting = XlwingsLibrary.Setting(Key)
End Function
"""
TODAY = datetime.datetime(2026, 1, 5, 9, 0)


class Interrupted(BaseException):
    """Esc while EnableCancelKey is xlInterrupt: the user ends the code, whatever handlers there are."""


class AutoCorrect(VBAObject):  # type: ignore[misc]
    vba_type_name = "AutoCorrect"


@dataclass
class Simulated:
    """An Excel with the add-in's modules; ``links`` are what any workbook refers to, ``entered`` what was entered."""

    application: ExcelApplication
    links: list[str] = field(default_factory=list)
    relinked: list[tuple[str, str]] = field(default_factory=list)
    entered: list[tuple[str, str]] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    dll: Library | None = None
    caller: Any = None
    is_stale_empty: bool = True
    """Whether VBA sees cells that are still to be calculated as empty, or with their value of before."""

    is_reading: bool = False
    """While VBA runs for a cell: what it reads is there or isn't, and nothing is calculated for it."""

    is_stopping: bool = False
    """Whether somebody presses Esc whenever a formula is entered or a server started."""

    is_filtered: bool = False
    """Whether what is entered into a range leaves out its hidden rows; Microsoft doesn't say."""

    calls: int = 0
    project: Project | None = None
    """The add-in's procedures, translated."""

    def run(self, *lines: str) -> None:
        """Run statements in the add-in's project."""
        name = f"Try{len(self.state)}"
        self.state[name] = True
        body = "\n".join(lines)
        self.application.add_module(f"Public Sub {name}()\n{body}\nEnd Sub\n", name=f"Module{name}")
        self.application.run(name)

    def evaluate(self, expression: str) -> Any:
        return self.application.evaluate(expression)

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a procedure of the project with VBA's values."""
        interpreter = self.application.interpreter
        procedure, module = interpreter.find_procedure(name)
        assert procedure is not None and module is not None, name
        interpreter.initialise()
        return interpreter.call(procedure, module, list(arguments), {})

    def recalculate(self) -> None:
        """Everything anew, as Ctrl+Alt+F9 does."""
        for book in self.application.workbooks():
            calculator = book.calculator
            calculator.build()
            for sheet in book.sheets_:
                for cell in sheet.cells_.values():
                    cell.stale = bool(cell.formula)
        self.calculate()

    def calculate(self) -> None:
        for book in self.application.workbooks():
            book.calculator.calculate_all()


def excel(monkeypatch: Any, names: Iterable[str], dll: Library | None = None) -> Simulated:
    """An Excel with these modules of the add-in, and its sentences."""
    wanted = {*names, "kaohe_text", "kaohe_sentences"}
    simulated = Simulated(ExcelApplication(), dll=dll)
    _extend(monkeypatch, simulated)
    simulated.application.add_workbook()
    for module in modules([]):
        if module.name in wanted:
            kind = "class" if module.kind is Kind.CLASS else "standard"
            simulated.application.add_module(_runnable(module.code), name=module.name, kind=kind)
    if dll is not None:
        simulated.application.add_module(LIBRARY, name="library")
    simulated.project = translate(simulated.application.interpreter, wanted | {"library"})
    return simulated


WORKING = (
    "KaoheEvents",
    "kaohe_heal",
    "kaohe_enter",
    "kaohe_text",
    "kaohe_values",
    "KaoheMemory",
    "kaohe_ahead",
    "kaohe_expect",
    "kaohe_foresee",
    "kaohe_columns",
    "kaohe_server",
    "kaohe_functions",
    "kaohe_sentences",
    "kaohe_jobs",
)


@contextmanager
def working(monkeypatch: Any, start: Callable[[str], Any], clock: Clock | None = None) -> Iterator[Simulated]:
    """An Excel whose cells can call the functions, through the library's stand-in to what ``start`` serves."""
    simulated = excel(monkeypatch, WORKING, Library(start, clock or Clock()))
    known = dict(registry.FUNCTIONS)
    for name in FUNCTIONS:
        _register(simulated, name)
    try:
        yield simulated
    finally:
        registry.FUNCTIONS.clear()
        registry.FUNCTIONS.update(known)


def _runnable(code: str) -> str:
    """A module without what reaches for Windows, which stands in the module ``library`` instead."""
    code = re.sub(r"Private Declare .*?\n", "", code)
    code = re.sub(r"Private Function KaoheSetting.*?End Function\n", "", code, flags=re.DOTALL)
    return code.replace("Public WithEvents ", "Public ")


def _register(simulated: Simulated, name: str) -> None:
    """Let formulas call the wrapper of a function."""

    def implementation(context: Any, *nodes: Any) -> Any:
        return _called(simulated, name, context, nodes)

    count = len(FUNCTIONS[name].parameters)
    required = sum(not parameter.optional for parameter in FUNCTIONS[name].parameters)
    registry.FUNCTIONS[name] = registry.Function(name, implementation, (registry.LAZY,) * count, required, count)


def _called(simulated: Simulated, name: str, context: Any, nodes: Any) -> Any:
    book = context.book.book
    values = [MISSING if isinstance(node, Missing) else context.evaluate(node) for node in nodes]
    sheet = book.sheet_named(context.sheet)
    block = sheet.array_formulas.get((context.row, context.column))
    area = block or Area(context.row, context.column, context.row, context.column, context.sheet)
    caller = Range(sheet, [Area(area.top, area.left, area.bottom, area.right, sheet.name)])

    def once() -> Any:
        before = simulated.caller, simulated.is_reading
        simulated.caller, simulated.is_reading = caller, True
        simulated.calls += 1
        try:
            return simulated.call(name, *[_given(book, value) for value in values])
        finally:
            simulated.caller, simulated.is_reading = before

    stale = [key for value in values if isinstance(value, Reference) for key in _stale(book, value)]
    if stale:
        once()
        for key in stale:
            book.calculator.value_of(*key)
    return _returned(once())


def _stale(book: Any, reference: Reference) -> Iterator[tuple[str, int, int]]:
    for area in reference.areas:
        sheet = book.sheet_named(area.sheet)
        for (row, column), cell in list(sheet.cells_.items()):
            if cell.formula and cell.stale and area.top <= row <= area.bottom and area.left <= column <= area.right:
                yield sheet.name, row, column


def _given(book: Any, value: Any) -> Any:
    if isinstance(value, Reference):
        first = value.areas[0]
        areas = [Area(each.top, each.left, each.bottom, each.right, each.sheet) for each in value.areas]
        return Range(book.sheet_named(first.sheet), areas)
    if isinstance(value, Array):
        rows = [[_cell(item) for item in row] for row in value.rows]
        if len(rows) == 1:
            return VBAArray([(1, len(rows[0]))], items=rows[0])
        array = VBAArray([(1, len(rows)), (1, len(rows[0]))])
        for place, row in enumerate(rows, 1):
            for offset, item in enumerate(row, 1):
                array.set([place, offset], item)
        return array
    return _cell(value)


def _cell(value: Any) -> Any:
    if isinstance(value, CellError):
        return VBAErrorValue(ERRORS[value.code])
    return EMPTY if isinstance(value, Empty) else value


def _returned(value: Any) -> Any:
    if isinstance(value, VBAArray):
        if len(value.bounds) == 1:
            return Array([[_engine(item) for item in value.items]])
        (top, bottom), (left, right) = value.bounds
        return Array(
            [[_engine(value.get([row, column])) for column in range(left, right + 1)] for row in range(top, bottom + 1)]
        )
    return _engine(value)


def _engine(value: Any) -> Any:
    if isinstance(value, VBAErrorValue):
        return CellError(NAMES_OF_ERRORS[value.number])
    if value is EMPTY:
        return NOTHING_THERE
    if isinstance(value, VBADate):
        return value.serial
    return float(value) if isinstance(value, VBAInt) else value


def _readable(
    getter: Callable[..., Any], plain: Callable[..., Any], simulated: Simulated, name: str
) -> Callable[..., Any]:
    """Formula2 of a formula that names a table's column, which the simulation doesn't give, as Formula shows it."""

    def read(block: Any) -> Any:
        if name in simulated.state.get("Unknown", ()):
            raise error(438, "Object doesn't support this property or method")
        try:
            return getter(block)
        except VBAUnsupportedError:
            return plain(block)

    return read


def _waited(interpreter: Any) -> VBAInt:
    """Time passes while Excel waits: for the simulation's clock, and for the programs beside it."""
    interpreter.freeze(interpreter.clock() + datetime.timedelta(seconds=0.1))
    time.sleep(0.02)
    return VBAInt(0)


def is_formula(text: str) -> bool:
    """Whether Excel can read a formula: the others it leaves as they were."""
    try:
        parse(text)
    except FormulaError:
        return False
    return True


def _copied(value: Any) -> Any:
    if not isinstance(value, VBAArray):
        return value
    return VBAArray(list(value.bounds), element_type=value.element_type, fixed=value.fixed, items=list(value.items))


def _extend(monkeypatch: Any, simulated: Simulated) -> None:
    def property_of(owner: Any, name: str, get: Callable[..., Any], put: Callable[..., Any] | None = None) -> None:
        spec = MemberSpec(name=name, kind="property", getter=get, setter=put)
        monkeypatch.setitem(owner._vba_members, name.lower(), spec)

    def value_of(calculator: Any, sheet: str, row: int, column: int, *, force: bool = False) -> Any:
        cell = calculator.book.sheet_named(sheet).cells_.get((row, column))
        if simulated.is_reading and cell is not None and cell.formula and cell.stale:
            return EMPTY if simulated.is_stale_empty else cell.value
        return known_value_of(calculator, sheet, row, column, force=force)

    monkeypatch.setattr(_runtime, "Collection", Keyed)
    known_set, known_element = Slot.set, VBAArray.set
    # VBA copies an array when it is assigned; the simulation would let two variables share it.
    monkeypatch.setattr(Slot, "set", lambda slot, value: known_set(slot, _copied(value)))
    monkeypatch.setattr(VBAArray, "set", lambda array, place, value: known_element(array, place, _copied(value)))
    known_bounded = Range.bounded
    # Excel gives all cells of a range, also those beyond the used ones.
    monkeypatch.setattr(
        Range,
        "bounded",
        lambda block: block.first if block.first.rows * block.first.columns < 100_000 else known_bounded(block),
    )
    known_value_of = Calculator.value_of
    monkeypatch.setattr(Calculator, "value_of", value_of)
    interpreter = simulated.application.interpreter
    interpreter.freeze(TODAY)
    interpreter._intrinsics = interpreter._intrinsics | {
        "environ": lambda *_: r"C:\Users\someone",
        "doevents": lambda interpreter, *_: _waited(interpreter),
        "strptr": lambda _, given, __: VBAInt(1),
        "filedatetime": lambda _, given, __: VBADate(simulated.dll.written),
        "dir": lambda _, given, __: "",
    }
    known_global = interpreter.host.global_object
    interpreter.host.global_object = lambda name: simulated.dll if name == "xlwingslibrary" else known_global(name)
    property_of(
        Application, "Path", lambda application: simulated.state.get("Path", r"C:\Program Files\Microsoft Office")
    )
    monkeypatch.setitem(
        Workbook._vba_members,
        "savecopyas",
        MemberSpec(
            name="SaveCopyAs", kind="method", parameters=("Filename",),
            # What was opened; the tests that use it have edited nothing.
            getter=lambda book, path: shutil.copyfile(Path(book.path) / book.name, path) and EMPTY,
        ),
    )  # fmt: skip
    monkeypatch.setitem(
        Application._vba_members,
        "calculatefull",
        MemberSpec(name="CalculateFull", kind="method", getter=lambda application: simulated.recalculate()),
    )
    property_of(
        Application, "ReferenceStyle",
        lambda application: simulated.state.get("ReferenceStyle", 1),
        lambda application, style: simulated.state.update(ReferenceStyle=style),
    )  # fmt: skip
    property_of(Application, "Hwnd", lambda application: VBAInt(1))
    property_of(Application, "PathSeparator", lambda application: os.sep)
    property_of(
        Application, "EnableCancelKey",
        lambda application: simulated.state.get("EnableCancelKey", XL_INTERRUPT),
        lambda application, value: simulated.state.update(EnableCancelKey=value),
    )  # fmt: skip
    property_of(Application, "Caller", lambda application: simulated.caller or VBAErrorValue(2023))

    def links(book: Any, kind: Any = None) -> Any:
        return VBAArray([(1, len(simulated.links))], items=list(simulated.links)) if simulated.links else EMPTY

    def change_link(book: Any, name: str, new: str, kind: Any) -> None:
        simulated.relinked.append((name, new))
        simulated.links[simulated.links.index(name)] = new

    monkeypatch.setitem(
        Workbook._vba_members,
        "linksources",
        MemberSpec(name="LinkSources", kind="method", getter=links, parameters=("Type",)),
    )
    monkeypatch.setitem(
        Workbook._vba_members,
        "changelink",
        MemberSpec(name="ChangeLink", kind="method", getter=change_link, parameters=("Name", "NewName", "Type")),
    )
    property_of(
        Workbook, "IsAddin",
        lambda book: book is simulated.application.workbooks()[0] and simulated.state.get("IsAddin", True),
    )  # fmt: skip
    property_of(
        Workbook,
        "UpdateLinks",
        lambda book: simulated.state.get("UpdateLinks"),
        lambda book, value: simulated.state.update(UpdateLinks=value),
    )
    property_of(Application, "AutoCorrect", lambda application: AutoCorrect())
    property_of(AutoCorrect, "AutoFillFormulasInLists", lambda entry: True, lambda entry, value: None)

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

    parameters = ("What", "Replacement", "LookAt", "SearchOrder", "MatchCase")
    monkeypatch.setitem(
        Range._vba_members, "replace", MemberSpec(name="Replace", kind="method", getter=replace, parameters=parameters)
    )
    monkeypatch.setitem(Range._vba_members, "dirty", MemberSpec(name="Dirty", kind="method", getter=lambda block: None))
    formula = Range._vba_members["formula"]

    def saved_as_array(block: Any) -> bool:
        """Microsoft, "Range.SavedAsArray property (Excel)"; here of everything that was entered by Formula2."""
        if "Formula2" in simulated.state.get("Unknown", ()):
            raise error(438, "Object doesn't support this property or method")
        return bool(block.sheet.cell(block.first.top, block.first.left).dynamic)

    property_of(Range, "SavedAsArray", saved_as_array)
    array, spill = Range._vba_members["hasarray"].getter, Range._vba_members["hasspill"].getter
    property_of(
        Range, "HasArray", lambda block: array(block) or bool(simulated.state.get("SpillsAreArrays") and spill(block))
    )

    def interrupt() -> None:
        """Microsoft, "Application.EnableCancelKey property (Excel)"."""
        if simulated.is_stopping and simulated.state.get("EnableCancelKey", XL_INTERRUPT) == XL_INTERRUPT:
            raise Interrupted

    if simulated.dll is not None:
        simulated.dll.after_waiting = interrupt

    def put_formula(block: Any, value: Any) -> None:
        interrupt()
        simulated.state.setdefault("Formula", []).append((block.Address(), str(value)))
        if simulated.is_filtered and not block.single:
            for area in block.areas:
                for row in range(area.top, area.bottom + 1):
                    one = Range(block.sheet, [Area(row, area.left, row, area.right, block.sheet.name)])
                    if not one.vba_get("EntireRow").vba_get("Hidden"):
                        formula.setter(one, value)
            return
        formula.setter(block, value)

    property_of(Range, "Formula", formula.getter, put_formula)
    for name in ("Formula2", "FormulaArray"):
        spec = Range._vba_members[name.lower()]

        def put(block: Any, value: Any, name: str = name, old: Any = spec) -> None:
            interrupt()
            if (name == "FormulaArray" and len(value) > LONGEST_TEXT) or name in simulated.state.get("Refused", ()):
                raise error(1004, f"Unable to set the {name} property of the Range class")
            simulated.entered.append((name, str(value)))
            old.setter(block, value)

        property_of(Range, name, _readable(spec.getter, formula.getter, simulated, name), put)
