"""The edits that turn the functions of an object literal into methods."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from codemod.model import Span
from codemod.planner.layout import COMMENT, Layout, statement_end
from codemod.planner.rewrite import Rewrite, comments_in
from codemod.planner.rpc import jsdoc
from codemod.planner.rpc.annotations import Types, event_type, is_typescript, reference_type
from codemod.planner.rpc.delegate import Delegate
from codemod.planner.rpc.lines import Lines, begins_line
from codemod.planner.rpc.members import Role
from codemod.planner.rpc.parameters import (
    Access,
    access,
    declarations,
    handed,
    parameters,
    pattern_of,
)
from codemod.planner.rpc.proof import Candidate, referred
from codemod.planner.rpc.roles import Method
from codemod.scanner.exporting.evaluation import FunctionValue
from codemod.syntax.text import (
    has_line_break,
    indentation,
    line_break_at,
    line_start,
    line_tail,
    skip_blanks,
    skip_blanks_back,
)
from codemod.syntax.typescript import Source, children_of_type, span, string_value, text

CONTINUING = (b"(", b"[", b"`", b"/", b"+", b"-")
"""What continues a statement on the line above that no semicolon ends."""


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
        dropped = [item.node for item in handed(function)] if method.takes_environment else []
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
        listed = function.child_by_field_name("parameters")
        if dropped and listed is not None:
            names = [text(pattern_of(node)) for node in dropped]
            jsdoc.drop_parameters(self.rewrite, self._source, method.member.node, names)
            self._drop(listed, given[0], dropped)

    def _written_around(self, annotation: str | None) -> tuple[str, str]:
        """What stands before and after a parameter of a type: JavaScript has it in a comment."""
        if annotation is None:
            return "", ""
        if is_typescript(self._source.path):
            return "", f": {annotation}"
        return f"/** @type {{{annotation}}} */ ", ""

    def _drop(self, listed: Node, first: Node, dropped: list[Node]) -> None:
        inside = Span(listed.start_byte + 1, listed.end_byte - 1)
        rest = Span(first.end_byte, inside.end)
        around = (Span(inside.start, first.start_byte), rest)
        if not any(any(comments_in(listed, part)) for part in around):
            for part in around:
                self.rewrite.replace(part, "")
            return
        content = self._source.content
        commas = [child for child in listed.children if child.type == ","]
        if commas[-1].start_byte < dropped[-1].start_byte:
            self.rewrite.replace(span(commas[0]), "")
        for node in dropped:
            comma = next((item for item in commas if item.start_byte >= node.end_byte), node)
            start = skip_blanks_back(content, node.start_byte)
            line_break = line_break_at(content, skip_blanks(content, comma.end_byte))
            is_alone = line_break is not None and start == line_start(content, start)
            end = line_break.end if is_alone and line_break is not None else comma.end_byte
            self.rewrite.remove(Span(start, end), listed)

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
            self._use_directly(function)
        arrow = next((child for child in function.children if child.type == "=>"), None)
        if body.type != "statement_block" and arrow is not None:
            self._return_expression(method, body, arrow, added)
            return
        if arrow is not None:
            start = skip_blanks_back(self._source.content, arrow.start_byte)
            self.rewrite.replace(Span(start, arrow.end_byte), "")
        self._prepend(body, added, self.lines.of(method.member))

    def _use_directly(self, function: Node) -> None:
        scopes = self.candidate.scopes
        for parameter in handed(function):
            if access(scopes, function, parameter) is not Access.DIRECT:
                continue
            for declaration in parameter.declarations(scopes):
                for use in scopes.references(declaration):
                    is_short = use.type == "shorthand_property_identifier"
                    key = f"{text(use)}: " if is_short else ""
                    self.rewrite.replace(span(use), f"{key}this.{parameter.property}")

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

    def _prepend(self, body: Node, statements: tuple[str, ...], outer: str) -> None:
        """Puts statements first in a block, below a comment at its opening brace."""
        if not statements:
            return
        content, opened = self._source.content, body.start_byte + 1
        code = [node for node in body.named_children if node.type != "comment"]
        following = code[0].start_byte if code else body.end_byte - 1
        if not has_line_break(content, Span(opened, following)):
            ended = "".join(f" {statement.removesuffix(';')};" for statement in statements)
            self.rewrite.insert(opened, ended)
            return
        point, closes_line = line_tail(content, opened, COMMENT)
        if not closes_line:
            point = opened
        own_line = next(
            (node for node in body.named_children if begins_line(self._source, node)), None
        )
        indent = outer + self.lines.unit
        if own_line is not None:
            indent = indentation(content, own_line.start_byte)
        written = [self.layout.line_break + indent + statement for statement in statements]
        if content.startswith(CONTINUING, following) and not written[-1].endswith(";"):
            written[-1] += ";"
        self.rewrite.insert(point, "".join(written))

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
