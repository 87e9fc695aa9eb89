"""Excel as pyOpenVBA simulates it, in which the VBA of the add-in runs; what it lacks of workbook links is added here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._model import Application, Range, Workbook
from pyopenvba.interpreter._objects import MemberSpec, VBAObject
from pyopenvba.interpreter._values import EMPTY, VBAArray

from addin.excel.project import modules

ADDIN_PATH = r"C:\XLSTART\kaohe.xlam"


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

    def run(self, *lines: str) -> None:
        """Run statements in the add-in's project."""
        name = f"Try{len(self.state)}"
        self.state[name] = True
        body = "\n".join(lines)
        self.application.add_module(f"Public Sub {name}()\n{body}\nEnd Sub\n", name=f"Module{name}")
        self.application.run(name)

    def evaluate(self, expression: str) -> Any:
        return self.application.evaluate(expression)


def excel(monkeypatch: Any, wanted: Iterable[str]) -> Simulated:
    """An Excel with these modules of the add-in; the Python server is a stand-in."""
    simulated = Simulated(ExcelApplication())
    _extend(monkeypatch, simulated)
    simulated.application.add_workbook()
    for module in modules([]):
        if module.name in wanted:
            simulated.application.add_module(module.code, name=module.name)
    return simulated


def _extend(monkeypatch: Any, simulated: Simulated) -> None:
    def property_of(owner: Any, name: str, get: Callable[..., Any], put: Callable[..., Any] | None = None) -> None:
        spec = MemberSpec(name=name, kind="property", getter=get, setter=put)
        monkeypatch.setitem(owner._vba_members, name.lower(), spec)

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
    property_of(Workbook, "IsAddin", lambda book: False)
    property_of(
        Workbook,
        "UpdateLinks",
        lambda book: simulated.state.get("UpdateLinks"),
        lambda book, value: simulated.state.update(UpdateLinks=value),
    )
    property_of(Application, "AutoCorrect", lambda application: AutoCorrect())
    property_of(AutoCorrect, "AutoFillFormulasInLists", lambda entry: True, lambda entry, value: None)

    def replace(block: Any, what: str, by: str, *how: Any) -> bool:
        simulated.state["Replaced"] = f"{what} by {by}"
        return True

    parameters = ("What", "Replacement", "LookAt", "SearchOrder", "MatchCase")
    monkeypatch.setitem(
        Range._vba_members, "replace", MemberSpec(name="Replace", kind="method", getter=replace, parameters=parameters)
    )
    monkeypatch.setitem(Range._vba_members, "dirty", MemberSpec(name="Dirty", kind="method", getter=lambda block: None))
    for name in ("Formula2", "FormulaArray"):
        spec = Range._vba_members[name.lower()]

        def put(block: Any, value: Any, name: str = name, old: Any = spec) -> None:
            simulated.entered.append((name, str(value)))
            old.setter(block, value)

        property_of(Range, name, spec.getter, put)
