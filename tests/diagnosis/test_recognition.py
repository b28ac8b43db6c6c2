"""Every wording of the table is found in every noise, and what only looks like one is not."""

import json
import random
import re
from dataclasses import asdict

import pytest

from codemod.diagnosis.messages import MESSAGES, Parts
from codemod.diagnosis.recognition import Sighting, nearest, recognise, recognise_all

NAMES = {
    "method": "list",
    "member": "fetch",
    "binding": "API_MOM",
    "service": "api-mom",
    "entrypoint": "Admin",
    "worker": "book-telic",
    "path": "/v1/items?a=b",
    "…": "x1",
    ", …": ", Lobby, Room",
    "end": "",
}


def fill(wording: str) -> str:
    filled = re.sub(r"\{([^{}]+)\}", lambda match: NAMES[match[1]], wording)
    return filled.replace("“", '"').replace("”", '"')


def parts_of(wording: str) -> Parts:
    named = set(re.findall(r"\{([^{}]+)\}", wording)) - {"…", ", …", "end"}
    return Parts(**{name: NAMES[name] for name in named})


def typographic(text: str) -> str:
    text = re.sub(r'"([^"]*)"', "“\\1”", text)
    return re.sub(r"(?<!\w)'([^']*)'", "‘\\1’", text).replace("'", "’")


def tail(text: str) -> str:
    """What `wrangler tail --format json` prints of an exception."""
    event = {
        "outcome": "exception",
        "exceptions": [{"name": "TypeError", "message": text, "timestamp": 1795521600000}],
        "event": {"request": {"url": "https://book-telic.example/api", "method": "GET"}},
    }
    return json.dumps(event, indent=2)


NOISES = {
    "bare": lambda text: text,
    "type": lambda text: f"TypeError: {text}",
    "rejection": lambda text: f"Uncaught (in promise) Error: {text}\n    at fetch (index.js:12:7)",
    "wrangler's error": lambda text: (
        f"\x1b[31m✘ \x1b[41;31m[\x1b[41;97mERROR\x1b[0m] {text}\x1b[0m"
    ),
    "wrangler's log": lambda text: f"[wrangler:err] Error: {text}\n    at async fetch (a.js:1:2)",
    "workerd's log": lambda text: (
        "workerd/io/worker.c++:2825: info: uncaught exception; source = Uncaught (in promise); "
        f"stack = TypeError: {text}\n    at async Object.test (c.js:1:36)"
    ),
    "workerd's exception": lambda text: (
        f"exception = workerd/jsg/value.h:1511: failed: jsg.TypeError: {text}\nstack: 3e02f47 344d"
    ),
    "a dated log": lambda text: f"2026-11-24T10:00:00.123Z\tERROR (8f1c2a7b9e0d4c11) {text}",
    "JSON": tail,
    "JSON on one line": lambda text: json.dumps({"exceptions": [{"message": text}]}),
    "JSON in JSON": lambda text: json.dumps({"logs": json.dumps({"message": text})}),
    "HTML": lambda text: (
        f"<h1>{text.replace(chr(34), '&quot;').replace(chr(39), '&#39;')}</h1><p>Ray ID: 8f</p>"
    ),
    "typographic quotes": typographic,
    "other quotes": lambda text: re.sub(r'"(\w*)"', r"`\1`", text),
    "upper case": lambda text: f"ERROR: {text[0].swapcase()}{text[1:]}",
    "wrapped": lambda text: text.replace(" ", "\n      ", 3),
    "quoted in a mail": lambda text: "> " + text.replace(" ", "\n> ", 4),
    "UTF-16 read as bytes": lambda text: text.encode("utf-16-le").decode("latin-1"),
    "amid junk": lambda text: "\x00\xff\x1b]0;title\x07\ufffd " + text + " \x1b[2K\ufffd\x00",
}
WORDINGS = [(item, wording) for item in MESSAGES for wording in item.wordings]


@pytest.mark.parametrize(("item", "wording"), WORDINGS, ids=[wording for _, wording in WORDINGS])
def test_a_wording_is_recognised_in_any_noise(item, wording):
    for kind, noise in NOISES.items():
        found = recognise(noise(fill(wording)))
        assert found, kind
        assert (found.message.name, found.parts) == (item.name, parts_of(wording)), kind


