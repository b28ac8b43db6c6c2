"""Declares new bindings in the types of the environment, as their members are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from codemod.model import Location, Span
from codemod.planner.fixes.workers_dev_fetch.receivers import is_nullable, values_of
from codemod.planner.fixes.workers_dev_fetch.types import Declared, Member, Types, Written
from codemod.planner.layout import COMMENT, layout_of
from codemod.planner.rewrite import Rewrite
from codemod.scanner.modules import imports
from codemod.syntax.text import has_line_break, indentation, line_tail
from codemod.syntax.typescript import Source, children_of_type, span, string_value, text

_TYPE = "Fetcher"
_TYPES_PACKAGE = "@cloudflare/workers-types"
_SEPARATORS = frozenset({";", ","})


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment of the call at ``location``, which has the binding ``name`` now.

    ``members`` are the declarations that its types have of the binding already, ``lacking`` the
    types that have none; ``literals`` are objects of these that will lack it. ``is_everywhere``
    says that all deployments which these declarations are of have the binding, ``is_known`` that
    some type of the Workers has it, of this environment or not.
    """

    name: str
    location: Location
    types: Types
    members: tuple[Member, ...]
    lacking: tuple[Declared, ...]
    literals: tuple[Location, ...]
    is_everywhere: bool
    is_known: bool

    @property
    def may_lack(self) -> bool:
        """Whether the types let the binding be undefined after the repair, too."""
        is_partial = any(type_.is_partial for type_ in self.types.declared)
        is_left = not self.is_everywhere and any(member.may_lack for member in self.members)
        return is_partial or is_left


def declare(environments: Iterable[Environment], rewrites: dict[str, Rewrite]) -> list[str]:
    """Adds the bindings to types that are written by hand, and says what is left to a person."""
    names: dict[tuple[str, int], tuple[Declared, dict[str, None]]] = {}
    untyped: dict[tuple[str, int], tuple[Written, dict[str, None]]] = {}
    needed: dict[tuple[str, int], Member] = {}
    steps: dict[str, None] = {}
    for environment in environments:
        steps.update(dict.fromkeys(_steps(environment)))
        for type_ in environment.lacking:
            if not type_.is_generated:
                key = type_.source.path, type_.body.start_byte
                names.setdefault(key, (type_, {}))[1][environment.name] = None
        for written in environment.types.untyped:
            end = written.untyped.end_byte if written.untyped is not None else 0
            key = written.source.path, end
            untyped.setdefault(key, (written, {}))[1][environment.name] = None
        for member in environment.members:
            if member.may_lack and environment.is_everywhere and not member.declared.is_generated:
                needed[member.declared.source.path, member.node.start_byte] = member
    for type_, added in names.values():
        rewrite = rewrites.setdefault(type_.source.path, Rewrite(type_.source))
        _extend(rewrite, type_, list(added))
        _import_type(rewrite, type_.source)
    for (path, end), (written, added) in untyped.items():
        rewrite = rewrites.setdefault(path, Rewrite(written.source))
        members = "; ".join(f"{name}: {_TYPE}" for name in added)
        type_text = (
            f"{{ Bindings: {{ {members} }} }}" if written.is_application else f"{{ {members} }}"
        )
        rewrite.insert(end, f"<{type_text}>")
        _import_type(rewrite, written.source)
    for member in needed.values():
        source = member.declared.source
        _require(rewrites.setdefault(source.path, Rewrite(source)), member.node)
    return list(steps)


def _steps(environment: Environment) -> Iterator[str]:
    outdated = [type_ for type_ in environment.lacking if type_.is_generated]
    outdated += [
        member.declared
        for member in environment.members
        if member.may_lack and member.declared.is_generated
    ]
    for type_ in outdated:
        yield f"run wrangler types again: it writes {type_.source.path}"
    for literal in environment.literals:
        yield (
            f"{literal.path}:{literal.line}: give the object {environment.name}, too, which its "
            "type has now"
        )
    if environment.types.complete or environment.is_known:
        return
    place = environment.location
    if environment.types.is_imported:
        yield (
            f"{place.path}: declare {environment.name}: {_TYPE} in the global interface "
            "Cloudflare.Env, which env of cloudflare:workers is of, or let wrangler types write it"
        )
        return
    yield (
        f"{place.path}:{place.line}: declare {environment.name}: {_TYPE} in the type of the "
        "environment there"
    )


def _require(rewrite: Rewrite, signature: Node) -> None:
    """Takes from a property of a type that it may be missing or undefined."""
    for child in signature.children:
        if child.type == "?":
            rewrite.replace(span(child), "")
    annotation = signature.child_by_field_name("type")
    if annotation is not None and is_nullable(annotation):
        union = annotation.named_children[0]
        rewrite.replace(span(union), " | ".join(map(text, values_of(union))))


def _extend(rewrite: Rewrite, type_: Declared, names: Sequence[str]) -> None:
    """Adds members after the last one, each with its separator."""
    source, body = type_.source, type_.body
    members = [child for child in body.named_children if child.type != "comment"]
    if not members:
        _fill(rewrite, type_, names)
        return
    last = members[-1]
    following = last.next_sibling
    separator = _separator_of(following)
    end = following.end_byte if separator and following is not None else last.end_byte
    if not has_line_break(source.content, Span(body.start_byte, last.start_byte)):
        between = separator or _separator_of(members[0].next_sibling) or ";"
        written = [f"{name}: {_TYPE}" for name in names]
        start = " " if separator else f"{between} "
        rewrite.insert(end, start + f"{between} ".join(written) + separator)
        return
    line_break = layout_of(source).line_break + indentation(source.content, last.start_byte)
    between = separator or _separator_of(members[0].next_sibling)
    if not separator and between:
        rewrite.insert(end, between)
    tail, _ = line_tail(source.content, end, COMMENT)
    rewrite.insert(tail, "".join(f"{line_break}{name}: {_TYPE}{between}" for name in names))


def _separator_of(node: Node | None) -> str:
    return text(node) if node is not None and node.type in _SEPARATORS else ""


def _fill(rewrite: Rewrite, type_: Declared, names: Sequence[str]) -> None:
    source, body = type_.source, type_.body
    layout = layout_of(source)
    outer = layout.line_break + indentation(source.content, body.start_byte)
    inner = outer + layout.indent
    end = layout.end or ""
    lines = "".join(f"{inner}{name}: {_TYPE}{end}" for name in names)
    gap = "" if has_line_break(source.content, Span(body.start_byte, body.end_byte)) else outer
    rewrite.insert(body.children[0].end_byte, lines + gap)


def _import_type(rewrite: Rewrite, source: Source) -> None:
    """Imports ``Fetcher`` where the module imports the runtime's other types by name."""
    known = imports(source)
    is_by_name = any(item.specifier == _TYPES_PACKAGE for item in known.values())
    if _TYPE in known or not is_by_name:
        return
    for statement in children_of_type(source.root, "import_statement"):
        named = statement.child_by_field_name("source")
        if named is None or string_value(named) != _TYPES_PACKAGE:
            continue
        for clause in children_of_type(statement, "import_clause"):
            for listed in children_of_type(clause, "named_imports"):
                specifiers = list(children_of_type(listed, "import_specifier"))
                if specifiers:
                    rewrite.insert(specifiers[-1].end_byte, f", {_TYPE}")
                    return
