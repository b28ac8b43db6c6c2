"""Where comments stand in a file, and where its text leaves no room for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tree_sitter import Node

from codemod.model import Span
from codemod.syntax.tree import Document, Mapping, Scalar, walk
from codemod.syntax.typescript import Source, span

_LITERALS = frozenset({"comment", "jsx_element", "jsx_fragment", "string", "template_string"})
_CODE_IN_LITERALS = frozenset(
    {
        "jsx_expression",
        "jsx_opening_element",
        "jsx_self_closing_element",
        "template_substitution",
    }
)


@dataclass(frozen=True, slots=True)
class Commenting:
    """What a file has for its comments.

    ``comment_at`` gives the comment around an offset. ``has_no_room`` says of an offset that it
    lies inside a literal, the text of JSX or a comment, so that no comment can begin there.
    ``elements`` are the objects and tables of a configuration, without the outermost, in their
    order; a module has none.
    """

    comment_at: Callable[[int], Span | None]
    has_no_room: Callable[[int], bool]
    elements: tuple[Span, ...] = ()


def of_configuration(document: Document) -> Commenting:
    """The comments of a configuration."""
    comments = tuple(document.comments())
    nodes = tuple(walk(document.root))
    literals = tuple(node.span for node in nodes if isinstance(node, Scalar))

    def comment_at(offset: int) -> Span | None:
        return next((item for item in comments if item.start <= offset < item.end), None)

    def has_no_room(offset: int) -> bool:
        return any(item.start < offset < item.end for item in (*comments, *literals))

    elements = tuple(node.span for node in nodes[1:] if isinstance(node, Mapping))
    return Commenting(comment_at, has_no_room, elements)


def of_module(source: Source) -> Commenting:
    """The comments of a module."""

    def comment_at(offset: int) -> Span | None:
        node = source.root.descendant_for_byte_range(offset, offset + 1)
        return span(node) if node is not None and node.type == "comment" else None

    def has_no_room(offset: int) -> bool:
        return _is_inside_literal(source.root, offset)

    return Commenting(comment_at, has_no_room)


def _is_inside_literal(root: Node, offset: int) -> bool:
    """Whether the innermost of both kinds around ``offset`` is a literal."""
    is_inside = False
    cursor = root.walk()
    while cursor.goto_first_child_for_byte(offset) is not None:
        node = cursor.node
        if node is None or not node.start_byte < offset < node.end_byte:
            break
        if node.type in _LITERALS | _CODE_IN_LITERALS:
            is_inside = node.type in _LITERALS
    return is_inside