WITHOUT_QUOTES = [(item, wording) for item, wording in WORDINGS if "“" not in wording]


@pytest.mark.parametrize(
    ("item", "wording"), WITHOUT_QUOTES, ids=[wording for _, wording in WITHOUT_QUOTES]
)
def test_quotes_that_a_shell_took_away_are_not_missed(item, wording):
    found = recognise(re.sub("[\"'`]", "", fill(wording)))
    assert found
    assert (found.message.name, found.parts) == (item.name, parts_of(wording))


NEAR_MISSES = {
    "callback-returned-incorrect-type": [
        "TypeError: Callback returned incorrect type; expected 'NumberBox'",
        "The callback returned a Promise of an incorrect type",
    ],
    "promise-did-not-resolve-to-response": [
        "Incorrect type for Promise: the Promise did not resolve to 'ReadableStream'.",
        "Incorrect type for map entry 'a': the provided value is not of type 'Response'.",
    ],
    "rpc-method-missing": [
        "The RPC receiver's method was not disposed of.",
        'Class Admin does not implement the method "list"',
    ],
    "rpc-name-is-reserved": [
        "'class' is a reserved word",
        "'list' is a method and cannot be called over RPC.",
    ],
    "illegal-constructor": [
        "Illegal constructors",
        "Illegal constructor of the class Room",
    ],
    "durable-object-namespace-missing": [
        'Worker "a"\'s binding "GHOST" refers to a Durable Object namespace named "Ghost".',
        'Worker "a"\'s binding "X" refers to a service "b", but no such service is defined.',
    ],
    "export-is-no-entrypoint": [
        "Incorrect type for map entry 'a': the provided value is not of type 'Response'.",
        "Incorrect type for 'LIMIT': the provided value is not of type 'ExportedHandler'.",
    ],
    "rpc-member-is-no-function": [
        "TypeError: list is not a function",
        '"message": "list is not a function"',
        '"list" is not a function name',
    ],
    "rpc-not-enabled": [
        "TypeError: api.list.map is not a function",
        "TypeError: process.envs.API.list is not a function",
        "TypeError: myenv.API.list is not a function",
        "TypeError: env.API.then is not a function",
    ],
    "rpc-wrong-number-of-arguments": [
        "Runtime function given wrong number of arguments",
        'Attempted to call function "list" with the wrong number of arguments.',
    ],
    "property-of-undefined": [
        "Cannot read properties of null (reading 'fetch')",
        "Cannot set properties of undefined (setting 'fetch')",
    ],
    "relative-url": [
        "TypeError: Invalid URL: http://[::1",
        "TypeError: Invalid URL string.",
        "Fetch API cannot load: ftp://files.example/a",
        "Invalid URL: expected an absolute one",
    ],
    "same-zone-fetch": [
        "error code: 10421",
        "ERROR 1042 (08S01): Can't get hostname for your address",
        "error code: 1015",
    ],
    "default-entrypoint-refused": [
        'Worker does not export an entrypoint named "defaults"',
        'Worker does not export an entrypoint named "Default"',
        "src/index.ts does not export a default entrypoint.",
    ],
    "entrypoint-missing": [
        'Module does not export an entrypoint named "main"',
        'Worker does not export a Durable Object class named "Admin"',
    ],
    "class-is-no-entrypoint": [
        "class name was requested by the actor",
        "The entrypoint name Admin refers to a class.",
    ],
    "no-default-entrypoint": [
        "TypeError: Cannot define multiple default entrypoints",
        "Worker has no named entrypoint.",
    ],
    "service-missing": [
        "durableObjectStorage config refers to a service “disk”, but it is defined read-only",
        "✘ [ERROR] This Worker does not exist on your account. [code: 10007]",
    ],
    "service-environment-missing": [
        "Target environment 'production' not found in schema",
        "Could not resolve service. Target environment 'production' not found for target",
    ],
    "worker-not-running": [
        'Worker "api-mom" not found',
        "Could not connect to local dev session on port 8787.",
    ],
    "handler-missing": [
        "src/index.ts does not export a fetch() function.",
        "Entrypoint does not export a test() function.",
    ],
    "class-as-default": [
        "Exported class as default entrypoint",
        "Exported actor as default",
    ],
    "no-event-handlers": [
        "Module 'main' has no registered event handlers",
        "No event handlers were called.",
    ],
    "config-is-invalid": [
        "Cannot instantiate Durable Object class because its config is invalid.",
        "Service cannot handle requests because it is overloaded.",
    ],
    "internal-error": [
        "500 Internal Server Error",
        "Error: Internal error while starting up Durable Object storage",
        "an internal error occurred; reference 12",
    ],
    "durable-object-class-missing": [
        'Worker does not export an entrypoint named "Admin"',
        "Your Worker depends on the following Workflows, which are not exported in your entrypoint",
        "Cannot create binding for class 'Admin'",
    ],
    "durable-object-without-lifecycle": [
        "Cannot create binding for class 'Admin' that is not exported by script 'api-mom'",
        "you have configured `durable_objects`",
    ],
    "loop-limit": [
        "Facet nesting depth limit exceeded. The maximum depth is 4",
        "error code: 10190",
    ],
    "upload-refused": [
        "[code: 100210]",
        "postal code: 10021",
    ],
}


