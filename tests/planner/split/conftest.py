from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from codemod import scan
from codemod.model import Location
from codemod.planner import split
from codemod.planner.refusal import Refusal
from codemod.planner.split import Split
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.syntax.edits import apply_edits

CONFIGURATION = """\
{
  "name": "api",
  "main": "src/index.ts",
  "compatibility_date": "2026-03-10",
  "durable_objects": {
    "bindings": [{ "name": "ROOM", "class_name": "Room" }]
  },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Room"] }]
}
"""

ROOM = """\
import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {}
"""

ENTRY = """\
export { Room } from "./room";

export default {
  async fetch() {
    return new Response("api");
  },
};
"""


@dataclass(frozen=True)
class Outcome:
    """What ``propose`` gives for the Worker in the folder ``api``, and what it leaves behind."""

    root: Path
    found: Split | Refusal

    @property
    def split(self) -> Split:
        assert isinstance(self.found, Split), self.found
        return self.found

    @property
    def refusal(self) -> Refusal:
        assert isinstance(self.found, Refusal), "it was split"
        return self.found

    @property
    def changed(self) -> dict[str, str]:
        """The files that exist, as the split leaves them."""
        return {
            path: apply_edits(
                (self.root / path).read_bytes(),
                [edit for edit in self.split.edits if edit.path == path],
            ).decode()
            for path in {edit.path for edit in self.split.edits}
        }

    @property
    def new(self) -> dict[str, str]:
        return {file.path: file.text for file in self.split.new_files}

    @property
    def steps(self) -> list[str]:
        return list(self.split.steps)

    def text(self, place: Location) -> str:
        """The first line of what a place points at."""
        content = (self.root / place.path).read_bytes()[place.span.start : place.span.end]
        return (content.decode().splitlines() or [""])[0]

    def write(self) -> None:
        """Carries the split out."""
        for path, text in {**self.changed, **self.new}.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())


Splitting = Callable[..., Outcome]


@pytest.fixture
def splitting(tmp_path: Path) -> Splitting:
    """Writes a repository whose Worker ``api`` hosts the class ``Room``, and splits that Worker.

    ``files`` are written over it as they are, line ends included; None takes a file away.
    """

    def run(
        files: Mapping[str, str | None] | None = None,
        *,
        fresh: bool = False,
        worker: str = "api/wrangler.jsonc",
    ) -> Outcome:
        written = {
            "api/wrangler.jsonc": CONFIGURATION,
            "api/src/room.ts": ROOM,
            "api/src/index.ts": ENTRY,
            **(files or {}),
        }
        for path, text in written.items():
            if text is not None:
                file = tmp_path / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(text.encode())
        project = scan(tmp_path)
        target = project.worker(worker)
        assert target is not None, worker
        reading = Files(tmp_path)
        found = split.propose(reading, Modules(reading), project, target, fresh=fresh)
        return Outcome(tmp_path, found)

    return run
