"""The edits that turn an object literal into a class."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from tree_sitter import Node

from codemod.model import Edit, Span
from codemod.planner.layout import Layout
from codemod.planner.rewrite import Rewrite
from codemod.planner.rpc import jsdoc
from codemod.planner.rpc.annotations import Types, fetch_of, is_typescript
from codemod.planner.rpc.base_class import base_class
from codemod.planner.rpc.lines import Lines, lines_of
from codemod.planner.rpc.members import Role
from codemod.planner.rpc.methods import MethodWriter
from codemod.planner.rpc.proof import Candidate, outermost
from codemod.planner.rpc.roles import Method, self_calls
from codemod.planner.rpc.stubs import Stub, render
from codemod.planner.rpc.subject import Literal
from codemod.syntax.text import has_line_break, line_start, skip_blanks, skip_blanks_back
from codemod.syntax.typescript import Source, span, text


def rewrite_literal(
    candidate: Candidate, types: Types, name: str, layout: Layout, added: tuple[Stub, ...]
) -> tuple[Edit, ...]:
    """The edits of the object's module: import, head, methods, and the names in exports.

    The methods ``added`` stand last in the class.
    """
    literal = candidate.literal
    source = literal.module.source
    rewrite = Rewrite(source)
    base = base_class(rewrite, source, layout)
    tag = jsdoc.find(literal)
    if tag:
        jsdoc.adjust(rewrite, literal, tag, base, layout.line_break)
    lines = lines_of(literal, candidate.members, layout)
    head = f"class {name} extends {base}{types.arguments}"
    fetch = fetch_of(candidate, types) if added else None
    last = ""
    if fetch is not None:
        typed = is_typescript(source.path)
        last = render(added, fetch, layout, lines.outer, lines.unit, typed=typed)
    _Class(candidate, layout, lines, rewrite, last).write(head)
    writer = MethodWriter(candidate, types, layout, lines, rewrite)
    for method in candidate.methods:
        writer.write(method)
    _rename(rewrite, candidate, name)
    return rewrite.edits()


def _rename(rewrite: Rewrite, candidate: Candidate, name: str) -> None:
    """Exports name the class; helpers are called through ``this``."""
    literal = candidate.literal
    roles = {method.member.name: method.role for method in candidate.methods}
    receivers = set()
    for call in self_calls(literal, candidate.members):
        receivers.add(call.receiver.id)
        rewrite.replace(span(call.receiver), "this")
        if roles[text(call.property)] is Role.HELPER:
            rewrite.insert(call.property.start_byte, "#")
    if literal.declaration is None:
        return
    for use in candidate.scopes.references(literal.declaration):
        if use.id in receivers:
            continue
        parent = candidate.scopes.parent(use)
        is_listed = parent is not None and parent.type == "export_specifier"
        keeps_name = is_listed and parent is not None and not parent.child_by_field_name("alias")
        written = span(outermost(candidate.scopes, use))
        rewrite.replace(written, f"{name} as {text(use)}" if keeps_name else name)


@dataclass(frozen=True, slots=True)
class _Class:
    """The writing of a class's head, its end and its lines over an object literal.

    ``last`` are whole lines that go before the closing brace, if any.
    """

    candidate: Candidate
    layout: Layout
    lines: Lines
    rewrite: Rewrite
    last: str

    @property
    def _literal(self) -> Literal:
        return self.candidate.literal

    @property
    def _source(self) -> Source:
        return self._literal.module.source

    def write(self, head: str) -> None:
        node, statement = self._literal.node, self._literal.statement
        for gone in self._spans_before():
            self.rewrite.remove(gone, statement)
        self.rewrite.insert(node.start_byte, f"{head} ")
        self.rewrite.remove(Span(node.end_byte, statement.end_byte), statement)
        for comma in node.children:
            if comma.type == ",":
                self.rewrite.replace(span(comma), "")
        self._lay_out()

    def _spans_before(self) -> tuple[Span, ...]:
        """What goes away before the literal; a JSDoc tag that goes with it is cut out already."""
        literal = self._literal
        has_name = literal.declaration is not None
        start = (literal.statement if has_name else literal.value).start_byte
        end = literal.node.start_byte
        tag = jsdoc.find(literal)
        if tag is None or tag.comment.start_byte < literal.statement.start_byte:
            return (Span(start, end),)
        after = skip_blanks(self._source.content, tag.comment.end_byte)
        before = Span(start, tag.comment.start_byte)
        return (*([before] if has_name else []), Span(after, end))

    def _grows(self, method: Method) -> bool:
        """Whether a property of one expression becomes a method of several lines."""
        function = method.member.function
        body = function.child_by_field_name("body") if function is not None else None
        return body is None or body.type != "statement_block"

    def _lay_out(self) -> None:
        """Gives methods that grow lines of their own, and blank lines between them."""
        methods = self.candidate.methods
        if not (self.last or any(map(self._grows, methods))):
            return
        if not has_line_break(self._source.content, span(self._literal.node)):
            self._break_lines()
            return
        self._add_last()
        for first, second in pairwise(methods):
            if self._grows(first) or self._grows(second):
                self._separate(first.member.node, second.member.node)

    def _break_lines(self) -> None:
        """An object on one line: each method begins a line, with a blank one above it."""
        content, line_break = self._source.content, self.layout.line_break
        for index, method in enumerate(self.candidate.methods):
            start = method.member.node.start_byte
            gap = line_break * (2 if index else 1) + self.lines.of(method.member)
            self.rewrite.replace(Span(skip_blanks_back(content, start), start), gap)
        end = self._literal.node.end_byte - 1
        added = line_break * 2 + self.last if self.last else ""
        gap = added + line_break + self.lines.outer
        self.rewrite.replace(Span(skip_blanks_back(content, end), end), gap)

    def _add_last(self) -> None:
        content, line_break = self._source.content, self.layout.line_break
        if not self.last:
            return
        end = self._literal.node.end_byte - 1
        blank = skip_blanks_back(content, end)
        if blank == line_start(content, end):
            self.rewrite.insert(blank, line_break + self.last + line_break)
            return
        gap = line_break * 2 + self.last + line_break + self.lines.outer
        self.rewrite.replace(Span(blank, end), gap)

    def _separate(self, first: Node, second: Node) -> None:
        content = self._source.content
        between = content[first.end_byte : second.start_byte]
        if not between.strip(b", \t\r\n") and between.count(b"\n") < 2:
            comma = content.index(b",", first.end_byte)
            self.rewrite.insert(comma + 1, self.layout.line_break)
