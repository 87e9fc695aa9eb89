"""Excel as pyOpenVBA simulates it, in which the VBA of the add-in runs; what it lacks is added here.

Cells call our functions as Excel does: with ranges as Range objects, values that are worked out as values, what is left
out as missing; Application.Caller is the cell. Where an argument refers to cells that are still to be calculated, Excel
calls the function all the same, with those cells empty, calculates them, and calls again ("Writing efficient VBA UDFs,
part 7: UDFs calculated multiple times", fastexcel.wordpress.com). Evaluate takes 255 characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pyopenvba._a1 import Area
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._model import Range
from pyopenvba.formula._calc import registry
from pyopenvba.formula._calc.cells import CellError
from pyopenvba.formula._calc.nodes import Missing
from pyopenvba.formula._calc.values import EMPTY as NOTHING_THERE
from pyopenvba.formula._calc.values import Array, Empty, Reference
from pyopenvba.interpreter._values import EMPTY, MISSING, VBAArray, VBADate, VBAErrorValue, VBAInt

from addin.excel.project import modules
from addin.excel.vbaproject import Kind
from tests.excel.compiled import Project, translate
from tests.excel.dll import Clock, Library
from tests.excel.extended import extend
from udfs import FUNCTIONS

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
    wanted = {*names, "kaohe_text", "kaohe_rows", "kaohe_sentences"}
    simulated = Simulated(ExcelApplication(), dll=dll)
    extend(monkeypatch, simulated)
    simulated.application.add_workbook()
    for module in modules([]):
        if module.name in wanted:
            kind = "class" if module.kind is Kind.CLASS else "standard"
            simulated.application.add_module(runnable(module.code), name=module.name, kind=kind)
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
    "kaohe_answers",
    "kaohe_expect",
    "kaohe_foresee",
    "kaohe_columns",
    "kaohe_server",
    "kaohe_functions",
    "kaohe_sentences",
    "kaohe_jobs",
    "kaohe_ribbon",
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


def runnable(code: str) -> str:
    """A module without what reaches for Windows, which stands in the module ``library`` instead."""
    code = re.sub(r"Private Declare .*?\n", "", code)
    code = re.sub(r"As IRibbon\w+", "As Object", code)
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
