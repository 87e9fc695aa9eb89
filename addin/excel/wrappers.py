"""The VBA that is generated from the declared functions: what cells call, and what Excel's function wizard shows."""

from __future__ import annotations

from collections.abc import Iterable

from addin.excel.vbatext import assignment, literal, procedure
from udfs.registry import PREFIX, Function, Parameter, Shape, Style

MOST_ARGUMENTS = 60
MOST_ATTEMPTS = 20
"""At describing the functions, once a workbook is activated: some versions refuse it to a hidden add-in for good."""

LONGEST_DESCRIPTION = 255
"""In characters; MacroOptions refuses longer ones."""

_RESERVED_WORDS = """
    abs addressof and any array as attribute boolean byref byte byval call case cbool cbyte ccur cdate cdbl cdec
    cdecl cint circle clng clnglng clngptr close const csng cstr currency cvar cverr date debug decimal declare
    defbool defbyte defcur defdate defdbl defdec defint deflng deflnglng deflngptr defobj defsng defstr defvar dim
    do doevents double each else elseif empty end endif enum eqv erase error event exit false fix for friend
    function get global gosub goto if imp implements in input inputb int integer is lbound len lenb let like line
    lock long longlong longptr loop lset me mid mod name new next not nothing null object on open option optional or
    paramarray preserve print private pset public put raiseevent redim rem resume return rset scale seek select set
    sgn shared single spc static step stop string sub tab then time to true type typeof ubound unlock until variant
    wend while with withevents write xor
"""
RESERVED = frozenset(_RESERVED_WORDS.split())
"""Names that VBA doesn't take for an argument ([MS-VBAL] 3.3.5.2), and some of its statements and types."""


def functions_module(functions: Iterable[Function]) -> str:
    """One Public Function a declared function: it hands its arguments over as they are and gives back what comes."""
    head = "Option Explicit\n\n' Generated from the declarations in udfs. What a cell's formula calls.\n"
    return "\n".join([head, *(_wrapper(function) for function in functions)])


def _wrapper(function: Function) -> str:
    if len(function.parameters) > MOST_ARGUMENTS:
        raise ValueError(f"{function.name}: VBA functions have at most {MOST_ARGUMENTS} arguments")
    names = [argument_name(parameter) for parameter in function.parameters]
    declared = [
        f"{'Optional ' if parameter.optional else ''}{name} As Variant"
        for parameter, name in zip(function.parameters, names, strict=True)
    ]
    call = f'{function.name} = KaoheCall("{function.name}", "{kinds(function)}", Array({", ".join(names)}))'
    return procedure(f"Public Function {function.name}({', '.join(declared)}) As Variant", [call])


def kinds(function: Function) -> str:
    """A letter for each argument, as kaohe_answers.bas reads them: what belongs to a row, and what all rows share."""
    return "".join(_kind(function, place) for place in range(len(function.parameters)))


_LETTERS = {Shape.ROW: "r", Shape.SET: "s", Shape.CELL: "c"}


def _kind(function: Function, place: int) -> str:
    if not function.is_by_row(place):
        return "."
    parameter = function.parameters[place]
    letter = "k" if function.style is Style.PEOPLE else _LETTERS[parameter.shape]
    return letter.upper() if parameter.optional else letter


def argument_name(parameter: Parameter) -> str:
    """The argument's name in VBA, which the function wizard shows beside its Chinese description."""
    return f"{parameter.english}_" if parameter.english.lower() in RESERVED else parameter.english


def describing_module(functions: Iterable[Function]) -> str:
    """Tells Excel's function wizard, once, what each function and each argument is, in Chinese."""
    functions = list(functions)
    body = [
        "Static isDone As Boolean, attempts As Long",
        "Dim wasSaved As Boolean",
        f"If isDone Or attempts = {MOST_ATTEMPTS} Then Exit Sub",
        "attempts = attempts + 1",
        "wasSaved = ThisWorkbook.Saved",
        "On Error Resume Next   ' descriptions are a comfort, not a condition",
        *(_describer(function) for function in functions),
        "isDone = Err.Number = 0   ' else again when another workbook is active",
        "ThisWorkbook.Saved = wasSaved",
    ]
    describe = procedure(
        "Private Sub Describe(ByVal Name As String, ByVal Category As String, ByVal Told As String, ByRef Arguments() As String)",
        [
            'Application.MacroOptions Macro:="\'" & ThisWorkbook.Name & "\'!" & Name, Description:=Told, '
            "Category:=Category, ArgumentDescriptions:=Arguments"
        ],
    )
    parts = [
        "Option Explicit\nOption Private Module\n\n' Generated from the declarations in udfs. What the function wizard shows.\n",
        procedure("Public Sub KaoheDescribeOnce()", body),
        describe,
        *(_description(function) for function in functions),
    ]
    return "\n".join(parts)


def _describer(function: Function) -> str:
    return "Describe" + function.name.removeprefix(PREFIX)


def _description(function: Function) -> str:
    body = [
        "Dim told As String, category As String",
        f"Dim arguments(1 To {len(function.parameters)}) As String",
        f"category = {literal('考核 ' + function.category)}",
        *assignment("told", shortened(f"{function.label}：{function.description}")),
    ]
    for number, parameter in enumerate(function.parameters, 1):
        body += assignment(f"arguments({number})", shortened(described(parameter)))
    body.append(f'Describe "{function.name}", category, told, arguments')
    return procedure(f"Private Sub {_describer(function)}()", body)


def described(parameter: Parameter) -> str:
    """``[下限]（单个值）:…``."""
    name = f"[{parameter.name}]" if parameter.optional else parameter.name
    return f"{name}（{parameter.shape.value}）：{parameter.description}"


def shortened(text: str) -> str:
    """A description as long as Excel takes it."""
    return text if len(text) <= LONGEST_DESCRIPTION else text[: LONGEST_DESCRIPTION - 1] + "…"
