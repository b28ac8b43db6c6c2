"""What wfix adds to a Worker: modules that call its bindings, and a Worker that stands before it.

One module a kind (``diagnose``, ``health``, ``fallback``, ``facade``); each makes an ``Addition``
out of a template, which is a module as it would be written by hand, and of what was scanned.
Nothing that is there is changed unless wiring is asked for, and no file is overwritten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from codemod.errors import Refused
from codemod.generator import choice, outlook
from codemod.generator.addition import Addition, Order
from codemod.model import FileChange, Finding, Project
from codemod.planner import plan
from codemod.planner.refusal import Refusal
from codemod.planner.rereading import rereading
from codemod.planner.workshop import Workshop
from codemod.scanner.files import Files
from codemod.scanner.ignored import Ignored
from codemod.scanner.modules import Modules
from codemod.settings import Settings
from codemod.syntax.edits import apply_edits

__all__ = ["Generated", "Make", "generate"]


Make = Callable[[Order], Addition | Refusal]
"""Makes one kind of addition: the function ``make`` of its module."""


@dataclass(frozen=True, slots=True)
class Generated:
    """The files to write, and what a person does with them.

    ``findings`` are all that wfix finds once they are written, ``news`` those that stand only then.
    """

    changes: tuple[FileChange, ...]
    steps: tuple[str, ...]
    findings: tuple[Finding, ...]
    news: tuple[Finding, ...]


def generate(
    project: Project, settings: Settings, make: Make, worker: str, *, wire: bool
) -> Generated:
    """What ``make`` adds to the Worker called ``worker``, put to use if ``wire`` asks for it.

    Raises ``UsageError`` where no Worker, or more than one, has that name, and as ``plan`` does;
    ``Refused`` where there is nothing to add, a file is in the way, or wiring cannot be proved to
    be safe.
    """
    files = Files(project.root)
    workshop = Workshop(project, settings, files, Modules(files))
    known = plan(project, settings).findings
    order = Order(workshop, choice.worker_called(worker, project), wire)
    with rereading(project):
        made = make(order)
    if isinstance(made, Refusal):
        raise Refused(f"{worker}: {made.sentence}")
    _require_free(files, made)
    seen = outlook.foresee(project, settings, _changes(files, made), known)
    created = {file.path for file in made.new_files}
    for finding in seen.news:
        if finding.rule in made.spoiled_by and finding.location.path in created:
            raise Refused(f"{worker}: {finding.message}; {made.remedy}")
    return Generated(seen.changes, made.steps, seen.findings, seen.news)


def _require_free(files: Files, made: Addition) -> None:
    ignored = Ignored(files)
    for path in (*made.taken_by, *(file.path for file in made.new_files)):
        if files.is_file(path) or files.is_directory(path):
            raise Refused(f"{path} exists already: it is left as it is")
    for file in made.new_files:
        if ignored.covers(file.path):
            raise Refused(f"{file.path} would be ignored by git")


def _changes(files: Files, made: Addition) -> tuple[FileChange, ...]:
    created = [FileChange(file.path, None, file.text.encode(), ()) for file in made.new_files]
    edited = [
        FileChange(
            path,
            files.read(path),
            apply_edits(files.read(path), [edit for edit in made.edits if edit.path == path]),
            (),
        )
        for path in dict.fromkeys(edit.path for edit in made.edits)
    ]
    return tuple(sorted([*created, *edited], key=lambda change: change.path))