def test_every_message_has_two_near_misses():
    assert NEAR_MISSES.keys() == {item.name for item in MESSAGES}
    assert min(map(len, NEAR_MISSES.values())) == 2


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in NEAR_MISSES.items() for text in texts]
)
def test_what_only_looks_like_a_message_is_none(name, text):
    found = recognise(text)
    assert found is None or found.message.name != name


REAL = {
    "workerd 1.20261023, a binding that names what is not exported": (
        'Worker "caller"\'s binding "X" refers to service "t" with a named entrypoint "Admin", '
        'but "t" has no such named entrypoint.',
        "entrypoint-missing",
        Parts(worker="caller", binding="X", service="t", entrypoint="Admin"),
    ),
    "wrangler 4.18, whose services have names of their own": (
        '✘ [ERROR] Worker "core:user:worker-a"\'s binding "MY_SERVICE" refers to service '
        '"core:user:worker-b" with a named entrypoint "default", but "core:user:worker-b" has no '
        "such named entrypoint.",
        "default-entrypoint-refused",
        Parts(worker="worker-a", binding="MY_SERVICE", service="worker-b"),
    ),
    "wrangler, a Worker without a name": (
        'Worker "workflows:starter"\'s binding "USER_WORKFLOW" refers to service "core:user:" with '
        'a named entrypoint "MyWorkflow", but "core:user:" has no such named entrypoint.',
        "entrypoint-missing",
        Parts(worker="starter", binding="USER_WORKFLOW", entrypoint="MyWorkflow"),
    ),
    "the upload API in 2026, wrapped": (
        "✘ [ERROR] A request to the Cloudflare API (/accounts/x/workers/scripts/y) failed.\n\n"
        "  Service binding 'IDENTITY' references Worker 'identity-base'\n"
        "  which was not found. [code: 10143]",
        "service-missing",
        Parts(binding="IDENTITY", service="identity-base"),
    ),
    "the upload API in 2023": (
        'workers.api.error.service_binding_error: could not resolve binding "KIRIBI": script\n'
        '  "my-kiribi" not found [code: 10143]',
        "service-missing",
        Parts(binding="KIRIBI", service="my-kiribi"),
    ),
    "a nested property of env": (
        "TypeError: this.env.API?.list is not a function",
        "rpc-not-enabled",
        Parts(binding="API", method="list"),
    ),
    "a URL without its scheme": (
        "TypeError: Fetch API cannot load: localhost:8787/x",
        "relative-url",
        Parts(path="localhost:8787/x"),
    ),
    "a class that is not exported": (
        "broken.ignored; no such actor class; c = Ghost",
        "durable-object-class-missing",
        Parts(entrypoint="Ghost"),
    ),
    "a URL built from a missing variable": (
        "TypeError: Invalid URL: undefined/v1",
        "relative-url",
        Parts(path="undefined/v1"),
    ),
}


