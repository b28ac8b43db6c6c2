"""A name for the class that a Worker's default object becomes."""

from __future__ import annotations

import posixpath

from codemod.model import Worker
from codemod.planner.free_names import first_free, names_in, pascal_case
from codemod.syntax.typescript import Source

# What Workers can mean by a name that they neither declare nor import, types included.
_GLOBALS = frozenset(
    {
        "AbortController",
        "AbortSignal",
        "AggregateError",
        "Ai",
        "Array",
        "ArrayBuffer",
        "Atomics",
        "BigInt",
        "Blob",
        "Boolean",
        "Buffer",
        "Cache",
        "CacheStorage",
        "Cloudflare",
        "Container",
        "Crypto",
        "CryptoKey",
        "D1Database",
        "DOMException",
        "DataView",
        "Date",
        "DurableObject",
        "Env",
        "Error",
        "Event",
        "EventSource",
        "EventTarget",
        "ExecutionContext",
        "Fetcher",
        "File",
        "FixedLengthStream",
        "FormData",
        "Function",
        "HTMLRewriter",
        "Headers",
        "Hyperdrive",
        "Image",
        "Images",
        "Intl",
        "Iterator",
        "JSON",
        "KVNamespace",
        "Map",
        "Math",
        "MessageBatch",
        "MessageChannel",
        "MessageEvent",
        "MessagePort",
        "Navigator",
        "Node",
        "Number",
        "Object",
        "Performance",
        "Pipeline",
        "Promise",
        "Proxy",
        "Queue",
        "R2Bucket",
        "RangeError",
        "ReadableStream",
        "Reflect",
        "RegExp",
        "Request",
        "Response",
        "ScheduledController",
        "Service",
        "Set",
        "Socket",
        "String",
        "Symbol",
        "SyntaxError",
        "TextDecoder",
        "TextEncoder",
        "TransformStream",
        "TypeError",
        "URL",
        "URLPattern",
        "URLSearchParams",
        "Uint8Array",
        "Vectorize",
        "WeakMap",
        "WeakRef",
        "WeakSet",
        "WebAssembly",
        "WebSocket",
        "WebSocketPair",
        "Worker",
        "WorkerEntrypoint",
        "WorkerGlobalScope",
        "Workflow",
        "WorkflowEntrypoint",
        "WritableStream",
    }
)


def class_name(worker: Worker, source: Source) -> str:
    """``ApiMom`` for the Worker ``api-mom``, free in the module and no global name."""
    folder = posixpath.basename(posixpath.dirname(worker.config_path))
    name = pascal_case(worker.name or folder or "default")
    candidates = (name, f"{name}Worker", f"{name}Entrypoint")
    return first_free(candidates, names_in(source) | _GLOBALS)
