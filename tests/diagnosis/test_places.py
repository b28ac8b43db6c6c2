"""The places that a message is traced to, on small repositories and on the example."""

import json
import sys
from pathlib import Path

import pytest

from codemod import cli, scan
from codemod.diagnosis.messages import MESSAGES, Parts, message
from codemod.diagnosis.places import Survey, diagnose
from codemod.diagnosis.recognition import Recognised, recognise
from codemod.model import Finding
from codemod.settings import Settings

ATLAS = Path(__file__).parents[2] / "examples/atlas"
MODULE = 'import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";\n'
OBJECT = "export default { async fetch(request, env) { return new Response(); } };\n"
ROOM = "export class Room extends DurableObject {}\n"
ADMIN = "export class Admin extends WorkerEntrypoint { add(a, b) { return a + b; } }\n"
CLASS = "export default class extends WorkerEntrypoint { list(a) { return a; } }\n"
CALLBACK = "TypeError: Callback returned incorrect type; expected 'Promise'"


def calling(*calls: str) -> str:
    body = "".join(f"    {call};\n" for call in calls)
    handler = f"  async fetch(request, env) {{\n{body}    return new Response();\n  }},\n"
    return f"export default {{\n{handler}}};\n"


def configuration(name: str, services: list[dict] = (), **keys: object) -> str:
    own = {"name": name, "main": "index.js", "compatibility_date": "2026-01-01"}
    return json.dumps({**own, "services": list(services), **keys}, indent=2) + "\n"


@pytest.fixture
def repository(tmp_path):
    """Writes files (``target``, ``caller`` and so on are Workers' folders), and surveys them."""

    def write(files: dict[str, str], settings: Settings | None = None) -> Survey:
        for path, text in files.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return Survey(scan(tmp_path), settings or Settings())

    return write


def pair(target: str, caller: str, binding: dict | None = None, **keys: object) -> dict[str, str]:
    """A caller with a binding API to a target."""
    bound = {"binding": "API", "service": "target", **(binding or {})}
    return {
        "target/wrangler.json": configuration("target"),
        "target/index.js": MODULE + target,
        "caller/wrangler.json": configuration("caller", [bound], **keys),
        "caller/index.js": caller,
    }


def places(survey: Survey, text: str) -> list[list[tuple[str, str, bool]]]:
    """For each cause its places, as rule, path and whether they fit."""
    recognised = recognise(text)
    assert recognised
    return [
        [(place.finding.rule, place.finding.location.path, place.fits) for place in answer.places]
        for answer in diagnose(recognised, survey).answers
    ]


def commands(survey: Survey, text: str) -> list[str | None]:
    answers = diagnose(recognise(text), survey).answers
    return [place.command for answer in answers for place in answer.places]


def undecided(survey: Survey, text: str) -> list[Finding]:
    answers = diagnose(recognise(text), survey).answers
    return [finding for answer in answers for finding in answer.undecided]


FETCH = calling('await env.API.fetch("https://target/")')


def test_the_famous_message_has_the_measured_cause_before_the_reported_one(repository):
    """A handler that forgets its return, of a Worker that exports a Durable Object as well."""
    silent = "export default { fetch(request) { new Response(); } };\n"
    survey = repository(pair(silent + ROOM, FETCH))
    assert places(survey, CALLBACK)[:2] == [
        [("handler-returns-nothing", "target/index.js", True)],
        [("poisoned-binding", "caller/wrangler.json", True)],
    ]


def test_a_handler_that_says_another_message_is_no_place_of_this_one(repository):
    """An async one says that its Promise did not resolve to a Response."""
    silent = "export default { async fetch(request) { new Response(); } };\n"
    survey = repository(pair(silent, FETCH))
    assert places(survey, CALLBACK) == [[], [], []]
    other = "Incorrect type for Promise: the Promise did not resolve to 'Response'."
    assert places(survey, other) == [[("handler-returns-nothing", "target/index.js", True)], []]


def test_nothing_is_found_where_all_is_well(repository):
    survey = repository(pair(OBJECT, FETCH))
    assert places(survey, CALLBACK) == [[], [], []]
    assert not diagnose(recognise(CALLBACK), survey).unseen


