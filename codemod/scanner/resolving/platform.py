"""What well-known packages give: base classes, wrappers, frameworks. The one place to add to.

Names are those that the package exports, whichever of its subpaths they are imported from; a
static member follows a dot. Sources are the packages' own documentation and code.
"""

from __future__ import annotations

from dataclasses import dataclass

from codemod.model import ExportKind

RUNTIME = "cloudflare:workers"

CLASSES = {
    (RUNTIME, "DurableObject"): ExportKind.DURABLE_OBJECT,
    (RUNTIME, "WorkerEntrypoint"): ExportKind.WORKER_ENTRYPOINT,
    (RUNTIME, "WorkflowEntrypoint"): ExportKind.WORKFLOW,
    (RUNTIME, "RpcTarget"): ExportKind.RPC_TARGET,
    ("@cloudflare/actors", "Actor"): ExportKind.DURABLE_OBJECT,
    ("@cloudflare/actors", "Entrypoint"): ExportKind.WORKER_ENTRYPOINT,
    ("@cloudflare/ai-chat", "AIChatAgent"): ExportKind.DURABLE_OBJECT,
    ("@cloudflare/codemode", "CodemodeRuntime"): ExportKind.DURABLE_OBJECT,
    ("@cloudflare/codemode", "ToolDispatcher"): ExportKind.RPC_TARGET,
    ("@cloudflare/computer", "WorkspaceProxy"): ExportKind.WORKER_ENTRYPOINT,
    ("@cloudflare/computer", "WorkspaceServiceProxy"): ExportKind.WORKER_ENTRYPOINT,
    ("@cloudflare/containers", "Container"): ExportKind.DURABLE_OBJECT,
    ("@cloudflare/containers", "ContainerProxy"): ExportKind.WORKER_ENTRYPOINT,
    ("@cloudflare/sandbox", "ContainerProxy"): ExportKind.WORKER_ENTRYPOINT,
    ("@cloudflare/sandbox", "Sandbox"): ExportKind.DURABLE_OBJECT,
    ("@cloudflare/sandbox", "WarmPool"): ExportKind.DURABLE_OBJECT,
    ("@cloudflare/think", "Think"): ExportKind.DURABLE_OBJECT,
    ("@cloudflare/think", "ThinkMessengerStateAgent"): ExportKind.DURABLE_OBJECT,
    ("@cloudflare/think", "ThinkWorkflow"): ExportKind.WORKFLOW,
    ("agents", "AIChatAgent"): ExportKind.DURABLE_OBJECT,
    ("agents", "Agent"): ExportKind.DURABLE_OBJECT,
    ("agents", "AgentWorkflow"): ExportKind.WORKFLOW,
    ("agents", "ChatSdkStateAgent"): ExportKind.DURABLE_OBJECT,
    ("agents", "CodemodeRuntime"): ExportKind.DURABLE_OBJECT,
    ("agents", "McpAgent"): ExportKind.DURABLE_OBJECT,
    ("partyserver", "Server"): ExportKind.DURABLE_OBJECT,
    ("partywhen", "Scheduler"): ExportKind.DURABLE_OBJECT,
    ("tinybase", "WsServerDurableObject"): ExportKind.DURABLE_OBJECT,
    ("y-durableobjects", "YDurableObjects"): ExportKind.DURABLE_OBJECT,
    ("y-partyserver", "YServer"): ExportKind.DURABLE_OBJECT,
}
"""Classes by package and name, and what the runtime takes a class that extends them for."""

# Classes of Node's modules, and these, are no base that the runtime knows.
PLAIN_GLOBALS = frozenset(
    {
        "AggregateError",
        "Array",
        "CustomEvent",
        "Error",
        "Event",
        "EventTarget",
        "Map",
        "Object",
        "Promise",
        "RangeError",
        "Request",
        "Response",
        "Set",
        "String",
        "TransformStream",
        "TypeError",
        "URL",
        "WeakMap",
    }
)


# What these give is a string, a number, a symbol or an array.
PLAIN_FUNCTIONS = frozenset({"BigInt", "Boolean", "Number", "String", "Symbol", "parseInt"})
PLAIN_METHODS = frozenset(
    {
        "concat",
        "filter",
        "join",
        "map",
        "repeat",
        "replace",
        "replaceAll",
        "slice",
        "split",
        "toLowerCase",
        "toString",
        "toUpperCase",
        "trim",
    }
)


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A function that gives back one of its arguments, or a thing of the same kind.

    ``argument`` is its position. ``kind`` is set where the function takes one kind alone.
    """

    argument: int
    kind: ExportKind | None = None


WRAPPERS = {
    ("@microlabs/otel-cf-workers", "instrument"): Wrapper(0, ExportKind.OBJECT),
    ("@microlabs/otel-cf-workers", "instrumentDO"): Wrapper(0, ExportKind.DURABLE_OBJECT),
    ("@sentry/cloudflare", "instrumentDurableObjectWithSentry"): Wrapper(
        1, ExportKind.DURABLE_OBJECT
    ),
    ("@sentry/cloudflare", "instrumentWorkflowWithSentry"): Wrapper(1, ExportKind.WORKFLOW),
    ("@sentry/cloudflare", "withSentry"): Wrapper(1),
}

FACTORIES = {
    ("@cloudflare/actors", "handler"): ExportKind.OBJECT,
    ("@cloudflare/sandbox", "bridge"): ExportKind.OBJECT,
    ("@livestore/sync-cf", "makeDurableObject"): ExportKind.DURABLE_OBJECT,
    ("agents", "McpAgent.mount"): ExportKind.OBJECT,
    ("agents", "McpAgent.serve"): ExportKind.OBJECT,
    ("agents", "McpAgent.serveSSE"): ExportKind.OBJECT,
    ("cloudflare:node", "httpServerHandler"): ExportKind.OBJECT,
    ("r2-explorer", "R2Explorer"): ExportKind.OBJECT,
}
"""Functions by package and name, and the kind of what they give."""

APPS = frozenset(
    {
        ("@cloudflare/itty-router-openapi", "OpenAPIRouter"),
        ("@hono/zod-openapi", "OpenAPIHono"),
        ("chanfana", "fromHono"),
        ("chanfana", "fromIttyRouter"),
        ("elysia", "Elysia"),
        ("hono", "Hono"),
        ("itty-router", "AutoRouter"),
        ("itty-router", "IttyRouter"),
        ("itty-router", "Router"),
    }
)
"""Classes and functions that make an object with ``fetch``, whose methods give the object back."""

WRAPPING_CLASSES = frozenset(
    {
        ("@cloudflare/workers-oauth-provider", "OAuthProvider"),
        ("@cloudflare/workers-oauth-provider", "default"),
    }
)
"""Classes whose instances stand in front of the handlers that their constructor is given."""


def is_known(package: str, name: str) -> bool:
    """Whether a table knows an export of a package, which need not be there to be read."""
    key = (package, name)
    return key in CLASSES or key in FACTORIES or key in WRAPPERS or key in APPS
