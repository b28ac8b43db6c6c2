"""How an expression's string begins, as far as the program and its configuration tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product, starmap
from urllib.parse import urljoin

from tree_sitter import Node

from codemod.scanner.tracking.definitions import definition, instance_member
from codemod.scanner.tracking.functions import arguments_of, calls_of_function, items_of
from codemod.scanner.tracking.program import Name, Place, Program, accessed_name
from codemod.scanner.tracking.receivers import FIELD_MODIFIERS, uses_of_field
from codemod.syntax import typescript
from codemod.syntax.changes import is_assigned
from codemod.syntax.scopes import PARAMETERS, Declaration, parameters
from codemod.syntax.typescript import string_value, text, unwrap

# Names that stand for names beyond this are not worth following; the bound also ends cycles.
_MAX_STEPS = 16
_ASSIGNMENTS = frozenset({"assignment_expression", "augmented_assignment_expression"})
_BEFORE_PATH = frozenset({"host", "hostname", "href", "password", "port", "protocol", "username"})
_MAX_CHOICES = 16
_MAX_OPERANDS = 256
_MAX_LENGTH = 4096
_NAMES = frozenset({"identifier", "shorthand_property_identifier"})
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_SAME_TEXT = frozenset({"Request", "String", "URL"})
_TEXT_METHODS = frozenset({"clone", "concat", "replace", "toString", "trim"})
_TRAILING_SLASH = re.compile(r"/(?:\\/|\[/\])[+*]?\$/\w*")


@dataclass(frozen=True, slots=True)
class Text:
    """The constant start of a string: ``complete`` says whether it is all of it.

    ``vars`` are the configuration variables that the value was read through. ``choices`` are the
    strings that it may be where conditions decide, and nothing is known of it as a whole then.
    """

    start: str = ""
    complete: bool = False
    vars: tuple[str, ...] = ()
    choices: tuple[Text, ...] = ()

    @property
    def origin(self) -> str | None:
        """The scheme and host of the URL that it begins with."""
        found = _ORIGIN.match(self.start)
        return found[0] if found else None

    @property
    def possible(self) -> tuple[Text, ...]:
        """The text itself, or the choices that it is one of."""
        return self.choices or (self,)


_UNTOLD = Text()


class Folder:
    """Folds the expressions of a program.

    ``reads`` maps expressions to the property of the environment that they read, and
    ``variables`` holds the values of those that the configuration sets.
    """

    def __init__(
        self,
        program: Program,
        reads: Mapping[Place, str | None],
        variables: Mapping[str, str | None],
    ) -> None:
        self._program = program
        self._reads = reads
        self._variables = variables
        self._folded: dict[Place, Text] = {}

    def fold(self, place: Place, steps: int = _MAX_STEPS) -> Text:
        """What the expression at ``place`` gives as a string."""
        here = place.at(unwrap(place.node))
        if steps <= 0:
            return _UNTOLD
        if here not in self._folded:
            # What is defined by itself is met again before it is known.
            self._folded[here] = _UNTOLD
            self._folded[here] = self._fold(here, steps)
        return self._folded[here]

    def _fold(self, here: Place, steps: int) -> Text:
        constant = string_value(here.node)
        if constant is not None:
            return Text(constant, complete=True)
        if here.node.type == "template_string":
            return self._template(here, steps - 1)
        if here.node.type == "binary_expression":
            return self._binary(here, steps - 1)
        if here.node.type == "ternary_expression":
            return self._choice(here, steps - 1)
        if here.node.type in _NAMES:
            return self._name(here, steps - 1)
        if here.node.type in ("member_expression", "subscript_expression"):
            return self._member(here, steps - 1)
        if here.node.type in ("call_expression", "new_expression"):
            return self._call(here, steps - 1)
        return _UNTOLD

    def value(self, name: str) -> str:
        """The value of a configuration's variable, empty where it has none that is a string."""
        return self._variables.get(name) or ""

    def _read(self, here: Place) -> Text:
        """The value of the configuration's variable that the expression reads, if it does."""
        name = self._reads.get(here)
        value = self.value(name) if name is not None else ""
        return Text(value, complete=True, vars=(name,)) if name and value else _UNTOLD

    def _template(self, place: Place, steps: int) -> Text:
        parts = []
        for child in place.node.named_children:
            if child.type != "template_substitution":
                parts.append(Text(typescript.fragment_value(child) or "", complete=True))
            elif child.named_children:
                parts.append(self.fold(place.at(child.named_children[0]), steps))
        return _joined(parts)

    def _binary(self, place: Place, steps: int) -> Text:
        operands: list[Node] = []
        node, operator = place.node, ""
        while node.type == "binary_expression" and len(operands) < _MAX_OPERANDS:
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            found = node.child_by_field_name("operator")
            if left is None or right is None or found is None:
                return _UNTOLD
            if operator and found.type != operator:
                break
            operands.append(right)
            node, operator = unwrap(left), found.type
        operands.append(node)
        if operator == "+":
            return _joined([self.fold(place.at(each), steps) for each in reversed(operands)])
        # With an unknown left side, the right side is only one of the values that may come.
        first = self.fold(place.at(node), steps) if operator in ("||", "??") else _UNTOLD
        return first if first.start else _UNTOLD

    def _choice(self, place: Place, steps: int) -> Text:
        names = ("consequence", "alternative")
        nodes = filter(None, map(place.node.child_by_field_name, names))
        return _chosen([self.fold(place.at(node), steps) for node in nodes])

    def _name(self, place: Place, steps: int) -> Text:
        module, declaration = place.module, place.module.scopes.declaration(place.node)
        origin = self._program.origin(place)
        target = self._program.declared(origin) if isinstance(origin, Name) else None
        if target is not None:
            module, declaration = target
        if declaration is None:
            return _UNTOLD
        owner = declaration.owner
        if owner.type in PARAMETERS and owner.child_by_field_name("pattern") == declaration.node:
            if _is_assigned(Place(module, owner), declaration):
                return _UNTOLD
            return self._parameter(Place(module, owner), steps)
        if owner.type != "variable_declarator":
            return self._read(place)
        value = owner.child_by_field_name("value")
        if value is None or not _keeps_its_value(Place(module, owner), declaration):
            return _UNTOLD
        if owner.child_by_field_name("name") != declaration.node:
            return self._read(place)
        whole = self.fold(Place(module, value), steps)
        return self._changed(whole, Place(module, value), declaration)

    def _parameter(self, parameter: Place, steps: int) -> Text:
        """What all calls give to a parameter that has a plain name, or leave to its default."""
        scopes = parameter.module.scopes
        function = scopes.enclosing_function(parameter.node)
        # In code that does not parse, a parameter may stand outside all functions' own lists.
        if function is None or parameter.node not in parameters(function):
            return _UNTOLD
        index = parameters(function).index(parameter.node)
        default = parameter.node.child_by_field_name("value")
        given: list[Text] = []
        for call in calls_of_function(self._program, parameter.at(function)):
            listed = arguments_of(call.node) if call is not None else []
            if call is None or len(given) == _MAX_OPERANDS:
                return _UNTOLD
            if any(argument.type == "spread_element" for argument in listed[: index + 1]):
                return _UNTOLD
            if len(listed) > index:
                given.append(self.fold(call.at(listed[index]), steps))
            elif default is not None:
                given.append(self.fold(parameter.at(default), steps))
            else:
                return _UNTOLD
        return _common(given)

    def _changed(self, whole: Text, value: Place, declaration: Declaration) -> Text:
        """What is left of ``whole`` where ``value`` is a URL object that the program changes."""
        constructor = unwrap(value.node).child_by_field_name("constructor")
        if constructor is None or text(constructor) != "URL":
            return whole
        for use in self._program.references(value.module, declaration):
            part = _changed_part(use)
            if part in _BEFORE_PATH:
                return _UNTOLD
            if part == "pathname":
                whole = Text(whole.origin, vars=whole.vars) if whole.origin else _UNTOLD
            elif part is not None:
                whole = Text(re.split("[?#]", whole.start)[0], vars=whole.vars)
        return whole

    def _member(self, place: Place, steps: int) -> Text:
        holder = place.node.child_by_field_name("object")
        name = accessed_name(place.node)
        if holder is None or name is None:
            return _UNTOLD
        if unwrap(holder).type == "this":
            return self._field(place, name, steps)
        if place in self._reads:
            return self._read(place)
        if name == "href":
            return self.fold(place.at(holder), steps)
        found = definition(self._program, place)
        return self.fold(found, steps) if isinstance(found, Place) else _UNTOLD

    def _field(self, place: Place, name: str, steps: int) -> Text:
        """A field that is given one value in its class."""
        this = unwrap(place.node.child_by_field_name("object") or place.node)
        owner = place.module.scopes.class_of_instance(this)
        if owner is None:
            return _UNTOLD
        values = list(_initial_values(self._program, place.at(owner), name))
        for use in uses_of_field(self._program, place.at(owner), name):
            around = use.module.scopes.parent(use.node)
            if around is None or around.type not in _ASSIGNMENTS:
                continue
            if around.child_by_field_name("left") == use.node:
                value = around.child_by_field_name("right")
                values += [use.at(value)] if value is not None else []
        parameter = _parameter_property(self._program, place.at(owner), name)
        if parameter is not None:
            return _UNTOLD if values else self._parameter(parameter, steps)
        return self.fold(values[0], steps) if len(values) == 1 else _UNTOLD

    def _call(self, place: Place, steps: int) -> Text:
        arguments = [place.at(node) for node in arguments_of(place.node)]
        constructor = place.node.child_by_field_name("constructor")
        callee = place.node.child_by_field_name("function")
        name = text(constructor or callee or place.node)
        if constructor is not None and name == "URL" and len(arguments) > 1:
            path, base = (self.fold(each, steps) for each in arguments[:2])
            return _chosen(starmap(_resolved, product(path.possible, base.possible)))
        if name in _SAME_TEXT and arguments:
            return self.fold(arguments[0], steps)
        callee = unwrap(callee) if callee is not None else None
        holder = callee.child_by_field_name("object") if callee is not None else None
        method = accessed_name(callee) if callee is not None else None
        if holder is None:
            return _UNTOLD
        if method == "join":
            return self._list(place.at(unwrap(holder)), arguments, steps)
        if method not in _TEXT_METHODS:
            return _UNTOLD
        whole = self.fold(place.at(holder), steps)
        if method == "concat":
            return _joined([whole, *(self.fold(each, steps) for each in arguments)])
        if method != "replace":
            return whole
        if arguments and whole.complete and _TRAILING_SLASH.fullmatch(text(arguments[0].node)):
            return Text(whole.start.rstrip("/"), complete=True, vars=whole.vars)
        return _UNTOLD

    def _list(self, array: Place, arguments: list[Place], steps: int) -> Text:
        """What ``join`` makes of the array, whose items are written out."""
        items = items_of(array.node)
        if items is None or len(items) > _MAX_OPERANDS:
            return _UNTOLD
        between = self.fold(arguments[0], steps) if arguments else Text(",", complete=True)
        parts: list[Text] = []
        for item in items:
            parts += [between] if parts else []
            parts.append(self.fold(array.at(item), steps))
        return _joined(parts)


