"""The types that code declares for bindings."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from codemod.model import DeclaredType
from codemod.scanner.definitions import key_name
from codemod.syntax import typescript
from codemod.syntax.typescript import Source, text


def declared_types(source: Source, bindings: Collection[str]) -> Iterator[DeclaredType]:
    """The properties of interfaces and object types that are called as a binding is."""
    if not any(name.encode() in source.content for name in bindings):
        return
    for node in typescript.walk(source.root):
        if node.type != "property_signature":
            continue
        name = key_name(node.child_by_field_name("name"))
        annotation = node.child_by_field_name("type")
        if name in bindings and annotation is not None and annotation.named_children:
            declared = annotation.named_children[0]
            yield DeclaredType(name or "", text(declared), source.location(node))
