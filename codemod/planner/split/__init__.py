"""The strategy ``split``: a target's Durable Object classes move to a Worker of their own.

The new Worker hosts the classes and answers every request with 404. The target keeps its handlers
and binds the classes by ``script_name``, as all other Workers do, so that nothing beside its
default export is left. Existing data moves by a transfer: through ``transferred_classes`` where the
target has ``migrations``, through the ``exports`` map where it has that. ``fresh`` creates the
classes anew in the new Worker instead, for what was never deployed.

No tool can see what is deployed, so that the plan is a person's to carry out: ``Split.steps`` tells
the order of deploys, what each does to stored data, and the way back. No class is ever deleted.

Sources: Cloudflare's documentation of Durable Object migrations and of the ``exports`` map (its
transfer by deploys of the receiving Worker, the giving one, and the receiving one again); what
wrangler 4.164 sends and what its ``dev`` makes of it, measured.
"""

from __future__ import annotations

from itertools import chain

from codemod.errors import EditError
from codemod.model import NewFile, Project, Worker
from codemod.planner.refusal import Refusal
from codemod.planner.split import (
    configuration,
    destination,
    entry,
    importers,
    lifecycle,
    needs,
    rebinding,
    removal,
    steps,
    target,
    use,
)
from codemod.planner.split.alone import module_text
from codemod.planner.split.result import Split
from codemod.planner.split.sides import Sides
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules

__all__ = ["Split", "propose"]


def propose(
    files: Files, modules: Modules, project: Project, worker: Worker, *, fresh: bool
) -> Split | Refusal:
    """The split of ``worker``, a Worker of ``project``, or why it cannot be made cleanly."""
    subject = target.read(files, modules, worker)
    if isinstance(subject, Refusal):
        return subject
    lives = lifecycle.read(subject, fresh=fresh)
    if isinstance(lives, Refusal):
        return lives
    going = removal.removed(subject)
    sides = Sides(modules, subject, going)
    place = destination.choose(files, project, subject, lives)
    needed = needs.collect(modules, sides)
    others = importers.find(modules, subject)
    refusal = next(
        chain(
            rebinding.refusals(project, subject, lives),
            entry.refusals(modules, subject, place),
            use.refusals(sides),
            configuration.refusals(subject, lives, needed),
            importers.refusals(project, subject, others),
        ),
        None,
    )
    if refusal:
        return refusal
    try:
        edits = (
            *removal.edits(subject, going, others.types),
            *rebinding.edits(files, subject, lives, place, fresh=fresh),
            *rebinding.edits_elsewhere(files, project, subject, place),
        )
    except EditError as error:
        return Refusal(f"a configuration cannot be edited: {error}", subject.place)
    followers = dict.fromkeys(
        worker.name or worker.config_path for worker, _ in rebinding.followers(project, subject)
    )
    story = steps.Story(subject, lives, place, needed, tuple(followers), tuple(sides.shared), fresh)
    return Split(
        name=place.title,
        edits=edits,
        new_files=(
            NewFile(
                place.configuration, configuration.text(subject, lives, place, needed, fresh=fresh)
            ),
            NewFile(place.entry, entry.text(modules, subject, place)),
            *(
                NewFile(item.alone.path, module_text(subject.names, item.alone))
                for item in subject.moved
                if item.alone
            ),
        ),
        steps=steps.tell(files, story),
    )