@pytest.mark.parametrize(("text", "name", "parts"), REAL.values(), ids=REAL)
def test_what_was_really_printed(text, name, parts):
    found = recognise(text)
    assert found
    assert (found.message.name, found.parts) == (name, parts)


def test_the_text_of_a_message_is_what_stood_there_without_its_noise():
    found = recognise("\x1b[31m✘ [ERROR]\x1b[0m  TypeError: Invalid\n  URL: /v1\n   at x.js:1:2")
    assert found
    assert found.text == "Invalid URL: /v1"


# --- Streams --------------------------------------------------------------------------------

MISSING = 'TypeError: The RPC receiver does not implement the method "{}".\n'


def counted(pieces):
    return [
        (item.recognised.message.name, item.recognised.parts.method, item.count)
        for item in recognise_all(pieces)
    ]


def test_equal_messages_are_counted_and_others_told_apart():
    lines = [MISSING.format("list"), "GET / - Ok\n", MISSING.format("add"), MISSING.format("list")]
    assert counted(lines) == [
        ("rpc-method-missing", "list", 1),
        ("rpc-method-missing", "add", 1),
        ("rpc-method-missing", "list", 2),
    ]


def test_a_sighting_comes_before_the_next_line_is_asked_for():
    def endless():
        yield MISSING.format("list")
        pytest.fail("the stream was read on before the message was given")

    assert next(recognise_all(endless())).count == 1


def test_several_messages_in_one_line():
    line = json.dumps({"exceptions": [{"message": MISSING.format(name)} for name in "abc"]})
    assert [method for _, method, _ in counted([line])] == ["a", "b", "c"]


def test_a_message_may_be_cut_anywhere():
    text = MISSING.format("list")
    for cut in range(len(text)):
        assert counted([text[:cut], text[cut:]])[:1] == [("rpc-method-missing", "list", 1)], cut


def test_a_message_is_not_met_twice_through_what_is_kept_of_the_stream():
    assert len(counted([MISSING.format("list"), *["GET / - Ok\n"] * 50])) == 1


def test_a_bare_code_counts_for_the_message_that_it_follows():
    lines = [
        "Service binding 'API' references Worker 'api' which was not found.\n",
        "[code: 10143]",
    ]
    found = [(item.recognised.parts.service, item.count) for item in recognise_all(lines)]
    assert found == [("api", 1), ("api", 2)]


def test_a_bare_code_alone_is_a_message():
    assert [item.count for item in recognise_all(["[code: 10143]"])] == [1]


def test_messages_are_found_in_long_lines_without_an_end():
    chunk = "a" * 65536
    assert counted([chunk, chunk + MISSING.format("list") + chunk, chunk])


def test_junk_has_no_messages_and_breaks_nothing():
    junk = random.Random(7)
    pieces = [junk.randbytes(4096).decode("utf-8", "replace") for _ in range(40)]
    assert list(recognise_all(pieces)) == []


@pytest.mark.parametrize(
    "text",
    [
        " is not a function" + "env." * 50_000,
        " is not a function" + '"a' * 100_000,
        'worker "' + "a:/" * 50_000 + " refers to service with a named entrypoint ",
        "invalid url: " + "a." * 50_000,
        "\x1b]" * 50_000,
        "\\" * 100_000,
        "&" * 100_000,
        "> " * 100_000,
    ],
    ids=lambda text: text[:20],
)
def test_no_text_takes_long(text):
    """A pattern that tried again from every place would take minutes, not milliseconds."""
    assert recognise(text) is None


def test_a_sighting_is_of_a_recognised_message():
    (sighting,) = recognise_all([MISSING.format("list")])
    assert sighting == Sighting(recognise(MISSING.format("list")), 1)
    assert {name for name, value in asdict(sighting.recognised.parts).items() if value} == {
        "method"
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("callback returned wrong type, expected Promise", "callback-returned-incorrect-type"),
        ('RPC receiver has no method "list"', "rpc-method-missing"),
    ],
)
def test_the_nearest_message(text, name):
    assert nearest(text).name == name


@pytest.mark.parametrize("text", ["", "nothing to see", "Network connection lost.", "Error 1101"])
def test_what_is_like_no_message_has_no_nearest(text):
    assert nearest(text) is None
