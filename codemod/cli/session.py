"""What every command starts with: where the root is, what is asked for, what is there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pathspec import GitIgnoreSpec

from codemod import planner
from codemod import settings as settings_module
from codemod.cli.output import say
from codemod.errors import NoWorkerFound, UsageError
from codemod.model import Plan, Project, Strategy
from codemod.planner.touched import concerned_by
from codemod.report import progress
from codemod.report.display import Display
from codemod.rules import all_rules, bare_binding, select_rules
from codemod.scanner import scan
from codemod.scanner.cache.store import user_folder
from codemod.settings import Change, Settings
from codemod.spelling import hint
from codemod.writer import transaction

if TYPE_CHECKING:
    from codemod.runtime import git

EXIT_UNREADABLE = 7


@dataclass(frozen=True, slots=True)
class Request:
    """The options that commands share; None and empty mean that the user said nothing."""

    paths: Sequence[Path] = ()
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    environments: Sequence[str] = ()
    strategy: str | None = None
    unsafe_fixes: bool = False
    defensive: bool = False
    fresh: bool = False
    stubs: bool = False
    since: str | None = None
    staged: bool = False
    no_cache: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Session:
    """One run on one root: its settings, and how places in it are shown.

    ``cache`` is the folder that keeps what was read, None where nothing is to be kept. ``overlay``
    is what is read instead of the work tree, as in ``scan``.
    """

    root: Path
    paths: tuple[Path, ...]
    settings: Settings
    display: Display
    cache: Path | None = None
    overlay: Mapping[str, bytes | None] = field(default_factory=dict)

    def scan(self) -> Project:
        """Reads the repository. Raises ``NoWorkerFound`` where nothing at all is there."""
        with progress.shown("reading the repository"):
            project = scan(
                self.root,
                self.paths,
                self.settings.exclude,
                self.overlay,
                processes=os.cpu_count() or 1,
                cache=self.cache,
            )
        if not project.workers and not project.unreadable:
            shown = ", ".join(str(path) for path in self.paths)
            raise NoWorkerFound(
                f"no Worker found in {shown}: expected a wrangler.jsonc, wrangler.json "
                "or wrangler.toml that is not ignored by git"
            )
        return project


def start(request: Request) -> Session:
    """Finds root and settings, and undoes an apply that was cut off.

    Raises ``UsageError`` for a path that does not exist, a broken ``wfix.toml``, and a change that
    git cannot tell.
    """
    paths = tuple(_existing(path) for path in request.paths or (Path(),))
    root = _root(paths)
    difference = _difference(root, request)
    overlay = difference.after if difference else {}
    settings = _with_request(_load(root, overlay), request)
    _note_unread_configuration(root)
    undone = transaction.recover(root)
    if undone:
        say(f"an earlier apply was cut off; put back: {', '.join(undone.restored) or 'nothing'}")
        for left in undone.left:
            say(f"{left} was changed since and is left as it is: compare it with git")
    cache = None if request.no_cache else cache_for(root)
    session = Session(root, paths, settings, Display(_prefix(root)), cache, overlay)
    return _limited(session, difference) if difference else session


def cache_folder() -> Path:
    """The user's folder for what wfix keeps."""
    return user_folder(os.environ, Path.home(), sys.platform)


def cache_for(root: Path) -> Path | None:
    """The folder that keeps what is read of ``root``; None where the repository could write it."""
    try:
        folder = Path(os.path.realpath(cache_folder()))
    except (RuntimeError, OSError):
        # There is no home.
        return None
    return None if folder.is_relative_to(root) else folder


def planned(session: Session, accept: planner.Accept | None = None) -> Plan:
    """Reads the repository, plans its repairs, and says what could not be read."""
    project = session.scan()
    # A question on the terminal and a line that comes and goes there would be in each other's way.
    with nullcontext() if accept else progress.shown("looking for faults and repairs"):
        plan = planner.plan(project, session.settings, accept, session.cache)
    report_gaps(session, project)
    return plan


def report_gaps(session: Session, project: Project) -> None:
    """Says what could not be read, and what is worth knowing of what could."""
    for note in project.notes:
        say(f"note: {session.display.path(note.path)}: {note.text}")
    if not project.scope:
        for idle in _idle_settings(session.settings, project):
            say(f"note: {idle}")
    for item in project.unreadable:
        say(f"cannot read {session.display.path(item.path)}: {item.reason}")


