"""One procedure of VBA as the source of a Python function: its declarations, expressions and statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pyopenvba.interpreter import _ast as A
from pyopenvba.interpreter import _runtime
from pyopenvba.interpreter._runtime import (
    ModuleRuntime,
    vba_constant,
)
from pyopenvba.interpreter._values import default_for

from tests.excel.compiledvalues import FAST, TYPED

if TYPE_CHECKING:
    from tests.excel.compiled import Project

_OPERATORS = {
    "+": "add", "-": "subtract", "*": "multiply", "/": "divide", "\\": "int_divide", "mod": "modulo", "^": "power",
    "xor": "logical_xor", "and": "logical_and", "or": "logical_or",
}  # fmt: skip
_COMPARISONS = {"=": "==", "<>": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}


class NotTranslated(Exception):
    """What the interpreter has to do."""


def bare(name: str) -> str:
    return str(_runtime._bare(name))


def nodes(part: Any) -> Iterator[Any]:
    """Everything in a tree."""
    if isinstance(part, list | tuple):
        for each in part:
            yield from nodes(each)
    elif hasattr(part, "__dataclass_fields__"):
        yield part
        for name in part.__dataclass_fields__:
            yield from nodes(getattr(part, name))


@dataclass
class Code:
    """An expression in Python; its kind is i (a whole number), s (text), b (truth) or v (anything)."""

    text: str
    kind: str = "v"

    @property
    def scalar(self) -> str:
        return self.text if self.kind != "v" else f"scalar({self.text})"

    @property
    def truth(self) -> str:
        return self.text if self.kind == "b" else f"truth({self.text})"

    @property
    def whole(self) -> str:
        return self.text if self.kind == "i" else f"whole({self.text})"


KINDS = {"Long": "i", "Integer": "i", "String": "s", "Boolean": "b"}


@dataclass
class Translation:
    project: Project
    procedure: A.Procedure
    module: ModuleRuntime
    lines: list[str] = field(default_factory=list)
    depth: int = 1
    kinds: dict[str, str] = field(default_factory=dict)
    """Declared types of the names that belong to the call."""

    boxed: set[str] = field(default_factory=set)
    """Names that are handed over to be changed, or were."""

    withs: list[str] = field(default_factory=list)
    loops: list[str] = field(default_factory=list)
    is_resuming: bool = False
    count: int = 0

    def made(self) -> Callable[..., Any]:
        procedure = self.procedure
        if procedure.kind not in ("sub", "function", "get"):
            raise NotTranslated(procedure.kind)
        self.result = bare(procedure.name) if procedure.kind != "sub" else ""
        self.declare()
        self.body(procedure.body)
        self.leave()
        given = ", ".join(f"g{place}=MISSING" for place in range(len(procedure.params)))
        head = f"def {procedure.name}(me, {given}):"
        source = "\n".join([head, *self.lines])
        space = self.project.space
        exec(compile(source, f"<{self.module.name}.{procedure.name}>", "exec"), space)
        return space.pop(procedure.name)

    def say(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)

    # --- variables -------------------------------------------------------------------

    def declare(self) -> None:
        parsed, changed = self.procedure, self.project.changed(self.procedure, self.module)
        elements = {
            bare(node.target.target.name)
            for node in nodes(parsed.body)
            if isinstance(node, A.Assign)
            and isinstance(node.target, A.Index)
            and isinstance(node.target.target, A.Name)
        }
        for node in nodes(parsed.body):
            if isinstance(node, A.CallStmt | A.Index):
                callee = node.callee if isinstance(node, A.CallStmt) else node.target
                self.boxed.update(self.project.changed_by(callee, node.args, self.module))
        for place, parameter in enumerate(parsed.params):
            name = bare(parameter.name)
            if parameter.param_array or parameter.default is not None:
                raise NotTranslated("ParamArray")
            declared = parameter.declared if not parameter.is_array else "Variant"
            self.kinds[name] = declared
            if parameter.optional and declared == "Variant":
                pass
            elif parameter.optional:
                self.say(f"if g{place} is MISSING: g{place} = {self.project.constant(default_for(declared))}")
            if not parameter.by_val and name in changed:
                self.boxed.add(name)
                self.say(f"v_{name} = g{place} if type(g{place}) is Slot else Slot(g{place}, {declared!r})")
                continue
            self.say(f"v_{name} = g{place}.value if type(g{place}) is Slot else g{place}")
            if parameter.by_val and name in elements:
                self.say(f"v_{name} = copied(v_{name})")
            self.say(f"v_{name} = {self.stored(Code(f'v_{name}'), declared)}")
            if name in self.boxed:
                self.say(f"v_{name} = Slot(v_{name}, {declared!r})")
        if self.result:
            self.kinds[self.result] = parsed.returns
            self.begin(self.result, parsed.returns, self.project.constant(default_for(parsed.returns)))
        for node in nodes(parsed.body):
            if isinstance(node, A.Dim):
                if node.static:
                    raise NotTranslated("Static")
                for each in node.decls:
                    self.declare_local(each)

    def declare_local(self, each: A.VarDecl) -> None:
        name = bare(each.name)
        if each.bounds:
            raise NotTranslated("fixed array")
        self.kinds[name] = "Variant" if each.is_array else each.declared
        if each.is_array:
            self.begin(name, "Variant", f"VBAArray([(0, -1)], element_type={each.declared!r})")
        elif each.as_new:
            self.begin(name, each.declared, f"interpreter.create({each.declared!r})")
        else:
            self.begin(name, each.declared, self.project.constant(default_for(each.declared)))

    def begin(self, name: str, declared: str, value: str) -> None:
        self.say(f"v_{name} = Slot({value}, {declared!r})" if name in self.boxed else f"v_{name} = {value}")

    def stored(self, code: Code, declared: str) -> str:
        """A value as a variable of a type holds it."""
        kind = KINDS.get(declared)
        if declared in ("Variant", "", "Any"):
            return code.text
        if kind and kind == code.kind:
            return code.text
        return f"{TYPED[declared]}({code.text})" if declared in TYPED else f"coerce({code.text}, {declared!r})"

    def read(self, name: str) -> Code | None:
        """A variable, a constant, or nothing."""
        key = bare(name)
        if key == "me" and self.module.is_class:
            return Code("me")
        if key in self.kinds:
            return Code(f"v_{key}.value" if key in self.boxed else f"v_{key}", KINDS.get(self.kinds[key], "v"))
        if (slot := self.slot(key)) is not None:
            return Code(f"{slot[0]}.value", KINDS.get(slot[1], "v"))
        interpreter = self.project.interpreter
        for module in (self.module, *(each for each in interpreter.modules.values() if not each.is_class)):
            module.initialise()
            if key in module.constants:
                return self.literal(module.constants[key])
            if module.procedure(key) is not None:
                return None
        if key == "err":
            return Code("err")
        for found in (interpreter.host.constant(key), vba_constant(key)):
            if found is not _runtime.UNRESOLVED:
                return self.literal(found)
        return None

    def slot(self, key: str) -> tuple[str, str] | None:
        """A module's variable: what holds it, and its type."""
        for group in self.module.parsed.variables:
            for each in group.decls:
                if bare(each.name) == key and self.module.is_class:
                    return f"me.variables[{key!r}]", "Variant" if each.is_array else each.declared
        for module in (self.module, *self.project.interpreter.modules.values()):
            if not module.is_class:
                module.initialise()
                if key in module.variables:
                    return self.project.constant(module.variables[key]), module.variables[key].declared
        return None

    def literal(self, value: Any) -> Code:
        if isinstance(value, bool):
            return Code(repr(value), "b")
        if isinstance(value, int):
            return Code(repr(int(value)), "i")
        return Code(repr(value), "s") if isinstance(value, str) else Code(self.project.constant(value))

    # --- expressions -----------------------------------------------------------------

    def expression(self, node: Any) -> Code:
        match node:
            case A.Literal():
                return self.literal(node.value)
            case A.Name():
                return self.read(node.name) or self.called(node, [])
            case A.Member():
                return Code(f"get({self.target(node)}, {node.name!r}, (), NONE)")
            case A.Index():
                return self.called(node.target, node.args)
            case A.Binary():
                return self.binary(node)
            case A.Unary(op="-"):
                operand = self.expression(node.operand)
                return Code(f"(-{operand.text})", "i") if operand.kind == "i" else Code(f"negate({operand.scalar})")
            case A.Unary():
                operand = self.expression(node.operand)
                return (
                    Code(f"(not {operand.text})", "b")
                    if operand.kind == "b"
                    else Code(f"logical_not({operand.scalar})")
                )
            case A.NewExpr():
                return Code(f"interpreter.create({node.type_name!r})")
            case A.TypeOfIs():
                return Code(f"is_type({self.expression(node.value).text}, {node.type_name!r})", "b")
        raise NotTranslated(type(node).__name__)

    def target(self, node: Any) -> str:
        return self.withs[-1] if node.target is None else self.expression(node.target).text

    def binary(self, node: A.Binary) -> Code:
        left, right, op = self.expression(node.left), self.expression(node.right), node.op
        kinds = left.kind + right.kind
        if op == "is":
            return Code(f"({left.text} is {right.text})", "b")
        if op in _COMPARISONS:
            if kinds in ("ii", "ss"):
                return Code(f"({left.text} {_COMPARISONS[op]} {right.text})", "b")
            if op in ("=", "<>"):
                return Code(f"{'same' if op == '=' else 'different'}({left.text}, {right.text})")
            return Code(f"compare({op!r}, {left.scalar}, {right.scalar})")
        if kinds == "ii" and op in ("+", "-", "*"):
            return Code(f"({left.text} {op} {right.text})", "i")
        if kinds == "bb" and op in ("and", "or"):
            return Code(f"({left.text} {'&' if op == 'and' else '|'} {right.text})", "b")
        if op == "&":
            if kinds == "ss":
                return Code(f"({left.text} + {right.text})", "s")
            return Code(f"concat({left.scalar}, {right.scalar})", "s" if "s" in kinds else "v")
        if op not in _OPERATORS:
            raise NotTranslated(op)
        return Code(f"{_OPERATORS[op]}({left.scalar}, {right.scalar})")

    def called(self, callee: Any, args: list[A.Argument]) -> Code:
        """What looks like thing(arguments)."""
        if isinstance(callee, A.Member):
            given, named = self.arguments(args)
            return Code(f"get({self.target(callee)}, {callee.name!r}, [{given}], {named})")
        if isinstance(callee, A.Index):
            return self.indexed(self.called(callee.target, callee.args), args)
        if not isinstance(callee, A.Name):
            return self.indexed(self.expression(callee), args)
        key = bare(callee.name)
        if key in self.kinds and not (key == self.result and args):
            return self.indexed(self.read(key), args)
        if (slot := self.slot(key)) is not None:
            return self.indexed(Code(f"{slot[0]}.value"), args)
        if (found := self.project.find(key, self.module)) is not None:
            return self.procedure_called(*found, args)
        if key in FAST and not any(each.name or each.omitted for each in args):
            name, kind = FAST[key]
            return Code(f"{name}({', '.join(self.expression(each.value).text for each in args)})", kind)
        given, named = self.arguments(args)
        if key in self.project.interpreter._intrinsics:
            return Code(f"interpreter.call_intrinsic({key!r}, [{given}], {named})")
        return Code(f"elsewhere(interpreter, {key!r}, [{given}], {named})")

    def procedure_called(self, procedure: A.Procedure, module: ModuleRuntime, args: list[A.Argument]) -> Code:
        if any(each.name for each in args):
            raise NotTranslated("named arguments")
        changed, given = self.project.changed(procedure, module), []
        for place, argument in enumerate(args):
            parameter = procedure.params[min(place, len(procedure.params) - 1)]
            if argument.omitted:
                given.append("MISSING")
            elif not parameter.by_val and isinstance(argument.value, A.Name) and bare(parameter.name) in changed:
                key = bare(argument.value.name)
                slot = self.slot(key)
                given.append(
                    f"v_{key}" if key in self.boxed else slot[0] if slot else self.expression(argument.value).text
                )
            else:
                given.append(self.expression(argument.value).text)
        me = "me" if module is self.module and module.is_class else "None"
        name = self.project.name_of(procedure, module)
        return Code(
            f"{name}({', '.join([me, *given])})", KINDS.get(procedure.returns, "v") if procedure.kind != "sub" else "v"
        )

    def indexed(self, value: Code, args: list[A.Argument]) -> Code:
        if not args:
            return value
        if any(each.name or each.omitted for each in args):
            given, named = self.arguments(args)
            return Code(f"call_value({value.text}, [{given}], {named})")
        places = [self.expression(each.value) for each in args]
        if len(places) == 1:
            return Code(f"item({value.text}, {places[0].text})")
        if len(places) == 2:
            return Code(f"item2({value.text}, {places[0].text}, {places[1].text})")
        raise NotTranslated("three subscripts")

    def arguments(self, args: list[A.Argument]) -> tuple[str, str]:
        while args and args[-1].omitted and not args[-1].name:
            args = args[:-1]
        given = ["MISSING" if each.omitted else self.expression(each.value).text for each in args if not each.name]
        named = [f"{each.name!r}: {self.expression(each.value).text}" for each in args if each.name]
        return ", ".join(given), f"{{{', '.join(named)}}}" if named else "NONE"

    # --- statements ------------------------------------------------------------------

    def body(self, body: list[Any]) -> None:
        """The procedure's: what an On Error covers goes into a try, up to the label it names."""
        at = 0
        while at < len(body):
            statement = body[at]
            if isinstance(statement, A.OnError):
                self.say("err.reset()")
            if isinstance(statement, A.OnError) and statement.mode == "goto":
                end = next((place for place, each in enumerate(body) if is_label(each, statement.label)), None)
                if end is None or end < at:
                    raise NotTranslated("label")
                inside = next((place for place in range(at + 1, end) if isinstance(body[place], A.OnError)), end)
                self.is_resuming = False
                self.say("try:")
                self.block(body[at + 1 : inside])
                self.say("except VBARuntimeError as failure:")
                self.depth += 1
                self.say("err.capture(failure)")
                self.block(body[end + 1 :], deeper=False)
                self.leave()
                self.depth -= 1
                at = inside
                continue
            if isinstance(statement, A.OnError):
                self.is_resuming = statement.mode == "resume_next"
            else:
                self.statement(statement)
            at += 1

    def block(self, body: list[Any], deeper: bool = True) -> None:
        self.depth += deeper
        before = len(self.lines)
        for each in body:
            if isinstance(each, A.OnError):
                raise NotTranslated("On Error in a block")
            self.statement(each)
        if len(self.lines) == before:
            self.say("pass")
        self.depth -= deeper

    def statement(self, node: Any) -> None:
        if self.is_resuming and not isinstance(node, A.Dim | A.Label | A.ExitStmt):
            self.say("try:")
            self.depth += 1
            self.plain(node)
            self.depth -= 1
            self.say("except VBARuntimeError as failure: err.capture(failure)")
        else:
            self.plain(node)

    def plain(self, node: Any) -> None:
        match node:
            case A.Assign():
                self.assign(node)
            case A.CallStmt():
                self.say(self.called(node.callee, node.args).text)
            case A.Dim() | A.Label():
                self.say("pass")
            case A.ReDim():
                self.redim(node)
            case A.If():
                for place, branch in enumerate(node.branches):
                    if place:
                        self.say("else:")
                        self.depth += 1
                    self.say(f"if {self.expression(branch.condition).truth}:")
                    self.block(branch.body)
                if node.otherwise:
                    self.say("else:")
                    self.block(node.otherwise)
                self.depth -= len(node.branches) - 1
            case A.SelectCase():
                self.select(node)
            case A.For():
                self.counting(node)
            case A.ForEach():
                self.say(f"for each{self.fresh()} in iterate({self.expression(node.collection).text}):")
                self.depth += 1
                self.store(node.target, Code(f"each{self.count}"), "object")
                self.depth -= 1
                self.loop(node.body, "for")
            case A.DoLoop():
                self.repeat(node)
            case A.With():
                name = f"with{self.fresh()}"
                self.say(f"{name} = {self.expression(node.subject).text}")
                self.withs.append(name)
                for each in node.body:
                    self.statement(each)
                self.withs.pop()
            case A.ExitStmt(what="for" | "do"):
                if not self.loops or self.loops[-1] != node.what:
                    raise NotTranslated("Exit of an outer loop")
                self.say("break")
            case A.ExitStmt():
                self.leave()
            case _:
                raise NotTranslated(type(node).__name__)

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def leave(self) -> None:
        if self.result:
            self.say(f"return v_{self.result}{'.value' if self.result in self.boxed else ''}")
        else:
            self.say("return EMPTY")

    def loop(self, body: list[Any], kind: str, before: str = "", after: str = "") -> None:
        self.loops.append(kind)
        self.depth += 1
        if before:
            self.say(before)
        self.block(body, deeper=False)
        if after:
            self.say(after)
        self.depth -= 1
        self.loops.pop()

    def repeat(self, node: A.DoLoop) -> None:
        test = ""
        if node.test:
            truth = self.expression(node.condition).truth
            test = f"if {'not ' if node.test == 'while' else ''}{truth}: break"
        self.say("while True:")
        self.loop(node.body, "do", "" if node.at_end else test, test if node.at_end else "")

    def counting(self, node: A.For) -> None:
        number = self.fresh()
        step = self.expression(node.step).text if node.step is not None else "1"
        if not isinstance(node.target, A.Name) or not step.strip("()-").isdigit():
            raise NotTranslated("For")
        self.store(node.target, Code(self.expression(node.start).whole, "i"))
        self.say(f"last{number} = {self.expression(node.limit).whole}")
        counter = self.read(node.target.name)
        assert counter is not None
        self.say(f"while {counter.text} {'>=' if '-' in step else '<='} last{number}:")
        self.loop(node.body, "for", after=f"{counter.text} += {step}")

    def select(self, node: A.SelectCase) -> None:
        name = f"subject{self.fresh()}"
        subject = self.expression(node.subject)
        self.say(f"{name} = {subject.text}")
        for place, block in enumerate(node.blocks):
            tests = []
            for clause in block.clauses:
                if clause.kind != "value":
                    raise NotTranslated("Case")
                value = self.expression(clause.value)
                both = subject.kind + value.kind in ("ii", "ss")
                tests.append(f"{name} == {value.text}" if both else f"truth(same({name}, {value.text}))")
            self.say(f"{'elif' if place else 'if'} {' or '.join(tests)}:")
            self.block(block.body)
        if node.otherwise is not None:
            self.say("else:")
            self.block(node.otherwise)

    def redim(self, node: A.ReDim) -> None:
        for each in node.decls:
            bounds = []
            for lower, upper in each.bounds:
                low = "0" if lower is None else self.expression(lower).whole
                bounds.append(f"({low}, {self.expression(upper).whole})")
            old = self.read(each.name)
            if old is None or node.preserve:
                raise NotTranslated("ReDim")
            element = each.declared
            self.say(f"new = VBAArray([{', '.join(bounds)}], element_type=element_of({old.text}, {element!r}))")
            self.say(f"{old.text} = new")

    def assign(self, node: A.Assign) -> None:
        value = self.expression(node.value)
        if node.kind not in ("let", "set"):
            raise NotTranslated(node.kind)
        if node.kind == "set":
            self.store(node.target, Code(f"an_object({value.text})"), "set")
        else:
            self.store(node.target, value if value.kind != "v" else Code(f"let({value.text})"))

    def store(self, target: Any, value: Code, how: str = "let") -> None:
        by_ref = how == "set"
        if isinstance(target, A.Name):
            key = bare(target.name)
            if key in self.kinds:
                place, declared = (f"v_{key}.value" if key in self.boxed else f"v_{key}"), self.kinds[key]
            elif (slot := self.slot(key)) is not None:
                place, declared = f"{slot[0]}.value", slot[1]
            else:
                raise NotTranslated("a name from elsewhere")
            self.say(f"{place} = {self.stored(value, declared)}")
        elif isinstance(target, A.Member):
            self.say(f"new = {value.text}")
            self.say(f"put({self.target(target)}, {target.name!r}, new, [], NONE, {by_ref})")
        elif (
            isinstance(target, A.Index)
            and isinstance(target.target, A.Name)
            and (held := self.read(target.target.name))
        ):
            given, named = self.arguments(target.args)
            if named != "NONE":
                raise NotTranslated("named subscripts")
            self.say(f"put_item({held.text}, {value.text}, {given})")
        elif isinstance(target, A.Index) and isinstance(target.target, A.Member):
            given, named = self.arguments(target.args)
            self.say(f"new = {value.text}")
            self.say(f"put({self.target(target.target)}, {target.target.name!r}, new, [{given}], {named}, {by_ref})")
        else:
            raise NotTranslated("target")


def is_label(statement: Any, name: str) -> bool:
    return isinstance(statement, A.Label) and statement.name.lower() == name.lower()
