"""Programs of the npm packages: the compiler, wrangler, and wrangler as a server."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from ports import own_port

START = 90  # seconds that a runtime gets to start on a busy machine
ANSWER = 30  # seconds that it gets for one answer
FAR_FUTURE = 10**13  # milliseconds since 1970
NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Outcome:
    code: int
    output: str


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str

    def json(self):
        return json.loads(self.body)


@dataclass(frozen=True)
class Development:
    """A running ``wrangler dev``."""

    port: int
    process: subprocess.Popen[str]
    log: Path

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        pytest.fail(f"not ready after {START} s: {self.log.read_text()}")

    def first_answer(self, path: str, *, unless: re.Pattern[str] = NEVER) -> Answer | None:
        """The answer to a GET as soon as there is one; None where the server ends instead.

        Its port alone says nothing: wrangler may open it before the runtime refuses to start.
        An answer in which ``unless`` is found does not count.
        """
        deadline = time.monotonic() + START
        while self.process.poll() is None:
            with suppress(OSError, http.client.HTTPException):
                answer = self.ask("GET", path)
                if not unless.search(answer.body):
                    return answer
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)
        return None

    def wait_until_ended(self) -> Outcome:
        return Outcome(self.process.wait(START), self.log.read_text())

    def ask(self, method: str, path: str, given: object = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER)
        try:
            connection.request(method, path, None if given is None else json.dumps(given))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())
        finally:
            connection.close()


@dataclass(frozen=True)
class Programs:
    """Programs of pinned npm packages, apart from the settings of whoever runs the tests.

    The compiler and its types come from ``compiler``, whichever wrangler is in ``packages``.
    """

    node: Path
    packages: Path
    compiler: Path
    home: Path

    @classmethod
    def at(cls, home: Path, node: Path, packages: Path, compiler: Path) -> Programs:
        """Programs with an empty home; its folder is made."""
        # As if wrangler had just looked for a newer release of itself, so that it does not.
        looked_up = home / "update-check" / "wrangler-latest.json"
        looked_up.parent.mkdir(parents=True)
        looked_up.write_text(json.dumps({"latest": "0.0.0", "lastUpdate": FAR_FUTURE}))
        return cls(node, packages.resolve(), compiler.resolve(), home)

    def tsc(self, root: Path) -> Outcome:
        """Checks the types of a repository, and lists the files that it looked at."""
        types = ["--typeRoots", self.compiler, "--types", "@cloudflare/workers-types"]
        command = [self.compiler / "typescript/bin/tsc", "--noEmit", "--listFiles", *types]
        return self._run(command, root)

    def wrangler(self, *arguments: str | Path, folder: Path) -> Outcome:
        return self._run([self.packages / "wrangler/bin/wrangler.js", *arguments], folder)

    @contextmanager
    def development(self, *command: str | Path, folder: Path) -> Iterator[Development]:
        """A wrangler that serves on a free port of this machine; ends with all that it started."""
        with own_port() as port:
            log = self.home / f"development-{port}.log"
            process = self._serving(command, port, folder, log)
            try:
                yield Development(port, process, log)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _serving(
        self, command: Iterable[str | Path], port: int, folder: Path, log: Path
    ) -> subprocess.Popen[str]:
        listen = ["--ip", "127.0.0.1", "--port", str(port), "--inspector-port", "0"]
        with log.open("w") as output:
            return subprocess.Popen(
                [self.node, self.packages / "wrangler/bin/wrangler.js", *command, *listen],
                cwd=folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
            )

    def _run(self, command: list[str | Path], folder: Path) -> Outcome:
        process = subprocess.run(
            [self.node, *command],
            cwd=folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
        )
        return Outcome(process.returncode, process.stdout)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TMPDIR": str(self.home),
            "CI": "1",
            "NO_COLOR": "1",
            "NODE_ENV": "test",  # else wrangler 3 looks for a sample of `request.cf`
            "CLOUDFLARE_CF_FETCH_ENABLED": "false",
            "WRANGLER_HIDE_BANNER": "true",
            "WRANGLER_SEND_ERROR_REPORTS": "false",
            "WRANGLER_SEND_METRICS": "false",
        }
