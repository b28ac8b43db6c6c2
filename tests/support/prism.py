"""Prism with GitHub's own description, between a forge on loopback and what answers there.

The forge takes a request, counts it, and may let it fail as a test has it; what it would answer
itself goes through Prism, which lets through requests and answers that hold to the description.
"""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from forge import Forge, Relay, relaying
from shapes import Shapes

DESCRIPTION = Path(__file__).parents[1] / "bot/github/description.json"


@dataclass(frozen=True)
class Prism:
    """Where Prism listens, and whom it asks."""

    url: str
    relay: Relay
    shapes: Shapes

    def guard(self, forge: Forge) -> None:
        """Puts Prism between ``forge`` and its answers, which are made whole."""
        self.relay.forge = forge
        forge.guard = self.url
        forge.complete = self.shapes.complete


@contextmanager
def listening(node: Path, packages: Path) -> Iterator[Prism]:
    """Prism as a process of its own. It needs seconds to start, and serves one forge at a time."""
    shapes = Shapes(json.loads(DESCRIPTION.read_text()))
    with relaying() as relay:
        port = _free_port()
        program = packages / "@stoplight/prism-cli/dist/index.js"
        listen = ["--errors", "--host", "127.0.0.1", "--port", str(port)]
        process = subprocess.Popen(
            [node, program, "proxy", DESCRIPTION, relay.url, *listen],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            _wait(process)
            yield Prism(f"http://127.0.0.1:{port}", relay, shapes)
        finally:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _wait(process: subprocess.Popen[str]) -> None:
    """Until it listens; what it says after that is read and forgotten."""
    output = process.stdout
    assert output
    said: list[str] = []
    while "is listening" not in (said or [""])[-1]:
        line = output.readline()
        assert line, "".join(said)
        said.append(line)
    # A pipe that nobody reads would hold it up.
    threading.Thread(target=output.read, daemon=True).start()