def _keeps_its_value(declarator: Place, declaration: Declaration) -> bool:
    """Whether a variable is a constant, or one that nothing is assigned to."""
    if typescript.is_constant(declarator.node):
        return True
    statement = declarator.module.scopes.parent(declarator.node)
    is_let = statement is not None and statement.type == "lexical_declaration"
    return is_let and not _is_assigned(declarator, declaration)


def _is_assigned(owner: Place, declaration: Declaration) -> bool:
    """Whether something is assigned to a variable or parameter after its declaration."""
    scopes = owner.module.scopes
    return any(is_assigned(scopes, name) for name in scopes.references(declaration))


def _changed_part(url: Place) -> str | None:
    """The part of a URL object that is set where ``url`` stands, None where none is."""
    scopes = url.module.scopes
    access = scopes.parent(url.node)
    if access is None:
        return None
    if access.type == "arguments":
        call = scopes.parent(access)
        is_target = call is not None and text(call).startswith("Object.assign(")
        return "href" if is_target and access.named_children[0] == url.node else None
    name = accessed_name(access)
    if name == "searchParams":
        return name
    around = scopes.parent(access)
    if name is None or around is None or around.type not in _ASSIGNMENTS:
        return None
    return name if around.child_by_field_name("left") == access else None


def _chosen(texts: Iterable[Text]) -> Text:
    """One of ``texts``, of which a condition tells which: what is certain of all, or the choices.

    They are not told where nothing is known of any, nor where they are too many.
    """
    given = list(dict.fromkeys(choice for text in texts for choice in text.possible))
    common = _common(given)
    if common != _UNTOLD or len(given) > _MAX_CHOICES or not any(text.start for text in given):
        return common
    return Text(choices=tuple(given))


