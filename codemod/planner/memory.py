"""What was found in a project, kept for the next plan of a project that is the same."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from codemod.model import Finding, Project
from codemod.scanner.cache import facts
from codemod.scanner.cache.facts import Facts
from codemod.scanner.cache.identity import identity
from codemod.scanner.cache.store import Store
from codemod.scanner.files import Files
from codemod.scanner.tracing import Trace, files_read
from codemod.settings import Settings


@dataclass(frozen=True, slots=True)
class Found:
    """All findings with their repairs, and the files read for these with their SHA-256 (hex)."""

    findings: tuple[Finding, ...]
    read: Mapping[str, str]


class _Entry(msgspec.Struct, array_like=True, frozen=True):
    """Findings. ``identity`` says whose they are, ``facts`` are what their repairs rest on."""

    identity: str
    facts: Facts
    findings: msgspec.Raw


class Memory:
    """The memory of what some settings find in a root: one entry in the folder ``cache``.

    ``asked`` tells these apart from others, ``digest`` is that of the project.
    """

    def __init__(self, cache: Path, root: Path, asked: bytes, digest: str) -> None:
        self._store = Store(cache)
        self._root = root
        self._name = hashlib.sha256(asked).hexdigest()
        self._identity = identity(asked + digest.encode())
        self._began = time.time_ns()

    @staticmethod
    def of(cache: Path | None, project: Project, settings: Settings) -> Memory | None:
        """None where nothing is kept: what git tells is another thing each time."""
        if cache is None or project.digest is None:
            return None
        if project.overlay or settings.changed is not None:
            return None
        about = ("findings", str(project.root), project.scope, replace(settings, places={}))
        asked = repr(about).encode("utf-8", "backslashreplace")
        return Memory(cache, project.root, asked, project.digest)

    def recall(self) -> Found | None:
        """What was found, None where it is not known any more."""
        content = self._store.read(self._name)
        if content is None:
            return None
        try:
            entry = msgspec.msgpack.decode(content, type=_Entry)
            if entry.identity != self._identity:
                return None
            checked = facts.check(entry.facts, Files(self._root))
            findings = msgspec.msgpack.decode(entry.findings, type=tuple[Finding, ...])
        except (msgspec.MsgspecError, LookupError):
            return None
        if checked.wrong:
            return None
        answers = dict(zip(entry.facts.questions, entry.facts.answers, strict=True))
        if not checked.is_settled:
            self._write(entry.findings, answers)
        return Found(findings, files_read(answers.items()))

    def keep(self, found: Found, trace: Trace) -> None:
        """Keeps what was found, which rests on ``trace``."""
        answers = facts.united(trace)
        if answers is None:
            return
        needed = {question: answers[question] for question in facts.needed(answers)}
        try:
            self._write(msgspec.Raw(msgspec.msgpack.encode(found.findings)), needed)
        except UnicodeEncodeError:
            # A name that is no text.
            return

    def _write(self, findings: msgspec.Raw, answers: Mapping[str, str]) -> None:
        gathered = facts.gather(answers, self._root, self._began)
        entry = _Entry(self._identity, gathered, findings)
        self._store.write(self._name, msgspec.msgpack.encode(entry))
