"""The indentation of a class that takes an object literal's place: the literal's own."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from codemod.planner.layout import Layout
from codemod.planner.rpc.members import Member
from codemod.planner.rpc.subject import Literal
from codemod.syntax.text import indentation, line_start, skip_blanks_back
from codemod.syntax.typescript import Source


@dataclass(frozen=True, slots=True)
class Lines:
    """The blanks before the class, and one step of indentation inside it."""

    source: Source
    outer: str
    unit: str

    def of(self, member: Member) -> str:
        """The blanks before a method: those before its property, if that begins a line."""
        if begins_line(self.source, member.node):
            return indentation(self.source.content, member.node.start_byte)
        return self.outer + self.unit


def lines_of(literal: Literal, members: tuple[Member, ...], layout: Layout) -> Lines:
    """The indentation of the literal; what is usual in the module where it has one line."""
    source = literal.module.source
    outer = indentation(source.content, literal.statement.start_byte)
    for member in members:
        if begins_line(source, member.node):
            inner = indentation(source.content, member.node.start_byte)
            if inner.startswith(outer) and inner != outer:
                return Lines(source, outer, inner.removeprefix(outer))
    return Lines(source, outer, layout.indent)


def begins_line(source: Source, node: Node) -> bool:
    """Whether nothing but blanks stands before a node on its line."""
    start = skip_blanks_back(source.content, node.start_byte)
    return start == line_start(source.content, node.start_byte)
