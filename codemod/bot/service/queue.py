"""The queue that a URL names: Huey on SQLite, PostgreSQL or Redis, and the records beside it.

A message holds a task's name and a repository's, and no more. It is JSON: Huey's own messages are
pickles, with which whoever can write to the queue can run code in every worker.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

import msgspec
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.api import Task
from huey.registry import Message
from huey.serializer import Serializer

from codemod.bot.service.records import Records, RedisRecords, SqlRecords
from codemod.errors import UsageError

VARIABLE = "WFIX_BOT_QUEUE"
DEFAULT = "sqlite:///wfix-bot.db"

_NAME = "wfix"
_BUSY_SECONDS = 30.0
_SILENT_SECONDS = 5
"""A store that is silent for longer is given up: a lease must not end before that is known."""
_SAID_BY_SERVER = "FATAL:"
_FORMS = "sqlite:///PATH, redis://HOST or postgresql://HOST/DATABASE"


class Queue:
    """An open queue: the messages of ``huey``, the ``records`` beside them.

    ``failures`` are what is raised where the store does not answer, or refuses to. ``work`` is what
    a consumer does with a message; it is given the repository's name.
    """

    def __init__(self, huey: Huey, records: Records, failures: type[Exception]) -> None:
        self.huey = huey
        self.records = records
        self.failures = failures
        self.work: Callable[[str], None] = _nothing

        def reconcile(repository: str) -> None:
            self.work(repository)

        self._message = huey.task()(reconcile)

    def send(self, repository: str, seconds: float = 0.0) -> None:
        """Tells the queue of ``repository``, at once or in so many ``seconds``."""
        if seconds <= 0:
            self._message(repository)
            return
        later: Task = self._message.s(repository, delay=seconds)
        self.huey.add_schedule(later)

    def add(self, counter: str, amount: int = 1) -> int:
        """Adds to a counter that all who use the store have in common; how far it is now."""
        return int(self.huey.storage.incr(counter, amount))


def opened(url: str) -> Queue:
    """The queue at ``url``, made where it is not there.

    Raises ``UsageError`` where there is no such thing or it does not answer; the error does not
    repeat ``url``, which may hold a password.
    """
    try:
        address = urlsplit(url)
        opener = _OPENERS.get(address.scheme)
        if opener is None:
            raise UsageError(f"the queue is none of {_FORMS}")
        return opener(url, address)
    except (ValueError, TypeError):
        # What they say may hold the password.
        reason = "it is no such URL, or what is special in its password is not written as %XX"
        raise UsageError(f"the queue cannot be opened: {reason}") from None


def described(error: Exception) -> str:
    """What a store failed of, without what may hold a part of a password.

    That is what SQLite says, and PostgreSQL's server: its client repeats pieces of the URL.
    """
    if isinstance(error, sqlite3.Error):
        return str(error)
    _, is_said, said = str(error).partition(_SAID_BY_SERVER)
    if is_said:
        return said.strip().partition("\n")[0]
    return f"{type(error).__name__} (is it there, and the URL right?)"


def has_password(url: str) -> bool:
    """Whether a URL says what nobody else should read."""
    try:
        address = urlsplit(url)
        has_one = bool(address.password)
    except ValueError:
        return "@" in url
    return has_one or any("password" in key for key in parse_qs(address.query))


def _nothing(_repository: str) -> None:
    raise AssertionError("this process only sends")


class _Note(msgspec.Struct):
    """A message as it is stored."""

    id: str
    task: str
    arguments: tuple[str, ...]
    eta: datetime | None = None


class _Plain(Serializer):  # type: ignore[misc]  # Huey has no types
    """Messages as JSON."""

    def _serialize(self, message: Message) -> bytes:
        return msgspec.json.encode(_Note(message.id, message.name, message.args, message.eta))

    def _deserialize(self, data: bytes) -> Message:
        note = msgspec.json.decode(data, type=_Note)
        return Message(note.id, note.task, eta=note.eta, args=note.arguments, kwargs={})


def _sqlite(_url: str, address: SplitResult) -> Queue:
    path = address.path.removeprefix("/")
    if address.netloc or not path:
        raise UsageError("a queue in a file is sqlite:///PATH, with four slashes from the root on")
    if not Path(path).absolute().parent.is_dir():
        raise UsageError(f"the folder of {path} is not there")
    try:
        huey = _huey(SqliteHuey, filename=path, timeout=_BUSY_SECONDS)
        return Queue(huey, SqlRecords(huey.storage), sqlite3.Error)
    except sqlite3.Error as error:
        raise UsageError(f"{path} cannot be used as a queue: {error}") from error


def _redis(url: str, _address: SplitResult) -> Queue:
    _require("redis", "redis")
    from redis import ConnectionPool, RedisError  # noqa: PLC0415 - of an extra of its own

    try:
        pool = ConnectionPool.from_url(
            url, socket_timeout=_SILENT_SECONDS, socket_connect_timeout=_SILENT_SECONDS
        )
        huey = _huey(RedisHuey, connection_pool=pool)
        huey.storage.conn.ping()
        return Queue(huey, RedisRecords(huey.storage), RedisError)
    except RedisError as error:
        raise UsageError(f"Redis does not answer: {described(error)}") from None


def _postgresql(url: str, _address: SplitResult) -> Queue:
    _require("psycopg", "postgresql")
    from psycopg import Error, ProgrammingError  # noqa: PLC0415 - of an extra of its own

    try:
        patience = {"connect_timeout": _SILENT_SECONDS, "tcp_user_timeout": 1000 * _SILENT_SECONDS}
        huey = _huey(PostgresHuey, dsn=url, create_tables=False, **patience)
        return Queue(huey, SqlRecords(huey.storage), Error)
    except ProgrammingError as error:
        raise ValueError from error
    except Error as error:
        raise UsageError(f"PostgreSQL does not answer: {described(error)}") from None


_OPENERS: Mapping[str, Callable[[str, SplitResult], Queue]] = {
    "sqlite": _sqlite,
    "redis": _redis,
    "rediss": _redis,
    "postgres": _postgresql,
    "postgresql": _postgresql,
}


def _huey(kind: Callable[..., Huey], **options: object) -> Huey:
    return kind(_NAME, results=False, serializer=_Plain(), **options)


def _require(module: str, extra: str) -> None:
    if find_spec(module) is None:
        raise UsageError(f"this queue needs more: pip install 'wfix[bot,{extra}]'")
