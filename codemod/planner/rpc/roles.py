"""What each function of the default object is for: a handler, a helper, or called over RPC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from codemod.model import BindingKind, Location, Project, UsageKind, Worker
from codemod.planner.refusal import Refusal
from codemod.planner.rpc.members import Member, Role
from codemod.planner.rpc.parameters import has_same_this, parameters, pattern_of
from codemod.planner.rpc.subject import Literal
from codemod.syntax import typescript
from codemod.syntax.typescript import text

_RESERVED = frozenset({"alarm", "ctx", "dup", "env"})
_ENVIRONMENT = frozenset({"ctx", "env"})


@dataclass(frozen=True, slots=True)
class Method:
    """A function of the object as a method of the class.

    ``takes_environment`` says that the runtime gives it ``env`` and ``ctx`` after its argument.
    """

    member: Member
    role: Role
    takes_environment: bool


@dataclass(frozen=True, slots=True)
class SelfCall:
    """``this.helper(…)`` or ``worker.helper(…)`` in a function of the object ``worker``."""

    receiver: Node
    property: Node


@dataclass(slots=True)
class RemoteCalls:
    """What the callers of a Worker's default export do with it, beside calling its handlers.

    ``arguments`` are the numbers of arguments of RPC calls by method, None for spread ones;
    ``passed_on`` a place where a binding goes out of sight.
    """

    arguments: dict[str, list[int | None]] = field(default_factory=dict)
    passed_on: Location | None = None


def remote_calls(project: Project, worker: Worker) -> RemoteCalls:
    """The calls in the repository through bindings to the default export of ``worker``."""
    found = RemoteCalls()
    for caller, _, binding in project.bindings(BindingKind.SERVICE):
        resolved = project.resolve(binding.target)
        if not resolved or binding.entrypoint not in (None, "default"):
            continue
        if not is_same_module(resolved[0], worker):
            continue
        for usage in caller.usages.of(binding.name):
            if usage.kind is UsageKind.RPC and usage.method:
                found.arguments.setdefault(usage.method, []).append(usage.argument_count)
            elif usage.kind is UsageKind.PASSED_ON:
                found.passed_on = found.passed_on or usage.location
    return found


def self_calls(literal: Literal, members: tuple[Member, ...]) -> Iterator[SelfCall]:
    """The calls of helpers through ``this`` or the object's own name, anywhere in the object."""
    helpers = {member.name for member in members if not member.is_handler}
    scopes = literal.module.scopes
    for node in typescript.walk(literal.node) if helpers else ():
        callee = node.child_by_field_name("function") if node.type == "call_expression" else None
        if callee is None or callee.type != "member_expression":
            continue
        receiver, accessed = (callee.child_by_field_name(name) for name in ("object", "property"))
        if receiver is None or accessed is None or text(accessed) not in helpers:
            continue
        is_own = literal.declaration is not None and receiver.type == "identifier"
        if receiver.type == "this" or (
            is_own and scopes.declaration(receiver) is literal.declaration
        ):
            yield SelfCall(receiver, accessed)


def assign(
    project: Project, worker: Worker, literal: Literal, members: tuple[Member, ...]
) -> tuple[Method, ...] | Refusal:
    """The methods that the members become. Refused where what one is for cannot be told."""
    if not any(member.is_handler for member in members):
        return Refusal("the default object has no handler", literal.location)
    calls = remote_calls(project, worker)
    called = {text(call.property) for call in self_calls(literal, members)}
    is_followed = not _uses_this_as_value(literal, members)
    methods = []
    for member in members:
        method = (
            Method(member, Role.HANDLER, takes_environment=True)
            if member.is_handler
            else _beside_handlers(
                member, calls, is_called=member.name in called, is_followed=is_followed
            )
        )
        if isinstance(method, str):
            return Refusal(method, literal.module.source.location(member.node))
        methods.append(method)
    return tuple(methods)


def _uses_this_as_value(literal: Literal, members: tuple[Member, ...]) -> bool:
    """Whether ``this`` stands in a function of the object elsewhere than before a property."""
    scopes = literal.module.scopes
    functions = [member.function for member in members if member.function is not None]
    for this in scopes.of_type("this"):
        parent = scopes.parent(this)
        is_accessed = parent is not None and parent.type == "member_expression"
        if not is_accessed and any(has_same_this(scopes, this, item) for item in functions):
            return True
    return False


def _beside_handlers(
    member: Member, calls: RemoteCalls, *, is_called: bool, is_followed: bool
) -> Method | str:
    name = member.name
    if member.function is None:
        return f"{name} is no handler and not written in the object"
    counts = calls.arguments.get(name)
    if counts is None and not is_called and not is_followed:
        return f"{name} is no handler, and this is used in a way that is not followed"
    if counts is None and not is_called:
        return f"{name} is no handler, and nothing in the repository calls it"
    if counts is None:
        if calls.passed_on:
            place = f"{calls.passed_on.path}:{calls.passed_on.line}"
            return f"{name} may be called over RPC: a binding is passed on at {place}"
        return Method(member, Role.HELPER, takes_environment=False)
    if name in _RESERVED:
        return f"{name} cannot be the name of a method that is called over RPC"
    takes_environment = _takes_environment(member.function, counts)
    if takes_environment is None:
        return f"{name} takes env or ctx, and a caller may give an argument in its place"
    if takes_environment and is_called:
        return f"{name} gets env and ctx from its callers over RPC, and other arguments here"
    return Method(member, Role.REMOTE, takes_environment)


def _takes_environment(function: Node, counts: list[int | None]) -> bool | None:
    """Whether ``env`` and ``ctx`` come after a function's argument; None where callers disagree.

    They do where a call with one argument works. Where none does, only the names can tell.
    """
    behind = [text(pattern_of(node)) for node in parameters(function)[1:3]]
    is_named = not _ENVIRONMENT.isdisjoint(behind)
    if {0, 1}.issuperset(counts):
        return bool(behind) and (1 in counts or is_named)
    return None if is_named else False


def is_same_module(target: Worker, worker: Worker) -> bool:
    """Whether two configurations deploy the same module."""
    return target.config_path == worker.config_path or (
        target.main is not None and target.exports == worker.exports
    )
