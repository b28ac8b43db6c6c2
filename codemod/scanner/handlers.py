"""The names that the runtime gives a meaning on an exported object or class."""

from __future__ import annotations

ENTRYPOINT_HANDLERS = frozenset(
    {
        "connect",
        "email",
        "fetch",
        "queue",
        "scheduled",
        "tail",
        "tailStream",
        "test",
        "trace",
    }
)
"""The handlers that a plain object and a WorkerEntrypoint class both may have."""

_DURABLE_OBJECT_HANDLERS = frozenset(
    {"alarm", "webSocketClose", "webSocketError", "webSocketMessage"}
)

HANDLERS = ENTRYPOINT_HANDLERS | _DURABLE_OBJECT_HANDLERS
"""Those of a Durable Object class as well."""

NO_RPC_METHODS = _DURABLE_OBJECT_HANDLERS | {"connect", "constructor", "ctx", "dup", "env", "fetch"}
"""Members that cannot be called over RPC: reserved ones, and the base class's ``ctx``, ``env``."""
