"""What is said of a binding under the cursor, and where one gets from there."""

import json

import pytest
from lsprotocol.types import MarkupKind

from codemod.lsp.hover import hover
from codemod.lsp.symbols import definitions, references, symbol_at

CALLER = "caller/wrangler.jsonc"
CODE = "caller/src/index.ts"
TARGET = "target/src/index.ts"

CODE_OF_RPC = """export default {
  async fetch(request, env) {
    const { API } = env;
    const nested = await env.API.greet(await env.OTHER.fetch(request));
    return new Response(await API.greet(env.KEY, nested));
  },
};
"""
TARGET_OF_RPC = """import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
export class Room extends DurableObject {
  enter() {}
}
export class Public extends WorkerEntrypoint {
  get version() { return 1; }
  greet(name) { return name; }
  #secret() {}
  static make() {}
}
export default { async fetch() { return new Response(""); } };
"""


@pytest.fixture
def system(tmp_path):
    """A caller with a service binding to an entrypoint, one to nowhere, and a Durable Object."""
    files = {
        "caller/wrangler.json": json.dumps(
            {
                "name": "caller",
                "main": "src/index.js",
                "services": [
                    {"binding": "API", "service": "target", "entrypoint": "Public"},
                    {"binding": "OTHER", "service": "elsewhere"},
                ],
                "durable_objects": {
                    "bindings": [{"name": "ROOM", "class_name": "Room", "script_name": "target"}]
                },
                "env": {
                    "staging": {
                        "services": [{"binding": "API", "service": "target-staging"}],
                    }
                },
            },
            indent=1,
        ),
        "caller/src/index.js": CODE_OF_RPC,
        "target/wrangler.json": '{ "name": "target", "main": "src/index.js", '
        '"env": { "staging": {} } }',
        "target/src/index.js": TARGET_OF_RPC,
    }
    for path, text in files.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return tmp_path


def at(analysis, path, text, occurrence=0, inside=1):
    """The symbol at ``text`` in a file."""
    content = analysis.texts.get(path).content
    offset = -1
    for _ in range(occurrence + 1):
        offset = content.index(text.encode(), offset + 1)
    return symbol_at(analysis, path, offset + inside)


def said(analysis, path, text, occurrence=0, inside=1):
    symbol = at(analysis, path, text, occurrence, inside)
    return hover(analysis, symbol).contents.value if symbol else None


def shown(locations):
    return [f"{item.path}:{item.line}" for item in locations]


# --- Hover


@pytest.mark.parametrize(
    "text", ['{ "binding"', '"binding"', "TARGET", '"service"', '"target"', "target", " }]"]
)
def test_anywhere_in_the_object_of_a_binding(analysed, faulty, text):
    assert said(analysed(faulty), CALLER, text, inside=1 if text != " }]" else 2).startswith(
        "`caller.TARGET` is bound to"
    )


@pytest.mark.parametrize("text", ['"name"', '"services"', "[{", '"main"'])
def test_not_beside_it(analysed, faulty, text):
    assert said(analysed(faulty), CALLER, text, inside=0) is None


def test_a_hover_says_what_the_target_is_and_why_the_verdict_is_what_it_is(analysed, faulty):
    root = faulty.as_uri()
    assert said(analysed(faulty), CALLER, "TARGET") == (
        '`caller.TARGET` is bound to "target"\n'
        "\n"
        f"Target: `target` in [target/wrangler.jsonc:1](<{root}/target/wrangler.jsonc#L1>)\n"
        "\n"
        "- **`default`**, object literal: `fetch` "
        f"([target/src/index.ts:9](<{root}/target/src/index.ts#L9>))\n"
        "- `Counter`, durable-object: `fetch` "
        f"([target/src/index.ts:3](<{root}/target/src/index.ts#L3>))\n"
        "\n"
        "Verdict: **Needs fix**\n"
        "\n"
        "- `poisoned-binding`: TARGET: plain binding to target, which exports Counter (Durable "
        "Object) beside its default object: its .fetch() is reported to throw once deployed (the "
        "local runtime does not reproduce it)\n"
        "  - evidence: reported, an article of April 2026, fix matrix row 2; not reproduced on "
        "workerd 1.20240404 to 1.20261117, where the call works\n"
        '  - safe fix: add "entrypoint": "default"'
    )


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("env.TARGET", True),
        ("TARGET.fetch", True),
        ('fetch("', True),
        ('"http://target/"', False),
        ("return", False),
        ("request: Request", False),
    ],
)
def test_in_code_at_the_use_and_not_at_its_arguments(analysed, faulty, text, is_said):
    heading = '`caller.TARGET` is bound to "target"'
    found = said(analysed(faulty), CODE, text, inside=2)
    assert (found is not None and found.startswith(heading)) is is_said


