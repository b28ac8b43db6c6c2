"""An entrypoint of a similar name in the place of one that the target does not export."""

from __future__ import annotations

from difflib import get_close_matches

from codemod.model import Export, ExportKind, Exports, Finding, Fix, MethodKind, Safety
from codemod.planner.groups import lead_of
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.rules.missing_entrypoint import ENTRYPOINT_KINDS
from codemod.syntax.tree import Scalar, mapping_at


def propose(workshop: Workshop, finding: Finding) -> Fix | Refusal:
    """Names the nearest entrypoint, unsafe since that one is meant is a guess."""
    binding = lead_of(workshop.project, finding).binding
    resolved = workshop.project.resolve(binding.target)
    exports = resolved[0].exports if resolved else None
    named = exports.named if isinstance(exports, Exports) else ()
    entrypoints = {_stem(item.name): item.name for item in named if _is_entrypoint(item)}
    near = get_close_matches(_stem(binding.entrypoint or ""), entrypoints, n=1)
    if not near:
        listed = ", ".join(f"{item.name} ({item.kind})" for item in named) or "nothing"
        return Refusal(f"no entrypoint is called alike; exported by name is {listed}", None)
    name = entrypoints[near[0]]
    path = binding.location.path
    document = workshop.document(path)
    value = mapping_at(document.root, binding.location.span).get("entrypoint")
    assert isinstance(value, Scalar)
    return Fix(
        strategy=None,
        safety=Safety.UNSAFE,
        title=f'name the entrypoint "{name}"',
        reasons=(f"of what {binding.service} exports, its name is the nearest",),
        edits=(document.replace_scalar(path, value, name),),
    )


def _stem(name: str) -> str:
    """A name without the word that so many end in, and that makes all of them alike."""
    return name.lower().removesuffix("entrypoint")


def _is_entrypoint(export: Export) -> bool:
    """Whether a service binding is likely to lead there: to a class, or an object to be called."""
    if export.kind is not ExportKind.OBJECT:
        return export.kind in ENTRYPOINT_KINDS
    can_be_called = any(member.kind is MethodKind.METHOD for member in export.members)
    return bool(export.handlers) or can_be_called or export.open_members is not None
