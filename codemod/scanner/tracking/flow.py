"""Where the environment and its bindings go in a Worker's code, and what is done with them.

Values are followed forwards: from where the environment enters, through variables, patterns,
object literals, fields, arguments and results, to what uses them. A binding that cannot be
followed counts as passed on; the whole environment passed on leaves the uses open.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from tree_sitter import Node

from codemod.model import Unknown, Usage, UsageKind
from codemod.scanner.tracking import constants, environment
from codemod.scanner.tracking.environment import Likelihood
from codemod.scanner.tracking.functions import arguments_of, called
from codemod.scanner.tracking.liveness import Liveness
from codemod.scanner.tracking.program import Module, Place, Program
from codemod.scanner.tracking.receivers import given
from codemod.scanner.tracking.sinks import next_steps
from codemod.scanner.tracking.values import (
    Awaited,
    Bound,
    Called,
    Compared,
    Environment,
    Goes,
    Lost,
    Method,
    Reads,
    Step,
    Stored,
    Value,
    Written,
)
from codemod.syntax.typescript import string_value, text, unwrap

_WORDS = (b"env", b"Env", b"Bindings", b"fetch", b"DurableObject")
# Where nothing is called ``env`` and no type is called like one of the environment, it can only
# enter by the place of a parameter: of a constructor, or of a handler in what is exported.
_NAMED = re.compile(rb"(?<![\w$])env(?![\w$])|(?:Env|Bindings)(?![\w$])")
_PLACING = (b"constructor", b"default")
_GIVING_STUBS = frozenset({"get", "getByName"})
# The most that was seen in a real program is 2,000.
_MAX_STEPS = 50_000


class Flow:
    """The uses of the environment of one program: ``run`` fills what its attributes hold.

    ``stub_fetches`` are the fetches of stubs that ``namespaces`` gave. ``reads`` maps the
    expressions whose value is ``env.<name>`` to that name, None where several may be meant;
    ``targets`` the fetches whose URL is no plain constant to what gives it.
    """

    def __init__(
        self,
        program: Program,
        liveness: Liveness,
        bindings: frozenset[str],
        namespaces: frozenset[str],
    ) -> None:
        self.uses: set[Usage] = set()
        self.stub_fetches: set[Usage] = set()
        self.open: set[Unknown] = set()
        self.reads: dict[Place, str | None] = {}
        self.targets: dict[Usage, Place] = {}
        self._program = program
        self._liveness = liveness
        self._bindings = bindings
        self._namespaces = namespaces
        self._written: set[str] = set()
        self._pending: deque[Goes] = deque()
        self._seen: set[Goes] = set()
        self._caught: dict[tuple[str, int], bool] = {}
        self._is_service_worker = environment.is_service_worker(program)

    def run(self) -> None:
        for module in self._program.modules_where(
            lambda content: _may_start(content, self._bindings)
        ):
            self._start(module)
        while self._pending and len(self._seen) < _MAX_STEPS:
            step = self._pending.popleft()
            for following in next_steps(self._program, step.place, step.value):
                self._take(following)
        # What the program sets itself is no binding that its configuration lacks.
        own = self._written - self._bindings
        self.uses = {usage for usage in self.uses if usage.binding not in own}
        if self._pending:
            reason = "the environment goes to more places than are followed"
            self.open.add(Unknown(reason, self._pending[0].place.location))

    def _start(self, module: Module) -> None:
        for place, likelihood in environment.expressions(self._program, module):
            if likelihood is not Likelihood.NO:
                self._take(Goes(place, Environment(likelihood is Likelihood.CERTAIN)))
        for place, likelihood in environment.patterns(self._program, module):
            for step in given(self._program, place, Environment(likelihood is Likelihood.CERTAIN)):
                self._take(step)
        for place in environment.handed_to_packages(self._program, module, self._bindings):
            if place.node.type != "rest_pattern":
                for step in given(self._program, place, Environment(certain=False)):
                    self._take(step)
        self._start_from_arguments(module)
        if not self._is_service_worker:
            return
        for place in environment.globals_of_service_worker(module, self._bindings):
            self._take(Goes(place, Bound(text(place.node), certain=True)))

    def _start_from_arguments(self, module: Module) -> None:
        for pattern, index in environment.rests(self._program, module):
            value = Stored(str(index), Environment(certain=True))
            for step in given(self._program, pattern, value):
                self._take(step)
        for place in environment.argument_objects(self._program, module):
            self._take(Goes(place, Stored("1", Environment(certain=True))))

    def _take(self, step: Step) -> None:
        if isinstance(step, Goes):
            self._go(step)
        elif isinstance(step, Reads):
            for name in self._bindings:
                if name.startswith(step.start):
                    self._go(Goes(step.place, Bound(name, step.environment.certain)))
        elif isinstance(step, Called):
            self._call(step)
        elif isinstance(step, Awaited):
            self._read(step)
        elif isinstance(step, Compared):
            self._use(step.place, step.value, UsageKind.COMPARED)
        elif isinstance(step, Written):
            self._written.add(step.bound.name)
        else:
            self._lose(step)

    def _go(self, step: Goes) -> None:
        value = step.value
        if step in self._seen or (isinstance(value, Bound) and not self._counts(value)):
            return
        if not self._liveness.runs(step.place):
            return
        if isinstance(value, Bound) and not value.gave:
            known = self.reads.setdefault(step.place, value.name)
            self.reads[step.place] = value.name if known == value.name else None
        self._seen.add(step)
        self._pending.append(step)

    def _lose(self, step: Lost) -> None:
        if not self._liveness.runs(step.place):
            return
        value: Value = step.value
        key = None
        while isinstance(value, Stored):
            key, value = value.key, value.value
        self._use(step.place, value, UsageKind.PASSED_ON)
        # Whoever gets an object with the environment under ``env`` reads it as ``….env``, and
        # that is recognised wherever it stands.
        if isinstance(value, Environment) and value.certain and key != "env":
            reason = f"the whole environment {step.how}"
            self.open.add(Unknown(reason, step.place.location))

    def _use(self, place: Place, value: Value, kind: UsageKind) -> None:
        bound = value.bound if isinstance(value, Method) else value
        if isinstance(bound, Bound) and not bound.gave and self._counts(bound):
            self.uses.add(Usage(bound.name, kind, place.location))

    def _call(self, step: Called) -> None:
        call, method, bound = step.call, step.method, step.method.bound
        if not self._counts(bound):
            return
        arguments = step.arguments
        if bound.gave:
            if method.name == "fetch" and not method.within:
                self.stub_fetches.add(self._fetch(call, bound.name, arguments or ()))
        elif method.name is None:
            self._use(call, bound, UsageKind.PASSED_ON)
        elif method.name == "fetch" and not method.within:
            self.uses.add(self._fetch(call, bound.name, arguments or ()))
        elif method.name == "connect" and not method.within:
            usage = Usage(bound.name, UsageKind.CONNECT, call.location)
            self.uses.add(replace(usage, is_caught=self._is_caught(call)))
        else:
            spread = any(argument.type == "spread_element" for argument in arguments or ())
            known = arguments is not None and not spread and not method.within
            count = len(arguments or ()) if known else None
            usage = Usage(bound.name, UsageKind.RPC, call.location, method.name, count)
            self.uses.add(replace(usage, is_caught=self._is_caught(call)))
            if bound.name in self._namespaces and method.name in _GIVING_STUBS:
                self._go(Goes(call, replace(bound, gave=True)))

    def _read(self, step: Awaited) -> None:
        bound, name = step.method.bound, step.method.name
        if name is None:
            self._use(step.place, bound, UsageKind.PASSED_ON)
        elif self._counts(bound) and not bound.gave:
            self.uses.add(Usage(bound.name, UsageKind.RPC, step.place.location, name))

    def _fetch(self, call: Place, binding: str, arguments: Sequence[Node]) -> Usage:
        if not arguments:
            return Usage(binding, UsageKind.FETCH, call.location, is_caught=self._is_caught(call))
        target = call.at(_target(arguments[0]))
        values = constants.strings(self._program, target)
        url = values[0] if values and len(values) == 1 else None
        literal = target.location if string_value(target.node) is not None else None
        usage = Usage(
            binding,
            UsageKind.FETCH,
            call.location,
            url=url,
            url_location=literal,
            url_start=_common_start(values) if values else None,
            is_caught=self._is_caught(call),
        )
        if url is None:
            self.targets[usage] = target
        return usage

    def _is_caught(self, call: Place) -> bool:
        """Whether a ``try`` around the call has a ``catch``."""
        path, scopes = call.module.path, call.module.scopes
        inside: list[Node] = []
        node: Node | None = call.node
        while node is not None and (path, node.id) not in self._caught:
            inside.append(node)
            node = scopes.parent(node)
        is_caught = node is not None and self._caught[path, node.id]
        # Calls may stand in calls, as deeply as anything: each place is looked at once.
        for node in reversed(inside):
            is_caught = is_caught or _catches(scopes.parent(node), node)
            self._caught[path, node.id] = is_caught
        return is_caught

    def _counts(self, bound: Bound) -> bool:
        return bound.certain or bound.name in self._bindings


def _catches(around: Node | None, body: Node) -> bool:
    """Whether ``around`` is a ``try`` with a ``catch`` for what is thrown in ``body``."""
    if around is None or around.type != "try_statement":
        return False
    handler = around.child_by_field_name("handler")
    return handler is not None and around.child_by_field_name("body") == body


def _may_start(content: bytes, bindings: frozenset[str]) -> bool:
    """Whether the environment may enter a module with this text, or a binding is named there."""
    if any(name.encode() in content for name in bindings):
        return True
    if not any(word in content for word in _WORDS):
        return False
    return any(word in content for word in _PLACING) or _NAMED.search(content) is not None


def _common_start(texts: Sequence[str]) -> str | None:
    """What all of ``texts`` begin with; None where that is nothing, and one has more."""
    first, last = min(texts), max(texts)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(character for character, _ in same) or (None if last else "")


def _target(argument: Node) -> Node:
    """What gives the URL: the first argument of a ``fetch``, or of the ``Request`` that it is."""
    argument = unwrap(argument)
    if argument.type != "new_expression" or text(called(argument) or argument) != "Request":
        return argument
    return unwrap(next(iter(arguments_of(argument)), argument))