def _idle_settings(settings: Settings, project: Project) -> Iterator[str]:
    """What ``wfix.toml`` says of a Worker or of files that are not there."""
    if not settings.places:
        return
    deployed = {worker.name for worker in project.workers} | {
        deployment.name for worker in project.workers for deployment in worker.deployments
    }
    for (key, name), place in settings.places.items():
        where = f"{place.path}:{place.line}:{place.column}"
        if key == "targets" and name not in deployed:
            meant = hint(name, sorted(filter(None, deployed)))
            yield f"{where}: [targets.{name}] names no Worker that was read{meant}"
        if key == "per-file-ignores":
            files = project.read.keys() - {place.path}
            if not any(GitIgnoreSpec.from_lines([name]).match_files(files)):
                yield f'{where}: "{name}" matches no file that was read{hint(name, sorted(files))}'


def finish(project: Project, code: int = 0) -> NoReturn:
    """Ends the program with ``code``, or with 7 where some input could not be read."""
    sys.exit(EXIT_UNREADABLE if project.unreadable else code)


def _difference(root: Path, request: Request) -> git.Difference | None:
    if request.since is not None and request.staged:
        raise UsageError("--since and --staged exclude each other")
    if request.since is None and not request.staged:
        return None
    from codemod.runtime import git

    if request.since is not None:
        return git.changed_since(root, request.since)
    return git.staged(root)


def _load(root: Path, overlay: Mapping[str, bytes | None]) -> Settings:
    if settings_module.FILE_NAME in overlay:
        return settings_module.read(overlay[settings_module.FILE_NAME] or b"")
    return settings_module.load(root)


def _limited(session: Session, difference: git.Difference) -> Session:
    """``session`` judging what the difference concerns; all, where it says how to judge."""
    if settings_module.FILE_NAME in difference.paths:
        return session
    change = Change(difference.paths)
    if difference.paths:
        with progress.shown("reading the repository as it was"):
            before = scan(
                session.root,
                exclude=session.settings.exclude,
                changed=difference.before,
                processes=os.cpu_count() or 1,
                cache=session.cache,
            )
        change = replace(change, concerned_before=concerned_by(before, difference.paths))
    return replace(session, settings=replace(session.settings, changed=change))


def _note_unread_configuration(root: Path) -> None:
    for folder in (root, *root.parents):
        if (folder / settings_module.FILE_NAME).is_file():
            if folder != root:
                say(f"note: {folder / settings_module.FILE_NAME} is not read: it counts there")
            return
        if (folder / ".git").exists():
            return


def _existing(path: Path) -> Path:
    real = Path(os.path.realpath(path))
    try:
        real.stat()
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    return real


def _root(paths: Sequence[Path]) -> Path:
    common = Path(os.path.commonpath(paths))
    return common if common.is_dir() else common.parent


def _prefix(root: Path) -> str:
    here = Path.cwd().resolve()
    if root == here or not root.is_relative_to(here):
        return ""
    return root.relative_to(here).as_posix()


def _with_request(settings: Settings, request: Request) -> Settings:
    selected, ignored = _names(request.select), _names(request.ignore)
    if request.select and not selected:
        raise UsageError("--select is empty: name rules, or leave it out")
    if selected or ignored:
        # A name that no rule has is told before the repository is read.
        select_rules(selected, ignored)
    settings = replace(
        settings,
        select=selected or settings.select,
        ignore=(*settings.ignore, *ignored),
        environments=tuple(request.environments) or settings.environments,
        unsafe_fixes=request.unsafe_fixes,
        fresh=request.fresh,
        stubs=request.stubs,
    )
    if request.strategy:
        strategy = settings_module.parse_strategy(request.strategy)
        settings = replace(settings, strategy=strategy)
    return _defensive(settings) if request.defensive else settings


def _defensive(settings: Settings) -> Settings:
    if settings.strategy not in (None, Strategy.ENTRYPOINT):
        raise UsageError(f"--defensive means --strategy entrypoint, not {settings.strategy}")
    selected = settings.select or tuple(rule.name for rule in all_rules() if rule.default)
    return replace(settings, select=(*selected, bare_binding.NAME), strategy=Strategy.ENTRYPOINT)


def _names(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())
