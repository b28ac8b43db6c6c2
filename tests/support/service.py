"""The bot's service as programs, and webhooks as the forge sends them."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from forge import BOT, TOKEN

SUPPORT = Path(__file__).parent
ROOT = SUPPORT.parents[1]
SECRET = "s3cret-0f-the-webhooks"
NAME = "acme/workers"
_SECONDS = 30


def environment(**more: str) -> dict[str, str]:
    path = f"{ROOT}{os.pathsep}{SUPPORT}"
    names = ("PATH", "XDG_CACHE_HOME", "LOCALAPPDATA")
    passed_on = {name: os.environ[name] for name in names if name in os.environ}
    return passed_on | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"} | more


def signed_in(url: str, folder: Path) -> dict[str, str]:
    """The environment of a program that signs in to the forge at ``url``."""
    sign_in = {"WFIX_BOT_TOKEN": TOKEN, "WFIX_BOT_API_URL": url, "WFIX_BOT_LOGIN": BOT}
    return environment(TMPDIR=str(folder), **sign_in)


@dataclass
class Program:
    """``wfix bot …`` as it runs, and what it has said so far."""

    process: subprocess.Popen[str]
    said: list[str]
    reader: threading.Thread

    def wait(self, seconds: float = _SECONDS) -> int:
        code = self.process.wait(seconds)
        self.reader.join(_SECONDS)
        return code

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.wait()


def start(*arguments: object, module: str = "codemod", **given: str) -> Program:
    """Starts ``wfix bot`` with ``arguments`` in the environment ``given``; it is in ``module``."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, "bot", *map(str, arguments)],
        env=given,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    said: list[str] = []
    stream = process.stderr
    assert stream
    reader = threading.Thread(target=lambda: said.extend(stream), daemon=True)
    reader.start()
    return Program(process, said, reader)


@contextmanager
def running(*arguments: object, module: str = "codemod", **given: str) -> Iterator[Program]:
    """A program that is killed at the end, if it runs yet."""
    program = start(*arguments, module=module, **given)
    try:
        yield program
    finally:
        program.end()


@dataclass
class Service:
    """``wfix bot serve`` on a free port."""

    program: Program
    url: str

    def post(self, body: bytes, **headers: str | None) -> requests.Response:
        """Sends a webhook; a header that is None is left out."""
        given = {name.replace("_", "-"): value for name, value in headers.items() if value}
        return requests.post(f"{self.url}/webhooks", data=body, headers=given, timeout=_SECONDS)

    def metrics(self) -> dict[str, float]:
        text = requests.get(f"{self.url}/metrics", timeout=_SECONDS).text
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in lines}


@contextmanager
def serving_webhooks(queue: str, module: str = "codemod", **more: str) -> Iterator[Service]:
    given = environment(WFIX_BOT_WEBHOOK_SECRET=SECRET, **more)
    with running("serve", "--port", 0, "--queue", queue, module=module, **given) as program:
        yield Service(program, f"http://127.0.0.1:{_port(program)}")


def _port(program: Program) -> int:
    for _ in range(_SECONDS * 20):
        found = re.search(r"listening to \S+, port (\d+)", "".join(program.said))
        if found:
            return int(found[1])
        assert program.process.poll() is None, program.said
        threading.Event().wait(0.05)
    raise AssertionError(program.said)


def push(name: str = NAME) -> bytes:
    repository = {"full_name": name, "default_branch": "main"}
    sender = {"login": "ada", "type": "User"}
    return json.dumps(
        {"ref": "refs/heads/main", "repository": repository, "sender": sender}
    ).encode()


def signature(body: bytes, secret: str = SECRET) -> str:
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def headers(body: bytes, delivery: str, event: str = "push") -> dict[str, str]:
    return {
        "Content_Type": "application/json",
        "X_GitHub_Event": event,
        "X_GitHub_Delivery": delivery,
        "X_Hub_Signature_256": signature(body),
    }