def test_a_method_that_the_message_names_comes_first(repository):
    survey = repository(pair(CLASS, calling("await env.API.add(1)", "await env.API.remove(2)")))
    found = diagnose(
        recognise('The RPC receiver does not implement the method "remove".'), survey
    ).answers[0]
    told = [(place.finding.location.line, place.fits) for place in found.places]
    assert told == [(4, True), (3, False)]


OBJECTS = {"durable_objects": {"bindings": [{"name": "ROOMS", "class_name": "Room"}]}}
TRACED = {
    "a method with too many arguments for an object": (
        'Attempted to call RPC function "add" with the wrong number of arguments.',
        pair(
            "export default { add(a, b) { return a + b; } };\n", calling("await env.API.add(1, 2)")
        ),
        (0, "rpc-on-object", "caller/wrangler.json"),
    ),
    "a binding that is not there": (
        "TypeError: Cannot read properties of undefined (reading 'fetch')",
        pair(OBJECT, calling('await env.OTHER.fetch("https://other/")')),
        (0, "undeclared-binding", "caller/index.js"),
    ),
    "a binding that an environment lacks": (
        "TypeError: Cannot read properties of undefined (reading 'fetch')",
        pair(OBJECT, FETCH, env={"staging": {"name": "caller-staging"}}),
        (0, "env-drops-binding", "caller/wrangler.json"),
    ),
    "the environment of a class's handler": (
        "TypeError: Cannot read properties of undefined (reading 'API')",
        pair(
            OBJECT,
            MODULE + "export default class extends WorkerEntrypoint {\n"
            '  async fetch(request, env) { return env.API.fetch("https://target/"); }\n}\n',
        ),
        (1, "class-handler-parameters", "caller/index.js"),
    ),
    "a relative URL": (
        "TypeError: Invalid URL: /v1/items",
        pair(OBJECT, calling('await env.API.fetch("/v1/items")')),
        (0, "relative-binding-url", "caller/index.js"),
    ),
    "a relative URL, as an older compatibility date says it": (
        "TypeError: Fetch API cannot load: /v1/items",
        pair(OBJECT, calling('await env.API.fetch("/v1/items")')),
        (0, "relative-binding-url", "caller/index.js"),
    ),
    "an address on workers.dev": (
        "error code: 1042",
        pair(OBJECT, calling('await fetch("https://target.example.workers.dev/v1")')),
        (0, "workers-dev-fetch", "caller/index.js"),
    ),
    "RPC to a service worker": (
        "Error: internal error; reference = 2m5vchve93",
        pair("", calling("await env.API.list(1)"))
        | {"target/index.js": 'addEventListener("fetch", (it) => it.respondWith(new Response()));'},
        (3, "not-an-entrypoint", "caller/wrangler.json"),
    ),
    "a name with a slip of the pen": (
        "Service binding 'API' references Worker 'tagret' which was not found. [code: 10143]",
        pair(OBJECT, FETCH, {"service": "tagret"}),
        (0, "unknown-service", "caller/wrangler.json"),
    ),
    "a namespace that is fetched": (
        "TypeError: env.ROOMS.fetch is not a function",
        pair(
            OBJECT,
            MODULE + ROOM + calling('await env.ROOMS.fetch("https://room/")'),
            **OBJECTS,
        ),
        (1, "fetch-on-namespace", "caller/index.js"),
    ),
    "a Durable Object class that is not exported": (
        "Your Worker depends on the following Durable Objects, which are not exported in your "
        "entrypoint file: Room.",
        pair(OBJECT, FETCH, **OBJECTS),
        (0, "durable-object-not-exported", "caller/wrangler.json"),
    ),
    "a Durable Object class that is never created": (
        "Cannot create binding for class 'Room' because it is not currently configured to "
        "implement Durable Objects.",
        pair(OBJECT, MODULE + ROOM + FETCH, **OBJECTS),
        (0, "durable-object-without-lifecycle", "caller/wrangler.json"),
    ),
}


