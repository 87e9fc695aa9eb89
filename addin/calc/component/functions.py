"""The add-in: one method for each function, made from the registry."""

from __future__ import annotations

from datetime import date
from typing import Any, Callable

import uno
import unohelper
from com.sun.star.lang import Locale, XServiceInfo, XServiceName
from com.sun.star.sheet import LocalizedName, XAddIn, XCompatibilityNames

from addin.calc.component.cells import answer, argument, spread
from addin.calc.component.identity import FUNCTIONS as IMPLEMENTATION
from addin.calc.component.identity import IDENTIFIER, INTERFACE, SERVICE, method
from addin.calc.component.rows import rows
from udfs import FUNCTIONS, CellError, Function
from udfs.dates import EPOCH
from udfs.datesystem import shifted

BY_METHOD = {method(function): function for function in FUNCTIONS.values()}


XKaohe: Any = uno.getClass(f"{IDENTIFIER}.{INTERFACE}")


class Functions(unohelper.Base, XKaohe, XAddIn, XCompatibilityNames, XServiceName, XServiceInfo):
    """Calc reads names and descriptions from the configuration; what XAddIn says is what it falls back to."""

    def __init__(self, context: Any, *_: Any) -> None:
        self._locale = Locale("zh", "CN", "")

    def getServiceName(self) -> str:
        return SERVICE

    def getImplementationName(self) -> str:
        return IMPLEMENTATION

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (SERVICE,)

    def supportsService(self, name: str) -> bool:
        return name == SERVICE

    def setLocale(self, locale: Any) -> None:
        self._locale = locale

    def getLocale(self) -> Any:
        return self._locale

    def getProgrammaticFuntionName(self, name: str) -> str:
        return method(FUNCTIONS[name]) if name in FUNCTIONS else ""

    def getDisplayFunctionName(self, name: str) -> str:
        return BY_METHOD[name].name if name in BY_METHOD else ""

    def getFunctionDescription(self, name: str) -> str:
        function = BY_METHOD.get(name)
        return "" if function is None else self._told(function.description, function.description_en)

    def getDisplayArgumentName(self, name: str, place: int) -> str:
        parameter = self._parameter(name, place)
        return "" if parameter is None else self._told(parameter.name, parameter.english)

    def getArgumentDescription(self, name: str, place: int) -> str:
        parameter = self._parameter(name, place)
        return "" if parameter is None else self._told(parameter.description, parameter.description_en)

    def getProgrammaticCategoryName(self, name: str) -> str:
        return "Add-In"

    def getDisplayCategoryName(self, name: str) -> str:
        return "Add-In"

    def getCompatibilityNames(self, name: str) -> Any:
        return (LocalizedName(Locale("en", "US", ""), BY_METHOD[name].name),) if name in BY_METHOD else ()

    def _told(self, chinese: str, english: str) -> str:
        return chinese if self._locale.Language == "zh" else english

    def _parameter(self, name: str, place: int) -> Any:
        function = BY_METHOD.get(name)
        return function.parameters[place] if function and place < len(function.parameters) else None


def _computing(function: Function) -> Callable[..., Any]:
    def compute(_: Any, *arguments: Any) -> Any:
        given = [argument(each) for each in arguments]
        result = function(*given)
        if isinstance(result, CellError):
            result = spread(function, given, result)
        return rows(result) if isinstance(result, tuple) else answer(result)

    def compute_dated(component: Any, *arguments: Any) -> Any:
        *given, document = arguments
        first = document.getPropertyValue("NullDate")
        with shifted((date(first.Year, first.Month, first.Day) - EPOCH).days):
            return compute(component, *given)

    return compute_dated if function.is_dated else compute


for _name, _function in BY_METHOD.items():
    setattr(Functions, _name, _computing(_function))
