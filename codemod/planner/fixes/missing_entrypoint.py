"""An entrypoint of almost the same name in the place of one that the target does not export."""

from __future__ import annotations

from collections.abc import Sequence

from codemod.model import Export, ExportKind, Exports, Finding, Fix, MethodKind, Safety
from codemod.planner.groups import lead_of
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.rules.missing_entrypoint import ENTRYPOINT_KINDS, OTHER_KINDS
from codemod.syntax.tree import Scalar, mapping_at

_SHORTEST = 4  # letters of a name that a slip can be told from another name in


def propose(workshop: Workshop, finding: Finding) -> Fix | Refusal:
    """Names the entrypoint of almost that name, unsafe since that one is meant is a guess.

    An export that has the very name is the one that is meant, whatever else is called alike.
    """
    binding = lead_of(workshop.project, finding).binding
    resolved = workshop.project.resolve(binding.target)
    exports = resolved[0].exports if resolved else None
    named = exports.named if isinstance(exports, Exports) else ()
    wanted = binding.entrypoint or ""
    meant = exports.get(wanted) if isinstance(exports, Exports) else None
    if meant is not None:
        return _what_it_is(meant)
    name = _meant(wanted, [item.name for item in named if _is_entrypoint(item)])
    if name is None:
        listed = ", ".join(f"{item.name} ({item.kind})" for item in named) or "nothing"
        return Refusal(f"no one entrypoint is called almost so; exported by name: {listed}", None)
    path = binding.location.path
    document = workshop.document(path)
    value = mapping_at(document.root, binding.location.span).get("entrypoint")
    assert isinstance(value, Scalar)
    return Fix(
        strategy=None,
        safety=Safety.UNSAFE,
        title=f'name the entrypoint "{name}"',
        reasons=(f"{binding.service} exports an entrypoint of almost that name",),
        edits=(document.replace_scalar(path, value, name),),
    )


def _what_it_is(export: Export) -> Refusal:
    kind = OTHER_KINDS.get(export.kind, "no entrypoint")
    needed = "to serve, it has to be a class that extends WorkerEntrypoint"
    if export.kind is ExportKind.DURABLE_OBJECT:
        needed = "it is reached through a binding under durable_objects"
    return Refusal(f"{export.name} is {kind}: {needed}", export.location)


def _meant(wanted: str, names: Sequence[str]) -> str | None:
    """The name that ``wanted`` is but for its letters' case and the word that so many end in.

    Where there is none such, the only one that it is with a slip of the pen.
    """
    for is_near in (_is_same, _is_slip):
        near = [name for name in names if is_near(wanted, name)]
        if near:
            return near[0] if len(near) == 1 else None
    return None


def _is_same(name: str, other: str) -> bool:
    return _stem(name) == _stem(other)


def _is_slip(name: str, other: str) -> bool:
    """Whether one letter is missing, too many, or has changed places with the next.

    A letter in place of another makes another name too often to be told from a slip.
    """
    pairs = {(_stem(name), _stem(other)), (name.lower(), other.lower())}
    return any(_differ_by_a_slip(*sorted(pair, key=len)) for pair in pairs)


def _differ_by_a_slip(shorter: str, longer: str) -> bool:
    if len(shorter) < _SHORTEST:
        return False
    at = next((i for i, letter in enumerate(shorter) if letter != longer[i]), len(shorter))
    if len(longer) == len(shorter) + 1:
        return longer[at + 1 :] == shorter[at:]
    return longer == shorter[:at] + shorter[at : at + 2][::-1] + shorter[at + 2 :]


def _stem(name: str) -> str:
    """A name without the word that so many end in, and that makes all of them alike."""
    return name.lower().replace("_", "").removesuffix("entrypoint")


def _is_entrypoint(export: Export) -> bool:
    """Whether a service binding is likely to lead there: to a class, or an object to be called."""
    if export.kind is not ExportKind.OBJECT:
        return export.kind in ENTRYPOINT_KINDS
    can_be_called = any(member.kind is MethodKind.METHOD for member in export.members)
    return bool(export.handlers) or can_be_called or export.open_members is not None
