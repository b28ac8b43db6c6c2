"""What a person does with a split: the order of deploys, what each does to data, the way back."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codemod.planner.split.configuration import FIRST_TAG
from codemod.planner.split.destination import Destination
from codemod.planner.split.lifecycle import Lifecycles, Means, Owner, Storage
from codemod.planner.split.needs import Needs
from codemod.planner.split.target import Target
from codemod.scanner.files import Files

_GENERATED_TYPES = "worker-configuration.d.ts"


@dataclass(frozen=True, slots=True)
class Story:
    """All that the steps tell of. ``followers`` are the other Workers whose bindings follow."""

    target: Target
    lives: Lifecycles
    destination: Destination
    needs: Needs
    followers: tuple[str, ...]
    shared: tuple[str, ...]
    fresh: bool

    @property
    def old(self) -> str:
        """The target for people."""
        return self.lives.owners[0].name

    @property
    def new(self) -> str:
        return self.destination.title

    @property
    def classes(self) -> str:
        return _listed(self.lives.classes)

    @property
    def has_sqlite(self) -> bool:
        return Storage.SQLITE in self.lives.classes.values()


def tell(files: Files, story: Story) -> tuple[str, ...]:
    """The steps, in the order in which they are to be done."""
    if story.fresh:
        deploys = _created(story)
    elif story.lives.means is Means.MIGRATIONS:
        deploys = _transferred(story)
    else:
        deploys = _exchanged(story)
    return (*_before(story), *deploys, *_beside(files, story), *_back(story))


def _before(story: Story) -> Iterator[str]:
    if story.fresh:
        yield (
            f"This is for classes that were never deployed. Where {story.old} is deployed with "
            f"{story.classes}, they would begin with empty storage in {story.new}, and what is "
            "stored now would be out of reach: plan without --fresh then."
        )
    else:
        yield (
            "What is deployed cannot be seen in a repository. This plan holds where "
            f"{story.old} is deployed with {story.classes} as its configuration says; for what "
            "was never deployed there is nothing to transfer, and --fresh is the plan."
        )
    if len(story.lives.owners) > 1:
        names = _listed(
            f"{owner.name} to {story.destination.deployed[owner.environment]}"
            for owner in story.lives.owners
        )
        yield (
            "Each environment has namespaces of its own, and every deploy below is done for each "
            f"of them by itself, with its --env: {names}."
        )
    if story.needs.open:
        reason = story.needs.open[0]
        place = f" ({reason.location.path}:{reason.location.line})" if reason.location else ""
        yield (
            "Which bindings the classes use cannot be told in full: "
            f"{reason.reason}{place}. So {story.new} has all bindings and variables of {story.old}."
        )
    yield from _secrets(story)


def _secrets(story: Story) -> Iterator[str]:
    names = {
        name for owner in story.lives.owners for name in story.needs.undeclared(owner.deployment)
    }
    if names:
        found = _listed(f"env.{name}" for name in sorted(names))
        yield (
            f"The classes read {found}, which the configuration gives no value for. A secret "
            f"belongs to one Worker: give {story.new} its own with its first deploy "
            "(--secrets-file), and with .dev.vars for local runs."
        )
    elif story.needs.open:
        yield (
            f"A secret belongs to one Worker: give {story.new} those that the classes read, with "
            "its first deploy (--secrets-file), and with .dev.vars for local runs."
        )


# --- The deploys ----------------------------------------------------------------------------


def _deploy(configuration: str) -> str:
    return f"wrangler deploy -c {configuration}"


def _transferred(story: Story) -> Iterator[str]:
    new, old = story.new, story.old
    yield (
        f"Deploy {new} first: {_deploy(story.destination.configuration)}. Its migration takes "
        f"{story.classes} over from {old}: the namespaces change hands at once, with all objects, "
        f"their storage and alarms. Until their own next deploy the bindings of {old} and of "
        "other Workers forward to them (documented; in the seconds of the change requests may "
        "fail, it is reported)."
    )
    yield (
        f"Then deploy {old}: {_deploy(story.target.worker.config_path)}. Its bindings name {new} "
        "from now on, and its entry exports no class any more. Nothing happens to data. Its "
        "migrations stay as they are: they are applied, and are not sent again. Before "
        f"{new} is deployed there is nothing that the bindings could name."
    )
    yield from _deploy_followers(story)
    yield _never_delete(story)
    rewritten = json.dumps({"tag": FIRST_TAG, **_as_created(story)})
    reason = (
        "without it wrangler dev gives the classes no SQL storage (measured, wrangler 4.164), and "
        if story.has_sqlite
        else ""
    )
    yield (
        "When the transfer is done in every environment, replace the migration of "
        f"{new} by {rewritten}. Under a tag that is applied nothing is sent again; {reason}"
        "an environment that is deployed for the first time has nothing to take over. Such an "
        f"environment of {old} has to lose its migrations too: they create classes that it no "
        "longer exports."
    )


def _exchanged(story: Story) -> Iterator[str]:
    new, old = story.new, story.old
    yield (
        f"Deploy {new} first: {_deploy(story.destination.configuration)}. It exports "
        f"{story.classes} and expects the transfer. Nothing moves yet."
    )
    yield (
        f"Then deploy {old}: {_deploy(story.target.worker.config_path)}. Its exports map tells of "
        f"the transfer, and this deploy commits it: the namespaces go to {new} with all that is "
        "stored. In the order that Cloudflare documents, bindings change in a later deploy. "
        f"Should this one be refused because {new} does not have the classes yet, take the "
        '"script_name" entries out, deploy, put them back and deploy again.'
    )
    yield _arrived(story)
    yield from _deploy_followers(story)
    yield (
        f'Keep the entries "transferred" of {old} until a deploy lists them as safe to remove. '
        + _never_delete(story)
    )


def _arrived(story: Story) -> str:
    bindings = [
        {"name": item.name, "class_name": item.class_name}
        for item in story.lives.owners[0].own_bindings
    ]
    used = [item["name"] for item in bindings if story.needs.has(item["name"] or "")]
    missing = (
        f" Until then {_listed(f'env.{name}' for name in used)} may be missing in the classes."
        if used
        else ""
    )
    return (
        f"Then tell {story.new} that the transfer is done: in its exports map, take "
        '"state" and "transfer_from" out of each class, add "durable_objects": '
        f"{json.dumps({'bindings': bindings})}, and deploy it again. Nothing happens to data."
        f"{missing}"
    )


def _created(story: Story) -> Iterator[str]:
    new, old = story.new, story.old
    yield (
        f"Deploy {new} first: {_deploy(story.destination.configuration)}. It creates "
        f"{story.classes}, with empty storage."
    )
    called = {owner.name for owner in story.lives.owners}
    services = {
        binding.name
        for owner in story.lives.owners
        for binding in owner.deployment.bindings
        if binding.kind.value == "services"
        and binding.service in called
        and story.needs.has(binding.name)
    }
    if services:
        yield (
            f"{new} and {old} bind each other, and a deploy refuses a binding to what is not "
            f"there: leave {_listed(sorted(services))} out of the first deploy of {new}, and "
            f"deploy it once more after {old}."
        )
    yield (
        f"Then deploy {old}: {_deploy(story.target.worker.config_path)}. It creates no class and "
        f"uses those of {new}."
    )
    yield from _deploy_followers(story)


def _deploy_followers(story: Story) -> Iterator[str]:
    if story.followers:
        yield (
            f"Then deploy the other Workers whose bindings follow: {_listed(story.followers)}. "
            "Nothing happens to data."
        )


def _never_delete(story: Story) -> str:
    return (
        f"Never delete {story.classes} from {story.old}, neither by deleted_classes nor by the "
        'state "deleted": that destroys what is stored, and after a transfer nothing is left to '
        "delete."
    )


def _as_created(story: Story) -> dict[str, list[str]]:
    by_list: dict[str, list[str]] = {}
    for name, storage in story.lives.classes.items():
        key = "new_classes" if storage is Storage.KEY_VALUE else "new_sqlite_classes"
        by_list.setdefault(key, []).append(name)
    return by_list


# --- Beside and back ------------------------------------------------------------------------


def _beside(files: Files, story: Story) -> Iterator[str]:
    old, new = story.target.worker.config_path, story.destination.configuration
    local = "" if story.fresh else f" What they stored locally stays with {story.old}."
    yield (
        f"Locally the two run together: wrangler dev -c {old} -c {new}. Tests and development "
        f"servers that start {story.old} alone need {story.new} beside it.{local}"
    )
    types = posixpath.join(posixpath.dirname(old), _GENERATED_TYPES)
    if files.is_file(types):
        yield (
            f"Generate {types} again, since the classes are no longer exported by "
            f"{story.target.entry.path}: wrangler types -c {old} -c {new}."
        )
    if story.shared:
        first, *rest = story.shared
        more = f" and {len(rest)} more of the modules" if rest else ""
        yield (
            f"{first}{more} run in both Workers from now on, each with memory of its own: nothing "
            "was found there that changes while they run."
        )


def _back(story: Story) -> Iterator[str]:
    new, old = story.new, story.old
    if story.fresh:
        yield f"To go back, undo these changes, deploy {old}, and delete {new}."
        return
    if story.lives.means is Means.EXPORTS:
        yield (
            f"To go back before {old} is deployed, deploy {new} without the entries that expect a "
            f"transfer: {old} keeps everything. After that, transfer the classes back in the same "
            f"way, {old} expecting and {new} handing over; a rollback to an earlier version does "
            "not cross the transfer."
        )
        return
    yield (
        f"To go back before {new} is deployed, undo these changes: nothing has happened. After "
        f"that, undoing does not bring the data back. Undo the changes of {old} and add one more "
        f"migration to it, with {_example_back(story, story.lives.owners[0])}, and deploy {old}, "
        "then the others: the same transfer the other way."
    )


def _example_back(story: Story, owner: Owner) -> str:
    new = story.destination.deployed[owner.environment]
    moves = [{"from": name, "from_script": new, "to": name} for name in owner.classes]
    return json.dumps({"transferred_classes": moves})


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