def _joined(parts: Iterable[Text]) -> Text:
    """The texts one after the other, as far as the start of the whole is known."""
    sequences: list[tuple[Text, ...]] = [()]
    for part in parts:
        are_few = len(sequences) * len(part.possible) <= _MAX_CHOICES
        possible = part.possible if are_few else (_UNTOLD,)
        sequences = [(*known, text) for known in sequences for text in possible]
    return _chosen(map(_concatenated, sequences))


def _concatenated(parts: Iterable[Text]) -> Text:
    known: list[Text] = []
    for part in parts:
        known.append(part)
        if not part.complete:
            break
    start = "".join(part.start for part in known)
    complete = all(part.complete for part in known) and len(start) <= _MAX_LENGTH
    return Text(start[:_MAX_LENGTH], complete, _vars(known))


def _common(texts: list[Text]) -> Text:
    """What is certain of one of ``texts``: all where they are equal, else where they begin alike.

    That much is only told of URLs with one and the same origin, and of paths.
    """
    if texts and all(text.start.startswith("/") and not text.vars for text in texts):
        return texts[0] if len(set(texts)) == 1 else Text("/")
    if not texts or any(text != texts[0] for text in texts):
        origins = {text.origin for text in texts}
        read = {text.vars for text in texts}
        origin = origins.pop() if len(origins) == 1 and len(read) == 1 else None
        return Text(origin, vars=texts[0].vars) if origin else _UNTOLD
    return texts[0]


