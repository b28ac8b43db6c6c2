"""Puts a scheme and a host before the path that a binding is fetched with.

The host is the target's service, which decides nothing: the binding does. The call throws as it
is, so that the repair changes nothing that works.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tree_sitter import Node

from codemod.model import Edit, Finding, Fix, Project, Safety, Span, Unknown, Usage, UsageKind
from codemod.planner.layout import layout_of
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.scanner.exporting.evaluation import Evaluator, PlainValue, Site
from codemod.scanner.exporting.linking import Linker
from codemod.scanner.exporting.names import Names
from codemod.scanner.exporting.responses import value_of_name
from codemod.syntax.scopes import PARAMETERS, Declaration
from codemod.syntax.typescript import is_constant, text, unwrap

_HOST = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_HOST_OF_ASSETS = "assets.local"
_HOST_OF_OBJECTS = "durable-object"
_SPELLED_OUT = frozenset({"string", "template_string"})
_TEXTS = _SPELLED_OUT | {"binary_expression"}
_LIKE_A_HOST = re.compile(r"[^/?#]*[.:]")
_REQUEST = "Request"


def propose(workshop: Workshop, finding: Finding) -> Fix | Refusal:
    evaluator = Evaluator(Linker(workshop.modules))
    names = evaluator.linker.names(finding.location.path)
    if isinstance(names, Unknown):
        return Refusal(names.reason, names.location)
    start = _usage(workshop.project, finding).url_start or ""
    origin = f"https://{_host(workshop.project, finding)}"
    begun = _begun(origin, start)
    target = _target(names, finding.location.span)
    if target is None:
        return Refusal("its call is not found", finding.location)
    if begun is None:
        return Refusal(f'whether "{start}" means a host or a path cannot be told', finding.location)
    edits = _Beginning(evaluator, names, begun).edits(target)
    if edits is None:
        return Refusal("its URL is made elsewhere", names.source.location(target))
    return Fix(
        strategy=None,
        safety=Safety.SAFE,
        title=f"begin the URL with {origin}",
        reasons=("the call throws as it is, and the host does not decide where it leads",),
        edits=edits,
    )


def _usage(project: Project, finding: Finding) -> Usage:
    """The fetch that ``finding`` is about."""
    return next(
        usage
        for worker in project.workers
        for usage in (*worker.usages.uses, *worker.usages.stub_fetches)
        if usage.kind is UsageKind.FETCH and usage.location == finding.location
    )


def _host(project: Project, finding: Finding) -> str:
    """The service, where that can be a host; any other says what is fetched."""
    stubs = (usage for worker in project.workers for usage in worker.usages.stub_fetches)
    if any(usage.location == finding.location for usage in stubs):
        return _HOST_OF_OBJECTS
    if finding.target is None:
        return _HOST_OF_ASSETS
    return finding.target if _HOST.fullmatch(finding.target) else "worker"


def _begun(origin: str, start: str) -> str | None:
    """What goes before a URL that starts so; None where that cannot be told."""
    if start.startswith("//"):
        return "https:"
    if start.startswith("/"):
        return origin
    if start[:1].isspace() or (not start.startswith(".") and _LIKE_A_HOST.match(start)):
        return None
    return f"{origin}/"


def _target(names: Names, span: Span) -> Node | None:
    """What gives the URL to the call at ``span``: its argument, or that of the ``Request``."""
    call = names.source.root.named_descendant_for_byte_range(span.start, span.end)
    argument = _argument(call)
    made = argument.child_by_field_name("constructor") if argument is not None else None
    is_request = made is not None and text(made) == _REQUEST
    return _argument(argument) if is_request else argument


def _argument(call: Node | None) -> Node | None:
    listed = call.child_by_field_name("arguments") if call is not None else None
    given = [node for node in listed.named_children if node.type != "comment"] if listed else []
    return unwrap(given[0]) if given else None


@dataclass(frozen=True, slots=True)
class _Beginning:
    """Puts ``begun`` before what an expression of one module gives."""

    evaluator: Evaluator
    names: Names
    begun: str

    def edits(self, target: Node) -> tuple[Edit, ...] | None:
        """None where the expression is not seen to be a string, in one of its branches."""
        found: list[Edit] = []
        pending = [target]
        while pending:
            node = unwrap(pending.pop())
            if node.type == "ternary_expression":
                branches = map(node.child_by_field_name, ("consequence", "alternative"))
                pending += filter(None, branches)
                continue
            edit = self._edit(node)
            if edit is None:
                return None
            found.append(edit)
        return tuple(found)

    def _edit(self, target: Node) -> Edit | None:
        if target.type in _SPELLED_OUT:
            return self._insert(target.start_byte + 1, self.begun)
        if target.type == "binary_expression":
            return self._of_sum(target)
        if not self._is_text(target):
            return None
        template = f"`{self.begun}${{{text(target)}}}`"
        span = Span(target.start_byte, target.end_byte)
        return Edit(self.names.source.path, span, template)

    def _of_sum(self, target: Node) -> Edit | None:
        first = target
        while first.type == "binary_expression":
            operator, left = (first.child_by_field_name(name) for name in ("operator", "left"))
            if operator is None or operator.type != "+" or left is None:
                return None
            first = unwrap(left)
        if first.type in _SPELLED_OUT:
            return self._insert(first.start_byte + 1, self.begun)
        quote = layout_of(self.names.source).quote
        return self._insert(target.start_byte, f"{quote}{self.begun}{quote} + ")

    def _insert(self, offset: int, new: str) -> Edit:
        return Edit(self.names.source.path, Span(offset, offset), new)

    def _is_text(self, node: Node) -> bool:
        """Whether a name or a member is a string, and not a ``Request`` or ``URL`` of one."""
        site = Site(self.names)
        declaration = self.evaluator.scopes_of(self.names).declaration(node)
        if declaration is not None and _is_declared_text(declaration):
            return True
        if node.type == "identifier":
            return isinstance(value_of_name(self.evaluator, site, node), PlainValue)
        owner = node.child_by_field_name("object")
        if owner is None or owner.type != "identifier":
            return False
        root = self.evaluator.scopes_of(self.names).declaration(owner)
        is_seen = root is not None and root.at_top_level
        return is_seen and isinstance(self.evaluator.value_at(site, node), PlainValue)


def _is_declared_text(declaration: Declaration) -> bool:
    owner = declaration.owner
    if owner.type in PARAMETERS:
        declared = owner.child_by_field_name("type")
        return declared is not None and text(declared).removeprefix(":").strip() == "string"
    value = owner.child_by_field_name("value") if owner.type == "variable_declarator" else None
    return value is not None and is_constant(owner) and unwrap(value).type in _TEXTS