@pytest.mark.parametrize(("text", "files", "traced"), TRACED.values(), ids=TRACED)
def test_a_message_is_traced_to_its_place(repository, text, files, traced):
    cause, rule, path = traced
    assert places(repository(files), text)[cause] == [(rule, path, True)]


OTHER_NAMES = {
    "another method": (
        'Attempted to call RPC function "sum" with the wrong number of arguments.',
        0,
    ),
    "another URL": ("TypeError: Invalid URL: /v2", 0),
    "another Worker": ("Service binding 'API' references Worker 'other' which was not found.", 0),
    "another namespace": ("TypeError: env.LOBBY.fetch is not a function", 1),
    "another class": ('Worker does not export a Durable Object class named "Lobby"', 0),
}
SAME_FAULTS = {
    "another method": "a method with too many arguments for an object",
    "another URL": "a relative URL",
    "another Worker": "a name with a slip of the pen",
    "another namespace": "a namespace that is fetched",
    "another class": "a Durable Object class that is not exported",
}


@pytest.mark.parametrize("kind", OTHER_NAMES)
def test_the_same_fault_under_another_name_does_not_fit(repository, kind):
    text, cause = OTHER_NAMES[kind]
    _, files, (_, rule, path) = TRACED[SAME_FAULTS[kind]]
    assert places(repository(files), text)[cause] == [(rule, path, False)]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("TypeError: env.API.add is not a function", True),
        ("TypeError: env.API.remove is not a function", False),
        ("TypeError: env.OTHER.add is not a function", False),
        (
            "Tried to access method or property 'add' on a Service Binding or Durable Object stub.",
            True,
        ),
    ],
)
def test_all_that_a_message_names_has_to_agree(repository, text, fits):
    old = {"compatibility_date": "2024-01-01"}
    survey = repository(pair(CLASS, calling("await env.API.add(1)"), **old))
    assert places(survey, text)[0] == [("rpc-compatibility", "caller/wrangler.json", fits)]


REFUSED = (
    'Worker "core:user:caller"\'s binding "API" refers to service "core:user:target" with a named '
    'entrypoint "{0}", but "core:user:target" has no such named entrypoint.'
)


def test_a_message_of_the_local_runtime_is_evidence_of_local_runs(repository):
    """Nothing else in the repository says that these Workers run together."""
    survey = repository(pair(OBJECT, FETCH, {"entrypoint": "default"}))
    assert not survey.full
    assert places(survey, REFUSED.format("default")) == [
        [("default-entrypoint-in-dev", "caller/wrangler.json", True)]
    ]


def test_an_entrypoint_that_is_missing_is_told_from_one_that_is_none(repository):
    survey = repository(pair(OBJECT + ROOM, FETCH, {"entrypoint": "Room"}))
    place = ("missing-entrypoint", "caller/wrangler.json", True)
    assert places(survey, REFUSED.format("Room")) == [[]]
    assert places(survey, "worker is not an actor but class name was requested; n = Room") == [
        [place]
    ]
    assert places(survey, "Error: internal error; reference = 2m5vchve93")[0] == [place]


def test_an_entrypoint_that_is_missing_does_not_even_start(repository):
    survey = repository(pair(OBJECT + ADMIN, FETCH, {"entrypoint": "Admn"}))
    place = ("missing-entrypoint", "caller/wrangler.json", True)
    assert places(survey, REFUSED.format("Admn")) == [[place]]
    assert [] in places(survey, "Error: internal error; reference = 2m5vchve93")
    assert places(survey, REFUSED.format("Other")) == [[(*place[:2], False)]]


def test_a_handler_that_is_missing_is_not_a_default_that_is_none(repository):
    survey = repository(pair(CLASS, FETCH))
    place = ("not-an-entrypoint", "caller/wrangler.json", True)
    assert places(survey, "Handler does not export a fetch() function.") == [[place]]
    assert places(survey, "Exported actor class as default entrypoint.") == [[]]


