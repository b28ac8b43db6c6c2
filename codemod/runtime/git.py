"""What git knows of the work tree, asked in a way that runs nothing the repository brings."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from codemod.errors import Refused, UsageError

_TIMEOUT_SECONDS = 60
_EXCLUDE = "--exclude-standard"
_DIFF = ("diff", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", "--relative", "-z")
_ABSENT = "000000"
_FILES = frozenset({"100644", "100755"})
"""The modes of what is no file, and of a regular one, in what ``_DIFF`` prints."""
_UNMERGED = "U"
_KIND_AND_SIZE = 2
_UNMATCHED = 1
"""The exit code of ``git ls-files --error-unmatch`` for a path that is not tracked."""
_READING_FILES = ("status", "diff")
_FILTERS = r"^filter\..*\.(clean|smudge|process|required)$"
_COUNT = "GIT_CONFIG_COUNT"
_OWN_SCOPES = ("local", "worktree")
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


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs below a folder between two states of it.

    ``paths`` are POSIX and relative to the folder. ``before`` are the files that the older state
    holds otherwise than the work tree does, and ``after`` those that the newer one does: their
    bytes, None where a state lacks them. Links and nested repositories are in neither.
    """

    paths: tuple[str, ...]
    before: Mapping[str, bytes | None]
    after: Mapping[str, bytes | None]


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


def changed_since(folder: Path, revision: str) -> Difference:
    """What the work tree changes of where HEAD and ``revision`` part, untracked files included.

    Raises ``UsageError`` where ``folder`` is in no work tree or ``revision`` names no commit in it.
    """
    _require_work_tree(folder)
    commit = _known(folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise UsageError(f'git knows no commit "{revision}" in {folder}')
    base = _known(folder, "merge-base", commit, "HEAD") or commit
    changed = _differing(folder, base)
    untracked = _untracked(folder)
    before = {**dict.fromkeys(untracked), **_contents(folder, changed)}
    return Difference((*(each.path for each in changed), *untracked), before, {})


def staged(folder: Path) -> Difference:
    """What the next commit changes. Raises ``UsageError`` where ``folder`` is in no work tree."""
    _require_work_tree(folder)
    changed = _differing(folder, "--cached")
    index = {**dict.fromkeys(_untracked(folder)), **_contents(folder, _differing(folder))}
    before = {**index, **_contents(folder, changed)}
    return Difference(tuple(each.path for each in changed), before, index)


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


@dataclass(frozen=True, slots=True)
class _Changed:
    """A file that differs: its mode and the object with its content on the older side."""

    path: str
    mode: str
    blob: str


def _require_work_tree(folder: Path) -> None:
    inside = _git(folder, "rev-parse", "--is-inside-work-tree")
    if inside is None:
        raise UsageError("git cannot tell what changed: it is not installed or does not answer")
    if inside.returncode == 0 and inside.stdout.strip() == b"true":
        return
    if _has_git_folder(folder) and inside.returncode != 0:
        raise UsageError(f"git cannot tell what changed: {_complaint(inside)}")
    raise UsageError(f"{folder} is not in a git work tree")


def _differing(folder: Path, *what: str) -> tuple[_Changed, ...]:
    """The files that ``git diff`` tells, those that wait for a merge to be resolved left out."""
    fields = iter(_listed(folder, *_DIFF, *what))
    entries = [(entry.split(" "), path) for entry, path in zip(fields, fields, strict=True)]
    # One of them is told twice: as such, and as what it differs from one side in.
    unmerged = {path for (*_, state), path in entries if state == _UNMERGED}
    return tuple(
        _Changed(path, mode.removeprefix(":"), blob)
        for (mode, _, blob, *_), path in entries
        if path not in unmerged
    )


def _untracked(folder: Path) -> tuple[str, ...]:
    return _listed(folder, "ls-files", "--others", "-z", _EXCLUDE)


def _contents(folder: Path, changed: Iterable[_Changed]) -> dict[str, bytes | None]:
    """The files on the older side of a difference; None for those that are not there."""
    absent = {each.path: None for each in changed if each.mode == _ABSENT}
    files = {each.path: each.blob for each in changed if each.mode in _FILES}
    blobs = _blobs(folder, dict.fromkeys(files.values()))
    return {**absent, **{path: blobs[blob] for path, blob in files.items()}}


def _blobs(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The contents of objects, by their names."""
    asked = "".join(f"{name}\n" for name in names)
    if not asked:
        return {}
    answer = _git(folder, "cat-file", "--batch", given=asked.encode())
    if answer is None or answer.returncode != 0:
        complaint = _complaint(answer) if answer else "it does not answer"
        raise UsageError(f"git cannot tell what files held: {complaint}")
    return dict(_batch(answer.stdout))


def _batch(output: bytes) -> Iterator[tuple[str, bytes]]:
    """Reads what ``git cat-file --batch`` prints: a line of name, kind and size, the content."""
    start = 0
    while start < len(output):
        end = output.index(b"\n", start)
        name, *rest = output[start:end].decode().split(" ")
        if len(rest) != _KIND_AND_SIZE:
            raise UsageError(f"git cannot tell what files held: it lacks the object {name}")
        start = end + 1 + int(rest[1])
        yield name, output[end + 1 : start]
        start += 1


def _listed(folder: Path, *arguments: str) -> tuple[str, ...]:
    result = _git(folder, *arguments)
    if result is None or result.returncode != 0:
        complaint = _complaint(result) if result else "it does not answer"
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


def _git(
    folder: Path, *arguments: str, given: bytes = b""
) -> subprocess.CompletedProcess[bytes] | None:
    settings = _without_filters(folder) if arguments[0] in _READING_FILES else {}
    return _ran(folder, *arguments, given=given, settings=settings)


def _without_filters(folder: Path) -> dict[str, str]:
    """Variables that leave out the filters that the repository's own configuration names.

    They are programs that git has read the files of the work tree; those of the user stay, which
    stand for large files there. An option cannot tell of names with an equals sign.
    """
    listed = _ran(folder, "config", "--show-scope", "--name-only", "-z", "--get-regexp", _FILTERS)
    fields = iter(_text(listed.stdout).split("\0")[:-1] if listed else ())
    own = [name for scope, name in zip(fields, fields, strict=True) if scope in _OWN_SCOPES]
    given = os.environ.get(_COUNT, "")
    first = int(given) if given.isdecimal() else 0
    settings = {_COUNT: str(first + len(own))} if own else {}
    for number, name in enumerate(own, first):
        settings |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": ""}
    return settings


def _ran(
    folder: Path, *arguments: str, given: bytes = b"", settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes] | None:
    try:
        return subprocess.run(
            ["git", *_QUIET, *arguments],
            cwd=folder,
            env={**os.environ, **(settings or {})},
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
            input=given,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None


def _has_git_folder(folder: Path) -> bool:
    resolved = folder.resolve()
    return any((parent / ".git").exists() for parent in (resolved, *resolved.parents))


def _complaint(result: subprocess.CompletedProcess[bytes]) -> str:
    lines = result.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[0] if lines else f"exit code {result.returncode}"
