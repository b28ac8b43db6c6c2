"""The strategy ``entrypoint``: ``"entrypoint": "default"`` on the callers' bindings."""

from __future__ import annotations

from codemod.model import Binding, Edit
from codemod.scanner.files import Files
from codemod.syntax import documents
from codemod.syntax.tree import mapping_at


def edits(files: Files, binding: Binding) -> tuple[Edit, ...]:
    """The edits that bind ``binding``, which has no ``entrypoint``, to the default export."""
    path = binding.location.path
    document = documents.parse(path, files.read(path))
    mapping = mapping_at(document.root, binding.location.span)
    return (document.insert_member(path, mapping, "entrypoint", "default"),)