def _vars(texts: Iterable[Text]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in texts for name in each.vars))


def _resolved(path: Text, base: Text) -> Text:
    """What ``new URL(path, base)`` starts with."""
    if path.origin:
        return path
    if not path.complete and not path.start.startswith(("/", ".", "?", "#")):
        return _UNTOLD
    if not base.complete:
        return Text(base.origin, vars=base.vars) if base.origin else _UNTOLD
    try:
        whole = urljoin(base.start, path.start)
    except ValueError:
        return _UNTOLD
    return Text(whole, path.complete, _vars([base, path]))


def _parameter_property(program: Program, owner: Place, name: str) -> Place | None:
    """The parameter that ``constructor(private <name>)`` makes the field ``name``."""
    constructor = instance_member(program, owner, "constructor")
    for parameter in parameters(constructor.node) if constructor is not None else ():
        pattern = parameter.child_by_field_name("pattern")
        is_field = any(child.type in FIELD_MODIFIERS for child in parameter.children)
        if constructor is not None and is_field and pattern is not None and text(pattern) == name:
            return constructor.at(parameter)
    return None


def _initial_values(program: Program, owner: Place, name: str) -> Iterator[Place]:
    found = instance_member(program, owner, name)
    if found is not None and found.node.type != "method_definition":
        yield found
