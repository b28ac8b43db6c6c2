"""What each strategy edits: the target, the bindings that lead to it, or both."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from codemod.errors import EditError
from codemod.model import Binding, Edit, NewFile, Project, Strategy, Worker
from codemod.planner import named
from codemod.planner.groups import Group, Lead
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.rules import bare_binding, default_entrypoint_in_dev, poisoned_binding, rpc_on_object
from codemod.rules.default_entrypoint_in_dev import DEFAULT_ENTRYPOINT
from codemod.syntax.tree import Scalar, mapping_at

# What is mended together where the default export changes its kind, its name or its company.
_ABOUT_DEFAULT = (poisoned_binding.NAME, default_entrypoint_in_dev.NAME)


@dataclass(frozen=True, slots=True)
class Repair:
    """A strategy carried out on a group.

    ``edits`` are those of each finding, by its key in the group; findings that one repair mends
    together have the same ones. ``obstacles`` say why a finding has none, where that is its own
    place's fault.
    """

    title: str
    edits: Mapping[int, tuple[Edit, ...]]
    obstacles: Mapping[int, str] = field(default_factory=dict)
    new_files: tuple[NewFile, ...] = ()
    steps: tuple[str, ...] = ()


def carry_out(workshop: Workshop, group: Group, strategy: Strategy) -> Repair | Refusal:
    """The edits that ``strategy`` needs for ``group``, or why it cannot be done."""
    try:
        return _carry_out(workshop, group, strategy)
    except EditError as error:
        return Refusal(str(error), None)


def _carry_out(workshop: Workshop, group: Group, strategy: Strategy) -> Repair | Refusal:
    match strategy:
        case Strategy.ENTRYPOINT:
            return _entrypoint(workshop, group)
        case Strategy.NAMED:
            return _named(workshop, group)
        case Strategy.RPC:
            return _rpc(workshop, group)
        case Strategy.SPLIT:
            return _split(workshop, group)
        case Strategy.REMOVE:
            return _remove(workshop, group)
    return Repair("leave it as it is", {})


def _entrypoint(workshop: Workshop, group: Group) -> Repair:
    """Adds ``"entrypoint": "default"`` to each plain binding that a finding is about."""
    edits: dict[int, tuple[Edit, ...]] = {}
    obstacles: dict[int, str] = {}
    for index in (*group.of_rule(poisoned_binding.NAME), *group.of_rule(bare_binding.NAME)):
        binding = group.lead(group.findings[index]).binding
        try:
            edits[index] = (_insert(workshop, binding, DEFAULT_ENTRYPOINT),)
        except EditError as error:
            obstacles[index] = str(error)
    return Repair('add "entrypoint": "default"', edits, obstacles)


def _remove(workshop: Workshop, group: Group) -> Repair:
    """Takes ``"entrypoint": "default"`` from each binding that a finding is about."""
    edits = {
        index: (_without_default(workshop, group.lead(group.findings[index]).binding),)
        for index in group.of_rule(default_entrypoint_in_dev.NAME)
    }
    return Repair('remove "entrypoint": "default"', edits)


def _named(workshop: Workshop, group: Group) -> Repair | Refusal:
    naming = named.propose(workshop.modules, _owner_of_module(workshop.project, group.target))
    if isinstance(naming, Refusal):
        return naming
    plain = {group.findings[index].location for index in group.of_rule(poisoned_binding.NAME)}
    bindings = [
        _insert(workshop, lead.binding, naming.name)
        for lead in _editable(group)
        if lead.binding.location in plain
    ]
    defaults = [
        _replace_default(workshop, lead.binding, naming.name) for lead in _with_default(group)
    ]
    title = f"export the default object of {group.name} as {naming.name} too, and bind to that"
    return _together(group, title, (*naming.edits, *bindings, *defaults))


def _rpc(workshop: Workshop, group: Group) -> Repair | Refusal:
    from codemod.planner import rpc

    owner = _owner_of_module(workshop.project, group.target)
    conversion = rpc.propose(
        workshop.modules, workshop.project, owner, with_stubs=workshop.settings.stubs
    )
    if isinstance(conversion, Refusal):
        return conversion
    defaults = [_without_default(workshop, lead.binding) for lead in _with_default(group)]
    title = f"make the default object of {group.name} the class {conversion.class_name}"
    return _together(
        group,
        title,
        (*conversion.edits, *defaults),
        rules=(*_ABOUT_DEFAULT, rpc_on_object.NAME),
        steps=tuple(_typed_bindings(group)),
    )


def _typed_bindings(group: Group) -> Iterator[str]:
    """What callers may write now: offered, since a ``Fetcher`` serves as well."""
    for lead in group.leads:
        for declared in lead.caller.usages.declared_types:
            if declared.binding == lead.binding.name and declared.type == "Fetcher":
                place = declared.location
                entry = posixpath.relpath(group.target.main or "", posixpath.dirname(place.path))
                module = posixpath.splitext(entry if entry.startswith(".") else f"./{entry}")[0]
                yield (
                    f"{place.path}:{place.line}: the type of {declared.binding} may become "
                    f'Service<import("{module}").default>, which knows the methods of the class; '
                    "Fetcher goes on to serve"
                )


def _split(workshop: Workshop, group: Group) -> Repair | Refusal:
    from codemod.planner import split

    made = split.propose(
        workshop.files,
        workshop.modules,
        workshop.project,
        group.target,
        fresh=workshop.settings.fresh,
    )
    if isinstance(made, Refusal):
        return made
    defaults = [_without_default(workshop, lead.binding) for lead in _with_default(group)]
    title = f"move the Durable Objects of {group.name} to the new Worker {made.name}"
    return _together(group, title, (*made.edits, *defaults), made.new_files, made.steps)


def _owner_of_module(project: Project, target: Worker) -> Worker:
    """The Worker whose name a repair of the entry module goes by: the first that enters it."""
    return next((item for item in project.workers if item.main == target.main), target)


def _together(
    group: Group,
    title: str,
    edits: tuple[Edit, ...],
    new_files: tuple[NewFile, ...] = (),
    steps: tuple[str, ...] = (),
    rules: tuple[str, ...] = _ABOUT_DEFAULT,
) -> Repair:
    """One repair of all findings of ``rules`` in the group."""
    unique = tuple(dict.fromkeys(edits))
    indexes = [index for rule in rules for index in group.of_rule(rule)]
    mended = dict.fromkeys(indexes, unique)
    return Repair(title, mended, new_files=new_files, steps=steps)


def _editable(group: Group) -> Iterator[Lead]:
    yield from (lead for lead in group.leads if not lead.caller.generated)


def _with_default(group: Group) -> Iterator[Lead]:
    for lead in _editable(group):
        if lead.binding.entrypoint == DEFAULT_ENTRYPOINT:
            yield lead


def _insert(workshop: Workshop, binding: Binding, entrypoint: str) -> Edit:
    path = binding.location.path
    document = workshop.document(path)
    mapping = mapping_at(document.root, binding.location.span)
    return document.insert_member(path, mapping, "entrypoint", entrypoint)


def _without_default(workshop: Workshop, binding: Binding) -> Edit:
    path = binding.location.path
    document = workshop.document(path)
    mapping = mapping_at(document.root, binding.location.span)
    return document.remove_member(path, mapping, "entrypoint")


def _replace_default(workshop: Workshop, binding: Binding, entrypoint: str) -> Edit:
    path = binding.location.path
    document = workshop.document(path)
    value = mapping_at(document.root, binding.location.span).get("entrypoint")
    assert isinstance(value, Scalar)
    return document.replace_scalar(path, value, entrypoint)
