"""Servers that queues live in, on loopback, each in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ports import own_port

STORES = ("sqlite", "redis", "postgresql")
_SECONDS = 30
_NOBODY = "nobody"


@contextmanager
def store(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a fresh store of that kind; a file of SQLite is in ``folder``."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'queue.db'}"
        return
    with {"redis": _redis, "postgresql": _postgresql}[kind]() as url:
        yield url


@contextmanager
def _redis() -> Iterator[str]:
    with own_port() as port, tempfile.TemporaryDirectory(prefix="redis-") as folder:
        listen = ["--bind", "127.0.0.1", "--port", str(port)]
        command = ["redis-server", *listen, "--save", "", "--dir", folder]
        with _running(command, port):
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _postgresql() -> Iterator[str]:
    with own_port() as port, tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        # It does not run as root.
        user = _NOBODY if os.getuid() == 0 else None
        if user:
            shutil.chown(folder, user)
        data = f"{folder}/data"
        subprocess.run(
            [_program("initdb"), "-D", data, "-A", "trust", "-U", "wfix", "--no-sync"],
            user=user,
            cwd=folder,
            check=True,
            capture_output=True,
        )
        listen = ["-h", "127.0.0.1", "-p", str(port), "-k", folder]
        command = [_program("postgres"), "-D", data, *listen, "-c", "fsync=off"]
        with _running(command, port, user, folder):
            yield f"postgresql://wfix@127.0.0.1:{port}/postgres"


def is_missing(kind: str) -> bool:
    """Whether the server's program is not on this machine, where that is no fault: not in CI."""
    program = {"redis": "redis-server", "postgresql": _program("initdb")}[kind]
    return shutil.which(program) is None and "CI" not in os.environ


def fresh(url: str, name: str) -> str:
    """The URL of an empty store called ``name`` in the server at ``url``."""
    if url.startswith("redis:"):
        from redis import Redis

        Redis.from_url(url).flushall()
        return url
    if url.startswith("postgresql:"):
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"create database {name}")
        return url.replace("/postgres", f"/{name}")
    return url


def _program(name: str) -> str:
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(newest[-1]) if newest else name


@contextmanager
def _running(
    command: list[str], port: int, user: str | None = None, folder: str | None = None
) -> Iterator[None]:
    process = subprocess.Popen(
        command, user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _await_port(process, port)
        yield
    finally:
        # With SIGTERM, PostgreSQL waits until all have gone.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_port(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, process.args
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
            continue
        # PostgreSQL listens a moment before it lets anybody in.
        time.sleep(0.3)
        return
    raise AssertionError(process.args)