def test_what_is_not_claimed_is_told_with_its_reason(repository):
    files = pair(OBJECT, FETCH)
    files["caller/wrangler.json"] = configuration(
        "caller", [{"binding": "API", "service": "elsewhere"}]
    )
    survey = repository(files)
    told = undecided(
        survey, "Service binding 'API' references Worker 'elsewhere' which was not found"
    )
    assert [(finding.rule, bool(finding.skipped)) for finding in told] == [
        ("unknown-service", True)
    ]
    other = "Service binding 'API' references Worker 'another' which was not found"
    assert not undecided(survey, other)


HIDDEN = {"target/wrangler.json": configuration("target", main="dist/index.js")}


def test_what_could_not_be_seen_is_told(repository):
    text = 'The RPC receiver does not implement the method "x".'
    calls = calling('await env.API.fetch("https://target/")', "await env[name].list()")
    unseen = diagnose(recognise(text), repository(pair(OBJECT, calls) | HIDDEN)).unseen
    assert [(blind.what, blind.location.path) for blind in unseen] == [
        ("what API leads to (target)", "caller/wrangler.json"),
        ("all that caller calls", "caller/index.js"),
        ("all that target calls", "target/wrangler.json"),
    ]


def test_bindings_that_the_message_does_not_mean_are_not_among_the_unseen(repository):
    survey = repository(pair(OBJECT, FETCH) | HIDDEN)
    unseen = diagnose(recognise("env.OTHER.list is not a function"), survey).unseen
    assert [blind.what for blind in unseen] == ["all that target calls"]


def test_what_the_settings_ignore_is_a_place_without_a_command(repository):
    files = pair(OBJECT + ROOM, FETCH)
    assert commands(repository(files), CALLBACK) == ["wfix apply --select poisoned-binding"]
    answers = diagnose(
        recognise(CALLBACK), repository(files, Settings(ignore=("poisoned-binding",)))
    ).answers
    (place,) = answers[1].places
    assert (place.command, place.no_command) == (None, "wfix.toml leaves this rule out here")


def test_the_example():
    survey = Survey(scan(ATLAS), Settings())
    reported = {
        ("poisoned-binding", "book-telic/wrangler.jsonc", True),
        ("poisoned-binding", "ubermesh/packages/api/wrangler.jsonc", True),
    }
    measured, article, deployed = places(survey, CALLBACK)
    assert (measured, set(article), deployed) == ([], reported, [])


COMMANDS = {
    "safe": (pair(OBJECT + ROOM, FETCH), CALLBACK),
    "unsafe": (pair(OBJECT + ADMIN, FETCH, {"entrypoint": "Admn"}), REFUSED.format("Admn")),
    "of a local run": (
        pair(OBJECT, FETCH, {"entrypoint": "default"}),
        REFUSED.format("default"),
    ),
    "of a local run, with a class to be spared": (
        pair(OBJECT + ROOM, FETCH, {"entrypoint": "default"}),
        REFUSED.format("default"),
    ),
}


@pytest.mark.parametrize(("files", "text"), COMMANDS.values(), ids=COMMANDS)
def test_the_command_makes_the_fix(repository, tmp_path, monkeypatch, files, text):
    """After it, the message has no places here any more."""
    (command,) = commands(repository(files), text)
    assert command
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [*command.split(), "--allow-no-vcs"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    assert commands(Survey(scan(tmp_path), Settings()), text) == []


CASES = Path(__file__).parents[1] / "rules"
RULES = sorted({rule for item in MESSAGES for cause in item.causes for rule in cause.rules})


@pytest.mark.parametrize("rule", RULES)
def test_every_cause_has_places_among_the_cases_of_its_rule(rule):
    """What tells causes apart may leave none of them without any."""
    wanting = {
        (item.name, number)
        for item in MESSAGES
        for number, cause in enumerate(item.causes)
        if rule in cause.rules
    }
    for case in sorted(CASES.glob(f"{rule.replace('-', '_')}/*/before")):
        if not wanting:
            break
        survey = Survey(scan(case), Settings())
        for name, number in tuple(wanting):
            answer = diagnose(Recognised(message(name), Parts(), ""), survey).answers[number]
            if any(place.finding.rule == rule for place in answer.places):
                wanting.remove((name, number))
    assert not wanting
