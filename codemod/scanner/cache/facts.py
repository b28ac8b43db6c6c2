"""Answers about the files that were given once, and whether they would be given again.

A file is taken to be unchanged where the system says that nothing has touched it, a folder where
no name came or went. What was touched shortly before it was read proves nothing by that, since
clocks are coarse: it is asked about again, as is everything that is reached through a link.
"""

from __future__ import annotations

import os
import posixpath
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from codemod.scanner import discover, tracing
from codemod.scanner.files import Files
from codemod.scanner.resolving.packages import is_manifest
from codemod.scanner.tracing import Trace

Mark = tuple[int, int, int, int]
"""Inode, size, and the times of the last change of the content and of anything, in nanoseconds."""

_COARSEST = 2_000_000_000
"""Nanoseconds between two changes of a file that some file system gives the same time."""

_LISTED: Mapping[str, Callable[[str], bool]] = {
    discover.STARTS.letter: discover.STARTS.names,
    discover.MODULES.letter: discover.MODULES.names,
    "p": is_manifest,
    "a": bool,
}


class Guard(msgspec.Struct, array_like=True, frozen=True):
    """A file or folder whose ``mark`` vouches for answers, told by their places."""

    path: str
    mark: Mark
    answers: tuple[int, ...]


class Facts(msgspec.Struct, array_like=True, frozen=True):
    """Questions with their answers, and what vouches for them.

    Nothing ever vouches for the answers ``unguarded``, nothing yet for the ``young`` ones.
    """

    questions: tuple[str, ...]
    answers: tuple[str, ...]
    guards: tuple[Guard, ...]
    young: tuple[int, ...]
    unguarded: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The places of the answers that are others by now.

    ``is_settled`` says that all was vouched for that can be.
    """

    wrong: frozenset[int]
    is_settled: bool


def united(trace: Trace) -> dict[str, str] | None:
    """All answers that ``trace`` and its parts rest on.

    None where two of them differ: a file changed while it was read, and nothing can be told to
    hold.
    """
    answers: dict[str, str] = {}
    for each in trace.every():
        for question, answer in each.answers.items():
            if answers.setdefault(question, answer) != answer:
                return None
    return answers


def needed(answers: Mapping[str, str]) -> list[str]:
    """The questions, without those that another answer tells: what is read is a file."""
    return [
        question
        for question, answer in answers.items()
        if not question.startswith(tracing.KIND)
        or answer != "f"
        or answers.get(tracing.READ + question.removeprefix(tracing.KIND), "!").startswith("!")
    ]


def gather(answers: Mapping[str, str], root: Path, began: int) -> Facts:
    """``answers`` with the marks that vouch for them.

    ``began`` is when the first of them was given, in nanoseconds.
    """
    marks = _Marks(_top(root), began)
    guarded: dict[str, list[int]] = {}
    unguarded: list[int] = []
    for place, (question, answer) in enumerate(answers.items()):
        path = marks.guard(question, answer)
        if path is None:
            unguarded.append(place)
        else:
            guarded.setdefault(path, []).append(place)
    guards = []
    young: list[int] = []
    for path, places in guarded.items():
        mark = marks.proven(path)
        if mark is None:
            young += places
        else:
            guards.append(Guard(path, mark, tuple(places)))
    return Facts(
        tuple(answers), tuple(answers.values()), tuple(guards), tuple(young), tuple(unguarded)
    )


def check(facts: Facts, files: Files) -> Checked:
    """Compares the answers with those that ``files`` give now."""
    top = _top(files.root)
    folders = _Folders(top)
    doubtful = list(facts.young)
    for guard in facts.guards:
        around = posixpath.dirname(guard.path)
        # A folder that was moved has the same files, and a link to it may lead out of the root.
        is_there = folders.nearest(around) == around and not files.is_overlaid(guard.path)
        if not is_there or _mark(_seen(top + guard.path)) != guard.mark:
            doubtful += guard.answers
    with files.recorder.apart():
        wrong = frozenset(
            place
            for place in (*doubtful, *facts.unguarded)
            if _asked(facts.questions[place], files) != facts.answers[place]
        )
    return Checked(wrong, is_settled=not doubtful)


class _Marks:
    """Looks at files and folders for what vouches for an answer, at each once."""

    def __init__(self, top: str, began: int) -> None:
        self._top = top
        self._began = began
        self._folders = _Folders(top)

    def guard(self, question: str, answer: str) -> str | None:
        """The file or folder whose mark vouches for an answer; None: nothing does."""
        kind, path = question[0], question[1:]
        if answer.startswith(("!", "@")) or posixpath.normpath(path) != path:
            # The root's own path is empty.
            return "" if kind == tracing.LIST and path[1:] == "" and answer[0] != "!" else None
        if kind == tracing.LIST:
            folder = path[1:]
            return folder if self._folders.nearest(folder) == folder else None
        if kind not in (tracing.READ, tracing.KIND, tracing.LINK):
            return None
        try:
            is_link = stat.S_ISLNK(os.lstat(self._top + path).st_mode)
        except (FileNotFoundError, NotADirectoryError):
            is_link = False
        except (OSError, ValueError):
            return None
        if is_link:
            return None
        folder = posixpath.dirname(path)
        around = self._folders.nearest(folder)
        if kind != tracing.READ:
            return around
        # Elsewhere than on Windows, no content changes without the time of the change being told.
        return path if around == folder and sys.platform != "win32" else None

    def proven(self, path: str) -> Mark | None:
        """The mark of a file or folder, None where it may have changed after it was asked about."""
        mark = _mark(_seen(self._top + path))
        return mark if mark and max(mark[2:]) < self._began - _COARSEST else None


class _Folders:
    """Looks for folders below ``top``, for each once."""

    def __init__(self, top: str) -> None:
        self._top = top
        self._known: dict[str, str | None] = {"": ""}

    def nearest(self, folder: str) -> str | None:
        """The nearest folder at or above ``folder``; None where a link leads there."""
        asked: list[str] = []
        while folder not in self._known:
            if folder.startswith(("/", "..")):
                self._known[folder] = None
                break
            asked.append(folder)
            folder = posixpath.dirname(folder)
        for below in reversed(asked):
            self._known[below] = self._look(below)
        return self._known[asked[0] if asked else folder]

    def _look(self, folder: str) -> str | None:
        """The same for a folder of which the one above is known."""
        above = posixpath.dirname(folder)
        around = self._known[above]
        if around != above:
            return around
        try:
            mode = os.lstat(self._top + folder).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return above
        except (OSError, ValueError):
            return None
        if stat.S_ISLNK(mode):
            return None
        return folder if stat.S_ISDIR(mode) else above


def _top(root: Path) -> str:
    return str(root).rstrip(os.sep) + os.sep


def _seen(place: str) -> os.stat_result | None:
    try:
        return os.lstat(place)
    except (OSError, ValueError):
        return None


def _mark(found: os.stat_result | None) -> Mark | None:
    if found is None:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _asked(question: str, files: Files) -> str:
    kind, path = question[0], question[1:]
    match kind:
        case tracing.READ:
            return files.digest(path)
        case tracing.KIND:
            return files.kind(path)
        case tracing.LINK:
            return files.link(path)
        case tracing.LIST:
            return files.listing(path[1:], path[:1], _LISTED[path[:1]])
        case tracing.READ_ABOVE:
            return files.digest_above(path)
        case _:
            return "+" if files.exists_above(Path(path)) else "-"
