"""Values under keys, each changed only where it still is what it was.

Huey's storages have a queue and a schedule on SQLite, PostgreSQL and Redis, but no way to change a
value only if nobody else did: their locks cannot expire on the first two. Records live in a table,
or hash, of their own, through the connections that the storages keep.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

from huey.storage import BaseSqlStorage, PostgresStorage, RedisStorage

_INSERT = "insert into wfix_records (kind, key, value) values (?, ?, ?) on conflict do nothing"
_UPDATE = "update wfix_records set value = ? where kind = ? and key = ? and value = ?"
_DELETE = "delete from wfix_records where kind = ? and key = ? and value = ?"
_LOCK = 0x77666978
_SWAP = """
local key, field, before, after = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local found = redis.call('hget', key, field)
if (found or '') ~= before then return 0 end
if after == '' then redis.call('hdel', key, field)
else redis.call('hset', key, field, after) end
return 1
"""


class Kind(StrEnum):
    """What a record is about."""

    JOB = "job"
    PAUSE = "pause"
    DELIVERY = "delivery"
    HEALTH = "health"


class Records(Protocol):
    """The records of one store. A value is never empty: None stands for no record."""

    def read(self, kind: Kind, key: str) -> bytes | None: ...

    def swap(self, kind: Kind, key: str, before: bytes | None, after: bytes | None) -> bool:
        """Makes ``before`` into ``after``, at once; false where it is something else by now."""

    def each(self, kind: Kind) -> Iterator[tuple[str, bytes]]:
        """All records of a kind."""


class SqlRecords:
    """Records in a table beside those of Huey."""

    def __init__(self, storage: BaseSqlStorage) -> None:
        is_postgres = isinstance(storage, PostgresStorage)
        self._storage = storage
        self._mark = "%s" if is_postgres else "?"
        columns = f"kind text not null, key text not null, value {_bytes(is_postgres)} not null"
        make = f"create table if not exists wfix_records ({columns}, primary key (kind, key))"
        with storage.db(commit=True) as cursor:
            if is_postgres:
                # Two who make the same table at the same moment fail, "if not exists" or not.
                cursor.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
                for statement in storage.ddl:
                    cursor.execute(statement)
            cursor.execute(make)

    def read(self, kind: Kind, key: str) -> bytes | None:
        query = "select value from wfix_records where kind = ? and key = ?"
        with self._storage.db() as cursor:
            cursor.execute(self._marked(query), (kind.value, key))
            row = cursor.fetchone()
        return bytes(row[0]) if row else None

    def swap(self, kind: Kind, key: str, before: bytes | None, after: bytes | None) -> bool:
        query, values = _change(kind, key, before, after)
        with self._storage.db(commit=True) as cursor:
            cursor.execute(self._marked(query), values)
            return bool(cursor.rowcount == 1)

    def each(self, kind: Kind) -> Iterator[tuple[str, bytes]]:
        query = "select key, value from wfix_records where kind = ?"
        with self._storage.db() as cursor:
            cursor.execute(self._marked(query), (kind.value,))
            rows = cursor.fetchall()
        for key, value in rows:
            yield key, bytes(value)

    def _marked(self, query: str) -> str:
        return query.replace("?", self._mark)


class RedisRecords:
    """Records in a hash a kind."""

    def __init__(self, storage: RedisStorage) -> None:
        self._connection = storage.conn
        self._swap = storage.conn.register_script(_SWAP)

    def read(self, kind: Kind, key: str) -> bytes | None:
        found: bytes | None = self._connection.hget(_hash(kind), key)
        return found

    def swap(self, kind: Kind, key: str, before: bytes | None, after: bytes | None) -> bool:
        return bool(self._swap(keys=[_hash(kind)], args=[key, before or b"", after or b""]))

    def each(self, kind: Kind) -> Iterator[tuple[str, bytes]]:
        seen = set()
        for key, value in self._connection.hscan_iter(_hash(kind), count=500):
            # What is scanned while it grows may come twice.
            if key not in seen:
                seen.add(key)
                yield key.decode(), value


def _bytes(is_postgres: bool) -> str:
    return "bytea" if is_postgres else "blob"


def _change(
    kind: Kind, key: str, before: bytes | None, after: bytes | None
) -> tuple[str, tuple[object, ...]]:
    if before is None:
        return _INSERT, (kind.value, key, after)
    if after is None:
        return _DELETE, (kind.value, key, before)
    return _UPDATE, (after, kind.value, key, before)


def _hash(kind: Kind) -> str:
    return f"wfix.{kind}"
