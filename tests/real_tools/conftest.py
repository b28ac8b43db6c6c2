"""The compiler, wrangler and its schema, as users run them on a repository."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from codemod import apply, plan, scan
from codemod.settings import Settings, parse_strategy
from codemod.syntax import documents

EXAMPLES = Path(__file__).parents[2] / "examples"
START = 90  # seconds that a runtime gets to start on a busy machine
ANSWER = 30  # seconds that it gets for one answer


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
    """Programs of the pinned npm packages, apart from the settings of whoever runs the tests."""

    node: Path
    packages: Path
    home: Path

    def tsc(self, root: Path) -> Outcome:
        """Checks the types of a repository, and lists the files that it looked at."""
        types = ["--typeRoots", self.packages, "--types", "@cloudflare/workers-types"]
        command = [self.packages / "typescript/bin/tsc", "--noEmit", "--listFiles", *types]
        return self._run(command, root)

    def wrangler(self, *arguments: str | Path, folder: Path) -> Outcome:
        return self._run([self.packages / "wrangler/bin/wrangler.js", *arguments], folder)

    @contextmanager
    def wrangler_dev(self, *arguments: str | Path, folder: Path) -> Iterator[Development]:
        """``wrangler dev`` on a free port of this machine; ends with all that it started."""
        port = _free_port()
        log = self.home / "dev.log"
        listen = ["--ip", "127.0.0.1", "--port", str(port), "--inspector-port", "0"]
        with log.open("w") as output:
            process = subprocess.Popen(
                [self.node, self.packages / "wrangler/bin/wrangler.js", "dev", *arguments, *listen],
                cwd=folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
            )
        try:
            yield Development(port, process, log)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

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
            "CI": "1",
            "NO_COLOR": "1",
            "CLOUDFLARE_CF_FETCH_ENABLED": "false",
            "WRANGLER_HIDE_BANNER": "true",
            "WRANGLER_SEND_ERROR_REPORTS": "false",
            "WRANGLER_SEND_METRICS": "false",
        }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def programs(node_tools, tmp_path: Path) -> Programs:
    home = tmp_path / "home"
    home.mkdir()
    return Programs(node_tools.node, node_tools.packages.resolve(), home)


@pytest.fixture
def example(tmp_path: Path) -> Callable[..., Path]:
    """Copies an example; repaired, where a strategy is named."""

    def copy(name: str, strategy: str | None = None) -> Path:
        root = tmp_path / name
        shutil.copytree(
            EXAMPLES / name, root, ignore=shutil.ignore_patterns("node_modules", ".wrangler")
        )
        if strategy is not None:
            settings = Settings(strategy=parse_strategy(strategy), unsafe_fixes=True)
            made = plan(scan(root), settings)
            assert made.changes
            apply(made, settings)
        return root

    return copy


@pytest.fixture
def configurations(plain) -> Callable[[Path], dict[str, dict]]:
    """The configurations in a folder: what each one holds, by its path."""

    def read(root: Path) -> dict[str, dict]:
        return {
            path.relative_to(root).as_posix(): plain(
                documents.parse(path.name, path.read_bytes()).root
            )
            for path in sorted(root.rglob("wrangler.*"))
        }

    return read


@pytest.fixture
def violations(node_tools) -> Callable[[object], list[str]]:
    """What wrangler's own schema has against a configuration."""
    # Imported where used: the everyday run collects this file and validates nothing.
    import jsonschema

    schema = json.loads((node_tools.packages / "wrangler/config-schema.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    return lambda configuration: [
        f"{error.json_path}: {error.message}" for error in validator.iter_errors(configuration)
    ]


@pytest.fixture
def dry_run(programs, configurations) -> Callable[[Path], dict[str, str]]:
    """Deploys nothing, for all Workers and their environments; the output of those that fail."""

    def deploy(root: Path) -> dict[str, str]:
        failed = {}
        for path, configuration in configurations(root).items():
            if "main" not in configuration:
                continue
            for environment in ("", *configuration.get("env", ())):
                out = programs.home / "out" / path / (environment or "top")
                options = ["--outdir", out, "--env", environment, *_date(configuration)]
                outcome = programs.wrangler(
                    "deploy", "--dry-run", "-c", path, *options, folder=root
                )
                if outcome.code or not list(out.glob("*.js")):
                    failed[f"{path} {environment}"] = outcome.output
        return failed

    return deploy


def _date(configuration: dict) -> list[str]:
    # A Worker can be deployed with a date in its configuration or in the command only.
    return [] if "compatibility_date" in configuration else ["--compatibility-date", "2026-05-12"]
