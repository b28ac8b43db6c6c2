"""The types that code declares for bindings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from tree_sitter import Node

from codemod.model import DeclaredType
from codemod.scanner.tracking.definitions import key_name
from codemod.syntax.typescript import Source, text


def mentions(content: bytes, bindings: Collection[str]) -> bool:
    """Whether a module names one of ``bindings`` anywhere: only then can it declare its type."""
    return bool(bindings) and _names(bindings).search(content) is not None


def declared_types(source: Source, bindings: Collection[str]) -> Iterator[DeclaredType]:
    """The properties of interfaces and object types that are called as a binding is."""
    if not bindings:
        return
    for match in _names(bindings).finditer(source.content):
        name = source.root.descendant_for_byte_range(match.start(), match.end())
        signature = _signature(name) if name is not None else None
        annotation = signature.child_by_field_name("type") if signature is not None else None
        if signature is None or annotation is None or not annotation.named_children:
            continue
        key = key_name(signature.child_by_field_name("name")) or ""
        if key in bindings:
            declared = text(annotation.named_children[0])
            optional = any(child.type == "?" for child in signature.children)
            yield DeclaredType(key, declared, source.location(signature), optional)


def _names(bindings: Collection[str]) -> re.Pattern[bytes]:
    names = "|".join(map(re.escape, sorted(bindings)))
    return re.compile(rf"\b(?:{names})\b".encode())


def _signature(name: Node) -> Node | None:
    """The property of a type that ``name``, or the string it is in, names."""
    key = name.parent if name.type == "string_fragment" else name
    signature = key.parent if key is not None else None
    if signature is None or signature.type != "property_signature":
        return None
    return signature if signature.child_by_field_name("name") == key else None
