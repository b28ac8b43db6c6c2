"""Where the elements of an array go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from codemod.scanner.tracking.definitions import definition
from codemod.scanner.tracking.functions import arguments_of, call_of
from codemod.scanner.tracking.program import Place, Program
from codemod.scanner.tracking.receivers import passed
from codemod.scanner.tracking.values import ELEMENT, Goes, Lost, Step, Stored, Value
from codemod.syntax.scopes import FUNCTIONS
from codemod.syntax.typescript import text

_SAME = frozenset({"concat", "filter", "reverse", "slice", "sort", "toReversed", "toSorted"})
_ASKING = frozenset({"includes", "indexOf", "join", "keys", "push", "unshift"})
_ONE = frozenset({"at", "find", "findLast", "pop", "shift"})
_ITERATING = frozenset(
    {"every", "filter", "find", "findLast", "flatMap", "forEach", "map", "some", "sort"}
)

METHODS = _SAME | _ONE | _ITERATING
"""The methods of an array that give its elements to something else."""


def of_method(program: Program, access: Place, name: str, array: Stored) -> Iterator[Step]:
    """What ``access``, the method ``name`` of an array, does with the elements."""
    call = call_of(access)
    if call is None:
        return
    if name in _ITERATING:
        yield from _to_callback(program, call, array.value)
    if name in _SAME:
        yield Goes(call, array)
    elif name in _ONE:
        yield Goes(call, array.value)
    elif name not in _ITERATING | _ASKING:
        yield Lost(access, array, f"is in an array whose {name} is called")


def of_values(name: str, call: Place, value: Value) -> Step | None:
    """What ``Object.values(object)`` and the like give, None for other functions."""
    if not isinstance(value, Stored):
        return None
    if name == "Object.values" and value.key != ELEMENT:
        return Goes(call, Stored(ELEMENT, value.value))
    if name == "Object.entries" and value.key != ELEMENT:
        return Goes(call, Stored(ELEMENT, Stored("1", value.value)))
    if name == "Array.from" and value.key == ELEMENT:
        return Goes(call, value)
    return None


def written_out(arrays: Sequence[Node]) -> tuple[Node, ...] | None:
    """The elements of the array literal that ``arrays`` starts with, None for anything else."""
    if not arrays or arrays[0].type != "array":
        return None
    return tuple(node for node in arrays[0].named_children if node.type != "comment")


def _to_callback(program: Program, call: Place, value: Value) -> Iterator[Step]:
    arguments = arguments_of(call.node)
    if arguments and text(arguments[0]) == "Boolean":
        return
    function = definition(program, call.at(arguments[0])) if arguments else None
    steps = None
    if isinstance(function, Place) and function.node.type in FUNCTIONS:
        steps = passed(program, function, 0, value)
    yield from [Lost(call, value, "is passed to a callback")] if steps is None else steps
