"""The edits that turn an object literal into a class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from tree_sitter import Node

from codemod.model import Edit, Span
from codemod.planner.layout import COMMENT, Layout
from codemod.planner.rewrite import Rewrite, comments_in
from codemod.planner.rpc import jsdoc
from codemod.planner.rpc.annotations import (
    Types,
    event_type,
    is_typescript,
    reference_type,
)
from codemod.planner.rpc.base_class import base_class
from codemod.planner.rpc.delegate import Delegate
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
from codemod.planner.rpc.roles import Method, self_calls
from codemod.planner.rpc.subject import Literal
from codemod.scanner.evaluation import FunctionValue
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

# What continues a statement on the line above that no semicolon ends.
_CONTINUING = (b"(", b"[", b"`", b"/", b"+", b"-")


def rewrite_literal(
    candidate: Candidate, types: Types, name: str, layout: Layout
) -> tuple[Edit, ...]:
    """The edits of the object's module: import, head, methods, and the names in exports."""
    literal = candidate.literal
    source = literal.module.source
    rewrite = Rewrite(source)
    base = base_class(rewrite, source, layout)
    tag = jsdoc.find(literal)
    if tag:
        jsdoc.adjust(rewrite, literal, tag, base, layout.line_break)
    _Class(candidate, types, layout, rewrite).write(f"class {name} extends {base}{types.arguments}")
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
        rewrite.replace(span(use), f"{name} as {text(use)}" if keeps_name else name)


@dataclass(frozen=True)
class _Class:
    """The writing of one class over an object literal."""

    candidate: Candidate
    types: Types
    layout: Layout
    rewrite: Rewrite

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
        for method in self.candidate.methods:
            self._write_method(method)

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

    # --- Lines ------------------------------------------------------------------------------

    @cached_property
    def _outer(self) -> str:
        return indentation(self._source.content, self._literal.statement.start_byte)

    @cached_property
    def _unit(self) -> str:
        """One step of indentation: the object's own where it has lines."""
        for member in self.candidate.members:
            if _begins_line(self._source, member.node):
                inner = indentation(self._source.content, member.node.start_byte)
                if inner.startswith(self._outer) and inner != self._outer:
                    return inner.removeprefix(self._outer)
        return self.layout.indent

    def _indent(self, method: Method) -> str:
        """The indentation of a method."""
        node = method.member.node
        if _begins_line(self._source, node):
            return indentation(self._source.content, node.start_byte)
        return self._outer + self._unit

    def _grows(self, method: Method) -> bool:
        """Whether a property of one expression becomes a method of several lines."""
        function = method.member.function
        body = function.child_by_field_name("body") if function is not None else None
        return body is None or body.type != "statement_block"

    def _lay_out(self) -> None:
        """Gives methods that grow lines of their own, and blank lines between them."""
        methods = self.candidate.methods
        if not any(map(self._grows, methods)):
            return
        if not has_line_break(self._source.content, span(self._literal.node)):
            self._break_lines()
            return
        for first, second in pairwise(methods):
            if self._grows(first) or self._grows(second):
                self._separate(first.member.node, second.member.node)

    def _break_lines(self) -> None:
        """An object on one line: each method begins a line, with a blank one above it."""
        content, line_break = self._source.content, self.layout.line_break
        for index, method in enumerate(self.candidate.methods):
            start = method.member.node.start_byte
            gap = line_break * (2 if index else 1) + self._indent(method)
            self.rewrite.replace(Span(skip_blanks_back(content, start), start), gap)
        end = self._literal.node.end_byte - 1
        gap = line_break + self._outer
        self.rewrite.replace(Span(skip_blanks_back(content, end), end), gap)

    def _separate(self, first: Node, second: Node) -> None:
        content = self._source.content
        between = content[first.end_byte : second.start_byte]
        if not between.strip(b", \t\r\n") and between.count(b"\n") < 2:
            comma = content.index(b",", first.end_byte)
            self.rewrite.insert(comma + 1, self.layout.line_break)

    # --- Methods ----------------------------------------------------------------------------

    def _write_method(self, method: Method) -> None:
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
            jsdoc.drop_parameters(self.rewrite, method.member.node, names)
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
            added = declarations(function, self.candidate.scopes, self.layout.end)
            self._use_directly(function)
        arrow = next((child for child in function.children if child.type == "=>"), None)
        if body.type != "statement_block" and arrow is not None:
            self._return_expression(method, body, arrow, added)
            return
        if arrow is not None:
            start = skip_blanks_back(self._source.content, arrow.start_byte)
            self.rewrite.replace(Span(start, arrow.end_byte), "")
        self._prepend(body, added, self._indent(method))

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
        content, layout, outer = self._source.content, self.layout, self._indent(method)
        line = layout.line_break + outer + self._unit
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
            (node for node in body.named_children if _begins_line(self._source, node)), None
        )
        indent = outer + self._unit
        if own_line is not None:
            indent = indentation(content, own_line.start_byte)
        written = [self.layout.line_break + indent + statement for statement in statements]
        if content.startswith(_CONTINUING, following) and not self.layout.end:
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
            typed = reference_type(self.types, member.name, self._literal.module, found)
        outer = self._indent(method)
        call = Delegate(member.name, text(reference), _arity(found), typed, self.types.overrides)
        comments = [text(node) for node in children_of_type(member.node, "comment")]
        lines = [*comments, call.written(self.layout, outer, self._unit)]
        self.rewrite.replace(span(member.node), f"{self.layout.line_break}{outer}".join(lines))


def _arity(found: FunctionValue | None) -> int:
    """How many of the three arguments a function takes; all where it cannot be seen."""
    if found is None:
        return 3
    given = parameters(found.node)
    if any(pattern_of(node).type == "rest_pattern" for node in given):
        return 3
    return min(len(given), 3)


def _begins_line(source: Source, node: Node) -> bool:
    start = skip_blanks_back(source.content, node.start_byte)
    return start == line_start(source.content, node.start_byte)
