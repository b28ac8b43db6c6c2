"""What git knows of the work tree, asked in a way that runs nothing the repository brings."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from codemod.errors import Refused, UsageError

_TIMEOUT_SECONDS = 60
_EXCLUDE = "--exclude-standard"
_UNMATCHED = 1
"""The exit code of ``git ls-files --error-unmatch`` for a path that is not tracked."""
_QUIET = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "core.untrackedCache=false",
    "--no-optional-locks",
    "--no-pager",
)


@dataclass(frozen=True, slots=True)
class WorkTree:
    """The state of the work tree that a folder lies in.

    ``modified`` and ``untracked`` are POSIX paths relative to that folder, those outside it
    included (``../``). ``commit`` is the full hash of HEAD, None before the first commit.
    """

    commit: str | None
    modified: frozenset[str]
    untracked: frozenset[str]


def work_tree(folder: Path) -> WorkTree | None:
    """The state of the git work tree around ``folder``, None where there is none or no git.

    Raises ``Refused`` where there is one and git cannot tell its state.
    """
    inside = _git(folder, "rev-parse", "--show-prefix")
    if inside is None or inside.returncode != 0:
        if inside is not None and _has_git_folder(folder):
            raise Refused(f"git cannot read the work tree: {_complaint(inside)}")
        return None
    prefix = _text(inside.stdout).rstrip("\n")
    status = _git(folder, "status", "--porcelain=v1", "-z", "--untracked-files=all")
    if status is None or status.returncode != 0:
        complaint = _complaint(status) if status else "it does not answer"
        raise Refused(f"git cannot tell the state of the work tree: {complaint}")
    modified, untracked = _entries(_text(status.stdout), prefix)
    return WorkTree(_commit(folder), modified, untracked)


def changed_since(folder: Path, revision: str) -> tuple[str, ...]:
    """The files that differ from where HEAD and ``revision`` part, untracked ones included.

    Paths are POSIX and relative to ``folder``; what lies outside it is left out. Raises
    ``UsageError`` where ``folder`` is in no work tree or ``revision`` names no commit in it.
    """
    commit = _known(folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise UsageError(f'git knows no commit "{revision}" in {folder}')
    base = _known(folder, "merge-base", commit, "HEAD") or commit
    return (*_differing(folder, base), *_listed(folder, "ls-files", "--others", "-z", _EXCLUDE))


def staged(folder: Path) -> tuple[str, ...]:
    """The files below ``folder`` that the next commit changes. Raises as ``changed_since``."""
    return _differing(folder, "--cached")


def origin(folder: Path) -> str | None:
    """The address of the remote ``origin`` of the work tree around ``folder``, None without one."""
    return _known(folder, "config", "--get", "remote.origin.url")


def tracks(path: Path) -> bool:
    """Whether the file at ``path`` is tracked, in whatever work tree it lies.

    Raises ``Refused`` where it lies in one and git cannot tell.
    """
    listed = _git(path.parent, "ls-files", "--error-unmatch", "--", f":(literal){path.name}")
    if listed is not None and listed.returncode in (0, _UNMATCHED):
        return listed.returncode == 0
    if _has_git_folder(path.parent):
        complaint = _complaint(listed) if listed else "it does not answer"
        raise Refused(f"git cannot tell whether it tracks {path}: {complaint}")
    return False


def _differing(folder: Path, what: str) -> tuple[str, ...]:
    return _listed(folder, "diff", "--name-only", "--no-renames", "--relative", "-z", what)


def _listed(folder: Path, *arguments: str) -> tuple[str, ...]:
    result = _git(folder, *arguments)
    if result is None or result.returncode != 0:
        complaint = _complaint(result) if result else "it is not installed or does not answer"
        raise UsageError(f"git cannot tell what changed: {complaint}")
    return tuple(filter(None, _text(result.stdout).split("\0")))


def _known(folder: Path, *arguments: str) -> str | None:
    result = _git(folder, *arguments)
    return _text(result.stdout).strip() if result and result.returncode == 0 else None


def _text(output: bytes) -> str:
    return output.decode("utf-8", "surrogateescape")


def _commit(folder: Path) -> str | None:
    return _known(folder, "rev-parse", "--verify", "--quiet", "HEAD")


def _entries(porcelain: str, prefix: str) -> tuple[frozenset[str], frozenset[str]]:
    modified: set[str] = set()
    untracked: set[str] = set()
    fields = iter(porcelain.split("\0"))
    for entry in fields:
        if not entry:
            continue
        state, path = entry[:2], entry[3:]
        if "R" in state or "C" in state:
            modified.add(_relative(next(fields), prefix))
        (untracked if state == "??" else modified).add(_relative(path, prefix))
    return frozenset(modified), frozenset(untracked)


def _relative(path: str, prefix: str) -> str:
    return os.path.relpath(path, prefix or ".").replace(os.sep, "/")


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    try:
        return subprocess.run(
            ["git", *_QUIET, *arguments],
            cwd=folder,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None


def _has_git_folder(folder: Path) -> bool:
    resolved = folder.resolve()
    return any((parent / ".git").exists() for parent in (resolved, *resolved.parents))


def _complaint(result: subprocess.CompletedProcess[bytes]) -> str:
    lines = result.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[0] if lines else f"exit code {result.returncode}"
