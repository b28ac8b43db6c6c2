"""Which Workers the scripts of a repository's packages run at the same time.

Scripts are read, never run. What a command is not known to do counts as nothing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from codemod.scanner.resolving.packages import folders_above, joined
from codemod.scanner.running.commands import Invocation, arguments, invocation
from codemod.scanner.running.workspace import Script, ScriptedPackage, Workspace
from codemod.scanner.wrangler import DEFAULT_NAMES
from codemod.syntax import shell
from codemod.syntax.shell import Job, Subshell

_MAX_DEPTH = 20
_NONE: frozenset[str] = frozenset()
_VITE_COMMANDS = {
    "vite": (None, "dev", "serve"),
    "react-router": ("dev",),
    "remix": ("vite:dev",),
}
_SELECTORS = ("--filter", "-F", "-w", "--workspace", "--scope")
_EVERYWHERE = ("-r", "--recursive", "--parallel", "-ws", "--workspaces")
_RUN = frozenset({"exec", "foreach", "run", "run-script"})
_FOLDERS = ("-C", "--dir", "--cwd", "--prefix")
_PROJECTS = ("-p", "--projects")
_TARGETS = ("-t", "--target", "--targets")
_MANAGER_OPTIONS = frozenset((*_SELECTORS, *_FOLDERS))
_NX_OPTIONS = frozenset((*_PROJECTS, *_TARGETS))
_WRANGLER_OPTIONS = frozenset({"-c", "--config", "--cwd", "-e", "--env", "--env-file"})
_VITE_OPTIONS = frozenset({"-c", "--config", "-m", "--mode", "--port", "-l", "--logLevel"})
_CONCURRENTLY_OPTIONS = frozenset(
    {
        "-c",
        "--prefix-colors",
        "--kill-signal",
        "-m",
        "--max-processes",
        "-n",
        "--names",
        "-p",
        "--prefix",
        "--restart-after",
        "--restart-tries",
        "-s",
        "--success",
    }
)
_SHORT_FORM = re.compile(r"(?:npm|pnpm|yarn|bun):(\S+)")
_PLAIN_EXPRESSION = re.compile(r"/\^?([\w:-]+)(?:\.[*+])?\$?/")


def default_configuration(folder: str, known: Collection[str]) -> frozenset[str]:
    """The configuration that wrangler takes in ``folder`` without ``-c``, empty if there is none.

    Each of its names is looked for in the folder and all above it before the next one is.
    """
    for name in DEFAULT_NAMES:
        for above in folders_above(joined(folder, name)):
            if joined(above, name) in known:
                return frozenset({joined(above, name)})
    return _NONE


class Scripts:
    """The scripts of a repository. ``vite`` has the Workers that each Vite configuration runs."""

    def __init__(
        self,
        workspace: Workspace,
        configurations: Collection[str],
        vite: Mapping[str, Collection[str]],
    ) -> None:
        self._workspace = workspace
        self._configurations = configurations
        self._vite = vite
        self._known: dict[tuple[str, str], frozenset[str]] = {}
        self._named: set[str] = set()
        self._tools: dict[str, Callable[[Invocation, str, int], frozenset[str]]] = {
            **dict.fromkeys(("wrangler", "pywrangler"), self._wrangler),
            **dict.fromkeys(_VITE_COMMANDS, self._vite_server),
            **dict.fromkeys(("npm", "pnpm", "yarn", "bun"), self._package_manager),
            "turbo": self._turbo,
            "nx": self._nx,
            "lerna": self._lerna,
            **dict.fromkeys(("concurrently", "conc"), self._concurrently),
            **dict.fromkeys(("run-p", "npm-run-all", "npm-run-all2"), self._npm_run_all),
            **dict.fromkeys(("sh", "bash", "zsh"), self._shell),
        }

    def together(self, package: ScriptedPackage, script: Script) -> frozenset[str]:
        """The configurations that ``script`` runs at the same time, known to exist or not."""
        return self._script(package.folder, script.name, 0)

    def named(self) -> frozenset[str]:
        """The files that any script gives wrangler as configurations, known to exist or not."""
        for package in self._workspace.all():
            for script in package.scripts:
                self.together(package, script)
        return frozenset(self._named)

    # --- Scripts and command lines ----------------------------------------------------------

    def _script(self, folder: str, name: str, depth: int) -> frozenset[str]:
        package = self._workspace.at(folder)
        script = package.script(name) if package else None
        if script is None:
            return _NONE
        if (folder, name) not in self._known:
            # A script that leads back to itself adds nothing of its own.
            self._known[folder, name] = _NONE
            running = (self._line(command, script.folder, depth) for command in script.commands)
            self._known[folder, name] = _NONE.union(*running)
        return self._known[folder, name]

    def _line(self, line: str, folder: str, depth: int) -> frozenset[str]:
        return self._jobs(shell.parse(line), folder, depth)

    def _jobs(self, jobs: Iterable[Job], folder: str, depth: int) -> frozenset[str]:
        """All that runs beside the job that runs most: those before it have ended by then."""
        aside, most = _NONE, _NONE
        for job in jobs:
            running, left_in = self._job(job, folder, depth)
            if job.concurrent:
                aside |= running
            else:
                most, folder = max(most, running, key=len), left_in
        return aside | most

    def _job(self, job: Job, folder: str, depth: int) -> tuple[frozenset[str], str]:
        most = _NONE
        for step in job.steps:
            if isinstance(step, Subshell):
                most = max(most, self._jobs(step.jobs, folder, depth), key=len)
            elif step.words[0] == "cd" and len(step.words) > 1:
                folder = joined(folder, step.words[1])
            else:
                most = max(most, self._command(step.words, folder, depth), key=len)
        return most, folder

    def _command(self, words: Sequence[str], folder: str, depth: int) -> frozenset[str]:
        run = invocation(words)
        depth += 1
        if run is None or depth > _MAX_DEPTH:
            return _NONE
        tool = self._tools.get(run.tool)
        return tool(run, folder, depth) if tool else _NONE

    def _shell(self, run: Invocation, folder: str, depth: int) -> frozenset[str]:
        lines = arguments(run.words, {"-c"}).values("-c")
        return _NONE.union(*(self._line(line, folder, depth) for line in lines))

    # --- Tools that run Workers -------------------------------------------------------------

    def _wrangler(self, run: Invocation, folder: str, _depth: int) -> frozenset[str]:
        given = arguments(run.words, _WRANGLER_OPTIONS)
        for path in given.values("--cwd"):
            folder = joined(folder, path)
        named = frozenset(joined(folder, path) for path in given.values("-c", "--config"))
        self._named |= named
        if given.words[:1] != ("dev",) and given.words[:2] != ("pages", "dev"):
            return _NONE
        return named or default_configuration(folder, self._configurations)

    def _vite_server(self, run: Invocation, folder: str, _depth: int) -> frozenset[str]:
        given = arguments(run.words, _VITE_OPTIONS)
        command = given.words[0] if given.words else None
        if command not in _VITE_COMMANDS[run.tool]:
            return _NONE
        named = [joined(folder, path) for path in given.values("-c", "--config")]
        beside = [path for path in self._vite if posixpath.dirname(path) == folder]
        default = [path for path in beside if posixpath.basename(path).startswith("vite.config.")]
        return _NONE.union(*(self._vite.get(path, ()) for path in named or default[:1]))

    # --- Tools that run scripts -------------------------------------------------------------

    def _package_manager(self, run: Invocation, folder: str, depth: int) -> frozenset[str]:
        given = arguments(run.words, _MANAGER_OPTIONS)
        for path in given.values(*_FOLDERS):
            folder = joined(folder, path)
        selectors = given.values(*_SELECTORS)
        rest = given.rest
        everywhere = given.has(*_EVERYWHERE)
        if given.words[:1] == ("workspace",):
            selectors, rest = given.words[1:2], rest[2:]
        elif given.words[:1] == ("workspaces",):
            everywhere, rest = True, rest[1:]
        folders = [folder]
        if selectors or everywhere:
            folders = [package.folder for package in self._workspace.select(selectors, folder)]
        command = _named_script(rest)
        if not command:
            return _NONE
        found = (
            self._scripts_like(command[0], place, depth) or self._command(command, place, depth)
            for place in folders
        )
        return _NONE.union(*found)

    def _turbo(self, run: Invocation, folder: str, depth: int) -> frozenset[str]:
        given = arguments(run.words, _MANAGER_OPTIONS)
        for path in given.values("--cwd"):
            folder = joined(folder, path)
        chosen = self._workspace.select(given.values("--filter", "-F"), folder)
        tasks = given.words[1:] if given.words[:1] in (("run",), ("watch",)) else given.words
        started = []
        for task in tasks:
            owner, hash_, name = task.rpartition("#")
            places = [package for package in chosen if not hash_ or package.name == owner]
            started += [(package.folder, name) for package in places]
        running = (self._script(*task, depth) for task in self._with_companions(started))
        return _NONE.union(*running)

    def _with_companions(self, started: list[tuple[str, str]]) -> Collection[tuple[str, str]]:
        """The tasks ``started``, by folder and name, and all that Turborepo runs beside them."""
        reached = dict.fromkeys(started)
        pending = list(reached)
        while pending:
            folder, name = pending.pop()
            package = self._workspace.at(folder)
            beside = self._workspace.companions(package, name) if package else []
            new = [task for task in beside if task not in reached]
            reached.update(dict.fromkeys(new))
            pending += new
        return reached

    def _nx(self, run: Invocation, folder: str, depth: int) -> frozenset[str]:
        given = arguments(run.words, _NX_OPTIONS)
        match given.words:
            case ("run-many" | "affected", *more):
                targets = [*_separated(given.values(*_TARGETS)), *more]
                projects = _separated(given.values(*_PROJECTS))
            case ("run", task, *_):
                project, _, target = task.partition(":")
                projects, targets = [project], [target.partition(":")[0]]
            case (target, project, *_):
                projects, targets = [project], [target]
            case _:
                return _NONE
        chosen = self._workspace.select(projects, folder, of_nx=True)
        return self._all(chosen, targets, depth)

    def _lerna(self, run: Invocation, folder: str, depth: int) -> frozenset[str]:
        given = arguments(run.words, {"--scope", "--ignore"})
        if given.words[:1] != ("run",):
            return _NONE
        left_out = [f"!{pattern}" for pattern in given.values("--ignore")]
        chosen = self._workspace.select([*given.values("--scope"), *left_out], folder)
        return self._all(chosen, given.words[1:2], depth)

    def _concurrently(self, run: Invocation, folder: str, depth: int) -> frozenset[str]:
        found = _NONE
        for line in arguments(run.words, _CONCURRENTLY_OPTIONS).words:
            short = _SHORT_FORM.match(line)
            if short:
                found |= self._scripts_like(short[1], folder, depth)
            else:
                found |= self._line(line, folder, depth)
        return found

    def _npm_run_all(self, run: Invocation, folder: str, depth: int) -> frozenset[str]:
        """Groups of scripts, one after the other; those of one group run in turn or at once."""
        at_once = run.tool == "run-p"
        most, group = _NONE, _NONE
        for word in run.words:
            if word == "--":
                break
            if word in ("-p", "--parallel", "-s", "--sequential", "--serial"):
                at_once, group = word in ("-p", "--parallel"), _NONE
            elif not word.startswith("-"):
                running = self._scripts_like(word.split(" ", maxsplit=1)[0], folder, depth)
                group = group | running if at_once else running
                most = max(most, group, key=len)
        return most

    def _scripts_like(self, pattern: str, folder: str, depth: int) -> frozenset[str]:
        """The scripts of one package by name, by a glob, or by pnpm's ``/^expression/``."""
        package = self._workspace.at(folder)
        if package is None:
            return _NONE
        if package.script(pattern):
            return self._all([package], [pattern], depth)
        expression = _PLAIN_EXPRESSION.fullmatch(pattern)
        glob = f"{expression[1]}*" if expression else pattern.partition("(")[0]
        names = [item.name for item in package.scripts if fnmatchcase(item.name, glob)]
        return self._all([package], names, depth)

    def _all(
        self, packages: Iterable[ScriptedPackage], names: Iterable[str], depth: int
    ) -> frozenset[str]:
        names = tuple(names)
        return _NONE.union(
            *(self._script(item.folder, name, depth) for item in packages for name in names)
        )


def _named_script(words: tuple[str, ...]) -> tuple[str, ...]:
    """The script and what follows it, in the words of a package manager from the first one on."""
    while words and (words[0].startswith("-") or words[0] in _RUN):
        words = words[2 if words[0] in _MANAGER_OPTIONS else 1 :]
    return words


def _separated(values: Iterable[str]) -> list[str]:
    return [part for value in values for part in value.split(",") if part]
