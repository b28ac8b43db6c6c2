"""A method without parameters for ``env`` and ``ctx``: its body gets them from ``this``."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from codemod.model import Span
from codemod.planner.layout import COMMENT, Layout, statement_end
from codemod.planner.rewrite import Rewrite, comments_in
from codemod.planner.rpc import jsdoc
from codemod.planner.rpc.lines import begins_line
from codemod.planner.rpc.parameters import (
    Access,
    access,
    declarations,
    handed,
    names_taken_by_body,
    parameters,
    pattern_of,
)
from codemod.planner.rpc.proof import finds_names, own_nodes, problem_of_handed
from codemod.syntax import typescript
from codemod.syntax.scopes import Scopes
from codemod.syntax.text import (
    has_line_break,
    indentation,
    line_break_at,
    line_start,
    line_tail,
    skip_blanks,
    skip_blanks_back,
)
from codemod.syntax.typescript import Source, span, text

# What continues a statement on the line above that no semicolon ends.
_CONTINUING = (b"(", b"[", b"`", b"/", b"+", b"-")
_COMMENT = (b"//", b"/*")
_OTHER = frozenset({"rest_pattern", "this"})


def problem(scopes: Scopes, function: Node) -> str | None:
    """Why a method of a class cannot do without the parameters, in words after its name."""
    given = parameters(function)
    if any(pattern_of(node).type in _OTHER for node in given) or len(given) > 3:
        return "has other parameters than (event, env, ctx)"
    if any(node.type == "identifier" and text(node) == "arguments" for node in own_nodes(function)):
        return "uses arguments"
    found = next(
        filter(None, (finds_names(scopes, node) for node in typescript.walk(function))), None
    )
    if found:
        return f"uses {found}"
    for parameter in handed(function):
        reason = problem_of_handed(scopes, function, parameter)
        if reason:
            return reason
        if any(names_taken_by_body(scopes, function, parameter.pattern)):
            return "uses a name among its parameters and declares it in its body"
    body = function.child_by_field_name("body")
    kinds = {access(scopes, function, parameter) for parameter in handed(function)}
    if kinds - {Access.NONE, Access.DIRECT} and (body is None or body.type != "statement_block"):
        return "uses env or ctx several times and has no block for its body"
    return None


@dataclass(frozen=True, slots=True)
class FromThis:
    """Writes the methods of one module."""

    source: Source
    scopes: Scopes
    layout: Layout
    rewrite: Rewrite

    def change(self, member: Node, function: Node) -> None:
        """Takes the parameters of ``function`` out, which the member of a class is or holds."""
        self.drop_parameters(member, function)
        self.use_directly(function)
        body = function.child_by_field_name("body")
        if body is not None and body.type == "statement_block":
            end = statement_end(body, otherwise=self.layout.end)
            outer = indentation(self.source.content, member.start_byte)
            added = declarations(function, self.scopes, end)
            self.prepend(body, added, outer + self.layout.indent)

    def drop_parameters(self, member: Node, function: Node) -> None:
        """Takes the parameters out, and what the comment above ``member`` says of them."""
        dropped = [item.node for item in handed(function)]
        listed = function.child_by_field_name("parameters")
        if not dropped or listed is None:
            return
        names = [text(pattern_of(node)) for node in dropped]
        jsdoc.drop_parameters(self.rewrite, self.source, member, names)
        first = parameters(function)[0]
        inside = Span(listed.start_byte + 1, listed.end_byte - 1)
        around = (Span(inside.start, first.start_byte), Span(first.end_byte, inside.end))
        if any(any(comments_in(listed, part)) for part in around):
            self._drop_between_comments(listed, dropped)
            return
        for part in around:
            self.rewrite.replace(part, "")

    def _drop_between_comments(self, listed: Node, dropped: list[Node]) -> None:
        content = self.source.content
        commas = [child for child in listed.children if child.type == ","]
        if commas[-1].start_byte < dropped[-1].start_byte:
            self.rewrite.replace(span(commas[0]), "")
        for node in dropped:
            comma = next((item for item in commas if item.start_byte >= node.end_byte), node)
            start = skip_blanks_back(content, node.start_byte)
            end, following = comma.end_byte, skip_blanks(content, comma.end_byte)
            if start == line_start(content, start):
                line_break = line_break_at(content, following)
                if line_break is not None:
                    end = line_break.end
                elif content.startswith(_COMMENT, following):
                    start, end = node.start_byte, following
            self.rewrite.remove(Span(start, end), listed)

    def use_directly(self, function: Node) -> None:
        """Makes a parameter's only use one of ``this``, where that means the same."""
        for parameter in handed(function):
            if access(self.scopes, function, parameter) is not Access.DIRECT:
                continue
            for declaration in parameter.declarations(self.scopes):
                for use in self.scopes.references(declaration):
                    is_short = use.type == "shorthand_property_identifier"
                    key = f"{text(use)}: " if is_short else ""
                    self.rewrite.replace(span(use), f"{key}this.{parameter.property}")

    def prepend(self, body: Node, statements: tuple[str, ...], indent: str) -> None:
        """Puts statements first in a block, below a comment at its opening brace.

        ``indent`` are the blanks before them where nothing in the block begins a line.
        """
        if not statements:
            return
        content, opened = self.source.content, body.start_byte + 1
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
            (node for node in body.named_children if begins_line(self.source, node)), None
        )
        if own_line is not None:
            indent = indentation(content, own_line.start_byte)
        written = [self.layout.line_break + indent + statement for statement in statements]
        if content.startswith(_CONTINUING, following) and not written[-1].endswith(";"):
            written[-1] += ";"
        self.rewrite.insert(point, "".join(written))
