"""The edits that turn the functions of an object literal into methods."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from codemod.model import Span
from codemod.planner.layout import Layout, statement_end
from codemod.planner.rewrite import Rewrite, comments_in
from codemod.planner.rpc.annotations import Types, event_type, is_typescript, reference_type
from codemod.planner.rpc.delegate import Delegate
from codemod.planner.rpc.from_this import FromThis
from codemod.planner.rpc.lines import Lines
from codemod.planner.rpc.members import Role
from codemod.planner.rpc.parameters import declarations, parameters, pattern_of
from codemod.planner.rpc.proof import Candidate, referred
from codemod.planner.rpc.roles import Method
from codemod.scanner.exporting.evaluation import FunctionValue
from codemod.syntax.text import skip_blanks_back
from codemod.syntax.typescript import Source, children_of_type, span, string_value, text


@dataclass(frozen=True, slots=True)
class MethodWriter:
    """Writes methods over the properties of one object literal."""

    candidate: Candidate
    types: Types
    layout: Layout
    lines: Lines
    rewrite: Rewrite

    @property
    def _source(self) -> Source:
        return self.candidate.literal.module.source

    @property
    def _from_this(self) -> FromThis:
        return FromThis(self._source, self.candidate.scopes, self.layout, self.rewrite)

    def write(self, method: Method) -> None:
        member, function = method.member, method.member.function
        if function is None:
            self._write_call(method)
            return
        name = f"#{member.name}" if method.role is Role.HELPER else member.name
        if self.types.overrides and member.is_handler:
            self.rewrite.insert(member.node.start_byte, "override ")
        if function is not member.node:
            if any(child.type == "async" for child in function.children):
                self.rewrite.insert(member.node.start_byte, "async ")
            head = (
                function.child_by_field_name("type_parameters")
                or function.child_by_field_name("parameters")
                or parameters(function)[0]
            )
            self.rewrite.remove(Span(member.key.end_byte, head.start_byte), member.node)
        if method.role is Role.HELPER or string_value(member.key) is not None:
            self.rewrite.replace(span(member.key), name)
        self._write_parameters(method, function)
        self._write_body(method, function)

    def _write_parameters(self, method: Method, function: Node) -> None:
        given = parameters(function)
        only = function.child_by_field_name("parameter")
        annotation = event_type(self.types, method.member.name, function)
        before, after = self._written_around(annotation)
        if only is not None:
            self.rewrite.replace(span(only), f"({before}{text(only)}{after})")
            return
        if annotation:
            pattern = pattern_of(given[0])
            self.rewrite.insert(pattern.start_byte, before)
            self.rewrite.insert(pattern.end_byte, after)
        if method.takes_environment:
            self._from_this.drop_parameters(method.member.node, function)

    def _written_around(self, annotation: str | None) -> tuple[str, str]:
        """What stands before and after a parameter of a type: JavaScript has it in a comment."""
        if annotation is None:
            return "", ""
        if is_typescript(self._source.path):
            return "", f": {annotation}"
        return f"/** @type {{{annotation}}} */ ", ""

    def _write_body(self, method: Method, function: Node) -> None:
        body = function.child_by_field_name("body")
        if body is None:
            return
        added: tuple[str, ...] = ()
        if method.takes_environment:
            end = self.layout.end
            if body.type == "statement_block":
                end = statement_end(body, otherwise=end)
            added = declarations(function, self.candidate.scopes, end)
            self._from_this.use_directly(function)
        arrow = next((child for child in function.children if child.type == "=>"), None)
        if body.type != "statement_block" and arrow is not None:
            self._return_expression(method, body, arrow, added)
            return
        if arrow is not None:
            start = skip_blanks_back(self._source.content, arrow.start_byte)
            self.rewrite.replace(Span(start, arrow.end_byte), "")
        indent = self.lines.of(method.member) + self.lines.unit
        self._from_this.prepend(body, added, indent)

    def _return_expression(
        self, method: Method, body: Node, arrow: Node, added: tuple[str, ...]
    ) -> None:
        """``=> value`` as a block; comments before the value stay before its ``return``."""
        content, layout, outer = self._source.content, self.layout, self.lines.of(method.member)
        line = layout.line_break + outer + self.lines.unit
        opening = "{" + "".join(line + statement for statement in added)
        comments = list(comments_in(arrow.parent or arrow, Span(arrow.end_byte, body.start_byte)))
        if comments:
            self.rewrite.replace(span(arrow), opening)
            last = comments[-1].end_byte
            self.rewrite.replace(Span(last, body.start_byte), f"{line}return ")
        else:
            start = skip_blanks_back(content, arrow.start_byte)
            self.rewrite.replace(Span(start, body.start_byte), f" {opening}{line}return ")
        self.rewrite.insert(body.end_byte, f"{layout.end}{layout.line_break}{outer}}}")

    def _write_call(self, method: Method) -> None:
        """A reference to a function as a method that calls it."""
        member, reference = method.member, method.member.reference
        if reference is None:
            return
        found = referred(self.candidate, reference)
        typed = None
        if is_typescript(self._source.path):
            typed = reference_type(self.types, member.name, self.candidate.literal.module, found)
        outer = self.lines.of(method.member)
        call = Delegate(member.name, text(reference), _arity(found), typed, self.types.overrides)
        comments = [text(node) for node in children_of_type(member.node, "comment")]
        lines = [*comments, call.written(self.layout, outer, self.lines.unit)]
        self.rewrite.replace(span(member.node), f"{self.layout.line_break}{outer}".join(lines))


def _arity(found: FunctionValue | None) -> int:
    """How many of the three arguments a function takes; all where it cannot be seen."""
    if found is None:
        return 3
    given = parameters(found.node)
    if any(pattern_of(node).type == "rest_pattern" for node in given):
        return 3
    return min(len(given), 3)
