"""What the platform says when one Worker cannot call another, and what that comes from.

The wordings are those of workerd's and wrangler's sources and of the upload API, 2024 to 2026. A
cause that is measured was made to happen on workerd 1.20240404, 1.20250604 and 1.20261023, with
one and the same message unless its source says otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from codemod.model import Evidence, Mark


@dataclass(frozen=True, slots=True)
class Parts:
    """What a message names; None where its wording does not say it.

    ``member`` is a property that was read: a method's name, or a binding's. ``entrypoint`` is also
    the name of a class, ``path`` a URL without a scheme, ``worker`` the Worker that declares the
    binding, ``service`` its target.
    """

    method: str | None = None
    member: str | None = None
    binding: str | None = None
    service: str | None = None
    entrypoint: str | None = None
    worker: str | None = None
    path: str | None = None


class Leads(Enum):
    """What a service binding leads to: an export of its target that is an entrypoint, or not."""

    ENTRYPOINT = auto()
    SERVICE_WORKER = auto()
    NO_ENTRYPOINT = auto()
    NOTHING = auto()


class Sight(Enum):
    """What has to be seen of a repository to find all places of a message."""

    TARGETS = auto()
    CALLS = auto()


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that a message may come from.

    ``rules`` find its places in a repository; none where no rule can. Of what they find, only
    those count whose binding leads to ``leads_to``, and none that quote another message of this
    table than ``quoted``, the cause's own where it is None. ``advice`` is what to do in words, for
    the places that have no fix.
    """

    summary: str
    evidence: Evidence
    advice: str
    rules: tuple[str, ...] = ()
    leads_to: Leads | None = None
    quoted: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message with its wordings, the present one first, and its causes, the best founded first.

    ``{…}`` in a wording stands for a name that says nothing more, ``{, …}`` for further names,
    ``{end}`` for the end of what is said, the other braces for a field of ``Parts``. Any letter
    case matches, but for a name in quotes; quotes of any style do, and none: a shell takes them off
    what is given to it unescaped. Only those that are written “” have to be there. ``local`` says
    that only the local runtime speaks so: the Workers run together on a developer's machine.
    ``rests_on`` is what its places are found by beside configurations.
    """

    name: str
    wordings: tuple[str, ...]
    causes: tuple[Cause, ...]
    local: bool = False
    rests_on: frozenset[Sight] = frozenset()

    @property
    def title(self) -> str:
        """The present wording for people, with an ellipsis for each name."""
        return re.sub(r"\{[^{}]+\}", "…", self.wordings[0].removesuffix("{end}"))


_TARGETS = frozenset({Sight.TARGETS})
_CALLS = frozenset({Sight.CALLS})

_WORKERD = "workerd 1.20240404 to 1.20261117"
_DOCUMENTED_ERRORS = "Cloudflare's documentation, Errors and exceptions"
_SOURCE = Evidence(Mark.DOCUMENTED, "workerd's source, server.c++")

_MISNAMED = Cause(
    "the binding names an export that its target does not have",
    Evidence(Mark.MEASURED, _WORKERD),
    "name an export of the target that is a WorkerEntrypoint class or an object with handlers, or "
    "leave the key out for the default export",
    ("missing-entrypoint",),
    Leads.NOTHING,
)
_NAMES_NO_ENTRYPOINT = Cause(
    "the binding names a Durable Object class, a class without a base or a function, which is no "
    "entrypoint",
    Evidence(Mark.MEASURED, f"{_WORKERD}: the runtime starts, and every call fails"),
    "bind to a Durable Object through durable_objects, or let the class extend WorkerEntrypoint",
    ("missing-entrypoint",),
    Leads.NO_ENTRYPOINT,
)
_DEFAULT_IS_NO_ENTRYPOINT = Cause(
    "the target's default export is a function, a Durable Object or a class without a base: a "
    "plain binding to it reaches nothing",
    Evidence(Mark.MEASURED, _WORKERD),
    "export an object with handlers, or a class that extends WorkerEntrypoint, as the default",
    ("not-an-entrypoint",),
    Leads.NO_ENTRYPOINT,
)
_NO_DEFAULT = Cause(
    "the target has no default export, and the binding names no entrypoint",
    Evidence(Mark.MEASURED, _WORKERD),
    "give the target a default export, or name the entrypoint that is meant",
    ("not-an-entrypoint",),
    Leads.NOTHING,
)
_NO_RPC = Cause(
    "the target is in the service worker format, which takes no RPC",
    Evidence(Mark.MEASURED, "workerd 1.20240404 to 1.20261023"),
    "make it a module whose default export is a class that extends WorkerEntrypoint",
    ("not-an-entrypoint",),
    Leads.SERVICE_WORKER,
)
_NO_SUCH_SERVICE = Cause(
    "the binding names a Worker that does not exist under that name: misspelled, renamed, or "
    "without the suffix of its environment",
    Evidence(Mark.MEASURED, f"{_WORKERD}; by the upload API since 2023 (reported)"),
    "write the deployed name: <name>-<environment> where the target is deployed with --env",
    ("unknown-service", "service-environment-key"),
)
_SERVICE_ENVIRONMENT = Cause(
    'the binding has the deprecated key "environment", and the target has no such environment',
    Evidence(Mark.DOCUMENTED, "Cloudflare's documentation, Wrangler environments"),
    'take the key out and write the service as "<name>-<environment>"',
    ("service-environment-key",),
)
_DEFAULT_LOCALLY = Cause(
    '"entrypoint": "default" under the local runtime, which knows no entrypoint of that name: '
    "only what a module exports by name",
    Evidence(
        Mark.MEASURED,
        f"{_WORKERD}, wrangler 3.99.0 and 4.164.0; workers-sdk issues 9412 and 9874 report the "
        "same, and that it works once deployed",
    ),
    "leave the key out, or export the default object under a name as well and bind to that",
    ("default-entrypoint-in-dev",),
)

_NO_SUCH_CLASS = Cause(
    "a Durable Object class is bound that the Worker's module does not export",
    Evidence(
        Mark.MEASURED,
        "workerd 1.20240404 to 1.20261023: every call to an object is an internal error; wrangler "
        "3.99.0 and 4.164.0 do not bundle such a Worker",
    ),
    "export the class under the name that is bound, from the module that main names",
    ("durable-object-not-exported",),
)

MESSAGES = (
    Message(
        "callback-returned-incorrect-type",
        ("Callback returned incorrect type; expected 'Promise'",),
        (
            Cause(
                "the target's fetch is not async, and on some path returns something that is no "
                "Response and no Promise of one: nothing at all, a string, a plain object",
                Evidence(
                    Mark.MEASURED,
                    f"{_WORKERD}, for objects and classes; what else the Worker exports plays no "
                    "part",
                ),
                "return a Response on every path, or make the handler async and find the path by "
                "what it says then",
                ("handler-returns-nothing",),
            ),
            Cause(
                "a plain binding to a Worker that exports Durable Object, WorkerEntrypoint or "
                "Workflow classes beside its default object",
                Evidence(
                    Mark.REPORTED,
                    "an article of April 2026, of deployed Workers; not reproduced on "
                    f"{_WORKERD}, where the call works",
                ),
                'add "entrypoint": "default" to the binding, where its Workers do not run '
                "together locally",
                ("poisoned-binding",),
            ),
            Cause(
                "what is deployed is not this repository's entry: built from another folder, or "
                "wrapped by a build that drops the handler's Promise",
                Evidence(Mark.REPORTED, "users of Workers Builds and of framework adapters"),
                "compare the deployed version with `wrangler deploy --dry-run --outdir <folder>`",
            ),
        ),
        rests_on=_TARGETS,
    ),
    Message(
        "promise-did-not-resolve-to-response",
        ("Incorrect type for Promise: the Promise did not resolve to 'Response'.",),
        (
            Cause(
                "the target's fetch is async, and on some path resolves to something that is no "
                "Response",
                Evidence(Mark.MEASURED, _WORKERD),
                "return a Response on every path",
                ("handler-returns-nothing",),
            ),
            Cause(
                "under wrangler dev, which wraps handlers: the target's fetch is not async, and on "
                "some path returns something that is no Response",
                Evidence(Mark.MEASURED, "wrangler 3.99.0 and 4.164.0"),
                "return a Response on every path",
                ("handler-returns-nothing",),
                quoted="callback-returned-incorrect-type",
            ),
        ),
        rests_on=_TARGETS,
    ),
    Message(
        "rpc-method-missing",
        (
            'The RPC receiver does not implement the method "{method}".',
            "The RPC receiver does not implement “{method}”.",
        ),
        (
            Cause(
                "the target's entrypoint has no such method, or has it as an arrow-function "
                "property, as static or as #private: only methods and getters of the class's "
                "prototype can be called",
                Evidence(Mark.MEASURED, _WORKERD),
                "write it as a method of the class that the binding leads to",
                ("rpc-method-missing",),
            ),
        ),
        rests_on=_TARGETS | _CALLS,
    ),
    Message(
        "rpc-name-is-reserved",
        ("'{method}' is a reserved method and cannot be called over RPC.",),
        (
            Cause(
                "the runtime keeps the name for itself: alarm, dup, webSocketMessage, "
                "webSocketClose and webSocketError cannot be called over RPC",
                Evidence(Mark.MEASURED, "workerd 1.20240404 to 1.20261023"),
                "give the method another name",
                ("rpc-method-missing",),
            ),
        ),
        rests_on=_TARGETS | _CALLS,
    ),
    Message(
        "illegal-constructor",
        ("Illegal constructor{end}",),
        (
            Cause(
                "constructor is called on a binding as if it were a method of the target: it is "
                "the class of the binding itself",
                Evidence(Mark.MEASURED, "workerd 1.20240404 to 1.20261023"),
                "give the method another name",
            ),
        ),
    ),
    Message(
        "rpc-member-is-no-function",
        ("“{method}” is not a function{end}",),
        (
            Cause(
                "the target's entrypoint has the name as a getter or as a property of a plain "
                "object, and its value is no function",
                Evidence(Mark.MEASURED, "workerd 1.20240404 to 1.20261023"),
                "read it with `await env.X.name`, without calling it, or make it a method",
            ),
        ),
        rests_on=_TARGETS | _CALLS,
    ),
    Message(
        "rpc-not-enabled",
        (
            "env.{binding}.{method} is not a function",
            "Tried to access method or property '{method}' on a Service Binding or Durable "
            "Object stub.",
        ),
        (
            Cause(
                "the caller's compatibility date is before 2024-04-03, and it lacks the flag rpc",
                Evidence(Mark.MEASURED, _WORKERD),
                'move the caller\'s compatibility_date, or add "rpc" to its compatibility_flags',
                ("rpc-compatibility",),
            ),
            Cause(
                "the binding is no service: a Durable Object namespace has no fetch of its own",
                Evidence(Mark.MEASURED, "workerd 1.20240404 to 1.20261023"),
                "get a stub first: env.X.get(env.X.idFromName(name)).fetch(request)",
                ("fetch-on-namespace",),
            ),
        ),
        rests_on=_CALLS,
    ),
    Message(
        "rpc-wrong-number-of-arguments",
        (
            'Attempted to call RPC function "{method}" with the wrong number of arguments.',
            'Cannot call handler function "{method}" over RPC because it has the wrong number of '
            "arguments.",
        ),
        (
            Cause(
                "the target's default export is a plain object: its functions take exactly one "
                "argument over RPC, and receive (argument, env, ctx)",
                Evidence(Mark.MEASURED, _WORKERD),
                "make the default export a class that extends WorkerEntrypoint, or pass one "
                "object that holds all arguments",
                ("rpc-on-object",),
            ),
        ),
        rests_on=_TARGETS | _CALLS,
    ),
    Message(
        "property-of-undefined",
        (
            "Cannot read properties of undefined (reading '{member}')",
            "Cannot read property '{member}' of undefined",
        ),
        (
            Cause(
                "the binding is not configured for this Worker, or not in this environment: "
                "bindings are not inherited by env.*",
                Evidence(Mark.MEASURED, _WORKERD),
                "declare the binding in each environment that is deployed",
                ("undeclared-binding", "env-drops-binding"),
            ),
            Cause(
                "a handler of a WorkerEntrypoint class reads its env or ctx parameter, which is "
                "always undefined there",
                Evidence(Mark.MEASURED, f"{_WORKERD}, for fetch, scheduled and queue"),
                "use this.env and this.ctx",
                ("class-handler-parameters",),
            ),
        ),
        rests_on=_CALLS,
    ),
    Message(
        "relative-url",
        ("Invalid URL: {path}", "Fetch API cannot load: {path}"),
        (
            Cause(
                "a binding's fetch was given a relative URL, or one without its scheme",
                Evidence(
                    Mark.MEASURED,
                    f"{_WORKERD}; which of the two wordings depends on the caller's "
                    "compatibility date",
                ),
                "write an absolute URL: its host plays no part in where the request goes",
                ("relative-binding-url",),
            ),
            Cause(
                "the global fetch or new Request was given a relative URL, or one without its "
                "scheme",
                Evidence(Mark.MEASURED, "workerd 1.20261023"),
                "resolve it first: new URL(path, request.url)",
            ),
        ),
        rests_on=_CALLS,
    ),
    Message(
        "same-zone-fetch",
        (
            "error code: 1042",
            "Error 1042 Ray ID",
            "Worker tried to fetch from another Worker on the same zone",
        ),
        (
            Cause(
                "the global fetch was used for a Worker of the same zone or account, *.workers.dev "
                "included",
                Evidence(Mark.DOCUMENTED, _DOCUMENTED_ERRORS),
                "call it through a service binding; or give the target a Custom Domain; or, where "
                "the caller proxies no origin of its zone, set the flag "
                "global_fetch_strictly_public on it",
                ("workers-dev-fetch",),
            ),
            Cause(
                "nothing answers at the workers.dev address: it is switched off, or seconds old",
                Evidence(Mark.REPORTED, "users, also of requests from outside Cloudflare"),
                "set workers_dev to true, or ask again in a minute",
            ),
        ),
        rests_on=_CALLS,
    ),
    Message(
        "default-entrypoint-refused",
        (
            'Worker "{worker}"\'s binding "{binding}" refers to service "{service}" with a named '
            'entrypoint "default", but "{…}" has no such named entrypoint.',
            'Worker does not export an entrypoint named "default"',
            'The `wrangler dev` session for service "{service}" does not export an entrypoint '
            'named "default"',
        ),
        (_DEFAULT_LOCALLY,),
        local=True,
    ),
    Message(
        "entrypoint-missing",
        (
            'Worker "{worker}"\'s binding "{binding}" refers to service "{service}" with a named '
            'entrypoint "{entrypoint}", but "{…}" has no such named entrypoint.',
            'Worker does not export an entrypoint named "{entrypoint}"',
            'The `wrangler dev` session for service "{service}" does not export an entrypoint '
            'named "{entrypoint}"',
            "worker has no such named entrypoint; n = {entrypoint}",
            "The entrypoint name {entrypoint} was not found in this worker.",
            "Stub refers to a an entrypoint of the target service that doesn't exist: {entrypoint}",
        ),
        (_MISNAMED,),
        local=True,
        rests_on=_TARGETS,
    ),
    Message(
        "class-is-no-entrypoint",
        (
            "worker is not an actor but class name was requested; n = {entrypoint}",
            "The entrypoint name {entrypoint} refers to a Durable Object class, but the incoming "
            "request is trying to invoke it as a stateless worker.",
            'A ServiceDesignator in the config referenced the entrypoint "{entrypoint}", but this '
            "class does not extend 'WorkerEntrypoint'.",
        ),
        (_NAMES_NO_ENTRYPOINT,),
        rests_on=_TARGETS,
    ),
    Message(
        "no-default-entrypoint",
        (
            'Worker "{worker}"\'s binding "{binding}" refers to service "{service}", but does not '
            "specify an entrypoint, and the service does not have a default entrypoint.",
            'Worker does not export an entrypoint named "(default)"',
            "Worker has no default entrypoint.",
        ),
        (
            replace(_NO_DEFAULT, evidence=_SOURCE),
            replace(_DEFAULT_IS_NO_ENTRYPOINT, evidence=_SOURCE),
        ),
        rests_on=_TARGETS,
    ),
    Message(
        "service-missing",
        (
            'Worker "{worker}"\'s binding "{binding}" refers to a service "{service}", but no such '
            "service is defined.",
            "Service binding '{binding}' references Worker '{service}' which was not found.",
            "Could not resolve service binding '{binding}'. Target script '{service}' not found.",
            'could not resolve binding "{binding}": script "{service}" not found',
            "Could not resolve service binding '{binding}'",
            "[code: 10143]",
        ),
        (
            _NO_SUCH_SERVICE,
            Cause(
                "the target is not deployed yet, or in another account",
                Evidence(Mark.REPORTED, "users; a first deploy has to start with the targets"),
                "deploy the target first; of two Workers bound to each other, one without its "
                "binding",
            ),
        ),
    ),
    Message(
        "service-environment-missing",
        (
            "Could not resolve service binding '{binding}'. Target environment '{…}' not found "
            "for target script '{service}'",
        ),
        (_SERVICE_ENVIRONMENT,),
    ),
    Message(
        "worker-not-running",
        (
            'Worker "{service}" not found. Make sure it is running locally.',
            'Worker "{service}" is not compatible with this version of the dev server.',
            'Couldn\'t find a local dev session for the "{entrypoint}" entrypoint of service '
            '"{service}" to proxy to',
            'Cannot access "{method}" as we couldn\'t find a local dev session for the '
            '"{entrypoint}" entrypoint of service "{service}" to proxy to.',
        ),
        (
            Cause(
                "the target does not run on this machine, or under another version of wrangler",
                Evidence(Mark.DOCUMENTED, "the sources of miniflare 4 and 5"),
                "start it too: `wrangler dev -c <caller> -c <target>`, or `wrangler dev` in its "
                "folder, with the same wrangler",
            ),
            Cause(
                "the binding names a Worker that no configuration of this repository has",
                Evidence(Mark.DOCUMENTED, "the sources of miniflare 4 and 5"),
                "write the deployed name: <name>-<environment> where the target runs with --env",
                ("unknown-service",),
            ),
        ),
        local=True,
    ),
    Message(
        "handler-missing",
        (
            "Handler does not export a {method}() function.",
            "Received a FetchEvent but we lack a handler for FetchEvents. Did you remember to "
            "export a {method}() function?",
        ),
        (
            Cause(
                "the entrypoint that the binding leads to has no handler of that name: a default "
                "export without fetch, or a named class that only has methods for RPC",
                Evidence(Mark.MEASURED, _WORKERD),
                "give it the handler, call its methods instead, or bind to the export that has it",
                ("not-an-entrypoint",),
                Leads.ENTRYPOINT,
            ),
        ),
        rests_on=_TARGETS | _CALLS,
    ),
    Message(
        "class-as-default",
        ("Exported actor class as default entrypoint.",),
        (_DEFAULT_IS_NO_ENTRYPOINT,),
        rests_on=_TARGETS,
    ),
    Message(
        "no-event-handlers",
        (
            "The uploaded script has no registered event handlers.",
            "No event handlers were registered. This script does nothing.",
            "[code: 10068]",
        ),
        (
            Cause(
                "the entry exports nothing that can be called: no default export, or a class "
                "without a single handler",
                Evidence(Mark.REPORTED, "workers-sdk issue 5487"),
                "export a default with at least a fetch",
                ("not-an-entrypoint",),
            ),
        ),
        rests_on=_TARGETS,
    ),
    Message(
        "config-is-invalid",
        (
            "Service cannot handle requests because its config is invalid.",
            "The Workers runtime failed to start. There is likely additional logging output above.",
        ),
        (
            _MISNAMED,
            _DEFAULT_LOCALLY,
            _NO_SUCH_SERVICE,
            Cause(
                "the runtime refused something else when it started: the first error of the log "
                "says what",
                _SOURCE,
                "diagnose that error",
            ),
        ),
        local=True,
        rests_on=_TARGETS,
    ),
    Message(
        "internal-error",
        ("internal error; reference = {…}", "Error: internal error{end}"),
        (
            _NAMES_NO_ENTRYPOINT,
            _DEFAULT_IS_NO_ENTRYPOINT,
            _NO_DEFAULT,
            _NO_RPC,
            _NO_SUCH_CLASS,
            Cause(
                "the platform itself failed",
                Evidence(Mark.DOCUMENTED, _DOCUMENTED_ERRORS),
                "ask Cloudflare's support, with the reference",
            ),
        ),
        rests_on=_TARGETS | _CALLS,
    ),
    Message(
        "durable-object-class-missing",
        (
            'A DurableObjectNamespace in the config referenced the class "{entrypoint}", but no '
            "such Durable Object class is exported from the worker.",
            'Worker does not export a Durable Object class named "{entrypoint}"',
            "Your Worker depends on the following Durable Objects, which are not exported in your "
            "entrypoint file: {entrypoint}{, …}",
            "Cannot create binding for class '{entrypoint}' that is not exported by script "
            "'{service}'",
            "Cannot create binding for class '{entrypoint}' that is not exported by the script",
            "no such actor class; c = {entrypoint}",
            "Error: internal error (no such actor class; c = {entrypoint})",
        ),
        (
            _NO_SUCH_CLASS,
            Cause(
                "script_name names a Worker that does not export the class",
                Evidence(Mark.REPORTED, "users: the upload API refuses it, with the code 10061"),
                "name the Worker that has the class, by its deployed name",
                ("script-name-mismatch",),
            ),
        ),
        rests_on=_TARGETS,
    ),
    Message(
        "durable-object-namespace-missing",
        (
            'Worker "{worker}"\'s binding "{binding}" refers to a Durable Object namespace named '
            '"{entrypoint}" in service "{service}", but no such Durable Object namespace is '
            "defined by that service.",
        ),
        (
            Cause(
                "script_name names a Worker that does not have the class",
                Evidence(Mark.MEASURED, "workerd 1.20240404 to 1.20261023"),
                "name the Worker that has the class, by its deployed name",
                ("script-name-mismatch",),
            ),
        ),
        local=True,
    ),
    Message(
        "export-is-no-entrypoint",
        (
            "Incorrect type for map entry '{entrypoint}': the provided value is not of type "
            "'function or ExportedHandler'.",
        ),
        (
            Cause(
                "the Worker's main module exports something that is neither a function nor an "
                "object, a string or a number for instance: such a Worker does not start",
                Evidence(Mark.MEASURED, "workerd 1.20240404 to 1.20261023"),
                "export it from another module, and let the main module export entrypoints only",
            ),
        ),
    ),
    Message(
        "durable-object-without-lifecycle",
        (
            "Cannot create binding for class '{entrypoint}' because it is not currently configured "
            "to implement Durable Objects.",
            "you have configured `durable_objects` exported by this Worker ({entrypoint}{, …}), "
            "but no live `exports` entry for them.",
            "you have configured `durable_objects` exported by this Worker ({entrypoint}{, …}), "
            "but no `migrations` for them.",
        ),
        (
            Cause(
                "no step of migrations and no entry of exports brings the Durable Object class "
                "into being",
                Evidence(Mark.DOCUMENTED, "wrangler's warning, and the upload API's code 10061"),
                'add a migration: { "tag": "v1", "new_sqlite_classes": ["<class>"] }',
                ("durable-object-without-lifecycle",),
            ),
        ),
    ),
    Message(
        "loop-limit",
        ("Subrequest depth limit exceeded.", "error code: 1019"),
        (
            Cause(
                "Workers call each other in a circle, or one after the other too often for one "
                "request",
                Evidence(Mark.DOCUMENTED, f"{_DOCUMENTED_ERRORS}: loop limit"),
                "break the circle: move what both need into a third Worker, or hand it over with "
                "the call",
                ("binding-cycle",),
            ),
        ),
    ),
    Message(
        "upload-refused",
        ("[code: 10021]",),
        (
            Cause(
                "the validator of the upload ran the module's top level, and it threw or took too "
                "long; or a binding's configuration is not valid. The text before the code says "
                "which",
                Evidence(Mark.DOCUMENTED, "wrangler's source: 10021 is a validation error"),
                "move work from the top level into the handlers; correct the binding it names",
            ),
        ),
    ),
)
"""Every message. Where two match the same text, the longer match counts, then the earlier row."""


def message(name: str) -> Message:
    """The message called ``name``; raises ``KeyError`` for a name that none has."""
    return _BY_NAME[name]


_BY_NAME = {item.name: item for item in MESSAGES}
