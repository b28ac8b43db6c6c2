"""What the runtime makes of a value that a Worker exports, and what that rests on."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.model import ExportKind
from codemod.scanner.exporting.evaluation import (
    ClassValue,
    Evaluator,
    ForeignValue,
    FunctionValue,
    GlobalValue,
    InstanceValue,
    NamespaceValue,
    ObjectValue,
    Opaque,
    PlainValue,
    ResultValue,
    Value,
    WrappedValue,
    is_app,
)
from codemod.scanner.resolving import platform


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of export, and in words what it rests on."""

    kind: ExportKind
    because: str


_CLASS_KINDS = frozenset(
    {
        ExportKind.DURABLE_OBJECT,
        ExportKind.RPC_TARGET,
        ExportKind.WORKER_ENTRYPOINT,
        ExportKind.WORKFLOW,
    }
)
_SIMPLE = {
    FunctionValue: Kind(ExportKind.FUNCTION, "a function"),
    InstanceValue: Kind(ExportKind.OBJECT, "an instance of a class"),
    NamespaceValue: Kind(ExportKind.OBJECT, "the namespace of a module"),
    ObjectValue: Kind(ExportKind.OBJECT, "an object"),
    PlainValue: Kind(ExportKind.VALUE, "neither a class nor a function nor an object"),
}


def kind_of(evaluator: Evaluator, value: Value) -> Kind:
    """The kind of a value by its code alone, whatever configuration says of it."""
    while isinstance(value, WrappedValue):
        if value.kind is not None:
            return Kind(value.kind, f"wrapped by {value.callee}")
        value = value.inner
    match value:
        case ClassValue():
            return _of_class(evaluator, value)
        case ForeignValue():
            return _of_foreign(value)
        case ResultValue(callee):
            return _of_result(value, callee)
        case GlobalValue(name):
            return Kind(ExportKind.UNKNOWN, f"{name} is declared nowhere in its module")
        case Opaque(unknown):
            return Kind(ExportKind.UNKNOWN, unknown.reason)
        case _:
            return _SIMPLE[type(value)]


def _of_class(evaluator: Evaluator, value: ClassValue) -> Kind:
    classes, base = evaluator.bases(value)
    between = len(classes) - 1
    through = f", over {between} class{'es' if between > 1 else ''} between" if between else ""
    if base is None:
        return Kind(ExportKind.CLASS, f"a class that extends nothing{through}")
    kind = _kind_of_base(evaluator, base)
    name = str(base) if isinstance(base, ForeignValue | GlobalValue) else kind.because
    if kind.kind is ExportKind.UNKNOWN:
        return Kind(ExportKind.UNKNOWN, f"its base class cannot be told{through}: {kind.because}")
    made = kind.kind if kind.kind in _CLASS_KINDS else ExportKind.CLASS
    return Kind(made, f"extends {name}{through}")


def _kind_of_base(evaluator: Evaluator, base: Value) -> Kind:
    match base:
        case GlobalValue(name) if name in platform.PLAIN_GLOBALS:
            return Kind(ExportKind.CLASS, name)
        case ForeignValue(external) if external.package.startswith("node:"):
            return Kind(ExportKind.CLASS, str(base))
        case PlainValue():
            return Kind(ExportKind.CLASS, "no class")
        case _:
            return kind_of(evaluator, base)


def _of_foreign(value: ForeignValue) -> Kind:
    kind = platform.CLASSES.get(value.key)
    if kind is None:
        return Kind(ExportKind.UNKNOWN, f"{value} is not in the repository")
    return Kind(kind, f"it is {value}")


def _of_result(value: ResultValue, callee: Value) -> Kind:
    if is_app(value):
        return Kind(ExportKind.OBJECT, f"made by {callee}")
    match callee:
        case ForeignValue() if callee.key in platform.FACTORIES:
            return Kind(platform.FACTORIES[callee.key], f"made by {callee}")
        case ForeignValue():
            reason = f"made by {callee}, which is not in the repository"
        case Opaque(unknown):
            reason = f"made by a call: {unknown.reason}"
        case _:
            reason = "made by a call whose function cannot be told"
    return Kind(ExportKind.UNKNOWN, reason)
