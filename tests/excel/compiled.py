"""The add-in's VBA as Python functions: a procedure is translated once, and then runs some fifty times faster.

What it does is what pyOpenVBA's interpreter does, whose values and operators it uses; a procedure with anything that has no
translation here (Resume, GoTo, ParamArray, Static ...) is left to the interpreter. Types that are declared save work: a Long is a
Python int, and the condition of an If that compares two of them is Python's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pyopenvba.interpreter import _ast as A
from pyopenvba.interpreter._runtime import (
    Interpreter,
    ModuleRuntime,
    _call_value,
    _dispatch_get,
    _dispatch_set,
    _is_type,
    _iterate,
)

from tests.excel import compiledvalues as values
from tests.excel.translation import NotTranslated, Translation, bare, nodes


def translate(interpreter: Interpreter, modules: set[str]) -> Project:
    """From now on the procedures of these modules run translated."""
    return Project(interpreter, {name.lower() for name in modules})


class Project:
    def __init__(self, interpreter: Interpreter, modules: set[str]) -> None:
        self.interpreter, self.modules = interpreter, modules
        self.interpreted = interpreter.call
        self.translated: dict[int, Callable[..., Any] | None] = {}
        self.changing: dict[int, set[str]] = {}
        self.names: dict[int, str] = {}
        self.space: dict[str, Any] = {
            **vars(values), "get": _dispatch_get, "put": _dispatch_set, "call_value": _call_value, "is_type": _is_type,
            "iterate": _iterate, "interpreter": interpreter, "err": interpreter.err, "NONE": {},
        }  # fmt: skip
        interpreter.call = self.call

    def call(
        self, procedure: A.Procedure, module: ModuleRuntime, args: list[Any], named: Any, *, me: Any = None
    ) -> Any:
        function = self.function(procedure, module)
        if function is None or named:
            return self.interpreted(procedure, module, args, named, me=me)
        return function(me, *args)

    def function(self, procedure: A.Procedure, module: ModuleRuntime) -> Callable[..., Any] | None:
        key = id(procedure)
        if key not in self.translated:
            self.translated[key] = None
            if module.name.lower() in self.modules:
                module.initialise()
                try:
                    self.translated[key] = Translation(self, procedure, module).made()
                except NotTranslated:
                    pass
        return self.translated[key]

    def replace(self, name: str, function: Callable[..., Any]) -> None:
        """Have a function of Python's in a procedure's place; its first argument is the object, its others values."""
        procedure, module = self.interpreter.find_procedure(name)
        self.translated[id(procedure)] = self.space[self.name_of(procedure, module)] = function

    def name_of(self, procedure: A.Procedure, module: ModuleRuntime) -> str:
        """The name under which translated code calls a procedure."""
        name = self.names.get(id(procedure))
        if name is None:
            name = self.names[id(procedure)] = f"p{len(self.names)}_{procedure.name}"

            def first(me: Any, *args: Any) -> Any:
                function = self.function(procedure, module)
                if function is None:
                    return self.interpreted(procedure, module, list(args), {}, me=me)
                self.space[name] = function
                return function(me, *args)

            self.space[name] = first
        return name

    def constant(self, value: Any) -> str:
        name = f"c{len(self.space)}"
        self.space[name] = value
        return name

    def find(self, key: str, module: ModuleRuntime) -> tuple[A.Procedure, ModuleRuntime] | None:
        if (found := module.procedure(key)) is not None:
            return found, module
        for other in self.interpreter.modules.values():
            if not other.is_class and (found := other.procedure(key)) is not None and found.scope != "private":
                return found, other
        return None

    def changed(self, procedure: A.Procedure, module: ModuleRuntime) -> set[str]:
        """The names that a procedure assigns to, itself or by handing them over ByRef."""
        key = id(procedure)
        if key not in self.changing:
            names = self.changing[key] = set()
            for node in nodes(procedure.body):
                if isinstance(node, A.Assign | A.For | A.ForEach) and isinstance(node.target, A.Name):
                    names.add(bare(node.target.name))
                elif isinstance(node, A.ReDim):
                    names.update(bare(each.name) for each in node.decls)
                elif isinstance(node, A.CallStmt | A.Index):
                    names.update(
                        self.changed_by(node.callee if isinstance(node, A.CallStmt) else node.target, node.args, module)
                    )
        return self.changing[key]

    def changed_by(self, callee: Any, args: list[A.Argument], module: ModuleRuntime) -> Iterator[str]:
        found = self.find(bare(callee.name), module) if isinstance(callee, A.Name) else None
        if found is None:
            return
        changed = self.changed(*found)
        for argument, parameter in zip(args, found[0].params, strict=False):
            if isinstance(argument.value, A.Name) and not parameter.by_val and bare(parameter.name) in changed:
                yield bare(argument.value.name)