def test_of_nested_calls_the_one_under_the_cursor_counts(analysed, system):
    analysis = analysed(system)
    path = "caller/src/index.js"
    assert said(analysis, path, "env.OTHER").startswith("`caller.OTHER`")
    assert said(analysis, path, "env.API").startswith("`caller.API`")
    assert said(analysis, path, "env.KEY") is None


def test_a_binding_of_another_name_in_code(analysed, system):
    assert said(analysed(system), "caller/src/index.js", "API.greet(env").startswith("`caller.API`")


def test_methods_that_can_be_called_are_listed_and_no_others(analysed, system):
    text = said(analysed(system), "caller/wrangler.json", "API")
    assert '`caller.API` is bound to "target" with the entrypoint "Public"' in text
    assert "- **`Public`**, worker-entrypoint: `version`, `greet()`" in text
    assert "- `default`, object literal: `fetch`" in text
    assert "- `Room`, durable-object: `enter()`" in text
    assert "secret" not in text
    assert "make" not in text
    assert "Verdict: **Works**" in text


def test_code_runs_in_every_environment(analysed, system):
    text = said(analysed(system), "caller/src/index.js", "env.API")
    production, staging = text.split("\n\n---\n\n")
    assert production.startswith('`caller.API` is bound to "target" with')
    assert staging.startswith('`caller-staging.API` is bound to "target-staging"')
    assert "Target: `target-staging`, environment `staging` in" in staging


def test_an_unknown_target_says_why(analysed, system):
    text = said(analysed(system), "caller/wrangler.json", "OTHER")
    assert "Its target is unknown: " in text
    assert "Verdict: **Unknown**" in text


def test_a_durable_object_is_told_without_a_verdict(analysed, system):
    text = said(analysed(system), "caller/wrangler.json", "ROOM")
    assert 'is bound to the Durable Object Room of "target"' in text
    assert "- **`Room`**, durable-object" in text
    assert "Verdict" not in text


def test_names_cannot_be_markup(analysed, faulty):
    """Names are the repository's: they make no link, and close no span of code."""
    path = faulty / CALLER
    named = "[x](http://a) <b> `*_"
    path.write_text(path.read_text().replace('"TARGET"', json.dumps(named)))
    text = said(analysed(faulty), CALLER, "x](")
    assert text.startswith(f"``caller.{named}``")


def test_an_editor_without_markdown_gets_the_words_of_explain(analysed, faulty):
    analysis = analysed(faulty, markdown=False)
    contents = hover(analysis, at(analysis, CALLER, "TARGET")).contents
    assert contents.kind is MarkupKind.PlainText
    assert contents.value.startswith("caller.TARGET\n  caller/wrangler.jsonc:4:16: is bound to")
    assert "  target/src/index.ts:9:1: default export, object literal with fetch" in contents.value


def test_the_hover_is_about_the_whole_binding(analysed, faulty):
    analysis = analysed(faulty)
    found = hover(analysis, at(analysis, CALLER, "TARGET"))
    span = analysis.texts.get(CALLER).span(found.range)
    content = analysis.texts.get(CALLER).content
    assert content[span.start : span.end] == b'{ "binding": "TARGET", "service": "target" }'


# --- From here to there


@pytest.mark.parametrize(
    ("path", "text", "places"),
    [
        pytest.param(
            "caller/wrangler.json",
            "API",
            ["target/src/index.js:5"],
            id="from a binding to its entrypoint",
        ),
        pytest.param("caller/wrangler.json", "ROOM", ["target/src/index.js:2"], id="to the class"),
        pytest.param(
            "caller/src/index.js",
            "greet(await",
            ["target/src/index.js:7", "target/src/index.js:11"],
            id="to the method; in staging, which has no such method, to the default export",
        ),
        pytest.param("caller/wrangler.json", "OTHER", [], id="to nowhere"),
    ],
)
def test_definitions(analysed, system, path, text, places):
    analysis = analysed(system)
    assert shown(definitions(analysis, at(analysis, path, text))) == places


def test_the_definition_of_what_cannot_be_known_is_the_targets_configuration(analysed, faulty):
    analysis = analysed(faulty, {TARGET: "("})
    (faulty / TARGET).unlink()
    analysis = analysed(faulty)
    assert shown(definitions(analysis, at(analysis, CALLER, "TARGET"))) == [
        "target/wrangler.jsonc:1"
    ]


@pytest.mark.parametrize(
    ("line", "places"),
    [
        pytest.param(5, [4, 5], id="of an entrypoint class every use of its bindings"),
        pytest.param(7, [4, 5], id="of a method its calls"),
        pytest.param(6, [], id="of a member that nobody calls none"),
        pytest.param(11, [4, 5], id="of the default export those of another environment"),
        pytest.param(1, [], id="of another line none"),
        pytest.param(99, [], id="of a line that is not there none"),
    ],
)
def test_references(analysed, system, line, places):
    found = references(analysed(system), "target/src/index.js", line)
    assert sorted({item.line for item in found}) == places
    assert {item.path for item in found} <= {"caller/src/index.js"}
