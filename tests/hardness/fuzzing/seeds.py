"""What fuzzing starts from: the project's own cases, as the targets take them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from targets import PLANNED

from codemod import planner
from codemod.diagnosis.messages import MESSAGES
from codemod.model import Strategy
from codemod.planner import plan_file
from codemod.scanner import scan
from codemod.settings import Settings

_TESTS = Path(__file__).parents[2]
_MOST = 12_000
"""Bytes of a repository that is still worth mutating."""


def configuration() -> Iterator[bytes]:
    for path in sorted(_TESTS.glob("rules/*/*/before/**/*")):
        if path.suffix in (".json", ".jsonc"):
            yield b"j" + path.read_bytes()
        elif path.suffix == ".toml":
            yield b"t" + path.read_bytes()


def repository() -> Iterator[bytes]:
    for case in sorted(_TESTS.glob("rules/*/*/before")):
        files = sorted(path for path in case.rglob("*") if path.is_file())
        text = b"".join(
            b"--- %s\n%s" % (bytes(path.relative_to(case)), path.read_bytes()) for path in files
        )
        if len(text) <= _MOST:
            yield text


def plan_files() -> Iterator[bytes]:
    for strategy in (None, *Strategy):
        settings = Settings(strategy=strategy, unsafe_fixes=True)
        plan = planner.plan(scan(PLANNED), settings)
        yield plan_file.encode(plan, settings, ".", None, "wfix")
    entry = {"fingerprint": "0", "rule": "r", "worker": "w", "binding": None, "path": "p"}
    yield json.dumps({"version": 1, "findings": [entry]}).encode()


def messages() -> Iterator[bytes]:
    for message in MESSAGES:
        yield message.title.encode()
        yield b"".join(b"%s\n" % wording.encode() for wording in message.wordings)
